"""Note that a fulfillment order changed, and tell the order's subscribers, since its status may follow from it."""

from shopify_standin.domain.orders.telling import order_changed
from shopify_standin.model.shipping import FulfillmentOrder
from shopify_standin.world import World


def part_changed(world: World, *parts: FulfillmentOrder | None) -> None:
    """Note the time on each; their order counts as updated once."""
    changed = [part for part in parts if part is not None]
    for part in changed:
        part.updated_at = world.now()
    for number in dict.fromkeys(part.order_id for part in changed):
        order_changed(world, world.orders[number])
