"""A backend's own fields: filled when an order is sent, followed when it changes, and never silently wrong."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.flows.flow_bench import ACME, FlowBench
from tests.flows.test_deciding_orders import a_sight

from crossdock.flows.orders.act import act
from crossdock.flows.orders.decide import Send, decide
from crossdock.flows.orders.filling import Filling
from crossdock.flows.orders.flow import OrdersFlow
from crossdock.kit.clock import SystemClock
from crossdock.kit.errors import Refused
from crossdock.model.cause import Cause
from crossdock.model.extras import Buyer, Extras, LineExtras
from crossdock.model.field_mapping import Default, FieldMapping, FieldSource
from crossdock.model.flow import Flow
from crossdock.model.names import RequestKey
from crossdock.model.order import Order
from crossdock.model.request_field import FieldKind, FieldSpec, Scalar
from crossdock.pending.work import Claim
from crossdock.store import mappings, pending
from crossdock.testing.builders import NOON, an_order
from crossdock.testing.fakes import FakeBackend

TERMS = FieldSpec("terms", "Payment terms")
PRIORITY = FieldSpec("priority", "Priority", FieldKind.NUMBER)
ENGRAVING = FieldSpec("engraving", "Engraving", of_line=True)
BY_TAG = FieldMapping(
    {
        "terms": FieldSource(None, (Default("NET30", "contains(tags, 'b2b')"), Default("PREPAID"))),
        "priority": FieldSource("note"),
    }
)


@pytest.fixture
async def mapped(bench: FlowBench) -> FlowBench:
    """A backend that takes two fields, filled by the order's tags and note."""
    await bench.keep()
    bench.fields = (TERMS, PRIORITY)
    await bench.link()
    await _save(bench, BY_TAG)
    return bench


async def test_an_order_is_sent_with_what_the_mapping_says(mapped: FlowBench) -> None:
    order = an_order(tags=["b2b"], note="7")
    mapped.store.put(order)

    await mapped.look(Flow.ORDERS, order.id)

    assert await _said(mapped, order) == {"terms": "NET30", "priority": 7}


async def test_a_field_that_fails_is_left_out_and_the_time_line_says_so(mapped: FlowBench) -> None:
    order = an_order(note="urgent!")
    mapped.store.put(order)

    await mapped.look(Flow.ORDERS, order.id)

    assert await _said(mapped, order) == {"terms": "PREPAID"}
    assert "left_out" in await mapped.story(order.id)


async def test_a_required_field_that_fails_holds_the_order_and_a_better_mapping_lets_it_go(mapped: FlowBench) -> None:
    mapped.fields = (TERMS, replace(PRIORITY, required=True))
    order = an_order(note="urgent!")
    mapped.store.put(order)
    await mapped.look(Flow.ORDERS, order.id)
    held = (await mapped.held(Flow.ORDERS))[order.id]

    await _save(mapped, FieldMapping({"priority": FieldSource("to_number(note)", (Default("1"),))}))
    await mapped.look(Flow.ORDERS, order.id)

    assert held.cause is Cause.FIELD_UNFILLED
    assert "Priority (priority) takes a whole number, and is given “urgent!”." in held.detail
    assert await mapped.held(Flow.ORDERS) == {}
    assert await _said(mapped, order) == {"priority": 1}


async def test_what_changes_about_a_field_after_acceptance_reaches_the_backend(mapped: FlowBench) -> None:
    order = an_order(tags=["b2b"])
    mapped.store.put(order)
    await mapped.look(Flow.ORDERS, order.id)

    mapped.store.put(replace(order, tags=("retail",)))
    await mapped.look(Flow.ORDERS, order.id)

    assert await _said(mapped, order) == {"terms": "PREPAID"}
    assert "amended" in await mapped.story(order.id)


async def test_an_order_that_loses_what_a_required_field_said_is_held_and_its_warehouse_is_told_nothing(
    mapped: FlowBench,
) -> None:
    mapped.fields = (TERMS, replace(PRIORITY, required=True))
    order = an_order(note="7")
    mapped.store.put(order)
    await mapped.look(Flow.ORDERS, order.id)

    mapped.store.put(replace(order, note="urgent!"))
    await mapped.look(Flow.ORDERS, order.id)

    assert (await mapped.held(Flow.ORDERS))[order.id].cause is Cause.FIELD_UNFILLED
    assert await _said(mapped, order) == {"terms": "PREPAID", "priority": 7}


