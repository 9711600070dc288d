"""Customers who buy: an order, and units that are added to one."""

from collections.abc import Iterator
from dataclasses import replace

from crossdock.model.catalog import Variant
from crossdock.model.names import LocationId, OrderId, Units
from crossdock.testing.builders import a_fulfillment_order, a_fulfillment_order_line, a_line, an_order
from crossdock.testing.storefront.catalog import Catalog
from crossdock.testing.storefront.levels import Levels
from crossdock.testing.storefront.orders import Orders
from crossdock.testing.storefront.service import UNREQUESTED


class Sales:
    """Makes orders, and commits what was bought."""

    def __init__(self, catalog: Catalog, levels: Levels, orders: Orders, numbers: Iterator[int]) -> None:
        self._catalog = catalog
        self._levels = levels
        self._orders = orders
        self._numbers = numbers

    def buy(self, location: LocationId, *wanted: tuple[Variant, int]) -> OrderId:
        """Let a customer buy and pay; all is to ship from one location, and available goes down to below zero."""
        number = 1000 + next(self._numbers)
        lines = [
            a_line(next(self._numbers), sku=variant.sku, quantity=units, variant=_number(variant.id))
            for variant, units in wanted
        ]
        fo = a_fulfillment_order(
            *(a_fulfillment_order_line(line) for line in lines), number=number, location=_number(location)
        )
        place = self._catalog.location(location)
        if place is not None and place.is_service:
            fo = replace(fo, at_service=True, supported_actions=UNREQUESTED)
        now = self._orders.now()
        order = an_order(number=number, lines=lines, fulfillment_orders=[fo], updated_at=now)
        self._orders.put(replace(order, created_at=now))
        for variant, units in wanted:
            self._levels.sell((variant.inventory_item, location), units)
        return order.id

    def add(self, id_: OrderId, variant: Variant, units: Units) -> None:
        """Make units a new line of an order, to ship from where its first goods did."""
        order, number = self._orders[id_], next(self._numbers)
        line = a_line(number, sku=variant.sku, quantity=units, variant=_number(variant.id))
        place = order.fulfillment_orders[0].location
        assert place is not None
        fo = a_fulfillment_order(a_fulfillment_order_line(line), number=number, location=_number(place))
        self._levels.uncommit(fo, fo.lines[0], -units, restock=True)
        self._orders.change(
            replace(
                order,
                lines=(*order.lines, line),
                fulfillment_orders=(*order.fulfillment_orders, fo),
                fulfillment_status="PARTIALLY_FULFILLED",
            )
        )


def _number(id_: str) -> int:
    return int(id_.rsplit("/", 1)[-1])
