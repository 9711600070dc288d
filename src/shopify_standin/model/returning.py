"""Returns: what customers send back, how it travels, and what becomes of it."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from shopify_standin.ids import gid
from shopify_standin.money import NOTHING, Bag


@dataclass(slots=True)
class ReturnLine:
    """Units of one shipped line that come back."""

    TYPE: ClassVar = "ReturnLineItem"
    id: int
    return_id: int
    fulfillment_line_id: int
    quantity: int
    reason: str
    """A `ReturnReason`."""
    reason_definition_id: int | None = None
    reason_note: str = ""
    customer_note: str | None = None
    restocking_percentage: Decimal | None = None
    restocking_fee_id: int = 0
    processed: int = 0
    refunded: int = 0

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("ReturnLineItem", self.id)

    @property
    def unprocessed(self) -> int:
        """Units not processed yet."""
        return self.quantity - self.processed


@dataclass(slots=True)
class ExchangeLine:
    """Units that the customer gets instead."""

    TYPE: ClassVar = "ExchangeLineItem"
    id: int
    return_id: int
    variant_id: int
    quantity: int
    processed: int = 0
    line_item_ids: list[int] = field(default_factory=list)

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("ExchangeLineItem", self.id)


@dataclass(slots=True)
class Disposition:
    """What became of units that came back."""

    TYPE: ClassVar = "ReverseFulfillmentOrderDisposition"
    id: int
    type: str
    quantity: int
    location_id: int | None
    created_at: datetime

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("ReverseFulfillmentOrderDisposition", self.id)


@dataclass(slots=True)
class ReverseLine:
    """Units of one shipped line on their way back."""

    TYPE: ClassVar = "ReverseFulfillmentOrderLineItem"
    id: int
    reverse_order_id: int
    fulfillment_line_id: int
    total: int
    dispositions: list[Disposition] = field(default_factory=list)

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("ReverseFulfillmentOrderLineItem", self.id)

    @property
    def disposed(self) -> int:
        """Units of which it is decided what becomes of them."""
        return sum(entry.quantity for entry in self.dispositions)


@dataclass(slots=True)
class ReverseOrder:
    """Goods of one return that are to come back."""

    TYPE: ClassVar = "ReverseFulfillmentOrder"
    id: int
    return_id: int
    order_id: int
    status: str = "OPEN"
    lines: list[ReverseLine] = field(default_factory=list)
    delivery_ids: list[int] = field(default_factory=list)

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("ReverseFulfillmentOrder", self.id)


@dataclass(slots=True)
class ReverseDeliveryLine:
    """Units in one parcel that comes back."""

    TYPE: ClassVar = "ReverseDeliveryLineItem"
    id: int
    delivery_id: int
    reverse_line_id: int
    quantity: int

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("ReverseDeliveryLineItem", self.id)


@dataclass(slots=True)
class ReverseDelivery:
    """A parcel that comes back."""

    TYPE: ClassVar = "ReverseDelivery"
    id: int
    reverse_order_id: int
    lines: list[ReverseDeliveryLine] = field(default_factory=list)
    tracking_number: str | None = None
    tracking_url: str | None = None
    label_url: str | None = None
    has_tracking: bool = False

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("ReverseDelivery", self.id)


@dataclass(slots=True)
class Return:
    """What a customer wants to send back of one order."""

    TYPE: ClassVar = "Return"
    id: int
    order_id: int
    name: str
    status: str
    created_at: datetime
    lines: list[ReturnLine] = field(default_factory=list)
    exchange_lines: list[ExchangeLine] = field(default_factory=list)
    reverse_order_ids: list[int] = field(default_factory=list)
    refund_ids: list[int] = field(default_factory=list)
    shipping_fee: Bag = NOTHING
    shipping_fee_id: int = 0
    requested_at: datetime | None = None
    approved_at: datetime | None = None
    closed_at: datetime | None = None
    decline_reason: str | None = None
    decline_note: str | None = None

    @property
    def gid(self) -> str:
        """Global id."""
        return gid("Return", self.id)

    @property
    def total_quantity(self) -> int:
        """Units that come back."""
        return sum(line.quantity for line in self.lines)

    @property
    def is_alive(self) -> bool:
        """Whether its units are spoken for."""
        return self.status not in {"DECLINED", "CANCELED"}
