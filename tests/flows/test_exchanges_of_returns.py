"""Goods come back and others go out for them: once, the difference paid; the real flows over a real database."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import cast

import pytest
from tests.flows.flow_bench import ACME, HAMBURG, ITEM, MUG, FlowBench
from tests.flows.test_returns import look, rule, shipped

from crossdock.model.cause import Cause
from crossdock.model.connection import ExchangeAt, RefundAt
from crossdock.model.flow import Flow
from crossdock.model.names import OrderId, ReturnId
from crossdock.model.returning import Disposition
from crossdock.ports.backend import Backend
from crossdock.ports.storefront import Storefront
from crossdock.store import requests, timeline
from crossdock.store.database import Database
from crossdock.store.requests import Asked
from crossdock.testing.floor import Parcel


@pytest.fixture
async def bench(database: Database) -> FlowBench:
    bench = FlowBench(database)
    await bench.open(10)
    await bench.link()
    return bench


async def exchanged(bench: FlowBench, back: int = 1, out: int = 1) -> tuple[OrderId, ReturnId]:
    """Let so many of three mugs be announced as coming back for so many others."""
    order = await shipped(bench, 3)
    id_ = bench.store.send_back(order, back, instead=(MUG, out))
    await look(bench, order)
    return order, id_


def to_get(bench: FlowBench, id_: ReturnId) -> int:
    return sum(units for _, units in bench.store.returned(id_).to_exchange)


async def asked_for(bench: FlowBench, order: OrderId) -> Sequence[Asked]:
    async with bench.database.begin() as tx:
        return (await requests.of_orders(tx, ACME, [order]))[order]


async def sentences(bench: FlowBench, order: OrderId, kind: str) -> list[str]:
    async with bench.database.begin() as tx:
        return [one.sentence for one in await timeline.read(tx, ACME, order) if one.kind == kind]


@pytest.mark.parametrize(
    ("at", "sent_after"),
    [(ExchangeAt.AT_APPROVAL, "approval"), (ExchangeAt.AT_RECEIPT, "receipt"), (ExchangeAt.AT_INSPECTION, "look")],
)
async def test_the_exchange_is_sent_when_the_rules_say_so(bench: FlowBench, at: ExchangeAt, sent_after: str) -> None:
    rule(bench, exchange=at)
    order, id_ = await exchanged(bench)
    left = {"approval": to_get(bench, id_)}
    await bench.backend.receive_return(id_, {ITEM: 1}, None)
    await look(bench, order)
    left["receipt"] = to_get(bench, id_)
    await bench.backend.inspect_return(id_, {ITEM: 1}, Disposition.SCRAP)
    await look(bench, order)
    left["look"] = to_get(bench, id_)

    done = bench.store.returned(id_)
    assert next(stage for stage, units in left.items() if not units) == sent_after
    assert (done.status, [line.processed for line in done.lines]) == ("CLOSED", [1])
    assert (await bench.story(order)).count("exchanged") == 1


async def test_nothing_is_processed_before_all_of_an_exchanged_return_is_back(bench: FlowBench) -> None:
    rule(bench, exchange=ExchangeAt.AT_RECEIPT, refund=RefundAt.AT_RECEIPT)
    order, id_ = await exchanged(bench, back=2)

    await bench.backend.receive_return(id_, {ITEM: 1}, Disposition.SCRAP)
    await look(bench, order)
    early = to_get(bench, id_), bench.store.returned(id_).lines[0].processed, list(bench.store.refunds)
    await bench.backend.receive_return(id_, {ITEM: 1}, Disposition.SCRAP)
    await look(bench, order)

    assert early == (1, 0, [])
    assert (to_get(bench, id_), bench.store.returned(id_).lines[0].processed) == (0, 2)
    assert [money.amount for _, money in bench.store.refunds] == [10]


async def test_what_the_customer_owes_is_on_the_time_line(bench: FlowBench) -> None:
    rule(bench, exchange=ExchangeAt.AT_RECEIPT, refund=RefundAt.AT_RECEIPT)
    order, id_ = await exchanged(bench, back=1, out=2)
    await bench.backend.receive_return(id_, {ITEM: 1}, Disposition.SCRAP)

    await look(bench, order)

    assert bench.store.refunds == []
    (told,) = await sentences(bench, order, "exchanged")
    assert "the customer owes 10.00 EUR, and Shopify holds it until that is paid" in told


async def test_money_does_not_go_back_before_the_goods_of_an_exchange_that_is_sent_at_approval(
    bench: FlowBench,
) -> None:
    rule(bench, exchange=ExchangeAt.AT_APPROVAL, refund=RefundAt.AT_INSPECTION)
    order, id_ = await exchanged(bench, back=2)
    early = to_get(bench, id_), list(bench.store.refunds)

    await bench.backend.receive_return(id_, {ITEM: 2}, Disposition.SCRAP)
    await look(bench, order)

    assert early == (1, [])
    assert to_get(bench, id_) == 0
    assert [money.amount for _, money in bench.store.refunds] == [10]


async def test_a_difference_above_the_limit_waits_for_a_person(bench: FlowBench) -> None:
    rule(bench, exchange=ExchangeAt.AT_RECEIPT, refund=RefundAt.AT_RECEIPT, refund_limit=Decimal(5))
    order, id_ = await exchanged(bench, back=2)
    await bench.backend.receive_return(id_, {ITEM: 2}, Disposition.SCRAP)

    await look(bench, order)

    assert (await bench.held(Flow.RETURNS))[order].cause is Cause.REFUND_LIMIT
    assert to_get(bench, id_) == 1


async def test_an_exchange_of_goods_that_never_came_is_for_a_person(bench: FlowBench) -> None:
    rule(bench, exchange=ExchangeAt.AT_RECEIPT)
    order, id_ = await exchanged(bench, back=2)
    await bench.backend.receive_return(id_, {ITEM: 1}, Disposition.SCRAP)
    await bench.backend.close_return(id_)

    await look(bench, order)

    held = (await bench.held(Flow.RETURNS))[order]
    name = bench.store.returned(id_).name
    assert (held.cause, held.detail) == (
        Cause.RETURN_EXCHANGE,
        f"Of return {name} 1 unit never came; sending 1 unit instead waits.",
    )
    assert to_get(bench, id_) == 1


async def test_goods_that_were_exchanged_ahead_and_never_came_are_for_a_person_until_the_return_is_closed(
    bench: FlowBench,
) -> None:
    rule(bench, exchange=ExchangeAt.AT_APPROVAL)
    order, id_ = await exchanged(bench)
    await bench.backend.close_return(id_)
    await look(bench, order)
    held = (await bench.held(Flow.RETURNS))[order]

    bench.store.turn(id_, "CLOSED")
    await look(bench, order)

    assert held.cause is Cause.RETURN_EXCHANGE
    assert await bench.held(Flow.RETURNS) == {}


@pytest.mark.parametrize("lost", ["lose_next_answer", "lose_next_question"])
async def test_an_exchange_whose_answer_was_lost_is_sent_once(bench: FlowBench, lost: str) -> None:
    rule(bench, exchange=ExchangeAt.AT_RECEIPT, refund=RefundAt.AT_RECEIPT)
    order, id_ = await exchanged(bench, back=2)
    await bench.backend.receive_return(id_, {ITEM: 2}, Disposition.SCRAP)
    getattr(bench.store, lost)("process_return")

    await look(bench, order)
    await bench.pass_time(bench.ahead + timedelta(minutes=1))
    await look(bench, order)

    assert sum(line.sku == "MUG" for line in bench.store.order(order).lines) == 2
    assert [money.amount for _, money in bench.store.refunds] == [10]


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Mortal:
    """Calls another side, and dies before or after the next call of this name."""

    side: object
    call: str
    after: bool

    def __getattr__(self, name: str) -> Callable[..., Awaitable[object]]:
        """Return the other side's method, deadly once where it is the one."""
        method = getattr(self.side, name)

        async def ask(*given: object, **named: object) -> object:
            deadly, self.call = name == self.call, "" if name == self.call and not self.after else self.call
            if deadly and not self.after:
                raise Killed
            answer = await method(*given, **named)
            if deadly:
                self.call = ""
                raise Killed
            return answer

        return ask


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("call", ["dispose", "process_return", "close_return", "submit"])
async def test_whenever_it_is_killed_an_exchange_goes_out_once(bench: FlowBench, call: str, *, after: bool) -> None:
    rule(bench, exchange=ExchangeAt.AT_INSPECTION, refund=RefundAt.AT_INSPECTION)
    order, id_ = await exchanged(bench, back=2)
    await bench.backend.receive_return(id_, {ITEM: 2}, Disposition.SCRAP)
    store, backend = Mortal(bench.store, call, after), Mortal(bench.backend, call, after)
    bench.asked_store, bench.asked = cast("Storefront", store), cast("Backend", backend)

    deaths = 0
    for _ in range(6):
        for flow in (Flow.RETURNS, Flow.ORDERS):
            await bench.mark(flow, order)
            try:
                await bench.drain(flow)
            except* Killed:
                deaths += 1
        await bench.pass_time(bench.ahead + timedelta(minutes=3))

    assert deaths == 1
    assert [one.name for one in await asked_for(bench, order)] == ["#1001", "#1001-2"]
    assert sum(line.sku == "MUG" for line in bench.store.order(order).lines) == 2
    assert [money.amount for _, money in bench.store.refunds] == [10]
    assert (to_get(bench, id_), bench.store.returned(id_).status) == (0, "CLOSED")
    assert (await bench.held(Flow.RETURNS), await bench.held(Flow.ORDERS)) == ({}, {})


async def test_what_goes_out_instead_is_asked_of_the_warehouse_once_and_leaves(bench: FlowBench) -> None:
    rule(bench, exchange=ExchangeAt.AT_RECEIPT)
    order, id_ = await exchanged(bench)
    await bench.backend.receive_return(id_, {ITEM: 1}, Disposition.RESTOCK)
    await look(bench, order)
    bench.backend.lose_next_answer()

    for _ in range(3):
        await bench.look(Flow.ORDERS, order)
    (fo,) = bench.store.order(order).fulfillment_orders[1:]
    (_, second) = await asked_for(bench, order)
    await bench.backend.ship(second.key, [Parcel({fo.lines[0].id: 1}, tracking_number="T-2")])
    await bench.look(Flow.FULFILLMENTS, order)

    assert [one.name for one in await asked_for(bench, order)] == [
        bench.store.order(order).name,
        f"{bench.store.order(order).name}-2",
    ]
    assert [fo.lines[0].remaining for fo in bench.store.order(order).fulfillment_orders] == [0, 0]
    assert bench.store.available(MUG, HAMBURG) == 10 - 3 - 1
