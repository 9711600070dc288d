"""What is planned about an order that changed after the backend accepted it, and how a person reads it."""

from dataclasses import replace

import pytest
from tests.flows.test_deciding_orders import BOTH_LINKED, HAMBURG, LAMP, MUG, NORTH, a_sight, held

from crossdock.flows.orders.asking import request_line, terms_for
from crossdock.flows.orders.changing import Amend, Leave, Stop
from crossdock.flows.orders.decide import LinkFirst, decide
from crossdock.flows.orders.sight import Left, Sent, Sight, Work
from crossdock.model.capability import Capability
from crossdock.model.cause import Cause
from crossdock.model.change import Kind, Terms
from crossdock.model.connection import OrderRules
from crossdock.model.field_mapping import Filled
from crossdock.model.names import RequestKey
from crossdock.model.order import Order
from crossdock.model.plan import Wait
from crossdock.model.request import WorkState
from crossdock.testing.builders import NOON, a_fulfillment_order, a_fulfillment_order_line, a_line, an_order

ALL = frozenset(Capability)


def agreed(order: Order) -> Terms:
    """What the warehouse accepted, when the order was as it is here."""
    (fo,) = order.fulfillment_orders
    lines = [request_line(order, line, BOTH_LINKED[line.variant]) for line in fo.lines if line.variant is not None]
    return terms_for(
        order,
        fo,
        HAMBURG,
        key=RequestKey(fo.id),
        name="#1001",
        warehouse=NORTH,
        lines=lines,
        told={},
        rules=OrderRules(),
        filled=Filled(),
        mapping=0,
    )


def changed(
    order: Order,
    before: Order,
    *,
    state: WorkState = WorkState.RELEASED,
    can: frozenset[Capability] = ALL,
    asking: bool = False,
) -> Sight:
    (fo,) = before.fulfillment_orders
    terms = agreed(before)
    asked = {line.reference: line.units for line in terms.request.lines}
    work = Work("SO-7", state)
    sent = Sent(RequestKey(fo.id), "#1001", HAMBURG, work, True, terms, asking, asked=asked)
    return replace(a_sight(order, sent=[sent]), can=can)


def test_nothing_changed_is_nothing_to_do() -> None:
    plan = decide(changed(an_order(), an_order()), NOON)

    assert (plan.steps, plan.rest) == ((), None)


def test_each_step_says_what_it_would_do() -> None:
    order = an_order()

    plans = [
        decide(changed(replace(order, note="Ring twice"), order), NOON),
        decide(changed(replace(order, cancelled_at=NOON), order), NOON),
        decide(changed(replace(order, tags=("vip",)), order, can=frozenset()), NOON),
        decide(changed(order, order, asking=True), NOON),
    ]

    assert [type(step) for plan in plans for step in plan.steps] == [Amend, Stop, Leave, Amend]
    assert [step.sentence for plan in plans for step in plan.steps] == [
        "Have the warehouse change SO-7. #1001: the note was changed.",
        "Have the warehouse stop SO-7. #1001: the order was cancelled.",
        "Leave SO-7 as the warehouse has it. #1001: the tags were changed.",
        "Have the warehouse change SO-7. #1001: it is not known what came of an earlier change.",
    ]


def test_what_can_be_amended_is_and_only_the_rest_is_asked_about() -> None:
    before = an_order(lines=[a_line(1, quantity=3)])
    fewer = an_order(lines=[a_line(1, quantity=1)], note="Ring twice")

    plan = decide(changed(fewer, before, state=WorkState.PICKING), NOON)

    (amend,) = plan.steps
    assert isinstance(amend, Amend)
    assert (amend.terms.request.note, [line.units for line in amend.terms.request.lines]) == ("Ring twice", [3])
    assert held(plan).cause is Cause.CHANGED_LATE
    assert held(plan).detail == ("#1001: a quantity went down (3 → 1 of “Line 1”). The warehouse has SO-7, picking.")


def test_a_cancellation_leaves_nothing_else_to_say() -> None:
    order = replace(an_order(note="Ring twice"), cancelled_at=NOON)

    (stop,) = decide(changed(order, an_order()), NOON).steps

    assert stop.sentence.endswith("#1001: the order was cancelled.")


def test_an_added_line_waits_for_its_item() -> None:
    mug, lamp = a_line(1), a_line(2, sku="LAMP", variant=2)
    before = an_order(lines=[mug])
    part = a_fulfillment_order(a_fulfillment_order_line(mug), a_fulfillment_order_line(lamp), number=1001)
    sight = changed(an_order(lines=[mug, lamp], fulfillment_orders=[part]), before)

    unseen = decide(replace(sight, links={MUG: BOTH_LINKED[MUG]}), NOON)
    hopeless = decide(replace(sight, links={MUG: BOTH_LINKED[MUG]}, catalog_held=frozenset({LAMP})), NOON)
    linked = decide(sight, NOON)

    assert unseen.steps == (LinkFirst((LAMP,)),)
    assert isinstance(unseen.rest, Wait)
    assert (held(hopeless).cause, held(hopeless).needs) == (Cause.ITEM_UNLINKED, (LAMP,))
    assert [type(step) for step in linked.steps] == [Amend]


@pytest.mark.parametrize("sure", [True, False])
def test_lines_are_compared_only_when_shopify_shows_every_package(*, sure: bool) -> None:
    before, fewer = (an_order(lines=[a_line(1, quantity=units)]) for units in (3, 1))

    plan = decide(replace(changed(fewer, before), left=Left(sure=sure)), NOON)

    assert len(plan.steps) == sure


def test_what_passed_because_all_had_left_is_open_again_once_goods_come_back() -> None:
    before = an_order()
    now = replace(before, financial_status="REFUNDED")

    (left,) = decide(changed(now, before, state=WorkState.SHIPPED), NOON).steps

    assert isinstance(left, Leave)
    assert left.terms == replace(agreed(before), passed=(Kind.REFUNDED,))
    assert decide(with_terms(changed(now, before, state=WorkState.SHIPPED), left.terms), NOON).steps == ()
    back = decide(with_terms(changed(now, before, state=WorkState.PICKING), left.terms), NOON)
    assert held(back).cause is Cause.CHANGED_LATE


def with_terms(sight: Sight, terms: Terms) -> Sight:
    """The same order, resting on these terms."""
    return replace(sight, sent=[replace(sent, terms=terms) for sent in sight.sent])
