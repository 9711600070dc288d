"""The hub as the set-up's pages ask it: each question handed to the module that answers it."""

import asyncio
import contextlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from crossdock.app import configuration, installing, location_map, own_warehouse, setup
from crossdock.app.doctor.connection import backend, goods, locations, scopes
from crossdock.app.doctor.examine import examine_hub, examine_one_connection, sharing
from crossdock.app.doctor.reach import reachable
from crossdock.app.doctor.store import examine_store
from crossdock.app.hub import Hub
from crossdock.app.own_warehouse import OWN
from crossdock.app.plugins import backend_of, installed_backends
from crossdock.edge import flow_changes
from crossdock.edge.checks import Check, Verdict
from crossdock.edge.configuration.differences import Step
from crossdock.edge.configuration.document import Configuration
from crossdock.edge.setting_up import BackendKind, Consent, NewInstall, Prospect
from crossdock.edge.tying import AddedStore, Connected, Mapped, NewConnection, NewStore
from crossdock.kit.errors import HubError, UsageError
from crossdock.model.catalog import Location
from crossdock.model.connection import Connection
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.model.people import Actor
from crossdock.ports.backend import Manifest, Warehouse
from crossdock.shopify.domains import shop_addressed
from crossdock.shopify.scopes import needed_scopes
from crossdock.store import stores


