"""What the set-up's pages ask of the hub, on behalf of the person who sets up."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias

from crossdock.edge.checks import Check
from crossdock.edge.configuration.differences import Step
from crossdock.edge.configuration.document import Configuration
from crossdock.edge.tying import AddedStore, Connected, Mapped, NewConnection, NewStore
from crossdock.model.catalog import Location
from crossdock.model.connection import Connection
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.model.people import Actor
from crossdock.ports.backend import Warehouse


@dataclass(frozen=True, slots=True)
class BackendKind:
    """A kind of backend that is installed. `flows` are those that it can have a part in."""

    kind: str
    title: str
    flows: frozenset[Flow]


@dataclass(frozen=True, slots=True)
class Prospect:
    """
    A connection as it stands before it is started, or after: what there is on both sides, and what was checked.

    `checks` are by the step that mends them: `flows`, `locations`, `address`, `goods`. Locations and warehouses are
    empty where their side does not answer; the checks say why. `stocked_here`: the hub's own warehouse, whose
    warehouses and items are made here. `scopes` are the least that each flow needs.
    """

    connection: Connection
    kind: BackendKind
    locations: Sequence[Location]
    warehouses: Sequence[Warehouse]
    checks: Mapping[str, Sequence[Check]]
    stocked_here: bool
    scopes: Mapping[Flow, Sequence[str]]


@dataclass(frozen=True, slots=True)
class NewInstall:
    """A store in which an app is to be installed by redirect, as a person gives it."""

    domain: str
    client_id: str
    secret: str = field(repr=False)
    endpoint: str | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """Where to agree at Shopify to what an app may do, and the address that it leads back to."""

    domain: ShopDomain
    url: str = field(repr=False)
    scopes: Sequence[str]
    back_to: str


class SettingUp(Protocol):
    """
    An open installation, for one person.

    Every method that changes something writes down who did it. Each raises UsageError, with a sentence, where what was
    asked for cannot be done, and TryAgain, Refused or StoreUnusable where the other side says so.
    """

    @property
    def stand_ins(self) -> bool:
        """Whether a store may be called by another address than Shopify's."""
        ...

    def domain(self, address: str) -> ShopDomain:
        """Return the store that an address leads to, in whatever form it was copied."""
        ...

    def least_scopes(self) -> Sequence[str]:
        """Return the scopes that an app needs for all flows."""
        ...

    def kinds(self) -> Sequence[BackendKind]:
        """Return the kinds of backends that are installed."""
        ...

    async def examine(self) -> Sequence[Check]:
        """Check everything that can be checked; what is broken is a finding, not an error."""
        ...

    async def examine_store(self, domain: ShopDomain) -> Sequence[Check]:
        """Check one store. Raises UnknownStore."""
        ...

    async def examine_connection(self, connection: ConnectionId) -> Sequence[Check]:
        """Check one connection. Raises UnknownConnection."""
        ...

    async def reach(self) -> Check:
        """Check whether webhooks find the way here."""
        ...

    async def prospect(self, connection: ConnectionId) -> Prospect:
        """Return how far a connection is set up."""
        ...

    async def add_store(self, wanted: NewStore) -> AddedStore:
        """Ask the shop who it is, then keep its credentials."""
        ...

    def come_back_to(self) -> str:
        """Return the address that an app which is installed by redirect has to allow."""
        ...

    async def begin_install(self, session: bytes, wanted: NewInstall) -> Consent:
        """Begin to install an app by redirect, for whoever is logged in with this session."""
        ...

    async def finish_install(self, session: bytes, query: Sequence[tuple[str, str]]) -> AddedStore:
        """Keep the store that a person came back from with these names and values."""
        ...

    async def connect(self, wanted: NewConnection) -> Connected:
        """Tie a store to a backend."""
        ...

    async def switch_flows(self, connection: ConnectionId, flows: Collection[Flow]) -> None:
        """Have these flows on, and no others."""
        ...

    async def map_location(self, connection: ConnectionId, location: str, warehouse: str) -> Mapped:
        """Let a warehouse serve a location."""
        ...

    async def unmap_location(self, connection: ConnectionId, location: str, warehouse: str) -> Mapped:
        """Take a warehouse away from a location."""
        ...

    async def add_warehouse(self, code: str, name: str) -> None:
        """Add a warehouse to the hub's own."""
        ...

    async def make_items(self, connection: ConnectionId, *, with_stock: bool) -> int:
        """Make an item of each of the store's SKUs in the hub's own warehouse; return how many are new."""
        ...

    async def start(self, connection: ConnectionId, orders_from: datetime | None) -> Connected:
        """Let the hub work for a connection, and have the store send its webhooks."""
        ...

    async def cloned_configuration(self, source: ConnectionId, target: ConnectionId) -> Configuration:
        """Return the configuration by which a connection is set as another is."""
        ...

    async def apply_configuration(self, wanted: Configuration, shown: Sequence[Step]) -> None:
        """Do what a person was shown, all of it or nothing."""
        ...


SettingUpAs: TypeAlias = Callable[[Actor], SettingUp]
"""Opens the set-up for whoever is logged in."""
