"""One store answers with 5xx only: it is left alone but for a small question, and the other store notices nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
from sqlalchemy import text

from crossdock.app.demo import crew
from crossdock.app.demo.shop import API_VERSION, SECRET, TOKEN, Shop
from crossdock.app.hub import Hub, open_hub
from crossdock.app.serve import run_hub_worker
from crossdock.app.settings import settings_from
from crossdock.backends.builtin.floor import open_floor
from crossdock.backends.builtin.plugin import BuiltinSettings
from crossdock.model.connection import Connection, Rules
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.store import connections, outages, stores
from crossdock.store.stores import Credentials
from shopify_standin.testing import RunningStandin, running_standin

ORDERS = 4
PATIENCE_SECONDS = 90


@dataclass(frozen=True, slots=True)
class Trade:
    """One store with its stand-in, connected to the one warehouse."""

    standin: RunningStandin
    shop: Shop
    connection: ConnectionId

    def calls(self) -> int:
        """How often the store was called so far."""
        return sum(one["calls"] for one in self.standin.look("counters")["operations"].values())


async def _trade(name: str, hub: Hub, resources: AsyncExitStack) -> Trade:
    standin = resources.enter_context(running_standin(name, TOKEN, SECRET))
    shop = Shop(standin.url, await resources.enter_async_context(httpx.AsyncClient(timeout=30, trust_env=False)))
    domain, connection = ShopDomain(standin.shop_domain), ConnectionId(f"{name}-wms")
    async with hub.database.begin() as tx:
        credentials = Credentials(TOKEN, (SECRET,))
        await stores.add(tx, domain, credentials, hub.sealer, api_version=API_VERSION, endpoint=standin.url)
    [location] = await (await hub.storefront(domain)).locations()
    warehouses = {location.id: (crew.MAIN.code, crew.ANNEX.code)}
    async with hub.database.begin() as tx:
        made = Connection(connection, domain, "builtin", frozenset(Flow), Rules(), warehouses)
        await connections.add(tx, made, BuiltinSettings().model_dump_json(), hub.sealer)
    await shop.add_goods([location.id])
    return Trade(standin, shop, connection)


@asynccontextmanager
async def _two_trades(database_url: str, data: Path) -> AsyncIterator[tuple[Hub, Trade, Trade]]:
    """Two stores and one warehouse, with a worker running; everything is for sale at both."""
    settings = settings_from(data=data, database_url=database_url, sweep_seconds=1, backend_seconds=1)
    async with AsyncExitStack() as resources:
        hub = await resources.enter_async_context(open_hub(settings, lambda _: None))
        floor = await resources.enter_async_context(open_floor(database_url))
        await crew.fill(floor, 200, seed=1)
        broken, calm = [await _trade(name, hub, resources) for name in ("broken", "calm")]
        stop = asyncio.Event()
        worker = asyncio.create_task(run_hub_worker(hub, stop))
        try:
            for trade in (broken, calm):
                await _until(partial(_is_for_sale, hub, trade))
            yield hub, broken, calm
        finally:
            stop.set()
            await worker


async def _is_for_sale(hub: Hub, trade: Trade) -> bool:
    async with hub.database.begin() as tx:
        rows: int = (
            await tx.scalar(
                text("SELECT count(*) FROM stock_ledger WHERE connection = :id AND believed > 0"),
                {"id": trade.connection},
            )
            or 0
        )
    return rows == 12


async def _until(seen: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            if await seen():
                return
            await asyncio.sleep(0.1)


async def _are_at_the_warehouse(hub: Hub, trade: Trade) -> bool:
    # By what the hub knows of each store: both stand-ins number their orders alike, so the warehouse has them once.
    query = text("SELECT count(*) FROM orders WHERE connection = :id AND state = 'at_warehouse'")
    async with hub.database.begin() as tx:
        return bool(await tx.scalar(query, {"id": trade.connection}) == ORDERS)


async def _outages(hub: Hub) -> Sequence[str]:
    async with hub.database.begin() as tx:
        return [one.party for one in await outages.listed(tx)]


async def _blamed(hub: Hub) -> int:
    async with hub.database.begin() as tx:
        blamed: int = await tx.scalar(text("SELECT count(*) FROM pending WHERE attempts > 0")) or 0
        return blamed


async def test_a_store_that_answers_with_5xx_keeps_nobody_else_waiting_and_heals_by_itself(
    database_url: str, tmp_path: Path
) -> None:
    async with _two_trades(database_url, tmp_path) as (hub, broken, calm):
        broken.standin.faults(calls=[{"kind": "503", "times": 100_000}])
        await broken.shop.buy(ORDERS, seed=1)
        await _until(lambda: _equals(_outages(hub), [broken.standin.shop_domain]))

        await calm.shop.buy(ORDERS, seed=2)
        before = broken.calls()
        await _until(lambda: _are_at_the_warehouse(hub, calm))

        assert await _blamed(hub) == 0
        assert broken.calls() - before <= 3

        broken.standin.faults(clear=True)
        await _until(lambda: _are_at_the_warehouse(hub, broken))
        assert await _outages(hub) == []


async def _equals(asked: Awaitable[Sequence[str]], expected: Sequence[str]) -> bool:
    return await asked == expected
