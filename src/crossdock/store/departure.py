"""The end of a store: every row of it and of its connections goes."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Table, delete, literal_column, select

from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.model.outage import backend_party, store_party
from crossdock.store import connections
from crossdock.store.arrays import among
from crossdock.store.database import Database
from crossdock.store.schema import connections as tied
from crossdock.store.schema import metadata, outages, privacy_requests, stores

BATCH = 5_000
"""Rows a transaction: large enough to get on, small enough that nobody waits for it."""


async def forget_store(database: Database, domain: ShopDomain) -> None:
    """
    Delete all rows of a store, in small batches, itself last; repeated, it goes on with what was begun.

    What belongs to a store says so in a column `store`, `connection` or `domain`. The privacy requests stay: they say
    what was asked for and done.
    """
    async with database.begin() as tx:
        ids = [one.id for one in await connections.of_store(tx, domain)]
    for table in reversed(metadata.sorted_tables):
        where = _of(table, domain, ids)
        if where is not None and table is not tied:
            await _delete(database, table, where)
    # Last, so that whoever goes on with it still knows whose the rest is.
    await _delete(database, tied, tied.c.store == domain)
    await _delete(database, stores, stores.c.domain == domain)


def _of(table: Table, domain: ShopDomain, ids: Sequence[ConnectionId]) -> ColumnElement[bool] | None:
    """Return which rows of a table are the store's, None where none can be."""
    if table is privacy_requests:
        return None
    if table is outages:
        return among(table.c.party, [store_party(domain), *(backend_party(one) for one in ids)])
    if "store" in table.c:
        return table.c.store == domain
    if "connection" in table.c:
        return among(table.c.connection, ids)
    return None


async def _delete(database: Database, table: Table, where: ColumnElement[bool]) -> None:
    place: ColumnElement[str] = literal_column("ctid")
    some = select(place).select_from(table).where(where).limit(BATCH)
    while True:
        async with database.begin() as tx:
            gone = await tx.execute(delete(table).where(place.in_(some)))
        if gone.rowcount < BATCH:
            return
