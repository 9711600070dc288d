"""
How well a store's budget is used while there is more to do than it allows, on Shopify's standard plan.

A stand-in shop in a process of its own, and hubs' workers that read orders without end, all from one budget in one
database. The baseline is what the shop gives out meanwhile: 100 points a second, and what the full bucket had saved up.
"""

import argparse
import asyncio
import contextlib
import itertools
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from crossdock.app.demo.audit import EVERYTHING
from crossdock.app.demo.shop import API_VERSION, DOMAIN, SECRET, TOKEN, running_shop
from crossdock.app.hub import Hub, open_hub
from crossdock.app.settings import settings_from
from crossdock.kit.errors import TryAgain
from crossdock.model.names import OrderId
from crossdock.store import stores
from crossdock.store.stores import Credentials

RATE = 100.0
"""Points a second of the standard plan."""

WORKERS = 4
ORDERS_A_CALL = 50


async def measured(lasting: timedelta) -> list[tuple[str, str, str]]:
    """Return rows of what, measured, target."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data:
        async with (
            running_shop("standard") as shop,
            httpx.AsyncClient(timeout=60, trust_env=False, base_url=shop.url) as http,
            open_hub(settings_from(data=Path(data)), lambda _: None) as hub,
        ):
            (await http.post("/_standin/seed", json={"products": 20, "orders": 500})).raise_for_status()
            async with hub.database.begin() as tx:
                token = Credentials(TOKEN, (SECRET,))
                await stores.add(tx, DOMAIN, token, hub.sealer, api_version=API_VERSION, endpoint=shop.url)
            ids = [id_ for id_, _ in (await (await hub.storefront(DOMAIN)).orders_updated(EVERYTHING)).objects]
            await _read(hub, ids, timedelta(seconds=25))  # until what was saved up is used up
            before = (await http.get("/_standin/counters")).json()
            began = time.perf_counter()
            calls = await _read(hub, ids, lasting)
            seconds = time.perf_counter() - began
            after = (await http.get("/_standin/counters")).json()
    points = float(after["points"]) - float(before["points"])
    throttled = int(after["throttles"]) - int(before["throttles"])
    return [
        ("baseline: points that the shop gave out", f"{RATE * seconds:,.0f} in {seconds:.0f} s", ""),
        (f"points used, {WORKERS} workers", f"{points:,.0f} in {calls} calls", ""),
        ("share of the restore rate used", f"{points / seconds / RATE:.0%}", ">= 90 %"),
        ("calls that were throttled", f"{throttled} ({throttled / max(1, calls):.1%})", "<= 1 %"),
    ]


async def _read(hub: Hub, ids: list[OrderId], lasting: timedelta) -> int:
    """Read orders with all workers for so long; return how many calls that were."""
    end = time.perf_counter() + lasting.total_seconds()
    calls = itertools.count()

    async def work() -> None:
        storefront = await hub.storefront(DOMAIN)
        while time.perf_counter() < end:
            with contextlib.suppress(TryAgain):  # its turn did not come in time; a drain would come back too
                await storefront.orders(ids[:ORDERS_A_CALL])
                next(calls)

    await asyncio.gather(*(work() for _ in range(WORKERS)))
    return next(calls)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    wanted = parser.parse_args()
    table = Table("what", "measured", "target", title="Budget")
    for row in asyncio.run(measured(timedelta(seconds=wanted.seconds))):
        table.add_row(*row)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
