"""Builders of money for tests: what an order costs, how it is paid, and what a request is told of it."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from crossdock.model.money import NOTHING, Amount, Currencies, Money
from crossdock.model.names import LineItemId
from crossdock.model.order import OrderLine
from crossdock.model.order_money import Charge, ChargeKind, OrderMoney, Refund, SoldLine, Tax, Totals
from crossdock.model.payment import Payments, Transaction
from crossdock.model.request import RequestLine
from crossdock.model.request_money import LineShare, RequestMoney
from crossdock.model.standing import Worth, summed

EUROS = Currencies("EUR", "EUR")
"""Of an order in a shop and by a customer that both reckon in euros."""


def euros(amount: str | int) -> Money:
    """Return so many euros."""
    return Money(Decimal(amount), "EUR")


def an_amount(shop: str | int, presentment: str | int | None = None) -> Amount:
    """Return an amount, the same in both currencies unless told otherwise."""
    return Amount(Decimal(shop), Decimal(shop if presentment is None else presentment))


def a_tax(amount: str | int = "1.90", *, title: str = "VAT", rate: str = "0.19") -> Tax:
    """Return a tax of so much."""
    return Tax(title, Decimal(rate), an_amount(amount))


def a_sold_line(
    of: OrderLine, *, discount: str | int = 0, taxes: Sequence[Tax] = (), duties: str | int = 0
) -> SoldLine:
    """Return what an order line was sold for; the amounts are those of all its units."""
    return SoldLine(
        line=of.id,
        title=of.title,
        quantity=of.quantity,
        current=of.current_quantity,
        unit_price=an_amount(str(of.unit_price.amount)),
        discount=an_amount(discount),
        taxes=tuple(taxes),
        duties=an_amount(duties),
        goods=of.requires_shipping or of.variant is not None,
    )


def a_charge(
    price: str | int = "4.90",
    *,
    kind: ChargeKind = ChargeKind.SHIPPING,
    discount: str | int = 0,
    taxes: Sequence[Tax] = (),
) -> Charge:
    """Return a charge for shipping, unless told otherwise."""
    return Charge(kind, kind.value.capitalize(), an_amount(price), an_amount(discount), tuple(taxes))


def an_order_money(
    lines: Sequence[SoldLine],
    *charges: Charge,
    refunds: Sequence[Refund] = (),
    currencies: Currencies = EUROS,
    taxes_included: bool = False,
    tip: Amount = NOTHING,
    total: Amount | None = None,
) -> OrderMoney:
    """
    Return the money of an order with these lines and charges; where a tip is among the lines, give `tip` as well.

    Shopify's totals are what all of it comes to, and so right, unless `total` says otherwise.
    """
    none = Totals(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, tip, NOTHING)
    known = OrderMoney(currencies, taxes_included, False, tuple(lines), charges, tuple(refunds), none)
    sums = summed(known)
    return replace(known, totals=sums if total is None else replace(sums, total=total))


def some_payments(
    *, outstanding: str | int = 0, gateways: Sequence[str] = ("bogus",), transactions: Sequence[Transaction] = ()
) -> Payments:
    """Return payments; what is outstanding waits to be collected on delivery, unless transactions say otherwise."""
    owed = an_amount(outstanding)
    cash = Transaction(
        "gid://shopify/OrderTransaction/1", "SALE", "PENDING", "Cash on Delivery (COD)", owed, manual=True
    )
    return Payments(
        transactions=tuple(transactions) or ((cash,) if owed else ()),
        gateways=tuple(gateways),
        received=NOTHING,
        paid_back=NOTHING,
        capturable=NOTHING,
        outstanding=owed,
        rounding=NOTHING,
    )


def a_request_money(*lines: RequestLine, charges: Sequence[Charge] = ()) -> RequestMoney:
    """Return what these lines cost at ten euros a unit, and the charges that go with them."""
    ten = an_amount(10)
    shares = tuple(
        LineShare(line.reference, LineItemId(f"{line.reference}-sold"), Worth(line.units, ten, NOTHING, (), NOTHING))
        for line in lines
    )
    money = RequestMoney(EUROS, taxes_included=False, duties_included=False, lines=shares, charges=tuple(charges))
    return replace(money, order_total=money.total)
