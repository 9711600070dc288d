"""
What it costs to prove that nothing was lost: the sweep of a catalog past 25,000 variants, and the daily comparison.

A stand-in shop in a process of its own and the hub over an embedded PostgreSQL with fsync on. Orders go through to the
warehouse and are shipped; then the hub and the warehouse stand still, and both sides are compared. The comparison is
made once more with planted gaps: stock that moved and packages that left without the backend telling.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from crossdock.app.catch_up import drain_all
from crossdock.app.demo import crew
from crossdock.app.demo.screen import Screen
from crossdock.app.demo.shop import GOODS, running_shop
from crossdock.app.demo.story import CONNECTION, Cast, prepare
from crossdock.app.hub import Hub, open_hub
from crossdock.app.settings import settings_from
from crossdock.backends.builtin.floor import open_floor
from crossdock.edge.reconcile.reconcile import Reconciled
from crossdock.model.flow import Flow
from crossdock.model.names import ItemCode, Units
from crossdock.store import reconciliations, watermarks


async def to_rest(hub: Hub, shop: httpx.AsyncClient) -> None:
    """Sweep both sides and drain, until a round moves neither order nor stock."""
    while True:
        await hub.sweep_storefront(CONNECTION)
        await hub.sweep_backend(CONNECTION)
        looked_at = await drain_all(hub, CONNECTION, lambda _stage, _count: None)
        # Variants that changed in the last minutes are asked for again at every sweep.
        if not looked_at.keys() - {Flow.CATALOG}:
            return
        await pass_time(hub, shop, 20)


async def pass_time(hub: Hub, shop: httpx.AsyncClient, seconds: int) -> None:
    """
    Let the shop's clock and the database's run ahead.

    An order that was looked at within the second of its change is looked at once more; that is not what is measured.
    """
    (await shop.post("/_standin/clock", json={"advance_seconds": seconds})).raise_for_status()
    async with hub.database.begin() as tx:
        ahead = await tx.scalar(text("SELECT extract(epoch FROM hub_now() - statement_timestamp())")) or 0
        await tx.execute(
            text(
                "CREATE OR REPLACE FUNCTION hub_now() RETURNS timestamptz LANGUAGE sql STABLE AS "
                f"$$ SELECT statement_timestamp() + interval '{float(ahead) + seconds} seconds' $$"
            )
        )


async def calls(hub: Hub) -> int:
    async with hub.database.begin() as tx:
        return await tx.scalar(text("SELECT count(*) FROM exchanges")) or 0


async def catalog(hub: Hub, shop: httpx.AsyncClient, variants: int) -> tuple[int, int, float]:
    """Return how many variants a sweep marked, with how many calls, and in how many seconds."""
    (await shop.post("/_standin/seed", json={"products": variants, "stock": 0}, timeout=600)).raise_for_status()
    before, began = await calls(hub), time.perf_counter()
    await hub.sweep_storefront(CONNECTION)
    took = time.perf_counter() - began
    async with hub.database.begin() as tx:
        query = "SELECT count(DISTINCT key) FROM news WHERE flow = 'catalog'"
        marked: int = await tx.scalar(text(query)) or 0
        await tx.execute(text("DELETE FROM news WHERE flow = 'catalog'"))
    return marked, await calls(hub) - before, took


async def compared(hub: Hub) -> tuple[Reconciled, int, float]:
    before, began = await calls(hub), time.perf_counter()
    done = await hub.reconcile(CONNECTION)
    return done, await calls(hub) - before, time.perf_counter() - began


async def ship_all(cast: Cast) -> int:
    """Let the warehouse work off all it has; return how many requests that were."""
    shipped = 0
    while some := await crew.work_off(cast.floor, seed=5):
        shipped += some
    return shipped


async def plant(hub: Hub, cast: Cast) -> int:
    """Let stock move and packages leave, and the backend's news of it be lost; return how many requests left."""
    for good in GOODS[:5]:
        await cast.floor.receive(ItemCode(good.sku), crew.MAIN.code, Units(7))
    shipped = await ship_all(cast)
    async with hub.database.begin() as tx:
        cursor = (await watermarks.read(tx, CONNECTION, watermarks.BACKEND)).cursor
    backend = await hub.backend(await hub.connection(CONNECTION))
    more = True
    while more:
        changes = await backend.changes(cursor)
        cursor, more = changes.cursor, changes.more
    async with hub.database.begin() as tx:
        await watermarks.advance(tx, CONNECTION, watermarks.BACKEND, complete_to=None, cursor=cursor)
    return shipped


