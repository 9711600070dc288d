"""`locationAdd` and `locationEdit` (messages and codes recorded 2026-04)."""

from dataclasses import asdict, replace
from typing import Any

from shopify_standin.domain.addresses import address_from
from shopify_standin.domain.metafields.writing import set_inline
from shopify_standin.errors import ApiError, JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.places import Address, Location
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.locations import location_payload
from shopify_standin.world import World

NAME_LIMIT, ADDRESS_LIMIT = 100, 255

_ADDRESS_PARTS = {
    "address1": "a shorter name for the street",
    "address2": "a shorter name for the apartment, suite, etc.",
    "city": "a shorter city name",
    "zip": "a shorter postal / ZIP code",
    "phone": "a shorter phone number",
}
"""What a part that is too long should be; those of `address2` and `phone` are assumed."""

_CODES = {"INCLUSION": "INVALID_TYPE"}
"""What other owners call by another code."""


@mutation("locationAdd")
def location_add(world: World, args: Args) -> JsonObject:
    """Open a location; names are unique among all, whatever their case."""
    given = args["input"]
    errors = _name_errors(world, given["name"]) + _address_errors(given["address"])
    if errors:
        raise Refused(*errors)
    now = world.now()
    made = Location(
        world.ids.next("Location"),
        given["name"].strip(),
        address_from(given["address"]),
        now,
        now,
        fulfills_online_orders=given.get("fulfillsOnlineOrders") is not False,
    )
    _set_metafields(world, made, given)
    world.locations.add(made)
    emit(world, "LOCATIONS_CREATE", lambda: location_payload(made))
    return {"location": made, "userErrors": []}


@mutation("locationEdit")
def location_edit(world: World, args: Args) -> JsonObject:
    """Change what is given of a location."""
    place, given = world.locations.get(number_of(args["id"], "Location")), args["input"]
    if place is None:
        raise Refused(user_error(["id"], "Location not found.", "NOT_FOUND"))
    errors = _name_errors(world, given["name"], place) if given.get("name") is not None else []
    errors += _address_errors(given.get("address") or {}) + _online_errors(world, place, given)
    if errors:
        raise Refused(*errors)
    _set_metafields(world, place, given)
    if given.get("name") is not None:
        place.name = given["name"].strip()
    if given.get("address"):
        place.address = _edited(place.address, given["address"])
    if given.get("fulfillsOnlineOrders") is not None:
        place.fulfills_online_orders = given["fulfillsOnlineOrders"]
    place.updated_at = world.now()
    emit(world, "LOCATIONS_UPDATE", lambda: location_payload(place))
    return {"location": place, "userErrors": []}


def _set_metafields(world: World, place: Location, given: dict[str, Any]) -> None:
    """Set what has a value; a blank one is passed over, a blank key refused outright (recorded 2026-04)."""
    entries = given.get("metafields") or []
    if any(not entry.get("key") and not entry.get("id") for entry in entries):
        raise ApiError("key can't be blank", "INVALID_FIELD_ARGUMENTS")
    errors = set_inline(world, place, [entry for entry in entries if entry.get("value")], ["input", "metafields"])
    if errors:
        raise Refused(*({**error, "code": _CODES.get(error["code"], error["code"])} for error in errors))


def serves_alone(world: World, place: Location) -> bool:
    """Whether no other active location of the shop fulfills online orders."""
    return place.fulfills_online_orders and not any(
        x.fulfills_online_orders and x.is_active and x.service_id is None for x in world.locations if x is not place
    )


def _edited(address: Address, given: dict[str, Any]) -> Address:
    fresh = asdict(address_from(given))
    names = {"provinceCode": "province_code", "countryCode": "country_code"}
    chosen = {names.get(name, name) for name in given}
    return replace(address, **{name: fresh[name] for name in chosen})


def _name_errors(world: World, name: str, place: Location | None = None) -> list[JsonObject]:
    if not name.strip():
        return [user_error(["input", "name"], "Add a location name", "BLANK")]
    if len(name) > NAME_LIMIT:
        return [user_error(["input", "name"], "Use a shorter location name (up to 100 characters)", "TOO_LONG")]
    if any(x.name.casefold() == name.strip().casefold() for x in world.locations if x is not place):
        return [user_error(["input", "name"], "You already have a location with this name", "TAKEN")]
    return []


def _address_errors(given: dict[str, Any]) -> list[JsonObject]:
    return [
        user_error(["input", "address", part], f"Use {what} (up to 255 characters)", "TOO_LONG")
        for part, what in _ADDRESS_PARTS.items()
        if len(given.get(part) or "") > ADDRESS_LIMIT
    ]


def _online_errors(world: World, place: Location, given: dict[str, Any]) -> list[JsonObject]:
    wanted = given.get("fulfillsOnlineOrders")
    if wanted is None or wanted == place.fulfills_online_orders:
        return []
    field = ["input", "fulfillsOnlineOrders"]
    if place.service_id is not None:
        message = "Online order fulfillment cannot be changed for a fulfillment service location."
        return [user_error(field, message, "CANNOT_MODIFY_ONLINE_ORDER_FULFILLMENT_FOR_FS_LOCATION")]
    if serves_alone(world, place):
        message = "At least one location must fulfill online orders."
        return [user_error(field, message, "CANNOT_DISABLE_ONLINE_ORDER_FULFILLMENT")]
    return []
