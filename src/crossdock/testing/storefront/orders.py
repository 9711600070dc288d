"""The orders that the store has, and whatever is found in one of them by its id."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from crossdock.kit.clock import Clock
from crossdock.kit.errors import TryAgain
from crossdock.model.names import FulfillmentId, FulfillmentOrderId, OrderId
from crossdock.model.order import Fulfillment, FulfillmentOrder, Order


class Orders:
    """Orders by their ids, in the order in which they came."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._orders: dict[OrderId, Order] = {}

    def __getitem__(self, id_: OrderId) -> Order:
        return self._orders[id_]

    def __contains__(self, id_: OrderId) -> bool:
        return id_ in self._orders

    def __iter__(self) -> Iterator[Order]:
        return iter(tuple(self._orders.values()))

    def now(self) -> datetime:
        """Return the store's time."""
        return self._clock.now()

    def put(self, order: Order) -> None:
        """Have an order, as it is given."""
        self._orders[order.id] = order

    def change(self, order: Order) -> None:
        """Have an order as it is given, changed just now."""
        self.put(replace(order, updated_at=self.now()))

    def forget(self, id_: OrderId) -> None:
        """Have an order no longer."""
        del self._orders[id_]

    def part(self, id_: FulfillmentOrderId) -> tuple[Order, FulfillmentOrder]:
        """Return a fulfillment order and the order that it is part of. Raises TryAgain where there is none."""
        for order in self:
            for part in order.fulfillment_orders:
                if part.id == id_:
                    return order, part
        raise TryAgain("The fake store: fulfillment order does not exist.")

    def put_part(self, changed: FulfillmentOrder, *new: FulfillmentOrder) -> None:
        """Have a fulfillment order as it is given, and new ones of the same order right after it."""
        order, before = self.part(changed.id)
        parts = (one for part in order.fulfillment_orders for one in ((changed, *new) if part is before else (part,)))
        self.change(replace(order, fulfillment_orders=tuple(parts)))

    def fulfillment(self, id_: FulfillmentId) -> tuple[Order, Fulfillment]:
        """Return a fulfillment and the order that it is of. Raises TryAgain where there is none."""
        for order in self:
            for fulfillment in order.fulfillments:
                if fulfillment.id == id_:
                    return order, fulfillment
        raise TryAgain("The fake store: fulfillment not found.")

    def put_fulfillment(self, changed: Fulfillment) -> None:
        """Have a fulfillment as it is given."""
        order, _ = self.fulfillment(changed.id)
        fulfillments = tuple(changed if one.id == changed.id else one for one in order.fulfillments)
        self.change(replace(order, fulfillments=fulfillments))