async def run(variants: int, orders: int) -> Table:
    drawn = Table(title="What the proof costs", title_style="bold")
    for column in ("what", "measured", "target"):
        drawn.add_column(column, justify="left" if column == "what" else "right")
    with tempfile.TemporaryDirectory(prefix="crossdock-bench-") as folder:
        data = Path(folder)
        data.chmod(0o755)  # noqa: ASYNC240 - nothing else runs yet
        settings = settings_from(data=data).model_copy(update={"database_url": None, "public_url": None})
        async with (
            running_shop("enterprise") as shop,
            open_hub(settings, lambda _: None) as hub,
            open_floor(hub.database.url) as floor,
            httpx.AsyncClient(base_url=shop.url, trust_env=False) as control,
        ):
            cast = Cast(shop, hub, floor, Screen(Console(quiet=True)))
            await prepare(cast, orders * 4, seed=5)
            await to_rest(hub, control)
            placed = await shop.buy(orders, seed=11)
            await to_rest(hub, control)
            await ship_all(cast)
            await to_rest(hub, control)
            last = await shop.buy(20, seed=12)
            await to_rest(hub, control)
            await reach(drawn, hub, placed + last)
            await gaps(drawn, hub, cast)
            marked, asked, took = await catalog(hub, control, variants)
            drawn.add_row(f"variants marked by one sweep, of {variants:,} that changed", f"{marked:,}", f"{variants:,}")
            drawn.add_row("calls and seconds for that", f"{asked:,} in {took:.0f} s", "")
    return drawn


async def reach(drawn: Table, hub: Hub, orders: int) -> None:
    done, asked, took = await compared(hub)
    said = f"{done.compared.orders:,} orders, {done.compared.packages:,} packages, {done.compared.items} items"
    drawn.add_row("compared", said, f"{orders:,} orders")
    drawn.add_row("differences where there are none", str(len(done.differences)), "0")
    for one in done.differences:
        drawn.add_row(f"  {one.title}: {one.sentence}", "", "")
    drawn.add_row("calls and seconds for that", f"{asked} in {took:.1f} s", "")


async def gaps(drawn: Table, hub: Hub, cast: Cast) -> None:
    left = await plant(hub, cast)
    done, _, took = await compared(hub)
    kinds = {flow: sum(one.flow is flow for one in done.differences) for flow in Flow}
    drawn.add_row("items planted to differ, found", f"{kinds[Flow.INVENTORY]}", "5 or more")
    drawn.add_row(f"orders found of which {left} requests left untold", f"{kinds[Flow.FULFILLMENTS]}", "20")
    began = time.perf_counter()
    await drain_all(hub, CONNECTION, lambda _stage, _count: None)
    await hub.look_back(CONNECTION)
    async with hub.database.begin() as tx:
        unsettled = await reconciliations.unsettled(tx, CONNECTION)
    drawn.add_row("of these left after the look", str(len(unsettled)), "0")
    drawn.add_row("seconds to find, and to look again", f"{took:.1f} s, {time.perf_counter() - began:.1f} s", "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variants", type=int, default=30_000)
    parser.add_argument("--orders", type=int, default=500)
    given = parser.parse_args()
    Console().print(asyncio.run(run(given.variants, given.orders)))


if __name__ == "__main__":
    main()
