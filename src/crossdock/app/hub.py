"""The hub, wired: one database, the stores' and backends' adapters, and the flows over them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import assert_never

import httpx

from crossdock.app.plugins import backend_of
from crossdock.app.settings import Settings
from crossdock.app.topics import wanted_topics
from crossdock.edge.sweep.backend import sweep_backend
from crossdock.edge.sweep.storefront import sweep_orders, sweep_variants
from crossdock.flows.catalog.flow import CatalogFlow
from crossdock.flows.fulfillments.flow import FulfillmentsFlow
from crossdock.flows.inventory.flow import InventoryFlow
from crossdock.flows.orders.flow import OrdersFlow
from crossdock.kit.clock import Clock, SystemClock
from crossdock.kit.sealing import Sealer, sealer_for
from crossdock.model.connection import Connection
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.pending.sources import Sources
from crossdock.ports.backend import Backend, BackendContext
from crossdock.shopify.storefront import ShopifyStorefront
from crossdock.shopify.subscriptions import Repairs, repair
from crossdock.store import connections, stores
from crossdock.store.budgets import PostgresBudget
from crossdock.store.database import Database, open_database
from crossdock.store.embedded import embedded_postgres
from crossdock.store.exchanges import PostgresJournal
from crossdock.store.migrate import migrate

FlowHandler = OrdersFlow | FulfillmentsFlow | InventoryFlow | CatalogFlow


class Hub:
    """Everything that a process of this installation works with. Made by `open_hub`."""

    def __init__(self, settings: Settings, database: Database, sealer: Sealer, resources: AsyncExitStack) -> None:
        self.settings = settings
        self.database = database
        self.sealer = sealer
        self.clock: Clock = SystemClock()
        self._resources = resources
        self._http = httpx.AsyncClient(timeout=httpx.Timeout(30, connect=5), follow_redirects=False)
        resources.push_async_callback(self._http.aclose)
        self._storefronts: dict[tuple[ShopDomain, str, str, str | None], ShopifyStorefront] = {}
        self._backends: dict[tuple[str, str], Backend] = {}
        self._opening = asyncio.Lock()

    async def storefront(self, domain: ShopDomain) -> ShopifyStorefront:
        """Return the store's adapter, with the credentials as they are now. Raises UnknownStore."""
        async with self.database.begin() as tx:
            store = await stores.get(tx, domain)
            credentials = await stores.credentials_of(tx, domain, self.sealer)
        # Kept as long as nothing about it changes: it learns what calls cost.
        known = (domain, credentials.token, store.api_version, store.endpoint)
        if known not in self._storefronts:
            self._storefronts[known] = ShopifyStorefront(
                domain,
                credentials.token,
                budget=PostgresBudget(self.database),
                journal=PostgresJournal(self.database),
                api_version=store.api_version,
                endpoint=store.endpoint,
                clock=self.clock,
                http=self._http,
            )
        return self._storefronts[known]

    async def backend(self, connection: Connection) -> Backend:
        """Return the connection's backend, opened with its settings as they are now, once per process."""
        async with self.database.begin() as tx:
            settings = await connections.settings_of(tx, connection.id, self.sealer)
        return await self.open_backend(connection.backend, settings)

    async def open_backend(self, kind: str, settings: str) -> Backend:
        """Return a backend of a kind with these settings (JSON). Raises UsageError where they cannot work."""
        async with self._opening:
            known = self._backends.get((kind, settings))
            if known is not None:
                return known
            plugin = backend_of(kind)
            opened = await self._resources.enter_async_context(
                plugin.open(plugin.manifest.settings.model_validate_json(settings), BackendContext(self.database.url))
            )
            self._backends[kind, settings] = opened
            return opened

    async def connection(self, id_: ConnectionId) -> Connection:
        """Return a connection as it is set now. Raises UnknownConnection."""
        async with self.database.begin() as tx:
            return await connections.get(tx, id_)

    async def working_connections(self) -> Sequence[Connection]:
        """Return the connections whose store is not paused."""
        async with self.database.begin() as tx:
            paused = {store.domain for store in await stores.listed(tx) if store.paused is not None}
            return [one for one in await connections.listed(tx) if one.store not in paused]

    async def flow(self, id_: ConnectionId, flow: Flow) -> FlowHandler:
        """Return a flow over a connection, by its rules as they are now: a handler for the drain, and a planner."""
        connection = await self.connection(id_)
        sources = Sources(
            self.database, await self.storefront(connection.store), await self.backend(connection), connection
        )
        match flow:
            case Flow.ORDERS:
                return OrdersFlow(sources, self.clock)
            case Flow.FULFILLMENTS:
                return FulfillmentsFlow(sources)
            case Flow.INVENTORY:
                return InventoryFlow(sources)
            case Flow.CATALOG:
                return CatalogFlow(sources)
            case _:
                assert_never(flow)

    async def sweep_storefront(self, id_: ConnectionId) -> int:
        """Ask the store what changed, mark it, and return how many objects that is."""
        connection = await self.connection(id_)
        storefront = await self.storefront(connection.store)
        count = 0
        if Flow.CATALOG in connection.flows:
            count += await sweep_variants(self.database, storefront, connection)
        if Flow.ORDERS in connection.flows:
            count += await sweep_orders(self.database, storefront, connection)
        return count

    async def sweep_backend(self, id_: ConnectionId) -> int:
        """Ask the backend what changed, mark it, and return how many objects that is."""
        connection = await self.connection(id_)
        return await sweep_backend(self.database, await self.backend(connection), connection)

    async def watch_subscriptions(self, domain: ShopDomain) -> Repairs | None:
        """Make the store's webhook subscriptions what the flows want; None where Shopify cannot reach this hub."""
        uri = self.settings.webhook_uri(domain)
        if uri is None:
            return None
        async with self.database.begin() as tx:
            flows = [flow for one in await connections.of_store(tx, domain) for flow in one.flows]
        return await repair(await self.storefront(domain), uri, wanted_topics(flows))

    async def pause(self, id_: ConnectionId, said: str) -> None:
        """Stop calling a connection's store; `said` is shown until a person resumes it."""
        connection = await self.connection(id_)
        async with self.database.begin() as tx:
            await stores.pause(tx, connection.store, said)


@asynccontextmanager
async def open_hub(settings: Settings, say: Callable[[str], None]) -> AsyncIterator[Hub]:
    """
    Open the installation: start or attach the database, bring it to this version's schema, and wire the hub.

    `say` is told what a person should know. Raises UsageError or DatabaseUnavailable, with what to do.
    """
    async with AsyncExitStack() as resources:
        with contextlib.ExitStack() as embedded:
            url = settings.database_url
            if url is None:
                # Starting a server takes seconds of waiting, but nothing else runs yet.
                url = embedded.enter_context(embedded_postgres(settings.data, say))
            database = open_database(url)
            await asyncio.to_thread(migrate, url)
            resources.push(embedded.pop_all())
        resources.push_async_callback(database.close)
        settings.data.mkdir(parents=True, exist_ok=True)
        yield Hub(settings, database, sealer_for(settings.data), resources)
