"""What one order looks like from both sides, before anything is decided."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crossdock.flows.orders.filling import Filling
from crossdock.model.announced import KnownReturn
from crossdock.model.answer import Answer
from crossdock.model.capability import Capability
from crossdock.model.cause import Hold
from crossdock.model.change import Terms
from crossdock.model.commitment import Commitment
from crossdock.model.connection import Connection
from crossdock.model.generation import fulfillment_order_of
from crossdock.model.names import (
    FulfillmentOrderId,
    FulfillmentOrderLineId,
    InventoryItemId,
    ItemCode,
    LocationId,
    OrderId,
    PackageId,
    RequestKey,
    Units,
    VariantId,
)
from crossdock.model.order import FulfillmentOrder, Order
from crossdock.model.override import Override
from crossdock.model.request import FulfillmentRequest, WorkState
from crossdock.model.route import Facts, Route
from crossdock.model.withdrawal import Cancellation


@dataclass(frozen=True, slots=True)
class Linked:
    """The backend item of a variant."""

    item: ItemCode
    inventory_item: InventoryItemId


@dataclass(frozen=True, slots=True)
class Work:
    """The backend's order for a request, as last heard of."""

    reference: str
    state: WorkState


@dataclass(frozen=True, slots=True)
class Sent:
    """
    A request of this order that was tried before.

    `work` is the backend's order for it, None where the backend does not have it. `recorded` is False where the
    answer to an earlier try was lost, so that only the backend knows. `asked` is what the backend has, by line, and
    `short` what of it was given up. `taken_back` says that a package which left for
    it is back, so that its units are the backend's to ship again.
    """

    key: RequestKey
    """What the backend knows it by."""
    name: str
    location: LocationId
    """Where it ships from."""
    work: Work | None
    recorded: bool
    terms: Terms | None = None
    """What the backend's order rests on, as last agreed; None where it was not kept."""
    asking: bool = False
    """Whether the answer to a change was lost, so that only the backend knows what it has."""
    counted: bool = True
    """Whether its order was looked at to the end since it was accepted."""
    taken_back: bool = False
    """Whether a package of it was taken back, so that its units are to leave again."""
    stopping: bool = False
    """Whether the hub asked the backend to stop it, and it did not say no."""

    asked: Mapping[FulfillmentOrderLineId, Units] = field(default_factory=dict)
    short: Mapping[FulfillmentOrderLineId, Units] = field(default_factory=dict)

    @property
    def fulfillment_order(self) -> FulfillmentOrderId:
        """What it was made for."""
        return fulfillment_order_of(self.key)

    @property
    def stopped(self) -> bool:
        """Whether the hub itself had it stopped, so that what it was for may be asked for anew."""
        return self.stopping and self.work is not None and self.work.state is WorkState.CANCELLED

    @property
    def followed_up(self) -> bool:
        """Whether it is as it left for good, and what its fulfillment order still waits for is another request's."""
        return self.terms is not None and self.terms.followed_up

    def is_over(self, fo: FulfillmentOrder) -> bool:
        """Whether its fulfillment order is open to another request: it was stopped, or is to ship from elsewhere."""
        done = self.work is not None and not self.work.state.may_still_ship
        return self.stopped or (done and fo.location != self.location)


@dataclass(frozen=True, slots=True)
class Undone:
    """A package that left, whose fulfillment (by its name) somebody cancelled on Shopify."""

    package: PackageId
    fulfillment: str
    contents: tuple[tuple[FulfillmentOrderLineId, Units], ...]


@dataclass(frozen=True, slots=True)
class Left:
    """
    What of the order has left, by request and line.

    `told` are the units of all packages of which Shopify was told or was about to be, but for those that were taken
    back and that it counts no longer. `sure` says that Shopify shows all of them, so that what it counts as remaining
    can be compared.
    """

    told: Mapping[tuple[RequestKey, FulfillmentOrderLineId], int] = field(default_factory=dict)
    sure: bool = True
    undone: Sequence[Undone] = ()


@dataclass(frozen=True, slots=True)
class Sight:
    """
    One order, what was asked for it, and what is known of its goods.

    `order` says what people say of it in the place of Shopify; it is None where Shopify does not show it.
    `catalog_held` are variants that the catalog could not link.
    """

    id: OrderId
    read_at: datetime
    """When the read began, by the database's clock."""
    order: Order | None
    sent: Sequence[Sent]
    hold: Hold | None
    """What held it after the last look."""
    links: Mapping[VariantId, Linked]
    catalog_held: frozenset[VariantId]
    wanted: Sequence[Commitment]
    """What it was last seen to want of each level."""
    connection: Connection
    left: Left = field(default_factory=Left)
    can: frozenset[Capability] = frozenset()
    """What the backend can do beyond the least."""
    filling: Filling = field(default_factory=Filling)
    """How the backend's own fields are filled."""
    overrides: Mapping[str, Override] = field(default_factory=dict)
    """What people say of it, by field; `order` and `filling` have it in them."""

    otherwise: Mapping[str, str | None] = field(default_factory=dict)
    """What would be said in those fields were it not for them."""

    found_before: Sequence[str] = ()
    """What the last look found not to sum up of its money."""
    answered: Answer | None = None
    """What a person said to its hold."""
    expected_back: Sequence[KnownReturn] = ()
    """Which of its goods the backend expects back, or is being asked to."""
    cancellation: Cancellation | None = None
    """The cancelling of it on Shopify that was begun, if any."""

    resolved: bool = False
    """Whether a person said that its hold is done with."""

    route: Route | None = None
    """From where it is to ship, as it was last decided."""
    is_new_route: bool = False
    """Whether that was decided at this very look."""
    facts: Facts | None = None
    """What that is to be decided from anew; None where it need not be."""

    @property
    def told(self) -> Mapping[RequestKey, FulfillmentRequest]:
        """What the backend was told of the order's requests, but for those that it cancelled."""
        return {
            one.key: one.terms.request
            for one in self.sent
            if one.terms is not None and (one.work is None or one.work.state is not WorkState.CANCELLED)
        }

    @property
    def news_otherwise(self) -> Mapping[str, str | None]:
        """What would be said but for a person, where the last look did not find just that."""
        known = self.overrides
        return {
            name: text
            for name, text in self.otherwise.items()
            if known[name].seen_at is None or known[name].otherwise != text
        }

    def put_aside(self, hold: Hold) -> bool:
        """Whether a person has read what `hold` says, and said that it is done with."""
        known = self.hold
        return self.resolved and known is not None and (known.cause, known.detail) == (hold.cause, hold.detail)

    @property
    def name(self) -> str:
        """What a person calls it: Shopify's name where it is known."""
        return self.id if self.order is None else self.order.name


def to_ship_again(sight: Sight) -> Collection[FulfillmentOrderId]:
    """Return the fulfillment orders whose requests a package came back to, so that the backend has its units again."""
    return {
        one.fulfillment_order
        for one in sight.sent
        if one.taken_back
        and one.work is not None
        and one.work.state is not WorkState.CANCELLED
        and not _all_told(sight, one)
    }


def _all_told(sight: Sight, sent: Sent) -> bool:
    """Whether Shopify was told of all of it since, wherever it counted that."""
    told = sight.left.told
    return bool(sent.asked) and all(told.get((sent.key, line), 0) >= units for line, units in sent.asked.items())