async def test_a_field_that_was_not_demanded_when_the_order_was_sent_holds_it_not_later(mapped: FlowBench) -> None:
    order = an_order()
    mapped.store.put(order)
    await mapped.look(Flow.ORDERS, order.id)

    mapped.fields = (TERMS, replace(PRIORITY, required=True))
    mapped.store.put(replace(order, tags=("b2b",)))
    await mapped.look(Flow.ORDERS, order.id)

    assert await mapped.held(Flow.ORDERS) == {}
    assert await _said(mapped, order) == {"terms": "NET30"}


async def test_a_line_is_asked_for_with_what_its_customer_wrote_on_it(mapped: FlowBench) -> None:
    order = await _engraved(mapped, "Ada")

    await mapped.look(Flow.ORDERS, order.id)

    assert await _said_of_lines(mapped, order) == [{"engraving": "Ada"}]


async def test_what_changes_about_a_line_reaches_the_backend_and_its_goods_stay(mapped: FlowBench) -> None:
    order = await _engraved(mapped, "Ada")
    await mapped.look(Flow.ORDERS, order.id)

    mapped.store.add_extras(order.id, _engraving(order, "Grace"))
    await mapped.look(Flow.ORDERS, order.id)

    assert await _said_of_lines(mapped, order) == [{"engraving": "Grace"}]
    assert "amended" in await mapped.story(order.id)


async def test_a_line_that_says_nothing_where_it_must_holds_its_order_and_is_named(mapped: FlowBench) -> None:
    order = await _engraved(mapped, "Ada")
    mapped.fields = (replace(ENGRAVING, required=True),)
    mapped.store.add_extras(order.id, Extras())

    await mapped.look(Flow.ORDERS, order.id)

    held = (await mapped.held(Flow.ORDERS))[order.id]
    assert held.cause is Cause.FIELD_UNFILLED
    assert f"Engraving (engraving) of “{order.lines[0].title}” must be there" in held.detail


async def test_shopify_is_asked_for_more_than_orders_only_where_the_mapping_names_it(mapped: FlowBench) -> None:
    plain, tagged = an_order(number=1001), an_order(number=1002)
    for order in (plain, tagged):
        mapped.store.put(order)
        mapped.store.add_extras(order.id, Extras(customer=Buyer("7", None, ("b2b",))))

    await mapped.look(Flow.ORDERS, plain.id)
    asked = mapped.store.calls["extras"]
    await _save(mapped, FieldMapping({"terms": FieldSource("customer.tags[0]")}))
    await mapped.look(Flow.ORDERS, tagged.id)

    assert (asked, mapped.store.calls["extras"]) == (0, 1)
    assert await _said(mapped, tagged) == {"terms": "b2b"}


async def test_an_order_is_tried_again_where_the_token_could_not_read_what_the_mapping_names(
    mapped: FlowBench,
) -> None:
    order = an_order()
    mapped.store.put(order)
    mapped.store.add_extras(order.id, Extras(customer=Buyer("7", None, ("b2b",))))
    await _save(mapped, FieldMapping({"terms": FieldSource("customer.tags[0]")}))
    mapped.store.refuse_next("extras", Refused("The app needs read_customers."))

    drained = await mapped.look(Flow.ORDERS, order.id)

    assert drained.failed == 1
    assert await _said(mapped, order) == {"terms": "b2b"}


async def test_a_new_mapping_changes_no_order_that_is_under_way(mapped: FlowBench) -> None:
    first, second = an_order(number=1001), an_order(number=1002)
    mapped.store.put(first)
    await mapped.look(Flow.ORDERS, first.id)

    await _save(mapped, FieldMapping({"terms": FieldSource("'COD'")}))
    mapped.store.put(replace(first, note="Ring twice"))
    mapped.store.put(second)
    await mapped.look(Flow.ORDERS, first.id, second.id)

    assert (await _said(mapped, first))["terms"] == "PREPAID"
    assert await _said(mapped, second) == {"terms": "COD"}


