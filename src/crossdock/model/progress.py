"""How far an order has come, from what both sides say. Pure; for pages, never decided upon."""

from collections.abc import Sequence

from crossdock.model.order import Order
from crossdock.model.request import WorkState
from crossdock.model.state import OrderState


def order_state(order: Order, work: Sequence[WorkState], *, held: bool, skipped: bool) -> OrderState:
    """
    Say where `order` stands, given the states of its work orders at the backend.

    `held` and `skipped` are what the orders flow last decided. A hold outranks all but a cancellation: it is what a
    person has to act on.
    """
    if order.cancelled_at is not None and not held:
        return OrderState.CANCELLED
    if held:
        return OrderState.HELD
    fulfilled = any(fulfillment.status != "CANCELLED" for fulfillment in order.fulfillments)
    left = any(line.remaining > 0 for fo in order.fulfillment_orders for line in fo.lines)
    if fulfilled and not left:
        return OrderState.SHIPPED
    if work and not any(state.may_still_ship for state in work) and left:
        return OrderState.SHORT
    if fulfilled:
        return OrderState.PARTLY_SHIPPED
    if work:
        return OrderState.AT_WAREHOUSE
    return OrderState.SKIPPED if skipped else OrderState.WAITING
