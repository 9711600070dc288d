"""
Which part of an order's money goes with which request, so that the parts sum to Shopify's total. Pure.

Lines are divided by units, by largest remainder, in the order in which Shopify made the fulfillment orders. What a
backend was told stays as it was told while it is right to the smallest unit of the currency: what comes later is
divided out of the rest. Shipping, tips and fees go with the first request that is sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from crossdock.model.money import NOTHING, Amount, divided, places, total
from crossdock.model.names import FulfillmentOrderLineId, LineItemId, RequestKey, Units
from crossdock.model.order import Order
from crossdock.model.order_money import Charge, ChargeKind, OrderMoney, SoldLine, Tax
from crossdock.model.prices import PRICED, charged
from crossdock.model.request import FulfillmentRequest
from crossdock.model.request_money import LineShare, RequestMoney
from crossdock.model.standing import Worth, payable, standing, worth

Told = Mapping[RequestKey, FulfillmentRequest]
"""The order's requests that the backend has, as they were told, by key."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Units of one fulfillment order line that a request asks for."""

    reference: FulfillmentOrderLineId
    line: LineItemId
    units: Units


def part(
    order: Order, key: RequestKey, asked: Sequence[Asked], told: Told, *, bears: RequestKey | None = None
) -> RequestMoney:
    """
    Return the money of the request of this key, which asks for these units; `told` may hold its own.

    Shipping and other charges go with the request that `bears` names, else with `bearer`.
    """
    money = order.money
    now = standing(money)
    shares = [
        LineShare(one.reference, one.line, _share(order, sold, one, told))
        for one in asked
        for sold in money.lines
        if sold.line == one.line
    ]
    charges = _charges(order, key, now.charges, told) if key == (bears or bearer(key, told)) else ()
    return RequestMoney(
        money.currencies, money.taxes_included, money.duties_included, tuple(shares), charges, now.total
    )


def findings(order: Order, told: Told) -> Sequence[str]:
    """Say in words what of the order's money does not sum up, and what a backend was told that is no longer so."""
    money, now = order.money, standing(order.money)
    found = [*now.findings, *(sentence for sold in money.lines for sentence in _changed(order, sold, told))]
    first = bearer(next(iter(told)), told) if told else None
    known = None if first is None else told[first].money
    if known is not None:
        was, is_now = (_charged(known, charges).written(money.currencies) for charges in (known.charges, now.charges))
        if was != is_now:
            found.append(f"Shipping and other charges were told as {was}, and are {is_now} now.")
    return [f"{order.name}: {sentence}" for sentence in found]


def _changed(order: Order, sold: SoldLine, told: Told) -> list[str]:
    """What was told of one line and costs something else now; a change of its units is not about money."""
    money = order.money
    whole = worth(money, sold, _units_in_all(order, sold))
    shares = [share for share in _shares(told) if share.line == sold.line and share.worth.units <= whole.units]
    differ = [share for share in shares if not _stands(order, sold, share)]
    compared = [(share.worth.units, [share.worth], _fair(order, sold, share.worth.units)) for share in differ]
    if not differ and sum(share.worth.units for share in shares) == whole.units:
        # Each is right to the smallest unit; together they are right or they are not.
        compared = [(whole.units, [share.worth for share in shares], whole)]
    found = []
    for units, parts, fair in compared:
        was, now = total([payable(money, one) for one in parts]), payable(money, fair)
        if was != now:
            written = was.written(money.currencies), now.written(money.currencies)
            found.append(f"{units} of “{sold.title}” was told as {written[0]}, and is {written[1]} now.")
    return found


def _charged(money: RequestMoney, charges: Sequence[Charge]) -> Amount:
    return total([money.payable(one.net, one.tax, NOTHING) for one in charges])


def _charges(order: Order, key: RequestKey, now: Sequence[Charge], told: Told) -> tuple[Charge, ...]:
    """
    Return the charges of the request that bears them: as they were told, unless somebody set others.

    What a refund takes off shipping goes to the backend as a refund. Charges that no request was told of go with one
    that is still to be sent, if there is one.
    """
    known = told[key].money if key in told else None
    if known is not None and not known.charges and _is_more_to_come(order, told):
        return ()
    if known is None or not _is_only_refunded(order.money, known.charges, now):
        return tuple(now)
    kept = [one for one in known.charges if one.kind in PRICED]
    return (*kept, *(one for one in now if one.kind not in PRICED))


def _is_only_refunded(money: OrderMoney, told: Sequence[Charge], now: Sequence[Charge]) -> bool:
    """Whether charges are what was told, less what the latest refunds, or none, gave back of shipping."""
    if any(charged(told, kind) != charged(now, kind) for kind in PRICED if kind is not ChargeKind.SHIPPING):
        return False
    net, tax = charged(now, ChargeKind.SHIPPING)
    before = [(net, tax)]
    for refund in reversed(money.refunds):
        net, tax = net + refund.shipping, tax + refund.shipping_tax
        before.append((net, tax))
    return charged(told, ChargeKind.SHIPPING) in before


def _is_more_to_come(order: Order, told: Told) -> bool:
    """Whether goods of the order wait that no request was told of."""
    known = {share.reference for share in _shares(told)}
    goods = {line.id for line in order.lines if line.requires_shipping}
    lines = [line for fo in order.fulfillment_orders for line in fo.lines if line.remaining > 0]
    return any(line.line_item in goods and line.id not in known for line in lines)


