"""What the shipping of one order looks like from both sides."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crossdock.model.answer import Answer
from crossdock.model.cause import Hold
from crossdock.model.connection import FulfillmentRules
from crossdock.model.names import (
    FulfillmentId,
    FulfillmentOrderLineId,
    LocationId,
    OrderId,
    RequestKey,
    Units,
    WarehouseCode,
)
from crossdock.model.order import Order
from crossdock.model.request import DeliveryEvent, Package, Tracking, WorkOrder, WorkState
from crossdock.model.showing import Showing
from crossdock.model.telling import Told


@dataclass(frozen=True, slots=True)
class Known:
    """
    A request that the backend accepted, with its state as last recorded, and what it was asked for by line.

    `shown` is what Shopify shows of how far it is, as far as the hub told it.
    """

    work: WorkOrder
    name: str
    recorded: WorkState | None
    shown: Showing = field(default_factory=Showing)
    asked: Mapping[FulfillmentOrderLineId, Units] = field(default_factory=dict)
    warehouse: WarehouseCode | None = None
    """Which warehouse was asked."""
    location: LocationId | None = None
    """For which location."""


@dataclass(frozen=True, slots=True)
class Due:
    """A package of which Shopify has something to hear, with what it heard before; None where nothing."""

    key: RequestKey
    package: Package
    told: Told | None

    @property
    def corrected(self) -> bool:
        """Whether its tracking is another than Shopify was told, or nobody knows whether Shopify heard."""
        if self.told is None or self.told.fulfillment is None:
            return False
        # What a backend no longer says is not taken back: a customer may be following it.
        changed = self.package.tracking not in {self.told.tracking, Tracking()}
        return changed or not self.told.settled

    @property
    def events(self) -> Sequence[DeliveryEvent]:
        """What happened to it that Shopify is not known to know, oldest first."""
        told = {one.event for one in self.told.events if one.told} if self.told is not None else set()
        return sorted({*self.package.events} - told, key=lambda event: (event.happened_at, event.status))

    def __bool__(self) -> bool:
        """Say whether there is anything to tell."""
        if self.told is None:
            return not self.package.cancelled
        if self.told.cancelled:
            return False
        return self.package.cancelled or self.told.fulfillment is None or self.corrected or bool(self.events)


@dataclass(frozen=True, slots=True)
class Sight:
    """
    One order at Shopify, its work at the backend, and what was done so far.

    `order` is None where Shopify does not show it, and where there is nothing to tell, so that it was not asked.
    `events` is what Shopify has of the fulfillments with something new to report.
    """

    id: OrderId
    order: Order | None
    work: Sequence[Known]
    told: Sequence[Told]
    hold: Hold | None
    rules: FulfillmentRules
    events: Mapping[FulfillmentId, Sequence[DeliveryEvent]] = field(default_factory=dict)
    warehouses: Mapping[LocationId, tuple[WarehouseCode, ...]] = field(default_factory=dict)
    """Which warehouses serve each location."""
    answered: Answer | None = None
    """What a person said to its hold."""
    expected_back: Mapping[RequestKey, Counter[str]] = field(default_factory=dict)
    """Units by line that were taken off a request after they had left, and that the backend expects back."""

    def comes_back(self, one: Due) -> bool:
        """Whether all that a package holds was taken off the order after it had left."""
        back = self.expected_back.get(one.key)
        return back is not None and all(0 < units <= back[line] for line, units in one.package.contents)

    @property
    def spoken_for(self) -> Mapping[FulfillmentOrderLineId, int]:
        """The units of each line that the backend is still to ship for the line's own request."""
        found = Counter[FulfillmentOrderLineId]()
        for known in self.work:
            if known.work.state.may_still_ship:
                found.update(known.asked)
                found.subtract(dict(known.work.short))
                for package in known.work.packages:
                    for line, units in () if package.cancelled else package.contents:
                        found[line] -= units
        return +found

    @property
    def due(self) -> Sequence[Due]:
        """The packages with something to tell, with the request that each left for."""
        return due([known.work for known in self.work], self.told)


def due(work: Sequence[WorkOrder], told: Sequence[Told]) -> Sequence[Due]:
    """Return the packages of which Shopify has something to hear, in the order in which they left."""
    before = {one.package: one for one in told}
    every = [Due(one.key, package, before.get(package.id)) for one in work for package in one.packages]
    return [one for one in every if one]
