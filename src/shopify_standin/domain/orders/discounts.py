"""Discounts of an order, and how much of each fell on what."""

from shopify_standin.connections import connection
from shopify_standin.errors import JsonObject
from shopify_standin.model.sales import Allocation, Discount, Order
from shopify_standin.money import NOTHING, Currencies, decimal_text
from shopify_standin.registry import Args, Fields

ORDER = Fields("Order")


def discount_application(currencies: Currencies, given: Discount) -> JsonObject:
    """A `DiscountApplication`, by code or by hand."""
    by_hand = given.code is None
    shown: JsonObject = {
        "__typename": given.TYPE,
        "allocationMethod": "ACROSS",
        "index": given.index,
        "targetSelection": "EXPLICIT" if by_hand else "ALL",
        "targetType": "SHIPPING_LINE" if given.on_shipping else "LINE_ITEM",
        "value": discount_value(currencies, given),
    }
    named = {"title": given.description, "description": given.description} if by_hand else {"code": given.code}
    return shown | named


def discount_value(currencies: Currencies, given: Discount) -> JsonObject:
    """A percentage, or an amount in the customer's currency."""
    if given.percentage is not None:
        return {"__typename": "PricingPercentageValue", "percentage": float(given.percentage)}
    amount = (given.amount or NOTHING).presentment
    return {"__typename": "MoneyV2", "amount": decimal_text(amount), "currencyCode": currencies.presentment}


def discount_allocations(currencies: Currencies, allocations: list[Allocation]) -> list[JsonObject]:
    """How much of which discount fell on a line."""
    return [
        {
            "allocatedAmountSet": currencies.show(amount),
            "allocatedAmount": currencies.show(amount)["shopMoney"],
            "discountApplication": discount_application(currencies, given),
        }
        for given, amount in allocations
    ]


@ORDER.field("discountApplications")
def discount_applications(order: Order, args: Args) -> JsonObject:
    """All discounts."""
    return connection([discount_application(order.currencies, given) for given in order.discounts], args)


@ORDER.field("discountCodes")
def discount_codes(order: Order) -> list[str]:
    """The codes that were used."""
    return [given.code for given in order.discounts if given.code is not None]


@ORDER.field("discountCode")
def discount_code(order: Order) -> str | None:
    """The first of them."""
    return next(iter(discount_codes(order)), None)
