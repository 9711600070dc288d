"""What changes on Shopify about an order of which a package was taken back reaches the warehouse, or a person."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.flows.flow_bench import FlowBench
from tests.flows.test_changes_after_acceptance import (
    an_accepted_order,
    both_sides,
    change,
    key_of,
    look,
    moved_to_bremen,
    only_line,
    state,
    there,
)

from crossdock.model.cause import Cause
from crossdock.model.connection import InventoryRules, Rules, StockMode
from crossdock.model.flow import Flow
from crossdock.model.names import OrderId
from crossdock.model.request import WorkState
from crossdock.testing.floor import Parcel


async def an_order_whose_package_left(bench: FlowBench, units: int, of: int = 3) -> OrderId:
    """So many of the mugs bought left in one package, and Shopify knows."""
    order = await an_accepted_order(bench, of)
    await bench.backend.ship(key_of(bench, order), [Parcel({only_line(bench, order): units}, tracking_number="T-1")])
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()
    return order


async def take_back(bench: FlowBench, order: OrderId) -> None:
    key = key_of(bench, order)
    await bench.backend.take_back(key, bench.backend._orders[key].packages[0].id)


async def an_order_that_came_back(bench: FlowBench, units: int = 3, of: int = 3) -> OrderId:
    """The package is on the shelf again, and Shopify counts it no longer."""
    order = await an_order_whose_package_left(bench, units, of)
    await take_back(bench, order)
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()
    return order


@pytest.mark.parametrize("of", [3, 5], ids=["all that was ordered", "a part of it"])
async def test_goods_that_came_back_are_no_change(bench: FlowBench, of: int) -> None:
    order = await an_order_that_came_back(bench, 3, of)

    for _ in range(2):
        await look(bench, order)

    assert not {"amended", "stopped", "held", "left"} & set(await bench.story(order))
    assert [line.units for line in there(bench, order).lines] == [of]


@pytest.mark.parametrize("of", [3, 5], ids=["all that was ordered", "a part of it"])
async def test_an_order_that_is_cancelled_after_its_goods_came_back_is_stopped(bench: FlowBench, of: int) -> None:
    order = await an_order_that_came_back(bench, 3, of)

    bench.store.cancel(order)
    await look(bench, order)

    assert await state(bench, order) is WorkState.CANCELLED
    assert await both_sides(bench) == (10, 10)
    assert await bench.held(Flow.ORDERS) == {}
    assert await bench.held(Flow.FULFILLMENTS) == {}


async def test_an_order_of_which_nothing_is_wanted_after_its_goods_came_back_is_stopped(bench: FlowBench) -> None:
    order = await an_order_that_came_back(bench)
    (again,) = (fo for fo in bench.store.order(order).fulfillment_orders if fo.lines[0].remaining)

    bench.store.edit(order, again.lines[0].id, 0)
    await look(bench, order)

    assert await state(bench, order) is WorkState.CANCELLED
    assert await both_sides(bench) == (10, 10)


async def test_units_taken_away_after_the_goods_came_back_are_asked_about(bench: FlowBench) -> None:
    order = await an_order_that_came_back(bench)
    (again,) = (fo for fo in bench.store.order(order).fulfillment_orders if fo.lines[0].remaining)

    bench.store.edit(order, again.lines[0].id, 1)
    await look(bench, order)

    hold = (await bench.held(Flow.ORDERS))[order]
    assert hold.cause is Cause.CHANGED_LATE
    assert "a quantity went down (3 → 1" in hold.detail


async def test_goods_that_came_back_leave_for_another_address(bench: FlowBench) -> None:
    order = await an_order_that_came_back(bench)

    moved_to_bremen(bench, order)
    await look(bench, order)

    address = there(bench, order).ship_to
    assert address is not None
    assert address.city == "Bremen"
    assert await bench.held(Flow.ORDERS) == {}


@pytest.mark.parametrize("mode", StockMode)
async def test_an_order_that_is_stopped_before_it_is_known_that_its_package_came_back_gives_all_back(
    bench: FlowBench, mode: StockMode
) -> None:
    rules = Rules(inventory=InventoryRules(window=timedelta(), mode=mode))
    bench.connection = replace(bench.connection, rules=rules)
    order = await an_order_whose_package_left(bench, 1)
    await take_back(bench, order)

    change(bench, order, lambda one: replace(one, financial_status="VOIDED"))
    await look(bench, order)

    assert await state(bench, order) is WorkState.CANCELLED
    # Shopify still counts the three as sold: a voided payment takes nothing out of the order.
    assert await both_sides(bench) == (7, 10)
