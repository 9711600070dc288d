"""Both sides of every connection, as pages and commands ask them while a person waits."""

from collections.abc import Mapping, Sequence
from typing import Final

from crossdock.app import location_map
from crossdock.app.hub import Hub
from crossdock.model.catalog import Item, SeenVariant
from crossdock.model.names import ConnectionId, InventoryItemId, ItemCode
from crossdock.model.people import Actor
from crossdock.model.stock import InventoryLevel
from crossdock.model.suggestion import words_of

LIKE: Final = 200
"""How many items with words of the titles are looked through for a page of variants."""


class BothSides:
    """Satisfies the protocol `Outside` of `edge`."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def read_levels(self, connection: ConnectionId, items: Sequence[InventoryItemId]) -> Sequence[InventoryLevel]:
        """Return what Shopify holds of these items now, at every location that stocks them."""
        storefront = await self._hub.storefront((await self._hub.connection(connection)).store)
        return await storefront.levels(items) if items else ()

    async def candidates(self, connection: ConnectionId, variants: Sequence[SeenVariant]) -> Sequence[Item]:
        """Return the backend's items that one of these variants may be."""
        backend = await self._hub.backend(await self._hub.connection(connection))
        skus = sorted({one.sku for one in variants if one.sku})
        barcodes = sorted({one.barcode for one in variants if one.barcode})
        words = sorted({word for one in variants for word in words_of(one.title)})
        by_code = await backend.find_items(skus, barcodes) if skus or barcodes else ()
        alike = await backend.items_like(words, LIKE) if words else ()
        return list({item.code: item for item in (*by_code, *alike)}.values())

    async def items(self, connection: ConnectionId, codes: Sequence[ItemCode]) -> Mapping[ItemCode, Item] | None:
        """Return the backend's items of these codes, None where it cannot be asked by code."""
        backend = await self._hub.backend(await self._hub.connection(connection))
        found = await backend.items(codes)
        return None if found is None else {item.code: item for item in found}

    async def map_location(self, by: Actor, connection: ConnectionId, location: str, warehouse: str) -> None:
        """Let a warehouse serve a location."""
        await location_map.map_location(self._hub, by, connection, location, warehouse)
