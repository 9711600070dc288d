"""
kill -9 for a minute: of `serve`, of a worker beside it, and of the embedded PostgreSQL under both, at random moments.

The test is the supervisor: it starts the processes again that it killed. The database is started again by the hub.
"""

import asyncio
import contextlib
import os
import random
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeAlias

import httpx
import pytest
from sqlalchemy import text
from tests.spine.town import HubProcess, Town, a_town, free_port, until_it_answers

from crossdock.app.demo.crew import work_off
from crossdock.app.demo.shop import DOMAIN
from crossdock.app.demo.story import prepare, until_agreed, until_for_sale
from crossdock.app.settings import settings_from
from crossdock.backends.builtin.floor import WarehouseFloor
from crossdock.kit.errors import TryAgain, UsageError
from crossdock.model.request import WorkState
from crossdock.store import presence
from crossdock.store.database import open_database

SECONDS = 60
LONGEST_PEACE_SECONDS = 3.0
COME_UP_FIRST = 0.7
FEW = 3
ORDERS_AT_ONCE = 2
SEED = 11

IsUp: TypeAlias = Callable[[], Awaitable[bool]]


@pytest.fixture
def data() -> Iterator[Path]:
    # A socket's path has at most 107 characters, so pytest's long folder names will not do.
    folder = Path(tempfile.mkdtemp(prefix="xd-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


class Life:
    """Customers buy and the warehouse ships, database or not, until the day is over."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._over = asyncio.Event()
        self.placed = 0

    async def go_on(self) -> None:
        """Buy and ship in turn."""
        while not self._over.is_set():
            self.placed += await self._town.cast.shop.buy(ORDERS_AT_ONCE, seed=self.placed)
            with contextlib.suppress(TryAgain):  # the warehouse's books are in the database that is being killed
                await work_off(self._town.cast.floor, SEED)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), 1)

    def end(self) -> None:
        """Let the day be over."""
        self._over.set()


async def finish_what_was_begun(floor: WarehouseFloor) -> None:
    """Let the warehouse's people take up again what they had in hand when their books went away."""
    for order in await floor.orders(limit=100_000):
        if order.state is not WorkState.SHIPPED:
            for act in (floor.release, floor.pick, floor.pack, floor.ship):
                with contextlib.suppress(UsageError):  # that far it had come before
                    await act(order.reference)


def kill_the_database(data: Path) -> bool:
    """Kill the postmaster; say whether there was one."""
    try:
        os.kill(int((data / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    except (OSError, IndexError):
        return False
    return True


def kill(process: HubProcess) -> bool:
    """Kill a process; say whether it was there."""
    if process.runs:
        process.kill()
        return True
    return False


async def a_minute_of_kills(serve: HubProcess, worker: HubProcess, data: Path, is_up: IsUp) -> Counter[str]:
    """
    Kill each in turn, in a random order, at random moments; return how often each was hit.

    Mostly once all had come up again, however slow the machine; now and then in the middle of that. For a minute, and
    until each was hit a few times.
    """
    chance, hit = random.Random(SEED), Counter[str]()
    victims = {
        "serve": lambda: kill(serve),
        "worker": lambda: kill(worker),
        "database": lambda: kill_the_database(data),
    }
    end = time.monotonic() + SECONDS
    while time.monotonic() < end or min(hit[name] for name in victims) < FEW:
        for name in chance.sample(sorted(victims), len(victims)):
            if chance.random() < COME_UP_FIRST:
                await until(is_up)
            await asyncio.sleep(chance.uniform(0, LONGEST_PEACE_SECONDS))
            hit[name] += victims[name]()
    return hit


async def until(seen: IsUp) -> None:
    """Wait until something is so; whatever cannot be asked yet is not."""
    async with asyncio.timeout(120):
        while True:
            with contextlib.suppress(TryAgain, httpx.HTTPError):
                if await seen():
                    return
            await asyncio.sleep(0.1)


async def all_is_up(url: str, public: str) -> bool:
    """Whether the database answers, the web process is ready, and both workers are there."""
    database = open_database(url)
    try:
        async with database.begin() as tx, httpx.AsyncClient(trust_env=False) as http:
            query = text(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND CAST(classid AS bigint) = :keys"
            )
            workers: int = (await tx.execute(query, {"keys": presence._KEYS})).scalar_one()
            return workers == 2 and (await http.get(f"{public}/readyz", timeout=5)).is_success
    finally:
        await database.close()


@asynccontextmanager
async def supervised(*processes: HubProcess) -> AsyncIterator[None]:
    """Start what has ended, as systemd or a container's host would."""

    async def watch() -> None:
        while True:
            for process in processes:
                if not process.runs:
                    process.start()
            await asyncio.sleep(0.2)

    watching = asyncio.create_task(watch())
    yield
    watching.cancel()


@pytest.mark.processes
@pytest.mark.timeout(600)
async def test_after_a_minute_of_kills_every_effect_is_there_once(data: Path) -> None:
    port = free_port()
    public = f"http://127.0.0.1:{port}"
    settings = settings_from(data=data, public_url=public, sweep_seconds=2, backend_seconds=1)
    serve = HubProcess(("serve", "--port", str(port)), settings, data / "serve.log")
    worker = HubProcess(("worker",), settings, data / "worker.log")
    url = f"postgresql://postgres@/crossdock?host={data / 'postgres'}"
    serve.start()
    until_it_answers(public)
    async with a_town(url, data, public) as town:
        connection = await prepare(town.cast, 2 * SECONDS, SEED)
        await town.hub.watch_subscriptions(DOMAIN)
        async with supervised(serve, worker):
            await until_for_sale(town.cast)
            life = Life(town)
            living = asyncio.create_task(life.go_on())

            hit = await a_minute_of_kills(serve, worker, data, partial(all_is_up, url, public))
            life.end()
            await living

            await until(partial(all_is_up, url, public))
            await finish_what_was_begun(town.cast.floor)
            last = await until_agreed(town.cast, connection, life.placed, SEED)
    codes = worker.stop(), serve.stop()

    assert last.differences == ()
    assert last.orders == life.placed > SECONDS / 2
    assert min(hit.values()) >= FEW
    assert codes == (0, 0)
    said = serve.log.read_text() + worker.log.read_text()
    assert "Traceback" not in said
    assert "mistake in Crossdock" not in said
