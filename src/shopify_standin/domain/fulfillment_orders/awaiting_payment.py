"""
Shopify's own hold on an exchange that its buyer owes money for, and its end with the payment.

Such goods are held for AWAITING_PAYMENT only where money is owed (Shopify docs, 2026-07); that the payment releases
them is assumed.
"""

from shopify_standin.domain.fulfillment_orders.holding import put, release
from shopify_standin.model.sales import Order
from shopify_standin.model.shipping import FulfillmentOrder, Hold
from shopify_standin.world import World

REASON = "AWAITING_PAYMENT"


def hold_until_paid(world: World, order: Order, part: FulfillmentOrder) -> None:
    """Hold a fulfillment order while its order's buyer owes money; nobody's app put the hold."""
    if order.outstanding.shop > 0:
        put(world, part, Hold(world.ids.next("FulfillmentHold"), part.id, "", "", REASON))


def release_if_paid(world: World, order: Order) -> None:
    """Let what waits for the payment alone go, once nothing is owed."""
    if order.outstanding.shop > 0:
        return
    for number in order.fulfillment_order_ids:
        part = world.fulfillment_orders[number]
        waiting = [hold for hold in part.holds if hold.reason == REASON and not hold.app]
        if waiting:
            release(world, part, waiting)
