"""Reading locations."""

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection, count
from shopify_standin.domain.inventory.level_search import LEVEL_SEARCH
from shopify_standin.domain.locations.stock import has_incoming, has_stock, has_work
from shopify_standin.domain.metafields.writing import by_custom_id
from shopify_standin.errors import JsonObject
from shopify_standin.ids import number_of
from shopify_standin.model.goods import Level
from shopify_standin.model.places import Location
from shopify_standin.model.shipping import FulfillmentService
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.search import filters
from shopify_standin.search.search import Search
from shopify_standin.world import World

node("Location", lambda world, number: world.locations.get(number))

LOCATION = Fields("Location")
LOCATION.attributes(
    "name", "isActive", "fulfillsOnlineOrders", "shipsInventory", "address",
    id="gid", legacyResourceId="id", localPickupSettingsV2="pickup",
)  # fmt: skip
LOCATION.constant(activatable=True, addressVerified=False, suggestedAddresses=[])

ADDRESS = Fields("LocationAddress")
ADDRESS.attributes(
    "address1", "address2", "city", "zip", "provinceCode", "countryCode", "country", "province", "phone", "formatted"
)
ADDRESS.constant(latitude=None, longitude=None)

PICKUP = Fields("DeliveryLocalPickupSettings")
PICKUP.attributes("pickupTime", "instructions")


def _pickup(place: Location, _world: World) -> str:
    return "disabled" if place.pickup is None else "enabled"


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
        "location_id": filters.number(lambda x, _: x.id),
        "legacy": filters.truth(lambda x, _: x.service_id is not None),
        "geolocated": filters.truth(lambda _, __: False),
        "pickup_in_store": filters.choice(_pickup, enabled=["enabled"], disabled=["disabled"]),
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
    """Active locations, those of services among them, by name unless asked otherwise."""
    rows = [x for x in world.locations if x.is_active or args.get("includeInactive")]
    found = _SEARCH.select(rows, args.get("query"), call, ["locations"])
    return connection(found, args, _SORT[args["sortKey"]])


@query("locationsCount")
def locations_count(world: World, call: Call, args: Args) -> JsonObject:
    """How many active locations there are."""
    rows = [x for x in world.locations if x.is_active]
    return count(_SEARCH.select(rows, args.get("query"), call, ["locationsCount"]), args.get("limit"))


@query("locationsAvailableForDeliveryProfiles")
def locations_for_profiles_list(world: World) -> list[Location]:
    """Active locations, which a delivery profile may ship from."""
    return [x for x in world.locations if x.is_active]


@query("locationByIdentifier")
def location_by_identifier(world: World, args: Args) -> Location | None:
    """A location by its id or by a unique metafield."""
    given = args["identifier"]
    wanted = given.get("id") or by_custom_id(world, "LOCATION", given["customId"])
    return None if wanted is None else world.locations.get(number_of(wanted, "Location"))


@query("locationsAvailableForDeliveryProfilesConnection")
def locations_for_profiles(world: World, args: Args) -> JsonObject:
    """Active locations, which a delivery profile may ship from."""
    return connection([x for x in world.locations if x.is_active], args)


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


@LOCATION.field("isFulfillmentService")
def is_fulfillment_service(place: Location) -> bool:
    """Whether a service works there."""
    return place.service_id is not None


@LOCATION.field("fulfillmentService")
def fulfillment_service(place: Location, call: Call) -> FulfillmentService | None:
    """The service that works there."""
    return call.world.services.get(place.service_id)


@LOCATION.field("hasActiveInventory")
def has_active_inventory(place: Location, call: Call) -> bool:
    """Whether anything is stocked there."""
    return has_stock(call.world, place)


@LOCATION.field("hasUnfulfilledOrders")
def has_unfulfilled_orders(place: Location, call: Call) -> bool:
    """Whether anything has still to leave from there."""
    return has_work(call.world, place)


@LOCATION.field("deactivatable")
def deactivatable(place: Location, call: Call) -> bool:
    """False for the shop's first location, for a service's, and while goods are on their way there."""
    return not (is_primary(place, call) or place.service_id is not None or has_incoming(call.world, place))


@LOCATION.field("deletable")
def deletable(place: Location, call: Call) -> bool:
    """Whether it is closed down, empty and without work."""
    world = call.world
    return not (place.is_active or has_stock(world, place) or has_work(world, place))


@LOCATION.field("inventoryLevels")
def inventory_levels(place: Location, args: Args, call: Call) -> JsonObject:
    """What it stocks."""
    rows = [x for x in call.world.levels.where("location_id", place.id) if x.is_active or args.get("includeInactive")]
    return connection(LEVEL_SEARCH.select(rows, args.get("query"), call, ["location", "inventoryLevels"]), args)


@LOCATION.field("inventoryLevel")
def inventory_level(place: Location, args: Args, call: Call) -> Level | None:
    """What it has of one item."""
    item = number_of(args["inventoryItemId"], "InventoryItem")
    rows = call.world.levels.where("item_id", item)
    return next((x for x in rows if x.location_id == place.id and (x.is_active or args.get("includeInactive"))), None)
