"""A change of prices alone reaches a warehouse that keeps them, or a person, once; rounding and refunds are none."""

from dataclasses import replace
from random import Random

import pytest
from tests.flows.flow_bench import ACME, HAMBURG, MUG, FlowBench
from tests.flows.money_orders import an_order_by_chance
from tests.flows.test_changes_after_acceptance import change, key_of, leave_it, look, only_line, there
from tests.flows.test_collecting_on_delivery import requests as asked_for
from tests.flows.test_collecting_on_delivery import told
from tests.flows.test_deciding_late_changes import agreed, changed
from tests.flows.test_deciding_orders import a_sight, held
from tests.flows.test_following_up import by_rule
from tests.flows.test_money_to_the_cent import (
    FIRST,
    SECOND,
    as_told,
    asked_of,
    in_two_parts,
    tell,
    three_mugs_for_ten_off_a_euro,
)

from crossdock.flows.orders.changing import Amend
from crossdock.flows.orders.decide import decide
from crossdock.flows.orders.parting import part
from crossdock.model.capability import Capability
from crossdock.model.cause import Cause
from crossdock.model.change import Change, Kind, changes, with_changes
from crossdock.model.connection import OrderRules
from crossdock.model.flow import Flow
from crossdock.model.money import NOTHING
from crossdock.model.names import OrderId
from crossdock.model.order import Order
from crossdock.model.order_money import Charge, ChargeKind, Refund
from crossdock.model.prices import repriced
from crossdock.model.request import WorkState
from crossdock.store import orders, requests, timeline
from crossdock.testing.builders import NOON, a_line, an_order
from crossdock.testing.floor import Parcel
from crossdock.testing.money_builders import (
    a_charge,
    a_sold_line,
    a_tax,
    an_amount,
    an_order_money,
    euros,
    some_payments,
)

KEEPS_PRICES = frozenset({Capability.MONEY})
SHIPPING = a_charge("4.90")


def costing(order: Order, *charges: Charge, discount: str = "1.00", tax: str = "3.61", price: str = "9.50") -> Order:
    """The same order at ten euros a unit, less a discount and with taxes; `price` is what a unit comes to."""
    at_ten = [replace(line, unit_price=euros(10)) for line in order.lines]
    sold = [a_sold_line(line, discount=discount, taxes=[a_tax(tax)]) for line in at_ten]
    lines = tuple(replace(line, unit_price=euros(price)) for line in order.lines)
    return replace(order, lines=lines, money=an_order_money(sold, *charges))


def cheaper(order: Order) -> Order:
    """Another 2.00 off."""
    return costing(order, SHIPPING, discount="3.00", tax="3.23", price="8.50")


async def two_mugs_at_the_warehouse(bench: FlowBench) -> OrderId:
    """Two of ten mugs for 22.61, and 4.90 for shipping."""
    await bench.link()
    order = bench.store.buy(HAMBURG, (MUG, 2))
    change(bench, order, lambda one: costing(one, SHIPPING))
    await look(bench, order)
    return order


async def found(bench: FlowBench, order: OrderId) -> list[str]:
    """What the order's page says of its money."""
    async with bench.database.begin() as tx:
        return list((await orders.found_before(tx, ACME, [order]))[order])


async def said(bench: FlowBench, order: OrderId, kind: str) -> list[str]:
    async with bench.database.begin() as tx:
        return [one.sentence for one in await timeline.read(tx, ACME, order) if one.kind == kind]


# --- a backend that keeps prices, and amends ----------------------------------------------------------------------


async def test_a_discount_reaches_the_warehouse_once(bench: FlowBench) -> None:
    order = await two_mugs_at_the_warehouse(bench)

    change(bench, order, cheaper)
    for _ in range(3):
        await look(bench, order)

    now = bench.store.order(order)
    assert (await bench.backend.booked(key_of(bench, order))).total == now.money.totals.total == an_amount("25.13")
    assert [line.unit_price for line in there(bench, order).lines] == [euros("8.50")]
    assert await bench.held(Flow.ORDERS) == {}
    assert await said(bench, order, "amended") == [
        f"{now.name}: the prices were changed (2 of “{now.lines[0].title}”: 22.61 EUR → 20.23 EUR). "
        "The warehouse changed FAKE-1."
    ]
    assert (await found(bench, order), await said(bench, order, "money")) == ([], [])


