"""Goods come back: announced, received, told to Shopify once, refunded by rule; the real flow over a real database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from tests.flows.flow_bench import ACME, HAMBURG, ITEM, MUG, FlowBench
from tests.flows.test_stock_is_written_on_belief import hears

from crossdock.kit.errors import Refused
from crossdock.model.capability import Capability
from crossdock.model.cause import Cause
from crossdock.model.connection import InventoryRules, RefundAt, ReturnRules, Rules, StockMode
from crossdock.model.flow import Flow
from crossdock.model.names import OrderId, RequestKey, ReturnId, ReturnKey, Units, WarehouseCode
from crossdock.model.returning import Disposal, Disposed, Disposition
from crossdock.pending.work import Blocked, Claim, Failed
from crossdock.ports.backend import Warehouse
from crossdock.store.database import Database
from crossdock.testing.builders import MAIN, a_location
from crossdock.testing.floor import Parcel

BREMEN = a_location(2).id
SECOND = WarehouseCode("SECOND")


@pytest.fixture
async def bench(database: Database) -> FlowBench:
    bench = FlowBench(database)
    await bench.open(10)
    await bench.link()
    return bench


def rule(bench: FlowBench, mode: StockMode = StockMode.ABSOLUTE, **rules: object) -> None:
    returns = replace(ReturnRules(), **rules)  # type: ignore[arg-type]  # each test names the field that it is about
    inventory = InventoryRules(mode=mode, window=timedelta())
    bench.connection = replace(bench.connection, rules=Rules(inventory=inventory, returns=returns))


async def shipped(bench: FlowBench, units: int = 2) -> OrderId:
    """Let an order for so many mugs reach the warehouse, leave, and be told."""
    order = bench.store.buy(HAMBURG, (MUG, units))
    await bench.look(Flow.ORDERS, order)
    (fo,) = bench.store.order(order).fulfillment_orders
    await bench.backend.ship(request_of(bench, order), [Parcel({fo.lines[0].id: units}, tracking_number="T-1")])
    await bench.look(Flow.FULFILLMENTS, order)
    return order


def request_of(bench: FlowBench, order: OrderId) -> RequestKey:
    return RequestKey(bench.store.order(order).fulfillment_orders[0].id)


async def look(bench: FlowBench, order: OrderId) -> None:
    """Look until nothing more is to be done about the order's returns in the next few seconds."""
    await bench.look(Flow.RETURNS, order)
    for _ in range(4):
        if await bench.pending(Flow.RETURNS):
            await bench.pass_time(bench.ahead + timedelta(seconds=2))
            await bench.drain(Flow.RETURNS)


def told(bench: FlowBench, id_: ReturnId) -> Sequence[Disposed]:
    return [one for line in bench.store.returned(id_).reverse_lines for one in line.disposed]


async def test_an_open_return_is_announced_once(bench: FlowBench) -> None:
    order = await shipped(bench)
    id_ = bench.store.send_back(order, 2)

    for _ in range(3):
        await look(bench, order)

    (record,) = (await bench.backend.return_orders([order]))[order]
    assert (record.key, record.announced, record.done) == (ReturnKey(id_), True, False)
    assert (await bench.story(order)).count("announced") == 1


async def test_an_announcement_whose_answer_was_lost_is_made_once(bench: FlowBench) -> None:
    order = await shipped(bench)
    bench.store.send_back(order, 2)
    bench.backend.lose_next_answer()

    await look(bench, order)

    assert len((await bench.backend.return_orders([order]))[order]) == 1
    assert (await bench.story(order)).count("announced") == 1


async def test_a_requested_return_waits_for_the_merchant(bench: FlowBench) -> None:
    order = await shipped(bench)
    id_ = bench.store.send_back(order, 1, status="REQUESTED")

    await look(bench, order)

    assert bench.store.returned(id_).status == "REQUESTED"
    assert await bench.backend.return_orders([order]) == {}
    assert await bench.held(Flow.RETURNS) == {}


async def test_a_requested_return_is_approved_and_announced_where_the_rules_say_so(bench: FlowBench) -> None:
    rule(bench, approve=True)
    order = await shipped(bench)
    id_ = bench.store.send_back(order, 1, status="REQUESTED")

    await look(bench, order)

    assert bench.store.returned(id_).status == "OPEN"
    assert [one.key for one in (await bench.backend.return_orders([order]))[order]] == [ReturnKey(id_)]


