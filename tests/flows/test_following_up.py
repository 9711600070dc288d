"""What changes after the goods have left is followed up, by a person's word or by rule, and each way once."""

from dataclasses import replace

import pytest
from tests.flows.flow_bench import ACME, HAMBURG, ITEM, MUG, FlowBench
from tests.flows.test_changes_after_acceptance import (
    an_accepted_order,
    both_sides,
    change_part,
    key_of,
    leave_it,
    look,
    moved_to_bremen,
    only_line,
)

from crossdock.edge.order_answers import answer_hold
from crossdock.kit.errors import UsageError
from crossdock.model.answer import Word
from crossdock.model.capability import Capability
from crossdock.model.cause import Cause
from crossdock.model.connection import OrderRules
from crossdock.model.flow import Flow
from crossdock.model.names import OrderId, RequestKey, Units
from crossdock.model.people import Actor, Face
from crossdock.model.request import WorkState
from crossdock.model.returning import Disposition, ReturnOrder
from crossdock.store import requests, taken_on
from crossdock.testing.floor import Parcel


async def follow_it_up(bench: FlowBench, order: OrderId) -> None:
    async with bench.database.begin() as tx:
        await answer_hold(tx, Actor("ada@acme.test", Face.PORTAL), ACME, order, "#1001", Word.FOLLOW_UP)
    await bench.settle()


def by_rule(bench: FlowBench) -> None:
    rules = replace(bench.connection.rules, orders=OrderRules(follow_up=True))
    bench.connection = replace(bench.connection, rules=rules)


def one_more(bench: FlowBench, order: OrderId) -> None:
    """Let another unit be added to what is to ship already."""
    line = only_line(bench, order)

    change_part(
        bench,
        order,
        lambda fo: replace(
            fo,
            status="OPEN",
            supported_actions=frozenset({"CREATE_FULFILLMENT"}),
            lines=tuple(
                replace(one, total=Units(one.total + 1), remaining=Units(one.remaining + 1)) if one.id == line else one
                for one in fo.lines
            ),
        ),
    )


async def one_more_of_what_left(bench: FlowBench) -> OrderId:
    """An order that left, and of which Shopify knows, has one unit more."""
    order = await an_accepted_order(bench)
    await bench.backend.ship(key_of(bench, order), [Parcel({only_line(bench, order): 3})])
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()
    one_more(bench, order)
    return order


async def one_fewer_of_what_left(bench: FlowBench) -> OrderId:
    """An order of which all left, and whose customer wants a unit less before Shopify hears of it."""
    order = await an_accepted_order(bench)
    await bench.backend.ship(key_of(bench, order), [Parcel({only_line(bench, order): 3})])
    bench.store.edit(order, only_line(bench, order), 2)
    await bench.look(Flow.FULFILLMENTS, order)
    return order


async def coming_back(bench: FlowBench, order: OrderId) -> list[ReturnOrder]:
    return list((await bench.backend.return_orders([order])).get(order, ()))


async def asked_for(bench: FlowBench, order: OrderId) -> list[tuple[str, int]]:
    async with bench.database.begin() as tx:
        return [(one.name, sum(one.units.values())) for one in (await requests.of_orders(tx, ACME, [order]))[order]]


async def test_it_is_held_with_both_choices(bench: FlowBench) -> None:
    order = await one_more_of_what_left(bench)

    await look(bench, order)

    hold = (await bench.held(Flow.ORDERS))[order]
    assert hold.cause is Cause.LEFT_ALREADY
    assert "a quantity went up" in hold.detail
    assert await asked_for(bench, order) == [("#1001", 3)]


@pytest.mark.parametrize("rule", [False, True])
@pytest.mark.parametrize("lost", [False, True])
async def test_what_was_added_is_asked_for_by_itself_once_and_leaves(
    bench: FlowBench, *, rule: bool, lost: bool
) -> None:
    order = await one_more_of_what_left(bench)
    if rule:
        by_rule(bench)
    if lost:
        bench.backend.lose_next_answer()
    await look(bench, order)
    if not rule:
        await follow_it_up(bench, order)
    for _ in range(3):
        await look(bench, order)
    asked = await asked_for(bench, order)

    await bench.backend.ship(RequestKey(f"{key_of(bench, order)}#2"), [Parcel({only_line(bench, order): 1})])
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()

    assert asked == [("#1001", 3), ("#1001-2", 1)]
    assert bench.store.order(order).fulfillment_orders[0].lines[0].remaining == 0
    assert (await bench.story(order)).count("followed_up") == 1
    assert await bench.held(Flow.ORDERS) == {}
    assert (await both_sides(bench))[1] == 6


