"""What commands ask of the hub, handed to them by the composition root."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from crossdock.edge.checks import Check
from crossdock.edge.tying import AddedStore, Connected, Mapped, NewConnection, NewStore
from crossdock.model.channel import Channel
from crossdock.model.difference import Difference
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, InventoryItemId, OrderId
from crossdock.model.people import Actor
from crossdock.model.stock import InventoryLevel

if TYPE_CHECKING:
    # Half a second of start-up that `--help` does not need.
    from crossdock.edge.configuration.differences import Step
    from crossdock.edge.configuration.document import Configuration
    from crossdock.edge.mapping_changes import Tried
    from crossdock.edge.outside import Outside
    from crossdock.edge.privacy.dossier import Dossier
    from crossdock.edge.replaying import Replay
    from crossdock.model.field_mapping import FieldMapping
    from crossdock.model.plan import Plan
    from crossdock.model.request_field import FieldSpec
    from crossdock.store.alert_messages import Sending
    from crossdock.store.database import Database


@dataclass(frozen=True, slots=True)
class Again:
    """What is to be looked at though nobody said that it changed. With `orders`, nothing is swept."""

    orders: Sequence[OrderId] = ()
    stock: bool = False
    catalog: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """How many looks a catch-up took, and how many of them ended in a hold, a wait or a failure."""

    looked_at: int = 0
    held: int = 0
    waiting: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """What a catch-up found changed on both sides, and what it did about it, by flow."""

    connection: ConnectionId
    changed_at_store: int
    changed_at_backend: int
    flows: Mapping[Flow, Tally]


@dataclass(frozen=True, slots=True)
class Remaining:
    """A difference between both sides. `cause` says why it outlived a look; None where none was made."""

    difference: Difference
    cause: str | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a comparison of both sides went through, what differed, and what still does after the repair."""

    connection: ConnectionId
    began_at: datetime
    orders: int
    packages: int
    items: int
    differed: Sequence[Difference]
    remaining: Sequence[Remaining]


@dataclass(frozen=True, slots=True)
class Sealed:
    """How many secrets are sealed under each key, by the key's fingerprint, the newest key first."""

    by_key: Mapping[str, int]


class Hub(Protocol):
    """
    An open installation.

    Every method raises UsageError, with a sentence, where what was asked for cannot be done, and TryAgain, Refused or
    StoreUnusable where the other side says so.
    """

    @property
    def database(self) -> "Database":
        """The hub's database, for what is only read, marked or switched."""
        ...

    @property
    def actor(self) -> Actor:
        """Who types the command, for the audit trail."""
        ...

    @property
    def portal_url(self) -> str:
        """Where a browser on this machine finds the portal."""
        ...

    @property
    def outside(self) -> "Outside":
        """Both sides of every connection, for what a person asks them."""
        ...

    async def sealed(self) -> Sealed:
        """Return how many secrets each key seals."""
        ...

    async def rotate_secrets(self) -> Sealed:
        """Seal everything anew under another key."""
        ...

    async def set_channel(self, name: str, channel: Channel) -> str:
        """Add a channel for alerts, or change the one of this name; return its name."""
        ...

    async def test_alert(self, name: str) -> "Sending":
        """Send a test by an alert's channel, in this process; return what became of it."""
        ...

    async def test_channel(self, name: str, user: str) -> "Sending":
        """Send a test by a channel, in this process, by mail to `user` where one is named; return what became of it."""
        ...

    async def add_store(self, wanted: NewStore) -> AddedStore:
        """Ask the shop who it is, then keep its credentials."""
        ...

    async def connect(self, wanted: NewConnection) -> Connected:
        """Tie a store to a backend, all flows on."""
        ...

    async def cloned_configuration(self, source: ConnectionId, target: ConnectionId) -> "Configuration":
        """Return the configuration by which a connection is set as another is."""
        ...

    async def apply_configuration(self, wanted: "Configuration", shown: "Sequence[Step]") -> None:
        """Do what a person was shown, all of it or nothing."""
        ...

    async def map_location(self, connection: ConnectionId, location: str, warehouse: str) -> Mapped:
        """Let a warehouse serve a location, named by its name, number or gid."""
        ...

    async def unmap_location(self, connection: ConnectionId, location: str, warehouse: str) -> Mapped:
        """Take a warehouse away from a location."""
        ...

    async def catch_up(
        self, connection: ConnectionId, again: Again, tell: Callable[[Flow | str, int], None]
    ) -> CaughtUp:
        """Sweep both sides and look at all that is due, in this process; `tell` hears of each batch."""
        ...

    async def read_levels(self, connection: ConnectionId, items: Sequence[InventoryItemId]) -> Sequence[InventoryLevel]:
        """Return what Shopify holds of these items now, at every location that stocks them."""
        ...

    async def plan(self, connection: ConnectionId, flow: Flow, keys: Sequence[str]) -> "Sequence[Plan[Any]]":
        """Return what would be done about these objects, and do nothing."""
        ...

    async def fields_of(self, connection: ConnectionId) -> "Sequence[FieldSpec]":
        """Return the fields that the connection's backend takes beside what every request says."""
        ...

    async def try_mapping(
        self, connection: ConnectionId, orders: Sequence[OrderId], mapping: "FieldMapping | None"
    ) -> "Sequence[Tried]":
        """Fill the fields of these orders as Shopify has them now, by `mapping`, else by the one in force."""
        ...

    async def replay(self, connection: ConnectionId, order: OrderId) -> "Replay":
        """Decide an order anew by each of its flows, and do nothing."""
        ...

    async def dossier(self, number: int) -> "Dossier":
        """Return all that is held of the customer of a privacy request."""
        ...

    async def carry_out(self) -> None:
        """Go on with what people asked to have erased."""
        ...

    async def retain(self) -> None:
        """Throw away what is older than it is to be kept."""
        ...

    async def reconcile(
        self, connection: ConnectionId, tell: Callable[[Flow | str, int], None], *, repair: bool
    ) -> Agreement:
        """Compare both sides; to repair, look again at what differs, in this process, and compare that once more."""
        ...


class Installation(Protocol):
    """What a command starts from: an installation that is not open yet."""

    def hub(self, say: Callable[[str], None]) -> AbstractAsyncContextManager[Hub]:
        """Open it for one command; `say` is told what a person should know."""
        ...

    async def examine(self) -> Sequence[Check]:
        """Check everything that can be checked; what is broken is a finding, not an error."""
        ...
