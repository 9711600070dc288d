"""What a carrier is to collect for each request of an order that is paid for on delivery. Pure."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from crossdock.flows.orders.parting import Asked, Told, bearer, part, requests_of
from crossdock.model.money import Money
from crossdock.model.names import RequestKey
from crossdock.model.order import Order
from crossdock.model.payment import Payment, PaymentMethod, method_of
from crossdock.model.prices import repriced
from crossdock.model.request import FulfillmentRequest
from crossdock.model.request_money import RequestMoney


def payment_for(order: Order, cash_on_delivery: Collection[str]) -> Payment:
    """Return how the order is paid; `cash_on_delivery` are the names of gateways that mean so."""
    owed = Money(order.payments.outstanding.presentment, order.money.currencies.presentment)
    return Payment(method_of(order.payments, cash_on_delivery), order.payments.gateways, owed)


def to_collect(order: Order, method: PaymentMethod, key: RequestKey, asked: Sequence[Asked], told: Told) -> Money:
    """
    Return what a carrier is to collect for the request of this key, in the customer's currency.

    Each collects what its goods and charges come to, the one with the charges also for what no request ships. Where
    less is owed than that, as after a deposit, the last ones collect first. A request that was told its amount keeps
    it, as long as so much is owed at all: what is owed falls while others are paid for.
    """
    currency, owed = order.money.currencies.presentment, order.payments.outstanding.presentment
    if method is not PaymentMethod.CASH_ON_DELIVERY:
        return Money(Decimal(0), currency)
    requests = requests_of(order, key, asked, told)
    bears = bearer(key, told)
    parts = {one: part(order, one, lines, told, bears=bears) for one, lines in requests.items()}
    most = {one: money.total.presentment for one, money in parts.items()}
    unshipped = order.money.totals.total.presentment - sum(most.values())
    if bears in most:
        most[bears] += max(Decimal(0), unshipped)
    before = told.get(key)
    if before is not None and _still_so(before, asked, parts.get(key)):
        return Money(min(before.to_collect.amount, owed), currency)
    waiting = {RequestKey(fo.id) for fo in order.fulfillment_orders if any(line.remaining > 0 for line in fo.lines)}
    others = {one: request for one, request in told.items() if one != key}
    left, collected = owed, Decimal(0)
    for one in waiting & others.keys():
        left -= others[one].to_collect.amount
    for one in reversed([one for one in requests if one not in others]):
        collected = max(Decimal(0), min(left, most[one]))
        if one == key:
            break
        left -= collected
    return Money(collected, currency)


def _still_so(told: FulfillmentRequest, asked: Sequence[Asked], now: RequestMoney | None) -> bool:
    """Whether a request was told to collect, for the same units at the same prices as it is asked for now."""
    if told.money is not None and now is not None and repriced(told.money, now):
        return False
    units = {one.reference: one.units for one in asked}
    paid_so = told.payment is not None and told.payment.method is PaymentMethod.CASH_ON_DELIVERY
    return paid_so and {line.reference: line.units for line in told.lines} == units
