"""What a backend is asked to ship, and what it says of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crossdock.model.money import Money
from crossdock.model.names import (
    FulfillmentOrderLineId,
    ItemCode,
    OrderId,
    PackageId,
    RequestKey,
    Sku,
    Units,
    WarehouseCode,
)
from crossdock.model.order import Address
from crossdock.model.payment import Payment
from crossdock.model.request_field import RequestField, Scalar
from crossdock.model.request_money import RequestMoney


@dataclass(frozen=True, slots=True)
class RequestLine:
    """
    Units of one item to ship.

    `reference` comes back in packages, so that contents find their line again. `unit_price` is that of one unit after
    all discounts, in shop money and rounded; what the units cost to the cent is in the request's `money`.
    """

    reference: FulfillmentOrderLineId
    item: ItemCode
    sku: Sku | None
    title: str
    units: Units
    unit_price: Money
    fields: tuple[RequestField, ...] = ()
    """What is said in the backend's fields for lines, by name."""

    @property
    def said(self) -> Mapping[str, Scalar]:
        """The values of its fields, by name."""
        return {one.name: one.value for one in self.fields}


@dataclass(frozen=True, slots=True)
class FulfillmentRequest:
    """
    One fulfillment order, asked of one warehouse.

    `key` is the same at every try; a backend that has it already returns what it has and changes nothing.
    `name` is what people call it (`#1001`, `#1001-2`). `total` is that of the whole order, in shop money.
    """

    key: RequestKey
    name: str
    order: OrderId
    warehouse: WarehouseCode
    placed_at: datetime
    ship_to: Address | None
    bill_to: Address | None
    email: str | None
    phone: str | None
    note: str | None
    shipping_method: str | None
    total: Money
    to_collect: Money
    """What the carrier collects for these goods, in the customer's currency; 0 unless it is cash on delivery."""
    lines: tuple[RequestLine, ...]
    attributes: tuple[tuple[str, str | None], ...] = ()
    """What the shop wrote on the order besides the note, by name."""
    tags: tuple[str, ...] = ()
    fulfill_by: datetime | None = None
    money: RequestMoney | None = None
    """What it costs, to the cent. Every request is sent with it; None in what was kept before there was any."""
    payment: Payment | None = None
    """How the customer pays. As with `money`, every request is sent with it."""
    method: str | None = None
    """
    How the customer gets it, in Shopify's spelling: `SHIPPING`, `LOCAL` (brought to them, not by a parcel carrier),
    `PICK_UP`, …; None where Shopify does not say, and in what was kept before this was.
    """
    fields: tuple[RequestField, ...] = ()
    """What is said in fields of the backend's own, by name; only such as its manifest names."""

    @property
    def said(self) -> Mapping[str, Scalar]:
        """The values of its fields, by name."""
        return {one.name: one.value for one in self.fields}


class WorkState(StrEnum):
    """How far a backend is with an order; what may still be changed follows from it."""

    NOT_RELEASED = "not_released"
    """Accepted, nobody works on it."""

    RELEASED = "released"
    """Handed to the floor."""

    PICKING = "picking"
    PACKED = "packed"
    SHIPPED = "shipped"
    """All that will ship has left; what is missing then was short."""

    CANCELLED = "cancelled"

    @property
    def may_still_ship(self) -> bool:
        """Whether goods may leave that have not left yet."""
        return self not in {WorkState.SHIPPED, WorkState.CANCELLED}


@dataclass(frozen=True, slots=True)
class Tracking:
    """Who carries a package, and how it can be followed."""

    carrier: str | None = None
    number: str | None = None
    url: str | None = None


class DeliveryStatus(StrEnum):
    """What may happen to a package on its way; Shopify's words, in lower case."""

    LABEL_PURCHASED = "label_purchased"
    LABEL_PRINTED = "label_printed"
    CONFIRMED = "confirmed"
    READY_FOR_PICKUP = "ready_for_pickup"
    CARRIER_PICKED_UP = "carrier_picked_up"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPTED_DELIVERY = "attempted_delivery"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class DeliveryEvent:
    """Something that happened to a package; what and when are its identity, so both stay as they were reported."""

    status: DeliveryStatus
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Package:
    """
    One package that left.

    Its tracking may come later than the package, and may be corrected. A package that came back, or never left after
    all, stays listed and is `cancelled`: its units are to ship again. `events` are what its carrier reported.
    `warehouse` is where it left from; None where the backend does not say, and then Shopify's assignment is believed.
    """

    id: PackageId
    shipped_at: datetime
    carrier: str | None
    tracking_number: str | None
    tracking_url: str | None
    contents: tuple[tuple[FulfillmentOrderLineId, Units], ...]
    cancelled: bool = False
    events: tuple[DeliveryEvent, ...] = ()
    warehouse: WarehouseCode | None = None

    @property
    def tracking(self) -> Tracking:
        """Who carries it and how it can be followed, as the backend says."""
        return Tracking(self.carrier, self.tracking_number, self.tracking_url)


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """A backend's own order for one request: its reference there, its state, and what has left."""

    key: RequestKey
    reference: str
    state: WorkState
    packages: tuple[Package, ...]
    short: tuple[tuple[FulfillmentOrderLineId, Units], ...] = ()
    """Units that the backend has given up on, by line."""
    on_hold: str | None = None
    """Why nobody there goes on with it, in the backend's words; None where somebody does, or may."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a backend says to a change of an accepted order: whether it did it, and the order as it stands after."""

    done: bool
    work: WorkOrder
