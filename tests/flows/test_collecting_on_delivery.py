"""What a carrier collects, and how a backend hears that an order is paid."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.flows.test_deciding_orders import a_sight, held, in_two_parts, sends

from crossdock.flows.orders.decide import decide
from crossdock.flows.orders.sight import Sent, Work
from crossdock.model.cause import Cause
from crossdock.model.change import Terms
from crossdock.model.connection import OrderRules
from crossdock.model.money import Money
from crossdock.model.names import LocationId
from crossdock.model.order import Order
from crossdock.model.payment import PaymentMethod, Transaction
from crossdock.model.request import FulfillmentRequest, WorkState
from crossdock.testing.builders import NOON, a_line, an_order
from crossdock.testing.money_builders import a_charge, a_sold_line, an_amount, an_order_money, euros, some_payments

ANY_STATE = OrderRules(financial=frozenset({"PAID", "PENDING", "PARTIALLY_PAID"}))


def pending_at(gateway: str) -> Transaction:
    return Transaction("gid://shopify/OrderTransaction/1", "SALE", "PENDING", gateway, an_amount(10), manual=True)


def requests(order: Order, rules: OrderRules = ANY_STATE, *sent: Sent) -> list[FulfillmentRequest]:
    return [one.request for one in sends(decide(a_sight(order, rules=rules, sent=sent), NOON))]


def told(request: FulfillmentRequest) -> Sent:
    work = Work("SO-1", WorkState.RELEASED)
    location = LocationId("gid://shopify/Location/1")
    asked = {line.reference: line.units for line in request.lines}
    return Sent(request.key, request.name, location, work, recorded=True, terms=Terms(request, location), asked=asked)


@pytest.mark.parametrize(
    ("gateway", "owed", "method", "collected"),
    [
        ("bogus", 0, PaymentMethod.PREPAID, 0),
        ("Cash on Delivery (COD)", 10, PaymentMethod.CASH_ON_DELIVERY, 10),
        ("cash on delivery", 10, PaymentMethod.CASH_ON_DELIVERY, 10),
        ("Bank Deposit", 10, PaymentMethod.ON_ACCOUNT, 0),
    ],
)
def test_only_a_gateway_that_means_so_has_the_carrier_collect(
    gateway: str, owed: int, method: PaymentMethod, collected: int
) -> None:
    payments = some_payments(outstanding=owed, transactions=[pending_at(gateway)])
    order = an_order(payments=payments, financial_status="PENDING" if owed else "PAID")

    [request] = requests(order)

    assert request.payment is not None
    assert (request.payment.method, request.payment.owed) == (method, euros(owed))
    assert request.to_collect == euros(collected)


def test_a_shop_may_call_cash_on_delivery_as_it_likes() -> None:
    payments = some_payments(outstanding=10, transactions=[pending_at("Nachnahme")])
    rules = replace(ANY_STATE, cash_on_delivery=frozenset({"NACHNAHME"}))

    [request] = requests(an_order(payments=payments, financial_status="PENDING"), rules)

    assert request.to_collect == euros(10)


def test_an_order_to_be_paid_on_delivery_is_taken_where_the_rule_says_so() -> None:
    order = an_order(outstanding=10, financial_status="PENDING")

    assert requests(order, OrderRules()) == []
    assert len(requests(order, OrderRules(take_cash_on_delivery=True))) == 1


def test_each_part_collects_what_it_comes_to_in_the_customers_currency() -> None:
    order = in_two_parts()
    order = replace(order, payments=some_payments(outstanding=60), financial_status="PENDING")

    assert [one.to_collect for one in requests(order)] == [euros(20), euros(40)]


def test_after_a_deposit_the_last_parts_collect_first() -> None:
    order = replace(in_two_parts(), payments=some_payments(outstanding=45), financial_status="PARTIALLY_PAID")

    assert [one.to_collect for one in requests(order)] == [euros(5), euros(40)]


def test_the_part_with_the_charges_collects_for_what_nobody_ships() -> None:
    mug, card = a_line(1), replace(a_line(2, variant=None), requires_shipping=False)
    money = an_order_money([a_sold_line(mug), a_sold_line(card)], a_charge("4.90"))
    order = an_order(lines=[mug, card], money=money, outstanding="24.90", financial_status="PENDING")

    [request] = requests(order)

    assert request.to_collect == Money(Decimal("24.90"), "EUR")


def test_a_part_keeps_what_it_was_told_while_the_other_one_is_paid() -> None:
    order = replace(in_two_parts(), payments=some_payments(outstanding=60), financial_status="PENDING")
    first, second = requests(order)
    paid = replace(order, payments=some_payments(outstanding=40))

    plan = decide(a_sight(paid, rules=ANY_STATE, sent=[told(first), told(second)]), NOON)

    assert plan.steps == ()


def test_an_order_whose_money_does_not_sum_up_waits_where_the_rule_says_so() -> None:
    line = a_line(1)
    order = an_order(lines=[line], money=an_order_money([a_sold_line(line)], total=an_amount("9.99")))

    plan = decide(a_sight(order, rules=OrderRules(hold_money=True)), NOON)

    assert sends(plan) == []
    assert held(plan).cause is Cause.MONEY_DIFFERS
    assert "0.01 EUR less" in held(plan).detail
    assert len(requests(order)) == 1