async def test_a_return_that_is_cancelled_in_shopify_is_called_off(bench: FlowBench) -> None:
    order = await shipped(bench)
    id_ = bench.store.send_back(order, 1)
    await look(bench, order)

    bench.store.turn(id_, "CANCELED")
    await look(bench, order)

    (record,) = (await bench.backend.return_orders([order]))[order]
    assert record.done
    assert (await bench.story(order))[-1] == "return_called_off"


async def test_a_return_that_is_shortened_in_shopify_is_announced_as_it_is_now(bench: FlowBench) -> None:
    order = await shipped(bench)
    id_ = bench.store.send_back(order, 2)
    await look(bench, order)

    bench.store.shorten(id_, 1)
    await look(bench, order)
    await bench.backend.receive_return(id_, {ITEM: 1}, Disposition.SCRAP)

    assert (await bench.backend.return_orders([order]))[order][0].done


async def test_what_came_back_is_told_once_and_the_return_is_closed(bench: FlowBench) -> None:
    order = await shipped(bench)
    id_ = bench.store.send_back(order, 2)
    await look(bench, order)
    await bench.backend.receive_return(id_, {ITEM: 1}, Disposition.RESTOCK)
    await bench.backend.receive_return(id_, {ITEM: 1}, Disposition.SCRAP)

    for _ in range(3):
        await look(bench, order)

    done = bench.store.returned(id_)
    assert (done.status, [line.processed for line in done.lines]) == ("CLOSED", [2])
    assert told(bench, id_) == [Disposed("NOT_RESTOCKED", HAMBURG, Units(2))]
    assert bench.store.refunds == []
    story = await bench.story(order)
    assert [story.count(kind) for kind in ("disposed", "returned", "return_closed")] == [1, 1, 1]


async def test_a_worker_that_lost_its_lease_says_nothing_of_what_came_back(bench: FlowBench) -> None:
    rule(bench, refund=RefundAt.AT_RECEIPT)
    order = await shipped(bench)
    id_ = bench.store.send_back(order, 2)
    await look(bench, order)
    await bench.backend.receive_return(id_, {ITEM: 2}, Disposition.SCRAP)
    slept = Claim(ACME, Flow.RETURNS, order, "slept", 0, 1, 1_000_001, bench.store.now())

    (settled,) = await bench.flow(Flow.RETURNS)([slept])
    before = list(bench.store.refunds), told(bench, id_)
    await look(bench, order)

    assert isinstance(settled.rest, Blocked | Failed)
    assert before == ([], [])
    assert len(bench.store.refunds) == 1


async def test_a_return_stays_open_where_the_rules_say_so(bench: FlowBench) -> None:
    rule(bench, close=False)
    order = await shipped(bench)
    id_ = bench.store.send_back(order, 1)
    await look(bench, order)
    await bench.backend.receive_return(id_, {ITEM: 1}, Disposition.SCRAP)

    await look(bench, order)

    done = bench.store.returned(id_)
    assert (done.status, done.lines[0].processed) == ("OPEN", 1)


async def test_everything_comes_back_to_the_warehouse_that_the_rules_name(bench: FlowBench) -> None:
    await bench.backend.add_warehouse(Warehouse(SECOND, "Returns"))
    bench.map(BREMEN, SECOND)
    rule(bench, warehouse=SECOND)
    order = await shipped(bench)
    id_ = bench.store.send_back(order, 1)
    await look(bench, order)
    await bench.backend.receive_return(id_, {ITEM: 1}, Disposition.SCRAP)

    await look(bench, order)

    assert told(bench, id_) == [Disposed("NOT_RESTOCKED", BREMEN, Units(1))]


async def test_a_return_that_a_person_reopens_stays_open(bench: FlowBench) -> None:
    order = await shipped(bench)
    id_ = bench.store.send_back(order, 1)
    await look(bench, order)
    await bench.backend.receive_return(id_, {ITEM: 1}, Disposition.SCRAP)
    await look(bench, order)

    bench.store.turn(id_, "OPEN")
    await look(bench, order)

    assert bench.store.returned(id_).status == "OPEN"


