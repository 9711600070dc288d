"""Shopify's stock follows the warehouse's, row by row, and never over a sale that happens meanwhile."""

from collections.abc import Sequence

import pytest
from tests.flows.flow_bench import ACME, HAMBURG, ITEM, MUG, FlowBench

from crossdock.kit.errors import TryAgain
from crossdock.model.cause import Cause
from crossdock.model.flow import Flow
from crossdock.model.names import ItemCode, OrderId, RequestKey, Units
from crossdock.model.stock import StockReading
from crossdock.ports.storefront import FulfillmentDraft
from crossdock.store import both_sides
from crossdock.testing.builders import MAIN, a_variant, an_item
from crossdock.testing.floor import Parcel


async def test_what_was_received_is_for_sale(bench: FlowBench) -> None:
    await bench.link()
    await bench.backend.receive(ITEM, MAIN, 5)

    drained = await bench.look(Flow.INVENTORY, MUG.inventory_item)

    assert bench.store.available(MUG, HAMBURG) == 15
    assert (drained.held, drained.waiting, drained.failed) == (0, 0, 0)


async def test_what_is_right_is_not_written(bench: FlowBench) -> None:
    await bench.link()

    await bench.look(Flow.INVENTORY, MUG.inventory_item)

    assert bench.store.calls["set_available"] == 0


async def test_a_sale_that_the_warehouse_has_not_seen_stays_sold(bench: FlowBench) -> None:
    await bench.link()
    bench.store.buy(HAMBURG, (MUG, 4))

    await bench.look(Flow.INVENTORY, MUG.inventory_item)

    assert bench.store.available(MUG, HAMBURG) == 6
    assert bench.store.calls["set_available"] == 0


async def test_a_sale_between_look_and_write_is_decided_anew(bench: FlowBench) -> None:
    await bench.link()
    await bench.backend.receive(ITEM, MAIN, 5)
    await bench.hear()

    async def a_customer_is_faster(call: str) -> None:
        if call == "set_available" and bench.store.calls[call] == 1:
            bench.store.buy(HAMBURG, (MUG, 1))

    bench.store.before = a_customer_is_faster
    first = await bench.look(Flow.INVENTORY, MUG.inventory_item)
    refused = bench.store.available(MUG, HAMBURG)
    await bench.look(Flow.INVENTORY, MUG.inventory_item)

    assert (first.waiting, refused) == (1, 9)
    assert [[(row.change_from, row.quantity) for row in rows] for rows in bench.store.writes] == [[(10, 15)], [(9, 14)]]
    assert bench.store.available(MUG, HAMBURG) == 14


async def test_a_poisoned_row_is_cut_out_and_held_and_the_rest_is_written(bench: FlowBench) -> None:
    variants = [a_variant(number, sku=f"CUP-{number}") for number in range(2, 7)]
    for variant in variants:
        bench.store.add_variant(variant, {HAMBURG: 0})
        await bench.backend.add_item(an_item(str(variant.sku)))
        await bench.backend.receive(ItemCode(str(variant.sku)), MAIN, 3)
        await bench.link(variant, str(variant.sku))
    bad = variants[2]
    bench.store.poison(bad.inventory_item, "The specified inventory item could not be found.")
    await bench.hear()

    drained = await bench.look(Flow.INVENTORY, *(variant.inventory_item for variant in variants))

    held = await bench.held(Flow.INVENTORY)
    assert {variant.sku: bench.store.available(variant, HAMBURG) for variant in variants if variant != bad} == {
        "CUP-2": 3,
        "CUP-3": 3,
        "CUP-5": 3,
        "CUP-6": 3,
    }
    assert {key: hold.cause for key, hold in held.items()} == {bad.inventory_item: Cause.STOCK_REFUSED}
    assert [len(rows) for rows in bench.store.writes] == [5, 4]
    assert (drained.held, drained.failed) == (1, 0)


async def test_250_rows_go_in_one_call(bench: FlowBench) -> None:
    variants = [a_variant(number, sku=f"CUP-{number}") for number in range(2, 253)]
    for variant in variants:
        bench.store.add_variant(variant, {HAMBURG: 0})
        await bench.backend.add_item(an_item(str(variant.sku)))
        await bench.backend.receive(ItemCode(str(variant.sku)), MAIN, 3)
        await bench.link(variant, str(variant.sku))

    await bench.look(Flow.INVENTORY, *(variant.inventory_item for variant in variants))

    assert [len(rows) for rows in bench.store.writes] == [250, 1]


async def test_a_write_whose_answer_was_lost_is_found_done(bench: FlowBench) -> None:
    await bench.link()
    await bench.backend.receive(ITEM, MAIN, 5)
    bench.store.lose_next_answer("set_available")

    drained = await bench.look(Flow.INVENTORY, MUG.inventory_item)

    assert (drained.failed, len(bench.store.writes)) == (1, 1)
    assert bench.store.available(MUG, HAMBURG) == 15
    assert await bench.pending(Flow.INVENTORY) == set()


