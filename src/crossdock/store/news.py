"""
News: which objects need a look, appended and never updated, until a drain folds them into `pending`.

Appending waits for nobody, whatever is being looked at meanwhile. (An upsert into `pending` from a business
transaction was measured too: on a hot key it stalled all completions and dead-locked.)
"""

from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta
from typing import Final

import psycopg
from sqlalchemy import text

from crossdock.kit import telemetry
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.store.database import Tx

CHANNEL: Final = "crossdock_news"

_OF_NEEDS: Final = "needs"
"""Stands in `news.flow` where the key is what held objects may need, not an object to look at."""

AT_ONCE: Final = timedelta(0)


async def append(
    tx: Tx, connection: ConnectionId, flow: Flow, keys: Sequence[str], reason: str, due_in: timedelta = AT_ONCE
) -> None:
    """Say that these objects of a flow need a look; the drains hear of it when `tx` commits."""
    await _append(tx, connection, flow, keys, reason, due_in)


async def append_needs(tx: Tx, connection: ConnectionId, needs: Sequence[str], reason: str) -> None:
    """Say that something happened to what held objects may need; `spread` finds out which objects that are."""
    await _append(tx, connection, _OF_NEEDS, needs, reason, AT_ONCE)


async def wake(tx: Tx, connection: ConnectionId) -> None:
    """Have the drains of a connection look at what is due, all of it learned before."""
    await tx.execute(_WAKE, {"channel": CHANNEL, "connection": connection, "any": _OF_NEEDS})


_WAKE = text("SELECT pg_notify(:channel, :connection || ' ' || :any)")

# One row per key, and one word on the channel, which PostgreSQL passes on at commit.
_APPEND = text(
    """
    WITH learned AS (
        INSERT INTO news (connection, flow, key, reason, due_at, trace)
        SELECT :connection, :flow, key, :reason, hub_now() + :due_in, :trace
          FROM unnest(CAST(:keys AS text[])) AS key
    )
    SELECT pg_notify(:channel, :connection || ' ' || :flow)
    """
)


async def _append(
    tx: Tx, connection: ConnectionId, flow: str, keys: Sequence[str], reason: str, due_in: timedelta
) -> None:
    if not keys:
        return
    await tx.execute(
        _APPEND,
        {
            "connection": connection,
            "flow": flow,
            "keys": list(keys),
            "reason": reason,
            "due_in": due_in,
            "trace": telemetry.cause(),
            "channel": CHANNEL,
        },
    )


# Turn news of a need into news of each object that it concerns: those held for want of it, and those that are being
# looked at right now, whose look may have begun before the news and end in a hold after it. Both come from one
# snapshot, taken after the news was committed: a look claimed later than that begins later too, and knows it.
_SPREAD = text(
    """
    WITH learned AS (
        DELETE FROM news
         WHERE id IN (SELECT id FROM news
                       WHERE connection = :connection AND flow = :of_needs
                       ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED)
        RETURNING key, reason
    ), concerned AS (
        SELECT flow, key FROM holds
         WHERE connection = :connection AND needs && (SELECT array_agg(key) FROM learned)
         UNION
        SELECT flow, key FROM pending
         WHERE connection = :connection AND claimed_by IS NOT NULL AND EXISTS (SELECT FROM learned)
    ), told AS (
        INSERT INTO news (connection, flow, key, reason)
        SELECT :connection, flow, key, (SELECT min(reason) FROM learned) FROM concerned
        RETURNING flow
    )
    SELECT pg_notify(:channel, :connection || ' ' || flow) FROM (SELECT DISTINCT flow FROM told) AS flows
    """
)


async def spread(tx: Tx, connection: ConnectionId, limit: int = 1000) -> None:
    """Find the objects that the news of needs concerns, and append news of each."""
    await tx.execute(_SPREAD, {"connection": connection, "of_needs": _OF_NEEDS, "limit": limit, "channel": CHANNEL})


async def listen(url: str) -> AsyncGenerator[tuple[ConnectionId, Flow | None] | None]:
    """
    Yield which connection and flow there is news of, as it commits; None for the flow means any of them.

    The first thing yielded is None: from here on nothing is missed, so look now at what came before. Raises what
    psycopg raises where the connection is lost.
    """
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as listening:
        await listening.execute(f"LISTEN {CHANNEL}")
        yield None
        async for notification in listening.notifies():
            connection, _, flow = notification.payload.rpartition(" ")
            yield ConnectionId(connection), None if flow == _OF_NEEDS else Flow(flow)