async def test_missing_units_are_told_and_neither_processed_nor_refunded(bench: FlowBench) -> None:
    rule(bench, refund=RefundAt.AT_INSPECTION)
    order = await shipped(bench)
    id_ = bench.store.send_back(order, 2)
    await look(bench, order)
    await bench.backend.receive_return(id_, {ITEM: 1}, Disposition.SCRAP)
    await bench.backend.close_return(id_)

    await look(bench, order)

    assert {one.type: one.units for one in told(bench, id_)} == {"NOT_RESTOCKED": 1, "MISSING": 1}
    assert [line.processed for line in bench.store.returned(id_).lines] == [1]
    assert [money.amount for _, money in bench.store.refunds] == [10]
    assert bench.store.returned(id_).status == "CLOSED"


@pytest.mark.parametrize(("at", "refunded"), [(RefundAt.AT_RECEIPT, [20]), (RefundAt.AT_INSPECTION, [])])
async def test_units_that_wait_for_inspection_are_refunded_by_rule(
    bench: FlowBench, at: RefundAt, refunded: list[int]
) -> None:
    rule(bench, refund=at)
    order = await shipped(bench)
    id_ = bench.store.send_back(order, 2)
    await look(bench, order)

    await bench.backend.receive_return(id_, {ITEM: 2}, None)
    await look(bench, order)
    before = [money.amount for _, money in bench.store.refunds]
    await bench.backend.inspect_return(id_, {ITEM: 2}, Disposition.REPAIR)
    await look(bench, order)

    assert before == refunded
    assert [money.amount for _, money in bench.store.refunds] == [20]
    assert told(bench, id_) == [Disposed("NOT_RESTOCKED", HAMBURG, Units(2))]


async def test_a_refund_above_the_limit_waits_for_a_person_and_goes_on_once_they_made_it(bench: FlowBench) -> None:
    rule(bench, refund=RefundAt.AT_RECEIPT, refund_limit=Decimal(15))
    order = await shipped(bench)
    id_ = bench.store.send_back(order, 2)
    await look(bench, order)
    await bench.backend.receive_return(id_, {ITEM: 2}, Disposition.SCRAP)

    await look(bench, order)
    held = await bench.held(Flow.RETURNS)
    lines = [(line.id, line.units) for line in bench.store.returned(id_).lines]
    await bench.store.process_return(id_, lines, None, shipping=False)
    await look(bench, order)

    name = bench.store.returned(id_).name
    assert (held[order].cause, held[order].detail) == (
        Cause.REFUND_LIMIT,
        f"Return {name}: 20.00 EUR would go back, and up to 15 needs no person.",
    )
    assert (await bench.held(Flow.RETURNS), bench.store.refunds) == ({}, [])
    assert bench.store.returned(id_).status == "CLOSED"


@pytest.mark.parametrize("call", ["process_return", "dispose"])
async def test_a_telling_whose_answer_was_lost_is_not_repeated(bench: FlowBench, call: str) -> None:
    rule(bench, refund=RefundAt.AT_RECEIPT)
    order = await shipped(bench, 4)
    id_ = bench.store.send_back(order, 4)
    await look(bench, order)
    await bench.backend.receive_return(id_, {ITEM: 2}, Disposition.SCRAP)
    bench.store.lose_next_answer(call)

    await look(bench, order)
    await bench.pass_time(bench.ahead + timedelta(minutes=1))
    await look(bench, order)

    assert [money.amount for _, money in bench.store.refunds] == [20]
    assert told(bench, id_) == [Disposed("NOT_RESTOCKED", HAMBURG, Units(2))]
    assert [line.processed for line in bench.store.returned(id_).lines] == [2]


async def test_while_a_telling_may_still_arrive_nothing_more_is_told(bench: FlowBench) -> None:
    rule(bench, refund=RefundAt.AT_RECEIPT)
    order = await shipped(bench, 4)
    id_ = bench.store.send_back(order, 4)
    await look(bench, order)
    await bench.backend.receive_return(id_, {ITEM: 2}, Disposition.SCRAP)
    bench.store.lose_next_question("process_return")

    await look(bench, order)
    early = list(bench.store.refunds)
    await bench.pass_time(bench.ahead + timedelta(seconds=31))
    await look(bench, order)

    assert early == []
    assert [money.amount for _, money in bench.store.refunds] == [20]


