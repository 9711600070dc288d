"""An order with everything in it, however long its lists are."""

from crossdock.model.order import Fulfillment, FulfillmentOrder, Order
from crossdock.shopify.generated.admin import Admin
from crossdock.shopify.generated.fragments import (
    FulfillmentFields,
    FulfillmentLineFields,
    FulfillmentOrderFields,
    FulfillmentOrderLineFields,
    OrderFields,
    OrderLineFields,
    RefundFields,
    RefundLineFields,
    ShippingLineFields,
)
from crossdock.shopify.mapping.money import Refunded, has_refunds
from crossdock.shopify.mapping.order import to_fulfillment, to_fulfillment_order, to_order
from crossdock.shopify.pages import Page, all_nodes


async def whole_order(admin: Admin, order: OrderFields) -> Order:
    """Return the order whose first pages are `order`; no further call where these are all, as for most orders."""

    async def more_lines(after: str) -> Page[OrderLineFields] | None:
        found = (await admin.order_lines_page(order.id, after)).order
        return found.line_items if found else None

    async def more_fulfillment_orders(after: str) -> Page[FulfillmentOrderFields] | None:
        found = (await admin.order_fulfillment_orders_page(order.id, after)).order
        return found.fulfillment_orders if found else None

    async def more_shipping_lines(after: str) -> Page[ShippingLineFields] | None:
        found = (await admin.order_shipping_lines_page(order.id, after)).order
        return found.shipping_lines if found else None

    first_lines: Page[OrderLineFields] = order.line_items
    first_fulfillment_orders: Page[FulfillmentOrderFields] = order.fulfillment_orders
    first_shipping_lines: Page[ShippingLineFields] = order.shipping_lines
    lines = await all_nodes(first_lines, more_lines)
    fulfillment_orders = await all_nodes(first_fulfillment_orders, more_fulfillment_orders)
    return to_order(
        order,
        lines,
        [await _whole_fulfillment_order(admin, found) for found in fulfillment_orders],
        [await _whole_fulfillment(admin, found) for found in order.fulfillments],
        await all_nodes(first_shipping_lines, more_shipping_lines),
        await _refunds(admin, order) if has_refunds(order, lines) else [],
    )


async def _refunds(admin: Admin, order: OrderFields) -> list[Refunded]:
    found = (await admin.order_refunds(order.id)).order
    return [(refund, await refunded_lines(admin, refund)) for refund in (found.refunds if found else ())]


async def refunded_lines(admin: Admin, refund: RefundFields) -> list[RefundLineFields]:
    """Return all lines of a refund; no further call where its first page holds them."""

    async def more(after: str) -> Page[RefundLineFields] | None:
        found = (await admin.refund_lines_page(refund.id, after)).refund
        return found.refund_line_items if found else None

    first: Page[RefundLineFields] = refund.refund_line_items
    return await all_nodes(first, more)


async def _whole_fulfillment_order(admin: Admin, fulfillment_order: FulfillmentOrderFields) -> FulfillmentOrder:
    async def more(after: str) -> Page[FulfillmentOrderLineFields] | None:
        found = (await admin.fulfillment_order_lines_page(fulfillment_order.id, after)).fulfillment_order
        return found.line_items if found else None

    return to_fulfillment_order(fulfillment_order, await all_nodes(fulfillment_order.line_items, more))


async def _whole_fulfillment(admin: Admin, fulfillment: FulfillmentFields) -> Fulfillment:
    async def more(after: str) -> Page[FulfillmentLineFields] | None:
        found = (await admin.fulfillment_lines_page(fulfillment.id, after)).fulfillment
        return found.fulfillment_line_items if found else None

    return to_fulfillment(fulfillment, await all_nodes(fulfillment.fulfillment_line_items, more))
