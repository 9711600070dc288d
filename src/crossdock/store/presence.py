"""
Which workers are there, so that what one of them had claimed when it was killed need not wait for its lease to end.

A worker holds an advisory lock in a database session of its own for as long as it lives. When the kernel closes the
socket of a killed process, PostgreSQL ends the session and the lock is gone. Where it learns of that late (a machine
lost its power), the lease ends first, and nothing is worse than it was.
"""

import asyncio
import logging
import time
from asyncio import Event
from collections.abc import AsyncIterator
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Final

import psycopg
from sqlalchemy import text

from crossdock.store.database import Tx
from crossdock.store.news import CHANNEL

_log = logging.getLogger(__name__)

# Any number that nobody else uses will do.
_KEYS: Final = 0x0C05_D0C6

GRACE: Final = timedelta(seconds=10)
"""How long a worker must be gone before its claims are free: one whose session broke is back far sooner."""

LOOK_EVERY: Final = timedelta(seconds=1)

# Shared: two names of one hash pass for one worker, and the dead one's leases end by time.
_BE_HERE: Final = "SELECT pg_advisory_lock_shared(%s, hashtext(%s))"

_PRESENT: Final = """
    SELECT DISTINCT CAST(objid AS bigint) FROM pg_locks
     WHERE locktype = 'advisory' AND objsubid = 2 AND CAST(classid AS bigint) = %s
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""

# The claims of whoever is not present are as if their leases had ended.
_FREE: Final = """
    WITH freed AS (
        UPDATE pending SET claimed_until = hub_now(), due_at = hub_now()
         WHERE claimed_until > hub_now()
           AND NOT (hashtext(claimed_by) + 4294967296) %% 4294967296 = ANY(CAST(%s AS bigint[]))
        RETURNING connection, flow, claimed_by
    ), told AS (
        SELECT pg_notify(%s, connection || ' ' || flow) FROM (SELECT DISTINCT connection, flow FROM freed) AS lanes
    )
    SELECT claimed_by, count(*) FROM freed, (SELECT count(*) FROM told) AS telling GROUP BY claimed_by
"""


async def workers(tx: Tx) -> int:
    """Return how many workers are there now; a killed one counts until its session has ended, some milliseconds."""
    return len((await tx.execute(text(_PRESENT.replace("%s", ":keys")), {"keys": _KEYS})).all())


@asynccontextmanager
async def present(
    url: str, name: str, *, grace: timedelta = GRACE, look_every: timedelta = LOOK_EVERY
) -> AsyncIterator[Event]:
    """
    Be present under this name for the length of the block, and free the claims of those who are gone.

    The event is set once the others know: claim nothing before. Where the session breaks, it is opened again.
    """
    here = Event()

    async def stay() -> None:
        while True:
            with suppress(psycopg.Error):
                await _be_present(url, name, here, grace, look_every)
            await asyncio.sleep(look_every.total_seconds())

    staying = asyncio.create_task(stay(), name=f"presence of {name}")
    try:
        yield here
    finally:
        staying.cancel()
        with suppress(asyncio.CancelledError):
            await staying


async def _be_present(url: str, name: str, here: Event, grace: timedelta, look_every: timedelta) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as session:
        await session.execute(_BE_HERE, [_KEYS, name])
        here.set()
        # Who was there before us, or did not come back after a break as we did, is not known: look at all, once.
        missed_at: float | None = time.monotonic()
        before: AbstractSet[int] = frozenset()
        while True:
            cursor = await session.execute(_PRESENT, [_KEYS])
            there = frozenset(int(row[0]) for row in await cursor.fetchall())
            if not before <= there:
                missed_at = time.monotonic()
            before = there
            if missed_at is not None and time.monotonic() - missed_at >= grace.total_seconds():
                missed_at = None
                cursor = await session.execute(_FREE, [list(there), CHANNEL])
                for worker, claims in await cursor.fetchall():
                    _log.warning(
                        "worker %s is gone; others take over %d objects that it was looking at", worker, claims
                    )
            await asyncio.sleep(look_every.total_seconds())
