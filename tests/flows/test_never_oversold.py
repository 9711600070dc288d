"""
A storm over the stock of one item: whenever a flow asks anything, customers, the warehouse and other flows act first.

What must hold at every write of the hub: what Shopify may sell, together with all that it sold and the warehouse has
not reserved, is never more than the warehouse has. Everything happens in one task, so a seed replays exactly; a
failing one is in the test's name.
"""

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from tests.flows.flow_bench import HAMBURG, ITEM, MUG, FlowBench

from crossdock.flows.fulfillments import act as tell_shopify
from crossdock.flows.orders import act as ask_backend
from crossdock.model.catalog import Item
from crossdock.model.flow import Flow
from crossdock.model.names import Barcode, FulfillmentOrderLineId, ItemCode, OrderId, RequestKey, Sku
from crossdock.model.request import FulfillmentRequest, Verdict, WorkOrder, WorkState
from crossdock.model.returning import ReturnOrder, ReturnRequest
from crossdock.model.stock import SetAvailable, StockReading
from crossdock.ports.backend import Changes, Warehouse
from crossdock.ports.storefront import RowRefused
from crossdock.testing.builders import MAIN
from crossdock.testing.fakes import FakeBackend
from crossdock.testing.floor import Parcel

EVENTS = 40

LOOKING = (Flow.ORDERS, Flow.FULFILLMENTS, Flow.INVENTORY)


@dataclass
class Storm:
    """The world while the flows wait for an answer."""

    bench: FlowBench
    chance: random.Random
    orders: list[OrderId] = field(default_factory=list)
    looking: set[Flow] = field(default_factory=set)
    left: int = EVENTS
    worst: int = 0
    """The most units by which a write of the hub offered more than there was."""

    async def meanwhile(self, call: str) -> None:
        """Let something happen before and after each question, as often as not."""
        del call
        while self.left and self.chance.random() < 0.5:
            self.left -= 1
            await self.chance.choice(self.acts())()

    def acts(self) -> Sequence[Callable[[], Awaitable[None]]]:
        """What may happen, as often as it is named."""
        return [self.buy, self.buy, self.ship, self.count, self.look, self.look]

    async def look(self) -> None:
        """Another flow has its whole say, while those that look already wait for their answers."""
        flow = self.chance.choice(LOOKING)
        if flow in self.looking:
            return
        self.looking.add(flow)
        await self.bench.look(flow, *([MUG.inventory_item] if flow is Flow.INVENTORY else self.orders))
        self.looking.discard(flow)

    async def buy(self) -> None:
        """Customers buy what is offered, and no more."""
        offered = self.bench.store.available(MUG, HAMBURG)
        if offered > 0:
            self.orders.append(self.bench.store.buy(HAMBURG, (MUG, self.chance.randint(1, min(offered, 4)))))

    async def ship(self) -> None:
        """A package leaves, of part of what is open or all of it."""
        for order in self.chance.sample(self.orders, len(self.orders)):
            part = self.bench.store.order(order).fulfillment_orders[0]
            open_ = await self.open_units(RequestKey(part.id), part.lines[0].id, part.lines[0].total)
            if open_:
                units = self.chance.randint(1, open_)
                await self.bench.backend.ship(RequestKey(part.id), [Parcel({part.lines[0].id: units})])
                return

    async def open_units(self, key: RequestKey, line: FulfillmentOrderLineId, total: int) -> int:
        work = (await self.bench.backend.work_orders([key])).get(key)
        if work is None:
            return 0
        return total - sum(units for package in work.packages for known, units in package.contents if known == line)

    async def count(self) -> None:
        """Goods come in; a count finds more. (A count that finds less may oversell what was offered before it.)"""
        await self.bench.backend.receive(ITEM, MAIN, self.chance.randint(1, 3))

    async def excess(self) -> int:
        """Return by how many units Shopify offers more than the warehouse could still promise."""
        reserved = await self.bench.backend.work_orders(
            [RequestKey(self.bench.store.order(order).fulfillment_orders[0].id) for order in self.orders]
        )
        unseen = sum(
            part.lines[0].total
            for order in self.orders
            for part in self.bench.store.order(order).fulfillment_orders
            if RequestKey(part.id) not in reserved
        )
        promised = (await self.bench.backend.stock([ITEM])).available[ITEM, MAIN] - unseen
        return self.bench.store.available(MUG, HAMBURG) - promised


