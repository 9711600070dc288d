"""`orderDelete`: an order is forgotten, with all that hangs on it (recorded 2025-01 and 2026-04)."""

from functools import partial

from shopify_standin.domain.metafields.writing import forget_owner
from shopify_standin.domain.orders.finding import order_named
from shopify_standin.errors import JsonObject
from shopify_standin.model.sales import Order
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.world import World


@mutation("orderDelete")
def order_delete(world: World, args: Args) -> JsonObject:
    """Forget an order, shipped and cancelled or not."""
    order = order_named(world, args["orderId"], ["orderId"], "NOT_FOUND")
    forget_owner(world, order.gid)
    _forget_parts(world, order)
    world.orders.remove(order.id)
    emit(world, "ORDERS_DELETE", partial(_gone, order.id))
    return {"deletedId": order.gid, "userErrors": []}


def _forget_parts(world: World, order: Order) -> None:
    for number in order.fulfillment_order_ids:
        for row in world.fulfillment_orders[number].lines:
            world.fulfillment_order_lines.remove(row.id)
        world.fulfillment_orders.remove(number)
    for number in order.fulfillment_ids:
        for shipped in world.fulfillments[number].lines:
            world.fulfillment_lines.remove(shipped.id)
        world.fulfillments.remove(number)
    for number in order.return_ids:
        world.returns.remove(number)
    for number in order.refund_ids:
        world.refunds.remove(number)
    for line in order.lines:
        world.lines.remove(line.id)


def _gone(number: int) -> JsonObject:
    return {"id": number}
