"""Make the fulfillment orders of an order, some time after it (Shopify docs, 2026-07)."""

from datetime import timedelta
from functools import partial

from shopify_standin.errors import JsonObject
from shopify_standin.model.sales import Order
from shopify_standin.model.shipping import AssignedLocation, FulfillmentOrder, FulfillmentOrderLine
from shopify_standin.webhooks.events import emit
from shopify_standin.world import World

ROUTING_DELAY = timedelta(seconds=0.2)
"""Between a customer's purchase and its fulfillment orders; real shops take seconds."""


def route_later(world: World, order: Order, *, default: timedelta) -> None:
    """Route the order after the delay that the settings name, else after `default`."""
    delay = world.settings.fulfillment_order_delay
    delay = default if delay is None else delay
    if delay:
        world.agenda.add(world.now() + delay, route, order.id)
    else:
        route(world, order.id)


def route(world: World, order_id: int) -> None:
    """Make one fulfillment order per location of the order's plan, unless it was cancelled meanwhile."""
    order = world.orders.get(order_id)
    if order is None or order.cancelled_at is not None or order.fulfillment_order_ids:
        return
    for location_id in dict.fromkeys(share.location_id for share in order.plan):
        made = new_fulfillment_order(world, order, location_id)
        for share in order.plan:
            if share.location_id == location_id:
                add_line(world, made, share.line_item_id, share.units)
        if not any(world.lines[line.line_item_id].requires_shipping for line in made.lines):
            made.method_type = "NONE"
        emit(
            world,
            "FULFILLMENT_ORDERS_ORDER_ROUTING_COMPLETE",
            partial(_routed, made),
        )


def new_fulfillment_order(world: World, order: Order, location_id: int) -> FulfillmentOrder:
    """An empty fulfillment order of an order at a location."""
    place = world.locations[location_id]
    now = world.now()
    shipping = order.shipping_lines[0] if order.shipping_lines else None
    made = FulfillmentOrder(
        world.ids.next("FulfillmentOrder"),
        order.id,
        AssignedLocation(place.id, place.name, place.address),
        now,
        now,
        delivery_method_id=world.ids.next("DeliveryMethod"),
        method_type=order.method_type,
        presented_name=shipping.title if shipping else None,
        service_code=shipping.code if shipping else None,
        destination=order.shipping_address,
        destination_id=world.ids.next("FulfillmentOrderDestination"),
        email=order.email,
        fulfill_at=now.replace(minute=0, second=0, microsecond=0),
    )
    world.fulfillment_orders.add(made)
    order.fulfillment_order_ids.append(made.id)
    return made


def add_line(world: World, made: FulfillmentOrder, line_item_id: int, units: int) -> FulfillmentOrderLine:
    """Give a fulfillment order units of an order line to ship."""
    number = world.ids.next("FulfillmentOrderLineItem")
    line = FulfillmentOrderLine(number, made.id, line_item_id, units, units)
    made.lines.append(line)
    return world.fulfillment_order_lines.add(line)


def _routed(made: FulfillmentOrder) -> JsonObject:
    return {"fulfillment_order": {"id": made.gid, "status": made.status.lower()}}
