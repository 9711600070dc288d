"""Orders at random, with their money made as Shopify makes it: by arithmetic of its own, not by the hub's."""

from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from crossdock.model.money import NOTHING, Amount, Currencies, places
from crossdock.model.names import FulfillmentOrderLineId, LineItemId, Units
from crossdock.model.order import FulfillmentOrder, Order, OrderLine
from crossdock.model.order_money import (
    Charge,
    ChargeKind,
    OrderMoney,
    Refund,
    RefundedLine,
    SoldLine,
    Tax,
    Totals,
)
from crossdock.testing.builders import a_fulfillment_order, a_fulfillment_order_line, a_line, an_order

PAIRS = [
    ("EUR", "EUR"), ("USD", "CAD"), ("JPY", "JPY"), ("JPY", "EUR"), ("KWD", "USD"), ("SEK", "KWD"), ("EUR", "CLF"),
]  # fmt: skip
RATES = {
    "EUR": "1",
    "USD": "1.0873",
    "CAD": "1.4791",
    "JPY": "161.37",
    "KWD": "0.3341",
    "SEK": "11.213",
    "CLF": "0.0274",
}
VAT, CITY = Decimal("0.19"), Decimal("0.0725")


@dataclass
class Till:
    """Reckons in two currencies and rounds half up to the smallest unit of each, as tills do."""

    currencies: Currencies

    def of(self, euros: Decimal) -> Amount:
        return self.rounded(
            euros * Decimal(RATES[self.currencies.shop]), euros * Decimal(RATES[self.currencies.presentment])
        )

    def rounded(self, shop: Decimal, presentment: Decimal) -> Amount:
        units = [Decimal(1).scaleb(-places(code)) for code in (self.currencies.shop, self.currencies.presentment)]
        return Amount(shop.quantize(units[0], ROUND_HALF_UP), presentment.quantize(units[1], ROUND_HALF_UP))

    def part(self, amount: Amount, ratio: Decimal) -> Amount:
        return self.rounded(amount.shop * ratio, amount.presentment * ratio)

    def tax(self, price: Amount, rate: Decimal, *, included: bool) -> Amount:
        return self.part(price, rate / (1 + rate) if included else rate)


@dataclass
class Made:
    """An order that is being made, and how Shopify's totals grow with it."""

    random: Random
    till: Till
    taxes_included: bool
    rates: list[tuple[str, Decimal]]
    lines: list[OrderLine] = field(default_factory=list)
    sold: list[SoldLine] = field(default_factory=list)
    refunded: list[RefundedLine] = field(default_factory=list)
    totals: Totals = field(default_factory=lambda: Totals(*[NOTHING] * 7))

    def count(self, **amounts: Amount) -> None:
        known = {name: getattr(self.totals, name) + amount for name, amount in amounts.items()}
        self.totals = replace(self.totals, **known)

    def taxes(self, price: Amount) -> tuple[Tax, ...]:
        made = [
            Tax(title, rate, self.till.tax(price, rate, included=self.taxes_included)) for title, rate in self.rates
        ]
        return tuple(tax for tax in made if tax.amount)


def an_order_by_chance(random: Random, *, edited: bool = False) -> Order:
    """
    Return an order with lines, discounts, taxes, duties, shipping, fees, a tip, refunds and several fulfillment orders.

    With `edited` units were taken off lines without a refund, and Shopify rounded what was left as it does.
    """
    included = random.random() < 0.5
    till = Till(Currencies(*random.choice(PAIRS)))
    rates = random.choice([[], [("VAT", VAT)], [("State tax", Decimal("0.0625")), ("City tax", CITY)]])
    made = Made(random, till, included, rates)
    for number in range(1, random.randint(1, 6) + 1):
        _sell(made, number, edited=edited)
    charges = [_ship(made, number) for number in range(random.choice([0, 1, 1, 1, 2]))]
    if random.random() < 0.15:
        charges.append(_fee(made))
    refunds = [Refund(tuple(made.refunded), NOTHING, NOTHING, NOTHING)] if made.refunded else []
    _tip(made)
    totals = made.totals
    whole = totals.goods + totals.shipping + totals.fees + totals.duties + (NOTHING if included else totals.tax)
    if not any(line.title == "Tip" for line in made.sold):
        whole += totals.tip
    money = OrderMoney(
        currencies=till.currencies,
        taxes_included=included,
        duties_included=False,
        lines=tuple(made.sold),
        charges=tuple(charges),
        refunds=tuple(refunds),
        totals=replace(totals, total=whole),
    )
    return an_order(lines=made.lines, fulfillment_orders=_routed(random, made.lines), money=money)


