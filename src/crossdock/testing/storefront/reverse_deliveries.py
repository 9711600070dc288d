"""Parcels with returned goods on their way back."""

from collections.abc import Iterator
from dataclasses import replace

from crossdock.model.names import ReturnId, ReverseDeliveryId, ReverseOrderId
from crossdock.model.returning import Return, ReturnTracking, ReverseDelivery
from crossdock.testing.storefront.returns import Returns


class ReverseDeliveries:
    """The parcels of the store's returns."""

    def __init__(self, returns: Returns, numbers: Iterator[int]) -> None:
        self._returns = returns
        self._numbers = numbers

    def label(self, id_: ReturnId, tracking: ReturnTracking) -> ReverseDeliveryId:
        """Let somebody at the shop send a label for a return, which is then on its way in one parcel."""
        found = self._returns[id_]
        return self._add(found, found.reverse_lines[0].order, tracking)

    def create(self, order: ReverseOrderId, tracking: ReturnTracking) -> None:
        """Note a parcel with what is on its way of a reverse fulfillment order; carrier and label stay unsaid."""
        found = next(one for one in self._returns if order in {way.order for way in one.reverse_lines})
        self._add(found, order, ReturnTracking(number=tracking.number, url=tracking.url))

    def track(self, id_: ReverseDeliveryId, tracking: ReturnTracking) -> None:
        """Make number and address of a parcel what they are."""
        found = next(one for one in self._returns if id_ in {parcel.id for parcel in one.deliveries})
        parcels = (
            replace(one, tracking=replace(one.tracking, number=tracking.number, url=tracking.url))
            if one.id == id_
            else one
            for one in found.deliveries
        )
        self._returns.put(replace(found, deliveries=tuple(parcels)))

    def forget(self, id_: ReturnId) -> None:
        """Let no parcel of a return be known any more."""
        self._returns.put(replace(self._returns[id_], deliveries=()))

    def _add(self, found: Return, order: ReverseOrderId, tracking: ReturnTracking) -> ReverseDeliveryId:
        made = ReverseDeliveryId(f"gid://shopify/ReverseDelivery/{next(self._numbers)}")
        parcels = (*found.deliveries, ReverseDelivery(made, order, tracking))
        self._returns.put(replace(found, deliveries=parcels))
        return made
