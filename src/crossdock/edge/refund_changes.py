"""A person's word on refunds: whether one that the backend asks for goes back, and that others are booked by hand."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, assert_never

from crossdock.kit.errors import UsageError
from crossdock.kit.wording import counted
from crossdock.model.cause import Cause
from crossdock.model.deed import Deed
from crossdock.model.flow import Flow
from crossdock.model.money_move import Say
from crossdock.model.names import ConnectionId, OrderId
from crossdock.model.people import Actor
from crossdock.pending.mark import mark
from crossdock.store import audit, credit_documents, holds, money_moves, timeline
from crossdock.store.database import Tx

RefundWord: TypeAlias = Literal["approve", "decline", "booked"]

_WORDS: Final[Mapping[Cause, Mapping[RefundWord, str]]] = {
    Cause.REFUND_ASKED: {"approve": "Refund on Shopify", "decline": "Do not refund"},
    Cause.CREDIT_BY_HAND: {"booked": "It is booked"},
}


def refund_words(cause: Cause) -> Mapping[RefundWord, str]:
    """Return what a person may say to a hold of this cause, each with what stands on its button."""
    return _WORDS.get(cause, {})


async def answer_for_refunds(
    tx: Tx, by: Actor, connection: ConnectionId, order: OrderId, name: str, word: RefundWord, read: str | None = None
) -> str:
    """Say one of the words to an order's refunds, and return what it stands for; else as `approve_refund`."""
    match word:
        case "approve":
            return await approve_refund(tx, by, connection, order, name, read)
        case "decline":
            return await decline_refund(tx, by, connection, order, name, read)
        case "booked":
            return await book_refund(tx, by, connection, order, name)
        case _:
            assert_never(word)


async def approve_refund(
    tx: Tx, by: Actor, connection: ConnectionId, order: OrderId, name: str, read: str | None = None
) -> str:
    """
    Let the refunds of an order go back that its hold names, and return what it says of them.

    `read` is what the person read there; None for whatever it says now. What Shopify does not let go back stays held.
    Raises UsageError where the order is held for something else by now, or not at all.
    """
    return await _say(tx, by, connection, order, name, read, Say.APPROVE)


async def decline_refund(
    tx: Tx, by: Actor, connection: ConnectionId, order: OrderId, name: str, read: str | None = None
) -> str:
    """Have the backend told that the refunds are not made; else as `approve_refund`."""
    return await _say(tx, by, connection, order, name, read, Say.DECLINE)


async def book_refund(tx: Tx, by: Actor, connection: ConnectionId, order: OrderId, name: str) -> str:
    """
    Take a person's word that an order's refunds are booked at the backend, and return how many that is.

    Raises UsageError where none waits for it.
    """
    done = await credit_documents.booked(tx, connection, order)
    if not done:
        raise UsageError(f"No refund of {name} waits to be booked by hand. See how it stands: crossdock orders show.")
    what = counted(done, "refund")
    await _write_down(tx, by, connection, order, name, Deed.REFUND_BOOKED, f"has booked {what} by hand", what)
    return what


async def _say(
    tx: Tx, by: Actor, connection: ConnectionId, order: OrderId, name: str, read: str | None, say: Say
) -> str:
    detail = await _read(tx, connection, order, name, read)
    known = (await money_moves.of_orders(tx, connection, [order])).get(order, {})
    about = [one.key for one in known.values() if one.refund is None and one.what in detail]
    for key in about:
        await money_moves.answer(tx, connection, key, say)
    deed, did = _DEEDS[say]
    await _write_down(tx, by, connection, order, name, deed, f"{did} {', '.join(about)}", ", ".join(about))
    return detail


_DEEDS: Final = {
    Say.APPROVE: (Deed.REFUND_APPROVED, "approves refund"),
    Say.DECLINE: (Deed.REFUND_DECLINED, "declines refund"),
}


async def _read(tx: Tx, connection: ConnectionId, order: OrderId, name: str, read: str | None) -> str:
    held = [one.hold for one in await holds.held(tx, connection, Flow.MONEY, keys=[order])]
    if not held or held[0].cause is not Cause.REFUND_ASKED:
        raise UsageError(f"{name} is not held for a refund. See how it stands: crossdock orders show {name}.")
    if read is not None and read != held[0].detail:
        raise UsageError(f"{name} changed meanwhile. Read what it is held for now: {held[0].detail}")
    return held[0].detail


async def _write_down(
    tx: Tx, by: Actor, connection: ConnectionId, order: OrderId, name: str, deed: Deed, did: str, what: str
) -> None:
    await mark(tx, connection, Flow.MONEY, [order], f"{by.name} {did}")
    await timeline.tell(tx, connection, order, Flow.MONEY, "answered", f"{by.name} {did}.")
    await audit.record(tx, by, deed, f"{connection} {name}", after={"about": what})
