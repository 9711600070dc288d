"""
Table `stock_ledger`: what is believed of each level, and how it was last decided. Its rows are written by looks alone.

A look that lost its lease may still try to write: each row carries a version, and one that moved on is left alone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, delete, func, select, text, update

from crossdock.kit.errors import TryAgain
from crossdock.model.ledger import Account, Decided, Ledger, Trust
from crossdock.model.names import ConnectionId, InventoryItemId, LocationId, Units
from crossdock.model.stock import Level
from crossdock.store.arrays import among
from crossdock.store.database import Tx
from crossdock.store.schema import stock_ledger
from crossdock.store.stock_history import NOTE_HISTORY


class LedgerMoved(TryAgain):
    """Another look at the same item came in between: this one had lost its lease."""

    def __init__(self) -> None:
        super().__init__("Another look at the same item came in between. It is looked at again.")


async def of_items(tx: Tx, connection: ConnectionId, items: Sequence[InventoryItemId]) -> Mapping[Level, Account]:
    """Return the account of every level of these items."""
    rows = await tx.execute(
        select(stock_ledger).where(stock_ledger.c.connection == connection, among(stock_ledger.c.inventory_item, items))
    )
    return {account.ledger.level: account for account in map(_account, rows)}


def _account(row: Row[Any]) -> Account:
    ledger = Ledger(
        item=InventoryItemId(row.inventory_item),
        location=LocationId(row.location),
        believed=Units(row.believed),
        committed=Units(row.committed),
        trust=Trust(row.trust),
        read_from=row.read_from,
        read_to=row.read_to,
        shipped=row.shipped,
        unproven=row.unproven,
        suspect=row.suspect,
        kept=row.kept,
        accepted=row.accepted,
        supplied=row.supplied,
        push=row.push,
        pushing=row.pushing,
        written_at=row.written_at,
        version=row.version,
    )
    decided = Decided(row.publish, row.backend_available, row.unseen, row.buffer, row.explained, row.sequence)
    return Account(ledger, decided)


# A row that is not there yet begins with version 1; one whose version is another than was loaded stays as it is.
_COLUMNS: Final = {
    "version": "bigint",
    "believed": "int",
    "committed": "int",
    "trust": "text",
    "read_from": "timestamptz",
    "read_to": "timestamptz",
    "shipped": "int",
    "unproven": "timestamptz",
    "suspect": "int",
    "kept": "int",
    "accepted": "bigint",
    "supplied": "int",
    "push": "text",
    "pushing": "int",
    "written_at": "timestamptz",
    "publish": "int",
    "backend_available": "int",
    "unseen": "int",
    "buffer": "int",
    "explained": "text",
    "sequence": "bigint",
}


def _keep_statement() -> str:
    names = ", ".join(_COLUMNS)
    arrays = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in _COLUMNS.items())
    renewed = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)
    return f"""
        WITH kept AS (
            INSERT INTO stock_ledger (connection, inventory_item, location, {names}, decided_at, zeroed_at)
            SELECT :connection, item, location, {names}, hub_now(), CASE WHEN zeroed THEN hub_now() END
              FROM unnest(CAST(:item AS text[]), CAST(:location AS text[]), {arrays}, CAST(:zeroed AS bool[]))
                   AS row (item, location, {names}, zeroed)
            ON CONFLICT (connection, inventory_item, location) DO UPDATE SET
                {renewed}, decided_at = excluded.decided_at,
                zeroed_at = coalesce(excluded.zeroed_at, stock_ledger.zeroed_at)
             WHERE stock_ledger.version = excluded.version - 1
            RETURNING *
        ), {NOTE_HISTORY}
        SELECT count(*) FROM kept
    """  # noqa: S608 - all of it is written above


# A row that is not there yet begins with version 1; one whose version is another than was loaded stays as it is.
_KEEP = text(_keep_statement())


async def keep(tx: Tx, connection: ConnectionId, accounts: Sequence[Account]) -> None:
    """Keep these levels, each one version on. Raises LedgerMoved where one is not at the version it was loaded at."""
    if not accounts:
        return
    ledgers = [one.ledger for one in accounts]
    decided = [one.decided for one in accounts]
    kept = await tx.execute(
        _KEEP,
        {
            "connection": connection,
            "item": [one.item for one in ledgers],
            "location": [one.location for one in ledgers],
            "version": [one.version + 1 for one in ledgers],
            "believed": [one.believed for one in ledgers],
            "committed": [one.committed for one in ledgers],
            "trust": [one.trust.value for one in ledgers],
            "read_from": [one.read_from for one in ledgers],
            "read_to": [one.read_to for one in ledgers],
            "shipped": [one.shipped for one in ledgers],
            "unproven": [one.unproven for one in ledgers],
            "suspect": [one.suspect for one in ledgers],
            "kept": [one.kept for one in ledgers],
            "accepted": [one.accepted for one in ledgers],
            "supplied": [one.supplied for one in ledgers],
            "push": [one.push for one in ledgers],
            "pushing": [one.pushing for one in ledgers],
            "written_at": [one.written_at for one in ledgers],
            "publish": [one.publish for one in decided],
            "backend_available": [one.backend for one in decided],
            "unseen": [one.unseen for one in decided],
            "buffer": [one.buffer for one in decided],
            "explained": [one.explained for one in decided],
            "sequence": [one.sequence for one in decided],
            "zeroed": [one.zeroed for one in accounts],
        },
    )
    if kept.scalar_one() != len(accounts):
        raise LedgerMoved


async def untouched(tx: Tx, connection: ConnectionId, pushes: Mapping[Level, str | None]) -> None:
    """
    Raise LedgerMoved where one of these levels is under another push than it was when it was loaded.

    The rows stay locked until `tx` ends. A level that is not kept yet is under none.
    """
    rows = await tx.execute(
        select(stock_ledger.c.inventory_item, stock_ledger.c.location, stock_ledger.c.push)
        .where(
            stock_ledger.c.connection == connection,
            among(stock_ledger.c.inventory_item, {item for item, _ in pushes}),
        )
        .order_by(stock_ledger.c.inventory_item, stock_ledger.c.location)
        .with_for_update()
    )
    for row in rows:
        level = InventoryItemId(row.inventory_item), LocationId(row.location)
        if level in pushes and row.push != pushes[level]:
            raise LedgerMoved


async def drop(tx: Tx, connection: ConnectionId, item: InventoryItemId, locations: Sequence[LocationId]) -> None:
    """Forget the levels of an item at locations where Shopify no longer stocks it."""
    if locations:
        await tx.execute(
            delete(stock_ledger).where(
                stock_ledger.c.connection == connection,
                stock_ledger.c.inventory_item == item,
                among(stock_ledger.c.location, locations),
            )
        )


async def doubt(tx: Tx, connection: ConnectionId, items: Sequence[InventoryItemId]) -> None:
    """
    Have the levels of these items read before anything is decided about them again.

    A look that is at one of them now does not keep what it decided: it raises LedgerMoved, and looks again.
    """
    await tx.execute(
        update(stock_ledger)
        .where(stock_ledger.c.connection == connection, among(stock_ledger.c.inventory_item, items))
        .values(trust=Trust.DOUBTED.value, version=stock_ledger.c.version + 1)
    )


async def zeroed_since(tx: Tx, connection: ConnectionId, within: timedelta) -> tuple[int, int]:
    """Return how many levels writes of ours took to zero of late, and how many levels are offered at all."""
    row = (
        await tx.execute(
            select(
                func.count().filter(stock_ledger.c.zeroed_at > func.hub_now() - within).label("zeroed"),
                func.count().filter(stock_ledger.c.believed > 0).label("offered"),
            ).where(stock_ledger.c.connection == connection)
        )
    ).one()
    return row.zeroed, row.offered


async def longest_unread(tx: Tx, connection: ConnectionId, before: datetime, limit: int) -> Sequence[InventoryItemId]:
    """Return the items of which a level was last read before then, the longest unread first."""
    rows = await tx.execute(
        select(stock_ledger.c.inventory_item)
        .where(stock_ledger.c.connection == connection, stock_ledger.c.read_to < before)
        .group_by(stock_ledger.c.inventory_item)
        .order_by(func.min(stock_ledger.c.read_to))
        .limit(limit)
    )
    return [InventoryItemId(row.inventory_item) for row in rows]
