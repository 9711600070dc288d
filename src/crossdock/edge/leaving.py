"""A person's word on an order that changed too late: leave it as the warehouse has it."""

from typing import Final

from crossdock.kit.errors import UsageError
from crossdock.model.cause import Cause
from crossdock.model.deed import Deed
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, OrderId
from crossdock.model.people import Actor
from crossdock.pending.mark import mark
from crossdock.store import answers, audit, holds, timeline
from crossdock.store.database import Tx

LEAVABLE: Final = frozenset({Cause.CANCELLED_LATE, Cause.CHANGED_LATE, Cause.CANCELLED_THERE})
"""The causes that can be answered like that."""


async def leave(tx: Tx, by: Actor, connection: ConnectionId, order: OrderId, name: str, read: str | None = None) -> str:
    """
    Leave an order as the warehouse has it, and return what its hold says of it, which is what the word stands for.

    `read` is what the person read there; None for whatever it says now. Raises UsageError where the order is held for
    something else by now, or not at all.
    """
    held = [one.hold for one in await holds.held(tx, connection, Flow.ORDERS, keys=[order])]
    if not held:
        raise UsageError(f"{name} is not held. See how it stands: crossdock orders show {name}.")
    if held[0].cause not in LEAVABLE:
        raise UsageError(f"{name} is not held for a change. {held[0].detail} {held[0].remedy}")
    if read is not None and read != held[0].detail:
        raise UsageError(f"{name} changed again meanwhile. Read what it is held for now: {held[0].detail}")
    await answers.leave(tx, connection, order, held[0].detail)
    await mark(tx, connection, Flow.ORDERS, [order], f"{by.name} left it as the warehouse has it")
    sentence = f"{by.name} left it as the warehouse has it."
    await timeline.tell(tx, connection, order, Flow.ORDERS, "answered", sentence)
    await audit.record(tx, by, Deed.ORDER_LEFT, f"{connection} {name}", after={"read": held[0].detail})
    return held[0].detail