@dataclass
class ChangeableStorm(Storm):
    """Customers also change their minds after the warehouse accepted what they bought."""

    def acts(self) -> Sequence[Callable[[], Awaitable[None]]]:
        return [*super().acts(), self.cancel, self.edit, self.edit]

    async def cancel(self) -> None:
        """An order of which nothing was fulfilled is cancelled; what it held is for sale again."""
        for id_ in self.chance.sample(self.orders, len(self.orders)):
            order = self.bench.store.order(id_)
            if order.cancelled_at is None and not order.fulfillments:
                self.bench.store.cancel(id_)
                return

    async def edit(self) -> None:
        """Units of an order are taken away, or added as far as they are for sale."""
        for id_ in self.chance.sample(self.orders, len(self.orders)):
            order = self.bench.store.order(id_)
            line = order.fulfillment_orders[0].lines[0]
            if order.cancelled_at is None and line.remaining:
                most = line.remaining + max(0, self.bench.store.available(MUG, HAMBURG))
                self.bench.store.edit(id_, line.id, self.chance.randint(0, min(most, line.remaining + 2)))
                return

    async def excess(self) -> int:
        """Return by how many units Shopify offers more than the warehouse could promise, were it told of all."""
        unseen = 0
        for id_ in self.orders:
            order = self.bench.store.order(id_)
            (part,) = order.fulfillment_orders
            fulfilled = sum(units for one in order.fulfillments for _, units in one.lines)
            known = self.bench.backend._orders.get(RequestKey(part.id))
            asked = sum(line.units for line in known.request.lines) if known is not None else 0
            if known is not None and known.state is WorkState.CANCELLED:
                asked = 0
            unseen += max(0, part.lines[0].remaining + fulfilled - asked)
        promised = (await self.bench.backend.stock([ITEM])).available[ITEM, MAIN] - unseen
        return self.bench.store.available(MUG, HAMBURG) - promised


@dataclass
class Slow:
    """The backend as the flows meet it: things happen before it answers, and before the answer arrives."""

    inner: FakeBackend
    storm: Storm

    async def warehouses(self) -> Sequence[Warehouse]:
        return await self.inner.warehouses()

    async def find_items(self, skus: Sequence[Sku], barcodes: Sequence[Barcode]) -> Sequence[Item]:
        return await self.inner.find_items(skus, barcodes)

    async def stock(self, items: Sequence[ItemCode]) -> StockReading:
        await self.storm.meanwhile("stock")
        reading = await self.inner.stock(items)
        await self.storm.meanwhile("stock")
        return reading

    async def submit(self, request: FulfillmentRequest) -> WorkOrder:
        await self.storm.meanwhile("submit")
        work = await self.inner.submit(request)
        await self.storm.meanwhile("submit")
        return work

    async def amend(self, request: FulfillmentRequest) -> Verdict:
        return await self.inner.amend(request)

    async def stop(self, key: RequestKey) -> Verdict:
        return await self.inner.stop(key)

    async def work_orders(self, keys: Sequence[RequestKey]) -> Mapping[RequestKey, WorkOrder]:
        await self.storm.meanwhile("work_orders")
        work = await self.inner.work_orders(keys)
        await self.storm.meanwhile("work_orders")
        return work

    async def announce_return(self, request: ReturnRequest) -> ReturnOrder:
        return await self.inner.announce_return(request)

    async def return_orders(self, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[ReturnOrder]]:
        return await self.inner.return_orders(orders)

    async def changes(self, cursor: str | None) -> Changes:
        return await self.inner.changes(cursor)


