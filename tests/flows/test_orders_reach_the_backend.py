"""An order is at the backend exactly once, whatever was lost on the way, and goes on by itself once it can."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from tests.flows.flow_bench import ACME, HAMBURG, MUG, FlowBench, a_connection

from crossdock.flows.orders.flow import OrdersFlow
from crossdock.kit.errors import TryAgain
from crossdock.model.catalog import Variant
from crossdock.model.cause import Cause
from crossdock.model.flow import Flow
from crossdock.model.names import FulfillmentOrderLineId, InventoryItemId, OrderId, RequestKey, WarehouseCode
from crossdock.model.request import FulfillmentRequest, WorkOrder
from crossdock.pending.mark import release
from crossdock.pending.work import Claim
from crossdock.ports.backend import Warehouse
from crossdock.store import both_sides, orders, requests
from crossdock.testing.builders import a_location, a_variant, an_item
from crossdock.testing.fakes import FakeBackend
from crossdock.testing.floor import Parcel

LEIPZIG = a_location(2, name="Leipzig").id
EAST = WarehouseCode("EAST")


def key_of(bench: FlowBench, order: OrderId) -> RequestKey:
    return RequestKey(bench.store.order(order).fulfillment_orders[0].id)


async def at_backend(bench: FlowBench, *bought: OrderId) -> list[str]:
    """The references of the backend's orders for these; more would have taken more references."""
    work = await bench.backend.work_orders([key_of(bench, order) for order in bought])
    return sorted(one.reference for one in work.values())


class Killed(BaseException):
    """Nobody handles it, as nobody handles a kill."""


@dataclass
class Dying(FakeBackend):
    """A backend whose caller dies at the first submit, before or after it was accepted."""

    after: bool = False
    died: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        super().__init__()

    async def submit(self, request: FulfillmentRequest) -> WorkOrder:
        if self.died:
            return await super().submit(request)
        self.died = True
        if self.after:
            await super().submit(request)
        raise Killed


async def test_an_order_looked_at_five_times_is_submitted_once(bench: FlowBench) -> None:
    await bench.link()
    order = bench.store.buy(HAMBURG, (MUG, 2))

    for _ in range(5):
        await bench.look(Flow.ORDERS, order)

    assert await at_backend(bench, order) == ["FAKE-1"]
    assert (await bench.story(order)).count("accepted") == 1


async def test_fifty_orders_are_read_in_one_call_and_submitted_once_each(bench: FlowBench) -> None:
    await bench.link()
    bought = [bench.store.buy(HAMBURG, (MUG, 1)) for _ in range(50)]

    drained = await bench.look(Flow.ORDERS, *bought)

    assert (drained.looked_at, drained.failed, bench.store.calls["orders"]) == (50, 0, 1)
    assert len(await at_backend(bench, *bought)) == 50


@pytest.mark.parametrize("after", [False, True])
async def test_a_worker_killed_at_the_submit_leaves_exactly_one_order(bench: FlowBench, *, after: bool) -> None:
    bench.backend = Dying(after=after)
    await bench.backend.add_warehouse(Warehouse(a_connection().warehouses[HAMBURG][0], "Main"))
    await bench.backend.add_item(an_item("MUG"))
    await bench.link()
    order = bench.store.buy(HAMBURG, (MUG, 2))
    await bench.mark(Flow.ORDERS, order)

    with pytest.raises(BaseExceptionGroup, match="unhandled"):
        await bench.drain(Flow.ORDERS)
    async with bench.database.begin() as tx:
        (intent,) = (await requests.of_orders(tx, ACME, [order]))[order]
    await bench.drain(Flow.ORDERS)

    assert (intent.key, intent.reference) == (key_of(bench, order), None)
    assert await at_backend(bench, order) == ["FAKE-1"]


@pytest.mark.parametrize("fault", [FakeBackend.lose_next_submit, FakeBackend.lose_next_answer])
async def test_a_submit_that_got_lost_either_way_leads_to_one_order(
    bench: FlowBench, fault: Callable[[FakeBackend], None]
) -> None:
    fault(bench.backend)
    await bench.link()
    order = bench.store.buy(HAMBURG, (MUG, 2))

    first = await bench.look(Flow.ORDERS, order)

    assert first.failed == 1
    assert await at_backend(bench, order) == ["FAKE-1"]
    async with bench.database.begin() as tx:
        (asked,) = (await requests.of_orders(tx, ACME, [order]))[order]
    assert asked.reference == "FAKE-1"


async def test_a_worker_that_lost_its_lease_asks_for_nothing_and_writes_nothing_down(bench: FlowBench) -> None:
    await bench.link()
    order = bench.store.buy(HAMBURG, (MUG, 2))
    slept = Claim(ACME, Flow.ORDERS, order, "slept", 0, 1, 1_000_001, bench.store.now())

    await bench.flow(Flow.ORDERS)([slept])

    assert await at_backend(bench, order) == []
    async with bench.database.begin() as tx:
        assert await requests.of_orders(tx, ACME, [order]) == {}


