"""`orderCreate`: an order as another system knows it, with what was paid and shipped already."""

from datetime import timedelta

from shopify_standin.domain.fulfillment_orders.routing import route_later
from shopify_standin.domain.orders.placing import place_order
from shopify_standin.errors import JsonObject
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World


@mutation("orderCreate")
def order_create(world: World, args: Args) -> JsonObject:
    """Place an order; its fulfillment orders come at once, as recorded, unless the settings delay them."""
    options = args.get("options") or {}
    order = place_order(world, args["order"], options.get("inventoryBehaviour") or "BYPASS")
    route_later(world, order, default=timedelta())
    return {"order": order, "userErrors": []}
