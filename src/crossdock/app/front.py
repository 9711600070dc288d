"""The hub as the command line asks it: each question handed to the module that answers it."""

from collections.abc import Callable, Sequence
from typing import Any

from crossdock.app import agreement, catch_up, configuration, location_map, preview, secret_keys, setup
from crossdock.app.alerts.deliver import deliver
from crossdock.app.hub import Hub
from crossdock.app.mapping_trial import Trial
from crossdock.app.outside import BothSides
from crossdock.app.replay import Replays
from crossdock.app.settings import http_url
from crossdock.edge import alert_changes
from crossdock.edge.cli.hub import Again, Agreement, CaughtUp, Sealed
from crossdock.edge.configuration.differences import Step
from crossdock.edge.configuration.document import Configuration
from crossdock.edge.mapping_changes import Tried
from crossdock.edge.privacy.dossier import Dossier
from crossdock.edge.replaying import Replay
from crossdock.edge.retention import retain
from crossdock.edge.tying import AddedStore, Connected, Mapped, NewConnection, NewStore
from crossdock.model.channel import Channel
from crossdock.model.field_mapping import FieldMapping
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, InventoryItemId, OrderId
from crossdock.model.people import Actor
from crossdock.model.plan import Plan
from crossdock.model.request_field import FieldSpec
from crossdock.model.stock import InventoryLevel
from crossdock.store import alert_messages
from crossdock.store.alert_messages import Sending
from crossdock.store.database import Database


class Front:
    """An open installation, for one command; satisfies the `Hub` protocol of `edge.cli`."""

    def __init__(self, hub: Hub, actor: Actor) -> None:
        self._hub = hub
        self._actor = actor

    @property
    def database(self) -> Database:
        """The hub's database."""
        return self._hub.database

    @property
    def actor(self) -> Actor:
        """Who types the command."""
        return self._actor

    @property
    def portal_url(self) -> str:
        """Where a browser on this machine finds the portal, if it is served with the same settings."""
        return http_url(self._hub.settings.host, self._hub.settings.port)

    @property
    def outside(self) -> BothSides:
        """Both sides of every connection."""
        return BothSides(self._hub)

    async def sealed(self) -> Sealed:
        """Return how many secrets each key seals."""
        return await secret_keys.sealed(self._hub)

    async def rotate_secrets(self) -> Sealed:
        """Seal everything anew under another key."""
        return await secret_keys.rotate(self._hub, self._actor)

    async def set_channel(self, name: str, channel: Channel) -> str:
        """Add a channel for alerts, or change the one of this name."""
        private = self._hub.settings.private_webhooks
        async with self._hub.database.begin() as tx:
            return await alert_changes.set_channel(tx, self._actor, self._hub.sealer, name, channel, private=private)

    async def test_alert(self, name: str) -> Sending:
        """Send a test by an alert's channel, in this process."""
        async with self._hub.database.begin() as tx:
            number = await alert_changes.try_out(tx, self._actor, name, self._hub.settings.portal_url)
        return await deliver(self._hub.way_out, number) or await self._written(number)

    async def test_channel(self, name: str, user: str) -> Sending:
        """Send a test by a channel, in this process; by mail to `user`, where one is named."""
        portal = self._hub.settings.portal_url
        async with self._hub.database.begin() as tx:
            number = await alert_changes.try_channel(tx, self._actor, name, portal, user=user)
        return await deliver(self._hub.way_out, number) or await self._written(number)

    async def _written(self, number: int) -> Sending:
        """What became of a message that a worker took before us."""
        async with self._hub.database.begin() as tx:
            return await alert_messages.get(tx, number)

    async def add_store(self, wanted: NewStore) -> AddedStore:
        """Ask the shop who it is, then keep its credentials."""
        return await setup.add_store(self._hub, self._actor, wanted)

    async def connect(self, wanted: NewConnection) -> Connected:
        """Tie a store to a backend, all flows on."""
        return await setup.connect(self._hub, self._actor, wanted)

    async def cloned_configuration(self, source: ConnectionId, target: ConnectionId) -> Configuration:
        """Return the configuration by which a connection is set as another is."""
        return await configuration.clone(self._hub, source, target)

    async def apply_configuration(self, wanted: Configuration, shown: Sequence[Step]) -> None:
        """Do what a person was shown, all of it or nothing."""
        await configuration.apply(self._hub, self._actor, wanted, shown)

    async def map_location(self, connection: ConnectionId, location: str, warehouse: str) -> Mapped:
        """Let a warehouse serve a location."""
        return await location_map.map_location(self._hub, self._actor, connection, location, warehouse)

    async def unmap_location(self, connection: ConnectionId, location: str, warehouse: str) -> Mapped:
        """Take a warehouse away from a location."""
        return await location_map.unmap_location(self._hub, self._actor, connection, location, warehouse)

    async def catch_up(
        self, connection: ConnectionId, again: Again, tell: Callable[[Flow | str, int], None]
    ) -> CaughtUp:
        """Sweep both sides and look at all that is due, in this process."""
        return await catch_up.catch_up(self._hub, connection, again, tell)

    async def read_levels(self, connection: ConnectionId, items: Sequence[InventoryItemId]) -> Sequence[InventoryLevel]:
        """Return what Shopify holds of these items now, at every location that stocks them."""
        return await self.outside.read_levels(connection, items)

    async def plan(self, connection: ConnectionId, flow: Flow, keys: Sequence[str]) -> Sequence[Plan[Any]]:
        """Return what would be done about these objects, and do nothing."""
        return await preview.plan(self._hub, connection, flow, keys)

    async def fields_of(self, connection: ConnectionId) -> Sequence[FieldSpec]:
        """Return the fields that the connection's backend takes."""
        return await Trial(self._hub).fields_of(connection)

    async def try_mapping(
        self, connection: ConnectionId, orders: Sequence[OrderId], mapping: FieldMapping | None
    ) -> Sequence[Tried]:
        """Fill the fields of these orders, and send nothing."""
        return await Trial(self._hub).try_mapping(connection, orders, mapping)

    async def replay(self, connection: ConnectionId, order: OrderId) -> Replay:
        """Decide an order anew, and do nothing."""
        return await Replays(self._hub).replay(connection, order)

    async def dossier(self, number: int) -> Dossier:
        """Return all that is held of the customer of a privacy request."""
        return await self._hub.dossier(number)

    async def carry_out(self) -> None:
        """Go on with what people asked to have erased."""
        await self._hub.carry_out()

    async def retain(self) -> None:
        """Throw away what is older than it is to be kept."""
        await retain(self._hub.database, self._hub.backend)

    async def reconcile(
        self, connection: ConnectionId, tell: Callable[[Flow | str, int], None], *, repair: bool
    ) -> Agreement:
        """Compare both sides, and repair what differs where that is asked for."""
        return await agreement.agree(self._hub, connection, tell, repair=repair)
