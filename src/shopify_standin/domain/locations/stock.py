"""What stands in the way of closing a location down: goods, goods on their way, and work."""

from shopify_standin.model.places import Location
from shopify_standin.model.shipping import FulfillmentOrder
from shopify_standin.world import World


def has_stock(world: World, place: Location) -> bool:
    """Whether anything is stocked there."""
    return any(level.is_active and level.of("on_hand") != 0 for level in world.levels.where("location_id", place.id))


def has_incoming(world: World, place: Location) -> bool:
    """Whether goods are on their way there."""
    return any(level.is_active and level.of("incoming") != 0 for level in world.levels.where("location_id", place.id))


def open_work(world: World, place: Location) -> list[FulfillmentOrder]:
    """Fulfillment orders that are still to leave from there."""
    return [x for x in world.fulfillment_orders if x.assigned.location_id == place.id and x.is_open]


def has_work(world: World, place: Location) -> bool:
    """Whether anything is still to leave from there."""
    return any(x.assigned.location_id == place.id and x.is_open for x in world.fulfillment_orders)
