"""Money and goods that came back."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from shopify_standin.ids import gid
from shopify_standin.model.sales import ShippingLine
from shopify_standin.money import Bag


@dataclass(slots=True)
class RefundLine:
    """Units of one order line that were refunded."""

    TYPE: ClassVar = "RefundLineItem"
    id: int
    line_item_id: int
    quantity: int
    restock_type: str
    location_id: int | None
    subtotal: Bag
    tax: Bag

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("RefundLineItem", self.id)


@dataclass(frozen=True, slots=True)
class RefundShipping:
    """Some of a shipping line's price that was given back, and the tax on it."""

    line: ShippingLine
    amount: Bag
    tax: Bag


@dataclass(slots=True)
class Refund:
    """One refund of an order."""

    TYPE: ClassVar = "Refund"
    id: int
    order_id: int
    created_at: datetime
    processed_at: datetime
    note: str | None = None
    lines: list[RefundLine] = field(default_factory=list)
    shipping: list[RefundShipping] = field(default_factory=list)
    transaction_ids: list[int] = field(default_factory=list)
    return_id: int | None = None

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("Refund", self.id)
