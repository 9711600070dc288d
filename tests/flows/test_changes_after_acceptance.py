"""What changes on Shopify after the warehouse accepted an order reaches the warehouse, or a person."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.flows.flow_bench import ACME, HAMBURG, ITEM, MUG, FlowBench

from crossdock.edge.order_answers import answer_hold
from crossdock.flows.fulfillments.flow import FulfillmentsFlow
from crossdock.flows.orders.flow import OrdersFlow
from crossdock.kit.clock import SystemClock
from crossdock.kit.errors import UsageError
from crossdock.model.answer import Word
from crossdock.model.capability import Capability
from crossdock.model.cause import Cause
from crossdock.model.flow import Flow
from crossdock.model.names import FulfillmentOrderLineId, OrderId, RequestKey, Units
from crossdock.model.order import FulfillmentOrder, Order
from crossdock.model.people import Actor, Face
from crossdock.model.request import FulfillmentRequest, Verdict, WorkState
from crossdock.pending.sources import Sources
from crossdock.pending.work import Claim
from crossdock.ports.storefront import FulfillmentDraft
from crossdock.store import requests, timeline
from crossdock.testing.builders import MAIN, NOON, a_fulfillment_order_line, a_line, a_variant, an_address, an_item
from crossdock.testing.fakes import FakeBackend
from crossdock.testing.floor import Parcel
from crossdock.testing.storefront import FakeStorefront

BREMEN = an_address(city="Bremen")


async def an_accepted_order(bench: FlowBench, units: int = 3) -> OrderId:
    """So many of ten mugs, bought and accepted by the warehouse; everybody knows."""
    await bench.link()
    order = bench.store.buy(HAMBURG, (MUG, units))
    await bench.mark(Flow.ORDERS, order)
    await bench.settle()
    return order


def change(bench: FlowBench, id_: OrderId, how: Callable[[Order], Order]) -> None:
    bench.store.put(how(bench.store.order(id_)))


def change_part(bench: FlowBench, id_: OrderId, how: Callable[[FulfillmentOrder], FulfillmentOrder]) -> None:
    change(bench, id_, lambda order: replace(order, fulfillment_orders=tuple(map(how, order.fulfillment_orders))))


def moved_to_bremen(bench: FlowBench, id_: OrderId) -> None:
    change(bench, id_, lambda order: replace(order, shipping_address=BREMEN))


def key_of(bench: FlowBench, order: OrderId) -> RequestKey:
    return RequestKey(bench.store.order(order).fulfillment_orders[0].id)


def only_line(bench: FlowBench, order: OrderId) -> FulfillmentOrderLineId:
    return bench.store.order(order).fulfillment_orders[0].lines[0].id


def there(bench: FlowBench, order: OrderId) -> FulfillmentRequest:
    """What the warehouse's order says now."""
    return bench.backend._orders[key_of(bench, order)].request


async def state(bench: FlowBench, order: OrderId) -> WorkState:
    key = key_of(bench, order)
    return (await bench.backend.work_orders([key]))[key].state


async def both_sides(bench: FlowBench) -> tuple[int, int]:
    """What Shopify may sell, and what the warehouse could still promise."""
    there = (await bench.backend.stock([ITEM])).available[ITEM, MAIN]
    return bench.store.available(MUG, HAMBURG), there


async def look(bench: FlowBench, order: OrderId) -> None:
    await bench.mark(Flow.ORDERS, order)
    await bench.settle()


async def leave_it(bench: FlowBench, order: OrderId) -> None:
    async with bench.database.begin() as tx:
        await answer_hold(tx, Actor("ada@acme.test", Face.PORTAL), ACME, order, "#1001", Word.LEAVE)
    await bench.settle()


def sources(bench: FlowBench) -> Sources:
    return Sources(bench.database, bench.store, bench.backend, bench.connection, bench.can)


def a_claim(order: OrderId, flow: Flow) -> Claim:
    return Claim(ACME, flow, order, "a test asked", 0, 1, 1, NOON)


# --- stopped ------------------------------------------------------------------------------------------------------


async def test_an_order_cancelled_on_shopify_is_stopped_and_its_goods_are_for_sale_again(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)
    before = await both_sides(bench)

    bench.store.cancel(order)
    await look(bench, order)

    assert before == (7, 7)
    assert await state(bench, order) is WorkState.CANCELLED
    assert await both_sides(bench) == (10, 10)
    assert await bench.held(Flow.ORDERS) == {}
    assert (await bench.story(order)).count("stopped") == 1


