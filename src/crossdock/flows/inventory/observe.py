"""
Loads what the stock of a batch of items looks like. The order of the reads is the argument, so it matters.

1. Our record of what the backend accepted. 2. The backend's stock: its figure has at least those units off.
3. Shopify's levels: `committed` counts everything sold and not yet fulfilled. 4. Our record once more: a package told
to Shopify between 1 and 3 has left `committed`, and its telling was written down before it was told.
What the backend is known to have seen is the smaller of the two records, line by line (of sums, one order that was told
would be made up for by another that was accepted too late); what it is not known to have seen is taken off what we
publish. An order placed after 3 changes `available`, and the write is refused.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from crossdock.flows.inventory.sight import Sight
from crossdock.model.connection import Connection
from crossdock.model.names import InventoryItemId, ItemCode, LocationId, Units, WarehouseCode
from crossdock.model.stock import InventoryLevel
from crossdock.ports.backend import Backend
from crossdock.ports.storefront import Storefront
from crossdock.store import links, requests
from crossdock.store.database import Database


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the truth is."""

    database: Database
    storefront: Storefront
    backend: Backend
    connection: Connection


async def observe(sources: Sources, ids: Sequence[InventoryItemId]) -> Sequence[Sight]:
    """Return a sight per item, in the order of `ids`."""
    connection = sources.connection
    async with sources.database.begin() as tx:
        linked = await links.of_inventory_items(tx, connection.id, ids)
        before = await requests.seen_by_backend(tx, connection.id, ids)
    known = sorted(linked)
    reading = await sources.backend.stock([linked[id_].item for id_ in known])
    levels = await sources.storefront.levels(known) if known else ()
    async with sources.database.begin() as tx:
        after = await requests.seen_by_backend(tx, connection.id, ids)

    seen: dict[tuple[InventoryItemId, LocationId], int] = defaultdict(int)
    for line, units in before.items():
        seen[line.item, line.location] += min(units, after.get(line, 0))
    of_item: dict[ItemCode, dict[WarehouseCode, Units]] = defaultdict(dict)
    for (code, warehouse), units in reading.available.items():
        of_item[code][warehouse] = units
    at_shopify: dict[InventoryItemId, list[InventoryLevel]] = defaultdict(list)
    for level in levels:
        at_shopify[level.item].append(level)

    def sight(id_: InventoryItemId) -> Sight:
        item = linked[id_].item if id_ in linked else None
        return Sight(
            id=id_,
            item=item,
            levels=at_shopify[id_],
            available={} if item is None else of_item[item],
            seen={location: Units(seen[id_, location]) for location in connection.warehouses},
            sequence=reading.sequence,
            warehouses=connection.warehouses,
            rules=connection.rules.inventory,
        )

    return [sight(id_) for id_ in ids]