async def test_what_was_added_before_shopify_heard_of_the_package_is_asked_for_once(bench: FlowBench) -> None:
    by_rule(bench)
    order = await an_accepted_order(bench)
    await bench.backend.ship(key_of(bench, order), [Parcel({only_line(bench, order): 3})])
    async with bench.database.begin() as tx:
        await taken_on.accepted(tx, ACME, key_of(bench, order), "FAKE-1", WorkState.SHIPPED)
    bench.store.edit(order, only_line(bench, order), 4)

    for _ in range(2):
        await bench.look(Flow.ORDERS, order)
    asked = await asked_for(bench, order)
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()
    await look(bench, order)

    assert asked == [("#1001", 3), ("#1001-2", 1)]
    assert await asked_for(bench, order) == asked
    assert bench.store.order(order).fulfillment_orders[0].lines[0].remaining == 1


async def test_what_was_added_to_a_request_that_left_short_is_for_a_person_whatever_the_rule(bench: FlowBench) -> None:
    by_rule(bench)
    order = await an_accepted_order(bench)
    await bench.backend.ship(key_of(bench, order), [Parcel({only_line(bench, order): 2})])
    await bench.backend.close_short(key_of(bench, order))
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()
    one_more(bench, order)

    await look(bench, order)

    assert await asked_for(bench, order) == [("#1001", 3)]
    with pytest.raises(UsageError, match="is not held for a change that came after its goods had left"):
        await follow_it_up(bench, order)


@pytest.mark.parametrize("lost", [False, True])
async def test_what_was_taken_off_is_expected_back_once_and_told_of_when_it_is_there(
    bench: FlowBench, *, lost: bool
) -> None:
    order = await one_fewer_of_what_left(bench)
    await look(bench, order)
    if lost:
        bench.backend.lose_next_answer()
    await follow_it_up(bench, order)
    for _ in range(2):
        await look(bench, order)

    (record,) = await coming_back(bench, order)
    await bench.backend.receive_return(record.key, {ITEM: 1}, Disposition.RESTOCK)
    for _ in range(2):
        await bench.look(Flow.RETURNS, order)

    story = await bench.story(order)
    assert [story.count(kind) for kind in ("followed_up", "back_apart")] == [1, 1]
    assert await bench.held(Flow.ORDERS) == {}
    assert (await coming_back(bench, order))[0].done


async def test_a_second_unit_that_is_taken_off_is_expected_back_besides_the_first(bench: FlowBench) -> None:
    by_rule(bench)
    order = await one_fewer_of_what_left(bench)
    await look(bench, order)

    bench.store.edit(order, only_line(bench, order), 1)
    await look(bench, order)

    assert [one.key.rpartition("/")[2] for one in await coming_back(bench, order)] == ["1", "2"]


async def test_an_order_that_is_cancelled_after_it_left_is_expected_back_whole(bench: FlowBench) -> None:
    by_rule(bench)
    order = await an_accepted_order(bench)
    await bench.backend.ship(key_of(bench, order), [Parcel({only_line(bench, order): 3})])
    bench.store.cancel(order)
    await bench.look(Flow.FULFILLMENTS, order)

    await look(bench, order)
    (record,) = await coming_back(bench, order)
    await bench.backend.receive_return(record.key, {ITEM: 3}, Disposition.RESTOCK)
    await bench.look(Flow.RETURNS, order)
    await bench.look(Flow.INVENTORY, MUG.inventory_item)

    assert (await coming_back(bench, order))[0].done
    assert await bench.held(Flow.ORDERS) == await bench.held(Flow.FULFILLMENTS) == {}
    assert bench.store.available(MUG, HAMBURG) == 10


async def test_a_backend_that_takes_no_returns_leaves_it_to_a_person(bench: FlowBench) -> None:
    bench.can = frozenset(Capability) - {Capability.RETURNS}
    by_rule(bench)
    order = await one_fewer_of_what_left(bench)

    await look(bench, order)

    assert (await bench.held(Flow.ORDERS))[order].cause is Cause.CHANGED_LATE
    assert await coming_back(bench, order) == []


async def test_another_address_is_told_of_by_rule(bench: FlowBench) -> None:
    by_rule(bench)
    order = await an_accepted_order(bench)
    await bench.backend.ship(key_of(bench, order), [Parcel({only_line(bench, order): 3})])
    await bench.look(Flow.FULFILLMENTS, order)
    moved_to_bremen(bench, order)

    for _ in range(2):
        await look(bench, order)

    assert await bench.held(Flow.ORDERS) == {}
    assert (await bench.story(order)).count("followed_up") == 1


async def test_it_can_be_left_at_that(bench: FlowBench) -> None:
    order = await one_more_of_what_left(bench)
    await look(bench, order)

    await leave_it(bench, order)

    assert await bench.held(Flow.ORDERS) == {}
    assert await asked_for(bench, order) != []
    assert "followed_up" not in await bench.story(order)


async def test_what_is_not_held_for_it_cannot_be_followed_up(bench: FlowBench) -> None:
    bench.can = frozenset()
    order = await an_accepted_order(bench)
    moved_to_bremen(bench, order)
    await look(bench, order)

    with pytest.raises(UsageError, match="is not held for a change that came after its goods had left"):
        await follow_it_up(bench, order)
