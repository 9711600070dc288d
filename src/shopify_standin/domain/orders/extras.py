"""
What a checkout adds to an order besides goods: taxes, a discount, another currency, duties, fees, a tip.

By chance, for customers who buy by the control API. Taxes are rounded half up for each line and rate; no mutation can
set tips, duties or fees (2026-07).
"""

from decimal import Decimal
from random import Random

from shopify_standin.domain.orders.booking import book
from shopify_standin.domain.orders.discounting import apply_code
from shopify_standin.domain.orders.telling import order_changed
from shopify_standin.model.sales import Duty, Order, TaxLine
from shopify_standin.money import NOTHING, Bag, Currencies
from shopify_standin.world import World

CURRENCIES = (("CAD", "1.4791"), ("JPY", "161.37"), ("KWD", "0.3341"), ("EUR", "0.9197"))
RATES = ((), (("VAT", "0.19"),), (("State tax", "0.0625"), ("City tax", "0.0195")))
CASH = "Cash on Delivery (COD)"


def add_extras(world: World, order: Order, random: Random) -> None:
    """Give an order that was just placed its extras; then pay for it, or leave it to be collected."""
    _reckon_in(order, random)
    if random.random() < 0.5:
        code = {"code": "TENTH", "percentage": random.choice((5, 10, 33))}
        apply_code(order, {"itemPercentageDiscountCode": code})
    order.taxes_included = random.random() < 0.5
    rates = random.choice(RATES)
    for line in order.lines:
        line.tax_lines = _taxes(order, line.total - line.discount, rates)
        if random.random() < 0.2:
            price = (line.total - line.discount).part(Decimal("0.043"))
            line.duties = [Duty(world.ids.next("Duty"), price, "CN", "691200")]
    for shipping in order.shipping_lines:
        shipping.tax_lines = _taxes(order, shipping.discounted, rates)
    order.tip = _whole(order).part(Decimal(random.choice(("0", "0", "0.1"))))
    if random.random() < 0.2:
        order.fees = [("Packaging", _whole(order).part(Decimal("0.013")))]
    if random.random() < 0.2:
        book(world, order, "SALE", order.total, CASH, status="PENDING")
    else:
        book(world, order, "SALE", order.total, "bogus")
    order_changed(world, order, *(["ORDERS_PAID"] if order.financial_status == "PAID" else []))


def _reckon_in(order: Order, random: Random) -> None:
    """Have one half of the customers pay in another currency than the shop's."""
    if random.random() < 0.5:
        return
    code, rate = random.choice([one for one in CURRENCIES if one[0] != order.currencies.shop])
    order.currencies = Currencies(order.currencies.shop, code)

    def both(known: Bag) -> Bag:
        return Bag(known.shop, known.shop * Decimal(rate), order.currencies).part(Decimal(1))

    for line in order.lines:
        line.unit_price = both(line.unit_price)
    for shipping in order.shipping_lines:
        shipping.price = both(shipping.price)


def _taxes(order: Order, price: Bag, rates: tuple[tuple[str, str], ...]) -> list[TaxLine]:
    known = [(title, Decimal(rate)) for title, rate in rates]
    return [
        TaxLine(title, rate, price.part(rate / (1 + rate) if order.taxes_included else rate)) for title, rate in known
    ]


def _whole(order: Order) -> Bag:
    return sum((line.total - line.discount for line in order.lines), NOTHING)
