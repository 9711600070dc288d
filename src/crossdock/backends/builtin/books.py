"""
The warehouse's books: one writer at a time, and stock that is always the sum of its ledger.

Every write takes one lock first and keeps it until its commit. So numbers are given in the order of commit, and a
reader who asks for what is newer than the newest number it saw misses nothing. Rules are also decided on figures
that nobody else can change meanwhile.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.exc import OperationalError

from crossdock.backends.builtin.stock import Movement, Stock
from crossdock.kit.errors import TryAgain
from crossdock.model.names import ItemCode, WarehouseCode
from crossdock.store.database import Database, Tx

_LOCK = 0x0C05_57_0C
"""Any number that nobody else uses in this database; the hub's own is in `store.migrate`."""

_LOCK_NOT_AVAILABLE = "55P03"

# set_config stands first, so that the wait for the lock is bounded already.
_TAKE_THE_BOOKS = text("SELECT set_config('lock_timeout', '20s', true), pg_advisory_xact_lock(:lock)")

# Each movement into the ledger, and their sums into stock. Not INSERT ... ON CONFLICT: it would check the
# constraints on the difference itself, and `on_hand -1` breaks them.
_POST = text("""
    WITH written AS (
        INSERT INTO builtin_warehouse.ledger
            (item, warehouse, reason, on_hand, reserved, picked, packed, reference, note)
        SELECT item, warehouse, reason, on_hand, reserved, picked, packed, reference, note
        FROM jsonb_to_recordset(CAST(:movements AS jsonb)) AS movement (
            item text, warehouse text, reason text,
            on_hand int, reserved int, picked int, packed int, reference text, note text
        )
        RETURNING *
    ), moved AS (
        SELECT item, warehouse, max(sequence) AS changed,
            sum(on_hand) AS on_hand, sum(reserved) AS reserved, sum(picked) AS picked, sum(packed) AS packed
        FROM written GROUP BY item, warehouse
    )
    MERGE INTO builtin_warehouse.stock USING moved
    ON stock.item = moved.item AND stock.warehouse = moved.warehouse
    WHEN MATCHED THEN UPDATE SET
        on_hand = stock.on_hand + moved.on_hand, reserved = stock.reserved + moved.reserved,
        picked = stock.picked + moved.picked, packed = stock.packed + moved.packed, changed = moved.changed
    WHEN NOT MATCHED THEN INSERT (item, warehouse, on_hand, reserved, picked, packed, changed)
        VALUES (moved.item, moved.warehouse, moved.on_hand, moved.reserved, moved.picked, moved.packed, moved.changed)
""")

_STOCK_OF = text("""
    SELECT item, warehouse, on_hand, reserved, picked, packed
    FROM builtin_warehouse.stock WHERE item = ANY(:items) AND warehouse = ANY(:warehouses)
""")

UNKNOWN_ITEMS = """
    ARRAY(
        SELECT DISTINCT asked FROM unnest(CAST(:items AS text[])) AS asked
        WHERE NOT EXISTS (SELECT FROM builtin_warehouse.items WHERE code = asked) ORDER BY asked
    ) AS unknown_items
"""
UNKNOWN_WAREHOUSES = """
    ARRAY(
        SELECT DISTINCT asked FROM unnest(CAST(:warehouses AS text[])) AS asked
        WHERE NOT EXISTS (SELECT FROM builtin_warehouse.warehouses WHERE code = asked) ORDER BY asked
    ) AS unknown_warehouses
"""
"""Select-list entries: which of the names asked for nobody has heard of."""


class Books:
    """The way into the books: read at any time, write one at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # Writers of one process queue here, so that those who wait hold no connection: at 200 writers at once that
        # doubled the orders per second (2 cores, local socket).
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Tx]:
        """Open the books for a reader, who waits for nobody."""
        async with self._database.begin() as tx:
            yield tx

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Tx]:
        """Open the books for the one writer. Raises TryAgain where another process keeps them for 20 s."""
        async with self._turn, self._database.begin() as tx:
            try:
                await tx.execute(_TAKE_THE_BOOKS, {"lock": _LOCK})
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                    raise
                raise TryAgain(
                    "The built-in warehouse's books were kept open by another process for 20 seconds. Nothing was "
                    "changed; try again, and look for a stuck session in pg_stat_activity if it stays so."
                ) from error
            yield tx


async def post(tx: Tx, movements: Iterable[Movement]) -> None:
    """Write movements into the ledger and their sums into stock."""
    lines = [asdict(movement) for movement in movements]
    if lines:
        await tx.execute(_POST, {"movements": json.dumps(lines)})


async def stock_of(
    tx: Tx, items: Sequence[ItemCode], warehouses: Sequence[WarehouseCode]
) -> Mapping[tuple[ItemCode, WarehouseCode], Stock]:
    """Return the stock of every given item at every given warehouse; nothing held is a row of zeros."""
    rows = await tx.execute(_STOCK_OF, {"items": list(items), "warehouses": list(warehouses)})
    held = {(row.item, row.warehouse): stock_from(row) for row in rows}
    return {
        (item, warehouse): held.get((item, warehouse), Stock(item, warehouse))
        for item in items
        for warehouse in warehouses
    }


def stock_from(row: Row[Any]) -> Stock:
    """Return a row of the table `stock` as our own."""
    return Stock(ItemCode(row.item), WarehouseCode(row.warehouse), row.on_hand, row.reserved, row.picked, row.packed)
