"""Packages that left from another location than Shopify has their goods at: they move there first, then are told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.flows.flow_bench import ACME, HAMBURG, ITEM, MUG, FlowBench
from tests.flows.test_fulfillment_orders_that_change import BREMEN, NORTH, a_second_warehouse, at_the_warehouse
from tests.flows.test_packages_on_their_way import sentences

from crossdock.edge.order_answers import answer_hold
from crossdock.kit.errors import Refused
from crossdock.model.answer import Word
from crossdock.model.cause import Cause
from crossdock.model.connection import FulfillmentRules, InventoryRules, StockMode
from crossdock.model.flow import Flow
from crossdock.model.names import LocationId, OrderId, RequestKey, Units, WarehouseCode
from crossdock.model.people import Actor, Face
from crossdock.model.relocation import Move
from crossdock.model.request import WorkState
from crossdock.testing.builders import MAIN
from crossdock.testing.floor import Parcel
from crossdock.testing.fulfillment_orders import move

NOT_STOCKED = Refused("Shopify: no items are stocked at this location. Stock them at that location in Shopify.")


async def asked_of_hamburg(bench: FlowBench, units: int = 3) -> tuple[OrderId, RequestKey]:
    """An order that Hamburg's warehouse was asked for, while Bremen's has the same goods."""
    await a_second_warehouse(bench)
    await bench.link()
    order = bench.store.buy(HAMBURG, (MUG, units))
    await bench.look(Flow.ORDERS, order)
    await bench.settle()
    return order, RequestKey(bench.store.order(order).fulfillment_orders[0].id)


async def leave(
    bench: FlowBench, key: RequestKey, units: int = 3, warehouse: WarehouseCode = NORTH, number: str = "T-1"
) -> None:
    """Let a package of so many mugs leave."""
    (line,) = bench.backend._orders[key].request.lines
    await bench.backend.ship(key, [Parcel({line.reference: units}, "DHL", number, warehouse)])


async def look(bench: FlowBench, order: OrderId) -> None:
    await bench.mark(Flow.FULFILLMENTS, order)
    await bench.settle()


def shipped_from(bench: FlowBench, order: OrderId) -> list[tuple[LocationId | None, int]]:
    """The location and the units of each fulfillment, by the fulfillment orders that it was created for."""
    homes = {fo.id: fo.location for fo in bench.store.order(order).fulfillment_orders}
    return [
        (homes[fo], sum(units for _, units in lines))
        for one in bench.store.order(order).fulfillments
        for fo, lines in bench.store.draft(one.id).lines.items()
    ]


def for_sale(bench: FlowBench) -> tuple[int, int]:
    return bench.store.available(MUG, HAMBURG), bench.store.available(MUG, BREMEN)


async def on_the_shelf(bench: FlowBench) -> tuple[int, int]:
    available = (await bench.backend.stock([ITEM])).available
    return available[ITEM, MAIN], available[ITEM, NORTH]


async def test_goods_that_left_from_elsewhere_move_there_and_are_told_once(bench: FlowBench) -> None:
    order, key = await asked_of_hamburg(bench)

    await leave(bench, key)
    await look(bench, order)
    await look(bench, order)

    assert shipped_from(bench, order) == [(BREMEN, 3)]
    assert bench.store.calls["move_fulfillment_order"] == 1
    assert for_sale(bench) == await on_the_shelf(bench) == (10, 7)
    assert await at_the_warehouse(bench, order) == {key: (MAIN, WorkState.SHIPPED, 3)}
    assert await bench.held(Flow.ORDERS) == await bench.held(Flow.FULFILLMENTS) == {}
    assert any("3 units of package FAKE-1-1 to location 2" in one for one in await sentences(bench, order))


async def test_a_part_that_left_from_elsewhere_leaves_the_rest_where_it_is(bench: FlowBench) -> None:
    order, key = await asked_of_hamburg(bench)

    await leave(bench, key, 1)
    await look(bench, order)
    await leave(bench, key, 2, MAIN, "T-2")
    await look(bench, order)

    assert shipped_from(bench, order) == [(BREMEN, 1), (HAMBURG, 2)]
    assert for_sale(bench) == await on_the_shelf(bench) == (8, 9)
    assert await at_the_warehouse(bench, order) == {key: (MAIN, WorkState.SHIPPED, 3)}
    assert await bench.held(Flow.ORDERS) == {}


async def test_what_is_left_of_an_order_stays_asked_for_where_it_was(bench: FlowBench) -> None:
    order, key = await asked_of_hamburg(bench)

    await leave(bench, key, 1)
    await look(bench, order)
    await bench.look(Flow.ORDERS, order)

    assert await at_the_warehouse(bench, order) == {key: (MAIN, WorkState.PICKING, 3)}
    assert for_sale(bench) == await on_the_shelf(bench) == (8, 9)


async def test_several_packages_from_elsewhere_each_move_what_is_theirs(bench: FlowBench) -> None:
    order, key = await asked_of_hamburg(bench)

    await leave(bench, key, 1, number="T-1")
    await leave(bench, key, 1, MAIN, number="T-2")
    await leave(bench, key, 1, number="T-3")
    await look(bench, order)

    assert sorted(shipped_from(bench, order), key=str) == [(HAMBURG, 1), (BREMEN, 1), (BREMEN, 1)]
    assert bench.store.calls["create_fulfillment"] == 3
    assert for_sale(bench) == await on_the_shelf(bench)


async def test_what_a_person_moved_is_told_from_where_it_left_all_the_same(bench: FlowBench) -> None:
    order, key = await asked_of_hamburg(bench)
    await leave(bench, key, 3, MAIN)
    bench.store.put(move(bench.store.order(order), bench.store.order(order).fulfillment_orders[0].id, BREMEN))

    await look(bench, order)

    assert shipped_from(bench, order) == [(HAMBURG, 3)]
    assert await bench.held(Flow.ORDERS) == {}


# --- answers that get lost ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lose", ["lose_next_question", "lose_next_answer"])
@pytest.mark.parametrize("call", ["move_fulfillment_order", "create_fulfillment"])
@pytest.mark.parametrize("units", [1, 3])
async def test_what_got_lost_either_way_happens_once(bench: FlowBench, lose: str, call: str, units: int) -> None:
    order, key = await asked_of_hamburg(bench)
    getattr(bench.store, lose)(call)

    await leave(bench, key, units)
    await look(bench, order)

    assert shipped_from(bench, order) == [(BREMEN, units)]
    there = [fo for fo in bench.store.order(order).fulfillment_orders if fo.location == BREMEN]
    assert sum(line.remaining for fo in there for line in fo.lines) == 0
    assert for_sale(bench) == await on_the_shelf(bench)
    assert await at_the_warehouse(bench, order) == {key: (MAIN, bench.backend._orders[key].state, 3)}


async def test_units_whose_move_may_still_arrive_are_not_moved_again_at_once(bench: FlowBench) -> None:
    order, key = await asked_of_hamburg(bench)
    bench.store.lose_next_question("move_fulfillment_order")
    await leave(bench, key, 1)

    for _ in range(3):
        await bench.look(Flow.FULFILLMENTS, order)

    assert bench.store.calls["move_fulfillment_order"] == 1


async def test_nobody_is_asked_for_what_moved_while_it_is_not_told_yet(bench: FlowBench) -> None:
    """The worker dies between the move and the telling, and the order is looked at meanwhile."""
    order, key = await asked_of_hamburg(bench)
    await leave(bench, key)
    await bench.mark(Flow.FULFILLMENTS, order)
    bench.store.lose_next_question("create_fulfillment")
    await bench.drain(Flow.FULFILLMENTS)
    await bench.pass_time(timedelta(seconds=2))
    await bench.drain(Flow.FULFILLMENTS)

    await bench.look(Flow.ORDERS, order)
    moved = bench.store.order(order).fulfillment_orders
    meanwhile = await at_the_warehouse(bench, order)
    await bench.settle()

    assert [(fo.location, fo.lines[0].remaining) for fo in moved] == [(BREMEN, 3)]
    assert meanwhile == {key: (MAIN, WorkState.SHIPPED, 3)}
    assert "held" not in await bench.story(order)
    assert shipped_from(bench, order) == [(BREMEN, 3)]


# --- where Shopify refuses ------------------------------------------------------------------------------------------


async def test_a_refused_move_asks_a_person_and_harms_no_other_package(bench: FlowBench) -> None:
    order, key = await asked_of_hamburg(bench)
    bench.store.refuse_next("move_fulfillment_order", NOT_STOCKED)
    await leave(bench, key, 1)
    await leave(bench, key, 2, MAIN, "T-2")

    await bench.look(Flow.FULFILLMENTS, order)

    held = (await bench.held(Flow.FULFILLMENTS))[order]
    assert held.cause is Cause.PACKAGE_ELSEWHERE
    assert "package FAKE-1-1: it left from warehouse NORTH" in held.detail
    assert "no items are stocked" in held.detail
    assert shipped_from(bench, order) == [(HAMBURG, 2)]


async def test_what_was_mended_on_shopify_goes_on_at_the_next_look(bench: FlowBench) -> None:
    order, key = await asked_of_hamburg(bench)
    bench.store.refuse_next("move_fulfillment_order", NOT_STOCKED)
    await leave(bench, key)
    await bench.look(Flow.FULFILLMENTS, order)

    await look(bench, order)

    assert shipped_from(bench, order) == [(BREMEN, 3)]
    assert await bench.held(Flow.FULFILLMENTS) == {}


async def test_a_person_may_have_it_told_from_where_shopify_has_it(bench: FlowBench) -> None:
    order, key = await asked_of_hamburg(bench)
    bench.store.refuse_next("move_fulfillment_order", NOT_STOCKED)
    await leave(bench, key)
    await bench.look(Flow.FULFILLMENTS, order)

    async with bench.database.begin() as tx:
        await answer_hold(tx, Actor("ada@acme.test", Face.PORTAL), ACME, order, "#1001", Word.AS_ASSIGNED)
    await bench.settle()

    assert shipped_from(bench, order) == [(HAMBURG, 3)]
    assert await bench.held(Flow.FULFILLMENTS) == {}
    assert for_sale(bench) == await on_the_shelf(bench) == (10, 7)
    assert any("as a person chose" in one for one in await sentences(bench, order))


async def test_a_warehouse_of_no_location_waits_until_it_is_mapped(bench: FlowBench) -> None:
    order, key = await asked_of_hamburg(bench)
    bench.connection = replace(bench.connection, warehouses={HAMBURG: (MAIN,)})
    await leave(bench, key)
    await bench.look(Flow.FULFILLMENTS, order)
    held = (await bench.held(Flow.FULFILLMENTS))[order]

    bench.map(BREMEN, NORTH)
    await look(bench, order)

    assert held.cause is Cause.PACKAGE_ELSEWHERE
    assert "serves no location of this connection" in held.detail
    assert shipped_from(bench, order) == [(BREMEN, 3)]


async def test_what_the_hub_itself_said_of_work_begun_is_taken_back_first(bench: FlowBench) -> None:
    rules = replace(bench.connection.rules, fulfillments=FulfillmentRules(report_progress=True))
    bench.connection = replace(bench.connection, rules=rules)
    order, key = await asked_of_hamburg(bench)
    await bench.backend.advance(key, WorkState.PICKING)
    await look(bench, order)
    begun = bench.store.order(order).fulfillment_orders[0].status

    await leave(bench, key, 1)
    await look(bench, order)

    assert begun == "IN_PROGRESS"
    assert shipped_from(bench, order) == [(BREMEN, 1)]
    here = next(fo for fo in bench.store.order(order).fulfillment_orders if fo.location == HAMBURG)
    assert (here.status, here.lines[0].remaining) == ("IN_PROGRESS", 2)  # told anew of what is left


async def test_what_others_said_of_work_begun_is_a_persons(bench: FlowBench) -> None:
    order, key = await asked_of_hamburg(bench)
    await bench.store.report_progress(bench.store.order(order).fulfillment_orders[0].id)
    await leave(bench, key)

    await look(bench, order)

    held = (await bench.held(Flow.FULFILLMENTS))[order]
    assert held.cause is Cause.PACKAGE_ELSEWHERE
    assert "does not let its goods move" in held.detail
    assert bench.store.calls["move_fulfillment_order"] == 0


# --- stock ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("units", [1, 3])
async def test_additions_count_what_left_at_the_place_that_it_left_from(bench: FlowBench, units: int) -> None:
    rules = replace(bench.connection.rules, inventory=InventoryRules(mode=StockMode.DELTA, window=timedelta()))
    bench.connection = replace(bench.connection, rules=rules)
    order, key = await asked_of_hamburg(bench)
    await bench.mark(Flow.INVENTORY, MUG.inventory_item)
    await bench.settle()
    before = for_sale(bench)

    await leave(bench, key, units)
    await bench.hear()
    await look(bench, order)

    assert before == (7, 10)
    assert for_sale(bench) == await on_the_shelf(bench) == (7 + units, 10 - units)


async def test_goods_that_come_back_are_asked_for_once_where_shopify_has_them(bench: FlowBench) -> None:
    order, key = await asked_of_hamburg(bench)
    await leave(bench, key)
    await look(bench, order)

    await bench.backend.take_back(key, bench.backend._orders[key].packages[0].id)
    await look(bench, order)

    there = await at_the_warehouse(bench, order)
    assert there.pop(key) == (MAIN, WorkState.CANCELLED, 3)
    assert list(there.values()) == [(NORTH, WorkState.NOT_RELEASED, 3)]
    assert for_sale(bench) == await on_the_shelf(bench) == (10, 7)
    assert await bench.held(Flow.ORDERS) == await bench.held(Flow.FULFILLMENTS) == {}


async def test_what_another_warehouse_shipped_is_no_longer_asked_of_the_one_that_was_to(bench: FlowBench) -> None:
    """One request's package holds units that were asked of another warehouse by another request."""
    await a_second_warehouse(bench)
    await bench.link()
    id_ = bench.store.buy(HAMBURG, (MUG, 4))
    order = bench.store.order(id_)
    await bench.store.move_fulfillment_order(
        Move(order.fulfillment_orders[0].id, BREMEN, ((order.fulfillment_orders[0].lines[0].id, Units(1)),))
    )
    await bench.look(Flow.ORDERS, id_)
    await bench.settle()
    here, there = (RequestKey(fo.id) for fo in bench.store.order(id_).fulfillment_orders)
    (ours,), (theirs,) = (bench.backend._orders[key].request.lines for key in (here, there))

    await bench.backend.ship(there, [Parcel({theirs.reference: 1}, "DHL", "T-1", NORTH)])
    (package,) = bench.backend._orders[there].packages
    more = replace(package, contents=(*package.contents, (ours.reference, Units(2))))
    bench.backend._relabel(there, more)
    await look(bench, id_)

    assert sorted(units for _, units in shipped_from(bench, id_)) == [1, 2]
    assert {place for place, _ in shipped_from(bench, id_)} == {BREMEN}
    assert len(bench.store.order(id_).fulfillments) == 1
    assert (await at_the_warehouse(bench, id_))[here] == (MAIN, WorkState.NOT_RELEASED, 1)
    assert await bench.held(Flow.ORDERS) == {}