async def test_a_lost_answer_is_confirmed_and_its_stock_looked_at(bench: FlowBench) -> None:
    bench.backend.lose_next_answer()
    await bench.link()
    order = bench.store.buy(HAMBURG, (MUG, 2))

    await bench.look(Flow.ORDERS, order)

    assert await bench.story(order) == ["arrived", "confirmed"]
    assert await bench.pending(Flow.INVENTORY) == {MUG.inventory_item}
    assert await bench.pending(Flow.FULFILLMENTS) == {order}


async def test_an_order_refused_by_the_backend_is_held_and_its_neighbour_goes(bench: FlowBench) -> None:
    await bench.link()
    cup = a_variant(2, sku="CUP")
    bench.store.add_variant(cup, {HAMBURG: 1})
    await bench.link(cup, "CUP")  # linked, and then deleted at the backend

    refused, good = bench.store.buy(HAMBURG, (cup, 1)), bench.store.buy(HAMBURG, (MUG, 1))
    await bench.look(Flow.ORDERS, refused, good)

    held = await bench.held(Flow.ORDERS)
    assert {key: hold.cause for key, hold in held.items()} == {refused: Cause.BACKEND_REFUSED}
    assert "no item CUP" in held[refused].detail
    assert await at_backend(bench, good) == ["FAKE-1"]


async def test_a_refusal_does_not_hide_what_the_sister_needs(bench: FlowBench) -> None:
    cup = a_variant(2, sku="CUP")
    bench.store.add_variant(cup, {HAMBURG: 1, LEIPZIG: 1})
    await bench.link(cup, "CUP")
    order = two_places(bench, cup)

    await bench.look(Flow.ORDERS, order)

    hold = (await bench.held(Flow.ORDERS))[order]
    assert (hold.cause, hold.needs) == (Cause.BACKEND_REFUSED, (LEIPZIG,))


def two_places(bench: FlowBench, sold: Variant = MUG) -> OrderId:
    """One order, one unit from Hamburg and one from Leipzig."""
    first, second = (bench.store.order(bench.store.buy(place, (sold, 1))) for place in (HAMBURG, LEIPZIG))
    order = replace(
        first,
        lines=(*first.lines, *second.lines),
        fulfillment_orders=(*first.fulfillment_orders, *second.fulfillment_orders),
    )
    bench.store.put(order)
    bench.store.forget(second.id)
    return order.id


async def test_a_location_that_is_mapped_later_lets_the_order_go_on(bench: FlowBench) -> None:
    await bench.link()
    bench.store.add_location(a_location(2))
    bench.store.add_variant(MUG, {LEIPZIG: 3})
    await bench.backend.add_warehouse(Warehouse(EAST, "East"))
    order = two_places(bench)
    await bench.look(Flow.ORDERS, order)
    before = await bench.held(Flow.ORDERS)

    bench.map(LEIPZIG, EAST)
    async with bench.database.begin() as tx:
        await release(tx, ACME, [LEIPZIG], "it was mapped")
    await bench.drain(Flow.ORDERS)

    assert before[order].cause is Cause.LOCATION_UNMAPPED
    assert await bench.held(Flow.ORDERS) == {}
    keys = [RequestKey(fo.id) for fo in bench.store.order(order).fulfillment_orders]
    assert len(await bench.backend.work_orders(keys)) == 2
    assert await bench.story(order) == ["arrived", "accepted", "held", "released", "accepted"]


async def test_an_unlinked_variant_is_linked_by_the_catalog_and_the_order_goes_on_by_itself(bench: FlowBench) -> None:
    order = bench.store.buy(HAMBURG, (MUG, 1))

    first = await bench.look(Flow.ORDERS, order)
    await bench.drain(Flow.CATALOG)
    await bench.pass_time(timedelta(seconds=6))
    await bench.settle()

    assert first.waiting == 1
    assert await at_backend(bench, order) == ["FAKE-1"]


async def test_an_order_for_a_variant_without_an_item_is_held_until_the_item_is_there(bench: FlowBench) -> None:
    cup = a_variant(2, sku="CUP")
    bench.store.add_variant(cup, {HAMBURG: 1})
    order = bench.store.buy(HAMBURG, (cup, 1))
    await bench.look(Flow.ORDERS, order)
    await bench.drain(Flow.CATALOG)
    await bench.pass_time(timedelta(seconds=6))
    await bench.settle()
    held = await bench.held(Flow.ORDERS), await bench.held(Flow.CATALOG)

    await bench.backend.add_item(an_item("CUP"))
    await bench.look(Flow.CATALOG, cup.id)
    await bench.settle()

    assert (held[0][order].cause, held[0][order].needs) == (Cause.ITEM_UNLINKED, (cup.id,))
    assert held[1][cup.id].cause is Cause.ITEM_MISSING
    assert await at_backend(bench, order) == ["FAKE-1"]
    assert (await bench.held(Flow.ORDERS), await bench.held(Flow.CATALOG)) == ({}, {})


