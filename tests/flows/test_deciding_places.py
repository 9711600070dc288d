"""What Shopify is told so that everything is where it was decided: each unit once, however it lies there."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.flows.test_deciding_orders import BOTH_LINKED, a_sight

from crossdock.flows.orders.placing import MoveThere, Settle, place, undecided
from crossdock.flows.orders.sight import Sight
from crossdock.model.connection import Rules
from crossdock.model.names import LineItemId, LocationId, Units, WarehouseCode
from crossdock.model.order import Order
from crossdock.model.plan import Wait
from crossdock.model.route import Destination, Facts, Route, Routed, Share
from crossdock.model.routing_rules import Mode, RoutingRules
from crossdock.testing.builders import (
    a_fulfillment_order,
    a_fulfillment_order_line,
    a_line,
    a_location,
    a_variant,
    an_order,
)
from crossdock.testing.storefront import FakeStorefront

PLACES = [a_location(number).id for number in (1, 2, 3)]
ON = Rules(routing=RoutingRules(mode=Mode.ON))

Spread = Mapping[tuple[LineItemId, LocationId], int]


def an_order_at(spread: Sequence[tuple[int, int, int]]) -> Order:
    """An order with units at each location: of which line (1 or 2), where (1 to 3), how many."""
    lines = [a_line(number, quantity=9, variant=number) for number in (1, 2)]
    parts = []
    for number, (line, where, units) in enumerate(spread, start=1):
        part = a_fulfillment_order_line(lines[line - 1], total=units)
        numbered = replace(part, id=type(part.id)(f"{part.id}00{number}"))
        parts.append(a_fulfillment_order(numbered, number=number, location=where))
    return an_order(lines=lines, fulfillment_orders=parts)


def seen(order: Order, route: Route | None = None, rules: Rules = ON) -> Sight:
    warehouses = {place: (WarehouseCode("MAIN"),) for place in PLACES}
    sight = a_sight(order, warehouses=warehouses, links=BOTH_LINKED)
    return replace(sight, route=route, connection=replace(sight.connection, rules=rules))


def a_route(order: Order, shares: Spread) -> Route:
    facts = Facts((), Destination(), tuple(undecided(seen(order))), ())
    return Route(
        1, facts, Routed(tuple(Share(line, place, Units(units)) for (line, place), units in shares.items()), (), ())
    )


def spread_of(order: Order) -> Spread:
    found = Counter[tuple[LineItemId, LocationId]]()
    for fo in order.fulfillment_orders:
        for line in fo.lines:
            if fo.location is not None and line.remaining:
                found[line.line_item, fo.location] += line.remaining
    return found


def told(order: Order, route: Route) -> Order:
    """Shopify as it is once it was told, look by look, what is not where it was decided."""
    store = FakeStorefront()
    for number, place_ in enumerate(PLACES, start=1):
        store.add_location(a_location(number))
        for variant in (1, 2):
            store.add_variant(a_variant(variant), {place_: 99})
    store.put(order)

    async def tell() -> None:
        for _ in range(12):
            moves = [step for step in place(seen(store.order(order.id), route)).steps if isinstance(step, MoveThere)]
            if not moves:
                return
            for step in moves:
                await store.move_fulfillment_order(step.move)
        raise AssertionError("It still moves goods about.")

    asyncio.run(tell())
    return store.order(order.id)


spreads = st.lists(st.tuples(st.integers(1, 2), st.integers(1, 3), st.integers(1, 4)), min_size=1, max_size=4)


@given(spreads, st.data())
def test_everything_comes_to_where_it_was_decided(spread: list[tuple[int, int, int]], data: st.DataObject) -> None:
    order = an_order_at(spread)
    wanted = Counter[tuple[LineItemId, LocationId]]()
    for (line, _), units in spread_of(order).items():
        for _ in range(units):
            wanted[line, data.draw(st.sampled_from(PLACES))] += 1

    after = told(order, a_route(order, wanted))

    assert spread_of(after) == wanted


def test_what_somebody_moved_meanwhile_stays_where_they_put_it() -> None:
    before, now = an_order_at([(1, 1, 3)]), an_order_at([(1, 3, 3)])
    line = before.lines[0].id

    placing = place(seen(now, a_route(before, {(line, PLACES[1]): 3})))

    assert placing.steps == [Settle(now.id, 1)]


def test_units_that_may_still_be_moving_are_waited_for_and_whole_parts_are_not() -> None:
    order = an_order_at([(1, 1, 3)])
    line = order.lines[0].id
    part = replace(a_route(order, {(line, PLACES[0]): 1, (line, PLACES[1]): 2}), moving=timedelta(seconds=20))
    whole = replace(a_route(order, {(line, PLACES[1]): 3}), moving=timedelta(seconds=20))

    waiting, moving = place(seen(order, part)), place(seen(order, whole))

    assert waiting.steps == []
    assert isinstance(waiting.rest, Wait)
    assert waiting.rest.after == timedelta(seconds=40)
    assert [type(step) for step in moving.steps] == [MoveThere]


def test_it_is_decided_once_and_again_where_more_is_wanted() -> None:
    order, more = an_order_at([(1, 1, 3)]), an_order_at([(1, 1, 4)])
    known = replace(a_route(order, {(order.lines[0].id, PLACES[0]): 3}), settled=True)

    assert undecided(seen(order, known)) == []
    assert [one.units for one in undecided(seen(more, known))] == [4]


def test_where_routing_is_off_nothing_is_decided_and_nothing_moves() -> None:
    order = an_order_at([(1, 1, 3)])
    known = a_route(order, {(order.lines[0].id, PLACES[1]): 3})

    assert undecided(seen(order, rules=Rules())) == []
    assert place(seen(order, known, Rules())).steps == []
