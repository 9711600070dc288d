"""
`changeFromQuantity` must be given, though it may be null, wherever a quantity is written.

The schema calls it optional; leaving it out is refused before anything runs (recorded 2026-04).
"""

from typing import Any

from shopify_standin.errors import ApiError
from shopify_standin.registry import Args

_PLACES: dict[str, tuple[tuple[str, ...], str]] = {
    "inventorySetQuantities": (("input", "quantities"), "InventoryQuantityInput"),
    "inventoryAdjustQuantities": (("input", "changes"), "InventoryChangeInput"),
    "inventorySetOnHandQuantities": (("input", "setQuantities"), "InventorySetQuantityInput"),
    "inventoryMoveQuantities": (("input", "changes"), "InventoryMoveQuantityTerminalInput"),
}
"""Mutation → where its list of quantities lies, and the name of the entries' type."""


def check_change_from_quantity(mutation: str, args: Args) -> None:
    """Raise ApiError where an entry leaves `changeFromQuantity` out."""
    place = _PLACES.get(mutation)
    if place is None:
        return
    path, type_name = place
    entries: Any = args
    for step in path:
        entries = entries.get(step) or {}
    for entry in entries or ():
        terminals = (entry["from"], entry["to"]) if mutation == "inventoryMoveQuantities" else (entry,)
        if any("changeFromQuantity" not in terminal for terminal in terminals):
            message = f"{type_name} must include the following argument: changeFromQuantity."
            raise ApiError(message, "INVALID_FIELD_ARGUMENTS")
