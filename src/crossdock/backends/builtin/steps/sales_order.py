"""The warehouse's own order, where its units are, and what a step of it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from crossdock.backends.builtin.stock import Movement
from crossdock.model.names import FulfillmentOrderLineId, ItemCode, OrderId, PackageId, RequestKey, Units, WarehouseCode
from crossdock.model.request import DeliveryEvent, WorkState

Wanted: TypeAlias = Mapping[str, int] | Mapping[FulfillmentOrderLineId, int] | Mapping[ItemCode, int]
"""Units by line; a line is named by its reference or by its item's code, which fills the item's lines in order."""

Kits: TypeAlias = Mapping[ItemCode, Mapping[ItemCode, int]]
"""The items that are assembled from others, and from how many units of which."""


@dataclass(frozen=True, slots=True)
class Line:
    """
    Units of one item that were ordered, by the place they are in.

    Of a kit, `components` are what it is assembled from, as it was when the order was accepted: they move in its place.
    """

    reference: FulfillmentOrderLineId
    item: ItemCode
    ordered: int
    picked: int = 0
    packed: int = 0
    shipped: int = 0
    short: int = 0
    components: Mapping[ItemCode, int] | None = None

    @property
    def stocked(self) -> Mapping[ItemCode, int]:
        """What has to leave the shelf for one unit."""
        return self.components or {self.item: 1}

    @property
    def open(self) -> int:
        """Units that are still to leave."""
        return self.ordered - self.shipped - self.short

    @property
    def waiting(self) -> int:
        """Units that nobody has picked yet."""
        return self.open - self.picked - self.packed


@dataclass(frozen=True, slots=True)
class Parcel:
    """
    A package, from its packing on. `shipped_at` is None until it has left.

    One that was taken back after that (`cancelled_at`) holds nothing any more; `contents` says what it held. `events`
    are what its carrier reported. `warehouse` is where it left from, where that is not the order's.
    """

    id: PackageId
    contents: tuple[tuple[FulfillmentOrderLineId, Units], ...]
    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None
    shipped_at: datetime | None = None
    cancelled_at: datetime | None = None
    events: tuple[DeliveryEvent, ...] = ()
    warehouse: WarehouseCode | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """What goes onto one package: who carries it, and how it can be followed."""

    package: PackageId
    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """Who carries a package that is about to be made, and how it can be followed."""

    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None


@dataclass(frozen=True, slots=True)
class SalesOrder:
    """The warehouse's own order for one request. `name` is the shop's (`#1001`), `reference` ours (`SO-000123`)."""

    key: RequestKey
    reference: str
    name: str
    order: OrderId
    warehouse: WarehouseCode
    state: WorkState
    lines: tuple[Line, ...]
    parcels: tuple[Parcel, ...] = ()
    on_hold: str | None = None
    """Why nobody goes on with it; it can still be changed, short-shipped and cancelled."""


@dataclass(frozen=True, slots=True)
class Step:
    """An order after a step, and what the step moved."""

    order: SalesOrder
    movements: tuple[Movement, ...] = ()
