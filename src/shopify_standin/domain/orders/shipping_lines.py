"""Reading what the customer pays for shipping."""

from shopify_standin.connections import connection
from shopify_standin.domain.orders.discounts import discount_allocations
from shopify_standin.domain.orders.reading import ORDER, tax_line
from shopify_standin.errors import JsonObject
from shopify_standin.model.sales import Order, ShippingLine
from shopify_standin.money import Currencies, money_text
from shopify_standin.registry import Args


@ORDER.field("shippingLines")
def shipping_lines(order: Order, args: Args) -> JsonObject:
    """All shipping lines, with those taken away where asked."""
    rows = [line for line in order.shipping_lines if args.get("includeRemovals") or not line.is_removed]
    return connection([shipping_line_fields(order.currencies, line) for line in rows], args)


@ORDER.field("shippingLine")
def shipping_line(order: Order) -> JsonObject | None:
    """The first that was not taken away."""
    kept = next((line for line in order.shipping_lines if not line.is_removed), None)
    return None if kept is None else shipping_line_fields(order.currencies, kept)


def shipping_line_fields(currencies: Currencies, line: ShippingLine) -> JsonObject:
    """A `ShippingLine` in the currencies of its order."""
    price, discounted = currencies.show(line.price), currencies.show(line.discounted)
    return {
        "id": line.gid,
        "title": line.title,
        "code": line.code,
        "source": line.source,
        "carrierIdentifier": None,
        "deliveryCategory": None,
        "phone": None,
        "custom": line.source is None,
        "isRemoved": line.is_removed,
        "shippingRateHandle": None,
        "requestedFulfillmentService": None,
        "originalPriceSet": price,
        "discountedPriceSet": discounted,
        "currentDiscountedPriceSet": currencies.show(line.left),
        "originalPrice": price["shopMoney"],
        "discountedPrice": discounted["shopMoney"],
        "price": money_text(line.price.shop),
        "taxLines": [tax_line(currencies, tax) for tax in line.tax_lines],
        "discountAllocations": discount_allocations(currencies, line.allocations),
    }