async def test_a_batch_that_fails_by_mistake_is_written_one_by_one(bench: FlowBench) -> None:
    cup = a_variant(2, sku="CUP")
    bench.store.add_variant(cup, {HAMBURG: 0})
    await bench.backend.add_item(an_item("CUP"))
    await bench.link()
    await bench.link(cup, "CUP")
    await bench.backend.receive(ITEM, MAIN, 5)
    await bench.backend.receive(ItemCode("CUP"), MAIN, 2)

    async def break_once_written(call: str) -> None:
        if call == "levels" and bench.store.calls[call] == 1:
            raise ValueError("a mistake in the hub")

    bench.store.before = break_once_written
    drained = await bench.look(Flow.INVENTORY, MUG.inventory_item, cup.inventory_item)

    assert (bench.store.available(MUG, HAMBURG), bench.store.available(cup, HAMBURG)) == (15, 2)
    assert drained.failed == 0


async def test_shopify_not_answering_fails_the_look_and_the_next_one_publishes(bench: FlowBench) -> None:
    await bench.link()
    await bench.backend.receive(ITEM, MAIN, 5)
    bench.store.refuse_next("levels", TryAgain("Shopify did not answer."))

    drained = await bench.look(Flow.INVENTORY, MUG.inventory_item)

    assert (drained.failed, bench.store.available(MUG, HAMBURG)) == (1, 15)


async def test_an_item_that_is_not_linked_is_left_alone(bench: FlowBench) -> None:
    await bench.backend.receive(ITEM, MAIN, 5)

    await bench.look(Flow.INVENTORY, MUG.inventory_item)

    assert (bench.store.available(MUG, HAMBURG), bench.store.calls["levels"]) == (10, 0)


async def test_units_that_the_warehouse_gave_up_on_are_not_sold_to_somebody_else(bench: FlowBench) -> None:
    await bench.link()
    order = bench.store.buy(HAMBURG, (MUG, 4))
    await bench.look(Flow.ORDERS, order)
    await bench.backend.close_short(RequestKey(bench.store.order(order).fulfillment_orders[0].id))

    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()

    # Ten on the shelf, four of them still owed to the customer.
    assert (await bench.backend.stock([ITEM])).available[ITEM, MAIN] == 10
    assert bench.store.available(MUG, HAMBURG) == 6


async def test_units_fulfilled_by_hand_do_not_hide_a_later_sale(bench: FlowBench) -> None:
    await bench.link()
    order = bench.store.buy(HAMBURG, (MUG, 4))
    await bench.look(Flow.ORDERS, order)
    await bench.settle()
    part = bench.store.order(order).fulfillment_orders[0]
    await bench.store.create_fulfillment(
        FulfillmentDraft({part.id: ((part.lines[0].id, Units(4)),)}, None, "BY-HAND", None, notify_customer=False)
    )

    await bench.look(Flow.ORDERS, order)
    bench.store.buy(HAMBURG, (MUG, 3))
    await bench.look(Flow.INVENTORY, MUG.inventory_item)

    # Six can be promised at the warehouse, three are sold and not seen there.
    assert bench.store.available(MUG, HAMBURG) == 3


async def test_a_package_on_its_way_to_shopify_takes_nothing_off_sale(bench: FlowBench) -> None:
    await bench.link()
    order = bench.store.buy(HAMBURG, (MUG, 4))
    await bench.look(Flow.ORDERS, order)
    await bench.settle()
    part = bench.store.order(order).fulfillment_orders[0]
    await bench.backend.ship(RequestKey(part.id), [Parcel({part.lines[0].id: 4}, tracking_number="T-1")])

    meanwhile: list[int] = []

    async def look_at_the_stock(call: str) -> None:
        if call == "create_fulfillment":
            async with bench.database.begin() as tx:
                (there,) = (await both_sides.at_backend(tx, ACME, [MUG.inventory_item])).values()
            meanwhile.extend([there.seen, there.telling])
            await bench.look(Flow.INVENTORY, MUG.inventory_item)
            meanwhile.append(bench.store.available(MUG, HAMBURG))

    bench.store.before = look_at_the_stock
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()

    assert meanwhile == [0, 4, 6]
    assert bench.store.available(MUG, HAMBURG) == 6


async def through(bench: FlowBench, order: OrderId) -> None:
    """The order is accepted, shipped and told."""
    await bench.look(Flow.ORDERS, order)
    part = bench.store.order(order).fulfillment_orders[0]
    units = part.lines[0].remaining
    await bench.backend.ship(RequestKey(part.id), [Parcel({part.lines[0].id: units}, tracking_number="T-1")])
    await bench.look(Flow.FULFILLMENTS, order)


@pytest.mark.parametrize("after", [False, True])
async def test_what_happens_to_orders_while_the_warehouse_answers_is_never_sold_again(
    bench: FlowBench, *, after: bool
) -> None:
    await bench.link()
    bought = [bench.store.buy(HAMBURG, (MUG, 2)) for _ in range(3)]
    await bench.look(Flow.ORDERS, bought[0])
    await bench.backend.receive(ITEM, MAIN, 1)
    stock = bench.backend.stock

    async def much_happens(items: Sequence[ItemCode]) -> StockReading:
        reading = await stock(items)
        for order in bought:
            await through(bench, order)
        return reading if after else await stock(items)

    bench.backend.stock = much_happens  # type: ignore[method-assign]  # slow, and then as before
    await bench.look(Flow.INVENTORY, MUG.inventory_item)
    del bench.backend.stock
    meanwhile = bench.store.available(MUG, HAMBURG)
    await bench.settle()

    # Ten and one came in, three times two left.
    assert meanwhile <= 5
    assert bench.store.available(MUG, HAMBURG) == 5
