"""Payments are captured when goods leave, and each once; the real flow over a real database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.flows.flow_bench import ACME, HAMBURG, MUG, FlowBench

from crossdock.kit.errors import Refused
from crossdock.model.cause import Cause
from crossdock.model.flow import Flow
from crossdock.model.money_rules import CaptureAt, MoneyRules
from crossdock.model.names import OrderId, PaymentId, RequestKey
from crossdock.pending.work import Blocked, Claim, Failed
from crossdock.store.database import Database
from crossdock.testing.floor import Parcel
from crossdock.testing.money_builders import an_amount


@pytest.fixture
async def bench(database: Database) -> FlowBench:
    bench = FlowBench(database)
    await bench.open(10)
    await bench.link()
    rule(bench, capture=CaptureAt.ALL_SHIPPED)
    return bench


def rule(bench: FlowBench, **rules: object) -> None:
    money = replace(MoneyRules(), **rules)  # type: ignore[arg-type]  # each test names the field that it is about
    bench.connection = replace(bench.connection, rules=replace(bench.connection.rules, money=money))


async def bought(bench: FlowBench, units: int = 2) -> tuple[OrderId, PaymentId]:
    """Let a customer authorize so many mugs, at ten euros each, and have the warehouse accept them."""
    order = bench.store.buy(HAMBURG, (MUG, units))
    authorization = bench.store.till.authorize(bench.store.order(order), an_amount(units * 10))
    bench.store.show_payments(order)
    await bench.look(Flow.ORDERS, order)
    return order, authorization


async def ship(bench: FlowBench, order: OrderId, units: int) -> None:
    """Let so many mugs leave in a package, and Shopify know."""
    (fo,) = bench.store.order(order).fulfillment_orders
    await bench.backend.ship(RequestKey(fo.id), [Parcel({fo.lines[0].id: units}, tracking_number=f"T-{units}")])
    await bench.look(Flow.FULFILLMENTS, order)
    await look(bench, order)


async def look(bench: FlowBench, order: OrderId) -> None:
    """Look until nothing more is to be done about the order and its money in the next few seconds."""
    await bench.look(Flow.ORDERS, order)
    await bench.look(Flow.MONEY, order)
    for _ in range(4):
        if await bench.pending(Flow.MONEY):
            await bench.pass_time(bench.ahead + timedelta(seconds=2))
            await bench.drain(Flow.MONEY)


async def in_a_minute(bench: FlowBench, order: OrderId) -> None:
    await bench.pass_time(bench.ahead + timedelta(minutes=1))
    await look(bench, order)


def captured(bench: FlowBench, order: OrderId) -> Sequence[int]:
    settlement = bench.store.till.settlement(bench.store.order(order))
    return [int(one.amount.presentment) for one in settlement.transactions if one.kind == "CAPTURE"]


async def test_a_payment_is_captured_once_everything_has_left(bench: FlowBench) -> None:
    order, _ = await bought(bench)
    await look(bench, order)
    before = captured(bench, order)

    await ship(bench, order, 2)
    await in_a_minute(bench, order)

    assert (before, captured(bench, order)) == ([], [20])
    assert (await bench.story(order)).count("captured") == 1


async def test_a_part_that_has_left_captures_nothing_where_everything_is_to_leave(bench: FlowBench) -> None:
    order, _ = await bought(bench)

    await ship(bench, order, 1)

    assert captured(bench, order) == []


async def test_the_first_package_captures_everything_where_the_rules_say_so(bench: FlowBench) -> None:
    rule(bench, capture=CaptureAt.FIRST_PACKAGE)
    order, _ = await bought(bench)

    await ship(bench, order, 1)

    assert captured(bench, order) == [20]


async def test_nothing_is_captured_unless_the_rules_say_so(bench: FlowBench) -> None:
    rule(bench, capture=CaptureAt.OFF)
    order, _ = await bought(bench)

    await ship(bench, order, 2)

    assert captured(bench, order) == []
    assert await bench.held(Flow.MONEY) == {}


async def test_a_capture_whose_answer_was_lost_is_made_once(bench: FlowBench) -> None:
    order, _ = await bought(bench)
    bench.store.lose_next_answer("capture")

    await ship(bench, order, 2)
    await in_a_minute(bench, order)

    assert captured(bench, order) == [20]


async def test_a_capture_that_shopify_did_not_hear_is_made_after_a_while(bench: FlowBench) -> None:
    order, _ = await bought(bench)
    bench.store.lose_next_question("capture")

    await ship(bench, order, 2)
    soon = captured(bench, order)
    await in_a_minute(bench, order)

    assert (soon, captured(bench, order)) == ([], [20])


async def test_what_a_person_captured_is_left_alone(bench: FlowBench) -> None:
    order, authorization = await bought(bench)
    settlement = bench.store.till.settlement(bench.store.order(order))
    bench.store.till.capture(bench.store.order(order), authorization, settlement.customers(an_amount(20)))

    await ship(bench, order, 2)

    assert captured(bench, order) == [20]
    assert await bench.held(Flow.MONEY) == {}


async def test_a_voided_authorization_is_held_until_the_customer_has_paid_otherwise(bench: FlowBench) -> None:
    order, authorization = await bought(bench)
    bench.store.till.void(bench.store.order(order), authorization)

    await ship(bench, order, 2)
    held = (await bench.held(Flow.MONEY))[order]
    again = bench.store.till.authorize(bench.store.order(order), an_amount(20))
    bench.store.show_payments(order)
    await look(bench, order)

    assert held.cause is Cause.AUTHORIZATION_GONE
    assert "20.00 EUR" in held.detail
    assert (captured(bench, order), await bench.held(Flow.MONEY)) == ([20], {})
    assert again != authorization


async def test_a_capture_that_was_refused_is_not_tried_again_until_a_person_made_it(bench: FlowBench) -> None:
    order, authorization = await bought(bench)
    bench.store.refuse_next("capture", Refused("The bank said no. Ask the customer."))

    await ship(bench, order, 2)
    held = (await bench.held(Flow.MONEY))[order]
    await in_a_minute(bench, order)
    tries = bench.store.calls["capture"]
    settlement = bench.store.till.settlement(bench.store.order(order))
    bench.store.till.capture(bench.store.order(order), authorization, settlement.customers(an_amount(20)))
    await look(bench, order)

    assert (held.cause, "The bank said no" in held.detail, tries) == (Cause.CAPTURE_REFUSED, True, 1)
    assert await bench.held(Flow.MONEY) == {}


async def test_a_worker_that_lost_its_lease_captures_nothing(bench: FlowBench) -> None:
    order, _ = await bought(bench)
    (fo,) = bench.store.order(order).fulfillment_orders
    await bench.backend.ship(RequestKey(fo.id), [Parcel({fo.lines[0].id: 2}, tracking_number="T-1")])
    await bench.look(Flow.FULFILLMENTS, order)
    slept = Claim(ACME, Flow.MONEY, order, "slept", 0, 1, 1_000_001, bench.store.now())

    (settled,) = await bench.flow(Flow.MONEY)([slept])

    assert isinstance(settled.rest, Blocked | Failed)
    assert captured(bench, order) == []


async def test_shopify_is_not_asked_about_orders_that_the_backend_never_was(bench: FlowBench) -> None:
    order = bench.store.buy(HAMBURG, (MUG, 1))

    await bench.look(Flow.MONEY, order)

    assert bench.store.calls["settlement"] == 0
