"""What mappings ask of orders beyond the orders is read from Shopify: that, with its type, and nothing else."""

from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from typing import Any

import pytest
from tests.shopify_answers import KeptJournal, OpenBudget

from crossdock.model.extras import NO_WISHES, Buyer, Extras, LineExtras, Metafield, Owner, Wishes
from crossdock.model.names import OrderId, ShopDomain
from crossdock.model.order import Order
from crossdock.shopify.refusals import AccessDenied
from crossdock.shopify.storefront import ShopifyStorefront
from shopify_standin.testing import RunningStandin, running_standin

PRODUCT = """mutation($input: ProductSetInput!) { productSet(input: $input) {
  product { id variants(first: 1) { nodes { id } } } userErrors { message } } }"""
METAFIELDS = """mutation($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) { userErrors { message } } }"""
ORDER = """mutation($order: OrderCreateOrderInput!) {
  orderCreate(order: $order) { order { id customer { id } } userErrors { message } } }"""

FEW_SCOPES = ["read_orders", "read_products", "read_locations", "read_merchant_managed_fulfillment_orders"]
CRM = Metafield(Owner.CUSTOMER, "crm", "number")
EVERYTHING = Wishes(
    customer=True,
    properties=True,
    metafields=frozenset(
        {
            CRM,
            *(Metafield(Owner.ORDER, "custom", key) for key in ("po", "deposit", "parts", "weekend", "boxes", "unset")),
            Metafield(Owner.PRODUCT, "custom", "care"),
            Metafield(Owner.VARIANT, "custom", "length"),
        }
    ),
)


def a_metafield(owner: str, key: str, kind: str, value: str, namespace: str = "custom") -> dict[str, str]:
    return {"ownerId": owner, "namespace": namespace, "key": key, "type": kind, "value": value}


@pytest.fixture(scope="module")
def shop() -> Iterator[RunningStandin]:
    with running_standin() as standin:
        yield standin


@pytest.fixture
def sold(shop: RunningStandin) -> OrderId:
    """Return an order of which there is something to say in every place."""
    shop.reset()
    options = [{"name": "Title", "values": [{"name": "Default Title"}]}]
    variant = {"optionValues": [{"optionName": "Title", "name": "Default Title"}], "price": "10.00"}
    product = _do(shop, PRODUCT, input={"title": "Mug", "productOptions": options, "variants": [variant]})["product"]
    (sold,) = product["variants"]["nodes"]
    line = {
        "variantId": sold["id"],
        "quantity": 1,
        "properties": [{"name": "Engraving", "value": "Ada"}, {"name": "_box", "value": "blue"}],
    }
    customer = {"toUpsert": {"email": "ada@example.com", "note": "Rings twice", "tags": ["b2b", "key account"]}}
    order = _do(shop, ORDER, order={"lineItems": [line], "customer": customer})["order"]
    set_ = [
        a_metafield(order["id"], "po", "single_line_text_field", "4711"),
        a_metafield(order["id"], "deposit", "number_decimal", "12.50"),
        a_metafield(order["id"], "parts", "list.single_line_text_field", '["a", "b"]'),
        a_metafield(order["id"], "weekend", "boolean", "true"),
        a_metafield(order["id"], "boxes", "number_integer", "3"),
        a_metafield(order["id"], "secret", "single_line_text_field", "not asked for"),
        a_metafield(order["customer"]["id"], "number", "single_line_text_field", "K-17", "crm"),
        a_metafield(product["id"], "care", "single_line_text_field", "by hand"),
        a_metafield(sold["id"], "length", "dimension", '{"value": 1.5, "unit": "cm"}'),
    ]
    _do(shop, METAFIELDS, metafields=set_)
    return OrderId(order["id"])


async def _storefront(shop: RunningStandin, token: str) -> ShopifyStorefront:
    return ShopifyStorefront(
        ShopDomain(shop.shop_domain), token, budget=OpenBudget(), journal=KeptJournal(), endpoint=shop.url
    )


@pytest.fixture
async def storefront(shop: RunningStandin) -> AsyncIterator[ShopifyStorefront]:
    made = await _storefront(shop, shop.token)
    yield made
    await made.close()


async def test_each_thing_that_is_wished_for_comes_with_its_type(storefront: ShopifyStorefront, sold: OrderId) -> None:
    order = await _read(storefront, sold)

    extras = (await storefront.extras([order], EVERYTHING))[sold]

    assert extras.metafields == {
        "custom": {"po": "4711", "deposit": Decimal("12.50"), "parts": ["a", "b"], "weekend": True, "boxes": 3}
    }
    assert extras.customer is not None
    assert (extras.customer.note, extras.customer.tags) == ("Rings twice", ("b2b", "key account"))
    assert extras.customer.metafields == {"crm": {"number": "K-17"}}
    assert extras.lines == {
        order.lines[0].id: LineExtras(
            properties=(("Engraving", "Ada"), ("_box", "blue")),
            product={"custom": {"care": "by hand"}},
            variant={"custom": {"length": {"value": Decimal("1.5"), "unit": "CM"}}},
        )
    }


async def test_what_nobody_wishes_for_is_not_read(storefront: ShopifyStorefront, sold: OrderId) -> None:
    order = await _read(storefront, sold)

    tagged = await storefront.extras([order], Wishes(customer=True))
    engraved = await storefront.extras([order], Wishes(properties=True))

    assert await storefront.extras([order], NO_WISHES) == {sold: Extras()}
    assert isinstance(tagged[sold].customer, Buyer)
    assert (tagged[sold].metafields, tagged[sold].lines) == ({}, {})
    assert (engraved[sold].customer, list(engraved[sold].lines.values())) == (
        None,
        [LineExtras(properties=(("Engraving", "Ada"), ("_box", "blue")))],
    )


async def test_a_token_that_may_not_read_customers_is_told_which_scope_it_lacks(
    shop: RunningStandin, sold: OrderId
) -> None:
    shop.control("tokens", token="shpat_few", scopes=FEW_SCOPES)
    storefront = await _storefront(shop, "shpat_few")
    order = await _read(storefront, sold)

    with pytest.raises(AccessDenied, match="`read_customers`"):
        await storefront.extras([order], Wishes(customer=True))

    assert (await storefront.extras([order], Wishes(properties=True)))[sold].lines
    await storefront.close()


async def _read(storefront: ShopifyStorefront, id_: OrderId) -> Order:
    return (await storefront.orders([id_]))[id_]


def _do(shop: RunningStandin, query: str, **variables: Any) -> dict[str, Any]:
    answer = shop.graphql(query, variables)
    assert "errors" not in answer, answer
    payload: dict[str, Any] = next(iter(answer["data"].values()))
    assert payload["userErrors"] == []
    return payload