class SetUpDesk:
    """An open installation, for one person who sets up; satisfies the `SettingUp` protocol of the edge."""

    def __init__(self, hub: Hub, actor: Actor) -> None:
        self._hub = hub
        self._actor = actor

    @property
    def stand_ins(self) -> bool:
        """Whether a store may be called by another address than Shopify's."""
        return self._hub.settings.stand_ins

    def domain(self, address: str) -> ShopDomain:
        """Return the store that an address leads to."""
        return shop_addressed(address)

    def least_scopes(self) -> Sequence[str]:
        """Return the scopes that an app needs for all flows."""
        return needed_scopes(frozenset(Flow), cancels=False)

    def kinds(self) -> Sequence[BackendKind]:
        """Return the kinds of backends that are installed, the hub's own first."""
        found = [_kind(plugin.manifest) for plugin in installed_backends().values()]
        return sorted(found, key=lambda one: (one.kind != OWN, one.title))

    async def examine(self) -> Sequence[Check]:
        """Check everything that can be checked."""
        return await examine_hub(self._hub)

    async def examine_store(self, domain: ShopDomain) -> Sequence[Check]:
        """Check one store."""
        async with self._hub.database.begin() as tx:
            store = await stores.get(tx, domain)
        return await examine_store(self._hub, store)

    async def examine_connection(self, connection: ConnectionId) -> Sequence[Check]:
        """Check one connection."""
        return await examine_one_connection(self._hub, connection)

    async def reach(self) -> Check:
        """Check whether webhooks find the way here."""
        return await reachable(self._hub)

    async def prospect(self, connection: ConnectionId) -> Prospect:
        """Return how far a connection is set up."""
        hub, found = self._hub, await self._hub.connection(connection)
        async with hub.database.begin() as tx:
            store = await stores.get(tx, found.store)
        if store.paused is not None:
            return self._prospect(found, (), (), {"flows": await examine_store(hub, store)})
        allowed, there, mapped, address, looked_over, shared = await asyncio.gather(
            scopes(hub, found),
            backend(hub, found),
            locations(hub, found),
            reachable(hub),
            goods(hub, found),
            sharing(hub, found),
        )
        return self._prospect(
            found,
            await self._locations(found) if mapped.verdict is not Verdict.FAIL else (),
            await self._warehouses(found) if there.verdict is not Verdict.FAIL else (),
            {"flows": [allowed], "locations": [there, mapped], "address": [address], "goods": [*looked_over, shared]},
        )

    async def add_store(self, wanted: NewStore) -> AddedStore:
        """Ask the shop who it is, then keep its credentials; a known one is called as it was."""
        if wanted.endpoint is not None and not self.stand_ins:
            raise UsageError("A store is called at Shopify. For a stand-in, start the hub with CROSSDOCK_STAND_INS=1.")
        async with self._hub.database.begin() as tx:
            known = await stores.find(tx, shop_addressed(wanted.domain))
        if known is not None:
            endpoint = wanted.endpoint if self.stand_ins else known.endpoint
            wanted = replace(wanted, endpoint=endpoint, api_version=known.api_version)
        return await setup.add_store(self._hub, self._actor, wanted)

    def come_back_to(self) -> str:
        """Return the address that an app which is installed by redirect has to allow."""
        return installing.come_back_to(self._hub)

    async def begin_install(self, session: bytes, wanted: NewInstall) -> Consent:
        """Begin to install an app by redirect."""
        return await installing.begin(self._hub, session, wanted)

    async def finish_install(self, session: bytes, query: Sequence[tuple[str, str]]) -> AddedStore:
        """Keep the store that a person came back from."""
        return await installing.finish(self._hub, self._actor, session, query)

    async def connect(self, wanted: NewConnection) -> Connected:
        """Tie a store to a backend."""
        return await setup.connect(self._hub, self._actor, wanted)

    async def switch_flows(self, connection: ConnectionId, flows: Collection[Flow]) -> None:
        """Have these flows on, and no others, and the store's subscriptions follow."""
        found = await self._hub.connection(connection)
        possible = _kind(backend_of(found.backend).manifest).flows
        async with self._hub.database.begin() as tx:
            changed = await flow_changes.switch_flows(tx, self._actor, connection, flows, possible)
        if changed and found.started:
            with contextlib.suppress(HubError):  # the hourly watch repairs what cannot be now
                await self._hub.watch_subscriptions(found.store)

    async def map_location(self, connection: ConnectionId, location: str, warehouse: str) -> Mapped:
        """Let a warehouse serve a location."""
        return await location_map.map_location(self._hub, self._actor, connection, location, warehouse)

    async def unmap_location(self, connection: ConnectionId, location: str, warehouse: str) -> Mapped:
        """Take a warehouse away from a location."""
        return await location_map.unmap_location(self._hub, self._actor, connection, location, warehouse)

    async def add_warehouse(self, code: str, name: str) -> None:
        """Add a warehouse to the hub's own."""
        await own_warehouse.add_warehouse(self._hub, code, name)

    async def make_items(self, connection: ConnectionId, *, with_stock: bool) -> int:
        """Make an item of each of the store's SKUs in the hub's own warehouse."""
        found = await self._hub.connection(connection)
        return await own_warehouse.make_items(self._hub, found, with_stock=with_stock)

    async def start(self, connection: ConnectionId, orders_from: datetime | None) -> Connected:
        """Let the hub work for a connection."""
        return await setup.start(self._hub, self._actor, connection, orders_from)

    async def cloned_configuration(self, source: ConnectionId, target: ConnectionId) -> Configuration:
        """Return the configuration by which a connection is set as another is."""
        return await configuration.clone(self._hub, source, target)

    async def apply_configuration(self, wanted: Configuration, shown: Sequence[Step]) -> None:
        """Do what a person was shown."""
        await configuration.apply(self._hub, self._actor, wanted, shown)

    def _prospect(
        self,
        connection: Connection,
        places: Sequence[Location],
        warehouses: Sequence[Warehouse],
        checks: Mapping[str, Sequence[Check]],
    ) -> Prospect:
        return Prospect(
            connection,
            _kind(backend_of(connection.backend).manifest),
            places,
            warehouses,
            checks,
            stocked_here=connection.backend == OWN,
            scopes={flow: needed_scopes([flow], cancels=False) for flow in Flow},
        )

    async def _locations(self, connection: Connection) -> Sequence[Location]:
        return [one for one in await (await self._hub.storefront(connection.store)).locations() if one.active]

    async def _warehouses(self, connection: Connection) -> Sequence[Warehouse]:
        return await (await self._hub.backend(connection)).warehouses()


def _kind(manifest: Manifest) -> BackendKind:
    return BackendKind(manifest.kind, manifest.title, setup.possible_flows(manifest.capabilities))
