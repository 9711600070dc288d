"""
`inventoryActivate`, `inventoryDeactivate` and `inventoryBulkToggleActivation`: where an item is stocked.

Messages recorded 2026-04; those of the toggle's codes from Shopify docs, 2026.
"""

from typing import Any

from shopify_standin.domain.inventory.checks import SET_LIMIT
from shopify_standin.domain.inventory.stock import change, disconnect, level_at, stock_item
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.goods import InventoryItem, Level
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World

UNAVAILABLE = ("damaged", "quality_control", "reserved", "safety_stock")


@mutation("inventoryActivate", idempotent=True)
def inventory_activate(world: World, args: Args) -> JsonObject:
    """Stock an item; on a level that is active already nothing may be set, and the answer shows it."""
    item = world.items.get(number_of(args["inventoryItemId"], "InventoryItem"))
    if item is None:
        raise Refused(user_error(["inventoryItemId"], "The inventory item does not exist."))
    place = world.locations.get(number_of(args["locationId"], "Location"))
    if place is None or not place.is_active:
        raise Refused(user_error(["locationId"], "The location couldn't be found."))
    field, quantity = _quantity(args, f"The product couldn't be stocked at {place.name} because")
    known = level_at(world, item.id, place.id)
    if known is not None and quantity is not None:
        what = "available" if field == "available" else "an on_hand"
        message = f"Not allowed to set {what} quantity when the item is already active at the location."
        return {"inventoryLevel": known, "userErrors": [user_error([field], message)]}
    level = stock_item(world, item, place.id)
    if quantity is not None:
        now_there = level.available if field == "available" else level.of("on_hand")
        change(world, level, available=quantity - now_there)
    return {"inventoryLevel": level, "userErrors": []}


def _quantity(args: Args, could_not: str) -> tuple[str, int | None]:
    """Which quantity is to be set, and to what; raises Refused for both at once and for too much."""
    available, on_hand = args.get("available"), args.get("onHand")
    if available is not None and on_hand is not None:
        message = f"{could_not} not allowed to set available and on_hand quantities at the same time."
        raise Refused(user_error(["available"], message), user_error(["onHand"], message))
    field, quantity = ("available", available) if available is not None else ("onHand", on_hand)
    if quantity is not None and abs(quantity) > SET_LIMIT:
        raise Refused(user_error([field], f"{could_not} the quantity needs to be between -1 billion and 1 billion."))
    return field, quantity


@mutation("inventoryDeactivate")
def inventory_deactivate(world: World, args: Args) -> JsonObject:
    """Stop to stock an item at a location; repeating it is no error."""
    level = world.levels.get(number_of(args["inventoryLevelId"], "InventoryLevel"))
    if level is None:
        message = "The product couldn't be unstocked because the product was deleted."
        raise Refused(user_error(None, message))
    if level.is_active:
        place = world.locations[level.location_id]
        reasons = obstacles(world, level)
        if reasons:
            could_not = f"The product couldn't be unstocked from {place.name} because"
            raise Refused(*(user_error(None, f"{could_not} {why}") for _, why in reasons))
        disconnect(world, level)
    return {"userErrors": []}


def obstacles(world: World, level: Level) -> list[tuple[str, str]]:
    """What stands against unstocking: code and the rest of the sentence."""
    others = [x for x in world.levels.where("item_id", level.item_id) if x.is_active and x is not level]
    found = []
    if not others:
        why = "products need to be stocked at a minimum of 1 location."
        found.append(("CANNOT_DEACTIVATE_FROM_ONLY_LOCATION", why))
    if level.of("committed"):
        found.append(("COMMITTED_INVENTORY_AT_LOCATION", "it has committed quantities."))
    if level.of("incoming"):
        found.append(("INCOMING_INVENTORY_AT_LOCATION", "it has incoming quantities."))
    if any(level.of(name) for name in UNAVAILABLE):
        found.append(("RESERVED_INVENTORY_AT_LOCATION", "it has unavailable quantities."))
    return found


@mutation("inventoryBulkToggleActivation")
def inventory_bulk_toggle_activation(world: World, args: Args) -> JsonObject:
    """Stock an item at some locations and unstock it at others; all or nothing."""
    item = world.items.get(number_of(args["inventoryItemId"], "InventoryItem"))
    if item is None:
        message = "The quantity couldn't be updated because the inventory item was not found."
        raise Refused(user_error(["inventoryItemId"], message, "INVENTORY_ITEM_NOT_FOUND"))
    updates = args["inventoryItemUpdates"]
    errors = [error for index, row in enumerate(updates) for error in _toggle_errors(world, item, row, index)]
    if errors:
        raise Refused(*errors)
    levels = [_toggle(world, item, row) for row in updates]
    shown = [level for level in levels if level is not None and level.is_active]
    return {"inventoryItem": item, "inventoryLevels": shown, "userErrors": []}


def _toggle(world: World, item: InventoryItem, row: dict[str, Any]) -> Level | None:
    place = number_of(row["locationId"], "Location")
    if row["activate"]:
        return stock_item(world, item, place)
    level = level_at(world, item.id, place)
    if level is not None:
        disconnect(world, level)
    return level


def _toggle_errors(world: World, item: InventoryItem, row: dict[str, Any], index: int) -> list[JsonObject]:
    path = ["inventoryItemUpdates", str(index), "locationId"]
    place = world.locations.get(number_of(row["locationId"], "Location"))
    if place is None or not place.is_active:
        message = "The quantity couldn't be updated because the location was not found."
        return [user_error(path, message, "LOCATION_NOT_FOUND")]
    level = level_at(world, item.id, place.id)
    if row["activate"] or level is None:
        return []
    could_not = f"The variant couldn't be unstocked from {place.name} because"
    return [user_error(path, f"{could_not} {why}", code) for code, why in obstacles(world, level)]
