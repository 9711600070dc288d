"""The built-in warehouse in a database of its own, and the hands that the conformance suite asks for."""

from collections.abc import AsyncIterator, Mapping, Sequence
from decimal import Decimal

import pytest

from crossdock.backends.builtin import WarehouseFloor, open_floor, plugin
from crossdock.backends.builtin.steps import Label
from crossdock.model.catalog import Item
from crossdock.model.credit import Credit
from crossdock.model.money import NOTHING
from crossdock.model.names import ItemCode, PackageId, RefundId, RefundKey, RequestKey, Units, WarehouseCode
from crossdock.model.request import DeliveryStatus, WorkState
from crossdock.model.returning import Disposition, ReturnTracking
from crossdock.ports.backend import Backend, BackendContext, Warehouse
from crossdock.testing.floor import Booked, Floor, Parcel

pytest.register_assert_rewrite("crossdock.testing.backend_conformance")


class BuiltinHands:
    """Walks the built-in warehouse's people through each step."""

    def __init__(self, floor: WarehouseFloor) -> None:
        self._floor = floor

    async def add_warehouse(self, warehouse: Warehouse) -> None:
        await self._floor.add_warehouse(warehouse)

    async def add_item(self, item: Item) -> None:
        await self._floor.add_items(item)

    async def receive(self, item: ItemCode, warehouse: WarehouseCode, units: int) -> None:
        await self._floor.receive(item, warehouse, Units(units))

    async def ship(self, key: RequestKey, parcels: Sequence[Parcel]) -> None:
        await self._released(key)
        for parcel in parcels:
            await self._floor.pick(key, parcel.contents)
            packed = await self._floor.pack(key, [parcel.contents])
            await self._floor.ship(key, [Label(packed.parcels[-1].id, parcel.carrier, parcel.tracking_number)])

    async def booked(self, key: RequestKey) -> Booked:
        sheet = await self._floor.order(key)
        said_of_lines = {one.reference: one.said for one in sheet.request.lines if one.fields}
        return Booked(sheet.comes_to or NOTHING, sheet.request.to_collect, sheet.request.said, said_of_lines)

    async def close_short(self, key: RequestKey) -> None:
        await self._released(key)
        await self._floor.short_ship(key)

    async def hold(self, key: RequestKey, reason: str) -> None:
        await self._floor.hold(key, reason)

    async def resume(self, key: RequestKey) -> None:
        await self._floor.resume(key)

    async def track(self, key: RequestKey, package: PackageId, carrier: str, tracking_number: str) -> None:
        await self._floor.track(key, Label(package, carrier, tracking_number))

    async def take_back(self, key: RequestKey, package: PackageId) -> None:
        await self._floor.take_back(key, package)

    async def report(self, key: RequestKey, package: PackageId, status: DeliveryStatus) -> None:
        await self._floor.report(key, package, status)

    async def receive_return(self, name: str, units: Mapping[ItemCode, int], disposition: Disposition | None) -> None:
        await self._floor.receive_return(name, {str(item): number for item, number in units.items()}, disposition)

    async def inspect_return(self, name: str, units: Mapping[ItemCode, int], disposition: Disposition) -> None:
        await self._floor.inspect_return(name, {str(item): number for item, number in units.items()}, disposition)

    async def track_return(self, name: str, parcel: PackageId, tracking: ReturnTracking) -> None:
        await self._floor.track_return(name, parcel, tracking)

    async def close_return(self, name: str) -> None:
        await self._floor.close_return(name)

    async def ask_refund(self, key: RequestKey, amount: Decimal, reason: str) -> RefundKey:
        return (await self._floor.ask_refund(key, amount, reason)).request.key

    async def credited(self, refund: RefundId) -> Credit | None:
        return next((one.document for one in await self._floor.credits() if one.document.key == refund), None)

    async def _released(self, key: RequestKey) -> None:
        if (await self._floor.order(key)).order.state is WorkState.NOT_RELEASED:
            await self._floor.release(key)


@pytest.fixture
async def warehouse_floor(empty_url: str) -> AsyncIterator[WarehouseFloor]:
    """The built-in warehouse's floor, empty."""
    async with open_floor(empty_url) as floor:
        yield floor


@pytest.fixture
async def builtin(empty_url: str) -> AsyncIterator[Backend]:
    """The built-in warehouse as the hub opens it."""
    manifest = plugin.manifest
    async with plugin.open(manifest.settings(), BackendContext(empty_url)) as backend:
        yield backend


@pytest.fixture
def hands(builtin: Backend, warehouse_floor: WarehouseFloor) -> Floor:
    """What the conformance suite does in the built-in warehouse."""
    return BuiltinHands(warehouse_floor)
