"""
Which orders a token reaches: those of the last 60 days, or all with `read_all_orders` (Shopify docs, 2026-07).

Older ones are not visible to it: lists leave them out, and their ids find nothing. An order's age counts from when
it was made in this shop (assumed).
"""

from datetime import timedelta
from typing import Any

from shopify_standin.auth.apps import Grant
from shopify_standin.call import Call
from shopify_standin.model.sales import Order

WINDOW = timedelta(days=60)


def reaches_all(grant: Grant) -> bool:
    """Whether age is no matter to a token."""
    return grant.may("read_all_orders")


def in_reach(call: Call, order: Order) -> bool:
    """Whether the caller may see an order."""
    return reaches_all(call.grant) or order.created_at >= call.world.now() - WINDOW


def only_in_reach(call: Call, found: Any) -> Any:
    """The object, unless it is an order that the caller may not see."""
    return None if isinstance(found, Order) and not in_reach(call, found) else found


def orders_in_reach(call: Call, orders: list[Order]) -> list[Order]:
    """Those of the orders that the caller may see."""
    return orders if reaches_all(call.grant) else [order for order in orders if in_reach(call, order)]
