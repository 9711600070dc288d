"""The system that holds the goods, in a storm: the fake backend, or the built-in warehouse over its real books."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from crossdock.backends.builtin.backend import BuiltinBackend
from crossdock.backends.builtin.books import Books
from crossdock.backends.builtin.floor import WarehouseFloor
from crossdock.backends.builtin.steps import Label
from crossdock.kit.clock import Clock
from crossdock.kit.errors import UsageError
from crossdock.model.catalog import Item
from crossdock.model.names import ItemCode, PackageId, RequestKey, Units, WarehouseCode
from crossdock.model.request import Package, WorkOrder, WorkState
from crossdock.model.returning import Disposition, ReturnOrder
from crossdock.ports.backend import Backend, Warehouse
from crossdock.store.database import Database
from crossdock.testing.fakes import FakeBackend
from crossdock.testing.floor import Parcel

NEXT: Final = {
    WorkState.NOT_RELEASED: WorkState.RELEASED,
    WorkState.RELEASED: WorkState.PICKING,
    WorkState.PICKING: WorkState.PACKED,
}
"""How an order goes through the warehouse before it leaves."""


def standing(work: WorkOrder) -> Sequence[Package]:
    """Return the packages that left and were not taken back."""
    return [package for package in work.packages if not package.cancelled]


class House(Protocol):
    """What the people in a warehouse do in a storm; False where it cannot be done."""

    @property
    def backend(self) -> Backend:
        """The port, without faults."""
        ...

    async def open(self, warehouse: Warehouse, items: Sequence[Item], units: int) -> None:
        """Make a warehouse that has so many of each item."""
        ...

    async def receive(self, item: ItemCode, warehouse: WarehouseCode, units: int) -> None:
        """Put goods on the shelf."""
        ...

    async def count(self, item: ItemCode, warehouse: WarehouseCode, change: int) -> bool:
        """Find so many more, or fewer, than the books say."""
        ...

    async def ship(self, key: RequestKey, parcels: Sequence[Parcel]) -> bool:
        """Let packages leave."""
        ...

    async def close_short(self, key: RequestKey) -> bool:
        """Give up on all that has not left."""
        ...

    async def take_back(self, key: RequestKey, package: PackageId) -> None:
        """Put the goods of a package that left back on the shelf, for the same order."""
        ...

    async def track(self, key: RequestKey, package: PackageId, number: str) -> None:
        """Write another tracking number on a package that left."""
        ...

    async def work_on(self, work: WorkOrder) -> bool:
        """Take an order of which nothing has left one step further: to the floor, onto a cart, into a package."""
        ...

    async def call_off(self, key: RequestKey) -> bool:
        """Cancel an order of which nothing has left."""
        ...

    async def hold(self, key: RequestKey, reason: str) -> bool:
        """Let nobody go on with an order, and say why; people of the fake backend ship it all the same."""
        ...

    async def resume(self, key: RequestKey) -> bool:
        """Let an order go on."""
        ...

    async def goods_back(self, name: str, item: ItemCode, units: int, disposition: Disposition | None) -> bool:
        """Take in goods of a return, by its key, or of an order, by its own."""
        ...

    async def inspect(self, record: ReturnOrder, item: ItemCode, units: int, disposition: Disposition) -> None:
        """Decide what becomes of goods that arrived."""
        ...


@dataclass
class FakeHouse:
    """Around the fake backend."""

    backend: FakeBackend

    async def open(self, warehouse: Warehouse, items: Sequence[Item], units: int) -> None:
        await self.backend.add_warehouse(warehouse)
        for item in items:
            await self.backend.add_item(item)
            await self.backend.receive(item.code, warehouse.code, units)

    async def receive(self, item: ItemCode, warehouse: WarehouseCode, units: int) -> None:
        await self.backend.receive(item, warehouse, units)

    async def count(self, item: ItemCode, warehouse: WarehouseCode, change: int) -> bool:
        await self.backend.receive(item, warehouse, change)
        return True

    async def ship(self, key: RequestKey, parcels: Sequence[Parcel]) -> bool:
        await self.backend.ship(key, parcels)
        return True

    async def close_short(self, key: RequestKey) -> bool:
        await self.backend.close_short(key)
        return True

    async def take_back(self, key: RequestKey, package: PackageId) -> None:
        await self.backend.take_back(key, package)

    async def track(self, key: RequestKey, package: PackageId, number: str) -> None:
        await self.backend.track(key, package, "DHL", number)

    async def work_on(self, work: WorkOrder) -> bool:
        if standing(work) or work.state not in NEXT:
            return False
        await self.backend.advance(work.key, NEXT[work.state])
        return True

    async def call_off(self, key: RequestKey) -> bool:
        return (await self.backend.stop(key)).done

    async def hold(self, key: RequestKey, reason: str) -> bool:
        await self.backend.hold(key, reason)
        return True

    async def resume(self, key: RequestKey) -> bool:
        await self.backend.resume(key)
        return True

    async def goods_back(self, name: str, item: ItemCode, units: int, disposition: Disposition | None) -> bool:
        await self.backend.receive_return(name, {item: units}, disposition)
        return True

    async def inspect(self, record: ReturnOrder, item: ItemCode, units: int, disposition: Disposition) -> None:
        await self.backend.inspect_return(record.key, {item: units}, disposition)


class BuiltinHouse:
    """The built-in warehouse: its people go through every step."""

    def __init__(self, database: Database) -> None:
        books = Books(database)
        self.backend = BuiltinBackend(books, "SO-")
        self._floor = WarehouseFloor(books)

    async def open(self, warehouse: Warehouse, items: Sequence[Item], units: int) -> None:
        await self._floor.add_warehouse(warehouse)
        await self._floor.add_items(*items)
        await self._floor.receive_all({(item.code, warehouse.code): Units(units) for item in items})

    async def receive(self, item: ItemCode, warehouse: WarehouseCode, units: int) -> None:
        await self._floor.receive(item, warehouse, Units(units))

    async def count(self, item: ItemCode, warehouse: WarehouseCode, change: int) -> bool:
        try:
            await self._floor.adjust(item, warehouse, change)
        except UsageError:
            return False
        return True

    async def ship(self, key: RequestKey, parcels: Sequence[Parcel]) -> bool:
        try:
            await self._release(key)
            if await self._let_go(key, parcels[0]):
                return True
            for parcel in parcels:
                await self._floor.pick(key, parcel.contents)
                packed = await self._floor.pack(key, [parcel.contents])
                await self._floor.ship(key, [Label(packed.parcels[-1].id, parcel.carrier, parcel.tracking_number)])
        except UsageError:
            return False
        return True

    async def close_short(self, key: RequestKey) -> bool:
        try:
            await self._release(key)
            await self._floor.short_ship(key)
        except UsageError:
            return False
        return True

    async def take_back(self, key: RequestKey, package: PackageId) -> None:
        await self._floor.take_back(key, package)

    async def track(self, key: RequestKey, package: PackageId, number: str) -> None:
        await self._floor.track(key, Label(package, "DHL", number))

    async def work_on(self, work: WorkOrder) -> bool:
        steps = {
            WorkState.NOT_RELEASED: self._floor.release,
            WorkState.RELEASED: self._floor.pick,
            WorkState.PICKING: self._floor.pack,
        }
        try:
            if standing(work) or work.state not in steps:
                return False
            await steps[work.state](work.key)
        except UsageError:
            return False
        return True

    async def call_off(self, key: RequestKey) -> bool:
        try:
            await self._floor.cancel(key)
        except UsageError:
            return False
        return True

    async def hold(self, key: RequestKey, reason: str) -> bool:
        try:
            await self._floor.hold(key, reason)
        except UsageError:
            return False
        return True

    async def resume(self, key: RequestKey) -> bool:
        try:
            await self._floor.resume(key)
        except UsageError:
            return False
        return True

    async def goods_back(self, name: str, item: ItemCode, units: int, disposition: Disposition | None) -> bool:
        try:
            await self._floor.receive_return(name, {item: units}, disposition)
        except UsageError:
            return False
        return True

    async def inspect(self, record: ReturnOrder, item: ItemCode, units: int, disposition: Disposition) -> None:
        await self._floor.inspect_return(record.reference, {item: units}, disposition)

    async def _let_go(self, key: RequestKey, parcel: Parcel) -> bool:
        """Let leave as they are what the floor has on carts and in packages; False where there is none of it."""
        order = (await self._floor.order(key)).order
        if any(line.picked for line in order.lines):
            order = await self._floor.pack(key)
        packed = [one for one in order.parcels if one.shipped_at is None]
        for one in packed[:1]:
            await self._floor.ship(key, [Label(one.id, parcel.carrier, parcel.tracking_number)])
        return bool(packed)

    async def _release(self, key: RequestKey) -> None:
        if (await self._floor.order(key)).order.state is WorkState.NOT_RELEASED:
            await self._floor.release(key)


def a_house(kind: str, clock: Clock, database: Database) -> House:
    """Return an empty warehouse of a kind: `fake` or `builtin`."""
    return FakeHouse(FakeBackend(clock)) if kind == "fake" else BuiltinHouse(database)
