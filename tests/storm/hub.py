"""A process of the hub in a storm: the real drains, sweeps, flows and inbox, over lines on which things go wrong."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from random import Random
from types import SimpleNamespace
from unittest.mock import patch

import httpx
from tests.shopify_answers import KeptJournal, OpenBudget
from tests.storm.accounts import Accounts
from tests.storm.build import Build
from tests.storm.clock import Lease
from tests.storm.diary import Diary
from tests.storm.script import Happening, What
from tests.storm.shop import TOKEN, VERSION
from tests.storm.stage import Actor, Point, Process, Stage
from tests.storm.store import StormStore
from tests.storm.wire import StormBackend, StormLine
from tests.storm.world import World

from crossdock.edge.reconcile.reconcile import reconcile
from crossdock.edge.sweep.storefront import sweep_orders, sweep_variants
from crossdock.flows.catalog.flow import CatalogFlow
from crossdock.flows.fulfillments import act as tell_shopify
from crossdock.flows.fulfillments.flow import FulfillmentsFlow
from crossdock.flows.inventory.flow import InventoryFlow
from crossdock.flows.money.flow import MoneyFlow
from crossdock.flows.orders import act as ask_backend
from crossdock.flows.orders.flow import OrdersFlow
from crossdock.flows.returns.flow import ReturnsFlow
from crossdock.inbox.accept import Acceptance
from crossdock.inbox.delivery import arrival
from crossdock.kit.errors import HubError
from crossdock.model.capability import Capability
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.pending import drain as draining
from crossdock.pending import look as looking
from crossdock.pending.backend_changes import hear_backend
from crossdock.pending.lease import BEATS_PER_LEASE
from crossdock.pending.sources import Sources
from crossdock.pending.work import Claim, Handler, Look
from crossdock.shopify.storefront import ShopifyStorefront
from crossdock.store.complaints import DatabaseUnavailable
from crossdock.store.database import Database, Tx
from shopify_standin.model.notices import Delivery

LANES = (Flow.ORDERS, Flow.FULFILLMENTS, Flow.INVENTORY, Flow.CATALOG)
WIDE_LANES = (*LANES, Flow.RETURNS, Flow.MONEY)

BEGINNINGS = {
    "deliver": 8,
    "inventory": 5,
    "orders": 5,
    "fulfillments": 4,
    "catalog": 1,
    "backend": 4,
    "orders sweep": 3,
    "variants sweep": 1,
}
"""What a process begins, and how often."""

WIDE_BEGINNINGS = {**BEGINNINGS, "returns": 4}

SAME_LANE = 0.25
"""How often it begins what another process is at already: there they meet."""


class StormDatabase(Database):
    """The database as a process meets it: before it begins and after it has committed, things go wrong."""

    def __init__(self, inner: Database, stage: Stage) -> None:
        self._inner = inner
        self._stage = stage
        self.url = inner.url

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Tx]:
        """Open a transaction."""
        async with self._between(), self._inner.begin() as tx:
            yield tx

    @asynccontextmanager
    async def statements(self) -> AsyncIterator[Tx]:
        """Open a connection whose statements commit one by one."""
        async with self._between(), self._inner.statements() as tx:
            yield tx

    @asynccontextmanager
    async def _between(self) -> AsyncIterator[None]:
        if await self._stage.point(Point.BEGIN, "") is What.FAIL:
            raise DatabaseUnavailable("The storm: the database is away.")
        self._stage.clock.tell()
        yield
        if await self._stage.point(Point.COMMITTED, "") is What.FAIL:
            raise DatabaseUnavailable("The storm: the database did not say whether it had committed.")


class HubProcess(Process):
    """One process: it can drain, sweep and take webhooks in for every store."""

    def __init__(
        self,
        number: int,
        stage: Stage,
        database: Database,
        world: World,
        accounts: Accounts,
        diary: Diary,
        build: Build,
    ) -> None:
        super().__init__(f"hub-{number}")
        self._stage = stage
        self._database = StormDatabase(database, stage)
        self._diary = diary
        self._build = build
        self._chance = Random(self.name)
        self._lines = [
            httpx.AsyncClient(transport=StormLine(stage, store, accounts, compares=build.compares))
            for store in world.stores
        ]
        self._sources = {
            store.name: self._sources_of(store, line) for store, line in zip(world.stores, self._lines, strict=True)
        }
        self._stores = {store.name: store for store in world.stores}
        self._beginnings = WIDE_BEGINNINGS if world.setting.wide else BEGINNINGS
        self.lanes = WIDE_LANES if world.setting.wide else LANES

    def _sources_of(self, store: StormStore, line: httpx.AsyncClient) -> Sources:
        storefront = ShopifyStorefront(
            store.connection.store,
            TOKEN,
            budget=OpenBudget(),
            journal=KeptJournal(),
            api_version=VERSION,
            endpoint=f"http://{store.name}.example",
            clock=self._stage.clock,
            http=line,
            sleep=self._stage.sleep,
            jitter=self._chance.random,
        )
        backend = StormBackend(self._stage, store)
        return Sources(self._database, storefront, backend, store.connection, frozenset(Capability))

    # --- what it can begin ----------------------------------------------------------------------------------------

    async def begin(self, how: Happening) -> None:
        """Begin something that the script leaves to chance; nothing where it is under way already."""
        chance = Random(f"begin {how.chance}")
        store = chance.choice(list(self._stores))
        kind = chance.choices(list(self._beginnings), list(self._beginnings.values()))[0]
        elsewhere = [
            actor.lane
            for actor in self._stage.actors
            if actor.process is not self and not actor.lane[1].startswith("webhook")
        ]
        if elsewhere and chance.random() < SAME_LANE:
            store, kind = chance.choice(elsewhere)
        match kind:
            case "deliver":
                await self.deliver(store, how)
            case "backend" | "orders sweep" | "variants sweep":
                await self.sweep(store, kind)
            case flow:
                await self.drain(store, Flow(flow))

    async def drain(self, store: str, flow: Flow) -> Actor | None:
        """Begin to drain a flow; None where that is under way already."""
        handler = self._handler(flow, self._sources[store])
        connection = self._stores[store].connection.id

        async def look(claims: Sequence[Claim]) -> Sequence[Look]:
            self._diary.begins(claims)
            return await handler(claims)

        async def job() -> None:
            drained = await draining.drain(
                self._database, look, connection, flow, self.name, chance=self._chance.random
            )
            assert drained.unusable is None, drained.unusable

        return await self._begin((store, flow.value), job)

    async def sweep(self, store: str, kind: str) -> Actor | None:
        """Begin to ask one side what changed; None where that is under way already."""

        async def job() -> None:
            await self._sweep(store, kind)

        return await self._begin((store, kind), job)

    async def _sweep(self, store: str, kind: str) -> None:
        sources, connection = self._sources[store], self._stores[store].connection
        match kind:
            case "backend":
                await hear_backend(sources.database, sources.backend, connection)
            case "orders sweep":
                await sweep_orders(sources.database, sources.storefront, connection, by_webhook=True)
            case _:
                await sweep_variants(sources.database, sources.storefront, connection, by_webhook=True)

    async def reconcile(self, store: str) -> None:
        """Compare both sides, as is done once a day."""
        sources = self._sources[store]

        async def sweep() -> None:
            await self._sweep(store, "orders sweep")
            await self._sweep(store, "variants sweep")
            await self._sweep(store, "backend")

        async def job() -> None:
            await reconcile(sources, InventoryFlow(sources).plan, sweep)

        await self._begin((store, "reconcile"), job)

    async def deliver(self, store: str, how: Happening) -> None:
        """Take in any of the webhooks that are on their way; Shopify sends again what was not accepted."""
        news = self._stores[store].shop.news
        if not news:
            return
        delivery = news.pop(how.among(len(news), of=2))

        async def job() -> None:
            try:
                await self._accept(self._stores[store], delivery)
            except BaseException:
                news.append(delivery)
                raise

        await self._begin((store, f"webhook {delivery.id} {self._stage.step}"), job)

    async def _accept(self, store: StormStore, delivery: Delivery) -> None:
        headers = {name.lower(): value for name, value in delivery.headers.items()}
        row, _ = arrival(store.connection.store, headers, delivery.body)
        acceptance = Acceptance(self._database)
        self._stage.tell(self.name, f"webhook {delivery.topic} {delivery.body[:120]!r}")
        accepting = asyncio.create_task(acceptance.accept(row))
        await asyncio.sleep(0)
        # The writer may die with its process, and nobody would be left to answer.
        for error in await asyncio.gather(*acceptance._writers, return_exceptions=True):
            if isinstance(error, BaseException):
                accepting.cancel()
                raise error
        await accepting

    async def _begin(self, lane: tuple[str, str], job: Callable[[], Awaitable[None]]) -> Actor | None:
        if any(actor.lane == lane for actor in self.actors):
            return None
        actor = Actor(f"{self.name} {lane[0]} {lane[1].split()[0]}", self, lane)

        async def patient() -> None:
            try:
                await job()
            except HubError as error:
                self._stage.tell(actor.name, f"gives up for now: {error}")

        await self._stage.start(actor, patient)
        return actor

    def _handler(self, flow: Flow, sources: Sources) -> Handler:
        match flow:
            case Flow.ORDERS:
                return OrdersFlow(sources, self._stage.clock)
            case Flow.FULFILLMENTS:
                return FulfillmentsFlow(sources)
            case Flow.INVENTORY:
                return self._build.inventory(sources)
            case Flow.RETURNS:
                return ReturnsFlow(sources)
            case Flow.MONEY:
                return MoneyFlow(sources)
            case Flow.CATALOG:
                return CatalogFlow(sources)

    def beats(self) -> bool:
        """Whether its heartbeats go out."""
        return self.alive and self.asleep_until <= self._stage.step


@contextmanager
def in_storm_time(stage: Stage) -> Iterator[None]:
    """Let the real code wait, beat and time out by the storm's clock, and do nothing side by side."""

    @contextmanager
    def kept(
        _url: str,
        connection: ConnectionId,
        flow: Flow,
        tokens: Mapping[str, int],
        lease: timedelta,
        longest: timedelta,
    ) -> Iterator[None]:
        actor = stage.acting()
        assert actor is not None
        assert isinstance(actor.process, HubProcess)
        now = stage.clock.at
        one = Lease(
            actor.process.name,
            connection,
            flow,
            dict(tokens),
            lease,
            now + longest,
            now + lease / BEATS_PER_LEASE,
            actor.process.beats,
        )
        stage.clock.leases.append(one)
        try:
            yield
        finally:
            stage.clock.leases.remove(one)

    with (
        patch.object(draining, "kept", kept),
        patch.object(looking, "asyncio", SimpleNamespace(timeout=stage.timeout)),
        patch.object(ask_backend, "SIDE_BY_SIDE", 1),
        patch.object(tell_shopify, "SIDE_BY_SIDE", 1),
    ):
        yield
