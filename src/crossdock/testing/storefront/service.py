"""What a merchant requests of a fulfillment service, and what the service answers."""

from collections.abc import Iterator
from dataclasses import replace

from crossdock.kit.errors import TryAgain
from crossdock.model.names import FulfillmentOrderId, FulfillmentOrderLineId, Units
from crossdock.model.order import FulfillmentOrder
from crossdock.model.service_request import Reply, Say, awaits_word, is_called_back
from crossdock.testing.storefront.orders import Orders

UNREQUESTED = frozenset({"REQUEST_FULFILLMENT", "CREATE_FULFILLMENT", "MOVE", "HOLD"})
"""What can be done to a fulfillment order that a service is to ship and that nobody requested of it yet."""

_ACCEPTED = frozenset({"REQUEST_CANCELLATION", "CREATE_FULFILLMENT"})
_AFTER = {
    Say.ACCEPT: ("IN_PROGRESS", "ACCEPTED", _ACCEPTED),
    Say.REJECT: ("OPEN", "REJECTED", UNREQUESTED),
    Say.REFUSE: ("IN_PROGRESS", "CANCELLATION_REJECTED", _ACCEPTED),
    Say.CLOSE: ("INCOMPLETE", "CLOSED", UNREQUESTED),
}
"""A fulfillment order after a service's answer: status, request status and supported actions (recorded 2026-04)."""


class Service:
    """The requests of one store's fulfillment orders."""

    def __init__(self, orders: Orders, numbers: Iterator[int]) -> None:
        self._orders = orders
        self._numbers = numbers
        self.replies: list[Reply] = []
        """Every answer to a merchant's request that was taken."""

    def assign(self, id_: FulfillmentOrderId) -> None:
        """Have a fulfillment service ship it, unrequested."""
        _, part = self._orders.part(id_)
        self._orders.put_part(replace(part, at_service=True, supported_actions=UNREQUESTED))

    def request(self, id_: FulfillmentOrderId) -> None:
        """Let the merchant request a fulfillment order of the service."""
        _, part = self._orders.part(id_)
        can = frozenset({"CANCEL_FULFILLMENT_ORDER"})
        self._orders.put_part(replace(part, status="OPEN", request_status="SUBMITTED", supported_actions=can))

    def call_back(self, id_: FulfillmentOrderId) -> None:
        """Let the merchant request the cancellation of what the service accepted."""
        _, part = self._orders.part(id_)
        can = frozenset({"CREATE_FULFILLMENT"})
        self._orders.put_part(replace(part, request_status="CANCELLATION_REQUESTED", supported_actions=can))

    def answer(self, said: Reply) -> None:
        """Take an answer, once. Raises TryAgain where none is awaited, or another one."""
        _, part = self._orders.part(said.fulfillment_order)
        waits = {
            Say.ACCEPT: awaits_word(part),
            Say.REJECT: awaits_word(part),
            Say.AGREE: is_called_back(part),
            Say.REFUSE: is_called_back(part),
            Say.CLOSE: part.at_service and part.status == "IN_PROGRESS",
        }
        if not waits[said.say]:
            raise TryAgain("The fake store: expected fulfillment order request status to be another.")
        self.replies.append(said)
        if said.say is Say.AGREE:
            self._give_up(part)
        else:
            status, request_status, can = _AFTER[said.say]
            self._orders.put_part(replace(part, status=status, request_status=request_status, supported_actions=can))

    def _give_up(self, part: FulfillmentOrder) -> None:
        """Close a fulfillment order; what was left of it waits in a new one to be requested."""
        number = next(self._numbers)
        new = replace(
            part,
            id=FulfillmentOrderId(f"{part.id}{number}"),
            status="OPEN",
            request_status="UNSUBMITTED",
            supported_actions=UNREQUESTED,
            lines=tuple(
                replace(line, id=FulfillmentOrderLineId(f"{line.id}{number}"), total=line.remaining)
                for line in part.lines
                if line.remaining
            ),
        )
        rest = tuple(replace(line, total=Units(line.total - line.remaining), remaining=Units(0)) for line in part.lines)
        closed = replace(
            part, status="CLOSED", request_status="CANCELLATION_ACCEPTED", supported_actions=frozenset(), lines=rest
        )
        self._orders.put_part(closed)
        order, _ = self._orders.part(closed.id)
        self._orders.change(replace(order, fulfillment_orders=(*order.fulfillment_orders, new)))
