"""`orderCreate`: an order as another system knows it, with what was paid and shipped already."""

from datetime import timedelta
from typing import Any

from shopify_standin.domain.fulfillment_orders.routing import route, route_later
from shopify_standin.domain.fulfillments.creating import fulfillment_create
from shopify_standin.domain.orders.placing import place_order
from shopify_standin.errors import JsonObject
from shopify_standin.model.sales import Order
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World


@mutation("orderCreate")
def order_create(world: World, args: Args) -> JsonObject:
    """Place an order; its fulfillment orders come at once, as recorded, unless the settings delay them."""
    options, given = args.get("options") or {}, args["order"]
    order = place_order(world, given, options.get("inventoryBehaviour") or "BYPASS")
    if given.get("fulfillment") or given.get("fulfillmentStatus") == "FULFILLED":
        route(world, order.id)
        _ship(world, order, given.get("fulfillment") or {}, notify=bool(options.get("sendFulfillmentReceipt")))
    else:
        route_later(world, order, default=timedelta())
    return {"order": order, "userErrors": []}


def _ship(world: World, order: Order, given: dict[str, Any], *, notify: bool) -> None:
    """Ship everything from where it was to be shipped."""
    numbers = given.get("trackingNumbers") or [n for n in [given.get("trackingNumber")] if n]
    tracking = {"company": given.get("trackingCompany"), "numbers": numbers}
    for number in list(order.fulfillment_order_ids):
        part = {"fulfillmentOrderId": world.fulfillment_orders[number].gid}
        shipment = {
            "lineItemsByFulfillmentOrder": [part],
            "trackingInfo": tracking,
            "notifyCustomer": notify or bool(given.get("notifyCustomer")),
            "originAddress": given.get("originAddress"),
        }
        fulfillment_create(world, {"fulfillment": shipment})
