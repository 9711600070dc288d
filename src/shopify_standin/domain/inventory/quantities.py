"""
`inventorySetQuantities` and `inventoryAdjustQuantities`.

All or nothing: with any user error nothing changes. `changeFromQuantity` compares with the present quantity and
null skips the comparison (Shopify docs 2026-04; messages recorded 2026-04 where they are, else assumed).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.domain.inventory.stock import change, level_at, stock_item
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import gid, number_of
from shopify_standin.model.goods import QUANTITY_NAMES, Level
from shopify_standin.registry import Args, Fields, mutation
from shopify_standin.world import World

REASONS = frozenset({
    "correction", "cycle_count_available", "damaged", "movement_canceled", "movement_created", "movement_received",
    "movement_updated", "other", "promotion", "quality_control", "received", "reservation_created",
    "reservation_deleted", "reservation_updated", "restock", "safety_stock", "shrinkage",
})  # fmt: skip
ADJUSTABLE = tuple(name for name in QUANTITY_NAMES if name not in {"committed", "on_hand"})
SET_LIMIT = 1_000_000_000
ADJUST_LIMIT = 2_000_000_000

GROUP = Fields("InventoryAdjustmentGroup")
GROUP.attributes("reason", "referenceDocumentUri", "id")
GROUP.constant(app=None, staffMember=None)


@dataclass(frozen=True, slots=True)
class Change:
    """One row of an adjustment group."""

    name: str
    delta: int
    level: Level
    ledger_document_uri: str | None = None


@dataclass(slots=True)
class AdjustmentGroup:
    """What one mutation changed."""

    id: str
    created_at: str | None
    reason: str
    reference_document_uri: str | None
    changes: list[Change]


@mutation("inventorySetQuantities", idempotent=True)
def inventory_set_quantities(world: World, args: Args, call: Call) -> JsonObject:
    """Set `available` or `on_hand` to absolute numbers; setting `on_hand` moves `available` by the difference."""
    given = args["input"]
    name, rows = given["name"], given["quantities"]
    if name not in {"available", "on_hand"}:
        message = "The quantity name must be either 'available' or 'on_hand'."
        raise Refused(user_error(["input", "name"], message, "INVALID_NAME"))
    errors = _reason_errors(given["reason"]) + _document_errors(given)
    errors += _duplicate_errors(rows, "quantities")
    levels: list[Level] = []
    for index, row in enumerate(rows):
        path = ["input", "quantities", str(index)]
        problem = _set_quantity_error(name, row["quantity"], path)
        level = _level_or_error(world, row, path, call.version)
        if problem:
            errors.append(problem)
        elif isinstance(level, Level):
            levels.append(level)
            errors += _stale_errors(row, level.of(name), path)
        else:
            errors.append(level)
    if errors:
        raise Refused(*errors)
    changes: list[Change] = []
    for row, level in zip(rows, levels, strict=True):
        delta = row["quantity"] - level.of(name)
        if delta:
            changes += _apply(world, level, "available", delta)
    return {"inventoryAdjustmentGroup": _group(world, given, changes), "userErrors": []}


@mutation("inventoryAdjustQuantities", idempotent=True)
def inventory_adjust_quantities(world: World, args: Args, call: Call) -> JsonObject:
    """Change one named quantity by deltas."""
    given = args["input"]
    name, rows = given["name"], given["changes"]
    if name not in ADJUSTABLE:
        message = f"The specified quantity name is invalid. Valid values are: {', '.join(ADJUSTABLE)}."
        raise Refused(user_error(["input", "name"], message, "INVALID_QUANTITY_NAME"))
    errors = _reason_errors(given["reason"]) + _document_errors(given)
    levels: list[Level] = []
    for index, row in enumerate(rows):
        path = ["input", "changes", str(index)]
        errors += _ledger_errors(name, row.get("ledgerDocumentUri"), path)
        level = _level_or_error(world, row, path, call.version)
        if isinstance(level, Level):
            levels.append(level)
            errors += _stale_errors(row, level.of(name), path)
            errors += _delta_errors(row["delta"], path)
        else:
            errors.append(level)
    if errors:
        raise Refused(*errors)
    changes: list[Change] = []
    for row, level in zip(rows, levels, strict=True):
        if row["delta"]:
            changes += _apply(world, level, name, row["delta"], row.get("ledgerDocumentUri"))
    return {"inventoryAdjustmentGroup": _group(world, given, changes), "userErrors": []}


def _apply(world: World, level: Level, name: str, delta: int, ledger: str | None = None) -> list[Change]:
    change(world, level, **{name: delta})
    rows = [Change(name, delta, level, ledger)]
    if name != "incoming":
        rows.append(Change("on_hand", delta, level))  # whatever is on hand shows there too (recorded 2026-04)
    return rows


def _group(world: World, given: dict[str, Any], changes: list[Change]) -> AdjustmentGroup | None:
    if not changes:
        return None
    ordered = sorted(changes, key=lambda row: row.name == "on_hand")
    number = world.ids.next("InventoryAdjustmentGroup")
    return AdjustmentGroup(
        gid("InventoryAdjustmentGroup", number),
        iso(world.now()),
        given["reason"],
        given.get("referenceDocumentUri"),
        ordered,
    )


def _level_or_error(world: World, row: dict[str, Any], path: list[str], version: str) -> Level | JsonObject:
    item = world.items.get(number_of(row["inventoryItemId"], "InventoryItem"))
    if item is None:
        message = "The specified inventory item could not be found."
        return user_error([*path, "inventoryItemId"], message, "INVALID_INVENTORY_ITEM")
    place = world.locations.get(number_of(row["locationId"], "Location"))
    if place is None or not place.is_active:
        message = "The specified location could not be found."
        return user_error([*path, "locationId"], message, "INVALID_LOCATION")
    level = level_at(world, item.id, place.id)
    if level is not None:
        return level
    if version >= "2026-10":
        return stock_item(world, item, place.id)  # since 2026-10 a quantity may be set anywhere (Shopify changelog)
    message = "The specified inventory item is not stocked at the location."
    return user_error([*path, "locationId"], message, "ITEM_NOT_STOCKED_AT_LOCATION")


def _set_quantity_error(name: str, quantity: int, path: list[str]) -> JsonObject | None:
    path = [*path, "quantity"]
    if quantity > SET_LIMIT:
        return user_error(path, "The quantity can't be higher than 1,000,000,000.", "INVALID_QUANTITY_TOO_HIGH")
    if quantity < -SET_LIMIT:
        return user_error(path, "The quantity can't be lower than -1,000,000,000.", "INVALID_QUANTITY_TOO_LOW")
    if name == "on_hand" and quantity < 0:
        return user_error(path, "The quantity can't be negative.", "INVALID_QUANTITY_NEGATIVE")
    return None


def _delta_errors(delta: int, path: list[str]) -> list[JsonObject]:
    path = [*path, "delta"]
    if delta > ADJUST_LIMIT:
        return [user_error(path, "The quantity can't be higher than 2,000,000,000.", "INVALID_QUANTITY_TOO_HIGH")]
    if delta < -ADJUST_LIMIT:
        return [user_error(path, "The quantity can't be lower than -2,000,000,000.", "INVALID_QUANTITY_TOO_LOW")]
    return []


def _stale_errors(row: dict[str, Any], present: int, path: list[str]) -> list[JsonObject]:
    expected = row.get("changeFromQuantity")
    if expected is None or expected == present:
        return []
    message = "The changeFromQuantity argument no longer matches the persisted quantity."
    return [user_error([*path, "changeFromQuantity"], message, "CHANGE_FROM_QUANTITY_STALE")]


def _duplicate_errors(rows: Sequence[dict[str, Any]], name: str) -> list[JsonObject]:
    places: dict[tuple[str, str], list[int]] = {}
    for index, row in enumerate(rows):
        places.setdefault((row["inventoryItemId"], row["locationId"]), []).append(index)
    return [
        user_error(
            ["input", name, str(index), "locationId"],
            "The combination of inventoryItemId and locationId must be unique.",
            "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR",
        )
        for found in places.values()
        if len(found) > 1
        for index in found
    ]


def _reason_errors(reason: str) -> list[JsonObject]:
    if reason in REASONS:
        return []
    message = f"The specified reason is invalid. Valid values are: {', '.join(sorted(REASONS))}."
    return [user_error(["input", "reason"], message, "INVALID_REASON")]


def _document_errors(given: dict[str, Any]) -> list[JsonObject]:
    uri = given.get("referenceDocumentUri")
    if uri is None or "://" in uri:
        return []
    message = "The specified reference document is invalid."
    return [user_error(["input", "referenceDocumentUri"], message, "INVALID_REFERENCE_DOCUMENT")]


def _ledger_errors(name: str, uri: str | None, path: list[str]) -> list[JsonObject]:
    path = [*path, "ledgerDocumentUri"]
    if name == "available":
        message = "A ledger document URI is not allowed when adjusting available."
        return [] if uri is None else [user_error(path, message, "INVALID_AVAILABLE_DOCUMENT")]
    if uri is None:
        return [
            user_error(
                path, "A ledger document URI is required except when adjusting available.", "INVALID_QUANTITY_DOCUMENT"
            )
        ]
    if uri.startswith("gid://shopify/"):
        return [
            user_error(
                path,
                "Internal (gid://shopify/) ledger documents are not allowed to be adjusted via API.",
                "INTERNAL_LEDGER_DOCUMENT",
            )
        ]
    return []


@GROUP.field("createdAt")
def created_at(group: AdjustmentGroup) -> str | None:
    """When it was made."""
    return group.created_at


@GROUP.field("changes")
def changes(group: AdjustmentGroup, args: Args, call: Call) -> list[JsonObject]:
    """The rows, `on_hand` after the others, narrowed as asked."""
    items = {number_of(value, "InventoryItem") for value in args.get("inventoryItemIds") or ()}
    places = {number_of(value, "Location") for value in args.get("locationIds") or ()}
    names = set(args.get("quantityNames") or ())
    return [
        {
            "name": row.name,
            "delta": row.delta,
            "quantityAfterChange": None,
            "item": call.world.items.get(row.level.item_id),
            "location": call.world.locations.get(row.level.location_id),
            "ledgerDocumentUri": row.ledger_document_uri,
        }
        for row in group.changes
        if (not items or row.level.item_id in items)
        and (not places or row.level.location_id in places)
        and (not names or row.name in names)
    ]
