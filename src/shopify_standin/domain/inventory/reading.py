"""Reading inventory items and levels."""

from typing import Any

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection, count
from shopify_standin.domain.inventory.activation import obstacles
from shopify_standin.domain.inventory.level_search import LEVEL_SEARCH
from shopify_standin.domain.inventory.stock import level_at
from shopify_standin.errors import JsonObject
from shopify_standin.ids import gid, number_of
from shopify_standin.model.goods import QUANTITY_NAMES, InventoryItem, Level, Variant
from shopify_standin.model.places import Location
from shopify_standin.money import decimal_text
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.search import filters
from shopify_standin.search.search import Search
from shopify_standin.world import World

node("InventoryItem", lambda world, number: world.items.get(number))
node("InventoryLevel", lambda world, number: world.levels.get(number))

ITEM = Fields("InventoryItem")
ITEM.attributes(
    "sku", "tracked", "requiresShipping", "countryCodeOfOrigin", "provinceCodeOfOrigin", "harmonizedSystemCode",
    id="gid", legacyResourceId="id",
)  # fmt: skip
ITEM.constant(
    trackedEditable={"locked": False, "reason": None},
    inventoryHistoryUrl=None,
)
LEVEL = Fields("InventoryLevel")
LEVEL.attributes("isActive", id="gid")

ITEM_SEARCH = Search(
    {
        "id": filters.number(lambda x, _: x.id),
        "sku": filters.text(lambda x, _: x.sku),
        "created_at": filters.moment(lambda x, _: x.created_at),
        "updated_at": filters.moment(lambda x, _: x.updated_at),
    },
    filters.words(lambda x, _: x.sku),
    {"sku": lambda world, value: world.items.where("sku_key", value.casefold())},
)


@query("inventoryItem")
def inventory_item(world: World, args: Args) -> InventoryItem | None:
    """One item."""
    return world.items.get(number_of(args["id"], "InventoryItem"))


@query("inventoryItems")
def inventory_items(world: World, args: Args, call: Call) -> JsonObject:
    """Items by id."""
    return connection(ITEM_SEARCH.select(world.items, args.get("query"), call, ["inventoryItems"]), args)


@query("inventoryLevel")
def inventory_level(world: World, args: Args) -> Level | None:
    """One level."""
    return world.levels.get(number_of(args["id"], "InventoryLevel"))


@query("inventoryProperties")
def inventory_properties(_world: World) -> JsonObject:
    """The names of quantities and how they add up."""
    parts = {"on_hand": [n for n in QUANTITY_NAMES if n not in {"on_hand", "incoming"}]}
    return {
        "quantityNames": [
            {
                "name": name,
                "displayName": name.replace("_", " ").capitalize(),
                "isInUse": True,
                "comprises": parts.get(name, []),
                "belongsTo": ["on_hand"] if name in parts["on_hand"] else [],
            }
            for name in QUANTITY_NAMES
        ]
    }


@ITEM.field("createdAt")
@LEVEL.field("createdAt")
def created_at(thing: InventoryItem | Level) -> str | None:
    """When it came to be."""
    return iso(thing.created_at)


@ITEM.field("updatedAt")
@LEVEL.field("updatedAt")
def updated_at(thing: InventoryItem | Level) -> str | None:
    """When it last changed."""
    return iso(thing.updated_at)


@ITEM.field("variant")
def variant(item: InventoryItem, call: Call) -> Variant | None:
    """What is sold of it."""
    return call.world.variants.get(item.variant_id)


@ITEM.field("variants")
def variants(item: InventoryItem, call: Call, args: Args) -> JsonObject:
    """What is sold of it, as a list."""
    found = call.world.variants.get(item.variant_id)
    return connection([found] if found else [], args)


@ITEM.field("unitCost")
def unit_cost(item: InventoryItem, call: Call) -> JsonObject | None:
    """What one unit costs the merchant."""
    if item.cost is None:
        return None
    return {"amount": decimal_text(item.cost), "currencyCode": call.world.shop.currency}


@ITEM.field("measurement")
def measurement(item: InventoryItem) -> JsonObject:
    """Its weight."""
    return {
        "id": gid("InventoryItemMeasurement", item.id),
        "weight": {"value": item.weight_value, "unit": item.weight_unit},
    }


@ITEM.field("duplicateSkuCount")
def duplicate_sku_count(item: InventoryItem, call: Call) -> int:
    """How many others have the same SKU."""
    if item.sku is None:
        return 0
    return sum(x.sku == item.sku for x in call.world.items.where("sku_key", item.sku_key)) - 1


def levels_of(world: World, item: InventoryItem, args: Args) -> list[Level]:
    """The levels of an item that `includeInactive` lets through."""
    return [x for x in world.levels.where("item_id", item.id) if x.is_active or args.get("includeInactive")]


@ITEM.field("inventoryLevels")
def inventory_levels(item: InventoryItem, call: Call, args: Args) -> JsonObject:
    """Where it is stocked."""
    rows = levels_of(call.world, item, args)
    return connection(LEVEL_SEARCH.select(rows, args.get("query"), call, ["inventoryItem", "inventoryLevels"]), args)


@ITEM.field("inventoryLevel")
def level_of_item(item: InventoryItem, call: Call, args: Args) -> Level | None:
    """Its level at one location."""
    place = number_of(args["locationId"], "Location")
    return next((x for x in levels_of(call.world, item, args) if x.location_id == place), None)


@ITEM.field("locationsCount")
def locations_count(item: InventoryItem, call: Call) -> JsonObject:
    """At how many locations it is stocked."""
    return count(levels_of(call.world, item, {}))


@LEVEL.field("item")
def item_of_level(level: Level, call: Call) -> InventoryItem:
    """What is counted."""
    return call.world.items[level.item_id]


@LEVEL.field("location")
def location(level: Level, call: Call) -> Location:
    """Where it is counted."""
    return call.world.locations[level.location_id]


@LEVEL.field("canDeactivate")
def can_deactivate(level: Level, call: Call) -> bool:
    """Whether its item is stocked elsewhere too, and nothing is promised or under way here."""
    return not obstacles(call.world, level)


@LEVEL.field("deactivationAlert")
def deactivation_alert(level: Level, call: Call) -> str | None:
    """Why it cannot be deactivated, if it cannot."""
    reasons = obstacles(call.world, level)
    if not reasons:
        return None
    place = call.world.locations[level.location_id]
    return f"The product couldn't be unstocked from {place.name} because {reasons[0][1]}"


@LEVEL.field("quantities")
def quantities(level: Level, args: Args) -> list[dict[str, Any]]:
    """Units by state, in the order asked."""
    return [
        {
            "id": f"{gid('InventoryQuantity', level.id)}?inventory_item_id={level.item_id}&name={name}",
            "name": name,
            "quantity": level.of(name),
            # `on_hand` is a sum; it was null in recorded answers of 2026-04
            "updatedAt": None if name == "on_hand" else iso(level.changed_at.get(name)),
        }
        for name in args["names"]
        if name in QUANTITY_NAMES
    ]


def active_level(world: World, item: str, place: str) -> Level | None:
    """The active level that two global ids name; raises InvalidId where they are malformed."""
    return level_at(world, number_of(item, "InventoryItem"), number_of(place, "Location"))


@ITEM.field("countryHarmonizedSystemCodes")
def country_codes(item: InventoryItem, args: Args) -> JsonObject:
    """The customs codes that differ by country."""
    rows = [
        {"id": number, "countryCode": country, "harmonizedSystemCode": code}
        for number, (country, code) in enumerate(item.country_codes.items(), start=1)
    ]
    return connection(rows, args)
