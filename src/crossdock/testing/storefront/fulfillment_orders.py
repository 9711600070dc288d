"""Fulfillment orders: holds on them, how far the work is, and what is left of them (as recorded 2026-04)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from crossdock.kit.errors import Refused
from crossdock.model.names import FulfillmentHoldId, FulfillmentOrderId
from crossdock.model.order import FulfillmentHold, FulfillmentOrder, FulfillmentOrderLine
from crossdock.testing.storefront.orders import Orders


class FulfillmentOrders:
    """Changes status and supported actions of the fulfillment orders among the store's orders."""

    def __init__(self, orders: Orders, numbers: Iterator[int]) -> None:
        self._orders = orders
        self._numbers = numbers
        self.prepared: list[FulfillmentOrderId] = []
        """Every time that goods were said to wait for their customer."""

    def hold(self, id_: FulfillmentOrderId, reason: str, *, ours: bool) -> None:
        """Put a hold on a fulfillment order; an app has one."""
        _, part = self._orders.part(id_)
        if ours and any(one.ours for one in part.holds):
            return
        made = FulfillmentHold(FulfillmentHoldId(f"gid://shopify/FulfillmentHold/{next(self._numbers)}"), ours, reason)
        can = part.supported_actions - {"CREATE_FULFILLMENT"} | {"RELEASE_HOLD"}
        self._orders.put_part(replace(part, status="ON_HOLD", holds=(*part.holds, made), supported_actions=can))

    def release(self, id_: FulfillmentOrderId, holds: Sequence[FulfillmentHoldId]) -> None:
        """Take these holds off; without any left, work goes on."""
        _, part = self._orders.part(id_)
        left = tuple(one for one in part.holds if one.id not in holds)
        if left:
            self._orders.put_part(replace(part, holds=left))
        else:
            can = part.supported_actions - {"RELEASE_HOLD"} | {"CREATE_FULFILLMENT"}
            self._orders.put_part(replace(part, status="OPEN", holds=(), supported_actions=can))

    def report_progress(self, id_: FulfillmentOrderId) -> None:
        """Have work begun; what is worked on does not move."""
        _, part = self._orders.part(id_)
        can = (part.supported_actions | {"MARK_AS_OPEN"}) - {"MOVE"}
        self._orders.put_part(replace(part, status="IN_PROGRESS", supported_actions=can))

    def take_progress_back(self, id_: FulfillmentOrderId) -> None:
        """Have nobody work on it any more. Raises Refused where nobody does."""
        _, part = self._orders.part(id_)
        if not part.can("MARK_AS_OPEN"):
            raise Refused("The fake store: expected fulfillment order status to be valid.")
        can = (part.supported_actions - {"MARK_AS_OPEN"}) | {"MOVE"}
        self._orders.put_part(replace(part, status="OPEN", supported_actions=can))

    def prepare(self, id_: FulfillmentOrderId) -> None:
        """Have the goods wait for their customer. Raises Refused where they are to be shipped."""
        _, part = self._orders.part(id_)
        if part.method != "PICK_UP":
            raise Refused("The fake store: invalid fulfillment_order_id provided.")
        self.prepared.append(id_)


def left_with(part: FulfillmentOrder, lines: Iterable[FulfillmentOrderLine]) -> FulfillmentOrder:
    """Return a fulfillment order with these lines, closed where nothing of them remains."""
    left = replace(part, lines=tuple(lines))
    if any(line.remaining for line in left.lines):
        return left
    return replace(left, status="CLOSED", supported_actions=frozenset())
