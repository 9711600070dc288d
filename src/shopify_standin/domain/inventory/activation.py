"""`inventoryActivate`: begin to stock an item at a location (messages recorded 2026-04)."""

from shopify_standin.domain.inventory.quantities import SET_LIMIT
from shopify_standin.domain.inventory.stock import change, level_at, stock_item
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World


@mutation("inventoryActivate", idempotent=True)
def inventory_activate(world: World, args: Args) -> JsonObject:
    """Stock an item; on a level that is active already nothing may be set."""
    item = world.items.get(number_of(args["inventoryItemId"], "InventoryItem"))
    if item is None:
        raise Refused(user_error(["inventoryItemId"], "The inventory item does not exist."))
    place = world.locations.get(number_of(args["locationId"], "Location"))
    if place is None or not place.is_active:
        raise Refused(user_error(["locationId"], "The location couldn't be found."))
    available, on_hand = args.get("available"), args.get("onHand")
    could_not = f"The product couldn't be stocked at {place.name} because"
    if available is not None and on_hand is not None:
        message = f"{could_not} not allowed to set available and on_hand quantities at the same time."
        raise Refused(user_error(["available"], message), user_error(["onHand"], message))
    field = "available" if available is not None else "onHand"
    quantity = available if available is not None else on_hand
    if quantity is not None and abs(quantity) > SET_LIMIT:
        message = f"{could_not} the quantity needs to be between -1 billion and 1 billion."
        raise Refused(user_error([field], message))
    if level_at(world, item.id, place.id) is not None and quantity is not None:
        what = "available" if field == "available" else "an on_hand"
        message = f"Not allowed to set {what} quantity when the item is already active at the location."
        raise Refused(user_error([field], message))
    level = stock_item(world, item, place.id)
    if quantity is not None:
        now_there = level.available if field == "available" else level.of("on_hand")
        change(world, level, available=quantity - now_there)
    return {"inventoryLevel": level, "userErrors": []}
