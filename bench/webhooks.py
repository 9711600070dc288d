"""
Durable acceptance of webhooks, beside the same server answering an HMAC check alone.

One uvicorn process each over an embedded PostgreSQL with fsync on; the load comes from this process, over 64
kept-alive connections, each sending its next delivery when the last one is answered. Then 200 deliveries a second at
an even pace, for the delay that Shopify would see. Then the web process is killed in the middle of a load.
"""

import argparse
import asyncio
import base64
import contextlib
import hmac
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from cryptography.fernet import Fernet
from rich.console import Console
from rich.table import Table

from bench.webhook_servers import SECRET, STORE
from crossdock.kit.sealing import Sealer
from crossdock.model.connection import Connection, Rules
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.store import connections, stores
from crossdock.store.database import open_database
from crossdock.store.embedded import embedded_postgres
from crossdock.store.migrate import migrate

CONNECTIONS = 64
BODY_BYTES = 6_000
PACE_PER_SECOND = 200
TARGET_RATIO = 0.5
TARGET_P99_MS = 50.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request, ready to be sent."""

    webhook_id: str
    raw: bytes


@dataclass(slots=True)
class Load:
    """What came of a load: accepted ids, delays in seconds, other statuses, and how long it all took."""

    accepted: list[str] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    others: int = 0
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.accepted) / self.seconds


def deliveries(count: int, prefix: str) -> list[Delivery]:
    """Make signed orders of some 6 KB, each with an id of its own."""
    chance = random.Random(7)  # noqa: S311 - the same load at every run
    made = []
    for number in range(count):
        order = {
            "id": 5_000_000_000 + number,
            "admin_graphql_api_id": f"gid://shopify/Order/{5_000_000_000 + number}",
            "name": f"#{number}",
            "line_items": [{"id": number * 100 + line, "sku": f"SKU-{line}", "price": "12.00"} for line in range(20)],
        }
        order["note"] = chance.randbytes((BODY_BYTES - len(json.dumps(order))) // 2).hex()
        body = json.dumps(order).encode()
        signature = base64.b64encode(hmac.digest(SECRET.encode(), body, "sha256")).decode()
        head = (
            f"POST /webhooks/shopify/{STORE} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"X-Shopify-Topic: orders/create\r\nX-Shopify-Hmac-Sha256: {signature}\r\n"
            f"X-Shopify-Shop-Domain: {STORE}\r\nX-Shopify-API-Version: 2026-07\r\n"
            f"X-Shopify-Webhook-Id: {prefix}-{number}\r\nX-Shopify-Event-Id: event-{number}\r\n"
            f"X-Shopify-Triggered-At: 2026-07-01T12:00:00Z\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        made.append(Delivery(f"{prefix}-{number}", head.encode() + body))
    return made


class Sender:
    """One kept-alive connection that speaks just enough HTTP to cost little beside the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def connect(cls, port: int) -> "Sender":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def send(self, delivery: Delivery, load: Load, due: float | None = None) -> None:
        """Send and count the answer; the delay counts from `due`, so that a stalled server cannot hide it."""
        began = time.perf_counter() if due is None else due
        self._writer.write(delivery.raw)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        await self._reader.readexactly(length)
        load.delays.append(time.perf_counter() - began)
        if head.startswith(b"HTTP/1.1 200"):
            load.accepted.append(delivery.webhook_id)
        else:
            load.others += 1

    def close(self) -> None:
        self._writer.close()


async def closed_loop(
    port: int, todo: Sequence[Delivery], load: Load, after_each: Callable[[], None] = lambda: None
) -> Load:
    """Send everything over all connections, each one waiting for its answers."""
    left = iter(todo)

    async def one(sender: Sender) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):  # the server may be killed meanwhile
            for delivery in left:
                await sender.send(delivery, load)
                after_each()
        sender.close()

    senders = [await Sender.connect(port) for _ in range(CONNECTIONS)]
    began = time.perf_counter()
    await asyncio.gather(*(one(sender) for sender in senders))
    load.seconds = time.perf_counter() - began
    return load


async def paced(port: int, todo: Sequence[Delivery], load: Load) -> Load:
    """Send one every 5 ms, whether the ones before are answered or not."""
    idle = [await Sender.connect(port) for _ in range(CONNECTIONS)]
    free: asyncio.Queue[Sender] = asyncio.Queue()
    for sender in idle:
        free.put_nowait(sender)

    async def one(delivery: Delivery, due: float) -> None:
        sender = await free.get()
        await sender.send(delivery, load, due)
        free.put_nowait(sender)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for number, delivery in enumerate(todo):
            due = began + number / PACE_PER_SECOND
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.create_task(one(delivery, due))
    load.seconds = time.perf_counter() - began
    for sender in idle:
        sender.close()
    return load


