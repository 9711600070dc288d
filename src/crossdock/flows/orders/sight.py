"""What one order looks like from both sides, before anything is decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crossdock.model.cause import Hold
from crossdock.model.commitment import Commitment
from crossdock.model.connection import Connection
from crossdock.model.names import FulfillmentOrderId, InventoryItemId, ItemCode, OrderId, VariantId
from crossdock.model.order import Order
from crossdock.model.request import WorkState


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
    taken_back: bool = False


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

    @property
    def name(self) -> str:
        """What a person calls it: Shopify's name where it is known."""
        return self.id if self.order is None else self.order.name