def _sell(made: Made, number: int, *, edited: bool) -> None:
    random, till = made.random, made.till
    quantity = random.randint(1, 9)
    price = till.of(Decimal(random.randint(1, 20_000)) / 100)
    whole = price * quantity
    # One discount of the line, one that the order's was allocated of; each was rounded by itself.
    discount = till.part(whole, Decimal(random.choice([0, 0, 10, 33]) * 10 + random.randint(0, 9)) / 1000)
    if random.random() < 0.5:
        discount += till.part(whole - discount, Decimal(random.randint(1, 500)) / 1000)
    net = whole - discount
    taxes = made.taxes(net)
    duties = till.part(net, Decimal("0.043")) if random.random() < 0.15 else NOTHING
    gone = random.choice([0, 0, 0, random.randint(0, quantity)])
    made.count(goods=net, duties=duties, tax=sum((tax.amount for tax in taxes), NOTHING))
    line = replace(a_line(number, quantity=quantity, variant=number), requires_shipping=random.random() < 0.9)
    if gone:
        back = Decimal(gone) / quantity
        subtotal, tax = till.part(net, back), till.part(sum((tax.amount for tax in taxes), NOTHING), back)
        went = RefundedLine(line.id, Units(gone), subtotal, tax, till.part(duties, back))
        if gone == quantity:
            went = replace(went, subtotal=net, tax=sum((tax.amount for tax in taxes), NOTHING), duties=duties)
        made.count(goods=NOTHING - went.subtotal, duties=NOTHING - went.duties, tax=NOTHING - went.tax)
        if not edited:
            made.refunded.append(went)
    made.lines.append(replace(line, current_quantity=Units(quantity - gone)))
    made.sold.append(
        SoldLine(line.id, line.title, Units(quantity), Units(quantity - gone), price, discount, taxes, duties)
    )


def _ship(made: Made, number: int) -> Charge:
    price = made.till.of(Decimal(made.random.randint(0, 3_000)) / 100)
    discount = made.till.part(price, Decimal(made.random.choice(["0", "0", "0.5", "1"])))
    taxes = made.taxes(price - discount)
    made.count(shipping=price - discount, tax=sum((tax.amount for tax in taxes), NOTHING))
    return Charge(ChargeKind.SHIPPING, f"Parcel {number}", price, discount, taxes)


def _fee(made: Made) -> Charge:
    price = made.till.of(Decimal(made.random.randint(1, 500)) / 100)
    taxes = made.taxes(price)
    made.count(fees=price, tax=sum((tax.amount for tax in taxes), NOTHING))
    return Charge(ChargeKind.FEE, "Packaging", price, taxes=taxes)


def _tip(made: Made) -> None:
    if made.random.random() < 0.7:
        return
    tip = made.till.of(Decimal(made.random.randint(10, 900)) / 100)
    made.count(tip=tip)
    if tip and made.random.random() < 0.5:
        # Shopify lists tips among the lines too, and then they are part of the subtotal.
        made.count(goods=tip)
        bare = SoldLine(LineItemId("gid://shopify/LineItem/99"), "Tip", Units(1), Units(1), tip, goods=False)
        made.sold.append(bare)


def _routed(random: Random, lines: list[OrderLine]) -> list[FulfillmentOrder]:
    """Spread the units of all lines over some fulfillment orders, whole lines and parts of lines."""
    wanted = random.randint(1, 4)
    spread: list[list[tuple[OrderLine, int]]] = [[] for _ in range(wanted)]
    for line in lines:
        left = int(line.current_quantity) if line.requires_shipping else 0
        for part in spread[:-1]:
            units = random.randint(0, left)
            left -= units
            part.append((line, units))
        spread[-1].append((line, left))
    made = []
    for number, part in enumerate(spread, start=1):
        rows = [
            replace(
                a_fulfillment_order_line(line, total=units),
                id=FulfillmentOrderLineId(
                    f"gid://shopify/FulfillmentOrderLineItem/{number}{line.id.rsplit('/', 1)[-1]}"
                ),
            )
            for line, units in part
            if units
        ]
        if rows:
            made.append(a_fulfillment_order(*rows, number=number))
    return made
