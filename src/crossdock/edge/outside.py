"""What pages and commands may ask of both sides while a person waits for the answer."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from crossdock.model.catalog import Item, SeenVariant
from crossdock.model.names import ConnectionId, InventoryItemId, ItemCode
from crossdock.model.people import Actor
from crossdock.model.stock import InventoryLevel


class Outside(Protocol):
    """
    Both sides of every connection.

    Every method raises UsageError, TryAgain, Refused or StoreUnusable, with a sentence, where a side says so.
    """

    async def read_levels(self, connection: ConnectionId, items: Sequence[InventoryItemId]) -> Sequence[InventoryLevel]:
        """Return what Shopify holds of these items now, at every location that stocks them."""
        ...

    async def candidates(self, connection: ConnectionId, variants: Sequence[SeenVariant]) -> Sequence[Item]:
        """Return the backend's items that one of these variants may be: by SKU, barcode or words of its title."""
        ...

    async def items(self, connection: ConnectionId, codes: Sequence[ItemCode]) -> Mapping[ItemCode, Item] | None:
        """Return the backend's items of these codes, None where it cannot be asked by code."""
        ...

    async def map_location(self, by: Actor, connection: ConnectionId, location: str, warehouse: str) -> None:
        """Let a warehouse serve a location, named by its name, number or gid."""
        ...
