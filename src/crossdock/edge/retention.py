"""Lets go of what is older than it is to be kept: in the hub's own tables, and of people at the backends."""

from datetime import timedelta

import structlog

from crossdock.edge.privacy.erase import BATCH, BackendOf, Left, forget_at_backend
from crossdock.model.connection import Connection
from crossdock.model.names import RequestKey
from crossdock.model.retention import Kind
from crossdock.store import connections, overrides, requests, retention
from crossdock.store.database import Database

_log = structlog.get_logger()


async def retain(database: Database, backend_of: BackendOf) -> None:
    """
    Throw away what is too old, and have the backends forget the people behind orders that were closed long ago.

    A backend that cannot forget people keeps them by its own rules; one that does not answer is asked next time.
    """
    await retention.throw_away(database)
    async with database.begin() as tx:
        kept_for = timedelta(days=(await retention.days(tx))[Kind.PEOPLE])
        tied = await connections.listed(tx)
    for connection in tied:
        left = Left()
        await _forget_closed(database, connection, kept_for, backend_of, left)
        async with database.begin() as tx:
            await overrides.forget_closed(tx, connection.id, kept_for)
        for sentence in left.silent:
            _log.warning("people of closed orders are forgotten later", connection=connection.id, why=sentence)


async def _forget_closed(
    database: Database, connection: Connection, kept_for: timedelta, backend_of: BackendOf, left: Left
) -> None:
    after: RequestKey | None = None
    while not left.silent:
        async with database.begin() as tx:
            asked = await requests.with_people(tx, connection.id, after, BATCH, closed_for=kept_for)
        if not asked:
            return
        await forget_at_backend(database, connection, asked, backend_of, left)
        after = asked[-1].key
