"""Draft orders: what staff put together before it becomes an order."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from shopify_standin.ids import gid
from shopify_standin.model.places import Address
from shopify_standin.model.sales import Attributes
from shopify_standin.money import CENT

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class DraftDiscount:
    """A discount that staff give: a percentage, or an amount in the shop's currency."""

    value: Decimal
    is_percentage: bool
    title: str | None = None
    description: str = ""

    def off(self, price: Decimal) -> Decimal:
        """What it takes off a price, and no more than all of it."""
        amount = price * self.value / 100 if self.is_percentage else self.value
        return min(amount, price).quantize(CENT)


@dataclass(slots=True)
class DraftLine:
    """One line; of a variant, or of something that is no product."""

    TYPE: ClassVar = "DraftOrderLineItem"
    id: int
    draft_id: int
    uuid: str
    title: str
    quantity: int
    unit_price: Decimal
    variant_id: int | None = None
    sku: str | None = None
    grams: int = 0
    requires_shipping: bool = True
    taxable: bool = True
    custom_attributes: Attributes = field(default_factory=list)
    discount: DraftDiscount | None = None
    """Off each unit, as in an order edit (assumed, 2026-07)."""
    overridden_price: Decimal | None = None
    """Given in place of the variant's price."""

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("DraftOrderLineItem", self.id)

    @property
    def total(self) -> Decimal:
        """Price of all units."""
        return self.unit_price * self.quantity

    @property
    def off(self) -> Decimal:
        """What the line's own discount takes off all units."""
        return ZERO if self.discount is None else self.discount.off(self.unit_price) * self.quantity


@dataclass(frozen=True, slots=True)
class Reservation:
    """Units of an item kept at a location."""

    item_id: int
    location_id: int
    units: int


@dataclass(slots=True)
class Draft:
    """A draft order; amounts are in the shop's currency, and no taxes are reckoned."""

    TYPE: ClassVar = "DraftOrder"
    id: int
    name: str
    created_at: datetime
    updated_at: datetime
    status: str = "OPEN"
    lines: list[DraftLine] = field(default_factory=list)
    discount: DraftDiscount | None = None
    shipping_title: str | None = None
    shipping_price: Decimal | None = None
    """Null while no shipping was chosen."""
    customer_id: int | None = None
    email: str | None = None
    phone: str | None = None
    note: str | None = None
    po_number: str | None = None
    source_name: str | None = None
    tags: list[str] = field(default_factory=list)
    custom_attributes: Attributes = field(default_factory=list)
    shipping_address: Address | None = None
    billing_address: Address | None = None
    tax_exempt: bool = False
    visible_to_customer: bool = True
    allows_codes: bool = True
    accepts_automatic_discounts: bool = False
    invoice_sent_at: datetime | None = None
    completed_at: datetime | None = None
    order_id: int | None = None
    reserved_until: datetime | None = None
    reservations: list[Reservation] = field(default_factory=list)

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("DraftOrder", self.id)

    @property
    def lines_total(self) -> Decimal:
        """Price of all lines before any discount."""
        return sum((line.total for line in self.lines), ZERO)

    @property
    def lines_subtotal(self) -> Decimal:
        """Price of all lines after their own discounts."""
        return sum((line.total - line.off for line in self.lines), ZERO)

    @property
    def order_discount(self) -> Decimal:
        """What the discount of the whole draft takes off."""
        return ZERO if self.discount is None else self.discount.off(self.lines_subtotal)

    @property
    def subtotal(self) -> Decimal:
        """Price of the lines after all discounts."""
        return self.lines_subtotal - self.order_discount

    @property
    def total(self) -> Decimal:
        """What the customer is to pay."""
        return self.subtotal + (self.shipping_price or ZERO)
