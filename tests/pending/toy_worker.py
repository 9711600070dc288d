"""
A worker process of the random-signal test: drains a toy flow that sleeps, fails, waits, holds and raises at random.

Usage: python toy_worker.py URL NAME SEED BUG. It works until it is killed. BUG is `none`, or the name of a guard that
this process leaves out, to show that the test would notice.
"""

import asyncio
import random
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import text

from crossdock.kit.errors import TryAgain
from crossdock.model.cause import Cause, Hold
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.model.plan import Wait
from crossdock.pending.drain import drain
from crossdock.pending.work import Claim, Failed, Look, Rest
from crossdock.store import pending
from crossdock.store.database import Database, Tx, open_database

STORM: Final = ConnectionId("storm")
LEASE: Final = timedelta(seconds=1)
_HANDLER_TIME: Final = timedelta(milliseconds=400)
_POLL: Final = 0.02


class StormyFlow:
    """Reads each object's value, dawdles, then records what it saw and between which moments."""

    def __init__(self, database: Database, worker: str, chances: random.Random) -> None:
        self._database = database
        self._worker = worker
        self._chances = chances

    async def __call__(self, claims: Sequence[Claim]) -> Sequence[Look]:
        async with self._database.begin() as tx:
            rows = await tx.execute(
                text("SELECT key, value, clock_timestamp() AS began FROM truth WHERE key = ANY(:keys)"),
                {"keys": [claim.key for claim in claims]},
            )
            seen = {row.key: row for row in rows}
        await self._dawdle()
        return [self._look(claim, seen[claim.key].value, seen[claim.key].began) for claim in claims]

    async def _dawdle(self) -> None:
        match self._chances.random():
            case chance if chance < 0.02:
                raise KeyError("a mistake in the flow")
            case chance if chance < 0.04:
                raise TryAgain("The toy backend does not answer.")
            case chance if chance < 0.05:
                await asyncio.sleep(2 * _HANDLER_TIME.total_seconds())
            case chance if chance < 0.25:
                await asyncio.sleep(self._chances.uniform(0, 0.1))
            case _:
                # Only such a look can outlive its lease: stopped for long, it ends before its time-out can fire.
                time.sleep(self._chances.uniform(0, 0.1))  # noqa: ASYNC251 - computing blocks the loop

    def _look(self, claim: Claim, value: int, began: object) -> Look:
        spoils = self._chances.random() < 0.02

        async def write(tx: Tx) -> None:
            await tx.execute(
                text(
                    "INSERT INTO looks (key, seen, began, ended, worker) "
                    "VALUES (:key, :seen, :began, clock_timestamp(), :worker)"
                ),
                {"key": claim.key, "seen": value, "began": began, "worker": self._worker},
            )
            if spoils:
                await tx.execute(text("SELECT 1 / 0"))

        rest = self._rest()
        return Look(claim, rest) if isinstance(rest, Failed) else Look(claim, rest, write)

    def _rest(self) -> Rest:
        match self._chances.random():
            case chance if chance < 0.05:
                return Failed("The toy backend was busy.")
            case chance if chance < 0.10:
                return Wait(timedelta(milliseconds=50), "something is under way")
            case chance if chance < 0.20:
                return Hold(Cause.FIELD_MISSING, "A toy field is empty.")
            case _:
                return None


def leave_out(guard: str) -> None:
    """Take one guard out of this process."""

    async def all_are_ours(
        _tx: Tx, _connection: ConnectionId, _flow: Flow, tokens: Mapping[str, int]
    ) -> Collection[str]:
        return set(tokens)

    match guard:
        case "generation":
            statement = str(pending._REMOVE).replace("generation = claimed_generation", "true")
            pending._REMOVE = text(statement)
        case "fence":
            pending.still_ours = all_are_ours  # type: ignore[assignment] # planted on purpose
        case "none":
            pass
        case _:
            raise ValueError(guard)


async def work(url: str, name: str, seed: int) -> None:
    """Drain until killed."""
    chances = random.Random(seed)
    database = open_database(url, pool_size=3)
    flow = StormyFlow(database, name, chances)
    print("ready", flush=True)  # noqa: T201 - for who started this process
    while True:
        await drain(
            database,
            flow,
            STORM,
            Flow.ORDERS,
            name,
            batch=10,
            lease=LEASE,
            handler_time=_HANDLER_TIME,
            chance=lambda: chances.random() / 50,
        )
        await asyncio.sleep(_POLL)


if __name__ == "__main__":
    leave_out(sys.argv[4])
    asyncio.run(work(sys.argv[1], sys.argv[2], int(sys.argv[3])))
