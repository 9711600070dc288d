"""What Shopify shows of work at the warehouse: it is on hold, it has begun, it waits to be collected."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from tests.flows.flow_bench import FlowBench
from tests.flows.test_packages_on_their_way import rule, sentences
from tests.flows.test_shopify_hears_of_packages import at_the_warehouse, key_of, line_of, ship

from crossdock.kit.errors import Refused
from crossdock.model.cause import Cause
from crossdock.model.connection import FulfillmentRules
from crossdock.model.flow import Flow
from crossdock.model.generation import fulfillment_order_of
from crossdock.model.names import OrderId
from crossdock.model.order import FulfillmentOrder
from crossdock.model.request import WorkState

HOTEL = "The address is a hotel."


def the_part(bench: FlowBench, order: OrderId) -> FulfillmentOrder:
    (part,) = bench.store.order(order).fulfillment_orders
    return part


def holds(bench: FlowBench, order: OrderId) -> list[tuple[bool, str | None]]:
    return [(one.ours, one.reason) for one in the_part(bench, order).holds]


async def held_there(bench: FlowBench, units: int = 2) -> OrderId:
    """An order that is on hold at the warehouse, and Shopify shows it."""
    order = await at_the_warehouse(bench, units)
    await bench.backend.hold(key_of(bench, order), HOTEL)
    await bench.look(Flow.FULFILLMENTS, order)
    return order


def during(bench: FlowBench, call: str, act: Callable[[], Awaitable[None]]) -> None:
    """Let something happen while Shopify is asked for the first time."""
    todo = [act]

    async def before(asked: str) -> None:
        if asked == call and todo:
            await todo.pop()()

    bench.store.before = before


async def test_a_hold_at_the_warehouse_is_shown_with_its_reason_and_once(bench: FlowBench) -> None:
    order = await held_there(bench)

    for _ in range(3):
        await bench.look(Flow.FULFILLMENTS, order)

    assert holds(bench, order) == [(True, HOTEL)]
    assert bench.store.calls["hold"] == 1
    told = await sentences(bench, order)
    assert any(one.endswith(f"is on hold at the warehouse: {HOTEL} Shopify shows it.") for one in told)


async def test_our_own_hold_does_not_stop_the_warehouse(bench: FlowBench) -> None:
    order = await held_there(bench)

    await bench.look(Flow.ORDERS, order)
    await bench.settle()

    work = (await bench.backend.work_orders([key_of(bench, order)]))[key_of(bench, order)]
    assert work.state is WorkState.NOT_RELEASED
    assert "stopped" not in await bench.story(order)


async def test_a_hold_of_somebody_else_beside_ours_still_stops_it(bench: FlowBench) -> None:
    order = await held_there(bench)
    bench.store.put_on_hold(the_part(bench, order).id, "The merchant wants to look at it.")

    await bench.look(Flow.ORDERS, order)
    await bench.settle()

    work = (await bench.backend.work_orders([key_of(bench, order)]))[key_of(bench, order)]
    assert work.state is WorkState.CANCELLED


async def test_our_hold_goes_when_the_warehouse_goes_on_and_others_stay(bench: FlowBench) -> None:
    order = await held_there(bench)
    bench.store.put_on_hold(the_part(bench, order).id, "The merchant wants to look at it.")

    await bench.backend.resume(key_of(bench, order))
    await bench.look(Flow.FULFILLMENTS, order)

    assert holds(bench, order) == [(False, "The merchant wants to look at it.")]


async def test_another_reason_takes_the_place_of_the_first(bench: FlowBench) -> None:
    order = await held_there(bench)

    await bench.backend.hold(key_of(bench, order), "It needs a signature.")
    await bench.look(Flow.FULFILLMENTS, order)

    assert holds(bench, order) == [(True, "It needs a signature.")]


async def test_a_package_that_leaves_is_told_though_its_order_is_still_on_hold(bench: FlowBench) -> None:
    order = await held_there(bench)
    await ship(bench, order, (1, "T-1"))

    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()

    assert len(bench.store.order(order).fulfillments) == 1
    assert holds(bench, order) == [(True, HOTEL)]


async def test_our_hold_makes_no_way_for_a_package_that_somebody_elses_hold_keeps_out(bench: FlowBench) -> None:
    order = await held_there(bench)
    bench.store.put_on_hold(the_part(bench, order).id, "The merchant wants to look at it.")
    await ship(bench, order, (1, "T-1"))

    for _ in range(3):
        await bench.look(Flow.FULFILLMENTS, order)

    assert [reason for _, reason in holds(bench, order)] == [HOTEL, "The merchant wants to look at it."]
    assert bench.store.calls["release_hold"] == 0
    assert (await bench.held(Flow.FULFILLMENTS))[order].cause is Cause.PACKAGE_UNMATCHED


async def test_our_hold_makes_no_way_for_a_package_that_does_not_fit_without_it_either(bench: FlowBench) -> None:
    order = await held_there(bench, units=3)
    bench.store.edit(order, line_of(bench, order), 1)
    await ship(bench, order, (2, "T-1"))

    for _ in range(3):
        await bench.look(Flow.FULFILLMENTS, order)

    assert holds(bench, order) == [(True, HOTEL)]
    assert bench.store.calls["release_hold"] == 0
    assert (await bench.held(Flow.FULFILLMENTS))[order].cause is Cause.PACKAGE_UNMATCHED


async def test_a_hold_that_was_put_without_an_answer_is_not_put_twice(bench: FlowBench) -> None:
    order = await at_the_warehouse(bench, 2)
    await bench.backend.hold(key_of(bench, order), HOTEL)
    bench.store.lose_next_answer("hold")

    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()

    assert holds(bench, order) == [(True, HOTEL)]


async def test_a_hold_that_was_put_without_an_answer_goes_where_the_warehouse_goes_on_by_then(
    bench: FlowBench,
) -> None:
    order = await at_the_warehouse(bench, 2)
    await bench.backend.hold(key_of(bench, order), HOTEL)
    bench.store.lose_next_answer("hold")
    during(bench, "hold", lambda: bench.backend.resume(key_of(bench, order)))

    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()

    assert holds(bench, order) == []


async def test_a_hold_that_went_without_an_answer_is_put_again_where_the_warehouse_holds_again(
    bench: FlowBench,
) -> None:
    order = await held_there(bench)
    await bench.backend.resume(key_of(bench, order))
    bench.store.lose_next_answer("release_hold")
    during(bench, "release_hold", lambda: bench.backend.hold(key_of(bench, order), HOTEL))

    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()

    assert holds(bench, order) == [(True, HOTEL)]


async def test_the_first_reason_is_shown_again_though_the_second_was_put_without_an_answer(bench: FlowBench) -> None:
    order = await held_there(bench)
    await bench.backend.hold(key_of(bench, order), "It needs a signature.")
    bench.store.lose_next_answer("hold")
    during(bench, "hold", lambda: bench.backend.hold(key_of(bench, order), HOTEL))

    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()

    assert holds(bench, order) == [(True, HOTEL)]


async def test_a_hold_that_made_way_without_an_answer_is_back_once_the_package_is_told(bench: FlowBench) -> None:
    order = await held_there(bench)
    await ship(bench, order, (1, "T-1"))
    bench.store.lose_next_answer("release_hold")

    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()

    assert len(bench.store.order(order).fulfillments) == 1
    assert holds(bench, order) == [(True, HOTEL)]


async def test_what_shopify_does_not_show_keeps_no_package_from_it(bench: FlowBench) -> None:
    order = await at_the_warehouse(bench, 2)
    await bench.backend.hold(key_of(bench, order), HOTEL)
    bench.store.refuse_next("hold", Refused("The app may not hold."))
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.backend.resume(key_of(bench, order))
    await ship(bench, order, (2, "T-1"))

    await bench.look(Flow.FULFILLMENTS, order)

    assert await bench.held(Flow.FULFILLMENTS) == {}
    assert len(bench.store.order(order).fulfillments) == 1
    assert "not_shown" in await bench.story(order)


async def test_holds_are_told_on_the_time_line_alone_where_the_rules_say_so(bench: FlowBench) -> None:
    rule(bench, FulfillmentRules(show_holds=False))

    order = await held_there(bench)

    assert holds(bench, order) == []
    assert any(one.endswith(f"is on hold at the warehouse: {HOTEL}") for one in await sentences(bench, order))


async def test_work_that_began_is_shown_by_rule_and_taken_back_where_nobody_works_on_it(bench: FlowBench) -> None:
    rule(bench, FulfillmentRules(report_progress=True))
    order = await at_the_warehouse(bench, 2)

    await bench.backend.advance(key_of(bench, order), WorkState.PICKING)
    await bench.look(Flow.FULFILLMENTS, order)
    begun = the_part(bench, order).status
    await bench.backend.advance(key_of(bench, order), WorkState.RELEASED)
    await bench.look(Flow.FULFILLMENTS, order)

    assert (begun, the_part(bench, order).status) == ("IN_PROGRESS", "OPEN")
    assert bench.store.calls["report_progress"] == 1


async def test_an_order_that_goes_on_costs_no_question_where_no_rule_wants_it_shown(bench: FlowBench) -> None:
    order = await at_the_warehouse(bench, 2)
    await bench.look(Flow.FULFILLMENTS, order)
    asked = bench.store.calls["orders"]

    await bench.backend.advance(key_of(bench, order), WorkState.PICKING)
    await bench.look(Flow.FULFILLMENTS, order)

    assert bench.store.calls["orders"] == asked


async def test_what_is_packed_for_a_customer_to_collect_is_said_to_wait_once(bench: FlowBench) -> None:
    rule(bench, FulfillmentRules(prepare_pickups=True))
    order = await at_the_warehouse(bench, 2)
    part = the_part(bench, order)
    bench.store.put(replace(bench.store.order(order), fulfillment_orders=(replace(part, method="PICK_UP"),)))

    await bench.backend.advance(key_of(bench, order), WorkState.PACKED)
    for _ in range(2):
        await bench.look(Flow.FULFILLMENTS, order)

    assert bench.store.prepared == [fulfillment_order_of(key_of(bench, order))]
    assert "ready" in await bench.story(order)
