"""
The decision table: what is done about a change that comes after a backend accepted the order. Pure.

`docs/reference/changes.md` is printed from it.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import Final, assert_never

from crossdock.model.capability import Capability
from crossdock.model.change import Kind
from crossdock.model.request import WorkState


class Course(StrEnum):
    """What is done about one change."""

    AMEND = "amend"
    """The backend changes its order."""

    STOP = "stop"
    """The backend cancels its order."""

    REPLACE = "replace"
    """The backend cancels its order, and is asked for another one once Shopify lets it ship, from where it then is."""

    LET_SHIP = "let ship"
    """The order ships as the backend has it; its time line says what differs."""

    REFUSE = "refuse"
    """The merchant who asked the fulfillment service for it is told that it is too late; it ships."""

    FOLLOW_UP = "follow up"
    """It has left; a person or a rule has the hub do what is left to do, as `follow_up` says."""

    ASK = "ask"
    """A person says what to do; the order is held in the hub with what there is to choose from."""


class FollowUp(StrEnum):
    """What is left to do about a change once the goods have left."""

    SEND_MORE = "send more"
    """What was added is asked for in a request of its own."""

    TAKE_BACK = "take back"
    """The warehouse is to expect back what was taken off."""

    TELL = "tell"
    """Nothing; the time line says what was too late."""

    BOOK = "book"
    """Nothing from here; the time line says what the books are to hold, so that a person can correct them."""


STATES: Final = (
    WorkState.NOT_RELEASED,
    WorkState.RELEASED,
    WorkState.PICKING,
    WorkState.PACKED,
    WorkState.SHIPPED,
)
"""How far the backend may be, but for an order that it has cancelled: that one no change concerns."""

UNTOUCHED: Final = frozenset({WorkState.NOT_RELEASED, WorkState.RELEASED})
OPEN: Final = UNTOUCHED | {WorkState.PICKING}
"""Nothing is packed yet."""


def course(kind: Kind, state: WorkState, can: Collection[Capability]) -> Course:
    """
    Say what is done about a change of this kind, while the backend's order is in this state.

    `can` is what the backend's manifest says. What it cannot do becomes a question, except where a wrong word on a
    parcel harms nobody, and where what was changed is nothing that the backend keeps.
    """
    if kind is Kind.PRICES and Capability.MONEY not in can:
        return Course.LET_SHIP
    if state is WorkState.SHIPPED and follow_up(kind, can) is not None:
        return Course.FOLLOW_UP
    return _while_it_is_there(kind, state, can)


def _while_it_is_there(kind: Kind, state: WorkState, can: Collection[Capability]) -> Course:
    match kind:
        case Kind.LINE_ADDED | Kind.LINE_REMOVED | Kind.QUANTITY_UP | Kind.QUANTITY_DOWN:
            return Course.AMEND if state in UNTOUCHED and Capability.AMEND_LINES in can else Course.ASK
        case Kind.ADDRESS:
            return Course.AMEND if state in OPEN and Capability.AMEND_PARTICULARS in can else Course.ASK
        case (
            Kind.SHIPPING_METHOD
            | Kind.TO_COLLECT
            | Kind.PRICES
            | Kind.CONTACT
            | Kind.NOTE
            | Kind.FULFILL_BY
            | Kind.FIELDS
        ):
            return _amend_or(Course.ASK, state, can)
        case Kind.BILLING_ADDRESS | Kind.ATTRIBUTES | Kind.TAGS:
            return _amend_or(Course.LET_SHIP, state, can)
        case Kind.CANCELLED | Kind.WITHDRAWN | Kind.VOIDED | Kind.CALLED_BACK:
            return _off(kind, state, can)
        case Kind.HELD | Kind.MOVED:
            if state is WorkState.SHIPPED:
                return Course.LET_SHIP
            return Course.REPLACE if state in OPEN and Capability.STOP in can else Course.ASK
        case Kind.REFUNDED | Kind.FULFILLED | Kind.RISKY:
            # A refund may be a kindness, some fulfill before they pack, and an analysis may err: to cancel for it would
            # lose the order.
            return Course.LET_SHIP if state is WorkState.SHIPPED else Course.ASK
        case Kind.RELEASED:
            return Course.LET_SHIP
        case _:
            assert_never(kind)


def follow_up(kind: Kind, can: Collection[Capability]) -> FollowUp | None:
    """Say what is left to do about a change of this kind once all has left; None for what does not matter any more."""
    match kind:
        case Kind.LINE_ADDED | Kind.QUANTITY_UP:
            return FollowUp.SEND_MORE
        case Kind.LINE_REMOVED | Kind.QUANTITY_DOWN | Kind.WITHDRAWN | Kind.CANCELLED:
            return FollowUp.TAKE_BACK if Capability.RETURNS in can else None
        case Kind.ADDRESS:
            return FollowUp.TELL
        case Kind.PRICES:
            return FollowUp.BOOK if Capability.MONEY in can else None
        case _:
            return None


def _amend_or(otherwise: Course, state: WorkState, can: Collection[Capability]) -> Course:
    """Amend while nothing is packed; what has left cannot be helped."""
    if state is WorkState.SHIPPED:
        return Course.LET_SHIP
    return Course.AMEND if state in OPEN and Capability.AMEND_PARTICULARS in can else otherwise


def _off(kind: Kind, state: WorkState, can: Collection[Capability]) -> Course:
    """Stop what nobody wants any more; a merchant who only asks has an answer once it is packed."""
    if state in OPEN:
        return Course.STOP if Capability.STOP in can else Course.ASK
    return Course.REFUSE if kind is Kind.CALLED_BACK else Course.ASK
