"""Signals, kills and stalls at random over a flow that real processes drain; then what became of each object."""

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import Final

from sqlalchemy import text
from tests.pending.toy_worker import LEASE, STORM

from crossdock.model.flow import Flow
from crossdock.pending.mark import mark
from crossdock.store.database import Database

_WORKERS: Final = 3
_KEYS: Final = 20
_CALM_WITHIN: Final = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What a storm left behind.

    `stale` objects were last seen with a value that is not their last one. `overlaps` are pairs of looks at one object
    of which both wrote, the second begun before the first had ended. `left` rows are still in `news` or `pending`.
    """

    signals: int
    looks: int
    kills: int
    stalls: int
    stale: int
    overlaps: int
    left: int


@dataclass
class Storm:
    """
    `leave_out` names a guard that the workers do without; see `toy_worker`.

    Of the harm done to workers, the share `kills` is to kill them, the rest to stop them for longer than a lease.
    """

    database: Database
    seed: int
    leave_out: str = "none"
    kills: float = 0.5

    def __post_init__(self) -> None:
        self._chances = random.Random(self.seed)
        self._workers: list[Popen[bytes]] = []
        self._started = self._signals = self._kills = self._stalls = 0

    async def rage(self, seconds: float) -> Outcome:
        """Let it rage, wait until all is calm, and take stock of all that was since the first time."""
        await self._prepare()
        async with self._working():
            until = time.monotonic() + seconds
            await asyncio.gather(self._signal(until), self._harm(until))
            await self._calm()
        return await self._take_stock()

    async def _prepare(self) -> None:
        async with self.database.begin() as tx:
            await tx.execute(text("CREATE TABLE IF NOT EXISTS truth (key text PRIMARY KEY, value bigint NOT NULL)"))
            await tx.execute(
                text("INSERT INTO truth SELECT n, 0 FROM generate_series(1, :keys) AS n ON CONFLICT DO NOTHING"),
                {"keys": _KEYS},
            )
            await tx.execute(
                text(
                    "CREATE TABLE IF NOT EXISTS looks (id bigserial, key text, seen bigint, began timestamptz, "
                    "ended timestamptz, worker text)"
                )
            )

    @asynccontextmanager
    async def _working(self) -> AsyncIterator[None]:
        self._workers = [self._start() for _ in range(_WORKERS)]
        try:
            for worker in self._workers:
                assert worker.stdout is not None
                await asyncio.to_thread(worker.stdout.readline)
            yield
        finally:
            for worker in self._workers:
                _end(worker)

    def _start(self) -> Popen[bytes]:
        self._started += 1
        return Popen(
            [
                sys.executable,
                str(Path(__file__).parent / "toy_worker.py"),
                self.database.url,
                f"worker-{self._started}",
                str(self._chances.randrange(1 << 32)),
                self.leave_out,
            ],
            stdout=PIPE,
            stderr=DEVNULL if "STORM_LOG" not in os.environ else None,
        )

    async def _signal(self, until: float) -> None:
        while time.monotonic() < until:
            keys = [str(self._chances.randint(1, _KEYS)) for _ in range(self._chances.randint(1, 3))]
            async with self.database.begin() as tx:
                # In the order of keys, so that two such transactions could not wait for each other.
                await tx.execute(
                    text(
                        "UPDATE truth SET value = value + 1 WHERE key IN "
                        "(SELECT key FROM truth WHERE key = ANY(:keys) ORDER BY key FOR UPDATE)"
                    ),
                    {"keys": keys},
                )
                await mark(tx, STORM, Flow.ORDERS, keys, "a signal")
            self._signals += len(keys)
            await asyncio.sleep(self._chances.uniform(0, 0.01))

    async def _harm(self, until: float) -> None:
        while time.monotonic() < until:
            await asyncio.sleep(self._chances.uniform(0.1, 0.4))
            victim = self._chances.randrange(_WORKERS)
            if self._chances.random() < self.kills:
                _end(self._workers[victim])
                self._workers[victim] = self._start()
                self._kills += 1
            else:
                await self._stall(self._workers[victim])
                self._stalls += 1

    async def _stall(self, worker: Popen[bytes]) -> None:
        """Let a worker sleep past its leases; then it wakes, and thinks that nothing happened."""
        with suppress(ProcessLookupError):
            os.kill(worker.pid, signal.SIGSTOP)
            await asyncio.sleep(2 * LEASE.total_seconds())
            os.kill(worker.pid, signal.SIGCONT)

    async def _calm(self) -> None:
        until = time.monotonic() + _CALM_WITHIN
        while await self._left() and time.monotonic() < until:  # noqa: ASYNC110 - rows tell nobody when they go
            await asyncio.sleep(0.1)

    async def _left(self) -> int:
        return await self._number("SELECT (SELECT count(*) FROM news) + (SELECT count(*) FROM pending)")

    async def _take_stock(self) -> Outcome:
        return Outcome(
            signals=self._signals,
            looks=await self._number("SELECT count(*) FROM looks"),
            kills=self._kills,
            stalls=self._stalls,
            stale=await self._number(
                "SELECT count(*) FROM truth WHERE value > 0 AND value IS DISTINCT FROM "
                "(SELECT seen FROM looks WHERE looks.key = truth.key ORDER BY id DESC LIMIT 1)"
            ),
            overlaps=await self._number(
                "SELECT count(*) FROM looks AS one JOIN looks AS two "
                "ON one.key = two.key AND one.id < two.id AND two.began < one.ended"
            ),
            left=await self._left(),
        )

    async def _number(self, query: str) -> int:
        async with self.database.begin() as tx:
            return int(await tx.scalar(text(query)) or 0)


def _end(worker: Popen[bytes]) -> None:
    with worker:  # waits for it, and closes its pipe
        worker.kill()
