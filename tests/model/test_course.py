"""The decision table, cell by cell: every kind of change, at every state of the backend's order, can and cannot."""

import pytest

from crossdock.model.capability import Capability
from crossdock.model.change import LINES, Kind
from crossdock.model.course import STATES, Course, course
from crossdock.model.request import WorkState

KEEPS_PRICES = frozenset({Capability.MONEY})
AFTER = Course.FOLLOW_UP
AMEND, STOP, SHIP, ASK = Course.AMEND, Course.STOP, Course.LET_SHIP, Course.ASK
ANEW, REFUSE = Course.REPLACE, Course.REFUSE

# Kind: what a backend that can do all of it is asked, then what is done with one that can do none of it and keeps what
# orders cost; each by state: not released, released, picking, packed, shipped.
TABLE = {
    Kind.LINE_ADDED: ((AMEND, AMEND, ASK, ASK, AFTER), (ASK, ASK, ASK, ASK, AFTER)),
    Kind.LINE_REMOVED: ((AMEND, AMEND, ASK, ASK, AFTER), (ASK, ASK, ASK, ASK, ASK)),
    Kind.QUANTITY_UP: ((AMEND, AMEND, ASK, ASK, AFTER), (ASK, ASK, ASK, ASK, AFTER)),
    Kind.QUANTITY_DOWN: ((AMEND, AMEND, ASK, ASK, AFTER), (ASK, ASK, ASK, ASK, ASK)),
    Kind.ADDRESS: ((AMEND, AMEND, AMEND, ASK, AFTER), (ASK, ASK, ASK, ASK, AFTER)),
    Kind.SHIPPING_METHOD: ((AMEND, AMEND, AMEND, ASK, SHIP), (ASK, ASK, ASK, ASK, SHIP)),
    Kind.TO_COLLECT: ((AMEND, AMEND, AMEND, ASK, SHIP), (ASK, ASK, ASK, ASK, SHIP)),
    Kind.PRICES: ((AMEND, AMEND, AMEND, ASK, AFTER), (ASK, ASK, ASK, ASK, AFTER)),
    Kind.CONTACT: ((AMEND, AMEND, AMEND, ASK, SHIP), (ASK, ASK, ASK, ASK, SHIP)),
    Kind.NOTE: ((AMEND, AMEND, AMEND, ASK, SHIP), (ASK, ASK, ASK, ASK, SHIP)),
    Kind.FIELDS: ((AMEND, AMEND, AMEND, ASK, SHIP), (ASK, ASK, ASK, ASK, SHIP)),
    Kind.FULFILL_BY: ((AMEND, AMEND, AMEND, ASK, SHIP), (ASK, ASK, ASK, ASK, SHIP)),
    Kind.BILLING_ADDRESS: ((AMEND, AMEND, AMEND, SHIP, SHIP), (SHIP, SHIP, SHIP, SHIP, SHIP)),
    Kind.ATTRIBUTES: ((AMEND, AMEND, AMEND, SHIP, SHIP), (SHIP, SHIP, SHIP, SHIP, SHIP)),
    Kind.TAGS: ((AMEND, AMEND, AMEND, SHIP, SHIP), (SHIP, SHIP, SHIP, SHIP, SHIP)),
    Kind.VOIDED: ((STOP, STOP, STOP, ASK, ASK), (ASK, ASK, ASK, ASK, ASK)),
    Kind.RISKY: ((ASK, ASK, ASK, ASK, SHIP), (ASK, ASK, ASK, ASK, SHIP)),
    Kind.REFUNDED: ((ASK, ASK, ASK, ASK, SHIP), (ASK, ASK, ASK, ASK, SHIP)),
    Kind.HELD: ((ANEW, ANEW, ANEW, ASK, SHIP), (ASK, ASK, ASK, ASK, SHIP)),
    Kind.RELEASED: ((SHIP, SHIP, SHIP, SHIP, SHIP), (SHIP, SHIP, SHIP, SHIP, SHIP)),
    Kind.MOVED: ((ANEW, ANEW, ANEW, ASK, SHIP), (ASK, ASK, ASK, ASK, SHIP)),
    Kind.FULFILLED: ((ASK, ASK, ASK, ASK, SHIP), (ASK, ASK, ASK, ASK, SHIP)),
    Kind.WITHDRAWN: ((STOP, STOP, STOP, ASK, AFTER), (ASK, ASK, ASK, ASK, ASK)),
    Kind.CANCELLED: ((STOP, STOP, STOP, ASK, AFTER), (ASK, ASK, ASK, ASK, ASK)),
    Kind.CALLED_BACK: ((STOP, STOP, STOP, REFUSE, REFUSE), (ASK, ASK, ASK, REFUSE, REFUSE)),
}
NEEDS = {
    AMEND: {Capability.AMEND_PARTICULARS, Capability.AMEND_LINES},
    STOP: {Capability.STOP},
    ANEW: {Capability.STOP},
}


def test_every_kind_of_change_has_its_row() -> None:
    assert set(TABLE) == set(Kind)
    assert len(TABLE) >= 14


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("place", range(len(STATES)), ids=STATES)
def test_a_backend_that_can_is_asked_as_far_as_its_state_allows(kind: Kind, place: int) -> None:
    assert course(kind, STATES[place], frozenset(Capability)) is TABLE[kind][0][place]


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("place", range(len(STATES)), ids=STATES)
def test_what_a_backend_cannot_do_is_asked_of_a_person_or_said(kind: Kind, place: int) -> None:
    assert course(kind, STATES[place], KEEPS_PRICES) is TABLE[kind][1][place]


@pytest.mark.parametrize("kind", Kind)
def test_one_capability_too_few_is_as_good_as_none(kind: Kind) -> None:
    wanted, otherwise = TABLE[kind][0][0], TABLE[kind][1][0]
    without = frozenset(Capability) - NEEDS.get(wanted, set())

    assert course(kind, STATES[0], without) is otherwise


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("can", [frozenset(Capability) - KEEPS_PRICES, frozenset[Capability]()], ids=["all", "none"])
def test_a_backend_that_keeps_no_prices_is_neither_told_nor_asked_about_them(
    state: WorkState, can: frozenset[Capability]
) -> None:
    assert course(Kind.PRICES, state, can) is SHIP


@pytest.mark.parametrize("kind", [one for one in Kind if one is not Kind.PRICES])
@pytest.mark.parametrize("state", STATES)
def test_nothing_but_prices_depends_on_whether_they_are_kept(kind: Kind, state: WorkState) -> None:
    assert course(kind, state, KEEPS_PRICES) is course(kind, state, frozenset())
    assert course(kind, state, frozenset(Capability)) is course(kind, state, frozenset(Capability) - KEEPS_PRICES)


def test_until_they_left_lines_change_together_or_not_at_all() -> None:
    amended = LINES - {Kind.WITHDRAWN}

    rows = {tuple(course(kind, state, can) for state in STATES[:-1] for can in CANS) for kind in amended}

    assert len(rows) == 1


CANS = (frozenset(Capability), frozenset[Capability]())
