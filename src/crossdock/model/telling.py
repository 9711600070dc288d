"""What Shopify was told of packages, as far as the hub knows."""

from dataclasses import dataclass, field
from datetime import timedelta

from crossdock.model.names import FulfillmentId, PackageId
from crossdock.model.request import DeliveryEvent, Tracking


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """An event that Shopify was told of, or that it was tried to tell; `ago` is how long since."""

    event: DeliveryEvent
    told: bool
    ago: timedelta = field(default=timedelta.max, compare=False)


@dataclass(frozen=True, slots=True)
class Told:
    """
    A package that Shopify was told of, with which tracking, and how long `ago` it was last tried; by the hub's clock.

    `tracking` is in the backend's words. `fulfillment` is None while it is not known whether Shopify heard: it was
    tried, and the answer was lost or never came. `settled` says that the last try has a known end. `cancelled` packages
    are done with. `moving` is how long ago its goods were last to move on Shopify, where nobody knows what came of it;
    until it was `begun` to be told, that is all that was tried.
    """

    package: PackageId
    tracking: Tracking
    fulfillment: FulfillmentId | None
    ago: timedelta = field(default=timedelta.max, compare=False)
    settled: bool = True
    cancelled: bool = False
    events: tuple[ToldEvent, ...] = ()
    moving: timedelta | None = field(default=None, compare=False)
    begun: bool = True
