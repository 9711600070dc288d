"""What Shopify sends of people who want to know or to be forgotten, and of stores that leave."""

from pydantic import BaseModel, Field

from crossdock.model.names import OrderId, ShopDomain
from crossdock.model.privacy import Person


class _Customer(BaseModel):
    id: int | None = None
    email: str | None = None
    phone: str | None = None


class PrivacyPayload(BaseModel):
    """The three privacy topics in one shape: each has what it is about, and lacks the rest (Shopify docs, 2026-07)."""

    shop_domain: str
    customer: _Customer = Field(default_factory=_Customer)
    orders_requested: tuple[int, ...] = ()
    orders_to_redact: tuple[int, ...] = ()

    def is_of(self, store: ShopDomain) -> bool:
        """Tell whether it is about this store: the signature is the app's, and covers only what is in here."""
        return self.shop_domain.lower() == store

    @property
    def person(self) -> Person:
        """Whom it is about."""
        customer = self.customer
        return Person(
            customer=None if customer.id is None else customer_gid(customer.id),
            email=customer.email or None,
            phone=customer.phone or None,
            orders=tuple(
                OrderId(f"gid://shopify/Order/{one}") for one in (*self.orders_requested, *self.orders_to_redact)
            ),
        )


class ShopPayload(BaseModel):
    """The end of an installation, as the shop that it was in (Shopify docs, 2026-07)."""

    myshopify_domain: str | None = None
    domain: str | None = None

    def is_of(self, store: ShopDomain) -> bool:
        """Tell whether it is about this store."""
        return store in {(self.myshopify_domain or "").lower(), (self.domain or "").lower()}


def customer_gid(number: int) -> str:
    """Return a customer's number as the Admin API names it."""
    return f"gid://shopify/Customer/{number}"
