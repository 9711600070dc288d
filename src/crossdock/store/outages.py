"""
The owner of `outages`: a row for each system outside that answers nobody; and the breaker that goes by it.

Any number of processes share the row. Each looks at it once a second at most, so a call costs nothing more while all
is well, and all of them know of an outage, and of its end, within a second.
"""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final, TypeVar

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from crossdock.kit.errors import HubError, NoAnswer, NotNow
from crossdock.model.outage import Outage, Party, begun
from crossdock.store import watermarks
from crossdock.store.database import Database, Tx
from crossdock.store.schema import outages

_log = logging.getLogger(__name__)

T = TypeVar("T")

FRESH_SECONDS: Final = 1.0
"""For how long a process goes by what it last saw."""

PROBE_SECONDS: Final = 5.0
"""How long the smallest question may take; it has to fit into a look beside a call that took its whole time."""


async def listed(tx: Tx) -> Sequence[Outage]:
    """Return the outages there are now, the longest first."""
    return [_outage(row) for row in await tx.execute(select(outages).order_by(outages.c.since, outages.c.party))]


async def _find(tx: Tx, party: Party) -> tuple[Outage | None, datetime]:
    """Return the outage of a system, None where it answers, and the database's time."""
    now = await watermarks.now(tx)
    row = (await tx.execute(select(outages).where(outages.c.party == party).with_for_update())).one_or_none()
    return (None if row is None else _outage(row)), now


def _outage(row: Row[tuple[object, ...]]) -> Outage:
    return Outage(Party(row.party), row.since, row.tries, row.next_try_at, row.said)


class PostgresBreaker:
    """The breaker of one system; satisfies the `Breaker` port."""

    def __init__(self, database: Database, party: Party, *, fresh_seconds: float = FRESH_SECONDS) -> None:
        self._database = database
        self._party = party
        self._fresh_seconds = fresh_seconds
        self._fine_at = -math.inf
        """When it was last seen that there is no outage, by this process's clock."""
        self._answered_at = -math.inf
        """When the smallest question was last answered."""
        self._doubting = asyncio.Lock()

    async def call(self, ask: Callable[[], Awaitable[T]], probe: Callable[[], Awaitable[object]]) -> T:
        """Return what `ask` returns; raise NotNow while the system answers nobody."""
        await self._keep_away(probe)
        try:
            return await ask()
        except NoAnswer as error:
            # One doubt at a time: when all calls under way fail together, the first asks for all of them.
            async with self._doubting:
                outage = await self._doubt(str(error), probe)
            if outage is None:
                raise
            raise outage from error

    async def _keep_away(self, probe: Callable[[], Awaitable[object]]) -> None:
        """Raise NotNow where the system answers nobody; end the outage where it answers us."""
        if self._is_fresh(self._fine_at):
            return
        async with self._database.begin() as tx:
            outage, now = await _find(tx, self._party)
            ours = outage is not None and outage.is_worth_a_try(now)
            if outage is not None and ours:
                # Put off before it is asked: nobody else asks meanwhile, and nobody waits for us should we be killed.
                outage = outage.prolonged(now)
                values = {"tries": outage.tries, "next_try_at": outage.next_try_at}
                await tx.execute(update(outages).where(outages.c.party == self._party).values(values))
        if outage is not None:
            if not ours or not await self._answers(probe):
                raise _not_now(outage, now)
            async with self._database.begin() as tx:
                await tx.execute(delete(outages).where(outages.c.party == self._party))
            _log.warning("%s answers again. It had not since %s UTC.", self._party, f"{outage.since:%H:%M:%S}")
        self._fine_at = time.monotonic()

    async def _doubt(self, said: str, probe: Callable[[], Awaitable[object]]) -> NotNow | None:
        """Find out whether a call without an answer means an outage, and write that down; None where it does not."""
        if self._is_fresh(self._answered_at):
            return None
        async with self._database.begin() as tx:
            outage, now = await _find(tx, self._party)
        if outage is None:
            if await self._answers(probe):
                return None
            outage = begun(self._party, said, now)
            async with self._database.begin() as tx:
                await tx.execute(insert(outages).values(asdict(outage)).on_conflict_do_nothing())
            _log.warning("%s", outage.sentence)
        self._fine_at = -math.inf
        return _not_now(outage, now)

    async def _answers(self, probe: Callable[[], Awaitable[object]]) -> bool:
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                await probe()
        except (NoAnswer, TimeoutError):
            return False
        except HubError as refusal:
            _log.info("%s answers, if only this: %s", self._party, refusal)
        self._answered_at = time.monotonic()
        return True

    def _is_fresh(self, seen_at: float) -> bool:
        return time.monotonic() - seen_at < self._fresh_seconds


def _not_now(outage: Outage, now: datetime) -> NotNow:
    return NotNow(outage.sentence, max(outage.next_try_at - now, timedelta(0)))
