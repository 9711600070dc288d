"""What the shipping of one order looks like from both sides."""

from collections.abc import Sequence
from dataclasses import dataclass

from crossdock.model.cause import Hold
from crossdock.model.connection import FulfillmentRules
from crossdock.model.names import FulfillmentId, OrderId, PackageId
from crossdock.model.order import Order
from crossdock.model.request import WorkOrder, WorkState


@dataclass(frozen=True, slots=True)
class Known:
    """A request that the backend accepted, with its state as last recorded."""

    work: WorkOrder
    name: str
    recorded: WorkState | None


@dataclass(frozen=True, slots=True)
class Told:
    """A package that Shopify was told of; `fulfillment` is None where the answer was lost."""

    package: PackageId
    fulfillment: FulfillmentId | None


@dataclass(frozen=True, slots=True)
class Sight:
    """One order at Shopify (None where it is not shown), its work at the backend, and what was done so far."""

    id: OrderId
    order: Order | None
    work: Sequence[Known]
    told: Sequence[Told]
    hold: Hold | None
    rules: FulfillmentRules