async def test_an_order_of_which_nothing_is_wanted_any_more_is_stopped(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)

    bench.store.edit(order, only_line(bench, order), 0)
    await look(bench, order)

    assert await state(bench, order) is WorkState.CANCELLED
    assert await both_sides(bench) == (10, 10)


async def test_a_voided_order_is_stopped(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)

    change(bench, order, lambda one: replace(one, financial_status="VOIDED"))
    await look(bench, order)

    assert await state(bench, order) is WorkState.CANCELLED
    assert await bench.held(Flow.ORDERS) == {}


@pytest.mark.parametrize("fault", [FakeBackend.lose_next_submit, FakeBackend.lose_next_answer])
async def test_a_stop_that_got_lost_either_way_is_asked_for_again(
    bench: FlowBench, fault: Callable[[FakeBackend], None]
) -> None:
    order = await an_accepted_order(bench)
    bench.store.cancel(order)

    fault(bench.backend)
    await look(bench, order)

    assert await state(bench, order) is WorkState.CANCELLED
    assert await both_sides(bench) == (10, 10)
    assert (await bench.story(order)).count("stopped") == 1


# --- amended ------------------------------------------------------------------------------------------------------


async def test_another_address_reaches_the_warehouse_once(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)

    moved_to_bremen(bench, order)
    for _ in range(3):
        await look(bench, order)

    assert there(bench, order).ship_to == BREMEN
    assert await bench.held(Flow.ORDERS) == {}
    assert (await bench.story(order)).count("amended") == 1
    async with bench.database.begin() as tx:
        said = [one.sentence for one in await timeline.read(tx, ACME, order) if one.kind == "amended"]
    name = bench.store.order(order).name
    assert said == [f"{name}: the shipping address was changed. The warehouse changed FAKE-1."]


@pytest.mark.parametrize(("units", "left"), [(1, 9), (5, 5)])
async def test_another_quantity_reaches_the_warehouse_and_stock_follows(
    bench: FlowBench, units: int, left: int
) -> None:
    order = await an_accepted_order(bench)

    bench.store.edit(order, only_line(bench, order), units)
    await look(bench, order)

    assert [line.units for line in there(bench, order).lines] == [units]
    assert await both_sides(bench) == (left, left)


async def test_an_added_line_reaches_the_warehouse(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)
    lamp = a_variant(2, sku="LAMP")
    bench.store.add_variant(lamp, {HAMBURG: 4})
    await bench.backend.add_item(an_item("LAMP"))
    bought = a_line(99, sku="LAMP", variant=2, quantity=2)

    change(bench, order, lambda one: replace(one, lines=(*one.lines, bought)))
    change_part(bench, order, lambda fo: replace(fo, lines=(*fo.lines, a_fulfillment_order_line(bought))))
    await look(bench, order)

    assert [(line.item, line.units) for line in there(bench, order).lines] == [("MUG", 3), ("LAMP", 2)]
    assert await bench.held(Flow.ORDERS) == {}


@pytest.mark.parametrize("fault", [FakeBackend.lose_next_submit, FakeBackend.lose_next_answer])
async def test_a_change_that_was_taken_back_while_its_answer_was_lost_is_taken_back_there_too(
    bench: FlowBench, fault: Callable[[FakeBackend], None]
) -> None:
    order = await an_accepted_order(bench)
    at_first = bench.store.order(order).shipping_address
    moved_to_bremen(bench, order)
    fault(bench.backend)
    await OrdersFlow(sources(bench), SystemClock())(
        [a_claim(order, Flow.ORDERS)]
    )  # it loses its answer, and is not settled

    change(bench, order, lambda one: replace(one, shipping_address=at_first))
    await look(bench, order)

    assert there(bench, order).ship_to == at_first
    assert await bench.held(Flow.ORDERS) == {}
    async with bench.database.begin() as tx:
        (asked,) = (await requests.of_orders(tx, ACME, [order]))[order]
    assert (asked.asking, asked.terms and asked.terms.request.ship_to) == (False, at_first)


async def test_packages_that_left_are_no_change(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)

    await bench.backend.ship(key_of(bench, order), [Parcel({only_line(bench, order): 1})])
    await bench.look(Flow.FULFILLMENTS, order)
    await look(bench, order)
    await bench.backend.ship(key_of(bench, order), [Parcel({only_line(bench, order): 2})])
    await bench.look(Flow.FULFILLMENTS, order)
    await look(bench, order)

    assert not {"amended", "stopped", "held", "left"} & set(await bench.story(order))
    assert await both_sides(bench) == (7, 7)