@pytest.mark.parametrize(
    ("charges", "told_of"),
    [((a_charge("7.00"),), "4.90 EUR → 7.00 EUR"), ((), "4.90 EUR → 0.00 EUR")],
    ids=["dearer", "gone"],
)
async def test_another_charge_for_shipping_reaches_the_warehouse(
    bench: FlowBench, charges: tuple[Charge, ...], told_of: str
) -> None:
    order = await two_mugs_at_the_warehouse(bench)

    change(bench, order, lambda one: costing(one, *charges))
    await look(bench, order)

    total = bench.store.order(order).money.totals.total
    assert (await bench.backend.booked(key_of(bench, order))).total == total
    [sentence] = await said(bench, order, "amended")
    assert f"(shipping and other charges: {told_of})" in sentence


async def test_shipping_that_was_free_and_is_not_any_more_reaches_the_warehouse(bench: FlowBench) -> None:
    await bench.link()
    order = bench.store.buy(HAMBURG, (MUG, 2))
    await look(bench, order)

    change(bench, order, lambda one: replace(one, money=an_order_money(one.money.lines, SHIPPING)))
    await look(bench, order)

    assert (await bench.backend.booked(key_of(bench, order))).total == an_amount("24.90")


@pytest.mark.parametrize("state", [WorkState.PACKED, WorkState.SHIPPED])
async def test_what_is_packed_already_is_asked_about_with_both_amounts(bench: FlowBench, state: WorkState) -> None:
    order = await two_mugs_at_the_warehouse(bench)
    await bench.backend.advance(key_of(bench, order), state)
    await bench.look(Flow.FULFILLMENTS, order)

    change(bench, order, cheaper)
    await look(bench, order)
    hold = (await bench.held(Flow.ORDERS))[order]
    named = await found(bench, order)
    await leave_it(bench, order)
    await look(bench, order)

    assert hold.cause is (Cause.CHANGED_LATE if state is WorkState.PACKED else Cause.LEFT_ALREADY)
    assert "22.61 EUR → 20.23 EUR" in hold.detail
    assert len(named) == 1
    assert await bench.held(Flow.ORDERS) == {}
    assert (await bench.backend.booked(key_of(bench, order))).total == an_amount("27.51")


async def test_by_rule_the_time_line_says_what_the_books_lack_once_it_has_left(bench: FlowBench) -> None:
    by_rule(bench)
    order = await two_mugs_at_the_warehouse(bench)
    await bench.backend.ship(key_of(bench, order), [Parcel({only_line(bench, order): 2})])
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()

    change(bench, order, cheaper)
    for _ in range(2):
        await look(bench, order)

    [sentence] = await said(bench, order, "followed_up")
    assert sentence.endswith("the books there are for a person to correct.")
    assert await bench.held(Flow.ORDERS) == {}


# --- a backend that cannot ----------------------------------------------------------------------------------------


async def test_a_backend_that_keeps_prices_and_amends_nothing_is_a_question_for_a_person(bench: FlowBench) -> None:
    bench.can = KEEPS_PRICES
    order = await two_mugs_at_the_warehouse(bench)

    change(bench, order, cheaper)
    await look(bench, order)
    first = (await bench.held(Flow.ORDERS))[order]
    await leave_it(bench, order)
    settled = await bench.held(Flow.ORDERS)
    change(bench, order, lambda one: costing(one, SHIPPING, discount="5.00", tax="2.85", price="7.50"))
    await look(bench, order)

    assert first.cause is Cause.CHANGED_LATE
    assert "the prices were changed (2 of “Line 2”: 22.61 EUR → 20.23 EUR)" in first.detail
    assert settled == {}
    assert "20.23 EUR → 17.85 EUR" in (await bench.held(Flow.ORDERS))[order].detail


