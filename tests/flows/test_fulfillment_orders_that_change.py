"""Split, merged, moved, held and released after the warehouse accepted them: nothing ships twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.flows.flow_bench import ACME, HAMBURG, ITEM, MUG, FlowBench
from tests.flows.test_changes_after_acceptance import an_accepted_order, leave_it, look

from crossdock.model.capability import Capability
from crossdock.model.cause import Cause
from crossdock.model.flow import Flow
from crossdock.model.names import FulfillmentOrderId, OrderId, RequestKey, Units, WarehouseCode
from crossdock.model.order import Order
from crossdock.model.request import WorkState
from crossdock.ports.backend import Warehouse
from crossdock.ports.storefront import FulfillmentDraft
from crossdock.store import requests
from crossdock.testing.builders import MAIN, NOON, a_location
from crossdock.testing.floor import Parcel
from crossdock.testing.fulfillment_orders import hold, merge, move, release, split

BREMEN = a_location(2).id
NORTH = WarehouseCode("NORTH")


async def a_second_warehouse(bench: FlowBench) -> None:
    bench.store.add_location(a_location(2))
    bench.store.add_variant(MUG, {BREMEN: 10})
    bench.map(BREMEN, NORTH)
    await bench.backend.add_warehouse(Warehouse(NORTH, "North"))
    await bench.backend.receive(ITEM, NORTH, 10)


def change(bench: FlowBench, id_: OrderId, how: Callable[..., Order], *args: object) -> None:
    order = bench.store.order(id_)
    bench.store.put(how(order, order.fulfillment_orders[0].id, *args))


async def at_the_warehouse(bench: FlowBench, id_: OrderId) -> dict[RequestKey, tuple[str, WorkState, int]]:
    """What each request is at the backend: where, how far, and how many units."""
    async with bench.database.begin() as tx:
        asked = (await requests.of_orders(tx, ACME, [id_]))[id_]
    there = {one.key: bench.backend._orders[one.key] for one in asked}
    return {
        key: (one.request.warehouse, one.state, sum(line.units for line in one.request.lines))
        for key, one in there.items()
    }


def first(bench: FlowBench, id_: OrderId) -> FulfillmentOrderId:
    return bench.store.order(id_).fulfillment_orders[0].id


async def ship(bench: FlowBench, id_: OrderId, key: RequestKey, number: str = "T-1") -> None:
    request = bench.backend._orders[key].request
    await bench.backend.ship(key, [Parcel({line.reference: line.units for line in request.lines}, "DHL", number)])
    await bench.look(Flow.FULFILLMENTS, id_)
    await bench.settle()


def remaining(bench: FlowBench, id_: OrderId) -> int:
    return sum(line.remaining for fo in bench.store.order(id_).fulfillment_orders for line in fo.lines)


# --- split and merged ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [WorkState.NOT_RELEASED, WorkState.PICKING, WorkState.PACKED])
async def test_a_split_after_acceptance_changes_nothing_at_the_warehouse(bench: FlowBench, state: WorkState) -> None:
    order = await an_accepted_order(bench)
    key = RequestKey(first(bench, order))
    await bench.backend.advance(key, state)

    change(bench, order, split, 1)
    await look(bench, order)

    assert await at_the_warehouse(bench, order) == {key: (MAIN, state, 3)}
    assert await bench.held(Flow.ORDERS) == {}


async def test_a_package_of_what_was_split_fulfills_both_parts(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)
    change(bench, order, split, 1)
    await look(bench, order)

    await ship(bench, order, RequestKey(first(bench, order)))

    assert remaining(bench, order) == 0
    assert len(bench.store.order(order).fulfillments) == 1
    assert await bench.held(Flow.FULFILLMENTS) == {}
    assert await bench.held(Flow.ORDERS) == {}


async def test_what_left_is_not_asked_for_again_while_shopify_may_not_have_heard_of_it(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)
    key = RequestKey(first(bench, order))
    bench.store.lose_next_question("create_fulfillment")
    change(bench, order, split, 1)
    request = bench.backend._orders[key].request
    await bench.backend.ship(key, [Parcel({line.reference: line.units for line in request.lines}, "DHL", "T-1")])
    await bench.look(Flow.FULFILLMENTS, order)

    await bench.look(Flow.ORDERS, order)

    assert remaining(bench, order) == 3
    assert await at_the_warehouse(bench, order) == {key: (MAIN, WorkState.SHIPPED, 3)}


async def test_what_was_split_before_acceptance_may_be_merged_after_it(bench: FlowBench) -> None:
    await bench.link()
    order = bench.store.buy(HAMBURG, (MUG, 3))
    change(bench, order, split, 1)
    await look(bench, order)
    one, two = (fo.id for fo in bench.store.order(order).fulfillment_orders)
    before = await at_the_warehouse(bench, order)

    bench.store.put(merge(bench.store.order(order), two, one))
    await look(bench, order)
    merged = await at_the_warehouse(bench, order)
    await ship(bench, order, RequestKey(one), "T-1")
    await ship(bench, order, RequestKey(two), "T-2")

    assert [units for *_, units in before.values()] == [2, 1]
    assert merged == before
    assert remaining(bench, order) == 0
    assert await bench.held(Flow.ORDERS) == {}
    assert await bench.held(Flow.FULFILLMENTS) == {}


async def test_what_is_added_while_it_is_split_is_asked_for_and_nothing_else(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)
    change(bench, order, split, 1)
    before = bench.store.order(order)
    (new,) = before.fulfillment_orders[1].lines
    more = replace(before.fulfillment_orders[1], lines=(replace(new, total=Units(3), remaining=Units(3)),))
    lines = tuple(replace(line, quantity=Units(5), current_quantity=Units(5)) for line in before.lines)
    bench.store.put(replace(before, lines=lines, fulfillment_orders=(before.fulfillment_orders[0], more)))

    await look(bench, order)

    assert sorted(units for *_, units in (await at_the_warehouse(bench, order)).values()) == [2, 3]


# --- moved --------------------------------------------------------------------------------------------------------


async def test_what_moves_to_another_warehouse_is_stopped_at_the_first_and_asked_of_the_second(
    bench: FlowBench,
) -> None:
    await a_second_warehouse(bench)
    order = await an_accepted_order(bench)
    key = RequestKey(first(bench, order))

    change(bench, order, move, BREMEN)
    await look(bench, order)

    assert await at_the_warehouse(bench, order) == {
        key: (MAIN, WorkState.CANCELLED, 3),
        RequestKey(f"{key}#2"): (NORTH, WorkState.NOT_RELEASED, 3),
    }
    assert await bench.held(Flow.ORDERS) == {}
    assert (await bench.story(order)).count("stopped") == 1
    assert (await bench.story(order)).count("accepted") == 2


async def test_what_moved_ships_from_the_second_warehouse(bench: FlowBench) -> None:
    await a_second_warehouse(bench)
    order = await an_accepted_order(bench)
    change(bench, order, move, BREMEN)
    await look(bench, order)

    await ship(bench, order, RequestKey(f"{first(bench, order)}#2"))

    assert remaining(bench, order) == 0
    assert await bench.held(Flow.FULFILLMENTS) == {}


async def test_where_the_first_warehouse_cannot_stop_a_person_is_asked_and_the_second_is_not(
    bench: FlowBench,
) -> None:
    await a_second_warehouse(bench)
    order = await an_accepted_order(bench)
    key = RequestKey(first(bench, order))
    await bench.backend.advance(key, WorkState.PACKED)
    await bench.look(Flow.FULFILLMENTS, order)

    change(bench, order, move, BREMEN)
    await look(bench, order)
    held = await bench.held(Flow.ORDERS)
    await leave_it(bench, order)

    assert held[order].cause is Cause.CHANGED_LATE
    assert "it was moved to another location" in held[order].detail
    assert await at_the_warehouse(bench, order) == {key: (MAIN, WorkState.PACKED, 3)}


async def test_a_part_that_moves_is_asked_of_the_second_once_the_first_let_go_of_it(bench: FlowBench) -> None:
    await a_second_warehouse(bench)
    order = await an_accepted_order(bench)
    change(bench, order, split, 1)
    there = bench.store.order(order)

    bench.store.put(move(there, there.fulfillment_orders[1].id, BREMEN))
    await look(bench, order)

    assert sorted((await at_the_warehouse(bench, order)).values()) == [
        (MAIN, WorkState.NOT_RELEASED, 2),
        (NORTH, WorkState.NOT_RELEASED, 1),
    ]
    assert await bench.held(Flow.ORDERS) == {}


async def test_a_part_that_the_first_warehouse_does_not_let_go_of_is_not_asked_of_the_second(bench: FlowBench) -> None:
    await a_second_warehouse(bench)
    order = await an_accepted_order(bench)
    key = RequestKey(first(bench, order))
    await bench.backend.advance(key, WorkState.PACKED)
    await bench.look(Flow.FULFILLMENTS, order)
    change(bench, order, split, 1)
    there = bench.store.order(order)

    bench.store.put(move(there, there.fulfillment_orders[1].id, BREMEN))
    await look(bench, order)
    asked = await bench.held(Flow.ORDERS)
    await leave_it(bench, order)
    left = await bench.held(Flow.ORDERS)
    bench.store.put(move(bench.store.order(order), there.fulfillment_orders[1].id, HAMBURG))
    await look(bench, order)

    assert asked[order].cause is Cause.CHANGED_LATE
    assert left[order].cause is Cause.ASKED_ALREADY
    assert await at_the_warehouse(bench, order) == {key: (MAIN, WorkState.PACKED, 3)}


# --- held and released --------------------------------------------------------------------------------------------


async def test_a_hold_stops_the_warehouse_and_its_release_asks_it_anew(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)
    key = RequestKey(first(bench, order))

    change(bench, order, hold)
    await look(bench, order)
    on_hold, held = await at_the_warehouse(bench, order), await bench.held(Flow.ORDERS)
    change(bench, order, release)
    await look(bench, order)
    await look(bench, order)

    assert on_hold == {key: (MAIN, WorkState.CANCELLED, 3)}
    assert held == {}
    assert await at_the_warehouse(bench, order) == {
        key: (MAIN, WorkState.CANCELLED, 3),
        RequestKey(f"{key}#2"): (MAIN, WorkState.NOT_RELEASED, 3),
    }
    assert bench.backend._orders[RequestKey(f"{key}#2")].request.name == "#1001-2"


async def test_an_order_may_be_held_and_released_more_than_once(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)

    for how in (hold, release, hold, release):
        change(bench, order, how)
        await look(bench, order)

    there = await at_the_warehouse(bench, order)
    states = [state for _, state, _ in there.values()]
    assert states == [WorkState.CANCELLED, WorkState.CANCELLED, WorkState.NOT_RELEASED]
    await ship(bench, order, RequestKey(f"{first(bench, order)}#3"))
    assert remaining(bench, order) == 0
    assert await bench.held(Flow.FULFILLMENTS) == {}


@pytest.mark.parametrize("lose", ["lose_next_submit", "lose_next_answer"])
async def test_a_stop_that_got_lost_either_way_still_leads_to_one_new_request(bench: FlowBench, lose: str) -> None:
    order = await an_accepted_order(bench)

    change(bench, order, hold)
    getattr(bench.backend, lose)()
    await look(bench, order)
    change(bench, order, release)
    await look(bench, order)

    states = [state for _, state, _ in (await at_the_warehouse(bench, order)).values()]
    assert states == [WorkState.CANCELLED, WorkState.NOT_RELEASED]
    assert await bench.held(Flow.ORDERS) == {}


async def test_a_backend_that_cannot_stop_is_asked_nothing_anew(bench: FlowBench) -> None:
    bench.can = frozenset(Capability) - {Capability.STOP}
    order = await an_accepted_order(bench)
    key = RequestKey(first(bench, order))

    change(bench, order, hold)
    await look(bench, order)
    held = await bench.held(Flow.ORDERS)
    change(bench, order, release)
    await look(bench, order)

    assert "it was put on hold" in held[order].detail
    assert await at_the_warehouse(bench, order) == {key: (MAIN, WorkState.NOT_RELEASED, 3)}
    assert await bench.held(Flow.ORDERS) == {}


# --- undone on Shopify --------------------------------------------------------------------------------------------


async def shipped_and_undone(bench: FlowBench) -> OrderId:
    """A package left and was told, and somebody cancels its fulfillment on Shopify."""
    order = await an_accepted_order(bench)
    await ship(bench, order, RequestKey(first(bench, order)))
    (fulfillment,) = bench.store.order(order).fulfillments
    await bench.store.cancel_fulfillment(fulfillment.id)
    await look(bench, order)
    return order


async def test_goods_that_left_are_not_asked_for_again_where_their_fulfillment_is_cancelled(bench: FlowBench) -> None:
    order = await shipped_and_undone(bench)

    held = await bench.held(Flow.ORDERS)

    assert held[order].cause is Cause.FULFILLMENT_CANCELLED
    assert held[order].detail == ("#1001: package FAKE-1-1 left, and its fulfillment #1001-F1 is cancelled on Shopify.")
    assert [state for _, state, _ in (await at_the_warehouse(bench, order)).values()] == [WorkState.SHIPPED]


async def test_what_a_person_leaves_and_fulfills_by_hand_is_done_with(bench: FlowBench) -> None:
    order = await shipped_and_undone(bench)

    await leave_it(bench, order)
    left = await bench.held(Flow.ORDERS)
    new = bench.store.order(order).fulfillment_orders[-1]
    lines = {new.id: tuple((line.id, line.remaining) for line in new.lines)}
    await bench.store.create_fulfillment(FulfillmentDraft(lines, "DHL", "T-1", None, notify_customer=False))
    await look(bench, order)

    assert left == {}
    assert await bench.held(Flow.ORDERS) == {}
    assert remaining(bench, order) == 0
    assert len(await at_the_warehouse(bench, order)) == 1


async def test_a_package_that_is_taken_back_then_ships_again_as_it_was_asked(bench: FlowBench) -> None:
    order = await shipped_and_undone(bench)
    key = RequestKey(first(bench, order))
    (package,) = bench.backend._orders[key].packages

    await bench.backend.take_back(key, package.id)
    await bench.look(Flow.FULFILLMENTS, order)
    await look(bench, order)

    assert await bench.held(Flow.ORDERS) == {}
    assert len(await at_the_warehouse(bench, order)) == 1


# --- scheduled ------------------------------------------------------------------------------------------------------


async def test_what_is_scheduled_is_asked_for_once_it_is_ready_and_as_it_was_rescheduled(bench: FlowBench) -> None:
    await bench.link()
    order = bench.store.order(bench.store.buy(HAMBURG, (MUG, 3)))
    (part,) = order.fulfillment_orders
    later = [NOON + timedelta(days=days) for days in (7, 30)]
    waiting = replace(part, status="SCHEDULED", supported_actions=frozenset({"MARK_AS_OPEN"}), fulfill_by=later[0])

    bench.store.put(replace(order, fulfillment_orders=(waiting,)))
    await look(bench, order.id)
    bench.store.put(replace(order, fulfillment_orders=(replace(waiting, fulfill_by=later[1]),)))
    await look(bench, order.id)
    async with bench.database.begin() as tx:
        before = await requests.of_orders(tx, ACME, [order.id])
    bench.store.put(replace(order, fulfillment_orders=(replace(part, fulfill_by=later[1]),)))
    await look(bench, order.id)

    assert before == {}
    assert await at_the_warehouse(bench, order.id) == {RequestKey(part.id): (MAIN, WorkState.NOT_RELEASED, 3)}
    assert bench.backend._orders[RequestKey(part.id)].request.fulfill_by == later[1]
    assert await bench.held(Flow.ORDERS) == {}