async def test_a_fulfillment_orders_id_passes_the_word_on_to_its_order(bench: FlowBench) -> None:
    await bench.link()
    order = bench.store.buy(HAMBURG, (MUG, 1))

    await bench.look(Flow.ORDERS, key_of(bench, order), "gid://shopify/FulfillmentOrder/404")

    assert await at_backend(bench, order) == ["FAKE-1"]
    assert await bench.pending(Flow.ORDERS) == set()


async def test_an_order_that_shopify_does_not_show_settles(bench: FlowBench) -> None:
    drained = await bench.look(Flow.ORDERS, "gid://shopify/Order/404")

    assert (drained.failed, drained.held, await bench.pending(Flow.ORDERS)) == (0, 0, set())


async def test_an_order_cancelled_at_the_warehouse_too_is_held_only_until_then(bench: FlowBench) -> None:
    bench.can = frozenset()
    await bench.link()
    order = bench.store.buy(HAMBURG, (MUG, 2))
    await bench.look(Flow.ORDERS, order)
    bench.store.cancel(order)
    await bench.look(Flow.ORDERS, order)
    held = await bench.held(Flow.ORDERS)

    await bench.backend.close_short(key_of(bench, order))
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()

    assert held[order].cause is Cause.CANCELLED_LATE
    assert await bench.held(Flow.ORDERS) == {}
    assert (await bench.story(order))[-1] == "released"


async def test_what_was_learned_is_told_to_the_flows_that_it_concerns(bench: FlowBench) -> None:
    await bench.link()
    order = bench.store.buy(HAMBURG, (MUG, 1))

    await bench.look(Flow.ORDERS, order)

    assert await bench.pending(Flow.INVENTORY) == {MUG.inventory_item}
    assert await bench.pending(Flow.FULFILLMENTS) == {order}


async def test_a_plan_is_told_and_nothing_is_done(bench: FlowBench) -> None:
    await bench.link()
    order = bench.store.buy(HAMBURG, (MUG, 2))
    flow = bench.flow(Flow.ORDERS)
    assert isinstance(flow, OrdersFlow)

    (plan,) = await flow.plan([order])

    assert [step.sentence for step in plan.steps] == [f"Ask warehouse MAIN for {plan.title}: 2 units."]
    assert await at_backend(bench, order) == []
    async with bench.database.begin() as tx:
        assert await requests.of_orders(tx, ACME, [order]) == {}
        assert await orders.looked_at(tx, ACME, [order]) == {}


async def test_one_orders_lost_submit_does_not_keep_its_neighbours(bench: FlowBench) -> None:
    await bench.link()
    bought = [bench.store.buy(HAMBURG, (MUG, 1)) for _ in range(3)]
    bench.backend.lose_next_submit()

    await bench.mark(Flow.ORDERS, *bought)
    drained = await bench.drain(Flow.ORDERS)

    assert drained.failed == 1
    assert len(await at_backend(bench, *bought)) == 3


async def test_what_the_backend_has_seen_follows_the_order_at_shopify(bench: FlowBench) -> None:
    await bench.link()
    order = bench.store.buy(HAMBURG, (MUG, 5))
    await bench.look(Flow.ORDERS, order)
    at_first = await seen(bench)

    await bench.backend.ship(key_of(bench, order), [Parcel({only_line(bench, order): 2})])
    await bench.settle()
    after_a_package = await seen(bench)
    bench.store.cancel(order)
    await bench.look(Flow.ORDERS, order)

    assert (at_first, after_a_package, await seen(bench)) == (5, 3, 0)


def only_line(bench: FlowBench, order: OrderId) -> FulfillmentOrderLineId:
    return bench.store.order(order).fulfillment_orders[0].lines[0].id


async def seen(bench: FlowBench, item: InventoryItemId = MUG.inventory_item) -> int:
    async with bench.database.begin() as tx:
        return sum(there.seen for there in (await both_sides.at_backend(tx, ACME, [item])).values())


async def test_a_backend_that_does_not_answer_fails_the_look_and_loses_nothing(bench: FlowBench) -> None:
    await bench.link()
    order = bench.store.buy(HAMBURG, (MUG, 1))
    bench.store.refuse_next("orders", TryAgain("Shopify did not answer."))

    await bench.mark(Flow.ORDERS, order)
    drained = await bench.drain(Flow.ORDERS)

    assert drained.failed == 1
    assert await at_backend(bench, order) == ["FAKE-1"]