@pytest.mark.parametrize("state", [WorkState.RELEASED, WorkState.PACKED, WorkState.SHIPPED])
async def test_a_backend_that_keeps_no_prices_is_told_nothing_and_nobody_is_asked(
    bench: FlowBench, state: WorkState
) -> None:
    bench.can = frozenset(Capability) - KEEPS_PRICES
    order = await two_mugs_at_the_warehouse(bench)
    await bench.backend.advance(key_of(bench, order), state)
    await bench.look(Flow.FULFILLMENTS, order)

    change(bench, order, cheaper)
    for _ in range(3):
        await look(bench, order)

    assert await bench.held(Flow.ORDERS) == {}
    assert await said(bench, order, "amended") == []
    [sentence] = await said(bench, order, "left")
    assert "22.61 EUR → 20.23 EUR" in sentence


# --- what is no change --------------------------------------------------------------------------------------------


async def test_what_was_agreed_before_prices_were_followed_counts_as_agreed(bench: FlowBench) -> None:
    order = await two_mugs_at_the_warehouse(bench)
    async with bench.database.begin() as tx:
        (asked,) = (await requests.of_orders(tx, ACME, [order]))[order]
        assert asked.terms is not None
        await requests.agreed(tx, ACME, replace(asked.terms, priced=False))

    change(bench, order, cheaper)
    await look(bench, order)

    assert not {"amended", "left", "held"} & set(await bench.story(order))
    assert len(await found(bench, order)) == 1


async def test_shipping_that_a_refund_gave_back_is_the_refunds_to_tell(bench: FlowBench) -> None:
    order = await two_mugs_at_the_warehouse(bench)
    back = Refund((), an_amount("4.00"), NOTHING, an_amount("4.00"))

    def given_back(one: Order) -> Order:
        return replace(one, money=an_order_money(one.money.lines, a_charge("0.90"), refunds=[back]))

    change(bench, order, given_back)
    await look(bench, order)
    before = await said(bench, order, "amended")
    change(bench, order, lambda one: replace(one, note="Ring twice"))
    await look(bench, order)

    assert before == []
    assert there(bench, order).note == "Ring twice"
    assert (await bench.backend.booked(key_of(bench, order))).total == an_amount("27.51")


def test_what_moved_by_the_smallest_unit_is_no_change() -> None:
    before = costing(an_order(lines=[a_line(1, quantity=2)]), SHIPPING)

    assert decide(changed(costing(before, SHIPPING, tax="3.62"), before), NOON).steps == ()


def test_a_total_that_does_not_sum_up_any_more_is_a_finding_and_no_change() -> None:
    before = costing(an_order(lines=[a_line(1, quantity=2)]), SHIPPING)
    money = replace(before.money, totals=replace(before.money.totals, total=an_amount("27.60")))
    now = replace(before, money=money)

    again = part(now, FIRST, asked_of(now)[next(iter(asked_of(now)))], {})
    assert [one.kind for one in again.charges] == [ChargeKind.SHIPPING, ChargeKind.DIFFERENCE]
    assert decide(changed(now, before), NOON).steps == ()


@pytest.mark.parametrize("edited", [False, True], ids=["refunded", "edited"])
def test_units_that_go_leave_the_prices_of_the_others_as_they_were(*, edited: bool) -> None:
    """Of a thousand orders units are refunded or taken off; what the other requests were told stands to the cent."""
    for case in range(500):
        after = an_order_by_chance(Random(f"units go {case}"), edited=edited)
        sold = tuple(replace(line, current=line.quantity) for line in after.money.lines)
        before = replace(after, money=replace(after.money, lines=sold, refunds=()))
        asked = asked_of(after)
        told_then = tell(before, list(asked))

        for key in asked:
            now = part(after, key, asked[key], as_told(told_then))
            assert repriced(told_then[key], now) == [], case


# --- together with others -----------------------------------------------------------------------------------------


