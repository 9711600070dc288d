"""What people set of one order is asked of the warehouse in the place of Shopify, until they undo it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from tests.flows.flow_bench import ACME, HAMBURG, MUG, FlowBench
from tests.flows.test_changes_after_acceptance import an_accepted_order, change, there

from crossdock.edge.order_answers import answer_hold
from crossdock.edge.overriding import override, undo_override
from crossdock.edge.said import Who, said_of_order
from crossdock.kit.errors import UsageError
from crossdock.model.answer import Word
from crossdock.model.cause import Cause
from crossdock.model.connection import Field, InventoryRules, OrderRules, Rules
from crossdock.model.field_mapping import FieldMapping, FieldSource
from crossdock.model.flow import Flow
from crossdock.model.names import OrderId
from crossdock.model.people import Actor, Face
from crossdock.model.request_field import FieldKind, FieldSpec
from crossdock.store import audit, mappings, overrides, timeline
from crossdock.store.reads import order as reads
from crossdock.store.reads.order import Story
from crossdock.testing.builders import an_address

ADA = Actor("ada@acme.test", Face.PORTAL)
PRIORITY = FieldSpec("priority", "Priority", FieldKind.NUMBER)
DEMANDING = Rules(
    orders=OrderRules(required=frozenset({Field.SHIPPING_ADDRESS, Field.PHONE})),
    inventory=InventoryRules(window=timedelta()),
)


@pytest.fixture
async def kept(bench: FlowBench) -> FlowBench:
    """A connection that the database knows, whose backend takes one field of its own."""
    bench.fields = (PRIORITY,)
    await bench.keep()
    return bench


async def story(bench: FlowBench, order: OrderId) -> Story:
    async with bench.database.begin() as tx:
        found = await reads.story_by_id(tx, ACME, order)
    assert found is not None
    return found


async def set_by_hand(bench: FlowBench, order: OrderId, **said: str) -> None:
    """Say these things; `__` stands for the dot in a field's name."""
    wanted = {name.replace("__", "."): value for name, value in said.items()}
    told = await story(bench, order)
    async with bench.database.begin() as tx:
        await override(tx, ADA, told, wanted, "Ada Lovelace rang.", bench.fields)


async def undo(bench: FlowBench, order: OrderId, *fields: str) -> None:
    told = await story(bench, order)
    async with bench.database.begin() as tx:
        await undo_override(tx, ADA, told, fields, bench.fields)


async def a_held_order(bench: FlowBench) -> OrderId:
    """An order without a telephone, which the connection demands."""
    bench.connection = replace(bench.connection, rules=DEMANDING)
    await bench.link()
    order = bench.store.buy(HAMBURG, (MUG, 1))
    await bench.mark(Flow.ORDERS, order)
    await bench.settle()
    return order


async def who_said(bench: FlowBench, order: OrderId) -> Mapping[str, tuple[str | None, Who]]:
    async with bench.database.begin() as tx:
        said = await said_of_order(tx, ACME, order, bench.fields)
    return {row.field: (row.value, row.who) for row in said.requests[0].fields}


async def test_what_an_order_lacks_is_filled_in_and_it_goes(kept: FlowBench) -> None:
    order = await a_held_order(kept)
    held = (await kept.held(Flow.ORDERS))[order]

    await set_by_hand(kept, order, phone="+49 40 1234")
    await kept.settle()

    assert held.cause is Cause.FIELD_MISSING
    assert await kept.held(Flow.ORDERS) == {}
    assert there(kept, order).phone == "+49 40 1234"
    assert (await who_said(kept, order))["phone"] == ("+49 40 1234", Who.OVERRIDE)


async def test_an_accepted_order_is_changed_at_the_warehouse_and_changed_back(kept: FlowBench) -> None:
    order = await an_accepted_order(kept)
    before = there(kept, order)

    await set_by_hand(kept, order, ship_to__city="Bremen", email="")
    await kept.settle()
    meanwhile = there(kept, order)
    await undo(kept, order, "ship_to.city", "email")
    await kept.settle()

    assert before.ship_to is not None
    assert meanwhile.ship_to == replace(before.ship_to, city="Bremen")
    assert (before.email is None, meanwhile.email) == (False, None)
    assert (there(kept, order).ship_to, there(kept, order).email) == (before.ship_to, before.email)
    assert (await kept.story(order)).count("amended") == 2


async def test_where_the_warehouse_cannot_change_it_a_person_is_asked(kept: FlowBench) -> None:
    order = await an_accepted_order(kept)
    kept.can = frozenset()

    await set_by_hand(kept, order, ship_to__city="Bremen")
    await kept.settle()

    assert (await kept.held(Flow.ORDERS))[order].cause is Cause.CHANGED_LATE


