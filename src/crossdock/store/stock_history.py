"""
Table `stock_history`: what each level's figure was over the last weeks, and when it was written to Shopify.

Its rows are written with the ledger's, in the same statement, and only where there is something new to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from crossdock.model.names import ConnectionId, InventoryItemId, LocationId
from crossdock.store.database import Tx
from crossdock.store.schema import stock_history

NOTE_HISTORY: Final = """
    noted AS (
        INSERT INTO stock_history
               (connection, inventory_item, location, at, publish, backend_available, unseen, written_at)
        SELECT kept.connection, kept.inventory_item, kept.location, kept.decided_at, kept.publish,
               kept.backend_available, kept.unseen, kept.written_at
          FROM kept
          LEFT JOIN LATERAL (
              SELECT publish, written_at FROM stock_history
               WHERE stock_history.connection = kept.connection
                 AND stock_history.inventory_item = kept.inventory_item
                 AND stock_history.location = kept.location
               ORDER BY id DESC LIMIT 1
          ) AS last ON true
         WHERE kept.push IS NULL
           AND (kept.publish, kept.written_at) IS DISTINCT FROM (last.publish, last.written_at)
    )
"""
"""
What the ledger's own statement does beside keeping rows as `kept`. A level under a write is noted once its end is
known, so that a figure and its writing are one row.
"""

_JUST_WRITTEN: Final = timedelta(minutes=5)
"""A row that nothing is known before speaks of a write where that was no longer ago."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A level as it was from `at` on, in units; `wrote` says that it was written to Shopify just then."""

    location: LocationId
    at: datetime
    publish: int
    backend: int
    unseen: int
    wrote: bool


async def of_item(tx: Tx, connection: ConnectionId, item: InventoryItemId, limit: int) -> Sequence[Noted]:
    """Return what was noted of an item's levels, newest first."""
    rows = await tx.execute(
        select(stock_history)
        .where(stock_history.c.connection == connection, stock_history.c.inventory_item == item)
        .order_by(stock_history.c.id.desc())
        .limit(limit)
    )
    noted: list[Noted] = []
    last: dict[str, datetime | None] = {}
    for row in reversed(rows.all()):
        just = row.written_at is not None and row.at - row.written_at < _JUST_WRITTEN
        wrote = row.written_at != last[row.location] if row.location in last else just
        last[row.location] = row.written_at
        noted.append(
            Noted(LocationId(row.location), row.at, row.publish, row.backend_available, row.unseen, wrote=wrote)
        )
    return noted[::-1]