def test_while_goods_are_picked_the_prices_of_what_stays_are_amended_and_the_rest_is_asked() -> None:
    mugs, lamps = a_line(1, quantity=2), a_line(2, sku="LAMP", variant=2, quantity=2)
    before = costing(an_order(lines=[mugs, lamps]))
    fewer = [mugs, a_line(2, sku="LAMP", variant=2)]
    now = costing(replace(an_order(lines=fewer), money=before.money), discount="3.00", tax="3.23", price="8.50")

    plan = decide(changed(now, before, state=WorkState.PICKING), NOON)

    (amend,) = plan.steps
    assert isinstance(amend, Amend)
    lines = [(line.units, line.unit_price) for line in amend.terms.request.lines]
    assert lines == [(2, euros("8.50")), (2, euros("9.50"))]
    money = amend.terms.request.money
    assert money is not None
    assert [(one.worth.units, one.worth.discount) for one in money.lines] == [(2, an_amount(3)), (2, an_amount(1))]
    assert "2 → 1 of “Line 2”" in held(plan).detail


def test_new_goods_that_are_taken_on_do_not_bring_along_prices_that_a_person_is_asked_about() -> None:
    mugs, lamps = a_line(1, quantity=2), a_line(2, sku="LAMP", variant=2, quantity=2)
    before = agreed(costing(an_order(lines=[mugs, lamps]), SHIPPING))
    fewer = [mugs, a_line(2, sku="LAMP", variant=2)]
    now = agreed(costing(an_order(lines=fewer), discount="3.00", tax="3.23", price="8.50"))

    terms = with_changes(before, now, {Kind.QUANTITY_DOWN})

    money = terms.request.money
    assert money is not None
    assert [(one.worth.units, one.worth.discount) for one in money.lines] == [(2, an_amount(1)), (1, an_amount(3))]
    assert [one.net for one in money.charges] == [an_amount("4.90")]
    assert [one.kind for one in changes(terms, now)] == [Kind.PRICES]


def test_taxes_that_change_within_the_same_price_are_named_as_such() -> None:
    order = an_order(lines=[a_line(1, quantity=2)])
    sold = a_sold_line(order.lines[0], taxes=[a_tax("3.19")])
    before = replace(order, money=an_order_money([sold], taxes_included=True))
    now = replace(order, money=an_order_money([replace(sold, taxes=())], taxes_included=True))

    found = changes(agreed(before), agreed(now))

    assert found == [Change(Kind.PRICES, "2 of “Line 1”: other discounts or taxes in 20.00 EUR")]


def test_a_line_in_two_requests_is_repriced_in_both_and_the_parts_sum_to_the_total() -> None:
    order = in_two_parts(three_mugs_for_ten_off_a_euro(), (1, 2))
    told_then = tell(order, [FIRST, SECOND])
    [sold] = order.money.lines
    now = replace(order, money=an_order_money([replace(sold, discount=an_amount("4.00"))], SHIPPING))

    first = part(now, FIRST, asked_of(now)[FIRST], as_told(told_then))
    second = part(now, SECOND, asked_of(now)[SECOND], as_told(told_then | {FIRST: first}))

    assert (len(repriced(told_then[FIRST], first)), len(repriced(told_then[SECOND], second))) == (1, 1)
    assert first.total + second.total == now.money.totals.total


def test_charges_whose_request_is_off_wait_for_the_one_that_takes_its_place() -> None:
    order = in_two_parts(three_mugs_for_ten_off_a_euro(), (1, 2))
    told_then = tell(order, [FIRST, SECOND])
    without = as_told({SECOND: told_then[SECOND]})  # the first one was stopped

    assert part(order, SECOND, asked_of(order)[SECOND], without).charges == ()
    assert part(order, FIRST, asked_of(order)[FIRST], without).charges == told_then[FIRST].charges


def test_a_dearer_order_that_is_paid_on_delivery_has_the_carrier_collect_more() -> None:
    line = a_line(1, quantity=2)
    order = costing(an_order(lines=[line], outstanding="22.61", financial_status="PENDING"))
    [request] = asked_for(order)
    dearer = replace(costing(order, SHIPPING), payments=some_payments(outstanding="27.51"))

    rules = OrderRules(financial=frozenset({"PENDING"}))
    (amend,) = decide(
        replace(a_sight(dearer, rules=rules, sent=[told(request)]), can=frozenset(Capability)), NOON
    ).steps

    assert isinstance(amend, Amend)
    assert (request.to_collect, amend.terms.request.to_collect) == (euros("22.61"), euros("27.51"))
