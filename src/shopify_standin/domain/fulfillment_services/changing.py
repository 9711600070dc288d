"""
`fulfillmentServiceCreate`, `…Update` and `…Delete` (messages recorded 2026-04).

A service comes with a location of its name. Its id has a query part, which the id of a deleted one lacks.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from shopify_standin.call import Call
from shopify_standin.domain.inventory.stock import change, disconnect, stock_item
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import gid, number_of
from shopify_standin.model.places import Address, Location
from shopify_standin.model.shipping import FulfillmentService
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.locations import location_payload
from shopify_standin.world import World

NAME_LIMIT = 255
_NOT_ALLOWED = re.compile(r"(^|\.)example\.(com|org|net)$")
"""Hosts that nobody has; real shops refuse more, which they do not name."""


@mutation("fulfillmentServiceCreate")
def fulfillment_service_create(world: World, args: Args, call: Call) -> JsonObject:
    """Make a service of the calling app, and its location."""
    errors = _name_errors(world, args["name"]) + _callback_errors(args)
    if errors:
        raise Refused(*errors)
    name, now = args["name"].strip(), world.now()
    place = Location(world.ids.next("Location"), name, Address(country_code="US"), now, now)
    service = FulfillmentService(
        world.ids.next("FulfillmentService"),
        _handle(name),
        name,
        place.id,
        call.grant.app.client_id,
        args.get("callbackUrl"),
        bool(args.get("inventoryManagement")),
        bool(args.get("trackingSupport")),
        bool(args.get("requiresShippingMethod", True)),
    )
    place.service_id = service.id
    world.locations.add(place)
    world.services.add(service)
    emit(world, "LOCATIONS_CREATE", lambda: location_payload(place))
    return {"fulfillmentService": service, "userErrors": []}


@mutation("fulfillmentServiceUpdate")
def fulfillment_service_update(world: World, args: Args) -> JsonObject:
    """Change what is given; the location takes the name, the handle stays."""
    service = _service(world, args)
    errors = _callback_errors(args)
    if args.get("name") is not None:
        errors = _name_errors(world, args["name"], service) + errors
    if errors:
        raise Refused(*errors)
    if args.get("name") is not None:
        service.service_name = args["name"].strip()
        place = world.locations[service.location_id]
        place.name, place.updated_at = service.service_name, world.now()
        emit(world, "LOCATIONS_UPDATE", lambda: location_payload(place))
    if "callbackUrl" in args:
        service.callback_url = args["callbackUrl"]
    for name, attribute in _SWITCHES.items():
        if args.get(name) is not None:
            setattr(service, attribute, args[name])
    return {"fulfillmentService": service, "userErrors": []}


_SWITCHES = {
    "inventoryManagement": "inventory_management",
    "trackingSupport": "tracking_support",
    "requiresShippingMethod": "requires_shipping_method",
}


@mutation("fulfillmentServiceDelete")
def fulfillment_service_delete(world: World, args: Args) -> JsonObject:
    """Delete a service: its goods go to another location, vanish with its own, or stay, which the merchant keeps."""
    service = _service(world, args)
    action, to = args["inventoryAction"], args.get("destinationLocationId")
    destination = _destination(world, service, to) if action == "TRANSFER" else None
    if action != "TRANSFER" and to is not None:
        message = (
            "Inventory action Destination location id should not be present when deleting/keeping the inventory of the"
            " fulfillment service."
        )
        raise Refused(user_error(["inventoryAction"], message))
    place = world.locations[service.location_id]
    world.services.remove(service.id)
    place.service_id = None
    if action != "KEEP":
        _clear(world, place, destination)
    return {"deletedId": gid("FulfillmentService", service.id), "userErrors": []}


def _clear(world: World, place: Location, destination: Location | None) -> None:
    for level in world.levels.where("location_id", place.id):
        if destination is not None and level.is_active:
            units = {name: count for name, count in level.units.items() if count}
            change(world, stock_item(world, world.items[level.item_id], destination.id), **units)
        disconnect(world, level)
        world.levels.remove(level.id)
    world.locations.remove(place.id)
    emit(world, "LOCATIONS_DELETE", lambda: {"id": place.id})


def _destination(world: World, service: FulfillmentService, to: str | None) -> Location | None:
    """Where the goods go; may be left out while there are none."""
    if to is None:
        if any(level.of("on_hand") for level in world.levels.where("location_id", service.location_id)):
            raise Refused(user_error(None, "Invalid destination location."))
        return None
    destination = world.locations.get(number_of(to, "Location"))
    if destination is None or not destination.is_active or destination.id == service.location_id:
        raise Refused(user_error(None, "Invalid destination location."))
    return destination


def _service(world: World, args: Args) -> FulfillmentService:
    service = world.services.get(number_of(args["id"], "FulfillmentService"))
    if service is None:
        raise Refused(user_error(["id"], "Fulfillment service could not be found."))
    return service


def _handle(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")


def _name_errors(world: World, name: str, service: FulfillmentService | None = None) -> list[JsonObject]:
    if not name.strip():
        return [user_error(["name"], "Name can't be blank")]
    if len(name) > NAME_LIMIT:
        return [user_error(["name"], f"Name is too long (maximum is {NAME_LIMIT} characters)")]
    taken = {x.service_name.casefold() for x in world.services if x is not service}
    own = world.locations[service.location_id] if service else None
    taken |= {x.name.casefold() for x in world.locations if x is not own}
    if name.strip().casefold() in taken:
        return [user_error(["name"], "Name has already been taken")]
    return []


def _callback_errors(args: dict[str, Any]) -> list[JsonObject]:
    url = args.get("callbackUrl")
    if url is None:
        return []
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or _NOT_ALLOWED.search(parts.hostname):
        return [user_error(["callbackUrl"], "Callback url is not allowed")]
    return []
