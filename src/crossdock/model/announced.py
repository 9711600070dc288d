"""What a backend was told of a return, and what Shopify was told of what came back, as far as the hub knows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from crossdock.model.names import (
    OrderId,
    PackageId,
    RequestKey,
    ReturnId,
    ReturnKey,
    ReturnLineId,
    ReverseOrderId,
    Units,
)
from crossdock.model.returning import ReturnTracking

_BACK = "/back/"


def key_of_goods_back(request: RequestKey, number: int) -> ReturnKey:
    """Return the key under which goods of a request are expected back that Shopify has no return for; from 1 on."""
    return ReturnKey(f"{request}{_BACK}{number}")


@dataclass(frozen=True, slots=True)
class KnownReturn:
    """
    One return as the hub has dealt with it so far.

    `id` is None while goods that nobody announced have no return at Shopify. `reference` is the backend's own name.
    `announced` are the units by line that the backend expects as last heard, None while that is not known. `telling`
    is what Shopify is being told and has not answered, `ago` how long since that began, by the hub's clock. `closed`
    says that the hub closed it, once.
    """

    key: ReturnKey
    order: OrderId
    id: ReturnId | None
    reference: str | None = None
    announced: tuple[tuple[ReturnLineId, Units], ...] | None = None
    telling: str | None = None
    ago: timedelta = field(default=timedelta.max, compare=False)
    closed: bool = False
    parcels: tuple[ReturnTracking, ...] = ()
    """Those on their way that the backend was told of, as last heard."""
    told: Mapping[PackageId, str] = field(default_factory=dict)
    """The numbers of the backend's own parcels that Shopify is known to have."""
    ways: tuple[ReverseOrderId, ...] = ()
    """Its reverse fulfillment orders, as last seen."""

    @property
    def request(self) -> RequestKey | None:
        """Whose goods it is of where Shopify has no return for them, as they were taken off after they had left."""
        request, apart, _ = self.key.partition(_BACK)
        return RequestKey(request) if apart else None