@pytest.mark.parametrize("fault", [FakeStorefront.lose_next_question, FakeStorefront.lose_next_answer])
async def test_a_package_whose_telling_has_no_known_end_is_no_change(
    bench: FlowBench, fault: Callable[[FakeStorefront, str], None]
) -> None:
    order = await an_accepted_order(bench)
    await bench.backend.ship(key_of(bench, order), [Parcel({only_line(bench, order): 1})])
    fault(bench.store, "create_fulfillment")
    await FulfillmentsFlow(sources(bench))([a_claim(order, Flow.FULFILLMENTS)])  # it loses its answer

    await bench.look(Flow.ORDERS, order)

    assert not {"amended", "stopped", "held", "left"} & set(await bench.story(order))


# --- asked --------------------------------------------------------------------------------------------------------


async def test_another_address_after_the_goods_left_is_asked_about_until_a_person_leaves_it(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)
    await bench.backend.ship(key_of(bench, order), [Parcel({only_line(bench, order): 3})])
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()

    moved_to_bremen(bench, order)
    await look(bench, order)
    held = await bench.held(Flow.ORDERS)
    await leave_it(bench, order)
    await look(bench, order)

    assert held[order].cause is Cause.LEFT_ALREADY
    assert "the shipping address was changed" in held[order].detail
    assert "Bremen" not in held[order].detail
    assert await bench.held(Flow.ORDERS) == {}
    assert (await bench.story(order)).count("left") == 1


async def test_a_change_after_a_persons_word_is_asked_about_anew(bench: FlowBench) -> None:
    bench.can = frozenset()
    order = await an_accepted_order(bench)
    moved_to_bremen(bench, order)
    await look(bench, order)
    await leave_it(bench, order)

    change(bench, order, lambda one: replace(one, note="Ring twice"))
    await look(bench, order)

    (hold,) = (await bench.held(Flow.ORDERS)).values()
    assert "the note was changed" in hold.detail
    assert "address" not in hold.detail


async def test_what_changed_between_the_question_and_the_answer_is_not_answered(bench: FlowBench) -> None:
    bench.can = frozenset()
    order = await an_accepted_order(bench)
    moved_to_bremen(bench, order)
    await look(bench, order)

    change(bench, order, lambda one: replace(one, note="Ring twice"))
    await leave_it(bench, order)

    (hold,) = (await bench.held(Flow.ORDERS)).values()
    assert "the note was changed" in hold.detail


async def test_what_is_not_held_for_a_change_cannot_be_left(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)

    with pytest.raises(UsageError, match=r"#1001 is not held\."):
        await leave_it(bench, order)


async def test_a_backend_that_stops_nothing_is_not_asked_to(bench: FlowBench) -> None:
    bench.can = frozenset(Capability) - {Capability.STOP}
    order = await an_accepted_order(bench)

    bench.store.cancel(order)
    await look(bench, order)

    assert await state(bench, order) is WorkState.NOT_RELEASED
    assert (await bench.held(Flow.ORDERS))[order].cause is Cause.CANCELLED_LATE


@pytest.mark.parametrize("late", [WorkState.PACKED, WorkState.SHIPPED])
async def test_where_the_backend_is_further_than_was_known_its_no_becomes_a_question(
    bench: FlowBench, late: WorkState
) -> None:
    order = await an_accepted_order(bench)
    await bench.backend.advance(key_of(bench, order), late)  # and the hub has not heard

    bench.store.cancel(order)
    await bench.look(Flow.ORDERS, order)
    at_once = await bench.held(Flow.ORDERS)
    await bench.settle()

    assert at_once[order].cause is Cause.CANCELLED_LATE
    assert (await bench.held(Flow.ORDERS))[order].detail.endswith(f"FAKE-1, {late.value}.")
    assert await state(bench, order) is late


async def test_a_hold_is_asked_about_where_the_warehouse_cannot_stop_until_it_is_released(
    bench: FlowBench,
) -> None:
    bench.can = frozenset(Capability) - {Capability.STOP}
    order = await an_accepted_order(bench)

    change_part(bench, order, lambda fo: replace(fo, status="ON_HOLD"))
    await look(bench, order)
    held = await bench.held(Flow.ORDERS)
    change_part(bench, order, lambda fo: replace(fo, status="OPEN"))
    await look(bench, order)

    assert "it was put on hold" in held[order].detail
    assert await bench.held(Flow.ORDERS) == {}


