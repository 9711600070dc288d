"""What an order's shipping has come to, derived from its lines and fulfillment orders."""

from shopify_standin.model.sales import Order
from shopify_standin.world import World


def fulfillment_status(world: World, order: Order, version: str) -> str:
    """`displayFulfillmentStatus`."""
    wanted = sum(line.current_quantity for line in order.lines)
    told = order.rest_fulfillment_status
    if told is not None:
        return "FULFILLED" if told == "fulfilled" else "PARTIALLY_FULFILLED"
    if order.cancelled_at is not None or not wanted:
        return "FULFILLMENT_NOT_REQUIRED" if version >= "2026-10" else "UNFULFILLED"
    states = {world.fulfillment_orders[number].status for number in order.fulfillment_order_ids}
    states -= {"CLOSED", "CANCELLED"}
    for state in ("ON_HOLD", "SCHEDULED"):
        if states == {state}:
            return state
    return "IN_PROGRESS" if "IN_PROGRESS" in states else "UNFULFILLED"
