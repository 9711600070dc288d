"""A discount code given at creation: how much of it falls on which line."""

from decimal import Decimal
from typing import Any

from shopify_standin.model.sales import Discount, Order
from shopify_standin.money import Bag

Given = dict[str, Any]


def apply_code(order: Order, given: Given | None) -> None:
    """Spread an `OrderCreateDiscountCodeInput` over the lines, or take it off the shipping."""
    given = given or {}
    if given.get("itemPercentageDiscountCode"):
        code = given["itemPercentageDiscountCode"]
        percentage = Decimal(str(code.get("percentage") or 0))
        _spread(order, Discount(0, code["code"], code["code"], percentage=percentage), percentage / 100)
    elif given.get("itemFixedDiscountCode"):
        code = given["itemFixedDiscountCode"]
        amount = _bag(code.get("amountSet")).at_most(order.subtotal)
        share = amount.shop / order.subtotal.shop if order.subtotal.shop else Decimal(0)
        _spread(order, Discount(0, code["code"], code["code"], amount=amount), share)
    elif given.get("freeShippingDiscountCode"):
        code = given["freeShippingDiscountCode"]
        free = Discount(0, code["code"], code["code"], percentage=Decimal(100), on_shipping=True)
        order.discounts.append(free)
        for line in order.shipping_lines:
            line.allocations.append((free, line.price))


def _spread(order: Order, given: Discount, share: Decimal) -> None:
    order.discounts.append(given)
    for line in order.lines:
        line.allocations.append((given, line.total.part(share)))


def _bag(given: Given | None) -> Bag:
    if given is None:
        return Bag(Decimal(0), Decimal(0))
    shop = Decimal(str(given["shopMoney"]["amount"]))
    presentment = given.get("presentmentMoney")
    return Bag(shop, Decimal(str(presentment["amount"])) if presentment else shop)