async def test_what_somebody_fulfills_by_hand_is_asked_about_and_not_cancelled(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)
    part = bench.store.order(order).fulfillment_orders[0]
    lines = {part.id: ((part.lines[0].id, Units(2)),)}

    await bench.store.create_fulfillment(FulfillmentDraft(lines, "DHL", "T-1", None, notify_customer=False))
    await look(bench, order)
    held = await bench.held(Flow.ORDERS)
    await leave_it(bench, order)

    assert "fulfilled by somebody else" in held[order].detail
    assert await state(bench, order) is WorkState.NOT_RELEASED
    assert [line.units for line in there(bench, order).lines] == [3]
    assert await bench.held(Flow.ORDERS) == {}


async def test_what_cannot_be_helped_is_told_and_nobody_is_asked(bench: FlowBench) -> None:
    bench.can = frozenset()
    order = await an_accepted_order(bench)

    change(bench, order, lambda one: replace(one, tags=("vip",)))
    for _ in range(2):
        await look(bench, order)

    assert there(bench, order).tags == ()
    assert await bench.held(Flow.ORDERS) == {}
    assert (await bench.story(order)).count("left") == 1


async def test_a_change_that_the_backend_refuses_is_held_with_what_it_said(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)
    cup = a_variant(2, sku="CUP")
    bench.store.add_variant(cup, {HAMBURG: 4})
    await bench.link(cup, "CUP")  # linked, and then deleted at the backend
    bought = a_line(99, sku="CUP", variant=2)

    change(bench, order, lambda one: replace(one, lines=(*one.lines, bought)))
    change_part(bench, order, lambda fo: replace(fo, lines=(*fo.lines, a_fulfillment_order_line(bought))))
    await look(bench, order)

    hold = (await bench.held(Flow.ORDERS))[order]
    assert hold.cause is Cause.CHANGED_LATE
    assert "It said:" in hold.detail
    assert "no item CUP" in hold.detail
    assert [line.item for line in there(bench, order).lines] == ["MUG"]


async def test_units_added_after_everything_left_are_kept_from_sale_until_they_are_seen_to(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)
    await bench.backend.ship(key_of(bench, order), [Parcel({only_line(bench, order): 3})])
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()

    bench.store.edit(order, only_line(bench, order), 2)
    await look(bench, order)

    assert "a quantity went up (3 → 5" in (await bench.held(Flow.ORDERS))[order].detail
    assert await both_sides(bench) == (5, 7)


# --- the seller's side --------------------------------------------------------------------------------------------


async def test_what_the_warehouse_cancels_by_itself_is_asked_about_until_a_person_leaves_it(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)
    await bench.backend.stop(key_of(bench, order))
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()
    held = await bench.held(Flow.ORDERS)

    await leave_it(bench, order)
    await look(bench, order)

    assert held[order].cause is Cause.CANCELLED_THERE
    assert await bench.held(Flow.ORDERS) == {}


async def test_what_the_warehouse_cancelled_needs_nobody_once_it_is_cancelled_on_shopify_too(bench: FlowBench) -> None:
    order = await an_accepted_order(bench)
    await bench.backend.stop(key_of(bench, order))
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()

    bench.store.cancel(order)
    await look(bench, order)

    assert await bench.held(Flow.ORDERS) == {}
    assert await both_sides(bench) == (10, 10)


# --- what was written down ----------------------------------------------------------------------------------------


class Killed(BaseException):
    """Nobody handles it, as nobody handles a kill."""


class Dying(FakeBackend):
    """A backend whose caller dies once, after a stop or an amendment was done."""

    died = False

    async def amend(self, request: FulfillmentRequest) -> Verdict:
        verdict = await super().amend(request)
        if not self.died:
            self.died = True
            raise Killed
        return verdict


async def test_a_worker_killed_at_an_amendment_leaves_word_of_it_and_the_next_one_finishes(bench: FlowBench) -> None:
    bench.backend = Dying()
    await bench.open()
    order = await an_accepted_order(bench)
    bench.store.edit(order, only_line(bench, order), 1)

    with pytest.raises(BaseExceptionGroup, match="unhandled"):
        await bench.look(Flow.ORDERS, order)
    async with bench.database.begin() as tx:
        (intent,) = (await requests.of_orders(tx, ACME, [order]))[order]
    await look(bench, order)

    assert intent.asking
    assert [line.units for line in there(bench, order).lines] == [1]
    assert await both_sides(bench) == (9, 9)
    assert (await bench.story(order)).count("amended") == 1
