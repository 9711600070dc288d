"""The hub's own warehouse, as far as a store's set-up fills it: a place, and an item for each thing that is sold."""

from collections import Counter
from collections.abc import Mapping, Sequence

from crossdock.app.hub import Hub
from crossdock.backends.builtin.floor import WarehouseFloor, open_floor
from crossdock.kit.errors import UsageError
from crossdock.model.catalog import Good, Item
from crossdock.model.connection import Connection
from crossdock.model.names import InventoryItemId, ItemCode, Units, WarehouseCode
from crossdock.model.stock import InventoryLevel
from crossdock.ports.backend import Warehouse

OWN = "builtin"
"""The kind of the warehouse that comes with the hub."""

ITEMS_AT_ONCE = 10_000
"""For how many variants items are made while a person waits: forty calls."""


async def add_warehouse(hub: Hub, code: str, name: str) -> None:
    """Add a warehouse. Raises UsageError where the code is taken, or something is missing."""
    code, name = code.strip(), name.strip()
    if not code or not name:
        raise UsageError("A warehouse needs a code and a name, like MAIN and Main warehouse.")
    async with open_floor(hub.database.url) as floor:
        if any(one.code == code for one in await floor.warehouses()):
            raise UsageError(f"There is a warehouse {code} already. Choose another code.")
        await floor.add_warehouse(Warehouse(WarehouseCode(code), name))


async def make_items(hub: Hub, connection: Connection, *, with_stock: bool) -> int:
    """
    Make an item of each SKU that is sold and has none; return how many are new.

    `with_stock` also puts on the shelves what Shopify has available at each location, in the location's first
    warehouse, of items that never had any there: begun again, nothing is received twice. What is committed to older
    orders is left out, for those are shipped from elsewhere. Variants that share a SKU become one item, to which only
    one of them can be linked; the doctor names them.
    """
    storefront = await hub.storefront(connection.store)
    sold = [one for one in await storefront.goods(ITEMS_AT_ONCE) if one.sku and one.tracked and not one.archived]
    async with open_floor(hub.database.url) as floor:
        known = {item.sku for item in await floor.items()}
        fresh = {one.sku: _item(one) for one in sold if one.sku not in known}
        if fresh:
            await floor.add_items(*fresh.values())
        if with_stock:
            codes = {item.sku: item.code for item in await floor.items()}
            items = {one.inventory_item: codes[one.sku] for one in sold}
            await _open_stock(floor, connection, items, await storefront.levels(list(items)))
    return len(fresh)


async def _open_stock(
    floor: WarehouseFloor,
    connection: Connection,
    items: Mapping[InventoryItemId, ItemCode],
    levels: Sequence[InventoryLevel],
) -> None:
    shelved = {(stock.item, stock.warehouse) for stock in await floor.stock()}
    delivery: Counter[tuple[ItemCode, WarehouseCode]] = Counter()
    for level in levels:
        served = connection.warehouses.get(level.location, ())
        if served and level.available > 0 and (items[level.item], served[0]) not in shelved:
            delivery[items[level.item], served[0]] += level.available
    if delivery:
        received = {place: Units(units) for place, units in delivery.items()}
        await floor.receive_all(received, f"opening stock, as {connection.store} had it")


def _item(good: Good) -> Item:
    code = good.sku or ""
    return Item(ItemCode(code), good.title, good.sku, (good.barcode,) if good.barcode else ())
