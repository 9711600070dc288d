"""The ledger at work: what is read and what is not, whose writes are known again, and what a lost answer does."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from tests.flows.flow_bench import ACME, HAMBURG, ITEM, MUG, FlowBench

from crossdock.inbox.delivery import arrival
from crossdock.model.cause import Cause
from crossdock.model.connection import InventoryRules, MassChange, OnDrift, Rules, StockMode
from crossdock.model.flow import Flow
from crossdock.model.ledger import News
from crossdock.model.names import ItemCode, RequestKey, Units
from crossdock.model.stock import StockReading
from crossdock.pending.mark import retry_like
from crossdock.pending.work import Claim
from crossdock.ports.storefront import FulfillmentDraft
from crossdock.store import inbox, level_news, stock_approvals
from crossdock.store.stock_ledger import LedgerMoved
from crossdock.testing.builders import MAIN, a_variant, an_item


def ruled(bench: FlowBench, rules: InventoryRules) -> None:
    bench.connection = replace(bench.connection, rules=Rules(inventory=replace(rules, window=timedelta())))


async def look(bench: FlowBench) -> None:
    await bench.look(Flow.INVENTORY, MUG.inventory_item)


async def hears(bench: FlowBench, available: int, webhook_id: str = "one") -> None:
    """Shopify says what it holds, by webhook."""
    number = int(MUG.inventory_item.rsplit("/", 1)[-1])
    place = int(HAMBURG.rsplit("/", 1)[-1])
    body = {
        "inventory_item_id": number,
        "location_id": place,
        "available": available,
        "updated_at": bench.store.now().isoformat(),
    }
    headers = {"x-shopify-topic": "inventory_levels/update", "x-shopify-webhook-id": webhook_id}
    row, _ = arrival(bench.connection.store, headers, json.dumps(body).encode())
    async with bench.database.begin() as tx:
        await tx.execute(
            text(
                "INSERT INTO stores (domain, api_version, token, secrets) VALUES (:store, '2026-10', '', '{}') "
                "ON CONFLICT DO NOTHING"
            ),
            {"store": bench.connection.store},
        )
        await tx.execute(
            text(
                "INSERT INTO connections (id, store, backend, settings, flows, rules) "
                "VALUES (:id, :store, 'fake', '', '{inventory}', '{}') ON CONFLICT DO NOTHING"
            ),
            {"id": ACME, "store": bench.connection.store},
        )
        await inbox.keep(tx, [row])
    await bench.drain(Flow.INVENTORY)


async def read_long_ago(bench: FlowBench) -> None:
    """Let so much time have passed since the reading that nobody doubts what came after it."""
    ago = {"ago": timedelta(minutes=5)}
    async with bench.database.begin() as tx:
        await tx.execute(text("UPDATE stock_ledger SET read_from = read_from - :ago, read_to = read_to - :ago"), ago)


async def drift(bench: FlowBench) -> Sequence[tuple[int, str]]:
    async with bench.database.begin() as tx:
        return [tuple(row) for row in await tx.execute(text("SELECT units, done FROM stock_drift ORDER BY id"))]


async def test_what_was_read_once_is_written_without_reading_it_again(bench: FlowBench) -> None:
    await bench.link()
    await look(bench)
    await bench.backend.receive(ITEM, MAIN, 5)
    await look(bench)
    await bench.backend.receive(ITEM, MAIN, 2)
    await look(bench)

    assert bench.store.available(MUG, HAMBURG) == 17
    assert (bench.store.calls["levels"], bench.store.calls["set_available"]) == (1, 2)


async def test_a_sale_that_an_order_told_of_needs_no_reading(bench: FlowBench) -> None:
    await bench.link()
    await look(bench)
    await read_long_ago(bench)
    order = bench.store.buy(HAMBURG, (MUG, 3))
    await bench.look(Flow.ORDERS, order)
    await bench.hear()
    await bench.drain(Flow.FULFILLMENTS)
    await look(bench)
    told_of = bench.store.calls["levels"]
    await bench.backend.receive(ITEM, MAIN, 1)
    await look(bench)

    assert bench.store.available(MUG, HAMBURG) == 8
    assert (told_of, bench.store.calls["levels"]) == (1, 2), "a raise beside an open order is read first"


async def test_a_sale_does_not_hide_behind_orders_that_were_cancelled_unheard(bench: FlowBench) -> None:
    await bench.link()
    await look(bench)
    await read_long_ago(bench)
    kept, back = bench.store.buy(HAMBURG, (MUG, 2)), bench.store.buy(HAMBURG, (MUG, 1))
    await bench.look(Flow.ORDERS, kept, back)
    await bench.hear()
    await bench.drain(Flow.FULFILLMENTS)
    await look(bench)
    believed = bench.store.available(MUG, HAMBURG)

    bench.store.cancel(kept, restock=False)
    bench.store.cancel(back)
    bench.store.buy(HAMBURG, (MUG, 1))
    assert bench.store.available(MUG, HAMBURG) == believed
    await bench.backend.receive(ITEM, MAIN, 1)
    await look(bench)

    assert bench.store.available(MUG, HAMBURG) == believed, "not raised before the orders were looked at"


@pytest.mark.parametrize("mode", StockMode)
async def test_what_the_warehouse_gave_up_is_not_offered_before_its_order_was_looked_at(
    bench: FlowBench, mode: StockMode
) -> None:
    ruled(bench, InventoryRules(mode=mode))
    await bench.link()
    await bench.backend.receive(ITEM, MAIN, 1)
    await look(bench)
    order = bench.store.buy(HAMBURG, (MUG, 4))
    await bench.look(Flow.ORDERS, order)
    await bench.settle()
    await bench.backend.close_short(RequestKey(bench.store.order(order).fulfillment_orders[0].id))
    await bench.backend.receive(ITEM, MAIN, 2)

    await look(bench)
    before = bench.store.available(MUG, HAMBURG)
    await bench.settle()

    assert before <= 9
    assert bench.store.available(MUG, HAMBURG) == 9


async def test_our_own_write_is_known_when_shopify_tells_of_it(bench: FlowBench) -> None:
    await bench.link()
    await bench.backend.receive(ITEM, MAIN, 5)
    await look(bench)

    await hears(bench, 15)

    assert (bench.store.calls["levels"], bench.store.calls["set_available"]) == (1, 1)


async def test_what_shopify_says_else_is_read_and_put_right(bench: FlowBench) -> None:
    await bench.link()
    await look(bench)
    bench.store.add_variant(MUG, {HAMBURG: 99})

    await hears(bench, 99)

    assert bench.store.available(MUG, HAMBURG) == 10
    assert await drift(bench) == [(89, "89 more than expected; published anew")]


async def test_an_edit_by_hand_may_stand(bench: FlowBench) -> None:
    ruled(bench, InventoryRules(drift=OnDrift.ACCEPT))
    await bench.link()
    await look(bench)
    bench.store.add_variant(MUG, {HAMBURG: 13})

    await hears(bench, 13)
    await bench.settle()
    stands = bench.store.available(MUG, HAMBURG)
    await bench.backend.receive(ITEM, MAIN, 1)
    await look(bench)

    assert (stands, bench.store.available(MUG, HAMBURG)) == (13, 11)


@pytest.mark.parametrize(("word", "left"), [(News.KEEP, 13), (News.REVERT, 10)])
async def test_an_edit_by_hand_may_wait_for_a_person(bench: FlowBench, word: News, left: int) -> None:
    ruled(bench, InventoryRules(drift=OnDrift.ASK))
    await bench.link()
    await look(bench)
    bench.store.add_variant(MUG, {HAMBURG: 13})
    await hears(bench, 13)
    held = await bench.held(Flow.INVENTORY)

    async with bench.database.begin() as tx:
        await level_news.append(tx, ACME, word, [(MUG.inventory_item, HAMBURG)])
    await look(bench)
    await bench.settle()

    assert held[MUG.inventory_item].cause is Cause.STOCK_EDITED
    assert await bench.held(Flow.INVENTORY) == {}
    assert bench.store.available(MUG, HAMBURG) == left


@pytest.mark.parametrize(("word", "left"), [(News.KEEP, 10), (News.REVERT, 7)])
async def test_a_loss_is_off_sale_before_the_person_has_answered(bench: FlowBench, word: News, left: int) -> None:
    ruled(bench, InventoryRules(drift=OnDrift.ASK))
    await bench.link()
    await look(bench)
    bench.store.add_variant(MUG, {HAMBURG: 13})
    await hears(bench, 13)
    await bench.backend.receive(ITEM, MAIN, -3)
    await look(bench)
    meanwhile, held = bench.store.available(MUG, HAMBURG), await bench.held(Flow.INVENTORY)

    async with bench.database.begin() as tx:
        await level_news.append(tx, ACME, word, [(MUG.inventory_item, HAMBURG)])
    await look(bench)
    await bench.settle()

    assert (meanwhile, len(held)) == (10, 1)
    assert bench.store.available(MUG, HAMBURG) == left
    assert await bench.held(Flow.INVENTORY) == {}


async def test_what_would_empty_the_shop_waits_for_a_person(bench: FlowBench) -> None:
    ruled(bench, InventoryRules(guard=MassChange(items=2)))
    cups = [a_variant(number, sku=f"CUP-{number}") for number in range(2, 6)]
    for cup in cups:
        bench.store.add_variant(cup, {HAMBURG: 3})
        await bench.backend.add_item(an_item(str(cup.sku)))
        await bench.link(cup, str(cup.sku))

    await bench.look(Flow.INVENTORY, *(cup.inventory_item for cup in cups))
    held = await bench.held(Flow.INVENTORY)
    untouched = [bench.store.available(cup, HAMBURG) for cup in cups]
    async with bench.database.begin() as tx:
        await stock_approvals.approve(tx, ACME, timedelta(hours=1))
        await retry_like(tx, ACME, Cause.MASS_CHANGE, "a person approved")
    await bench.drain(Flow.INVENTORY)

    assert {hold.cause for hold in held.values()} == {Cause.MASS_CHANGE}
    assert (len(held), untouched) == (4, [3, 3, 3, 3])
    assert [bench.store.available(cup, HAMBURG) for cup in cups] == [0, 0, 0, 0]
    assert await bench.held(Flow.INVENTORY) == {}


async def test_within_its_window_a_level_is_written_once_and_then_as_it_is_by_then(bench: FlowBench) -> None:
    bench.connection = replace(bench.connection, rules=Rules())
    await bench.link()
    for _ in range(3):
        await bench.backend.receive(ITEM, MAIN, 1)
        await look(bench)
    early = bench.store.available(MUG, HAMBURG)

    await bench.pass_time(timedelta(seconds=31))
    await bench.drain(Flow.INVENTORY)

    assert (early, bench.store.available(MUG, HAMBURG)) == (11, 13)
    assert bench.store.calls["set_available"] == 2


async def test_an_order_that_was_fulfilled_by_hand_hides_no_sale(bench: FlowBench) -> None:
    await bench.link()
    known = bench.store.buy(HAMBURG, (MUG, 1))
    await bench.look(Flow.ORDERS, known)
    await look(bench)
    part = bench.store.order(known).fulfillment_orders[0]
    by_hand = {part.id: ((part.lines[0].id, Units(1)),)}
    # Both happen before anybody tells the hub: what is committed is as many as before.
    await bench.store.create_fulfillment(FulfillmentDraft(by_hand, None, None, None, notify_customer=False))
    bench.store.buy(HAMBURG, (MUG, 1))
    await bench.backend.receive(ITEM, MAIN, 1)
    await look(bench)
    before = bench.store.available(MUG, HAMBURG)
    await bench.settle()

    # 11 in the house: one leaves for each order.
    assert before <= 9
    assert bench.store.available(MUG, HAMBURG) <= 9


# --- delta mode ----------------------------------------------------------------------------------------------------


async def in_delta_mode(bench: FlowBench) -> None:
    """Ten on both sides, and both know it."""
    ruled(bench, InventoryRules(mode=StockMode.DELTA))
    await bench.link()
    await look(bench)


async def test_in_delta_mode_what_others_did_in_shopify_stays(bench: FlowBench) -> None:
    await in_delta_mode(bench)
    bench.store.add_variant(MUG, {HAMBURG: 14})
    await bench.backend.receive(ITEM, MAIN, 5)
    await look(bench)

    assert bench.store.available(MUG, HAMBURG) == 19
    assert bench.store.calls["set_available"] == 0


async def test_in_delta_mode_an_order_is_taken_off_once(bench: FlowBench) -> None:
    await in_delta_mode(bench)
    order = bench.store.buy(HAMBURG, (MUG, 4))
    await bench.look(Flow.ORDERS, order)
    await bench.settle()

    assert bench.store.available(MUG, HAMBURG) == 6
    assert bench.store.calls["adjust_available"] == 0


@pytest.mark.parametrize("lose", ["lose_next_question", "lose_next_answer"])
async def test_in_delta_mode_an_addition_whose_end_is_not_known_happens_once(bench: FlowBench, lose: str) -> None:
    await in_delta_mode(bench)
    await bench.backend.receive(ITEM, MAIN, 5)
    getattr(bench.store, lose)("adjust_available")
    await look(bench)
    order = bench.store.buy(HAMBURG, (MUG, 1))
    await bench.look(Flow.ORDERS, order)
    await bench.settle()

    assert bench.store.available(MUG, HAMBURG) == 14
    async with bench.database.begin() as tx:
        rows = await tx.execute(text("SELECT believed, push FROM stock_ledger"))
        assert [tuple(row) for row in rows] == [(14, None)]


async def test_in_delta_mode_a_look_that_lost_its_lease_adds_nothing(bench: FlowBench) -> None:
    await in_delta_mode(bench)
    await bench.backend.receive(ITEM, MAIN, 5)
    slow = bench.flow(Flow.INVENTORY)
    claim = Claim(ACME, Flow.INVENTORY, MUG.inventory_item, "slow", 0, 1, 1_000_001, bench.store.now())
    stock = bench.backend.stock

    async def another_look_comes_first(items: Sequence[ItemCode]) -> StockReading:
        reading = await stock(items)
        bench.backend.stock = stock  # type: ignore[method-assign]  # only this once
        await look(bench)
        return reading

    bench.backend.stock = another_look_comes_first  # type: ignore[method-assign]
    with pytest.raises(LedgerMoved):
        await slow([claim])

    assert bench.store.available(MUG, HAMBURG) == 15
    assert bench.store.calls["adjust_available"] == 1


async def test_in_delta_mode_a_poisoned_row_is_cut_out_and_the_rest_added_once(bench: FlowBench) -> None:
    await in_delta_mode(bench)
    cup = a_variant(2, sku="CUP")
    bench.store.add_variant(cup, {HAMBURG: 0})
    await bench.backend.add_item(an_item("CUP"))
    await bench.link(cup, "CUP")
    await bench.look(Flow.INVENTORY, cup.inventory_item)
    await bench.backend.receive(ITEM, MAIN, 5)
    await bench.backend.receive(ItemCode("CUP"), MAIN, 2)
    bench.store.poison(cup.inventory_item, "The specified inventory item could not be found.")

    await bench.look(Flow.INVENTORY, MUG.inventory_item, cup.inventory_item)
    await bench.settle()

    held = await bench.held(Flow.INVENTORY)
    assert bench.store.available(MUG, HAMBURG) == 15
    assert {key: hold.cause for key, hold in held.items()} == {cup.inventory_item: Cause.STOCK_REFUSED}


# --- kits ----------------------------------------------------------------------------------------------------------


async def test_a_kit_is_offered_as_often_as_its_components_last_and_sells_them_too(bench: FlowBench) -> None:
    kit = a_variant(2, sku="TWO-MUGS")
    ruled(bench, InventoryRules(kits={ItemCode("TWO-MUGS"): {ITEM: 2}}))
    bench.store.add_variant(kit, {HAMBURG: 0})
    await bench.backend.add_item(an_item("TWO-MUGS"))
    await bench.link()
    await bench.link(kit, "TWO-MUGS")
    await bench.look(Flow.INVENTORY, MUG.inventory_item, kit.inventory_item)
    at_first = bench.store.available(kit, HAMBURG)

    bench.store.buy(HAMBURG, (kit, 1))
    bench.store.buy(HAMBURG, (MUG, 1))
    async with bench.database.begin() as tx:
        await level_news.append(tx, ACME, News.CHANGED, [(kit.inventory_item, HAMBURG), (MUG.inventory_item, HAMBURG)])
    await bench.look(Flow.INVENTORY, MUG.inventory_item, kit.inventory_item)
    await bench.settle()

    # Ten mugs, less two in the kit and one alone.
    assert at_first == 5
    assert (bench.store.available(MUG, HAMBURG), bench.store.available(kit, HAMBURG)) == (7, 3)
