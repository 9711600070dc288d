"""
Turns: what only one process may be at, without a transaction that stays open while the outside is asked.

Whoever has a turn holds an advisory lock in a database session of its own. When its process dies, the session ends
and the next one has the turn.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import psycopg
from psycopg.errors import LockNotAvailable

from crossdock.kit.errors import TryAgain
from crossdock.store.complaints import unavailable

# Any number that nobody else uses will do.
_KEYS: Final = 0x0C05_D0C7

PATIENCE: Final = timedelta(minutes=1)
"""How long one waits for its turn: whoever holds it longer is stuck, and a person may be waiting."""

# Two names of one hash wait for each other, which costs no more than that.
_TAKE: Final = "SELECT set_config('lock_timeout', %s, true), pg_advisory_lock(%s, hashtext(%s))"


@asynccontextmanager
async def turn(url: str, what: str, *, patience: timedelta = PATIENCE) -> AsyncIterator[None]:
    """
    Be the only one at `what` for the length of the block, once all who came before are done or dead.

    Raises TryAgain where that takes longer than `patience`, DatabaseUnavailable where the database cannot serve now.
    """
    async with await _taken(url, what, patience):
        yield


async def _taken(url: str, what: str, patience: timedelta) -> psycopg.AsyncConnection:
    """Return a session that has the turn; closing it gives the turn on."""
    try:
        session = await psycopg.AsyncConnection.connect(url, autocommit=True)
        try:
            await session.execute(_TAKE, [f"{patience / timedelta(milliseconds=1):.0f}ms", _KEYS, what])
        except BaseException:
            await session.close()
            raise
    except LockNotAvailable as error:
        raise TryAgain(
            f"Another process was at {what} for {patience.total_seconds():g} seconds and still is. Try again later, "
            "and end that process if it is stuck."
        ) from error
    except psycopg.Error as error:
        raise unavailable(error) or error from error
    return session
