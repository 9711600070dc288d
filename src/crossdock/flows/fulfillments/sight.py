"""What the shipping of one order looks like from both sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from crossdock.model.cause import Hold
from crossdock.model.connection import FulfillmentRules
from crossdock.model.names import FulfillmentId, OrderId, PackageId, RequestKey
from crossdock.model.order import Order
from crossdock.model.request import Package, WorkOrder, WorkState


@dataclass(frozen=True, slots=True)
class Known:
    """A request that the backend accepted, with its state as last recorded."""

    work: WorkOrder
    name: str
    recorded: WorkState | None


@dataclass(frozen=True, slots=True)
class Told:
    """
    A package that Shopify was told of, with which number, and how long ago; by the hub's clock.

    `fulfillment` is None where the answer was lost, or has not come yet.
    """

    package: PackageId
    tracking_number: str | None
    fulfillment: FulfillmentId | None
    ago: timedelta = timedelta.max


@dataclass(frozen=True, slots=True)
class Sight:
    """
    One order at Shopify, its work at the backend, and what was done so far.

    `order` is None where Shopify does not show it, and where there is nothing to tell, so that it was not asked.
    """

    id: OrderId
    order: Order | None
    work: Sequence[Known]
    told: Sequence[Told]
    hold: Hold | None
    rules: FulfillmentRules

    @property
    def untold(self) -> Sequence[tuple[RequestKey, Package]]:
        """The packages that Shopify is not known to know of, with the request that each left for."""
        return untold([known.work for known in self.work], self.told)


def untold(work: Sequence[WorkOrder], told: Sequence[Told]) -> Sequence[tuple[RequestKey, Package]]:
    """Return the packages that Shopify is not known to know of, in the order in which they left."""
    known = {one.package for one in told if one.fulfillment is not None}
    return [(one.key, package) for one in work for package in one.packages if package.id not in known]
