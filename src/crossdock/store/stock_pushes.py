"""
Table `stock_pushes`: calls that add to levels, written down before they are tried.

An addition whose answer was lost is sent again as it was, with its key: Shopify answers a known key as it did, for 24
hours (Shopify docs, 2026-04).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert

from crossdock.model.ledger import Trust
from crossdock.model.names import ConnectionId, InventoryItemId, LocationId, Units
from crossdock.model.stock import AdjustAvailable
from crossdock.store.arrays import among
from crossdock.store.database import Tx
from crossdock.store.schema import stock_ledger, stock_pushes
from crossdock.store.stock_ledger import LedgerMoved


@dataclass(frozen=True, slots=True)
class Unended:
    """A call whose end is not known, and since when."""

    key: str
    rows: Sequence[AdjustAvailable]
    tried_at: datetime


# Those before whose end is kept with their levels are done with.
_DONE_WITH = text(
    """
    DELETE FROM stock_pushes
     WHERE connection = :connection
       AND NOT EXISTS (SELECT FROM stock_ledger
                        WHERE stock_ledger.connection = :connection AND stock_ledger.push = stock_pushes.key)
    """
)

_UNDER = text(
    """
    UPDATE stock_ledger SET push = :key, pushing = row.units
      FROM unnest(CAST(:items AS text[]), CAST(:locations AS text[]), CAST(:units AS int[]))
           AS row (item, location, units)
     WHERE connection = :connection AND inventory_item = row.item AND stock_ledger.location = row.location
       AND push = :look
    """
)


async def tried(tx: Tx, connection: ConnectionId, key: str, look: str, rows: Sequence[AdjustAvailable]) -> None:
    """
    Write down that this call is about to be tried, and at each of its levels that it is.

    `look` is what the levels were kept under by the look that tries. Raises LedgerMoved where one of them is not any
    more: an addition compares with nothing, so a look that lost its lease must not send it.
    """
    said = [[row.item, row.location, row.units] for row in rows]
    await tx.execute(_DONE_WITH, {"connection": connection})
    await tx.execute(insert(stock_pushes).values(connection=connection, key=key, rows=said).on_conflict_do_nothing())
    under = await tx.execute(
        _UNDER,
        {
            "connection": connection,
            "key": key,
            "look": look,
            "items": [row.item for row in rows],
            "locations": [row.location for row in rows],
            "units": [row.units for row in rows],
        },
    )
    if under.rowcount != len(rows):
        raise LedgerMoved


async def unended(tx: Tx, connection: ConnectionId, items: Sequence[InventoryItemId]) -> Sequence[Unended]:
    """Return the calls that name a level of these items and whose end is not known, oldest first."""
    named = select(stock_ledger.c.push).where(
        stock_ledger.c.connection == connection, among(stock_ledger.c.inventory_item, items)
    )
    rows = await tx.execute(
        select(stock_pushes)
        .where(stock_pushes.c.connection == connection, stock_pushes.c.key.in_(named))
        .order_by(stock_pushes.c.tried_at)
    )
    return [
        Unended(
            row.key,
            [
                AdjustAvailable(InventoryItemId(item), LocationId(place), Units(units))
                for item, place, units in row.rows
            ],
            row.tried_at,
        )
        for row in rows
    ]


_ENDED = text(
    """
    UPDATE stock_ledger
       SET push = NULL, pushing = NULL, version = version + 1,
           believed = believed + CASE WHEN :done THEN pushing ELSE 0 END,
           supplied = supplied + CASE WHEN :done THEN pushing ELSE 0 END
     WHERE connection = :connection AND push = :key
    """
)


async def ended(tx: Tx, connection: ConnectionId, key: str, *, done: bool) -> None:
    """Write down how a call ended that was tried in an earlier look: its units were added, or nothing was."""
    await tx.execute(_ENDED, {"connection": connection, "key": key, "done": done})
    await _forget(tx, connection, key, push=None)


async def refused(tx: Tx, connection: ConnectionId, key: str, look: str) -> None:
    """Write down, in the look that tried a call, that Shopify added nothing; the look may try again without some."""
    await _forget(tx, connection, key, push=look, pushing=None)


async def gave_up(tx: Tx, connection: ConnectionId, key: str) -> None:
    """Write down that nobody will ever know how a call ended; its levels are set anew once they were read."""
    version = stock_ledger.c.version + 1
    await _forget(tx, connection, key, push=None, pushing=None, supplied=None, trust=Trust.LOST.value, version=version)


async def _forget(tx: Tx, connection: ConnectionId, key: str, **levels: object) -> None:
    await tx.execute(
        update(stock_ledger).where(stock_ledger.c.connection == connection, stock_ledger.c.push == key).values(**levels)
    )
    await tx.execute(delete(stock_pushes).where(stock_pushes.c.connection == connection, stock_pushes.c.key == key))