def _share(order: Order, sold: SoldLine, asked: Asked, told: Told) -> Worth:
    """What one request's units of a line cost, out of what is left after all that was told and stands."""
    mine = next((one for one in _shares(told) if one.reference == asked.reference), None)
    if mine is not None and mine.worth.units == asked.units:
        # Of units that the order does not hold any more nobody says what they would cost now.
        gone = asked.units > _units_in_all(order, sold)
        if gone or _stands(order, sold, mine):
            return mine.worth
    fixed: list[Worth] = []
    takers: list[tuple[FulfillmentOrderLineId, int]] = []
    for reference, of, units in _fulfillment_lines(order):
        if of != sold.line or reference == asked.reference:
            continue
        share = next((one for one in _shares(told) if one.reference == reference), None)
        stands = share is not None and share.worth.units <= units and _stands(order, sold, share)
        if share is not None and stands:
            fixed.append(share.worth)
        takers.append((reference, units - share.worth.units if share is not None and stands else units))
    takers.append((asked.reference, asked.units))
    takers.sort(key=lambda one: (len(one[0]), one[0]))
    index = next(number for number, (reference, _) in enumerate(takers) if reference == asked.reference)
    wanted = [units for _, units in takers]
    left = _less(worth(order.money, sold, _units_in_all(order, sold)), fixed)
    return _cut(order.money, left, [*wanted, max(0, left.units - sum(wanted))], index)


def _units_in_all(order: Order, sold: SoldLine) -> int:
    """
    Over how many units a line's money goes: those of the order, and those that were refunded after they shipped.

    Fulfillment orders hold the latter still. They may hold more: units that came back are in a new one as well.
    """
    in_parts = sum(units for _, of, units in _fulfillment_lines(order) if of == sold.line)
    refunded = sum(one.units for one in order.money.refunded(sold.line))
    return max(sold.current, min(in_parts, sold.current + refunded))


def _fair(order: Order, sold: SoldLine, units: int) -> Worth:
    """What so many units of a line cost, had they been the first to be told."""
    whole = worth(order.money, sold, max(_units_in_all(order, sold), units))
    return _cut(order.money, whole, [units, whole.units - units], 0)


def _stands(order: Order, sold: SoldLine, share: LineShare) -> bool:
    """Whether what was told is still so, to the smallest unit of the currency: parts differ by no more than that."""
    told, fair = share.worth, _fair(order, sold, share.worth.units)
    same = [one.title for one in told.taxes] == [one.title for one in fair.taxes]
    amounts = [(told.discount, fair.discount), (told.duties, fair.duties)]
    amounts += [(a.amount, b.amount) for a, b in zip(told.taxes, fair.taxes, strict=False)]
    return told.unit_price == fair.unit_price and same and all(_near(order.money, *pair) for pair in amounts)


def _near(money: OrderMoney, one: Amount, other: Amount) -> bool:
    shop = Decimal(1).scaleb(-places(money.currencies.shop))
    presentment = Decimal(1).scaleb(-places(money.currencies.presentment))
    return abs(one.shop - other.shop) <= shop and abs(one.presentment - other.presentment) <= presentment


def _less(whole: Worth, parts: Sequence[Worth]) -> Worth:
    discount, duties, taxes = whole.discount, whole.duties, list(whole.taxes)
    for one in parts:
        discount, duties = discount - one.discount, duties - one.duties
        taxes = [Tax(a.title, a.rate, a.amount - b.amount) for a, b in zip(taxes, one.taxes, strict=True)]
    return Worth(whole.units - sum(one.units for one in parts), whole.unit_price, discount, tuple(taxes), duties)


def _cut(money: OrderMoney, whole: Worth, units: Sequence[int], index: int) -> Worth:
    """Return one of the parts of `whole`, divided by units."""

    def cut(amount: Amount) -> Amount:
        return divided(amount, units, money.currencies)[index]

    taxes = tuple(Tax(tax.title, tax.rate, cut(tax.amount)) for tax in whole.taxes)
    return Worth(units[index], whole.unit_price, cut(whole.discount), taxes, cut(whole.duties))


def requests_of(
    order: Order, key: RequestKey, asked: Sequence[Asked], told: Told
) -> Mapping[RequestKey, Sequence[Asked]]:
    """Return all requests that the order comes to, as Shopify made its fulfillment orders, with what each asks for."""
    goods = {line.id for line in order.lines if line.requires_shipping}
    found: dict[RequestKey, Sequence[Asked]] = {
        RequestKey(fo.id): [
            Asked(line.id, line.line_item, line.remaining)
            for line in fo.lines
            if line.remaining > 0 and line.line_item in goods
        ]
        for fo in order.fulfillment_orders
    }
    for known, request in told.items():
        if request.money is not None:
            lines = request.money.lines
            found[known] = [Asked(one.reference, one.line, Units(one.worth.units)) for one in lines]
    found[key] = asked
    return {known: found[known] for known in sorted(found, key=_age) if found[known]}


def bearer(key: RequestKey, told: Told) -> RequestKey:
    """
    Return which request the charges go with, while the one of this key is written.

    The one that was told of them; where none was, this one, if it is told for the first time, else the oldest.
    """
    known = {one: request.money for one, request in told.items() if request.money is not None}
    bearing = [one for one, money in known.items() if money.charges]
    if bearing or key in known:
        return min(bearing or known, key=_age)
    return key


def _age(key: str) -> tuple[int, str]:
    """Shopify's numbers grow; its ids are texts."""
    return len(key), key


def _fulfillment_lines(order: Order) -> list[tuple[FulfillmentOrderLineId, LineItemId, int]]:
    return [(line.id, line.line_item, line.total) for fo in order.fulfillment_orders for line in fo.lines]


def _shares(told: Told) -> Sequence[LineShare]:
    return [share for one in told.values() if one.money is not None for share in one.money.lines]
