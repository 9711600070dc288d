"""What is taken out of orders: all of one by its cancellation, or units of its lines by an edit."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from crossdock.kit.errors import Refused, TryAgain
from crossdock.model.names import FulfillmentOrderLineId, LineItemId, OrderId, Units
from crossdock.model.order import FulfillmentOrder
from crossdock.model.withdrawal import JobId, Removal
from crossdock.testing.storefront.fulfillment_orders import left_with
from crossdock.testing.storefront.levels import Levels
from crossdock.testing.storefront.orders import Orders


class Withdrawals:
    """Cancellations, by jobs as at Shopify, and edits."""

    def __init__(self, levels: Levels, orders: Orders, numbers: Iterator[int]) -> None:
        self._levels = levels
        self._orders = orders
        self._numbers = numbers
        self._jobs: dict[JobId, tuple[OrderId, bool]] = {}
        self.slow = False
        """Whether cancellations wait for `end_jobs`."""
        self.begun: list[tuple[OrderId, bool, bool, bool]] = []
        """Every cancellation that began: the order, and whether it restocks, refunds and writes to the customer."""

    def begin(self, id_: OrderId, *, restock: bool, refund: bool, notify_customer: bool) -> JobId:
        """Begin to cancel an order; `end_jobs` ends it, at once unless it is `slow`."""
        found = self._orders[id_]
        if found.cancelled_at is not None:
            raise TryAgain("The fake store: cannot cancel an order that has already been canceled.")
        if any(not one.cancelled for one in found.fulfillments):
            raise Refused("The fake store: cannot cancel an order that has outstanding fulfillments.")
        job = JobId(f"gid://shopify/Job/{next(self._numbers)}")
        self._jobs[job] = (id_, restock)
        self.begun.append((id_, restock, refund, notify_customer))
        if not self.slow:
            self.end_jobs()
        return job

    def end_jobs(self, *, well: bool = True) -> None:
        """Let what was begun come to its end; not `well` where Shopify gives up on it."""
        for order, restock in self._jobs.values():
            if well and self._orders[order].cancelled_at is None:
                self.cancel(order, restock=restock)
        self._jobs.clear()

    def done(self, jobs: Sequence[JobId]) -> Collection[JobId]:
        """Return those of the jobs that have come to an end."""
        return {job for job in jobs if job not in self._jobs}

    def cancel(self, id_: OrderId, *, restock: bool) -> None:
        """Cancel an order and put what was not fulfilled back."""
        order = self._orders[id_]
        for fo in order.fulfillment_orders:
            for line in fo.lines:
                self._levels.uncommit(fo, line, line.remaining, restock=restock)
        closed = tuple(
            left_with(fo, (replace(line, remaining=Units(0)) for line in fo.lines)) for fo in order.fulfillment_orders
        )
        self._orders.change(replace(order, cancelled_at=self._orders.now(), fulfillment_orders=closed))

    def edit(self, id_: OrderId, line: FulfillmentOrderLineId, remaining: int) -> None:
        """Let so many units of a line be still to ship; what is taken away is for sale again, what is added is not."""
        order = self._orders[id_]
        parts = []
        for fo in order.fulfillment_orders:
            for one in fo.lines:
                if one.id == line:
                    self._levels.uncommit(fo, one, one.remaining - remaining, restock=True)
            lines = (replace(one, remaining=Units(remaining)) if one.id == line else one for one in fo.lines)
            parts.append(replace(fo, lines=tuple(lines)))
        self._orders.change(replace(order, fulfillment_orders=tuple(parts)))

    def remove(self, removal: Removal) -> None:
        """Take units out of an order, from the newest fulfillment order on. Raises Refused where they left."""
        order = self._orders[removal.order]
        if order.cancelled_at is not None:
            raise Refused("The fake store: the order cannot be edited.")
        lines = tuple(
            replace(line, current_quantity=removal.left.get(line.id, line.current_quantity)) for line in order.lines
        )
        off = {
            line.id: line.current_quantity - left.current_quantity
            for line, left in zip(order.lines, lines, strict=True)
        }
        parts = [self._without(fo, off, restock=removal.restock) for fo in reversed(order.fulfillment_orders)]
        if any(off.values()):
            raise Refused("The fake store: units that were fulfilled cannot be removed.")
        self._orders.change(replace(order, lines=lines, fulfillment_orders=tuple(reversed(parts))))

    def _without(self, fo: FulfillmentOrder, off: dict[LineItemId, int], *, restock: bool) -> FulfillmentOrder:
        """Take units out of a fulfillment order, and from what is still to be taken `off`."""
        lines = []
        for line in fo.lines:
            taken = min(line.remaining, off.get(line.line_item, 0))
            off[line.line_item] = off.get(line.line_item, 0) - taken
            self._levels.uncommit(fo, line, taken, restock=restock)
            lines.append(replace(line, total=Units(line.total - taken), remaining=Units(line.remaining - taken)))
        return left_with(fo, lines)
