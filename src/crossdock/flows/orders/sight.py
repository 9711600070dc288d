"""What one order looks like from both sides, before anything is decided."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crossdock.model.capability import Capability
from crossdock.model.cause import Hold
from crossdock.model.change import Terms
from crossdock.model.commitment import Commitment
from crossdock.model.connection import Connection
from crossdock.model.names import (
    FulfillmentOrderId,
    FulfillmentOrderLineId,
    InventoryItemId,
    ItemCode,
    OrderId,
    RequestKey,
    Units,
    VariantId,
)
from crossdock.model.order import Order
from crossdock.model.request import FulfillmentRequest, WorkState


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
    answer to an earlier try was lost, so that only the backend knows. `taken_back` says that a package which left for
    it is back, so that its units are the backend's to ship again.
    """

    fulfillment_order: FulfillmentOrderId
    name: str
    work: Work | None
    recorded: bool
    terms: Terms | None = None
    """What the backend's order rests on, as last agreed; None where it was not kept."""
    asking: bool = False
    """Whether the answer to a change was lost, so that only the backend knows what it has."""
    taken_back: bool = False
    """Whether a package of it was taken back, so that its units are to leave again."""

    @property
    def key(self) -> RequestKey:
        """What the backend knows it by."""
        return RequestKey(self.fulfillment_order)


def to_ship_again(sent: Sequence[Sent]) -> Collection[FulfillmentOrderId]:
    """Return the fulfillment orders whose requests a package came back to, so that the backend has its units again."""
    return {
        one.fulfillment_order
        for one in sent
        if one.taken_back and one.work is not None and one.work.state is not WorkState.CANCELLED
    }


@dataclass(frozen=True, slots=True)
class Left:
    """
    What of the order has left, and what never will, by line.

    `told` are the units of all packages of which Shopify was told or was about to be, but for those that were taken
    back and that it counts no longer. `sure` says that Shopify shows all of them, so that what it counts as remaining
    can be compared.
    """

    told: Mapping[FulfillmentOrderLineId, int] = field(default_factory=dict)
    given_up: Mapping[FulfillmentOrderLineId, Units] = field(default_factory=dict)
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Sight:
    """
    One order, what was asked for it, and what is known of its goods.

    `order` is None where Shopify does not show it. `catalog_held` are variants that the catalog could not link.
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
    found_before: Sequence[str] = ()
    """What the last look found not to sum up of its money."""
    answered: str | None = None
    """What a hold said that a person answered with leaving the order as the backend has it."""

    @property
    def told(self) -> Mapping[RequestKey, FulfillmentRequest]:
        """What the backend was told of the order's requests, but for those that it cancelled."""
        return {
            one.key: one.terms.request
            for one in self.sent
            if one.terms is not None and (one.work is None or one.work.state is not WorkState.CANCELLED)
        }

    @property
    def name(self) -> str:
        """What a person calls it: Shopify's name where it is known."""
        return self.id if self.order is None else self.order.name
