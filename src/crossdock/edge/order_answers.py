"""
A person's word on an order that is held.

Leave it as the warehouse has it, follow it up, cancel what is missing, ship it from where Shopify has the goods, or let
it go all the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
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

_GIVEN_UP: Final = frozenset({Cause.CANCELLED_THERE, Cause.SHORT_THERE})
_TOO_LATE: Final = frozenset(
    {Cause.CANCELLED_LATE, Cause.CHANGED_LATE, Cause.FULFILLMENT_CANCELLED, Cause.LEFT_ALREADY}
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word answers (`causes` of a `flow`, `why` in words), what its button says, and how it is written down."""

    causes: frozenset[Cause]
    why: str
    button: str
    deed: Deed
    did: str
    flow: Flow = Flow.ORDERS


MEANINGS: Final[Mapping[Word, Meaning]] = {
    Word.CANCEL: Meaning(
        _GIVEN_UP | {Cause.REQUEST_UNMET},
        "what the warehouse does not ship",
        "Cancel what does not ship on Shopify",
        Deed.ORDER_CANCELLED,
        "cancels on Shopify what does not ship",
    ),
    Word.FOLLOW_UP: Meaning(
        frozenset({Cause.LEFT_ALREADY}),
        "a change that came after its goods had left",
        "Follow it up",
        Deed.ORDER_FOLLOWED_UP,
        "has what changed after it left followed up",
    ),
    Word.AS_ASSIGNED: Meaning(
        frozenset({Cause.PACKAGE_ELSEWHERE}),
        "a package that left from elsewhere",
        "Ship it from where Shopify has the goods",
        Deed.PACKAGE_AS_ASSIGNED,
        "ships it from where Shopify has the goods",
        Flow.FULFILLMENTS,
    ),
    Word.LEAVE: Meaning(
        _TOO_LATE | _GIVEN_UP,
        "a change",
        "Leave it as the warehouse has it",
        Deed.ORDER_LEFT,
        "left it as the warehouse has it",
    ),
    Word.RELEASE: Meaning(
        frozenset({Cause.FIELD_MISSING, Cause.MONEY_DIFFERS, Cause.RISKY}),
        "what a person may let pass",
        "Let it go as it is",
        Deed.ORDER_LET_GO,
        "let it go as it is",
    ),
}
"""All words, in the order in which pages offer them."""


def words_for(cause: Cause) -> Mapping[Word, str]:
    """Return what a hold for this cause can be answered with, each with what its button says."""
    return {word: meaning.button for word, meaning in MEANINGS.items() if cause in meaning.causes}


async def answer_hold(
    tx: Tx, by: Actor, connection: ConnectionId, order: OrderId, name: str, word: Word, read: str | None = None
) -> str:
    """
    Say a word to the hold of an order, and return what the hold says of it, which is what the word stands for.

    `read` is what the person read there; None for whatever it says now. Raises UsageError where the order is held for
    something else by now, or not at all.
    """
    detail = await _read(tx, connection, order, name, word, read)
    meaning = MEANINGS[word]
    await answers.say(tx, connection, meaning.flow, order, Answer(word, detail))
    await mark(tx, connection, meaning.flow, [order], f"{by.name} {meaning.did}")
    await timeline.tell(tx, connection, order, meaning.flow, "answered", f"{by.name} {meaning.did}.")
    await audit.record(tx, by, meaning.deed, f"{connection} {name}", after={"read": detail})
    return detail


async def _read(tx: Tx, connection: ConnectionId, order: OrderId, name: str, word: Word, read: str | None) -> str:
    held = [one.hold for one in await holds.held(tx, connection, MEANINGS[word].flow, keys=[order])]
    if not held:
        raise UsageError(f"{name} is not held. See how it stands: crossdock orders show {name}.")
    if held[0].cause not in MEANINGS[word].causes:
        raise UsageError(f"{name} is not held for {MEANINGS[word].why}. {held[0].detail} {held[0].remedy}")
    if read is not None and read != held[0].detail:
        raise UsageError(f"{name} changed again meanwhile. Read what it is held for now: {held[0].detail}")
    return held[0].detail
