"""People copy a store's address from wherever they see it; the hub finds out which it is, or says where to look."""

import pytest

from crossdock.kit.errors import UsageError
from crossdock.shopify.domains import shop_addressed


@pytest.mark.parametrize(
    "address",
    [
        "acme.myshopify.com",
        "  ACME.myshopify.com ",
        "https://acme.myshopify.com/admin/orders",
        "http://acme.myshopify.com",
        "admin.shopify.com/store/acme",
        "https://admin.shopify.com/store/acme/products/12?variant=3",
        "acme",
    ],
)
def test_every_form_of_address_leads_to_the_store(address: str) -> None:
    assert shop_addressed(address) == "acme.myshopify.com"


@pytest.mark.parametrize("address", ["https://www.acme.example/shop", "acme.example", "https://shop.acme.co.uk:8443/"])
def test_where_customers_find_a_store_does_not_say_which_it_is(address: str) -> None:
    with pytest.raises(UsageError, match=r"is where customers find the store.*admin\.shopify\.com/store/acme"):
        shop_addressed(address)


def test_the_admin_without_a_store_says_how_the_address_looks() -> None:
    with pytest.raises(UsageError, match="does not say which store"):
        shop_addressed("https://admin.shopify.com/")


@pytest.mark.parametrize(
    "address", ["", "acme myshopify", "https://[", "evil.example#.myshopify.com", "a.b.myshopify.com"]
)
def test_nothing_else_is_ever_called(address: str) -> None:
    with pytest.raises(UsageError):
        shop_addressed(address)
