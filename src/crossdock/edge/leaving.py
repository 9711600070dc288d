"""A person's word on an order that is held: leave it, cancel on Shopify what is missing, or let it go all the same."""

from typing import Final

from crossdock.kit.errors import UsageError
from crossdock.model.answer import Answer, Word
from crossdock.model.cause import Cause
from crossdock.model.deed import Deed
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, OrderId
from crossdock.model.people import Actor
from crossdock.pending.mark import mark
from crossdock.store import answers, audit, holds, timeline
from crossdock.store.database import Tx

CANCELLABLE: Final = frozenset({Cause.CANCELLED_THERE, Cause.SHORT_THERE})
"""The causes that can be answered with cancelling what is missing on Shopify."""

SHIPPABLE: Final = frozenset({Cause.RISKY})
"""The causes in spite of which a person may let an order go to the warehouse."""

LEAVABLE: Final = frozenset({Cause.CANCELLED_LATE, Cause.CHANGED_LATE, Cause.FULFILLMENT_CANCELLED}) | CANCELLABLE
"""The causes that can be answered with leaving the order as the warehouse has it."""


async def leave(tx: Tx, by: Actor, connection: ConnectionId, order: OrderId, name: str, read: str | None = None) -> str:
    """
    Leave an order as the warehouse has it, and return what its hold says of it, which is what the word stands for.

    `read` is what the person read there; None for whatever it says now. Raises UsageError where the order is held for
    something else by now, or not at all.
    """
    detail = await _read(tx, connection, order, name, read, LEAVABLE)
    await _say(tx, by, connection, order, name, Answer(Word.LEAVE, detail))
    return detail


async def cancel(
    tx: Tx, by: Actor, connection: ConnectionId, order: OrderId, name: str, read: str | None = None
) -> str:
    """Have Shopify cancel what the warehouse does not ship of an order; else as `leave`."""
    detail = await _read(tx, connection, order, name, read, CANCELLABLE)
    await _say(tx, by, connection, order, name, Answer(Word.CANCEL, detail))
    return detail


async def ship(tx: Tx, by: Actor, connection: ConnectionId, order: OrderId, name: str, read: str | None = None) -> str:
    """Let an order go to the warehouse in spite of what it is held for; else as `leave`."""
    detail = await _read(tx, connection, order, name, read, SHIPPABLE)
    await _say(tx, by, connection, order, name, Answer(Word.SHIP, detail))
    return detail


async def _say(tx: Tx, by: Actor, connection: ConnectionId, order: OrderId, name: str, answer: Answer) -> None:
    deed, did = _DEEDS[answer.word]
    await answers.say(tx, connection, order, answer)
    await mark(tx, connection, Flow.ORDERS, [order], f"{by.name} {did}")
    await timeline.tell(tx, connection, order, Flow.ORDERS, "answered", f"{by.name} {did}.")
    await audit.record(tx, by, deed, f"{connection} {name}", after={"read": answer.detail})


_DEEDS: Final = {
    Word.LEAVE: (Deed.ORDER_LEFT, "left it as the warehouse has it"),
    Word.SHIP: (Deed.ORDER_LET_GO, "lets it go to the warehouse"),
    Word.CANCEL: (Deed.ORDER_CANCELLED, "cancels on Shopify what is missing"),
}


_ABOUT: Final = {
    LEAVABLE: "a change",
    CANCELLABLE: "what the warehouse does not ship",
    SHIPPABLE: "what its fraud analysis says",
}


async def _read(
    tx: Tx, connection: ConnectionId, order: OrderId, name: str, read: str | None, causes: frozenset[Cause]
) -> str:
    held = [one.hold for one in await holds.held(tx, connection, Flow.ORDERS, keys=[order])]
    if not held:
        raise UsageError(f"{name} is not held. See how it stands: crossdock orders show {name}.")
    if held[0].cause not in causes:
        raise UsageError(f"{name} is not held for {_ABOUT[causes]}. {held[0].detail} {held[0].remedy}")
    if read is not None and read != held[0].detail:
        raise UsageError(f"{name} changed again meanwhile. Read what it is held for now: {held[0].detail}")
    return held[0].detail
