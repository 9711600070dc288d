"""Goods that left in a package which was taken back, and are to leave again. Pure."""

from collections import Counter
from collections.abc import Collection

from crossdock.model.names import FulfillmentOrderId, LineItemId
from crossdock.model.order import FulfillmentOrder, Order


def ships_again(order: Order, fo: FulfillmentOrder, taken_back: Collection[FulfillmentOrderId]) -> bool:
    """
    Say whether a fulfillment order stands for goods that the backend was asked for already, under another's key.

    Where a fulfillment is cancelled whose fulfillment order is closed, Shopify makes a new one of its units, at the
    same location (recorded 2026-04). A backend that took their package back has them in hand: they are still of the
    request that it knows. `taken_back` are the fulfillment orders of such requests.
    """
    back: Counter[LineItemId] = Counter()
    for fulfillment in order.fulfillments:
        if fulfillment.cancelled:
            back.update(fulfillment.units)
    closed = {
        line.line_item
        for other in order.fulfillment_orders
        if other.id in taken_back and other.location == fo.location
        for line in other.lines
        if not line.remaining
    }
    wanted: Counter[LineItemId] = Counter()
    for line in fo.lines:
        wanted[line.line_item] += line.remaining
    left = +wanted
    return bool(left) and all(line in closed and units <= back[line] for line, units in left.items())