async def test_what_shopify_refuses_for_good_is_held_and_its_neighbours_go_on(bench: FlowBench) -> None:
    first, second = await shipped(bench, 1), await shipped(bench, 1)
    ids = [bench.store.send_back(order, 1) for order in (first, second)]
    await look(bench, first)
    await look(bench, second)
    for id_ in ids:
        await bench.backend.receive_return(id_, {ITEM: 1}, Disposition.SCRAP)
    bench.store.refuse_next("dispose", Refused("Shopify will not. Look at the return."))

    await bench.look(Flow.RETURNS, first, second)
    await look(bench, second)

    held = await bench.held(Flow.RETURNS)
    assert [(hold.cause, hold.detail) for hold in held.values()] == [
        (Cause.RETURN_REFUSED, "Shopify will not. Look at the return.")
    ]
    assert sorted(bench.store.returned(id_).status for id_ in ids) == ["CLOSED", "OPEN"]


async def test_units_that_come_after_the_return_was_closed_are_for_a_person(bench: FlowBench) -> None:
    order = await shipped(bench)
    id_ = bench.store.send_back(order, 2)
    await look(bench, order)
    await bench.backend.receive_return(id_, {ITEM: 1}, Disposition.SCRAP)
    bench.store.turn(id_, "CLOSED")

    await look(bench, order)
    held = await bench.held(Flow.RETURNS)
    bench.store.turn(id_, "OPEN")
    await look(bench, order)

    assert held[order].cause is Cause.RETURN_UNMATCHED
    assert (await bench.held(Flow.RETURNS), bench.store.returned(id_).lines[0].processed) == ({}, 1)


async def test_an_exchange_is_left_to_a_person_and_its_goods_are_told(bench: FlowBench) -> None:
    rule(bench, refund=RefundAt.AT_RECEIPT)
    order = await shipped(bench)
    id_ = bench.store.send_back(order, 1, instead=(MUG, 1))
    await look(bench, order)
    await bench.backend.receive_return(id_, {ITEM: 1}, Disposition.SCRAP)

    await look(bench, order)

    assert (await bench.held(Flow.RETURNS))[order].cause is Cause.RETURN_EXCHANGE
    assert told(bench, id_) == [Disposed("NOT_RESTOCKED", HAMBURG, Units(1))]
    assert bench.store.refunds == []


async def test_goods_that_nobody_announced_are_for_a_person_until_there_is_a_return(bench: FlowBench) -> None:
    order = await shipped(bench)
    await bench.backend.receive_return(request_of(bench, order), {ITEM: 1}, Disposition.SCRAP)
    await bench.hear()
    await bench.drain(Flow.RETURNS)
    held = await bench.held(Flow.RETURNS)

    id_ = bench.store.send_back(order, 1)
    await look(bench, order)

    assert held[order].cause is Cause.RETURN_UNANNOUNCED
    assert await bench.held(Flow.RETURNS) == {}
    assert (bench.store.returned(id_).status, bench.store.returned(id_).lines[0].processed) == ("CLOSED", 1)
    assert len((await bench.backend.return_orders([order]))[order]) == 1


@pytest.mark.parametrize("lost", [False, True])
async def test_a_return_is_created_once_for_goods_that_nobody_announced(bench: FlowBench, *, lost: bool) -> None:
    rule(bench, create=True)
    order = await shipped(bench)
    await bench.backend.receive_return(request_of(bench, order), {ITEM: 1}, Disposition.SCRAP)
    if lost:
        bench.store.lose_next_answer("create_return")

    await look(bench, order)
    await bench.pass_time(bench.ahead + timedelta(minutes=1))
    await look(bench, order)

    (made,) = (await bench.store.returns([order]))[order]
    (record,) = (await bench.backend.return_orders([order]))[order]
    assert (made.status, made.lines[0].note, made.lines[0].processed) == ("CLOSED", record.reference, 1)


async def test_more_than_was_sold_is_for_a_person_who_returns_what_was_and_closes_it(bench: FlowBench) -> None:
    rule(bench, create=True)
    order = await shipped(bench, 1)
    await bench.backend.receive_return(request_of(bench, order), {ITEM: 2}, Disposition.SCRAP)

    await look(bench, order)

    none_made = await bench.store.returns([order])
    held = [(await bench.held(Flow.RETURNS))[order]]
    id_ = bench.store.send_back(order, 1)
    await look(bench, order)
    held.append((await bench.held(Flow.RETURNS))[order])
    processed = bench.store.returned(id_).lines[0].processed
    bench.store.turn(id_, "CLOSED")
    await look(bench, order)

    assert none_made == {}
    assert [hold.cause for hold in held] == [Cause.RETURN_UNMATCHED] * 2
    assert (processed, await bench.held(Flow.RETURNS)) == (1, {})