async def blow(bench: FlowBench, seed: int, kind: type[Storm] = Storm) -> Storm:
    """Let the flows look at random moments, one inside the other, until the storm is over."""
    storm = kind(bench, random.Random(seed))
    bench.store.before = storm.meanwhile
    bench.asked = Slow(bench.backend, storm)
    write = bench.store.set_available

    async def watched(writes: Sequence[SetAvailable], key: str, reference: str) -> Sequence[RowRefused]:
        refused = await write(writes, key, reference)
        if not refused:
            storm.worst = max(storm.worst, await storm.excess())
        return refused

    bench.store.set_available = watched  # type: ignore[method-assign]  # only looks on
    while storm.left:
        await storm.meanwhile("between looks")
    return storm


@pytest.fixture(autouse=True)
def one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Side by side, the database would decide who comes first, and a seed would not replay."""
    monkeypatch.setattr(ask_backend, "SIDE_BY_SIDE", 1)
    monkeypatch.setattr(tell_shopify, "SIDE_BY_SIDE", 1)


@pytest.mark.parametrize("seed", range(40))
async def test_shopify_is_never_offered_what_the_warehouse_cannot_promise(bench: FlowBench, seed: int) -> None:
    await bench.link()

    storm = await blow(bench, seed)
    await bench.mark(Flow.ORDERS, *storm.orders)
    await bench.mark(Flow.FULFILLMENTS, *storm.orders)
    await bench.mark(Flow.INVENTORY, MUG.inventory_item)
    await bench.settle()

    available = (await bench.backend.stock([ITEM])).available[ITEM, MAIN]
    assert storm.worst <= 0
    assert bench.store.available(MUG, HAMBURG) == available
    assert available >= 0
    assert await told_exactly(bench, storm.orders)


@pytest.mark.parametrize("seed", range(20))
async def test_changed_minds_offer_nothing_twice_and_both_sides_agree_in_the_end(bench: FlowBench, seed: int) -> None:
    await bench.link()

    storm = await blow(bench, seed, ChangeableStorm)
    await bench.mark(Flow.ORDERS, *storm.orders)
    await bench.mark(Flow.FULFILLMENTS, *storm.orders)
    await bench.mark(Flow.INVENTORY, MUG.inventory_item)
    await bench.settle()

    assert storm.worst <= 0
    held = await bench.held(Flow.ORDERS)
    shipping = await bench.held(Flow.FULFILLMENTS)
    for id_ in {*storm.orders} - held.keys() - shipping.keys():
        assert await agreed(bench, id_), bench.store.order(id_).name
    if not held and not shipping:
        available = (await bench.backend.stock([ITEM])).available[ITEM, MAIN]
        assert bench.store.available(MUG, HAMBURG) == available


async def agreed(bench: FlowBench, id_: OrderId) -> bool:
    """Whether the warehouse has of an order just what Shopify still waits for."""
    order = bench.store.order(id_)
    (part,) = order.fulfillment_orders
    work = (await bench.backend.work_orders([RequestKey(part.id)])).get(RequestKey(part.id))
    wanted = part.lines[0].remaining
    if work is None or work.state is WorkState.CANCELLED:
        return wanted == 0
    shipped = sum(units for package in work.packages for _, units in package.contents)
    return sum(line.units for line in bench.backend._orders[work.key].request.lines) - shipped == wanted


async def told_exactly(bench: FlowBench, orders: Sequence[OrderId]) -> bool:
    """Tell whether Shopify has each package of each order once."""
    for order in orders:
        at_shopify = bench.store.order(order)
        work = await bench.backend.work_orders([RequestKey(at_shopify.fulfillment_orders[0].id)])
        packages = [sum(units for _, units in package.contents) for one in work.values() for package in one.packages]
        fulfillments = [sum(units for _, units in one.lines) for one in at_shopify.fulfillments]
        if sorted(packages) != sorted(fulfillments):
            return False
    return True


async def test_the_storm_notices_a_unit_too_many(bench: FlowBench) -> None:
    storm = Storm(bench, random.Random(0))
    at_first = await storm.excess()

    bench.store.add_variant(MUG, {HAMBURG: 11})

    assert (at_first, await storm.excess()) == (0, 1)
