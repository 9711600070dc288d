"""
Orders through to the backend, beside the backend alone accepting the same requests one after the other.

A stand-in shop (its own process, plan enterprise, so that the API budget is not what is measured) and the hub over an
embedded PostgreSQL with fsync on. First a backlog: all orders are placed before the hub looks, then one sweep and the
drains bring them. Then, on an idle system with webhooks on, one order at a time: from placing to accepted.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from crossdock.app.demo.screen import Screen
from crossdock.app.demo.shop import DOMAIN, running_shop
from crossdock.app.demo.story import CONNECTION, Cast, prepare, until_for_sale
from crossdock.app.hub import Hub, open_hub
from crossdock.app.serve import address_of, listen, serving
from crossdock.app.settings import settings_from
from crossdock.backends.builtin.floor import open_floor
from crossdock.model.flow import Flow
from crossdock.model.names import RequestKey
from crossdock.model.request import FulfillmentRequest
from crossdock.pending.drain import drain

PATIENCE = timedelta(minutes=5)
TARGET_P50_SECONDS = 1.0
TARGET_P99_SECONDS = 3.0


async def accepted(hub: Hub) -> int:
    """Return how many requests the backend is known to have."""
    async with hub.database.begin() as tx:
        return await tx.scalar(text("SELECT count(*) FROM requests WHERE accepted_at IS NOT NULL")) or 0


async def until_accepted(hub: Hub, count: int) -> None:
    async with asyncio.timeout(PATIENCE.total_seconds()):
        while await accepted(hub) < count:  # noqa: ASYNC110 - what is waited for happens in the database
            await asyncio.sleep(0.005)


async def backlog(hub: Hub, cast: Cast, orders: int) -> tuple[float, float]:
    """Return the seconds that the hub took for a backlog, and the backend alone for as many requests."""
    placed = await cast.shop.buy(orders, seed=11)
    began = time.perf_counter()
    await hub.sweep_storefront(CONNECTION)
    while await accepted(hub) < placed:
        for flow in (Flow.CATALOG, Flow.ORDERS):
            await drain(hub.database, await hub.flow(CONNECTION, flow), CONNECTION, flow, "bench")
        await hub.sweep_storefront(CONNECTION)
    through = time.perf_counter() - began

    requests = await sent_requests(hub, placed)
    backend = await hub.backend(await hub.connection(CONNECTION))
    began = time.perf_counter()
    for request in requests:
        await backend.submit(replace(request, key=RequestKey(f"{request.key}/again")))
    return through, time.perf_counter() - began


async def sent_requests(hub: Hub, count: int) -> list[FulfillmentRequest]:
    """Return what the warehouse was asked, as it keeps it."""
    async with open_floor(hub.database.url) as floor:
        summaries = await floor.orders(limit=count)
        return [(await floor.order(one.reference)).request for one in summaries]


async def one_at_a_time(hub: Hub, cast: Cast, count: int) -> list[float]:
    """Return the seconds from placing an order to its acceptance, each on an idle system."""
    delays = []
    for number in range(count + 1):
        before = await accepted(hub)
        began = time.perf_counter()
        placed = await cast.shop.buy(1, seed=1000 + number)
        if placed:
            await until_accepted(hub, before + 1)
            delays.append(time.perf_counter() - began)
    return delays[1:]  # the first one pays for connections that are opened once


async def run(orders: int, singles: int) -> Table:
    listener = listen("127.0.0.1", 0)
    with tempfile.TemporaryDirectory(prefix="crossdock-bench-") as folder:
        data = Path(folder)
        data.chmod(0o755)  # noqa: ASYNC240 - nothing else runs yet
        settings = settings_from(data=data, public_url=address_of(listener)).model_copy(update={"database_url": None})
        async with (
            running_shop("enterprise") as shop,
            open_hub(settings, lambda _: None) as hub,
            open_floor(hub.database.url) as floor,
        ):
            cast = Cast(shop, hub, floor, Screen(Console(quiet=True)))
            await prepare(cast, orders * 4, seed=5)
            async with serving(hub, listener):
                await until_for_sale(cast)
            # Nobody listens now: the orders pile up, and no webhook may come late into the second measurement.
            await spoil(shop.url, webhooks=[{"topic": "*", "drop": 1.0}])
            through, alone = await backlog(hub, cast, orders)
            await spoil(shop.url, clear=True)
            again = listen("127.0.0.1", listener_port(settings.public_url))
            await hub.watch_subscriptions(DOMAIN)
            async with serving(hub, again):
                delays = await one_at_a_time(hub, cast, singles)
    return table(orders, through, alone, delays)


async def spoil(url: str, **order: object) -> None:
    """Tell the stand-in what is to go wrong."""
    async with httpx.AsyncClient(trust_env=False) as http:
        (await http.post(f"{url}/_standin/faults", json=order)).raise_for_status()


def listener_port(url: str | None) -> int:
    return int(str(url).rsplit(":", 1)[1])


def table(orders: int, through: float, alone: float, delays: list[float]) -> Table:
    centiles = statistics.quantiles(delays, n=100)
    drawn = Table(title="Orders through to the backend", title_style="bold")
    drawn.add_column("what")
    drawn.add_column("measured", justify="right")
    drawn.add_column("target", justify="right")
    drawn.add_row("orders of a backlog, per second", f"{orders / through:,.0f}", "")
    drawn.add_row("baseline: the backend alone, one after the other", f"{orders / alone:,.0f}", "")
    drawn.add_row("ratio", f"{alone / through:.2f}", "")
    drawn.add_row("placed to accepted, idle, p50", f"{centiles[49]:.2f} s", f"< {TARGET_P50_SECONDS:.0f} s")
    drawn.add_row("placed to accepted, idle, p99", f"{centiles[98]:.2f} s", f"< {TARGET_P99_SECONDS:.0f} s")
    return drawn


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=400)
    parser.add_argument("--singles", type=int, default=30)
    given = parser.parse_args()
    Console().print(asyncio.run(run(given.orders, given.singles)))


if __name__ == "__main__":
    main()
