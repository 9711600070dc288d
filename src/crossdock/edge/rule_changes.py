"""Changing a connection's rules, and having looked at what they decide anew."""

from collections.abc import Callable
from dataclasses import dataclass

from crossdock.model.cause import Cause
from crossdock.model.connection import Rules
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.pending.mark import mark, retry_like
from crossdock.store import connections, links
from crossdock.store.database import Tx

REASON = "the rules were changed"


@dataclass(frozen=True, slots=True)
class Changed:
    """The rules as they were and are, and how many items and held orders are looked at again for it."""

    before: Rules
    after: Rules
    items: int
    orders: int


async def change_rules(tx: Tx, connection: ConnectionId, change: Callable[[Rules], Rules]) -> Changed:
    """
    Replace the rules by what `change` makes of them.

    Other rules for stock have every linked item looked at, other rules for orders every order that is held for a
    field they demanded, and other rules for returns every order that is held for one of those. Raises
    UnknownConnection, and UsageError where `change` does.
    """
    before = await connections.rules_to_change(tx, connection)
    after = change(before)
    items, orders = 0, 0
    if after != before:
        await connections.set_rules(tx, connection, after)
    if after.inventory != before.inventory:
        linked = await links.all_inventory_items(tx, connection)
        await mark(tx, connection, Flow.INVENTORY, linked, REASON)
        items = len(linked)
    if after.orders != before.orders:
        orders = await retry_like(tx, connection, Cause.FIELD_MISSING, REASON)
    if after.returns != before.returns:
        for cause in (Cause.RETURN_UNANNOUNCED, Cause.REFUND_LIMIT):
            orders += await retry_like(tx, connection, cause, REASON)
    return Changed(before, after, items, orders)