@contextlib.contextmanager
def server(factory: str, **environment: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run one of the two servers; yield its port and process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "--factory", f"bench.webhook_servers:{factory}", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--no-access-log", "--log-level", "warning"],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, **environment},
    )
    try:
        deadline = time.monotonic() + 30
        while socket.socket().connect_ex(("127.0.0.1", port)):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"The server {factory} did not start.")
            time.sleep(0.05)
        yield port, process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(10)


async def prepared(url: str, key: str) -> None:
    """Add one store with one connection that follows everything."""
    database, sealer = open_database(url), Sealer(key)
    store = ShopDomain(STORE)
    connection = Connection(ConnectionId("bench"), store, "builtin", frozenset(Flow), Rules(), {})
    async with database.begin() as tx:
        await stores.add(tx, store, stores.Credentials("token", (SECRET,)), sealer, api_version="2026-07")
        await connections.add(tx, connection, "{}", sealer)
    await database.close()


def kept(url: str) -> set[str]:
    """Return the webhook ids in the inbox."""
    with psycopg.connect(url) as connection:
        return {row[0] for row in connection.execute("SELECT webhook_id FROM inbox")}


def percentile(delays: Sequence[float], hundredth: int) -> float:
    """Return a percentile in milliseconds."""
    return statistics.quantiles(delays, n=100)[hundredth - 1] * 1000


def durable(url: str) -> str:
    """Return PostgreSQL's own word on fsync and synchronous_commit."""
    with psycopg.connect(url) as connection:
        values = [connection.execute(f"SHOW {name}").fetchone() for name in ("fsync", "synchronous_commit")]
    return "/".join(str(value[0]) for value in values if value)


def main() -> None:
    """Run the three loads and print what they gave."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deliveries", type=int, default=6000, help="how many in each closed loop")
    parser.add_argument("--rounds", type=int, default=3, help="how often the two servers take turns")
    parser.add_argument("--paced-seconds", type=int, default=15)
    options = parser.parse_args()
    key = Fernet.generate_key().decode()
    with tempfile.TemporaryDirectory() as folder, embedded_postgres(Path(folder), lambda _: None) as url:
        migrate(url)
        asyncio.run(prepared(url, key))
        durability = durable(url)
        alone, hub = Load(), Load()
        accepted: set[str] = set()
        for turn in range(options.rounds):
            todo = deliveries(options.deliveries, f"round{turn}")
            with server("check_alone") as (port, _):
                one = asyncio.run(closed_loop(port, todo, Load()))
                alone.accepted += one.accepted
                alone.seconds += one.seconds
            with server("hub", BENCH_URL=url, BENCH_KEY=key) as (port, _):
                one = asyncio.run(closed_loop(port, todo, Load()))
                hub.accepted += one.accepted
                hub.others += one.others
                hub.seconds += one.seconds
        accepted |= set(hub.accepted)
        all_there = kept(url) == accepted and not hub.others
        with server("hub", BENCH_URL=url, BENCH_KEY=key) as (port, process):
            pace = asyncio.run(paced(port, deliveries(PACE_PER_SECOND * options.paced_seconds, "paced"), Load()))
            accepted |= set(pace.accepted)
            doomed = Load()
            todo = deliveries(options.deliveries, "doomed")
            asyncio.run(killed_midway(port, process, todo, doomed))
        lost = (accepted | set(doomed.accepted)) - kept(url)
    ratio = hub.per_second / alone.per_second
    p50, p99 = percentile(pace.delays, 50), percentile(pace.delays, 99)
    table = Table("what", "figure", "target", title=f"Webhooks, one web process, fsync/synchronous_commit {durability}")
    table.add_row("HMAC check alone", f"{alone.per_second:,.0f}/s", "")
    table.add_row("accepted and durable", f"{hub.per_second:,.0f}/s", "")
    table.add_row("ratio", f"{ratio:.0%}", f">= {TARGET_RATIO:.0%}")
    table.add_row("inbox rows equal 200 answers", "yes" if all_there else "NO", "yes")
    table.add_row(f"at {PACE_PER_SECOND}/s: p50", f"{p50:.1f} ms", "")
    table.add_row(f"at {PACE_PER_SECOND}/s: p99", f"{p99:.1f} ms", f"< {TARGET_P99_MS:.0f} ms")
    table.add_row("accepted before kill -9 amid the load", f"{len(doomed.accepted):,}", "")
    table.add_row("accepted, then lost", str(len(lost)), "0")
    Console().print(table)
    if ratio < TARGET_RATIO or p99 >= TARGET_P99_MS or lost or not all_there:
        raise SystemExit(1)


async def killed_midway(port: int, process: subprocess.Popen[bytes], todo: Sequence[Delivery], load: Load) -> None:
    """Kill the server with SIGKILL once it has answered a third of the load, while the rest is on its way."""
    third = len(todo) // 3

    def kill() -> None:
        if len(load.accepted) >= third:
            process.send_signal(signal.SIGKILL)

    await closed_loop(port, todo, load, kill)


if __name__ == "__main__":
    main()