async def _claimed(mapped: FlowBench, order: Order) -> list[Claim]:
    """Claim an order for a worker that is killed before it settles; its lease is over by then."""
    await mapped.mark(Flow.ORDERS, order.id)
    async with mapped.database.begin() as tx:
        await pending.fold(tx, ACME, Flow.ORDERS)
        found = await pending.claim(tx, ACME, Flow.ORDERS, "killed", timedelta(), 1)
    return [
        Claim(ACME, Flow.ORDERS, one.key, one.reason, one.attempts, one.generation, one.token, one.first_due_at)
        for one in found
    ]


@pytest.mark.parametrize(
    ("lose", "terms"), [(FakeBackend.lose_next_submit, "COD"), (FakeBackend.lose_next_answer, "PREPAID")]
)
async def test_a_request_stays_with_the_mapping_of_the_try_that_the_backend_took(
    mapped: FlowBench, lose: Callable[[FakeBackend], None], terms: str
) -> None:
    order = an_order()
    mapped.store.put(order)
    lose(mapped.backend)
    plans = await OrdersFlow(mapped.sources(), SystemClock()).plan([order.id])
    await act(mapped.database, mapped.backend, mapped.store, ACME, await _claimed(mapped, order), plans)
    await _save(mapped, FieldMapping({"terms": FieldSource("'COD'")}))

    await mapped.look(Flow.ORDERS, order.id)
    await mapped.settle()

    assert await _said(mapped, order) == {"terms": terms}
    assert await mapped.held(Flow.ORDERS) == {}


expressions = st.sampled_from(
    ["note", "tags[0]", "name", "upper(note)", "to_number(note)", "length(lines)", "sum(lines[].quantity)", "nowhere"]
)
sources = st.builds(
    FieldSource,
    st.none() | expressions,
    st.lists(st.builds(Default, st.sampled_from(["1", "x"]), st.none() | expressions), max_size=3).map(tuple),
    st.booleans(),
)


@given(
    terms=sources,
    priority=sources,
    note=st.none() | st.sampled_from(["", "7", "urgent"]),
    tags=st.lists(st.sampled_from(["b2b", "5"]), max_size=2),
)
def test_what_a_preview_shows_is_what_is_sent_or_why_it_is_not(
    terms: FieldSource, priority: FieldSource, note: str | None, tags: list[str]
) -> None:
    order = an_order(note=note, tags=tags)
    filling = Filling((TERMS, PRIORITY), 3, {3: FieldMapping({"terms": terms, "priority": priority})})
    sight = replace(a_sight(order), filling=filling)
    rules, location = sight.connection.rules.orders, order.fulfillment_orders[0].location_name
    preview = filling.of(order, rules, 3, None, location)

    plan = decide(sight, NOON)

    sent = [step for step in plan.steps if isinstance(step, Send)]
    assert [step.request.fields for step in sent] == ([] if preview.missing else [preview.fields])
    assert [step.left_out for step in sent] == ([] if preview.missing else [preview.left_out])
    assert preview == filling.of(order, rules, 3, None, location)


async def _engraved(bench: FlowBench, words: str) -> Order:
    """Have an order with these words on its line, and a backend that takes them."""
    bench.fields = (ENGRAVING,)
    await _save(bench, FieldMapping({"engraving": FieldSource("line.properties.Engraving")}))
    order = an_order()
    bench.store.put(order)
    bench.store.add_extras(order.id, _engraving(order, words))
    return order


def _engraving(order: Order, words: str) -> Extras:
    return Extras(lines={line.id: LineExtras((("Engraving", words),)) for line in order.lines})


async def _said_of_lines(bench: FlowBench, order: Order) -> list[dict[str, Scalar]]:
    (fo,) = order.fulfillment_orders
    booked = await bench.backend.booked(RequestKey(fo.id))
    return [dict(booked.said_of_lines.get(line.id, {})) for line in fo.lines]


async def _save(bench: FlowBench, mapping: FieldMapping) -> None:
    async with bench.database.begin() as tx:
        await mappings.save(tx, ACME, mapping, "Ada", "")


async def _said(bench: FlowBench, order: Order) -> dict[str, Scalar]:
    (fo,) = order.fulfillment_orders
    return dict((await bench.backend.booked(RequestKey(fo.id))).said)
