"""Changing a connection's rules, and having looked at what they decide anew."""

from collections.abc import Callable
from dataclasses import dataclass, fields

from crossdock.model.cause import Cause
from crossdock.model.connection import Rules
from crossdock.model.deed import Deed
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.model.people import Actor
from crossdock.pending.mark import mark, retry_like
from crossdock.store import audit, connections, links, news, pending
from crossdock.store.database import Tx

REASON = "the rules were changed"


@dataclass(frozen=True, slots=True)
class Changed:
    """The rules as they were and are, and how many items and held orders are looked at again for it."""

    before: Rules
    after: Rules
    items: int
    orders: int


async def change_rules(tx: Tx, by: Actor, connection: ConnectionId, change: Callable[[Rules], Rules]) -> Changed:
    """
    Replace the rules by what `change` makes of them, and write down who did.

    Other rules for stock have every linked item looked at, other rules for orders every order that is held for a
    field they demanded or for its money, and other rules for returns, money or routing every order that is held
    for one of those; other hours of a flow have all that waits in it looked at. Raises UnknownConnection, and
    UsageError where `change` does.
    """
    before = await connections.rules_to_change(tx, connection)
    after = change(before)
    items, orders = 0, 0
    if after != before:
        await connections.set_rules(tx, connection, after)
        was, is_ = _differing(before, after)
        await audit.record(tx, by, Deed.RULES_CHANGED, connection, before=was, after=is_)
    if after.inventory != before.inventory:
        linked = await links.all_inventory_items(tx, connection)
        await mark(tx, connection, Flow.INVENTORY, linked, REASON)
        items = len(linked)
    if after.orders != before.orders:
        orders = await retry_like(tx, connection, Cause.FIELD_MISSING, REASON)
        orders += await retry_like(tx, connection, Cause.MONEY_DIFFERS, REASON)
        orders += await retry_like(tx, connection, Cause.LEFT_ALREADY, REASON)
        orders += await retry_like(tx, connection, Cause.RISKY, REASON)
    if after.returns != before.returns:
        for cause in (Cause.RETURN_UNANNOUNCED, Cause.REFUND_LIMIT, Cause.RETURN_EXCHANGE):
            orders += await retry_like(tx, connection, cause, REASON)
    if after.money != before.money:
        for cause in (Cause.AUTHORIZATION_GONE, Cause.CREDIT_BY_HAND, Cause.REFUND_ASKED):
            orders += await retry_like(tx, connection, cause, REASON)
    if after.routing != before.routing:
        for cause in (Cause.UNROUTED, Cause.MOVE_REFUSED):
            orders += await retry_like(tx, connection, cause, REASON)
    await _by_other_hours(tx, connection, before, after)
    return Changed(before, after, items, orders)


async def _by_other_hours(tx: Tx, connection: ConnectionId, before: Rules, after: Rules) -> None:
    """Have all that waits in a flow of which the hours are others looked at now."""
    changed = [flow for flow in Flow if after.schedule.hours(flow) != before.schedule.hours(flow)]
    for flow in changed:
        await pending.hurry(tx, connection, flow)
    if changed:
        await news.wake(tx, connection)


def _differing(before: Rules, after: Rules) -> tuple[dict[str, object], dict[str, object]]:
    """Return the rules that differ, by their names, as they were and as they are."""
    was: dict[str, object] = {}
    is_: dict[str, object] = {}
    for part in fields(Rules):
        old, new = getattr(before, part.name), getattr(after, part.name)
        for field in fields(old):
            name = f"{part.name}.{field.name}"
            if getattr(old, field.name) != getattr(new, field.name):
                was[name], is_[name] = getattr(old, field.name), getattr(new, field.name)
    return was, is_
