"""Stock on both sides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from crossdock.model.names import InventoryItemId, ItemCode, LocationId, Units, WarehouseCode

Level: TypeAlias = tuple[InventoryItemId, LocationId]
"""Which level: of one item, at one location."""


@dataclass(frozen=True, slots=True)
class StockReading:
    """
    What a backend said it holds, and as of when by its own count.

    `available` is what may still be promised: on hand, less what accepted orders have reserved; it may be negative.
    `sequence` grows with every stock movement of the backend; a later reading never has a smaller one.
    """

    taken_at: datetime
    sequence: int
    available: Mapping[tuple[ItemCode, WarehouseCode], Units]


@dataclass(frozen=True, slots=True)
class InventoryLevel:
    """
    What Shopify holds for one item at one location, as of one read.

    `available` is what can still be sold; `committed` is sold and not yet fulfilled.
    """

    item: InventoryItemId
    location: LocationId
    available: Units
    committed: Units


@dataclass(frozen=True, slots=True)
class SetAvailable:
    """Set one level to `quantity`, if Shopify still holds `change_from`."""

    item: InventoryItemId
    location: LocationId
    quantity: Units
    change_from: Units


@dataclass(frozen=True, slots=True)
class AdjustAvailable:
    """Add units to one level, whatever it holds; take away where negative."""

    item: InventoryItemId
    location: LocationId
    units: Units
