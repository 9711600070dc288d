"""Locations: reading them and adding one."""

from typing import Any

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection, count
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.goods import Level
from shopify_standin.model.places import Address, Location
from shopify_standin.registry import Args, Fields, mutation, node, query
from shopify_standin.search import filters
from shopify_standin.search.search import Search
from shopify_standin.world import World

node("Location", lambda world, number: world.locations.get(number))

LOCATION = Fields("Location")
LOCATION.attributes(
    "name", "isActive", "fulfillsOnlineOrders", "shipsInventory", "address",
    id="gid", legacyResourceId="id",
)  # fmt: skip
LOCATION.constant(
    isFulfillmentService=False, fulfillmentService=None, addressVerified=False, suggestedAddresses=[],
    localPickupSettingsV2=None,
)  # fmt: skip

ADDRESS = Fields("LocationAddress")
ADDRESS.attributes(
    "address1", "address2", "city", "zip", "provinceCode", "countryCode", "country", "province", "phone", "formatted"
)
ADDRESS.constant(latitude=None, longitude=None)

_SEARCH = Search(
    {
        "id": filters.number(lambda x, _: x.id),
        "name": filters.text(lambda x, _: x.name),
        "active": filters.truth(lambda x, _: x.is_active),
        "created_at": filters.moment(lambda x, _: x.created_at),
        "city": filters.text(lambda x, _: x.address.city),
        "country": filters.text(lambda x, _: [x.address.country, x.address.country_code]),
        "province": filters.text(lambda x, _: [x.address.province, x.address.province_code]),
        "zip": filters.text(lambda x, _: x.address.zip),
        "address1": filters.text(lambda x, _: x.address.address1),
        "address2": filters.text(lambda x, _: x.address.address2),
    },
    filters.words(lambda x, _: x.name),
)
_SORT = {"ID": None, "NAME": lambda x: x.name, "RELEVANCE": None}


@query("location")
def location(world: World, args: Args) -> Location | None:
    """A location; without an id, the first active one."""
    if args.get("id") is None:
        return next((x for x in world.locations if x.is_active), None)
    return world.locations.get(number_of(args["id"], "Location"))


@query("locations")
def locations(world: World, call: Call, args: Args) -> JsonObject:
    """Active locations, by name unless asked otherwise."""
    rows = [x for x in world.locations if x.is_active or args.get("includeInactive")]
    found = _SEARCH.select(rows, args.get("query"), call, ["locations"])
    return connection(found, args, _SORT[args["sortKey"]])


@query("locationsCount")
def locations_count(world: World, call: Call, args: Args) -> JsonObject:
    """How many active locations there are."""
    rows = [x for x in world.locations if x.is_active]
    return count(_SEARCH.select(rows, args.get("query"), call, ["locationsCount"]), args.get("limit"))


@LOCATION.field("createdAt")
def created_at(place: Location) -> str | None:
    """When it was added."""
    return iso(place.created_at)


@LOCATION.field("updatedAt")
def updated_at(place: Location) -> str | None:
    """When it last changed."""
    return iso(place.updated_at)


@LOCATION.field("deactivatedAt")
def deactivated_at(place: Location) -> str | None:
    """When it was closed down."""
    return iso(place.deactivated_at)


@LOCATION.field("isPrimary")
def is_primary(place: Location, call: Call) -> bool:
    """Whether it is the shop's first."""
    return place is next(iter(call.world.locations), None)


@LOCATION.field("hasActiveInventory")
def has_active_inventory(place: Location, call: Call) -> bool:
    """Whether anything is stocked there."""
    return any(
        level.is_active and level.of("on_hand") != 0 for level in call.world.levels.where("location_id", place.id)
    )


@LOCATION.field("hasUnfulfilledOrders")
def has_unfulfilled_orders(place: Location, call: Call) -> bool:
    """Whether anything has still to leave from there."""
    return any(x.assigned.location_id == place.id and x.is_open for x in call.world.fulfillment_orders)


@LOCATION.field("inventoryLevels")
def inventory_levels(place: Location, args: Args, call: Call) -> JsonObject:
    """What it stocks."""
    rows = [x for x in call.world.levels.where("location_id", place.id) if x.is_active or args.get("includeInactive")]
    return connection(rows, args)


@LOCATION.field("inventoryLevel")
def inventory_level(place: Location, args: Args, call: Call) -> Level | None:
    """What it has of one item."""
    item = number_of(args["inventoryItemId"], "InventoryItem")
    rows = call.world.levels.where("item_id", item)
    return next((x for x in rows if x.location_id == place.id and (x.is_active or args.get("includeInactive"))), None)


@mutation("locationAdd")
def location_add(world: World, args: Args) -> JsonObject:
    """Open a location; names are unique among all (recorded 2026-04)."""
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
        fulfills_online_orders=given.get("fulfillsOnlineOrders", True),
    )
    return {"location": world.locations.add(made), "userErrors": []}


def _name_errors(world: World, name: str) -> list[JsonObject]:
    if not name.strip():
        return [user_error(["input", "name"], "Add a location name", "BLANK")]
    if len(name) > 100:
        return [user_error(["input", "name"], "Use a shorter location name (up to 100 characters)", "TOO_LONG")]
    if any(x.name.casefold() == name.strip().casefold() for x in world.locations):
        return [user_error(["input", "name"], "You already have a location with this name", "TAKEN")]
    return []


_ADDRESS_PARTS = {
    "address1": "a shorter name for the street",
    "city": "a shorter city name",
    "zip": "a shorter postal / ZIP code",
}


def _address_errors(given: dict[str, Any]) -> list[JsonObject]:
    return [
        user_error(["input", "address", part], f"Use {what} (up to 255 characters)", "TOO_LONG")
        for part, what in _ADDRESS_PARTS.items()
        if len(given.get(part) or "") > 255
    ]


def address_from(given: dict[str, Any]) -> Address:
    """An address out of an address input of any kind."""
    return Address(
        first_name=given.get("firstName"),
        last_name=given.get("lastName"),
        company=given.get("company"),
        address1=given.get("address1"),
        address2=given.get("address2"),
        city=given.get("city"),
        zip=given.get("zip"),
        province_code=given.get("provinceCode"),
        country_code=given.get("countryCode"),
        phone=given.get("phone"),
    )
