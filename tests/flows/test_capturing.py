"""What is captured of authorizations: what is open and owed, never more."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossdock.flows.money.capturing import Capturing, capturing
from crossdock.model.payment import Transaction
from crossdock.model.settlement import Settlement
from crossdock.testing.credit_builders import a_settlement, a_transaction, transaction_id

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def an_authorization(
    amount: int, number: int = 1, *, left: int | None = None, ends: timedelta | None = None
) -> Transaction:
    expires_at = None if ends is None else NOW + ends
    return a_transaction(
        "AUTHORIZATION", amount, number=number, left=amount if left is None else left, expires_at=expires_at
    )


def amounts(found: Capturing) -> list[int]:
    return [int(money.amount) for _, money in found.parts]


def test_all_that_is_owed_is_captured() -> None:
    found = capturing(a_settlement(an_authorization(100)), NOW)

    assert [(id_, str(money)) for id_, money in found.parts] == [(transaction_id(1), "100.00 EUR")]
    assert (int(found.short.amount), found.under_way) == (0, False)


def test_no_more_is_captured_than_the_order_still_comes_to() -> None:
    assert amounts(capturing(a_settlement(an_authorization(100), total=80), NOW)) == [80]


def test_what_is_owed_beyond_the_authorization_is_named() -> None:
    found = capturing(a_settlement(an_authorization(100), total=120), NOW)

    assert (amounts(found), int(found.short.amount)) == ([100], 20)


def test_several_authorizations_are_captured_the_oldest_first() -> None:
    settlement = a_settlement(an_authorization(60, 1), an_authorization(60, 2), total=100)

    assert amounts(capturing(settlement, NOW)) == [60, 40]


def test_what_a_person_captured_is_not_captured_again() -> None:
    captured = a_transaction("CAPTURE", 70, number=2, parent=1)
    settlement = a_settlement(an_authorization(100, left=30), captured, received=70)

    assert amounts(capturing(settlement, NOW)) == [30]


def test_a_capture_that_has_no_end_yet_counts_as_captured() -> None:
    pending = a_transaction("CAPTURE", 100, number=2, parent=1, status="PENDING")
    found = capturing(a_settlement(an_authorization(100), pending), NOW)

    assert (amounts(found), int(found.short.amount), found.under_way) == ([], 0, True)


def test_a_capture_that_failed_counts_for_nothing() -> None:
    failed = a_transaction("CAPTURE", 100, number=2, parent=1, status="FAILURE")

    assert amounts(capturing(a_settlement(an_authorization(100), failed), NOW)) == [100]


@pytest.mark.parametrize("shown", [0, 100])
def test_a_voided_authorization_leaves_what_is_owed_uncovered(shown: int) -> None:
    void = a_transaction("VOID", 100, number=2, parent=1)
    found = capturing(a_settlement(an_authorization(100, left=shown), void), NOW)

    assert (amounts(found), int(found.short.amount)) == ([], 100)


def test_an_expired_authorization_leaves_what_is_owed_uncovered() -> None:
    found = capturing(a_settlement(an_authorization(100, ends=timedelta(seconds=-1))), NOW)

    assert (amounts(found), int(found.short.amount)) == ([], 100)


def test_an_authorization_that_lasts_is_captured() -> None:
    assert amounts(capturing(a_settlement(an_authorization(100, ends=timedelta(days=1))), NOW)) == [100]


def test_an_order_that_was_never_authorized_lacks_nothing() -> None:
    cash = a_transaction("SALE", 100, status="PENDING")
    found = capturing(a_settlement(cash), NOW)

    assert (amounts(found), int(found.short.amount)) == ([], 0)


def test_money_given_back_as_a_kindness_is_not_captured_again() -> None:
    settlement = a_settlement(
        an_authorization(100, left=0),
        a_transaction("CAPTURE", 100, number=2, parent=1),
        a_transaction("REFUND", 20, number=3, parent=2),
        received=100,
    )
    found = capturing(settlement, NOW)

    assert (amounts(found), int(found.short.amount)) == ([], 0)


cents = st.integers(0, 20_000).map(lambda value: Decimal(value) / 100)


@st.composite
def settlements(draw: st.DrawFn) -> Settlement:
    """Orders with up to three authorizations, captured in part, voided or expired, in any state and order."""
    transactions: list[Transaction] = []
    received = Decimal(0)
    number = 0
    for _ in range(draw(st.integers(0, 3))):
        number += 1
        authorization, whole = number, draw(cents)
        captured = draw(st.sampled_from([Decimal(0), whole / 2, whole]))
        state = draw(st.sampled_from(["SUCCESS", "SUCCESS", "PENDING", "FAILURE"]))
        counts = captured if state != "FAILURE" else Decimal(0)
        ends = draw(st.sampled_from([None, NOW + timedelta(days=1), NOW - timedelta(days=1)]))
        left = draw(st.sampled_from([whole - counts, whole, Decimal(0)]))
        transactions.append(a_transaction("AUTHORIZATION", whole, number=authorization, left=left, expires_at=ends))
        if captured:
            number += 1
            transactions.append(a_transaction("CAPTURE", captured, number=number, parent=authorization, status=state))
            received += captured if state == "SUCCESS" else 0
        if draw(st.booleans()):
            number += 1
            transactions.append(a_transaction("VOID", whole, number=number, parent=authorization))
    return a_settlement(*transactions, total=draw(cents), received=received)


# How fast orders are made says nothing of them: other programs may have the machine.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(settlements())
def test_never_more_is_captured_than_is_authorized_or_owed(settlement: Settlement) -> None:
    found = capturing(settlement, NOW)

    taken = sum((money.amount for _, money in found.parts), Decimal(0))
    assert taken <= max(Decimal(0), settlement.total.presentment - settlement.received.presentment)
    for id_, money in found.parts:
        (authorization,) = (one for one in settlement.authorizations if one.id == id_)
        before = sum((one.amount.presentment for one in settlement.parts_of(id_, "CAPTURE")), Decimal(0))
        assert 0 < money.amount <= authorization.open.presentment
        assert before + money.amount <= authorization.amount.presentment
        assert not settlement.parts_of(id_, "VOID")
