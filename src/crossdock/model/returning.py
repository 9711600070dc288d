"""Goods that come back: as Shopify has them, as a backend is told of them, and as it received them."""

from dataclasses import dataclass
from enum import StrEnum

from crossdock.model.money import Money
from crossdock.model.names import (
    ExchangeLineId,
    FulfillmentLineId,
    ItemCode,
    LineItemId,
    LocationId,
    OrderId,
    PackageId,
    PaymentId,
    ReturnId,
    ReturnKey,
    ReturnLineId,
    ReverseDeliveryId,
    ReverseLineId,
    ReverseOrderId,
    Sku,
    Units,
    VariantId,
    WarehouseCode,
)


@dataclass(frozen=True, slots=True)
class ReturnTracking:
    """How a parcel on its way back is followed; None for what is not known. `label` is where its label is found."""

    carrier: str | None = None
    number: str | None = None
    url: str | None = None
    label: str | None = None


# --- at Shopify ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """
    Units of one fulfilled line that come back; `processed` are those whose sale Shopify has undone.

    `reason` is the handle of a reason that the shop offers (`too-small`).
    """

    id: ReturnLineId
    fulfillment_line: FulfillmentLineId
    line_item: LineItemId
    variant: VariantId | None
    sku: Sku | None
    title: str
    units: Units
    processed: Units
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class Disposed:
    """What Shopify was told of units that came back: a disposition in Shopify's spelling, and where."""

    type: str
    location: LocationId | None
    units: Units


@dataclass(frozen=True, slots=True)
class ReverseLine:
    """Units of one fulfilled line on their way back, and what became of those that arrived."""

    id: ReverseLineId
    order: ReverseOrderId
    fulfillment_line: FulfillmentLineId
    total: Units
    disposed: tuple[Disposed, ...]


@dataclass(frozen=True, slots=True)
class ExchangeLine:
    """Units that the customer is to get instead; `left` of them are not part of the order yet."""

    id: ExchangeLineId
    units: Units
    left: Units


@dataclass(frozen=True, slots=True)
class ReverseDelivery:
    """A parcel on its way back, of the goods of one reverse fulfillment order."""

    id: ReverseDeliveryId
    order: ReverseOrderId
    tracking: ReturnTracking


@dataclass(frozen=True, slots=True)
class Return:
    """
    A return of an order, as of one read.

    `status` keeps Shopify's spelling: REQUESTED, OPEN, CLOSED, DECLINED, CANCELED (Shopify docs, 2026-07).
    """

    id: ReturnId
    name: str
    order: OrderId
    status: str
    lines: tuple[ReturnLine, ...]
    reverse_lines: tuple[ReverseLine, ...]
    exchanges: tuple[ExchangeLine, ...] = ()
    deliveries: tuple[ReverseDelivery, ...] = ()

    @property
    def to_exchange(self) -> tuple[tuple[ExchangeLineId, Units], ...]:
        """What the customer is to get and does not have yet."""
        return tuple((line.id, line.left) for line in self.exchanges if line.left > 0)


@dataclass(frozen=True, slots=True)
class Disposal:
    """What became of units that came back; `type` in Shopify's spelling, RESTOCKED needs the location."""

    line: ReverseLineId
    type: str
    units: Units
    location: LocationId | None


@dataclass(frozen=True, slots=True)
class Refund:
    """What Shopify reckons is to be given back: the amount in shop money, and each payment's part as it was paid."""

    amount: Money
    payments: tuple[tuple[PaymentId, Money], ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """What Shopify reckons is still to be paid for an exchange, in shop money."""

    amount: Money


@dataclass(frozen=True, slots=True)
class Returnable:
    """Units of one fulfilled line that no return speaks for yet."""

    fulfillment_line: FulfillmentLineId
    variant: VariantId | None
    units: Units


# --- at a backend -------------------------------------------------------------------------------------------------


class Disposition(StrEnum):
    """What a warehouse decided about units of an announced or unannounced return."""

    RESTOCK = "restock"
    """On the shelf again, to be sold."""

    SCRAP = "scrap"
    REPAIR = "repair"
    """Set aside to be mended; not to be sold until it is counted in again."""

    MISSING = "missing"
    """It was to come, and did not."""


@dataclass(frozen=True, slots=True)
class ReturnRequestLine:
    """Units of one item that will come back. `reason` is Shopify's handle of the customer's."""

    reference: ReturnLineId
    item: ItemCode
    sku: Sku | None
    title: str
    units: Units
    reason: str


@dataclass(frozen=True, slots=True)
class ReturnRequest:
    """
    Goods that a warehouse is to expect. `name` is what people call the return (`#1001-R1`).

    Without lines, nothing is expected any more. `parcels` are those that Shopify knows of and the backend did not tell.
    """

    key: ReturnKey
    name: str
    order: OrderId
    warehouse: WarehouseCode
    lines: tuple[ReturnRequestLine, ...]
    parcels: tuple[ReturnTracking, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnParcel:
    """A parcel on its way back that a backend knows of by itself: its own name for it, and how it is followed."""

    id: PackageId
    tracking: ReturnTracking


@dataclass(frozen=True, slots=True)
class Arrival:
    """
    Units that came back, and what became of them; `disposition` is None until somebody inspected them.

    `line` is the announced line; None where nobody had announced them.
    """

    line: ReturnLineId | None
    item: ItemCode
    units: Units
    disposition: Disposition | None
    warehouse: WarehouseCode


@dataclass(frozen=True, slots=True)
class ReturnOrder:
    """
    A backend's own record of goods that come back: its reference there, and what has arrived.

    `done` says that nothing more is expected, and that all that arrived was inspected. `parcels` are those that the
    backend knows of by itself; what Shopify told it of is not among them.
    """

    key: ReturnKey
    reference: str
    order: OrderId
    announced: bool
    done: bool
    arrivals: tuple[Arrival, ...]
    parcels: tuple[ReturnParcel, ...] = ()