async def test_a_field_of_the_backends_own_is_set_over_what_the_mapping_says(kept: FlowBench) -> None:
    async with kept.database.begin() as tx:
        await mappings.save(tx, ACME, FieldMapping({"priority": FieldSource("'3'")}), "Ada", "")
    order = await an_accepted_order(kept)
    mapped = await who_said(kept, order)

    await set_by_hand(kept, order, fields__priority="07")
    await kept.settle()

    assert mapped["fields.priority"] == ("3", Who.MAPPING)
    assert (await who_said(kept, order))["fields.priority"] == ("7", Who.OVERRIDE)
    assert there(kept, order).said == {"priority": 7}


async def test_what_shopify_says_later_is_shown_and_what_was_set_stands(kept: FlowBench) -> None:
    order = await an_accepted_order(kept)
    was = there(kept, order).ship_to
    await set_by_hand(kept, order, ship_to__city="Bremen")
    await kept.settle()
    async with kept.database.begin() as tx:
        before = (await overrides.of_orders(tx, ACME, [order]))[order]["ship_to.city"]

    change(kept, order, lambda one: replace(one, shipping_address=an_address(city="Kiel")))
    await kept.mark(Flow.ORDERS, order)
    await kept.settle()

    async with kept.database.begin() as tx:
        after = (await overrides.of_orders(tx, ACME, [order]))[order]["ship_to.city"]
    shown = there(kept, order).ship_to
    assert was is not None
    assert (before.otherwise, before.contradicted_at) == (was.city, None)
    assert (after.value, after.otherwise) == ("Bremen", "Kiel")
    assert after.contradicted_at is not None
    assert shown is not None
    assert shown.city == "Bremen"
    assert (await kept.story(order)).count("contradicted") == 1


async def test_who_set_what_is_told_and_written_down_without_what_stands_there(kept: FlowBench) -> None:
    order = await an_accepted_order(kept)

    await set_by_hand(kept, order, ship_to__last_name="Byron")

    async with kept.database.begin() as tx:
        told = [event.sentence for event in await timeline.read(tx, ACME, order)]
        _, entries = await audit.read(tx)
    assert told[-1] == "ada@acme.test set: Last name."
    assert entries[0].after == {"fields": ["ship_to.last_name"]}
    assert "Byron" not in str(entries)
    assert "Lovelace" not in str(entries)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("ship_to.country", "Germany", "two capital letters"),
        ("ship_to.planet", "Mars", "There is no field ship_to.planet. There are: ship_to.first_name"),
        ("fields.colour", "red", "fields.priority"),
        ("fields.priority", "high", "Priority takes a whole number, and is given “high”."),
        ("phone", "0" * 256, "255 characters"),
    ],
)
async def test_what_a_field_does_not_take_is_refused(kept: FlowBench, field: str, value: str, said: str) -> None:
    order = await an_accepted_order(kept)

    with pytest.raises(UsageError, match=said):
        await set_by_hand(kept, order, **{field.replace(".", "__"): value})

    async with kept.database.begin() as tx:
        assert await overrides.of_orders(tx, ACME, [order]) == {}


async def test_nothing_is_set_of_who_was_forgotten(kept: FlowBench) -> None:
    order = await an_accepted_order(kept)
    async with kept.database.begin() as tx:
        await tx.execute(text("UPDATE requests SET erased_at = hub_now(), terms = NULL"))

    with pytest.raises(UsageError, match="was forgotten"):
        await set_by_hand(kept, order, phone="1")


async def test_what_was_set_goes_with_the_orders_people_and_not_before(kept: FlowBench) -> None:
    sent, unsent = await an_accepted_order(kept), await a_held_order(kept)
    for order in (sent, unsent):
        await set_by_hand(kept, order, note="For Ada")

    async with kept.database.begin() as tx:
        await overrides.forget(tx, ACME, [sent, unsent])
        while_it_may_ship = set(await overrides.of_orders(tx, ACME, [sent, unsent]))
        await tx.execute(text("UPDATE requests SET erased_at = hub_now()"))
        await overrides.forget(tx, ACME, [sent, unsent])
        afterwards = await overrides.of_orders(tx, ACME, [sent, unsent])

    assert while_it_may_ship == {sent}
    assert afterwards == {}


async def test_what_an_order_lacks_may_be_let_go_by_who_read_of_it(kept: FlowBench) -> None:
    order = await a_held_order(kept)
    async with kept.database.begin() as tx:
        await answer_hold(tx, ADA, ACME, order, "#1001", Word.RELEASE)

    await kept.settle()

    assert await kept.held(Flow.ORDERS) == {}
    assert there(kept, order).phone is None


async def test_what_was_let_go_is_not_let_go_for_what_it_lacks_later(kept: FlowBench) -> None:
    order = await a_held_order(kept)
    change(kept, order, lambda one: replace(one, shipping_address=None))
    async with kept.database.begin() as tx:
        await answer_hold(tx, ADA, ACME, order, "#1001", Word.RELEASE)

    await kept.settle()

    assert "shipping address, phone" in (await kept.held(Flow.ORDERS))[order].detail
