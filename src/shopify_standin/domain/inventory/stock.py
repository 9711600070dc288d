"""Every change of stock goes through here, so that levels, times and `inventory_levels/update` always agree."""

from shopify_standin.model.goods import InventoryItem, Level
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.inventory import level_payload
from shopify_standin.world import World


def level_at(world: World, item_id: int, location_id: int) -> Level | None:
    """The active level of an item at a location."""
    return next(
        (x for x in world.levels.where("item_id", item_id) if x.location_id == location_id and x.is_active), None
    )


def any_level_at(world: World, item_id: int, location_id: int) -> Level | None:
    """The level of an item at a location, active or not."""
    return next((x for x in world.levels.where("item_id", item_id) if x.location_id == location_id), None)


def stock_item(world: World, item: InventoryItem, location_id: int) -> Level:
    """Start (or start again) to stock an item at a location; a level that was there keeps its id and units."""
    now = world.now()
    level = any_level_at(world, item.id, location_id)
    if level is None:
        level = world.levels.add(Level(world.ids.next("InventoryLevel"), item.id, location_id, now, now))
    elif level.is_active:
        return level
    level.is_active = True
    level.updated_at = now
    connected = level
    emit(world, "INVENTORY_LEVELS_CONNECT", lambda: level_payload(connected))
    return level


def disconnect(world: World, level: Level) -> None:
    """Stop to stock an item at a location; the level and its units stay, unseen."""
    level.is_active = False
    level.updated_at = world.now()
    emit(
        world,
        "INVENTORY_LEVELS_DISCONNECT",
        lambda: {"inventory_item_id": level.item_id, "location_id": level.location_id},
    )


def change(world: World, level: Level, **deltas: int) -> None:
    """Move units into (or out of) states of one level; tells subscribers where `available` changed."""
    now = world.now()
    for name, delta in deltas.items():
        level.move(name, delta, now)
    if deltas.get("available"):
        emit(world, "INVENTORY_LEVELS_UPDATE", lambda: level_payload(level))


def reserve(world: World, item_id: int, location_id: int, units: int) -> None:
    """Units are sold: they leave `available` and wait in `committed`."""
    level = level_at(world, item_id, location_id)
    if level is not None:
        change(world, level, available=-units, committed=units)


def ship(world: World, item_id: int, location_id: int, units: int) -> None:
    """Committed units leave the house; `on_hand` falls with them."""
    level = level_at(world, item_id, location_id)
    if level is not None:
        change(world, level, committed=-units)


def unship(world: World, item_id: int, location_id: int, units: int) -> None:
    """A fulfillment was cancelled: its units are committed again."""
    level = level_at(world, item_id, location_id)
    if level is not None:
        change(world, level, committed=units)


def release(world: World, item_id: int, location_id: int, units: int) -> None:
    """Committed units are no longer wanted and can be sold again."""
    level = level_at(world, item_id, location_id)
    if level is not None:
        change(world, level, available=units, committed=-units)


def take_back(world: World, item_id: int, location_id: int, units: int) -> None:
    """Units that had left come back and can be sold again; a tracked item is stocked there from now on."""
    item = world.items.get(item_id)
    if item is not None and item.tracked:
        change(world, stock_item(world, item, location_id), available=units)
