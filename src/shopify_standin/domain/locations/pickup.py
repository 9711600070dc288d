"""`locationLocalPickupEnable` and `…Disable`: whether customers collect orders at a location (words assumed)."""

from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.places import LocalPickup, Location
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World


@mutation("locationLocalPickupEnable")
def local_pickup_enable(world: World, args: Args) -> JsonObject:
    """Let customers collect at a location, or change how."""
    given = args["localPickupSettings"]
    place = _active(world, given["locationId"], ["localPickupSettings"])
    if given["pickupTime"] == "CUSTOM":
        message = "Custom pickup time is not allowed for local pickup settings."
        raise Refused(user_error(["localPickupSettings"], message, "CUSTOM_PICKUP_TIME_NOT_ALLOWED"))
    place.pickup = LocalPickup(given["pickupTime"], given.get("instructions") or "")
    place.updated_at = world.now()
    return {"localPickupSettings": place.pickup, "userErrors": []}


@mutation("locationLocalPickupDisable")
def local_pickup_disable(world: World, args: Args) -> JsonObject:
    """No longer let customers collect at a location."""
    place = _active(world, args["locationId"], ["locationId"])
    place.pickup, place.updated_at = None, world.now()
    return {"locationId": place.gid, "userErrors": []}


def _active(world: World, value: str, path: list[str]) -> Location:
    number = number_of(value, "Location")
    place = world.locations.get(number)
    if place is None or not place.is_active:
        message = f"Unable to find an active location for location ID {number}"
        raise Refused(user_error(path, message, "ACTIVE_LOCATION_NOT_FOUND"))
    return place
