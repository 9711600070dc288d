"""Reading what the customer pays for shipping."""

from shopify_standin.connections import connection
from shopify_standin.domain.orders.discounts import discount_allocations
from shopify_standin.domain.orders.reading import ORDER, tax_line
from shopify_standin.errors import JsonObject
from shopify_standin.model.sales import Order, ShippingLine
from shopify_standin.money import NOTHING, money_text
from shopify_standin.registry import Args


@ORDER.field("shippingLines")
def shipping_lines(order: Order, args: Args) -> JsonObject:
    """All shipping lines, with those taken away where asked."""
    rows = [line for line in order.shipping_lines if args.get("includeRemovals") or not line.is_removed]
    return connection([shipping_line_fields(order, line) for line in rows], args)


@ORDER.field("shippingLine")
def shipping_line(order: Order) -> JsonObject | None:
    """The first that was not taken away."""
    kept = next((line for line in order.shipping_lines if not line.is_removed), None)
    return None if kept is None else shipping_line_fields(order, kept)


def shipping_line_fields(order: Order, line: ShippingLine) -> JsonObject:
    """A `ShippingLine` in the order's currencies."""
    price, discounted = order.currencies.show(line.price), order.currencies.show(line.discounted)
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
        "originalPriceSet": price,
        "discountedPriceSet": discounted,
        "currentDiscountedPriceSet": order.currencies.show(NOTHING) if line.is_removed else discounted,
        "originalPrice": price["shopMoney"],
        "discountedPrice": discounted["shopMoney"],
        "price": money_text(line.price.shop),
        "taxLines": [tax_line(order.currencies, tax) for tax in line.tax_lines],
        "discountAllocations": discount_allocations(order.currencies, line.allocations),
    }
