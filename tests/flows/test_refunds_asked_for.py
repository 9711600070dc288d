"""A backend asks for refunds: made once, within limits, or put to a person; the real flow over a real database."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.flows.flow_bench import ACME, HAMBURG, MUG, FlowBench
from tests.flows.test_money_moves import in_a_minute, look, rule

from crossdock.edge.refund_changes import approve_refund, decline_refund
from crossdock.kit.errors import Refused, UsageError
from crossdock.model.cause import Cause
from crossdock.model.flow import Flow
from crossdock.model.money import Currencies, Money
from crossdock.model.names import OrderId, RefundKey, RequestKey
from crossdock.model.people import Actor, Face
from crossdock.store.database import Database
from crossdock.testing.money_builders import an_amount

TEN = Decimal("10.00")


@pytest.fixture
async def bench(database: Database) -> FlowBench:
    bench = FlowBench(database)
    await bench.open(10)
    await bench.link()
    await bench.keep()
    rule(bench, refund_limit=Decimal(50))
    return bench


async def asked(bench: FlowBench, amount: Decimal = TEN, units: int = 2) -> tuple[OrderId, RefundKey]:
    """Let the backend ask for a refund of an order of so many mugs, at ten euros each, that it was asked to ship."""
    order = bench.store.buy(HAMBURG, (MUG, units))
    bench.store.show_payments(order)
    await bench.look(Flow.ORDERS, order)
    key = await bench.backend.ask_refund(
        RequestKey(bench.store.order(order).fulfillment_orders[0].id), amount, "Dented"
    )
    return order, key


def refunds(bench: FlowBench, order: OrderId) -> Sequence[tuple[str, int]]:
    settlement = bench.store.till.settlement(bench.store.order(order))
    return [(one.note, int(one.what.paid_back.presentment)) for one in settlement.refunds]


async def say(bench: FlowBench, order: OrderId, *, yes: bool, read: str | None = None) -> None:
    """Let a person answer."""
    act = approve_refund if yes else decline_refund
    async with bench.database.begin() as tx:
        await act(tx, Actor("ada", Face.COMMAND_LINE), ACME, order, order, read)
    await look(bench, order)


async def test_a_refund_within_the_limit_is_made_once_and_answered(bench: FlowBench) -> None:
    order, key = await asked(bench)

    await bench.hear()
    await bench.drain(Flow.MONEY)
    for _ in range(2):
        await in_a_minute(bench, order)

    assert refunds(bench, order) == [(f"Dented [acme-fake/{key}]", 10)]
    answer = bench.backend.books.answers[key]
    (document,) = bench.backend.books.credits.values()
    assert (answer.made, answer.refund, document.asked) == (True, document.key, key)
    assert [(await bench.story(order)).count(kind) for kind in ("refunded", "refund_answered", "credited")] == [1, 1, 1]


@pytest.mark.parametrize("lost", ["lose_next_answer", "lose_next_question"])
async def test_a_refund_is_made_once_whatever_is_lost(bench: FlowBench, lost: str) -> None:
    order, key = await asked(bench)
    getattr(bench.store, lost)("refund")

    await look(bench, order)
    for _ in range(2):
        await in_a_minute(bench, order)

    assert refunds(bench, order) == [(f"Dented [acme-fake/{key}]", 10)]
    assert bench.backend.books.answers[key].made


async def test_a_refund_over_the_limit_waits_for_a_person_who_approves_it(bench: FlowBench) -> None:
    rule(bench, refund_limit=Decimal("9.99"))
    order, key = await asked(bench)
    await look(bench, order)
    held, before = (await bench.held(Flow.MONEY))[order], refunds(bench, order)

    await say(bench, order, yes=True, read=held.detail)

    assert (held.cause, before) == (Cause.REFUND_ASKED, [])
    assert f"{key} asks for 10.00 EUR back (Dented)" in held.detail
    assert [amount for _, amount in refunds(bench, order)] == [10]
    assert (bench.backend.books.answers[key].made, await bench.held(Flow.MONEY)) == (True, {})


async def test_a_refund_that_a_person_declines_is_not_made_and_the_backend_knows(bench: FlowBench) -> None:
    rule(bench, refund_limit=Decimal(0))
    order, key = await asked(bench)
    await look(bench, order)

    await say(bench, order, yes=False)

    answer = bench.backend.books.answers[key]
    assert (refunds(bench, order), answer.made, answer.said) == ([], False, "A person has declined it.")
    assert await bench.held(Flow.MONEY) == {}


async def test_an_answer_to_what_has_changed_meanwhile_is_not_taken(bench: FlowBench) -> None:
    rule(bench, refund_limit=Decimal(0))
    order, _ = await asked(bench)
    await look(bench, order)
    read = (await bench.held(Flow.MONEY))[order].detail
    await bench.backend.ask_refund(RequestKey(bench.store.order(order).fulfillment_orders[0].id), TEN, "Late")
    await look(bench, order)

    with pytest.raises(UsageError, match="changed"):
        await say(bench, order, yes=True, read=read)

    assert refunds(bench, order) == []


async def test_no_word_lifts_what_shopify_lets_go_back(bench: FlowBench) -> None:
    order, key = await asked(bench, Decimal("20.01"))
    await look(bench, order)
    held = (await bench.held(Flow.MONEY))[order]

    await say(bench, order, yes=True)

    assert "no more than 20.00 EUR" in held.detail
    assert (refunds(bench, order), bench.backend.books.answers.get(key)) == ([], None)
    assert order in await bench.held(Flow.MONEY)


async def test_two_refunds_together_never_exceed_what_was_paid(bench: FlowBench) -> None:
    order, first = await asked(bench, Decimal(15))
    part = RequestKey(bench.store.order(order).fulfillment_orders[0].id)
    second = await bench.backend.ask_refund(part, Decimal(15), "Late")

    for _ in range(3):
        await in_a_minute(bench, order)

    assert [amount for _, amount in refunds(bench, order)] == [15]
    assert list(bench.backend.books.answers) == [first]
    assert str(second) in (await bench.held(Flow.MONEY))[order].detail


async def test_another_currency_is_put_to_a_person_and_never_converted(bench: FlowBench) -> None:
    order = bench.store.buy(HAMBURG, (MUG, 2))
    await bench.look(Flow.ORDERS, order)
    key = bench.backend.books.ask(order, Money(TEN, "USD"), "")
    await look(bench, order)
    held = (await bench.held(Flow.MONEY))[order]

    await say(bench, order, yes=True)
    still = refunds(bench, order)
    await say(bench, order, yes=False)

    assert "paid in EUR" in held.detail
    assert (still, refunds(bench, order), bench.backend.books.answers[key].made) == ([], [], False)


async def test_what_shopify_refused_is_asked_again_and_tried_again_under_another_key(bench: FlowBench) -> None:
    order, key = await asked(bench)
    bench.store.refuse_next("refund", Refused("The bank said no. Try again."))
    await look(bench, order)
    await in_a_minute(bench, order)
    held, tries = (await bench.held(Flow.MONEY))[order], bench.store.calls["refund"]

    await say(bench, order, yes=True)

    assert ("The bank said no" in held.detail, tries) == (True, 1)
    assert [amount for _, amount in refunds(bench, order)] == [10]
    assert bench.backend.books.answers[key].made


async def test_an_order_that_the_backend_was_never_asked_for_gets_no_refund(bench: FlowBench) -> None:
    order = bench.store.buy(HAMBURG, (MUG, 1))
    key = bench.backend.books.ask(order, Money(Decimal(1), "EUR"), "")

    await bench.look(Flow.MONEY, order)

    assert (refunds(bench, order), bench.backend.books.answers[key].made) == ([], False)


async def test_the_limit_is_in_the_shops_currency(bench: FlowBench) -> None:
    rule(bench, refund_limit=Decimal(5))
    order = bench.store.buy(HAMBURG, (MUG, 1))
    sold = bench.store.order(order)
    yen = replace(sold.money, currencies=Currencies("EUR", "JPY"))
    yen = replace(yen, totals=replace(yen.totals, total=an_amount(10, 1600)))
    bench.store.put(replace(sold, money=yen))
    await bench.look(Flow.ORDERS, order)
    small, large = (bench.backend.books.ask(order, Money(Decimal(yen), "JPY"), "") for yen in (800, 801))

    await look(bench, order)

    assert [amount for _, amount in refunds(bench, order)] == [800]
    assert list(bench.backend.books.answers) == [small]
    assert str(large) in (await bench.held(Flow.MONEY))[order].detail


async def test_many_small_refunds_of_an_order_are_a_large_one(bench: FlowBench) -> None:
    rule(bench, refund_limit=Decimal(10))
    order, _ = await asked(bench, Decimal(6))
    second = await bench.backend.ask_refund(
        RequestKey(bench.store.order(order).fulfillment_orders[0].id), Decimal(6), "Late"
    )

    for _ in range(2):
        await in_a_minute(bench, order)

    assert [amount for _, amount in refunds(bench, order)] == [6]
    assert str(second) in (await bench.held(Flow.MONEY))[order].detail
