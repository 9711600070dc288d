"""Goods that another location is to ship."""

from dataclasses import dataclass

from crossdock.model.names import FulfillmentOrderId, FulfillmentOrderLineId, LocationId, Units


@dataclass(frozen=True, slots=True)
class Move:
    """Units that another location is to ship; with `lines` None all that remains of the fulfillment order."""

    fulfillment_order: FulfillmentOrderId
    to: LocationId
    lines: tuple[tuple[FulfillmentOrderLineId, Units], ...] | None = None
