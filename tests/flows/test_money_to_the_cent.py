"""What goes to backends sums to Shopify's total, to the smallest unit of both currencies."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from tests.flows.money_orders import an_order_by_chance

from crossdock.flows.orders.parting import Asked, Told, findings, part
from crossdock.model.money import NOTHING, Amount, Currencies, divided, places, total
from crossdock.model.names import RequestKey, Units
from crossdock.model.order import Order
from crossdock.model.order_money import ChargeKind, Refund, RefundedLine
from crossdock.model.request_money import RequestMoney
from crossdock.model.standing import payable, standing
from crossdock.testing.builders import (
    a_fulfillment_order,
    a_fulfillment_order_line,
    a_line,
    a_request,
    an_order,
)
from crossdock.testing.money_builders import a_charge, a_sold_line, a_tax, an_amount, an_order_money

BATCHES, CASES = 20, 500
"""Ten thousand orders in all, in parts that workers share."""

FIRST, SECOND = RequestKey("gid://shopify/FulfillmentOrder/1"), RequestKey("gid://shopify/FulfillmentOrder/2")


def asked_of(order: Order) -> dict[RequestKey, list[Asked]]:
    return {
        RequestKey(fo.id): [Asked(line.id, line.line_item, line.remaining) for line in fo.lines]
        for fo in order.fulfillment_orders
    }


def tell(order: Order, keys: Sequence[RequestKey]) -> dict[RequestKey, RequestMoney]:
    """Send these requests, one after the other."""
    told: dict[RequestKey, RequestMoney] = {}
    asked = asked_of(order)
    for key in keys:
        told[key] = part(order, key, asked[key], as_told(told))
    return told


def as_told(money: dict[RequestKey, RequestMoney]) -> Told:
    return {key: a_request(key=key, money=one) for key, one in money.items()}


def in_two_parts(order: Order, units: tuple[int, int], *, at: int = 0) -> Order:
    """The same order, with the units of one of its lines in two fulfillment orders."""
    line = order.lines[at]
    rows = [replace(a_fulfillment_order_line(line, total=one), id=f"{line.id}/{n}") for n, one in enumerate(units)]  # type: ignore[arg-type]  # any text does
    parts = [a_fulfillment_order(row, number=number) for number, row in enumerate(rows, start=1)]
    return replace(order, fulfillment_orders=tuple(parts))


def three_mugs_for_ten_off_a_euro() -> Order:
    """Three mugs at 10.00, less 1.00 in all, with 19 % on top and 4.90 for shipping."""
    line = a_line(1, quantity=3)
    sold = a_sold_line(line, discount="1.00", taxes=[a_tax("5.51")])
    return an_order(lines=[line], money=an_order_money([sold], a_charge("4.90")))


@pytest.mark.parametrize("edited", [False, True], ids=["refunded", "edited"])
@pytest.mark.parametrize("batch", range(BATCHES // 2))
def test_ten_thousand_orders_sum_to_shopifys_totals(batch: int, edited: bool) -> None:
    for case in range(CASES):
        random = Random(f"{batch}/{case}/{edited}")
        order = an_order_by_chance(random, edited=edited)
        keys = list(asked_of(order))
        random.shuffle(keys)
        if not keys:
            continue

        told = tell(order, keys)

        shipped = {line.line_item for fo in order.fulfillment_orders for line in fo.lines}
        rest = [payable(order.money, worth) for line, worth in standing(order.money).lines if line not in shipped]
        assert total([one.total for one in told.values()]) + total(rest) == order.money.totals.total, case
        assert sum(1 for one in told.values() if one.charges) <= 1, case
        if not edited:
            assert findings(order, as_told(told)) == [], case


# --- dividing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("currency", "whole", "parts"),
    [
        ("EUR", "10.00", ["3.34", "3.33", "3.33"]),
        ("JPY", "100", ["34", "33", "33"]),
        ("KWD", "1.000", ["0.334", "0.333", "0.333"]),
        ("EUR", "-0.01", ["-0.01", "0.00", "0.00"]),
        ("EUR", "0.005", ["0.002", "0.002", "0.001"]),
    ],
)
def test_an_amount_is_divided_to_the_smallest_unit_and_the_first_get_what_is_left(
    currency: str, whole: str, parts: list[str]
) -> None:
    made = divided(an_amount(whole), [1, 1, 1], Currencies(currency, currency))

    assert [one.shop for one in made] == [Decimal(one) for one in parts]


def test_each_currency_is_divided_by_itself() -> None:
    made = divided(Amount(Decimal("1.00"), Decimal(100)), [2, 1], Currencies("EUR", "JPY"))

    assert made == (Amount(Decimal("0.67"), Decimal(67)), Amount(Decimal("0.33"), Decimal(33)))


def test_currencies_have_the_decimals_that_they_have() -> None:
    assert [places(code) for code in ("EUR", "JPY", "KWD", "CLF", "XXX")] == [2, 0, 3, 4, 2]


# --- parts --------------------------------------------------------------------------------------------------------


def test_the_parts_of_a_line_sum_to_it_and_shipping_goes_with_the_first() -> None:
    order = in_two_parts(three_mugs_for_ten_off_a_euro(), (1, 2))

    told = tell(order, [FIRST, SECOND])

    one, other = told[FIRST], told[SECOND]
    assert [share.worth.discount.shop for share in (*one.lines, *other.lines)] == [Decimal("0.33"), Decimal("0.67")]
    assert [share.worth.tax.shop for share in (*one.lines, *other.lines)] == [Decimal("1.84"), Decimal("3.67")]
    assert ([charge.kind for charge in one.charges], list(other.charges)) == ([ChargeKind.SHIPPING], [])
    assert one.total + other.total == order.money.totals.total == an_amount("39.41")


def test_what_was_told_stays_though_another_part_is_made_later() -> None:
    order = three_mugs_for_ten_off_a_euro()
    told = tell(in_two_parts(order, (1, 2)), [SECOND])

    later = in_two_parts(order, (1, 2))
    first = part(later, FIRST, asked_of(later)[FIRST], as_told(told))

    assert told[SECOND].charges
    assert not first.charges
    assert first.total + told[SECOND].total == order.money.totals.total


def test_a_unit_that_came_back_after_it_shipped_is_still_part_of_what_was_asked() -> None:
    order = in_two_parts(three_mugs_for_ten_off_a_euro(), (3, 0))
    told = tell(order, [FIRST])
    back = RefundedLine(order.lines[0].id, Units(1), an_amount("9.67"), an_amount("1.84"))
    sold = replace(order.money.lines[0], current=Units(2))
    refund = Refund((back,), NOTHING, NOTHING, an_amount("11.51"))
    after = replace(order, money=an_order_money([sold], *order.money.charges, refunds=[refund]))

    assert findings(after, as_told(told)) == []
    assert after.money.totals.total == an_amount("27.90")


# --- findings -----------------------------------------------------------------------------------------------------


def test_a_total_that_does_not_sum_up_is_named_and_goes_along_as_a_difference() -> None:
    line = a_line(1, quantity=2)
    money = an_order_money([a_sold_line(line)], total=an_amount("20.03"))
    order = an_order(lines=[line], money=money)

    [found] = findings(order, {})
    [asked] = asked_of(order).items()
    sent = part(order, *asked, {})

    assert found == ("#1001: All that Shopify lists comes to 20.00 EUR, and its total is 20.03 EUR: 0.03 EUR more.")
    assert [(one.kind, one.net) for one in sent.charges] == [(ChargeKind.DIFFERENCE, an_amount("0.03"))]
    assert sent.total == an_amount("20.03")


def test_taxes_that_do_not_sum_up_are_named_with_the_line_that_lost_units_without_a_refund() -> None:
    line = a_line(1, quantity=3, current_quantity=2)
    money = an_order_money([a_sold_line(line, taxes=[a_tax("5.71")])])
    totals = replace(money.totals, tax=an_amount("3.80"), total=money.totals.total - an_amount("0.01"))
    order = an_order(lines=[line], money=replace(money, totals=totals))

    found = findings(order, {})

    assert found == [
        "#1001: The taxes come to 3.81 EUR, and Shopify says 3.80 EUR: 0.01 EUR less.",
        "#1001: Units were taken off “Line 1” without a refund, so what they cost was reckoned.",
    ]


def test_a_price_that_changed_after_it_was_told_is_named_with_both() -> None:
    order = in_two_parts(three_mugs_for_ten_off_a_euro(), (3, 0))
    told = tell(order, [FIRST])
    [sold] = order.money.lines
    cheaper = replace(order, money=an_order_money([replace(sold, discount=an_amount("4.00"))], a_charge("0.00")))

    assert findings(cheaper, as_told(told)) == [
        "#1001: 3 of “Line 1” was told as 34.51 EUR, and is 31.51 EUR now.",
        "#1001: Shipping and other charges were told as 4.90 EUR, and are 0.00 EUR now.",
    ]


def test_a_tip_that_shopify_lists_among_the_lines_is_counted_once_and_not_as_goods() -> None:
    mug = a_line(1)
    tip = a_line(2, variant=None, requires_shipping=False, unit_price=2)
    lines = [a_sold_line(mug), a_sold_line(tip)]
    money = an_order_money(lines, tip=an_amount(2))

    now = standing(money)

    assert [line for line, _ in now.lines] == [mug.id]
    assert [(one.kind, one.net) for one in now.charges] == [(ChargeKind.TIP, an_amount(2))]
    assert now.total == an_amount(12)


def test_taxes_in_the_prices_are_not_paid_twice() -> None:
    sold = a_sold_line(a_line(1), taxes=[a_tax("1.60")])

    assert an_order_money([sold], taxes_included=True).totals.total == an_amount(10)
    assert an_order_money([sold], taxes_included=False).totals.total == an_amount("11.60")
