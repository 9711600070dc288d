"""Telling subscribers about an order, and noting when it changed."""

from shopify_standin.model.sales import Order
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.orders import order_payload
from shopify_standin.world import World


def tell_order(world: World, order: Order, topic: str) -> None:
    """Emit one topic with the whole order."""
    emit(world, topic, lambda: order_payload(world, order))


def order_changed(world: World, order: Order, *topics: str) -> None:
    """The order is not what it was: note the time, and emit the topics and `orders/updated`."""
    order.updated_at = world.now()
    world.orders.reindex(order)
    for topic in (*topics, "ORDERS_UPDATED"):
        tell_order(world, order, topic)
