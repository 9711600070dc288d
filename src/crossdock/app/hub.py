"""The hub, wired: one database, the stores' and backends' adapters, and the flows over them."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

import httpx

from crossdock.app.alerts.deliver import WayOut, deliver_all
from crossdock.app.alerts.watch import watch
from crossdock.app.plugins import backend_of
from crossdock.app.settings import Settings
from crossdock.app.topics import wanted_topics
from crossdock.backends.guarded import GuardedBackend
from crossdock.backends.shadow import ShadowBackend
from crossdock.edge.privacy.carry_out import carry_out
from crossdock.edge.privacy.dossier import Dossier, dossier
from crossdock.edge.reconcile.reconcile import PlanStock, Reconciled, Sweep, look_back, reconcile, survey
from crossdock.edge.sweep.levels import sweep_levels
from crossdock.edge.sweep.storefront import sweep_orders, sweep_variants
from crossdock.flows.catalog.flow import CatalogFlow
from crossdock.flows.fulfillments.flow import FulfillmentsFlow
from crossdock.flows.inventory.flow import InventoryFlow
from crossdock.flows.money.flow import MoneyFlow
from crossdock.flows.orders.flow import OrdersFlow
from crossdock.flows.returns.flow import ReturnsFlow
from crossdock.kit.clock import Clock, SystemClock
from crossdock.kit.errors import HubError, Recovery, UsageError
from crossdock.kit.sealing import Sealer, sealer_for
from crossdock.model.connection import Connection
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.model.outage import Party, backend_party, store_party
from crossdock.model.privacy import Wish
from crossdock.pending.backend_changes import hear_backend
from crossdock.pending.sources import Sources
from crossdock.ports.backend import Backend, BackendContext
from crossdock.ports.storefront import Storefront
from crossdock.shopify.authorization_code import REFRESHED_AHEAD, Granted, buy, refresh
from crossdock.shopify.client_credentials import RENEWED_AHEAD, Minted, mint
from crossdock.shopify.shadow import ShadowStorefront
from crossdock.shopify.storefront import ShopifyStorefront
from crossdock.shopify.subscriptions import Repairs, repair
from crossdock.shopify.token_requests import AppCredentials
from crossdock.store import connections, privacy, stores, unheard
from crossdock.store.budgets import PostgresBudget
from crossdock.store.database import Database, open_database
from crossdock.store.embedded import embedded_postgres
from crossdock.store.exchanges import PostgresJournal
from crossdock.store.migrate import migrate
from crossdock.store.outages import PostgresBreaker
from crossdock.store.shadow_writes import ShadowNotes
from crossdock.store.stores import Credentials, Store, Uninstalled
from crossdock.store.turns import turn

_log = logging.getLogger(__name__)

SILENCE_MINDED_EVERY = timedelta(minutes=10)
"""How often a process has a silent store's subscriptions compared and repaired, beside the hourly watch."""


def _is_due(credentials: Credentials, now: datetime) -> bool:
    """Whether another token is to be asked for: of one that lives a day an hour before, of one for an hour later."""
    ahead = RENEWED_AHEAD if credentials.refresh_token is None else REFRESHED_AHEAD
    return credentials.ends_within(ahead, now)


