"""An order while it is being edited: what it is to become, kept apart until it is committed."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

from shopify_standin.ids import gid
from shopify_standin.money import NOTHING, Bag


@dataclass(frozen=True, slots=True)
class EditDiscount:
    """A discount that staff give on one line: an amount off each unit, or a percentage."""

    TYPE: ClassVar = "CalculatedManualDiscountApplication"
    key: str
    change_id: int
    description: str
    amount: Bag | None = None
    percentage: Decimal | None = None

    @property
    def gid(self) -> str:
        """Global id; staged discounts have UUIDs."""
        return f"gid://shopify/{self.TYPE}/{self.key}"

    def off(self, unit_price: Bag) -> Bag:
        """What it takes off one unit."""
        if self.percentage is not None:
            return unit_price.part(self.percentage / 100)
        return (self.amount or NOTHING).at_most(unit_price)


@dataclass(slots=True)
class EditLine:
    """One line as it is to be; `line_item_id` None for an added one."""

    TYPE: ClassVar = "CalculatedLineItem"
    key: str
    """The order line's number, or a UUID for an added line (recorded 2025-01)."""
    title: str
    unit_price: Bag
    quantity: int
    line_item_id: int | None = None
    variant_id: int | None = None
    before: int = 0
    """Units before the edit."""
    given_before: Bag = NOTHING
    """Discount on the line before the edit."""
    locked: int = 0
    """Units that were shipped, which no edit can take away."""
    requires_shipping: bool = True
    taxable: bool = True
    restock: bool = False
    location_id: int | None = None
    discount: EditDiscount | None = None

    @property
    def gid(self) -> str:
        """Global id."""
        return f"gid://shopify/CalculatedLineItem/{self.key}"

    @property
    def discounted_unit_price(self) -> Bag:
        """Price of one unit after the discount."""
        if self.discount is not None:
            return self.unit_price - self.discount.off(self.unit_price)
        if self.before and self.given_before.shop:
            return self.unit_price - self.given_before.part(1 / Decimal(self.before))
        return self.unit_price

    @property
    def total(self) -> Bag:
        """Price of all units after the discount."""
        return self.discounted_unit_price * self.quantity


@dataclass(slots=True)
class EditShipping:
    """One shipping line as it is to be."""

    key: str
    title: str
    price: Bag
    status: str = "NONE"
    shipping_line_id: int | None = None

    @property
    def gid(self) -> str:
        """Global id."""
        return f"gid://shopify/CalculatedShippingLine/{self.key}"


@dataclass(slots=True)
class Edit:
    """An edit of one order; its session has the same number (recorded 2026-04)."""

    TYPE: ClassVar = "CalculatedOrder"
    id: int
    order_id: int
    lines: list[EditLine] = field(default_factory=list)
    shipping: list[EditShipping] = field(default_factory=list)
    committed: bool = False

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("CalculatedOrder", self.id)

    @property
    def session(self) -> dict[str, str]:
        """The `OrderEditSession`."""
        return {"id": gid("OrderEditSession", self.id)}

    @property
    def subtotal(self) -> Bag:
        """Price of all lines."""
        return sum((line.total for line in self.lines), NOTHING)

    @property
    def shipping_total(self) -> Bag:
        """Price of the shipping that is to stay."""
        return sum((line.price for line in self.shipping if line.status != "REMOVED"), NOTHING)
