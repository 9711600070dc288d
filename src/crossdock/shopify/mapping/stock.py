"""Inventory levels."""

from collections.abc import Sequence

from crossdock.model.names import InventoryItemId, LocationId, Units
from crossdock.model.stock import AdjustAvailable, InventoryLevel, SetAvailable
from crossdock.shopify.generated.fragments import LevelFields
from crossdock.shopify.generated.input_types import (
    InventoryAdjustQuantitiesInput,
    InventoryChangeInput,
    InventoryQuantityInput,
    InventorySetQuantitiesInput,
)

# One of Shopify's own reasons; "cycle_count_available" and the like would claim that somebody counted.
_REASON = "correction"


def to_level(item: InventoryItemId, level: LevelFields) -> InventoryLevel:
    """Return the level; a quantity that Shopify does not name is zero."""
    named = {quantity.name: quantity.quantity for quantity in level.quantities}
    return InventoryLevel(
        item=item,
        location=LocationId(level.location.id),
        available=Units(named.get("available", 0)),
        committed=Units(named.get("committed", 0)),
    )


def from_writes(writes: Sequence[SetAvailable], reference: str) -> InventorySetQuantitiesInput:
    """Return the input that sets `available`, each row only if Shopify still holds what it changes from."""
    return InventorySetQuantitiesInput(
        name="available",
        reason=_REASON,
        reference_document_uri=reference,
        quantities=[
            InventoryQuantityInput(
                inventory_item_id=write.item,
                location_id=write.location,
                quantity=write.quantity,
                change_from_quantity=write.change_from,
            )
            for write in writes
        ],
    )


def from_changes(changes: Sequence[AdjustAvailable], reference: str) -> InventoryAdjustQuantitiesInput:
    """Return the input that adds to `available`, whatever each level holds now."""
    return InventoryAdjustQuantitiesInput(
        name="available",
        reason=_REASON,
        reference_document_uri=reference,
        changes=[
            InventoryChangeInput(
                inventory_item_id=change.item,
                location_id=change.location,
                delta=change.units,
                change_from_quantity=None,
            )
            for change in changes
        ],
    )


def row_of(field: Sequence[str] | None) -> int | None:
    """Return the index of the row that an error's field path names (`input`, `quantities`, `3`, …), None for no row."""
    match field:
        case [_, "quantities" | "changes", index, *_] if index.isdigit():
            return int(index)
        case _:
            return None