FlowHandler = OrdersFlow | FulfillmentsFlow | InventoryFlow | ReturnsFlow | MoneyFlow | CatalogFlow


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
        self._breakers: dict[Party, PostgresBreaker] = {}
        self._opening = asyncio.Lock()
        self._minded: dict[ShopDomain, datetime] = {}

    async def storefront(self, domain: ShopDomain) -> ShopifyStorefront:
        """Return the store's adapter, with the credentials as they are now. Raises UnknownStore, Uninstalled."""
        try:
            async with self.database.begin() as tx:
                store = await stores.get(tx, domain)
                credentials = await stores.credentials_of(tx, domain, self.sealer)
        except Uninstalled:
            self._forget(domain)
            raise
        if _is_due(credentials, self.clock.now()):
            credentials = await self._renewed(store, credentials)
        # Kept as long as nothing about it changes: it learns what calls cost.
        known = (domain, credentials.token, store.api_version, store.endpoint)
        if known not in self._storefronts:
            self._forget(domain)
            self._storefronts[known] = ShopifyStorefront(
                domain,
                credentials.token,
                budget=PostgresBudget(self.database),
                journal=PostgresJournal(self.database),
                breaker=self._breaker(store_party(domain)),
                api_version=store.api_version,
                endpoint=store.endpoint,
                clock=self.clock,
                http=self._http,
            )
        return self._storefronts[known]

    async def mint(self, domain: ShopDomain, app: AppCredentials, endpoint: str | None) -> Minted:
        """Ask a store for a token of an app; nothing is kept of it. Raises StoreUnusable, NoAnswer."""
        return await mint(self._http, domain, app, self.clock.now(), endpoint=endpoint)

    async def _renewed(self, store: Store, old: Credentials) -> Credentials:
        """Ask for another token and keep it; a process that does so at the same time is as right."""
        if old.refresh_token is not None:
            return await self._refreshed(store)
        minted = await self.mint(store.domain, AppCredentials(old.client_id or "", old.secrets[0]), store.endpoint)
        async with self.database.begin() as tx:
            await stores.renew(tx, store.domain, minted.token, minted.expires_at, self.sealer)
        return replace(old, token=minted.token, expires_at=minted.expires_at)

    async def buy(self, domain: ShopDomain, app: AppCredentials, code: str, endpoint: str | None) -> Granted:
        """Ask a store for the token that a code buys; nothing is kept of it. Raises StoreUnusable, NoAnswer."""
        return await buy(self._http, domain, app, code, self.clock.now(), endpoint=endpoint)

    async def _refreshed(self, store: Store) -> Credentials:
        """
        Renew a token by what renews it, one process at a time, and keep both before either is used.

        What renews is spent once its successor is used: who comes second finds the token renewed already.
        """
        async with self.database.begin() as tx:
            old = await stores.credentials_of(tx, store.domain, self.sealer, to_renew=True)
            now = self.clock.now()
            if old.refresh_token is None or not _is_due(old, now):
                return old
            app = AppCredentials(old.client_id or "", old.secrets[0])
            new = await refresh(self._http, store.domain, app, old.refresh_token, now, endpoint=store.endpoint)
            await stores.renew(
                tx, store.domain, new.token, new.expires_at, self.sealer, refresh_token=new.refresh_token
            )
        return replace(old, token=new.token, expires_at=new.expires_at, refresh_token=new.refresh_token)

    def _forget(self, domain: ShopDomain) -> None:
        """Let go of a store's former adapters, and their tokens with them; whoever works with one keeps it."""
        for gone in [known for known in self._storefronts if known[0] == domain]:
            del self._storefronts[gone]

    async def backend(self, connection: Connection) -> GuardedBackend:
        """Return the connection's backend, opened with its settings as they are now, once per process."""
        async with self.database.begin() as tx:
            settings = await connections.settings_of(tx, connection.id, self.sealer)
        opened = await self.open_backend(connection.backend, settings)
        party = backend_party(connection.id)
        return GuardedBackend(opened, party, self._breaker(party))

    def _breaker(self, party: Party) -> PostgresBreaker:
        return self._breakers.setdefault(party, PostgresBreaker(self.database, party))

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
        """Return the connections that were started and whose store is not paused."""
        async with self.database.begin() as tx:
            paused = {store.domain for store in await stores.listed(tx) if store.paused is not None}
            return [one for one in await connections.listed(tx) if one.started and one.store not in paused]

    async def flow(self, id_: ConnectionId, flow: Flow) -> FlowHandler:
        """Return a flow over a connection, by its rules as they are now: a handler for the drain, and a planner."""
        connection = await self.connection(id_)
        manifest = backend_of(connection.backend).manifest
        storefront: Storefront = await self.storefront(connection.store)
        backend: Backend = await self.backend(connection)
        if connection.shadow_since is not None:
            notes = ShadowNotes(self.database, connection.id)
            storefront, backend = ShadowStorefront(storefront, notes), ShadowBackend(backend, notes)
        sources = Sources(
            self.database,
            storefront,
            backend,
            connection,
            manifest.capabilities,
            manifest.fields,
        )
        match flow:
            case Flow.ORDERS:
                return OrdersFlow(sources, self.clock)
            case Flow.FULFILLMENTS:
                return FulfillmentsFlow(sources)
            case Flow.INVENTORY:
                return InventoryFlow(sources)
            case Flow.RETURNS:
                return ReturnsFlow(sources)
            case Flow.MONEY:
                return MoneyFlow(sources)
            case Flow.CATALOG:
                return CatalogFlow(sources)
            case _:
                assert_never(flow)

    async def sweep_storefront(self, id_: ConnectionId) -> int:
        """Ask the store what changed, mark it, and return how many objects that is."""
        connection = await self.connection(id_)
        storefront = await self.storefront(connection.store)
        by_webhook = self.settings.webhook_uri(connection.store) is not None
        count = 0
        if Flow.CATALOG in connection.flows:
            count += await sweep_variants(self.database, storefront, connection, by_webhook=by_webhook)
        if Flow.ORDERS in connection.flows:
            count += await sweep_orders(self.database, storefront, connection, by_webhook=by_webhook)
        await self._mind_silence(connection.store)
        return count

    async def _mind_silence(self, domain: ShopDomain) -> None:
        """Repair the store's subscriptions as soon as the sweep has to find what webhooks should have told of."""
        async with self.database.begin() as tx:
            await unheard.forget_heard(tx, domain)
            silences = await unheard.silences(tx, domain)
        now = self.clock.now()
        if not silences or now - self._minded.get(domain, now - SILENCE_MINDED_EVERY) < SILENCE_MINDED_EVERY:
            return
        self._minded[domain] = now
        for silence in silences:
            _log.warning("%s: %s", domain, silence.sentence)
        try:
            repairs = await self.watch_subscriptions(domain)
        except HubError as error:
            if error.recovery is Recovery.PAUSE_STORE:
                raise
            _log.warning("webhooks of %s: %s", domain, error)
        else:
            for finding in repairs.findings if repairs else ():
                _log.warning("%s: webhook subscription %s Repaired.", domain, finding)

    async def sweep_backend(self, id_: ConnectionId) -> int:
        """Ask the backend what changed, mark it, and return how many objects that is."""
        connection = await self.connection(id_)
        return await hear_backend(self.database, await self.backend(connection), connection)

    async def sweep_levels(self, id_: ConnectionId) -> int:
        """Mark what was not compared with Shopify for a day, and return how many items that is."""
        return await sweep_levels(self.database, await self.connection(id_))

    async def watch_subscriptions(self, domain: ShopDomain) -> Repairs | None:
        """
        Make the store's webhook subscriptions what the flows want; None where Shopify cannot reach this hub.

        One process at a time: who comes second finds them there, where both at once would make each of them twice.
        """
        uri = self.settings.webhook_uri(domain)
        if uri is None:
            return None
        async with turn(self.database.url, f"the webhooks of {domain}"):
            async with self.database.begin() as tx:
                flows = [flow for one in await connections.of_store(tx, domain) if one.started for flow in one.flows]
            return await repair(await self.storefront(domain), uri, wanted_topics(flows))

    async def survey(self, id_: ConnectionId) -> Reconciled:
        """Compare both sides of a connection, and say where they differ; sweep both on the way."""
        return await survey(*await self._both_sides(id_))

    async def reconcile(self, id_: ConnectionId) -> Reconciled:
        """Compare both sides of a connection, and have what differs looked at again."""
        return await reconcile(*await self._both_sides(id_))

    async def look_back(self, id_: ConnectionId) -> None:
        """Compare again what differed, and say why what still does has outlived its look."""
        sources, plan_stock, _ = await self._both_sides(id_)
        await look_back(sources, plan_stock)

    async def _both_sides(self, id_: ConnectionId) -> tuple[Sources, PlanStock, Sweep]:
        flow = await self.flow(id_, Flow.INVENTORY)

        async def sweep() -> None:
            await self.sweep_storefront(id_)
            await self.sweep_backend(id_)

        return flow.sources, flow.plan, sweep

    @property
    def way_out(self) -> WayOut:
        """What alerts are sent by."""
        return WayOut(self.database, self.sealer, private=self.settings.private_webhooks)

    async def alert(self) -> None:
        """Write down what people are to be told, and send what is due."""
        await watch(self.database, self.settings.portal_url)
        await deliver_all(self.way_out)

    async def dossier(self, number: int) -> Dossier:
        """
        Return all that is held of the customer of a privacy request.

        Raises UnknownRequest, UsageError where the request asks for something else.
        """
        async with self.database.begin() as tx:
            request = await privacy.get(tx, number)
        if request.wish is not Wish.EXPORT:
            raise UsageError(f"Request {number} asks to erase, not to tell. List them: crossdock privacy requests.")
        return await dossier(self.database, request, self.backend)

    async def carry_out(self) -> None:
        """Go on with what people asked to have erased."""

        async def ask_store(domain: ShopDomain) -> object:
            return await (await self.storefront(domain)).shop()

        await carry_out(self.database, self.backend, ask_store)

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
