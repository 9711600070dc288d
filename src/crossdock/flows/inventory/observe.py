"""
Loads what the stock of a batch of items looks like. The order of the reads is the argument, so it matters.

1. Shopify's levels: `committed` counts everything sold and not yet fulfilled. 2. Our record of what the backend
accepted, less what Shopify was told of; a telling is written down before it is told, so all of this was committed
at 1. 3. The backend's stock: its figure has at least those units off. What is committed and not in the record is
taken off what we publish. What happens later does no harm: an order placed after 1 changes `available`, and the write
is refused; one accepted after 2 counts as unseen for this once.
"""

from collections import defaultdict
from collections.abc import Sequence

from crossdock.flows.inventory.sight import Sight
from crossdock.model.names import InventoryItemId, ItemCode, Units, WarehouseCode
from crossdock.model.stock import InventoryLevel
from crossdock.pending.sources import Sources
from crossdock.store import links, requests


async def observe(sources: Sources, ids: Sequence[InventoryItemId]) -> Sequence[Sight]:
    """Return a sight per item, in the order of `ids`."""
    connection = sources.connection
    async with sources.database.begin() as tx:
        linked = await links.of_inventory_items(tx, connection.id, ids)
    known = sorted(linked)
    levels = await sources.storefront.levels(known) if known else ()
    async with sources.database.begin() as tx:
        seen = await requests.seen_by_backend(tx, connection.id, known)
    reading = await sources.backend.stock([linked[id_].item for id_ in known])

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
            seen={location: seen.get((id_, location), Units(0)) for location in connection.warehouses},
            sequence=reading.sequence,
            warehouses=connection.warehouses,
            rules=connection.rules.inventory,
        )

    return [sight(id_) for id_ in ids]
