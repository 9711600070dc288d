"""A fulfillment service ships what its merchant requested, and answers every request and every cancellation."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.flows.flow_bench import ACME, HAMBURG, MUG, FlowBench, a_connection
from tests.flows.test_changes_after_acceptance import key_of, leave_it, look, only_line, sources, state

from crossdock.edge.order_answers import answer_hold
from crossdock.flows.orders.flow import OrdersFlow
from crossdock.kit.clock import SystemClock
from crossdock.kit.errors import NotNow, Refused
from crossdock.model.answer import Word
from crossdock.model.capability import Capability
from crossdock.model.cause import Cause
from crossdock.model.connection import GivenUpRules, InventoryRules, OnGivenUp, OrderRules, Rules
from crossdock.model.flow import Flow
from crossdock.model.names import FulfillmentOrderId, OrderId, RequestKey
from crossdock.model.order import FulfillmentOrder
from crossdock.model.people import Actor, Face
from crossdock.model.request import WorkState
from crossdock.model.service_request import Reason, Say
from crossdock.ports.backend import OutOfStock
from crossdock.testing.floor import Parcel

ADA = Actor("ada@acme.test", Face.PORTAL)
GIVES_UP = GivenUpRules(on_give_up=OnGivenUp.CANCEL)


def ruled(bench: FlowBench, orders: OrderRules) -> None:
    bench.connection = a_connection(Rules(orders=orders, inventory=InventoryRules(window=timedelta())))


async def a_bought_order(bench: FlowBench) -> OrderId:
    """Three of ten mugs, bought; they ship from a fulfillment service, and nobody has requested it."""
    await bench.link()
    bench.store.open_service(HAMBURG)
    order = bench.store.buy(HAMBURG, (MUG, 3))
    await look(bench, order)
    return order


async def a_requested_order(bench: FlowBench) -> OrderId:
    order = await a_bought_order(bench)
    bench.store.request(part(bench, order).id)
    await look(bench, order)
    return order


async def take_on(bench: FlowBench, order: OrderId) -> None:
    """The warehouse has accepted the order, and Shopify cannot be told for a minute."""
    bench.store.refuse_next("reply", NotNow("Shopify cannot be asked now.", timedelta(minutes=1)))
    await bench.look(Flow.ORDERS, order)


def part(bench: FlowBench, order: OrderId) -> FulfillmentOrder:
    return bench.store.order(order).fulfillment_orders[0]


def said(bench: FlowBench) -> list[Say]:
    return [reply.say for reply in bench.store.replies]


async def call_back(bench: FlowBench, order: OrderId) -> None:
    bench.store.call_back(part(bench, order).id)
    await look(bench, order)


async def cancel_it(bench: FlowBench, order: OrderId) -> None:
    async with bench.database.begin() as tx:
        await answer_hold(tx, ADA, ACME, order, "#1001", Word.CANCEL)
    await bench.settle()


async def known_to_the_warehouse(bench: FlowBench, *keys: str) -> set[str]:
    return {*await bench.backend.work_orders([RequestKey(key) for key in keys])}


# --- requested ----------------------------------------------------------------------------------------------------


async def test_what_nobody_requested_waits_and_holds_nothing(bench: FlowBench) -> None:
    order = await a_bought_order(bench)

    assert await known_to_the_warehouse(bench, key_of(bench, order)) == set()
    assert await bench.held(Flow.ORDERS) == {}
    (plan,) = await OrdersFlow(sources(bench), SystemClock()).plan([order])
    assert plan.notes == ("Location 1: the merchant has not requested it yet.",)


async def test_what_was_requested_goes_to_the_warehouse_and_the_merchant_hears_its_reference(bench: FlowBench) -> None:
    order = await a_requested_order(bench)

    (reply,) = bench.store.replies
    work = (await bench.backend.work_orders([key_of(bench, order)]))[key_of(bench, order)]
    assert (reply.say, reply.fulfillment_order) == (Say.ACCEPT, part(bench, order).id)
    assert work.reference in reply.message
    assert part(bench, order).request_status == "ACCEPTED"
    assert (await bench.story(order)).count("request_accepted") == 1


async def test_it_is_accepted_once_however_often_it_is_looked_at(bench: FlowBench) -> None:
    order = await a_requested_order(bench)

    await look(bench, order)
    await look(bench, order)

    assert said(bench) == [Say.ACCEPT]


@pytest.mark.parametrize("lost", ["question", "answer"])
async def test_an_acceptance_that_got_lost_is_seen_to(bench: FlowBench, lost: str) -> None:
    order = await a_bought_order(bench)
    bench.store.request(part(bench, order).id)
    if lost == "question":
        bench.store.lose_next_question("reply")
    else:
        bench.store.lose_next_answer("reply")

    await look(bench, order)

    assert said(bench) == [Say.ACCEPT]
    assert part(bench, order).request_status == "ACCEPTED"


async def test_nothing_is_accepted_before_the_warehouse_has_said_so(bench: FlowBench) -> None:
    order = await a_bought_order(bench)
    bench.store.request(part(bench, order).id)
    await take_on(bench, order)
    before = said(bench)
    await bench.settle()

    assert (before, said(bench)) == ([], [Say.ACCEPT])


async def test_a_package_that_left_before_the_merchant_heard_is_told_of_after(bench: FlowBench) -> None:
    order = await a_bought_order(bench)
    bench.store.request(part(bench, order).id)
    await take_on(bench, order)
    await bench.backend.ship(key_of(bench, order), [Parcel({only_line(bench, order): 3}, "DHL", "T-1")])
    await bench.look(Flow.FULFILLMENTS, order)
    told_early = len(bench.store.order(order).fulfillments)

    await bench.settle()

    assert (told_early, len(bench.store.order(order).fulfillments)) == (0, 1)
    assert await bench.held(Flow.FULFILLMENTS) == {}


async def test_at_the_merchants_own_location_nobody_is_answered(bench: FlowBench) -> None:
    await bench.link()
    order = bench.store.buy(HAMBURG, (MUG, 3))

    await look(bench, order)

    assert await known_to_the_warehouse(bench, key_of(bench, order)) == {key_of(bench, order)}
    assert said(bench) == []


# --- rejected -----------------------------------------------------------------------------------------------------


async def test_what_the_warehouse_refuses_waits_for_a_person(bench: FlowBench) -> None:
    order = await a_bought_order(bench)
    bench.store.request(part(bench, order).id)
    bench.backend.refuse_next_submit(Refused("Too large for our racks."))

    await look(bench, order)

    held = (await bench.held(Flow.ORDERS))[order]
    assert (held.cause, held.detail) == (Cause.REQUEST_UNMET, "#1001: Too large for our racks.")
    assert said(bench) == []


async def test_a_person_rejects_what_the_warehouse_refused(bench: FlowBench) -> None:
    order = await a_bought_order(bench)
    bench.store.request(part(bench, order).id)
    bench.backend.refuse_next_submit(Refused("Too large for our racks."))
    await look(bench, order)

    await cancel_it(bench, order)

    (reply,) = bench.store.replies
    assert (reply.say, reply.reason, reply.message) == (Say.REJECT, Reason.OTHER, "#1001: Too large for our racks.")
    assert await bench.held(Flow.ORDERS) == {}
    assert await known_to_the_warehouse(bench, key_of(bench, order)) == set()


async def test_by_the_rule_a_refusal_is_rejected_at_once_with_its_reason(bench: FlowBench) -> None:
    ruled(bench, OrderRules(reject_refused=True))
    order = await a_bought_order(bench)
    bench.store.request(part(bench, order).id)
    bench.backend.refuse_next_submit(OutOfStock("No mugs."))

    await look(bench, order)

    (reply,) = bench.store.replies
    assert (reply.say, reply.reason, reply.message) == (Say.REJECT, Reason.INVENTORY_OUT_OF_STOCK, "#1001: No mugs.")
    assert await bench.held(Flow.ORDERS) == {}
    assert "request_rejected" in await bench.story(order)


async def test_what_has_no_item_is_rejected_as_an_invalid_sku(bench: FlowBench) -> None:
    ruled(bench, OrderRules(reject_refused=True))
    bench.store.open_service(HAMBURG)
    unknown = replace(MUG, sku=None)
    bench.store.add_variant(unknown, {HAMBURG: 10})
    order = bench.store.buy(HAMBURG, (unknown, 1))
    bench.store.request(part(bench, order).id)
    ruled(bench, OrderRules(reject_refused=True, required=frozenset()))

    await look(bench, order)

    assert [(reply.say, reply.reason) for reply in bench.store.replies] == [(Say.REJECT, Reason.INVALID_SKU)]
    assert order not in await bench.held(Flow.ORDERS)


async def test_what_goes_nowhere_is_rejected_for_its_address(bench: FlowBench) -> None:
    ruled(bench, OrderRules(reject_refused=True))
    order = await a_bought_order(bench)
    bench.store.put(replace(bench.store.order(order), shipping_address=None))
    bench.store.request(part(bench, order).id)

    await look(bench, order)

    assert [(reply.say, reply.reason) for reply in bench.store.replies] == [(Say.REJECT, Reason.INCORRECT_ADDRESS)]


async def test_what_was_rejected_and_is_requested_again_goes_to_the_warehouse(bench: FlowBench) -> None:
    ruled(bench, OrderRules(reject_refused=True))
    order = await a_bought_order(bench)
    bench.store.request(part(bench, order).id)
    bench.backend.refuse_next_submit(Refused("Not today."))
    await look(bench, order)

    bench.store.request(part(bench, order).id)
    await look(bench, order)

    assert said(bench) == [Say.REJECT, Say.ACCEPT]
    assert await known_to_the_warehouse(bench, key_of(bench, order)) == {key_of(bench, order)}


# --- called back --------------------------------------------------------------------------------------------------


async def test_a_cancellation_is_agreed_to_once_the_warehouse_has_stopped(bench: FlowBench) -> None:
    order = await a_requested_order(bench)

    await call_back(bench, order)

    assert said(bench) == [Say.ACCEPT, Say.AGREE]
    assert await state(bench, order) is WorkState.CANCELLED
    assert await bench.held(Flow.ORDERS) == {}
    assert (await bench.story(order)).count("cancellation_accepted") == 1


async def test_what_was_given_back_is_not_asked_for_until_it_is_requested_anew(bench: FlowBench) -> None:
    order = await a_requested_order(bench)
    await call_back(bench, order)
    again = next(fo for fo in bench.store.order(order).fulfillment_orders if fo.status == "OPEN")

    await look(bench, order)
    before = await known_to_the_warehouse(bench, again.id)
    bench.store.request(again.id)
    await look(bench, order)

    assert before == set()
    assert await known_to_the_warehouse(bench, again.id) == {again.id}
    assert said(bench) == [Say.ACCEPT, Say.AGREE, Say.ACCEPT]


@pytest.mark.parametrize("state_", [WorkState.PACKED, WorkState.SHIPPED])
async def test_a_cancellation_of_what_is_packed_is_refused_at_once_and_it_ships(
    bench: FlowBench, state_: WorkState
) -> None:
    order = await a_requested_order(bench)
    key = key_of(bench, order)
    if state_ is WorkState.PACKED:
        await bench.backend.advance(key, state_)
        await bench.look(Flow.FULFILLMENTS, order)
    bench.store.call_back(part(bench, order).id)
    if state_ is WorkState.SHIPPED:
        bench.store.lose_next_question("create_fulfillment")
        await bench.backend.ship(key, [Parcel({only_line(bench, order): 3}, "DHL", "T-1")])
        await bench.look(Flow.FULFILLMENTS, order)

    await bench.look(Flow.ORDERS, order)

    assert said(bench) == [Say.ACCEPT, Say.REFUSE]
    assert state_.value in bench.store.replies[-1].message
    assert await bench.held(Flow.ORDERS) == {}


async def test_where_the_warehouse_is_further_than_was_known_its_no_is_the_answer(bench: FlowBench) -> None:
    order = await a_requested_order(bench)
    await bench.backend.advance(key_of(bench, order), WorkState.PACKED)

    await call_back(bench, order)

    assert said(bench) == [Say.ACCEPT, Say.REFUSE]
    assert "packed" in bench.store.replies[-1].message
    assert await bench.held(Flow.ORDERS) == {}
    assert await state(bench, order) is WorkState.PACKED


async def test_where_a_backend_stops_nothing_a_person_is_asked_and_leaving_it_refuses(bench: FlowBench) -> None:
    order = await a_requested_order(bench)
    bench.can = frozenset(Capability) - {Capability.STOP}

    await call_back(bench, order)
    held = (await bench.held(Flow.ORDERS))[order]
    before = said(bench)
    await leave_it(bench, order)

    assert held.cause is Cause.CANCELLED_LATE
    assert "its cancellation was requested" in held.detail
    assert (before, said(bench)) == ([Say.ACCEPT], [Say.ACCEPT, Say.REFUSE])
    assert await bench.held(Flow.ORDERS) == {}


async def test_a_person_who_stops_it_at_the_warehouse_has_agreed(bench: FlowBench) -> None:
    order = await a_requested_order(bench)
    bench.can = frozenset(Capability) - {Capability.STOP}
    await call_back(bench, order)

    await bench.backend.stop(key_of(bench, order))
    await bench.look(Flow.FULFILLMENTS, order)
    await look(bench, order)

    assert said(bench) == [Say.ACCEPT, Say.AGREE]
    assert await bench.held(Flow.ORDERS) == {}


async def test_what_is_called_back_before_the_warehouse_took_it_is_given_back(bench: FlowBench) -> None:
    order = await a_bought_order(bench)
    accepted_by_hand = replace(part(bench, order), status="IN_PROGRESS", request_status="CANCELLATION_REQUESTED")
    bench.store.put(replace(bench.store.order(order), fulfillment_orders=(accepted_by_hand,)))

    await look(bench, order)

    assert said(bench) == [Say.AGREE]
    assert await known_to_the_warehouse(bench, key_of(bench, order)) == set()


# --- given up -----------------------------------------------------------------------------------------------------


async def cancelled_there(bench: FlowBench, order: OrderId) -> None:
    await bench.backend.stop(key_of(bench, order))
    await bench.look(Flow.FULFILLMENTS, order)
    await look(bench, order)


async def test_what_the_warehouse_cancels_is_closed_by_the_rule_and_the_order_stands(bench: FlowBench) -> None:
    ruled(bench, OrderRules(given_up=GIVES_UP))
    order = await a_requested_order(bench)

    await cancelled_there(bench, order)

    assert said(bench) == [Say.ACCEPT, Say.CLOSE]
    assert part(bench, order).request_status == "CLOSED"
    assert bench.store.cancellations == []
    assert await bench.held(Flow.ORDERS) == {}


async def test_what_the_warehouse_cancels_is_closed_when_a_person_says_so(bench: FlowBench) -> None:
    order = await a_requested_order(bench)
    await cancelled_there(bench, order)
    held = (await bench.held(Flow.ORDERS))[order]

    await cancel_it(bench, order)

    assert held.cause is Cause.CANCELLED_THERE
    assert said(bench) == [Say.ACCEPT, Say.CLOSE]
    assert await bench.held(Flow.ORDERS) == {}


async def test_what_was_closed_and_is_requested_again_is_asked_for_anew(bench: FlowBench) -> None:
    ruled(bench, OrderRules(given_up=GIVES_UP))
    order = await a_requested_order(bench)
    await cancelled_there(bench, order)

    bench.store.request(part(bench, order).id)
    await look(bench, order)

    assert said(bench) == [Say.ACCEPT, Say.CLOSE, Say.ACCEPT]
    assert part(bench, order).request_status == "ACCEPTED"


async def test_what_was_shipped_short_is_closed_for_want_of_goods(bench: FlowBench) -> None:
    ruled(bench, OrderRules(given_up=GIVES_UP))
    order = await a_requested_order(bench)
    await bench.backend.ship(key_of(bench, order), [Parcel({only_line(bench, order): 2}, "DHL", "T-1")])
    await bench.backend.close_short(key_of(bench, order))
    await bench.look(Flow.FULFILLMENTS, order)

    await look(bench, order)

    assert said(bench) == [Say.ACCEPT, Say.CLOSE]
    assert bench.store.calls["remove_units"] == 0


async def test_what_the_merchant_took_back_before_it_was_accepted_is_stopped(bench: FlowBench) -> None:
    """Shopify moves the lines, with their ids, to a new fulfillment order that nobody has requested."""
    order = await a_bought_order(bench)
    bench.store.request(part(bench, order).id)
    await take_on(bench, order)
    old = part(bench, order)
    new = replace(
        old,
        id=FulfillmentOrderId(f"{old.id}9"),
        request_status="UNSUBMITTED",
        supported_actions=frozenset({"CREATE_FULFILLMENT", "REQUEST_FULFILLMENT"}),
    )
    closed = replace(old, status="CLOSED", supported_actions=frozenset(), lines=())
    bench.store.put(replace(bench.store.order(order), fulfillment_orders=(closed, new)))

    await look(bench, order)

    assert await state(bench, order) is WorkState.CANCELLED
    assert said(bench) == []
