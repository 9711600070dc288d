"""Brings additions to their end whose answer was lost: they are sent again as they were."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from crossdock.flows.inventory.act import reference_of
from crossdock.model.names import InventoryItemId
from crossdock.pending.sources import Sources
from crossdock.store import stock_pushes, watermarks

KEY_LIVES: Final = timedelta(hours=23)
"""Shopify knows a key again for 24 hours (Shopify docs, 2026-04); after that a repeat would add twice."""


async def resume(sources: Sources, items: Sequence[InventoryItemId]) -> None:
    """
    End every addition that names one of these items.

    What is too old to be repeated is given up: its levels are read and set anew.
    """
    connection = sources.connection.id
    async with sources.database.begin() as tx:
        unended = await stock_pushes.unended(tx, connection, items)
        now = await watermarks.now(tx) if unended else None
    for push in unended:
        if now is not None and push.tried_at < now - KEY_LIVES:
            async with sources.database.begin() as tx:
                await stock_pushes.gave_up(tx, connection, push.key)
            continue
        refused = await sources.storefront.adjust_available(push.rows, push.key, reference_of(push.key))
        async with sources.database.begin() as tx:
            await stock_pushes.ended(tx, connection, push.key, done=not refused)
