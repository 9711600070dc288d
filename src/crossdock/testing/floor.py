"""What a test does inside a backend: the hands that the hub itself does not have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from crossdock.model.catalog import Item
from crossdock.model.credit import Credit
from crossdock.model.money import Amount, Money
from crossdock.model.names import (
    FulfillmentOrderLineId,
    ItemCode,
    PackageId,
    RefundId,
    RefundKey,
    RequestKey,
    WarehouseCode,
)
from crossdock.model.request import DeliveryStatus
from crossdock.model.request_field import Scalar
from crossdock.model.returning import Disposition, ReturnTracking
from crossdock.ports.backend import Warehouse


@dataclass(frozen=True, slots=True)
class Parcel:
    """A package that a test wants shipped: units by line reference; from elsewhere where it names a `warehouse`."""

    contents: Mapping[FulfillmentOrderLineId, int]
    carrier: str | None = "DHL"
    tracking_number: str | None = None
    warehouse: WarehouseCode | None = None


@dataclass(frozen=True, slots=True)
class Booked:
    """
    What a backend's books say that an order comes to, and that its carrier is to collect.

    `said` is what they have in the fields that the backend's manifest names, and `said_of_lines` in those for lines.
    """

    total: Amount
    to_collect: Money
    said: Mapping[str, Scalar] = field(default_factory=dict)
    said_of_lines: Mapping[FulfillmentOrderLineId, Mapping[str, Scalar]] = field(default_factory=dict)


class Floor(Protocol):
    """What a backend's people do, in the few acts that the conformance suite needs."""

    async def add_warehouse(self, warehouse: Warehouse) -> None:
        """Make a warehouse."""
        ...

    async def add_item(self, item: Item) -> None:
        """Make an item."""
        ...

    async def receive(self, item: ItemCode, warehouse: WarehouseCode, units: int) -> None:
        """Put goods on the shelf."""
        ...

    async def ship(self, key: RequestKey, parcels: Sequence[Parcel]) -> None:
        """Do whatever it takes until these packages of the order have left."""
        ...

    async def hold(self, key: RequestKey, reason: str) -> None:
        """Let nobody go on with the order."""
        ...

    async def resume(self, key: RequestKey) -> None:
        """Let the order go on."""
        ...

    async def close_short(self, key: RequestKey) -> None:
        """Give up on all units of the order that have not left."""
        ...

    async def booked(self, key: RequestKey) -> Booked:
        """Look up what is booked of the order; asked where the manifest says that money is kept, or names fields."""
        ...

    async def track(self, key: RequestKey, package: PackageId, carrier: str, tracking_number: str) -> None:
        """Write another label for a package that left."""
        ...

    async def take_back(self, key: RequestKey, package: PackageId) -> None:
        """Cancel a package that left: its goods are on the shelf again, and still wanted."""
        ...

    async def report(self, key: RequestKey, package: PackageId, status: DeliveryStatus) -> None:
        """Note that this happened to a package that left, just now."""
        ...

    async def receive_return(self, name: str, units: Mapping[ItemCode, int], disposition: Disposition | None) -> None:
        """
        Take in units of the return of this key; of the order of this key, where they came unannounced.

        Without a disposition they wait for inspection.
        """
        ...

    async def inspect_return(self, name: str, units: Mapping[ItemCode, int], disposition: Disposition) -> None:
        """Decide about units of the return of this key that wait for inspection."""
        ...

    async def track_return(self, name: str, parcel: PackageId, tracking: ReturnTracking) -> None:
        """Say how a parcel on its way back of the return of this key is followed; the same parcel again corrects it."""
        ...

    async def ask_refund(self, key: RequestKey, amount: Decimal, reason: str) -> RefundKey:
        """
        Ask that so much of the order goes back to its customer; asked where the manifest says that refunds are.

        The amount is in the currency in which the customer paid.
        """
        ...

    async def credited(self, refund: RefundId) -> Credit | None:
        """Look up what is booked of a refund; asked where the manifest says that credit documents are kept."""
        ...

    async def close_return(self, name: str) -> None:
        """Expect nothing more of the return of this key."""
        ...
