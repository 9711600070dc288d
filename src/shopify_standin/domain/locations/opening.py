"""
`locationActivate`, `locationDeactivate`, `locationDelete`.

Each keeps its own error list. A refused activation or deactivation still shows the location (recorded 2026-04).
"""

from shopify_standin.domain.inventory.stock import change, disconnect, stock_item
from shopify_standin.domain.locations.editing import serves_alone
from shopify_standin.domain.locations.stock import has_incoming, has_stock, has_work, open_work
from shopify_standin.errors import JsonObject, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.places import Location
from shopify_standin.model.shipping import AssignedLocation
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.locations import location_payload
from shopify_standin.world import World

LOCATION_LIMIT = 1_000
"""Active locations that a shop may have (Shopify docs, 2026)."""

_AT = ["locationId"]


@mutation("locationActivate", idempotent=True)
def location_activate(world: World, args: Args) -> JsonObject:
    """Open again; an open one stays as it is."""
    place = world.locations.get(number_of(args["locationId"], "Location"))
    error = _activation_error(world, place)
    if error is None and place is not None and not place.is_active:
        place.is_active, place.deactivated_at, place.updated_at = True, None, world.now()
        emit(world, "LOCATIONS_ACTIVATE", lambda: location_payload(place))
    return {"location": place, "locationActivateUserErrors": [error] if error else []}


def _activation_error(world: World, place: Location | None) -> JsonObject | None:
    if place is None:
        return user_error(_AT, "Location not found.", "LOCATION_NOT_FOUND")
    active = [x for x in world.locations if x.is_active and x is not place]
    if not place.is_active and len(active) >= LOCATION_LIMIT:
        message = "Shop has reached its location limit."
        return user_error(_AT, message, "LOCATION_LIMIT")
    if any(x.name.casefold() == place.name.casefold() for x in active):
        message = "There is already an active location with this name."
        return user_error(_AT, message, "HAS_NON_UNIQUE_NAME")
    return None


@mutation("locationDeactivate", idempotent=True)
def location_deactivate(world: World, args: Args) -> JsonObject:
    """Close down; goods and work move to the destination, which must be given where there are any."""
    place = world.locations.get(number_of(args["locationId"], "Location"))
    to = args.get("destinationLocationId")
    error = _deactivation_error(world, place, to)
    if error is None and place is not None and place.is_active:
        if to is not None:
            _relocate(world, place, world.locations[number_of(to, "Location")])
        place.is_active, place.deactivated_at = False, world.now()
        place.updated_at = world.now()
        emit(world, "LOCATIONS_DEACTIVATE", lambda: location_payload(place))
    return {"location": place, "locationDeactivateUserErrors": [error] if error else []}


def _deactivation_error(world: World, place: Location | None, to: str | None) -> JsonObject | None:
    if place is None:
        return user_error(_AT, "Location not found.", "LOCATION_NOT_FOUND")
    return _destination_error(world, place, to) or _block(world, place) or _left_behind(world, place, to)


def _destination_error(world: World, place: Location, to: str | None) -> JsonObject | None:
    if to is None:
        return None
    number = number_of(to, "Location")
    could_not = "Location could not be deactivated because the destination location"
    if number == place.id:
        message = f"{could_not} cannot be set to the location to be deactivated."
        return user_error(["destinationLocationId"], message, "DESTINATION_LOCATION_IS_THE_SAME_LOCATION")
    destination = world.locations.get(number)
    if destination is None or not destination.is_active:
        message = f"{could_not} could be not found or is inactive."
        return user_error(["destinationLocationId"], message, "DESTINATION_LOCATION_NOT_FOUND_OR_INACTIVE")
    if destination.service_id is not None:
        message = f"{could_not} is not managed by Shopify."
        return user_error(["destinationLocationId"], message, "DESTINATION_LOCATION_NOT_SHOPIFY_MANAGED")
    return None


def _block(world: World, place: Location) -> JsonObject | None:
    if place.service_id is not None or place is next(iter(world.locations)):
        message = (
            "Location could not be deactivated because it either has a fulfillment service or is the only location"
            " with a shipping address."
        )
        return user_error(_AT, message, "PERMANENTLY_BLOCKED_FROM_DEACTIVATION_ERROR")
    if has_incoming(world, place):
        # The placeholder is Shopify's own: the name is not filled in (recorded 2026-04).
        message = (
            "%{location_name} has incoming inventory. You'll be able to deactivate it once the inventory has been"
            " received."
        )
        return user_error(_AT, message, "TEMPORARILY_BLOCKED_FROM_DEACTIVATION_ERROR")
    return None


def _left_behind(world: World, place: Location, to: str | None) -> JsonObject | None:
    could_not = "Location could not be deactivated without specifying where to relocate"
    if to is None and has_stock(world, place):
        message = f"{could_not} inventory stocked at the location."
        return user_error(_AT, message, "HAS_ACTIVE_INVENTORY_ERROR")
    if to is None and has_work(world, place):
        message = f"{could_not} fulfillment orders at the location."
        return user_error(_AT, message, "HAS_FULFILLMENT_ORDERS_ERROR")
    if serves_alone(world, place):
        message = "At least one location must fulfill online orders."
        return user_error(_AT, message, "CANNOT_DISABLE_ONLINE_ORDER_FULFILLMENT")
    return None


def _relocate(world: World, place: Location, destination: Location) -> None:
    """Goods in every state and open fulfillment orders go to the destination."""
    for level in world.levels.where("location_id", place.id):
        if not level.is_active:
            continue
        units = {name: count for name, count in level.units.items() if count}
        change(world, stock_item(world, world.items[level.item_id], destination.id), **units)
        change(world, level, **{name: -count for name, count in units.items()})
        disconnect(world, level)
    for part in open_work(world, place):
        part.assigned = AssignedLocation(destination.id, destination.name, destination.address)
        part.updated_at = world.now()


@mutation("locationDelete")
def location_delete(world: World, args: Args) -> JsonObject:
    """Delete for good; every reason against it is named at once (codes and sentences: Shopify docs, 2026)."""
    number = number_of(args["locationId"], "Location")
    errors = _deletion_errors(world, world.locations.get(number))
    if errors:
        return {"deletedLocationId": None, "locationDeleteUserErrors": errors}
    for level in world.levels.where("location_id", number):
        world.levels.remove(level.id)
    world.locations.remove(number)
    emit(world, "LOCATIONS_DELETE", lambda: {"id": number})
    return {"deletedLocationId": args["locationId"], "locationDeleteUserErrors": []}


def _deletion_errors(world: World, place: Location | None) -> list[JsonObject]:
    if place is None:
        return [user_error(_AT, "Location not found.", "LOCATION_NOT_FOUND")]
    reasons = (
        (place.is_active, "is active", "LOCATION_IS_ACTIVE"),
        (has_stock(world, place), "has inventory", "LOCATION_HAS_INVENTORY"),
        (has_work(world, place), "has pending orders", "LOCATION_HAS_PENDING_ORDERS"),
    )
    return [
        user_error(_AT, f"The location cannot be deleted while it {what}.", code)
        for holds, what, code in reasons
        if holds
    ]
