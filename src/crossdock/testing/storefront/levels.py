"""What the store can still sell of each item at each location, and what is sold there and has not left."""

from collections import Counter
from collections.abc import Sequence

from crossdock.kit.errors import HubError
from crossdock.model.names import InventoryItemId, Units
from crossdock.model.order import FulfillmentOrder, FulfillmentOrderLine
from crossdock.model.stock import AdjustAvailable, InventoryLevel, Level, SetAvailable
from crossdock.ports.storefront import RowRefused


class Levels:
    """Units that are available and committed, by item and location."""

    def __init__(self) -> None:
        self._available: dict[Level, int] = {}
        self._committed: Counter[Level] = Counter()
        self._poisoned: dict[InventoryItemId, str] = {}
        self._written: dict[str, tuple[tuple[SetAvailable | AdjustAvailable, ...], str]] = {}

    def stock(self, level: Level, units: int) -> None:
        """Make so many units available, whatever was there."""
        self._available[level] = units

    def poison(self, item: InventoryItemId, message: str) -> None:
        """Refuse every write to an item from now on."""
        self._poisoned[item] = message

    def available(self, level: Level) -> int:
        """Return what can still be sold."""
        return self._available[level]

    def committed(self, level: Level) -> int:
        """Return what is sold and not fulfilled."""
        return self._committed[level]

    def stocks(self, level: Level) -> bool:
        """Tell whether an item is stocked at a location."""
        return level in self._available

    def of(self, items: Sequence[InventoryItemId]) -> Sequence[InventoryLevel]:
        """Return the items' levels at every location that stocks them."""
        return [
            InventoryLevel(item, location, Units(available), Units(self._committed[item, location]))
            for (item, location), available in self._available.items()
            if item in items
        ]

    def sell(self, level: Level, units: int) -> None:
        """Commit so many units, and go below zero where there are fewer."""
        self._available[level] -= units
        self._committed[level] += units

    def restock(self, level: Level, units: int) -> None:
        """Make so many units more available."""
        self._available[level] += units

    def uncommit(
        self, fulfillment_order: FulfillmentOrder, line: FulfillmentOrderLine, units: int, *, restock: bool
    ) -> None:
        """Let so many units of a line be committed no longer; negative ones are committed."""
        if line.inventory_item is None or fulfillment_order.location is None:
            return
        level = (line.inventory_item, fulfillment_order.location)
        if level in self._available:
            self._committed[level] -= units
            self._available[level] += units if restock else 0

    def write(self, rows: Sequence[SetAvailable | AdjustAvailable], key: str, reference: str) -> Sequence[RowRefused]:
        """
        Write all of the rows or none; return those that are refused. A key that was used answers as it did.

        The reference is part of the call that a key stands for, as at Shopify.
        """
        said = (tuple(rows), reference)
        if self._written.get(key, said) != said:
            raise HubError("The fake store: one key for two different stock updates. Please report this.")
        if key in self._written:
            return []
        refused = [bad for index, write in enumerate(rows) if (bad := self._refused(index, write)) is not None]
        if not refused:
            for row in rows:
                self._put(row)
            self._written[key] = said
        return refused

    def _put(self, row: SetAvailable | AdjustAvailable) -> None:
        if isinstance(row, SetAvailable):
            self._available[row.item, row.location] = row.quantity
        else:
            self._available[row.item, row.location] += row.units

    def _refused(self, index: int, write: SetAvailable | AdjustAvailable) -> RowRefused | None:
        level = (write.item, write.location)
        if write.item in self._poisoned:
            return RowRefused(index, "INVALID_INVENTORY_ITEM", self._poisoned[write.item], stale=False)
        if level not in self._available:
            return RowRefused(index, "INVALID_INVENTORY_ITEM", "The inventory item is not stocked there.", stale=False)
        if isinstance(write, SetAvailable) and self._available[level] != write.change_from:
            return RowRefused(index, "CHANGE_FROM_QUANTITY_STALE", "The quantity has changed.", stale=True)
        return None
