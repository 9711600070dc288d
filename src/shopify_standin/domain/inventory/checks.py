"""
What is checked before any quantity changes: reasons, documents, items, places, bounds, and what was expected.

Sentences and codes recorded 2026-04 where they are, else from Shopify docs, 2026.
"""

from collections.abc import Sequence
from typing import Any

from shopify_standin.domain.inventory.stock import level_at, stock_item
from shopify_standin.errors import JsonObject, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.goods import QUANTITY_NAMES, Level
from shopify_standin.world import World

REASONS = frozenset({
    "correction", "cycle_count_available", "damaged", "movement_canceled", "movement_created", "movement_received",
    "movement_updated", "other", "promotion", "quality_control", "received", "reservation_created",
    "reservation_deleted", "reservation_updated", "restock", "safety_stock", "shrinkage",
})  # fmt: skip
ADJUSTABLE = tuple(name for name in QUANTITY_NAMES if name not in {"committed", "on_hand"})
SET_LIMIT = 1_000_000_000
ADJUST_LIMIT = 2_000_000_000


def level_or_error(world: World, row: dict[str, Any], path: list[str], version: str) -> Level | JsonObject:
    """The active level that an input row names, or the error that says why there is none."""
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


def set_quantity_error(name: str, quantity: int, path: list[str]) -> JsonObject | None:
    """The error of an absolute quantity out of bounds; `available` may be negative (recorded 2026-04)."""
    path = [*path, "quantity"]
    if quantity > SET_LIMIT:
        return user_error(path, "The quantity can't be higher than 1,000,000,000.", "INVALID_QUANTITY_TOO_HIGH")
    if quantity < -SET_LIMIT:
        return user_error(path, "The quantity can't be lower than -1,000,000,000.", "INVALID_QUANTITY_TOO_LOW")
    if name == "on_hand" and quantity < 0:
        return user_error(path, "The quantity can't be negative.", "INVALID_QUANTITY_NEGATIVE")
    return None


def delta_errors(delta: int, path: list[str]) -> list[JsonObject]:
    """The error of a change out of bounds."""
    path = [*path, "delta"]
    if delta > ADJUST_LIMIT:
        return [user_error(path, "The quantity can't be higher than 2,000,000,000.", "INVALID_QUANTITY_TOO_HIGH")]
    if delta < -ADJUST_LIMIT:
        return [user_error(path, "The quantity can't be lower than -2,000,000,000.", "INVALID_QUANTITY_TOO_LOW")]
    return []


def stale_errors(row: dict[str, Any], present: int, path: list[str]) -> list[JsonObject]:
    """The error of a `changeFromQuantity` that is not the present quantity; null skips the comparison."""
    expected = row.get("changeFromQuantity")
    if expected is None or expected == present:
        return []
    message = "The changeFromQuantity argument no longer matches the persisted quantity."
    return [user_error([*path, "changeFromQuantity"], message, "CHANGE_FROM_QUANTITY_STALE")]


def duplicate_errors(rows: Sequence[dict[str, Any]], name: str) -> list[JsonObject]:
    """An error for each row whose item and location another row has too."""
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


def reason_errors(reason: str) -> list[JsonObject]:
    """The error of a reason that is none of Shopify's."""
    if reason in REASONS:
        return []
    message = f"The specified reason is invalid. Valid values are: {', '.join(sorted(REASONS))}."
    return [user_error(["input", "reason"], message, "INVALID_REASON")]


def document_errors(given: dict[str, Any]) -> list[JsonObject]:
    """The error of a reference document that is no URI."""
    uri = given.get("referenceDocumentUri")
    if uri is None or "://" in uri:
        return []
    message = "The specified reference document is invalid."
    return [user_error(["input", "referenceDocumentUri"], message, "INVALID_REFERENCE_DOCUMENT")]


def ledger_errors(name: str, uri: str | None, path: list[str]) -> list[JsonObject]:
    """Ledger documents are forbidden for `available`, required otherwise, and never Shopify's own."""
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
