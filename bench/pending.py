"""
Pending: keys per second from mark to settled, beside plain transactions that insert and delete one row each.

Two processes over one embedded PostgreSQL with fsync on, taking turns with the baseline. Then, on an idle system, how
long it takes from the commit of a mark until the flow is called with it.
"""

import argparse
import asyncio
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path

import psycopg
from rich.console import Console
from rich.table import Table

from crossdock.app.jobs import Work
from crossdock.app.worker import run_worker
from crossdock.model.connection import Connection, Rules
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.pending.drain import drain
from crossdock.pending.mark import mark
from crossdock.pending.work import Claim, Handler, Look
from crossdock.store.database import Database, open_database
from crossdock.store.embedded import embedded_postgres
from crossdock.store.migrate import migrate

BENCH = ConnectionId("bench")
PROCESSES = 2
KEYS_PER_MARK = 50
TARGET_PER_SECOND = 1_000
TARGET_P50_MS = 100.0


async def no_op(claims: Sequence[Claim]) -> Sequence[Look]:
    return [Look(claim) for claim in claims]


def plain_transactions(url: str, keys: Sequence[str]) -> None:
    """Insert a row and delete it again, each in a transaction of its own, as a naive queue would."""
    with psycopg.connect(url, autocommit=True) as connection:
        for key in keys:
            connection.execute("INSERT INTO naive (key) VALUES (%s)", [key])
            connection.execute("DELETE FROM naive WHERE key = %s", [key])


def marks_and_drains(url: str, keys: Sequence[str]) -> None:
    """Mark the keys in transactions of 50, then drain until nothing is due, as every other process does meanwhile."""

    async def run() -> None:
        database = open_database(url)
        for start in range(0, len(keys), KEYS_PER_MARK):
            async with database.begin() as tx:
                await mark(tx, BENCH, Flow.ORDERS, keys[start : start + KEYS_PER_MARK], "the bench")
        await drain(database, no_op, BENCH, Flow.ORDERS, "bench")
        await database.close()

    asyncio.run(run())


def timed(pool: ProcessPoolExecutor, work: Callable[[Sequence[str]], None], keys: Sequence[str]) -> float:
    """Share the keys out among the processes; return the seconds until all are through."""
    shares = [keys[number::PROCESSES] for number in range(PROCESSES)]
    began = time.perf_counter()
    list(pool.map(work, shares))
    return time.perf_counter() - began


def left(url: str) -> int:
    """Return how many rows are still in news or pending."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT (SELECT count(*) FROM news) + (SELECT count(*) FROM pending)").fetchone()
        assert row is not None
        return int(row[0])


async def delays(url: str, count: int) -> list[float]:
    """Return how long after the commit of each of `count` marks, one at a time, a running worker called the flow."""
    called: asyncio.Queue[float] = asyncio.Queue()
    stop = asyncio.Event()

    async def flow(claims: Sequence[Claim]) -> Sequence[Look]:
        called.put_nowait(time.perf_counter())
        return [Look(claim) for claim in claims]

    database = open_database(url)
    worker = asyncio.create_task(run_worker(_work(database, flow), stop))
    seconds = []
    for number in range(count + 1):
        async with database.begin() as tx:
            await mark(tx, BENCH, Flow.ORDERS, [str(number)], "the bench")
        committed = time.perf_counter()
        seconds.append(await called.get() - committed)
    stop.set()
    await worker
    await database.close()
    return seconds[1:]  # the first one waited for the worker to start


def _work(database: Database, flow: Handler) -> Work:
    async def connections() -> Sequence[Connection]:
        return [Connection(BENCH, ShopDomain("bench.myshopify.com"), "none", frozenset({Flow.ORDERS}), Rules(), {})]

    async def handler_for(_connection: ConnectionId, _flow: Flow) -> Handler:
        return flow

    async def pause(_connection: ConnectionId, said: str) -> None:
        raise AssertionError(said)

    async def nothing(*_arguments: object) -> None:
        pass

    return Work(
        database=database,
        connections=connections,
        handler_for=handler_for,
        pause=pause,
        sweep_storefront=nothing,
        sweep_backend=nothing,
        sweep_levels=nothing,
        alert=nothing,
        watch_subscriptions=nothing,
        reconcile=nothing,
        look_back=nothing,
        backend_every=timedelta(minutes=1),
    )


def measure(keys: int, rounds: int, marks: int) -> Iterable[tuple[str, str, str]]:
    """Yield what was measured, the figure and the target."""
    with tempfile.TemporaryDirectory() as folder, embedded_postgres(Path(folder), lambda _: None) as url:
        migrate(url)
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE naive (key text PRIMARY KEY)")
            settings = [connection.execute(f"SHOW {name}").fetchone() for name in ("fsync", "synchronous_commit")]
        yield "fsync / synchronous_commit", " / ".join(str(value[0]) for value in settings if value), "on / on"
        naive = ours = 0.0
        with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
            # Starts both processes and their connections, and warms the caches.
            timed(pool, partial(marks_and_drains, url), [f"warm {number}" for number in range(1_000)])
            few = [str(number) for number in range(keys // 10)]
            for turn in range(rounds):
                naive += timed(pool, partial(plain_transactions, url), few)
                ours += timed(pool, partial(marks_and_drains, url), [f"{turn} {number}" for number in range(keys)])
        naive_rate, rate = rounds * len(few) / naive, rounds * keys / ours
        waits = asyncio.run(delays(url, marks))
        unsettled = left(url)
    centiles = statistics.quantiles(waits, n=100)
    yield f"plain INSERT and DELETE, {PROCESSES} processes", f"{naive_rate:,.0f} keys/s", ""
    yield f"mark, fold, claim, no-op, settle, {PROCESSES} processes", f"{rate:,.0f} keys/s", f">= {TARGET_PER_SECOND:,}"
    yield "times the plain ones", f"{rate / naive_rate:.1f}", ""
    yield "idle: mark to flow, p50", f"{centiles[49] * 1000:.1f} ms", f"< {TARGET_P50_MS:.0f} ms"
    yield "idle: mark to flow, p99", f"{centiles[98] * 1000:.1f} ms", ""
    yield "rows left", str(unsettled), "0"


def main() -> list[tuple[str, str, str]]:
    """Measure, print a table and return its rows: what, figure, target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=10_000, help="per round")
    parser.add_argument("--rounds", type=int, default=3, help="how often the two take turns")
    parser.add_argument("--marks", type=int, default=300, help="for the delay on an idle system")
    options = parser.parse_args()
    rows = list(measure(options.keys, options.rounds, options.marks))
    table = Table("what", "figure", "target", title="Pending")
    for row in rows:
        table.add_row(*row)
    Console().print(table)
    return rows


if __name__ == "__main__":
    main()
