"""One connection between a store and a backend in memory, over a real database, driven by the real drain."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import text

from crossdock.flows.catalog.flow import CatalogFlow
from crossdock.flows.fulfillments.flow import FulfillmentsFlow
from crossdock.flows.inventory.flow import InventoryFlow
from crossdock.flows.money.flow import MoneyFlow
from crossdock.flows.orders.flow import OrdersFlow
from crossdock.flows.returns.flow import ReturnsFlow
from crossdock.kit.clock import SystemClock
from crossdock.kit.sealing import Sealer, new_key
from crossdock.model.capability import Capability
from crossdock.model.catalog import Variant
from crossdock.model.cause import Hold
from crossdock.model.connection import Connection, InventoryRules, Rules
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ItemCode, LocationId, OrderId, ShopDomain, WarehouseCode
from crossdock.model.request_field import FieldSpec
from crossdock.pending.backend_changes import hear_backend
from crossdock.pending.drain import Drained, drain
from crossdock.pending.mark import mark
from crossdock.pending.sources import Sources
from crossdock.pending.work import Handler
from crossdock.ports.backend import Backend, Warehouse
from crossdock.ports.storefront import Storefront
from crossdock.store import connections, holds, links, stores, timeline, watermarks
from crossdock.store.database import Database
from crossdock.store.links import Link
from crossdock.store.stores import Credentials
from crossdock.testing.builders import MAIN, a_location, a_variant, an_item
from crossdock.testing.fakes import FakeBackend
from crossdock.testing.storefront import FakeStorefront

ACME = ConnectionId("acme-fake")
HAMBURG = a_location(1).id
ITEM = ItemCode("MUG")
MUG = a_variant(1, sku="MUG")


def a_connection(
    rules: Rules | None = None, warehouses: Mapping[LocationId, tuple[WarehouseCode, ...]] | None = None
) -> Connection:
    return Connection(
        id=ACME,
        store=ShopDomain("acme.myshopify.com"),
        backend="fake",
        flows=frozenset(Flow),
        rules=rules or Rules(inventory=InventoryRules(window=timedelta())),
        warehouses={HAMBURG: (MAIN,)} if warehouses is None else warehouses,
    )


@dataclass
class FlowBench:
    """`store` and `backend` are for the test's hands; the flows may be given others that wrap them."""

    database: Database
    store: FakeStorefront = field(default_factory=FakeStorefront)
    backend: FakeBackend = field(default_factory=FakeBackend)
    connection: Connection = field(default_factory=a_connection)
    asked: Backend | None = None
    """What the flows ask instead of `backend`."""
    asked_store: Storefront | None = None
    """What the flows ask instead of `store`."""
    can: frozenset[Capability] = frozenset(Capability)
    """What the backend's manifest says."""
    fields: tuple[FieldSpec, ...] = ()
    """Which fields the backend takes, as its manifest says."""
    ahead: timedelta = timedelta()

    async def open(self, units: int = 10) -> None:
        """One location served by one warehouse, and so many mugs on both sides, not linked yet."""
        self.store.add_location(a_location(1))
        self.store.add_variant(MUG, {HAMBURG: units})
        await self.backend.add_warehouse(Warehouse(MAIN, "Main"))
        await self.backend.add_item(an_item("MUG"))
        await self.backend.receive(ITEM, MAIN, units)

    async def link(self, variant: Variant = MUG, item: str = "MUG") -> None:
        async with self.database.begin() as tx:
            await links.link(tx, ACME, Link(variant.id, variant.inventory_item, ItemCode(item), "sku"))

    async def keep(self) -> None:
        """Have the database know the connection and its store."""
        sealer = Sealer(new_key())
        credentials = Credentials("token", ("secret",))
        async with self.database.begin() as tx:
            await stores.add(tx, self.connection.store, credentials, sealer, api_version="2026-07")
            await connections.add(tx, self.connection, "{}", sealer)

    def map(self, location: LocationId, warehouse: WarehouseCode) -> None:
        self.connection = replace(self.connection, warehouses={**self.connection.warehouses, location: (warehouse,)})

    def sources(self) -> Sources:
        store: Storefront = self.asked_store or self.store
        return Sources(self.database, store, self.asked or self.backend, self.connection, self.can, self.fields)

    def flow(self, flow: Flow) -> Handler:
        sources = self.sources()
        match flow:
            case Flow.ORDERS:
                return OrdersFlow(sources, SystemClock())
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

    async def mark(self, flow: Flow, *keys: str) -> None:
        async with self.database.begin() as tx:
            await mark(tx, ACME, flow, keys, "a test asked")

    async def hear(self) -> int:
        """Ask the backend what changed, as the sweep does."""
        return await hear_backend(self.database, self.backend, self.connection)

    async def drain(self, flow: Flow) -> Drained:
        # No chance: what failed may be tried again at once, for as long as it goes on failing.
        async with asyncio.timeout(20):
            return await drain(self.database, self.flow(flow), ACME, flow, "tester", chance=lambda: 0.0)

    async def look(self, flow: Flow, *keys: str) -> Drained:
        """Mark these objects and drain their flow."""
        await self.mark(flow, *keys)
        return await self.drain(flow)

    async def settle(self, rounds: int = 20) -> None:
        """Drain every flow until nothing is due, now or later, as time passes and the sweeps find nothing new."""
        for _ in range(rounds):
            drained = [await self.drain(flow) for flow in Flow]
            if any(one.looked_at for one in drained):
                continue
            if all(one.next_due_in is None for one in drained):
                return
            await self.pass_time(self.ahead + timedelta(minutes=1))
            await self.know_all_orders()
        raise AssertionError(f"The flows still find something to do after {rounds} rounds.")

    async def pass_time(self, time: timedelta) -> None:
        """Let the database's clock be so much ahead; it never goes back."""
        self.ahead = max(self.ahead, time)
        async with self.database.begin() as tx:
            await tx.execute(
                text(
                    "CREATE OR REPLACE FUNCTION hub_now() RETURNS timestamptz LANGUAGE sql STABLE AS "
                    f"'SELECT statement_timestamp() + interval ''{self.ahead.total_seconds()} seconds'''"
                )
            )

    async def know_all_orders(self) -> None:
        """Let a sweep have ended that found no order but those that are marked."""
        async with self.database.begin() as tx:
            await watermarks.advance(tx, ACME, "orders", complete_to=await watermarks.now(tx))

    async def held(self, flow: Flow) -> dict[str, Hold]:
        async with self.database.begin() as tx:
            return {one.key: one.hold for one in await holds.held(tx, ACME, flow)}

    async def pending(self, flow: Flow) -> set[str]:
        """What is marked and not settled."""
        async with self.database.begin() as tx:
            rows = await tx.execute(
                text("SELECT key FROM pending WHERE flow = :flow UNION SELECT key FROM news WHERE flow = :flow"),
                {"flow": flow.value},
            )
            return {row.key for row in rows}

    async def story(self, order: OrderId) -> Sequence[str]:
        """The kinds of what the order's time line tells."""
        async with self.database.begin() as tx:
            return [event.kind for event in await timeline.read(tx, ACME, order)]
