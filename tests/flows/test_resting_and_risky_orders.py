"""An order rests before it goes to the warehouse where the rules say so, and one of high risk asks a person first."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.flows.test_deciding_late_changes import changed
from tests.flows.test_deciding_orders import a_sight, held, sends

from crossdock.flows.orders.changing import Stop
from crossdock.flows.orders.decide import decide
from crossdock.kit.errors import UsageError
from crossdock.model.answer import Answer, Word
from crossdock.model.cause import Cause
from crossdock.model.connection import OrderRules
from crossdock.model.plan import Wait
from crossdock.model.request import WorkState
from crossdock.testing.builders import NOON, an_order

RESTS = OrderRules(grace=timedelta(minutes=15))
RISKY = "#1001: Shopify's fraud analysis says CANCEL."


def test_an_order_rests_until_its_grace_is_over() -> None:
    order = an_order()

    early = decide(a_sight(order, rules=RESTS), NOON + timedelta(minutes=5))
    late = decide(a_sight(order, rules=RESTS), NOON + timedelta(minutes=15))

    assert sends(early) == []
    assert early.rest == Wait(
        timedelta(minutes=10), "It rests until 2026-07-01 12:15 UTC before it goes to the warehouse."
    )
    assert len(sends(late)) == 1


def test_what_an_order_lacks_is_told_while_it_still_rests() -> None:
    order = replace(an_order(), shipping_address=None)

    plan = decide(a_sight(order, rules=RESTS), NOON)

    assert held(plan).cause is Cause.FIELD_MISSING


def test_an_order_that_was_sent_rests_no_more() -> None:
    order = an_order()

    sight = changed(replace(order, cancelled_at=NOON), order)
    sight = replace(sight, connection=a_sight(order, rules=RESTS).connection)

    assert [type(step) for step in decide(sight, NOON).steps] == [Stop]


@pytest.mark.parametrize("grace", [timedelta(seconds=-1), timedelta(days=8)])
def test_a_rest_that_cannot_be_is_refused(grace: timedelta) -> None:
    with pytest.raises(UsageError, match=r"orders\.grace cannot be"):
        OrderRules(grace=grace)


def test_a_risky_order_waits_for_a_person_and_is_let_go_by_one() -> None:
    order = replace(an_order(), risk="CANCEL")

    asked = decide(a_sight(order), NOON)
    let_go = decide(replace(a_sight(order), answered=Answer(Word.RELEASE, RISKY)), NOON)

    assert (held(asked).cause, held(asked).detail, sends(asked)) == (Cause.RISKY, RISKY, [])
    assert len(sends(let_go)) == 1


def test_one_word_lets_all_go_that_a_person_had_read() -> None:
    order = replace(an_order(), risk="CANCEL", shipping_address=None)
    read = held(decide(a_sight(order), NOON)).detail

    both = decide(replace(a_sight(order), answered=Answer(Word.RELEASE, read)), NOON)
    one = decide(replace(a_sight(order), answered=Answer(Word.RELEASE, RISKY)), NOON)

    assert read == f"#1001 lacks: shipping address. {RISKY}"
    assert len(sends(both)) == 1
    assert held(one).detail == read


def test_a_word_on_one_recommendation_does_not_stand_for_another() -> None:
    order = replace(an_order(), risk="INVESTIGATE")
    rules = OrderRules(hold_risk=frozenset({"CANCEL", "INVESTIGATE"}))

    plan = decide(replace(a_sight(order, rules=rules), answered=Answer(Word.RELEASE, RISKY)), NOON)

    assert held(plan).cause is Cause.RISKY


@pytest.mark.parametrize("risk", ["NONE", "ACCEPT", "INVESTIGATE"])
def test_what_the_rules_do_not_name_holds_nothing(risk: str) -> None:
    assert len(sends(decide(a_sight(replace(an_order(), risk=risk)), NOON))) == 1


def test_a_recommendation_that_shopify_does_not_give_is_refused() -> None:
    with pytest.raises(UsageError, match=r"orders\.hold_risk cannot be 'HIGH'"):
        OrderRules(hold_risk=frozenset({"HIGH"}))


def test_risk_that_is_found_once_the_warehouse_has_the_order_is_asked_about_as_a_change() -> None:
    before = an_order()
    now = replace(before, risk="CANCEL")

    packing = decide(changed(now, before, state=WorkState.PICKING), NOON)
    gone = decide(changed(now, before, state=WorkState.SHIPPED), NOON)

    assert held(packing).cause is Cause.CHANGED_LATE
    assert "its fraud analysis came to advise against it" in held(packing).detail
    assert gone.rest is None
