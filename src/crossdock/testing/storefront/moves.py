"""Fulfillment orders that another location is to ship."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from crossdock.kit.errors import Refused, TryAgain
from crossdock.model.catalog import Location
from crossdock.model.names import FulfillmentOrderId, FulfillmentOrderLineId, Units
from crossdock.model.order import FulfillmentOrder
from crossdock.model.relocation import Move
from crossdock.testing.storefront.catalog import Catalog
from crossdock.testing.storefront.fulfillment_orders import left_with
from crossdock.testing.storefront.levels import Levels
from crossdock.testing.storefront.orders import Orders


class Moves:
    """Moves fulfillment orders, and what was sold along with them."""

    def __init__(self, catalog: Catalog, levels: Levels, orders: Orders, numbers: Iterator[int]) -> None:
        self._catalog = catalog
        self._levels = levels
        self._orders = orders
        self._numbers = numbers

    def move(self, move: Move) -> None:
        """
        Move a fulfillment order whole, which keeps its id, or units of it, which makes a new one.

        Raises TryAgain where it is there already, or not to be moved, and Refused where it can never go there.
        """
        _, part = self._orders.part(move.fulfillment_order)
        to = self._catalog.location(move.to)
        if to is None or not to.active:
            raise Refused("The fake store: location not found.")
        if part.location == to.id or not part.can("MOVE"):
            raise TryAgain("The fake store: cannot change location.")
        units = dict(move.lines) if move.lines is not None else {line.id: line.remaining for line in part.lines}
        items = [line.inventory_item for line in part.lines if units.get(line.id) and line.inventory_item]
        if not all(self._levels.stocks((item, to.id)) for item in items):
            raise Refused("The fake store: no items are stocked at this location. Stock them there.")
        if any(units.get(line.id, Units(0)) > line.remaining for line in part.lines):
            raise TryAgain("The fake store: invalid fulfillment order line item quantity requested.")
        self._commit_there(part, to, units)
        if all(units.get(line.id) == line.remaining == line.total for line in part.lines):
            self._orders.put_part(replace(part, location=to.id, location_name=to.name))
        else:
            self._orders.put_part(_reduced(part, units), self._moved(part, to, units))

    def _commit_there(
        self, part: FulfillmentOrder, to: Location, units: Mapping[FulfillmentOrderLineId, Units]
    ) -> None:
        """What was sold moves along: it is not for sale at the new location, and is again at the old one."""
        for line in part.lines:
            asked = units.get(line.id, Units(0))
            self._levels.uncommit(part, line, asked, restock=True)
            self._levels.uncommit(replace(part, location=to.id), line, -asked, restock=True)

    def _moved(
        self, part: FulfillmentOrder, to: Location, units: Mapping[FulfillmentOrderLineId, Units]
    ) -> FulfillmentOrder:
        number = next(self._numbers)
        moved = tuple(
            replace(line, id=FulfillmentOrderLineId(f"{line.id}{number}"), total=some, remaining=some)
            for line in part.lines
            if (some := units.get(line.id))
        )
        new_id = FulfillmentOrderId(f"{part.id}{number}")
        return replace(part, id=new_id, location=to.id, location_name=to.name, lines=moved)


def _reduced(part: FulfillmentOrder, units: Mapping[FulfillmentOrderLineId, Units]) -> FulfillmentOrder:
    return left_with(
        part,
        (
            replace(line, total=Units(line.total - gone), remaining=Units(line.remaining - gone))
            for line in part.lines
            for gone in [units.get(line.id, 0)]
        ),
    )
