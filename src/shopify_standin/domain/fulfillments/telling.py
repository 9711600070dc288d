"""Note that a shipment changed, and tell its subscribers and those of its order."""

from shopify_standin.domain.orders.telling import order_changed
from shopify_standin.model.shipping import Fulfillment
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.fulfillments import fulfillment_payload
from shopify_standin.world import World


def fulfillment_changed(world: World, shipment: Fulfillment) -> None:
    """Note the time; emit `fulfillments/update` and `orders/updated`."""
    shipment.updated_at = world.now()
    emit(world, "FULFILLMENTS_UPDATE", lambda: fulfillment_payload(world, shipment))
    order_changed(world, world.orders[shipment.order_id])