async def test_a_backend_that_takes_no_returns_is_not_asked(bench: FlowBench) -> None:
    order = await shipped(bench)
    bench.store.send_back(order, 1)
    bench.can = frozenset(Capability) - {Capability.RETURNS}

    await look(bench, order)

    assert await bench.backend.return_orders([order]) == {}
    assert bench.store.calls["returns"] == 0


async def test_what_others_shipped_is_not_announced_here(bench: FlowBench) -> None:
    order = bench.store.buy(HAMBURG, (MUG, 1))  # the backend never hears of it

    await look(bench, order)

    assert bench.store.calls["returns"] == 0


async def test_news_of_a_return_alone_finds_its_order(bench: FlowBench) -> None:
    order = await shipped(bench)
    id_ = bench.store.send_back(order, 2)
    await look(bench, order)
    bench.store.shorten(id_, 1)

    await bench.look(Flow.RETURNS, id_)

    assert (await bench.story(order)).count("announced") == 2


async def test_an_order_that_changed_and_has_returns_has_them_looked_at(bench: FlowBench) -> None:
    order = await shipped(bench)
    bench.store.send_back(order, 1)

    await bench.look(Flow.ORDERS, order)

    assert await bench.pending(Flow.RETURNS) == {order}


# --- stock ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", StockMode)
async def test_restocked_units_are_for_sale_once(bench: FlowBench, mode: StockMode) -> None:
    rule(bench, mode=mode)
    await bench.settle()
    order = await shipped(bench, 4)
    await bench.settle()
    before = bench.store.available(MUG, HAMBURG)
    id_ = bench.store.send_back(order, 3)
    await look(bench, order)
    seen = []

    await bench.backend.receive_return(id_, {ITEM: 2}, Disposition.RESTOCK)
    await bench.backend.receive_return(id_, {ITEM: 1}, Disposition.SCRAP)
    for flow in (Flow.RETURNS, Flow.INVENTORY):  # whichever hears of it first
        await bench.hear()
        await bench.drain(flow)
        seen.append(bench.store.available(MUG, HAMBURG))
    await bench.settle()

    assert (before, bench.store.available(MUG, HAMBURG)) == (6, 8)
    assert max(seen) <= 8
    assert bench.store.returned(id_).status == "CLOSED"
    assert dict((await bench.backend.stock([ITEM])).available) == {(ITEM, MAIN): 8}


async def test_where_the_hub_keeps_no_stock_shopify_restocks(bench: FlowBench) -> None:
    bench.connection = replace(bench.connection, flows=frozenset(Flow) - {Flow.INVENTORY})
    order = await shipped(bench)
    before = bench.store.available(MUG, HAMBURG)
    id_ = bench.store.send_back(order, 1)
    await look(bench, order)
    await bench.backend.receive_return(ReturnKey(id_), {ITEM: 1}, Disposition.RESTOCK)

    await look(bench, order)

    assert told(bench, id_) == [Disposed("RESTOCKED", HAMBURG, Units(1))]
    assert bench.store.available(MUG, HAMBURG) == before + 1


async def test_units_that_a_person_restocks_in_shopify_too_are_for_sale_once(bench: FlowBench) -> None:
    await bench.settle()
    order = await shipped(bench, 4)
    await bench.settle()
    id_ = bench.store.send_back(order, 2)
    await look(bench, order)
    (way,) = bench.store.returned(id_).reverse_lines

    await bench.backend.receive_return(id_, {ITEM: 2}, Disposition.RESTOCK)
    await bench.store.dispose([Disposal(way.id, "RESTOCKED", Units(2), HAMBURG)])
    await hears(bench, bench.store.available(MUG, HAMBURG))
    await bench.hear()
    await bench.settle()

    assert bench.store.available(MUG, HAMBURG) == 8
    assert told(bench, id_) == [Disposed("RESTOCKED", HAMBURG, Units(2))]
    assert bench.store.returned(id_).status == "CLOSED"
