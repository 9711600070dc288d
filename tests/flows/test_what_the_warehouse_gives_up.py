"""What the warehouse cancels or ships short is taken off at Shopify, by the rules or as a person says, once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from tests.flows.flow_bench import ACME, HAMBURG, MUG, FlowBench, a_connection
from tests.flows.test_changes_after_acceptance import (
    an_accepted_order,
    both_sides,
    change,
    change_part,
    key_of,
    leave_it,
    look,
    only_line,
)
from tests.flows.test_changes_to_what_came_back import an_order_that_came_back

from crossdock.edge.order_answers import answer_hold
from crossdock.kit.errors import Refused, UsageError
from crossdock.model.answer import Word
from crossdock.model.cause import Cause
from crossdock.model.connection import GivenUpRules, InventoryRules, OnGivenUp, OrderRules, Rules
from crossdock.model.flow import Flow
from crossdock.model.names import OrderId
from crossdock.model.people import Actor, Face
from crossdock.model.state import OrderState
from crossdock.ports.storefront import FulfillmentDraft
from crossdock.store import cancellations, orders
from crossdock.testing.builders import a_fulfillment_order_line, a_line, a_variant, an_item
from crossdock.testing.floor import Parcel

ADA = Actor("ada@acme.test", Face.PORTAL)
CANCELS = GivenUpRules(on_give_up=OnGivenUp.CANCEL)


def by_rule(bench: FlowBench, given_up: GivenUpRules = CANCELS) -> None:
    rules = Rules(orders=OrderRules(given_up=given_up), inventory=InventoryRules(window=timedelta()))
    bench.connection = a_connection(rules)


async def cancelled_there(bench: FlowBench, order: OrderId) -> None:
    await bench.backend.stop(key_of(bench, order))
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()


async def shipped_short(bench: FlowBench, order: OrderId, *, shipped: int) -> None:
    key = key_of(bench, order)
    if shipped:
        await bench.backend.ship(key, [Parcel({only_line(bench, order): shipped}, "DHL", "T-1")])
    await bench.backend.close_short(key)
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()


async def cancel_it(bench: FlowBench, order: OrderId) -> None:
    async with bench.database.begin() as tx:
        await answer_hold(tx, ADA, ACME, order, "#1001", Word.CANCEL)
    await bench.settle()


def wanted(bench: FlowBench, order: OrderId) -> int:
    return sum(line.remaining for fo in bench.store.order(order).fulfillment_orders for line in fo.lines)


async def state(bench: FlowBench, order: OrderId) -> OrderState:
    async with bench.database.begin() as tx:
        found = await tx.scalar(text("SELECT state FROM orders WHERE order_id = :order"), {"order": order})
    return OrderState(found)


# --- by the rules -------------------------------------------------------------------------------------------------


async def test_an_order_of_which_nothing_ships_is_cancelled_on_shopify_once(bench: FlowBench) -> None:
    by_rule(bench)
    order = await an_accepted_order(bench)

    await cancelled_there(bench, order)
    await look(bench, order)

    assert bench.store.cancellations == [(order, False, False, False)]
    assert bench.store.order(order).cancelled_at is not None
    assert await bench.held(Flow.ORDERS) == {}
    assert (await bench.story(order)).count("withdrawn") == 1
    assert await both_sides(bench) == (10, 10)


async def test_the_rules_say_whether_it_is_restocked_refunded_and_written_of(bench: FlowBench) -> None:
    by_rule(bench, replace(CANCELS, restock=True, refund=True, notify_customer=True))
    order = await an_accepted_order(bench)

    await cancelled_there(bench, order)

    assert bench.store.cancellations == [(order, True, True, True)]
    assert await both_sides(bench) == (10, 10)


async def test_units_that_are_missing_are_taken_out_of_the_order_and_owed_to_nobody_any_more(bench: FlowBench) -> None:
    by_rule(bench)
    order = await an_accepted_order(bench)

    await shipped_short(bench, order, shipped=2)

    assert [line.current_quantity for line in bench.store.order(order).lines] == [2]
    assert wanted(bench, order) == 0
    assert bench.store.committed(MUG, HAMBURG) == 0
    assert bench.store.calls["remove_units"] == 1
    assert await bench.held(Flow.ORDERS) == {}
    assert await state(bench, order) is OrderState.SHIPPED
    assert await both_sides(bench) == (8, 8)


async def test_an_order_given_up_before_anything_left_is_cancelled_whole(bench: FlowBench) -> None:
    by_rule(bench)
    order = await an_accepted_order(bench)

    await shipped_short(bench, order, shipped=0)

    assert len(bench.store.cancellations) == 1
    assert await state(bench, order) is OrderState.CANCELLED


async def test_what_is_not_the_warehouses_stays_in_the_order(bench: FlowBench) -> None:
    """A gift card, fulfilled by whoever makes it: Shopify would refund it with the order."""
    by_rule(bench)
    order = await an_accepted_order(bench)
    before = bench.store.order(order)
    card = replace(a_line(99, quantity=1), requires_shipping=False)
    bench.store.put(replace(before, lines=(*before.lines, card)))

    await cancelled_there(bench, order)

    assert bench.store.cancellations == []
    assert [line.current_quantity for line in bench.store.order(order).lines] == [0, 1]


@pytest.mark.parametrize("given_up", [CANCELS, GivenUpRules()], ids=["by rule", "asked"])
async def test_what_came_back_and_is_given_up_then_is_missed_too(bench: FlowBench, given_up: GivenUpRules) -> None:
    by_rule(bench, given_up)
    order = await an_order_that_came_back(bench)

    await shipped_short(bench, order, shipped=0)

    held = await bench.held(Flow.ORDERS)
    if given_up is CANCELS:
        assert (wanted(bench, order), held) == (0, {})
    else:
        assert held[order].cause is Cause.SHORT_THERE
        assert "waits for 3 units" in held[order].detail


async def test_a_line_that_is_added_once_the_warehouse_is_through_is_asked_about_until_a_person_leaves_it(
    bench: FlowBench,
) -> None:
    order = await an_accepted_order(bench)
    bench.store.add_variant(a_variant(2, sku="LAMP"), {HAMBURG: 4})
    await bench.backend.add_item(an_item("LAMP"))
    await shipped_short(bench, order, shipped=0)
    await leave_it(bench, order)

    bought = a_line(99, sku="LAMP", variant=2, quantity=2)
    change(bench, order, lambda one: replace(one, lines=(*one.lines, bought)))
    change_part(bench, order, lambda fo: replace(fo, lines=(*fo.lines, a_fulfillment_order_line(bought))))
    await look(bench, order)
    held = await bench.held(Flow.ORDERS)
    await leave_it(bench, order)

    assert "a line was added" in held[order].detail
    assert await bench.held(Flow.ORDERS) == {}


# --- Shopify's job ------------------------------------------------------------------------------------------------


async def test_a_cancellation_is_followed_to_its_end(bench: FlowBench) -> None:
    by_rule(bench)
    bench.store.slow_down()
    order = await an_accepted_order(bench)
    await bench.backend.stop(key_of(bench, order))
    await bench.look(Flow.FULFILLMENTS, order)

    await bench.drain(Flow.ORDERS)
    await bench.look(Flow.ORDERS, order)
    waiting = await bench.pending(Flow.ORDERS)
    bench.store.end_jobs()
    await bench.settle()

    assert waiting == {order}
    assert len(bench.store.cancellations) == 1
    assert bench.store.order(order).cancelled_at is not None
    assert await bench.held(Flow.ORDERS) == {}


async def test_a_cancellation_that_shopify_does_not_end_is_held_and_tried_again_when_a_person_asks(
    bench: FlowBench,
) -> None:
    by_rule(bench)
    bench.store.slow_down()
    order = await an_accepted_order(bench)
    await bench.backend.stop(key_of(bench, order))
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.drain(Flow.ORDERS)
    bench.store.end_jobs(well=False)

    await bench.look(Flow.ORDERS, order)
    held = await bench.held(Flow.ORDERS)
    bench.store.slow_down(slow=False)
    await look(bench, order)

    assert held[order].cause is Cause.SHOPIFY_REFUSED
    assert len(bench.store.cancellations) == 2
    assert bench.store.order(order).cancelled_at is not None
    assert await bench.held(Flow.ORDERS) == {}


@pytest.mark.parametrize("lose", ["lose_next_question", "lose_next_answer"])
async def test_a_cancellation_that_got_lost_either_way_is_made_once(bench: FlowBench, lose: str) -> None:
    by_rule(bench)
    order = await an_accepted_order(bench)

    getattr(bench.store, lose)("cancel_order")
    await cancelled_there(bench, order)

    assert len(bench.store.cancellations) == 1
    assert bench.store.order(order).cancelled_at is not None
    assert await bench.held(Flow.ORDERS) == {}


async def test_a_cancellation_that_may_still_arrive_is_waited_for(bench: FlowBench) -> None:
    by_rule(bench)
    order = await an_accepted_order(bench)
    await bench.backend.stop(key_of(bench, order))
    await bench.look(Flow.FULFILLMENTS, order)
    bench.store.lose_next_question("cancel_order")

    for _ in range(3):
        await bench.look(Flow.ORDERS, order)
    soon = bench.store.calls["cancel_order"]
    await bench.settle()

    assert soon == 1
    assert bench.store.calls["cancel_order"] == 2


async def test_a_cancellation_that_was_not_heard_is_forgotten_where_somebody_else_ships_it(bench: FlowBench) -> None:
    by_rule(bench)
    order = await an_accepted_order(bench)
    await bench.backend.stop(key_of(bench, order))
    await bench.look(Flow.FULFILLMENTS, order)
    bench.store.lose_next_question("cancel_order")
    await bench.look(Flow.ORDERS, order)

    (part,) = bench.store.order(order).fulfillment_orders
    lines = {part.id: tuple((line.id, line.remaining) for line in part.lines)}
    await bench.store.create_fulfillment(FulfillmentDraft(lines, "DHL", "T-1", None, notify_customer=False))
    await bench.settle()

    async with bench.database.begin() as tx:
        assert await cancellations.of_orders(tx, ACME, [order]) == {}
    assert bench.store.cancellations == []


@pytest.mark.parametrize("lose", ["lose_next_question", "lose_next_answer"])
async def test_units_whose_removal_got_lost_either_way_are_taken_out_once(bench: FlowBench, lose: str) -> None:
    by_rule(bench)
    order = await an_accepted_order(bench)

    getattr(bench.store, lose)("remove_units")
    await shipped_short(bench, order, shipped=2)

    assert [line.current_quantity for line in bench.store.order(order).lines] == [2]
    assert await both_sides(bench) == (8, 8)
    assert await bench.held(Flow.ORDERS) == {}


async def test_what_shopify_refuses_is_held_with_what_it_said(bench: FlowBench) -> None:
    by_rule(bench)
    order = await an_accepted_order(bench)
    bench.store.refuse_next("remove_units", Refused("Shopify said: not this one."))

    await shipped_short(bench, order, shipped=2)

    held = await bench.held(Flow.ORDERS)
    assert held[order].cause is Cause.SHOPIFY_REFUSED
    assert "not this one" in held[order].detail


# --- as a person says ---------------------------------------------------------------------------------------------


async def test_without_a_rule_a_short_shipment_is_asked_about_and_cancelled_as_a_person_says(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)
    await shipped_short(bench, order, shipped=2)
    held = await bench.held(Flow.ORDERS)

    await cancel_it(bench, order)

    assert held[order].cause is Cause.SHORT_THERE
    assert held[order].detail == (
        "The warehouse shipped #1001 (FAKE-1) short, and Shopify still waits for 1 unit of it."
    )
    assert wanted(bench, order) == 0
    assert await bench.held(Flow.ORDERS) == {}
    assert await both_sides(bench) == (8, 8)


async def test_a_word_to_cancel_is_good_until_shopify_has_heard_it(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)
    await shipped_short(bench, order, shipped=2)

    bench.store.lose_next_question("remove_units")
    await cancel_it(bench, order)

    assert wanted(bench, order) == 0
    assert await bench.held(Flow.ORDERS) == {}


async def test_a_short_shipment_that_a_person_leaves_is_asked_about_no_more(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)
    await shipped_short(bench, order, shipped=2)

    await leave_it(bench, order)
    await look(bench, order)

    assert wanted(bench, order) == 1
    assert await bench.held(Flow.ORDERS) == {}
    assert await state(bench, order) is OrderState.SHORT


async def test_what_the_warehouse_cancelled_is_cancelled_as_a_person_says(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)
    await cancelled_there(bench, order)

    await cancel_it(bench, order)

    assert bench.store.order(order).cancelled_at is not None
    assert await bench.held(Flow.ORDERS) == {}


async def test_only_what_is_missing_can_be_cancelled(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)

    async with bench.database.begin() as tx:
        with pytest.raises(UsageError, match="is not held"):
            await answer_hold(tx, ADA, ACME, order, "#1001", Word.CANCEL)
        assert await orders.looked_at(tx, ACME, [order])
