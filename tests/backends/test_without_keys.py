"""A system that knows no keys still makes one order per request, where its backend looks before it asks."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest

from crossdock.kit.errors import Refused
from crossdock.model.capability import Capability
from crossdock.model.catalog import Item
from crossdock.model.credit import Credit
from crossdock.model.names import (
    Barcode,
    ItemCode,
    OrderId,
    PackageId,
    RefundId,
    RefundKey,
    RequestKey,
    Sku,
    WarehouseCode,
)
from crossdock.model.request import DeliveryStatus, FulfillmentRequest, Verdict, WorkOrder
from crossdock.model.returning import Disposition, ReturnOrder, ReturnRequest, ReturnTracking
from crossdock.model.stock import StockReading
from crossdock.ports.backend import Backend, Changes, Warehouse
from crossdock.testing.backend_conformance import BackendConformance
from crossdock.testing.builders import MAIN, a_request, a_request_line, an_item
from crossdock.testing.fakes import FakeBackend
from crossdock.testing.floor import Booked, Floor, Parcel


@dataclass
class OldErp:
    """
    An ERP whose `create` makes a new order at each call, and which can be searched by a reference of ours.

    Every call takes a moment, in which others come in between.
    """

    insides: FakeBackend = field(default_factory=FakeBackend)
    references: dict[str, str] = field(default_factory=dict)
    """Of each order number, what we called it."""
    calls: Counter[str] = field(default_factory=Counter)

    async def create(self, request: FulfillmentRequest) -> str:
        self.calls["create"] += 1
        await asyncio.sleep(0)
        number = f"A{len(self.references) + 1}"
        await self.insides.submit(replace(request, key=RequestKey(number)))
        self.references[number] = request.key
        await asyncio.sleep(0)
        return number

    async def find(self, reference: str) -> str | None:
        self.calls["find"] += 1
        await asyncio.sleep(0)
        return next((number for number, ours in self.references.items() if ours == reference), None)


class LooksFirst:
    """The backend of the old ERP: looks for our reference, one submit at a time, before it makes an order."""

    def __init__(self, erp: OldErp) -> None:
        self._erp = erp
        self._one_at_a_time = asyncio.Lock()  # with several processes: a lock in the database that the hub lends

    async def submit(self, request: FulfillmentRequest) -> WorkOrder:
        async with self._one_at_a_time:
            number = await self._erp.find(request.key) or await self._erp.create(request)
        return await self._order(number)

    async def amend(self, request: FulfillmentRequest) -> Verdict:
        raise Refused(f"{request.name}: the old ERP changes no order. Its manifest says so.")

    async def stop(self, key: RequestKey) -> Verdict:
        raise Refused(f"{key}: the old ERP cancels no order. Its manifest says so.")

    async def work_orders(self, keys: Sequence[RequestKey]) -> Mapping[RequestKey, WorkOrder]:
        numbers = {key: await self._erp.find(key) for key in keys}
        return {key: await self._order(number) for key, number in numbers.items() if number is not None}

    async def announce_return(self, request: ReturnRequest) -> ReturnOrder:
        raise Refused(f"{request.name}: the old ERP takes no returns. Its manifest says so.")

    async def return_orders(self, _orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[ReturnOrder]]:
        return {}

    async def _order(self, number: str) -> WorkOrder:
        order = (await self._erp.insides.work_orders([RequestKey(number)]))[RequestKey(number)]
        return replace(order, key=RequestKey(self._erp.references[number]))

    async def warehouses(self) -> Sequence[Warehouse]:
        return await self._erp.insides.warehouses()

    async def find_items(self, skus: Sequence[Sku], barcodes: Sequence[Barcode]) -> Sequence[Item]:
        return await self._erp.insides.find_items(skus, barcodes)

    async def stock(self, items: Sequence[ItemCode]) -> StockReading:
        return await self._erp.insides.stock(items)

    async def changes(self, cursor: str | None) -> Changes:
        found = await self._erp.insides.changes(cursor)
        return replace(found, orders=tuple(RequestKey(self._erp.references[number]) for number in found.orders))


class Hands:
    """The floor of the old ERP, where orders go by its numbers."""

    def __init__(self, erp: OldErp) -> None:
        self._erp = erp

    async def add_warehouse(self, warehouse: Warehouse) -> None:
        await self._erp.insides.add_warehouse(warehouse)

    async def add_item(self, item: Item) -> None:
        await self._erp.insides.add_item(item)

    async def receive(self, item: ItemCode, warehouse: WarehouseCode, units: int) -> None:
        await self._erp.insides.receive(item, warehouse, units)

    async def ship(self, key: RequestKey, parcels: Sequence[Parcel]) -> None:
        await self._erp.insides.ship(await self._number(key), parcels)

    async def booked(self, key: RequestKey) -> Booked:
        return await self._erp.insides.booked(await self._number(key))

    async def close_short(self, key: RequestKey) -> None:
        await self._erp.insides.close_short(await self._number(key))

    async def hold(self, key: RequestKey, reason: str) -> None:
        await self._erp.insides.hold(await self._number(key), reason)

    async def resume(self, key: RequestKey) -> None:
        await self._erp.insides.resume(await self._number(key))

    async def track(self, key: RequestKey, package: PackageId, carrier: str, tracking_number: str) -> None:
        await self._erp.insides.track(await self._number(key), package, carrier, tracking_number)

    async def take_back(self, key: RequestKey, package: PackageId) -> None:
        await self._erp.insides.take_back(await self._number(key), package)

    async def report(self, key: RequestKey, package: PackageId, status: DeliveryStatus) -> None:
        await self._erp.insides.report(await self._number(key), package, status)

    async def receive_return(self, _name: str, _units: Mapping[ItemCode, int], _what: Disposition | None) -> None:
        raise Refused("The old ERP takes no returns.")

    async def inspect_return(self, name: str, units: Mapping[ItemCode, int], disposition: Disposition) -> None:
        await self.receive_return(name, units, disposition)

    async def track_return(self, name: str, _parcel: PackageId, _tracking: ReturnTracking) -> None:
        await self.receive_return(name, {}, None)

    async def close_return(self, name: str) -> None:
        await self.receive_return(name, {}, None)

    async def ask_refund(self, key: RequestKey, amount: Decimal, reason: str) -> RefundKey:
        raise NotImplementedError(f"This system asks for no refunds: {key}, {amount}, {reason}.")

    async def credited(self, refund: RefundId) -> Credit | None:
        raise NotImplementedError(f"This system keeps no credit documents: {refund}.")

    async def _number(self, key: RequestKey) -> RequestKey:
        return RequestKey(await self._erp.find(key) or "unknown")


class TestABackendOfASystemWithoutKeys(BackendConformance):
    capabilities = frozenset({Capability.SHORT_SHIP, Capability.SEVERAL_PACKAGES, Capability.SEVERAL_WAREHOUSES})

    @pytest.fixture
    def erp(self) -> OldErp:
        return OldErp()

    @pytest.fixture
    def backend(self, erp: OldErp) -> Backend:
        return LooksFirst(erp)

    @pytest.fixture
    def floor(self, backend: Backend, erp: OldErp) -> Floor:  # noqa: ARG002 - as the suite names it
        return Hands(erp)


async def test_without_looking_first_the_same_system_makes_an_order_per_call() -> None:
    erp = OldErp()
    await erp.insides.add_warehouse(Warehouse(MAIN, "Main"))
    await erp.insides.add_item(an_item("MUG"))
    request = a_request(a_request_line("MUG", 1))

    assert await erp.create(request) != await erp.create(request)
