"""Refunds made in Shopify become credit documents, each once; the real flow over a real database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.flows.flow_bench import HAMBURG, ITEM, MUG, FlowBench
from tests.flows.test_money_moves import look, rule

from crossdock.model.capability import Capability
from crossdock.model.cause import Cause
from crossdock.model.flow import Flow
from crossdock.model.money import NOTHING
from crossdock.model.money_rules import Uncredited
from crossdock.model.names import OrderId, Units
from crossdock.model.order_money import RefundedLine
from crossdock.store.database import Database
from crossdock.testing.money_builders import an_amount


@pytest.fixture
async def bench(database: Database) -> FlowBench:
    bench = FlowBench(database)
    await bench.open(10)
    await bench.link()
    return bench


async def asked_for(bench: FlowBench, units: int = 2) -> OrderId:
    """Let a customer buy and pay so many mugs, at ten euros each, and have the warehouse accept them."""
    order = bench.store.buy(HAMBURG, (MUG, units))
    await bench.look(Flow.ORDERS, order)
    return order


def give_back(bench: FlowBench, order: OrderId, amount: str, units: int = 0, **rest: object) -> str:
    """Let a person refund in Shopify, for so many mugs of the order."""
    line = bench.store.order(order).lines[0].id
    lines = [RefundedLine(line, Units(units), an_amount(units * 10), NOTHING, restock="RETURN")] if units else []
    made = bench.store.till.give_back(bench.store.order(order), an_amount(amount), lines=lines, **rest)  # type: ignore[arg-type]  # each test names what it is about
    bench.store.show_payments(order)
    return made


async def test_a_refund_of_units_is_booked_with_its_lines(bench: FlowBench) -> None:
    order = await asked_for(bench)
    refund = give_back(bench, order, "10.00", units=1)

    await look(bench, order)

    (document,) = bench.backend.books.credits.values()
    (line,) = document.lines
    assert (document.key, document.order, document.name) == (refund, order, f"{bench.store.order(order).name}-C1")
    assert (line.item, line.units, line.subtotal, line.restock) == (ITEM, 1, an_amount(10), "RETURN")
    assert (document.total, document.adjustment) == (an_amount("10.00"), NOTHING)


@pytest.mark.parametrize("fault", ["lose_next_submit", "lose_next_answer"])
async def test_each_refund_is_booked_once_whatever_is_lost(bench: FlowBench, fault: str) -> None:
    order = await asked_for(bench)
    give_back(bench, order, "10.00", units=1)
    getattr(bench.backend, fault)()

    for _ in range(3):
        await bench.pass_time(bench.ahead + timedelta(minutes=5))
        await look(bench, order)

    assert len(bench.backend.books.credits) == 1
    assert (await bench.story(order)).count("credited") == 1


async def test_what_went_back_for_nothing_in_particular_is_an_adjustment_with_shopifys_reason(bench: FlowBench) -> None:
    order = await asked_for(bench)
    give_back(bench, order, "3.50", reasons=["CUSTOMER"])

    await look(bench, order)

    (document,) = bench.backend.books.credits.values()
    assert (document.lines, document.adjustment, document.reason) == ((), an_amount("3.50"), "CUSTOMER")
    assert document.listed + document.adjustment == document.total


async def test_shipping_that_went_back_is_named(bench: FlowBench) -> None:
    order = await asked_for(bench)
    give_back(bench, order, "4.90", shipping=an_amount("4.90"))

    await look(bench, order)

    (document,) = bench.backend.books.credits.values()
    assert (document.shipping, document.adjustment, document.total) == (an_amount("4.90"), NOTHING, an_amount("4.90"))


async def test_what_was_held_back_of_a_refund_is_an_adjustment(bench: FlowBench) -> None:
    order = await asked_for(bench)
    give_back(bench, order, "7.00", units=1)

    await look(bench, order)

    (document,) = bench.backend.books.credits.values()
    assert (document.listed, document.adjustment, document.total) == (an_amount(10), an_amount("-3.00"), an_amount(7))


async def test_a_refund_from_before_the_goods_were_asked_for_is_not_booked(bench: FlowBench) -> None:
    order = bench.store.buy(HAMBURG, (MUG, 2))
    give_back(bench, order, "1.00")

    await bench.look(Flow.ORDERS, order)
    await look(bench, order)

    assert bench.backend.books.credits == {}


async def test_a_refund_from_before_the_rules_begin_is_not_booked(bench: FlowBench) -> None:
    rule(bench, refunds_from=datetime(2100, 1, 1, tzinfo=UTC))
    order = await asked_for(bench)
    give_back(bench, order, "1.00")

    await look(bench, order)

    assert bench.backend.books.credits == {}


async def test_a_refund_that_is_still_under_way_waits(bench: FlowBench) -> None:
    order = await asked_for(bench)
    give_back(bench, order, "1.00", under_way=True)

    await look(bench, order)

    assert bench.backend.books.credits == {}
    assert await bench.held(Flow.MONEY) == {}


async def test_a_backend_that_keeps_none_is_noted_on_the_time_line_once(bench: FlowBench) -> None:
    bench.can = frozenset(Capability) - {Capability.CREDITS}
    order = await asked_for(bench)
    give_back(bench, order, "1.00")

    for _ in range(2):
        await look(bench, order)

    assert (bench.backend.books.credits, await bench.held(Flow.MONEY)) == ({}, {})
    assert (await bench.story(order)).count("refund_noted") == 1


async def test_a_person_is_asked_to_book_it_where_the_rules_say_so(bench: FlowBench) -> None:
    bench.can = frozenset(Capability) - {Capability.CREDITS}
    rule(bench, uncredited=Uncredited.ASK)
    order = await asked_for(bench)
    give_back(bench, order, "1.00")

    await look(bench, order)
    held = (await bench.held(Flow.MONEY))[order]
    bench.connection = replace(bench.connection, rules=replace(bench.connection.rules))
    bench.can = frozenset(Capability)
    await look(bench, order)

    assert held.cause is Cause.CREDIT_BY_HAND
    assert (len(bench.backend.books.credits), await bench.held(Flow.MONEY)) == (1, {})
