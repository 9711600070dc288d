"""Which levels were not compared with Shopify for long: what nobody told of is found within a day."""

from typing import Final

from crossdock.model.connection import Connection
from crossdock.model.flow import Flow
from crossdock.model.ledger import BELIEVED_FOR
from crossdock.pending.mark import mark
from crossdock.store import stock_ledger, watermarks
from crossdock.store.database import Database

AT_ONCE: Final = 1_000
"""Items marked in one go; asked every ten minutes, that is 144,000 a day, and four calls each time."""


async def sweep_levels(database: Database, connection: Connection) -> int:
    """Mark the items whose levels were read longest ago, where that is too long; return how many they are."""
    if Flow.INVENTORY not in connection.flows:
        return 0
    async with database.begin() as tx:
        before = await watermarks.now(tx) - BELIEVED_FOR
        items = await stock_ledger.longest_unread(tx, connection.id, before, AT_ONCE)
        await mark(tx, connection.id, Flow.INVENTORY, items, "it was not compared with Shopify for a day")
    return len(items)
