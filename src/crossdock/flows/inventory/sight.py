"""What the stock of one item looks like from both sides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crossdock.model.connection import InventoryRules
from crossdock.model.names import InventoryItemId, ItemCode, LocationId, Units, WarehouseCode
from crossdock.model.stock import InventoryLevel


@dataclass(frozen=True, slots=True)
class Sight:
    """
    One inventory item, its levels at Shopify and what the backend has of it.

    `item` is None where the variant is not linked. `seen` are the units per location that Shopify counts as committed
    and that were accepted by the backend before it was asked for its stock: its figure has them off already.
    """

    id: InventoryItemId
    item: ItemCode | None
    levels: Sequence[InventoryLevel]
    available: Mapping[WarehouseCode, Units]
    seen: Mapping[LocationId, Units]
    sequence: int
    warehouses: Mapping[LocationId, tuple[WarehouseCode, ...]]
    rules: InventoryRules
