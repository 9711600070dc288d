"""A shadow decides as a connection does, writes nothing, and is not believed once it writes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.flows.flow_bench import ACME, HAMBURG, ITEM, MUG, FlowBench

from crossdock.backends.shadow import ShadowBackend
from crossdock.edge.shadow_changes import begin_shadow, end_shadow
from crossdock.model.connection import InventoryRules, Rules, StockMode
from crossdock.model.flow import Flow
from crossdock.model.names import Units
from crossdock.model.people import Actor, Face
from crossdock.shopify.shadow import ShadowStorefront
from crossdock.store import requests, shadow_writes, timeline
from crossdock.store.shadow_writes import Kept, ShadowNotes
from crossdock.testing.builders import MAIN

ADA = Actor("ada", Face.COMMAND_LINE)


@pytest.fixture
async def shadow(bench: FlowBench) -> FlowBench:
    """A connection in the shadow, with ten mugs on both sides."""
    await bench.keep()
    await bench.link()
    async with bench.database.begin() as tx:
        await begin_shadow(tx, ADA, ACME)
    notes = ShadowNotes(bench.database, ACME)
    bench.asked_store, bench.asked = ShadowStorefront(bench.store, notes), ShadowBackend(bench.backend, notes)
    return bench


async def leave(bench: FlowBench) -> None:
    bench.asked_store, bench.asked = None, None
    async with bench.database.begin() as tx:
        await end_shadow(tx, ADA, ACME)


async def noted(bench: FlowBench) -> list[Kept]:
    async with bench.database.begin() as tx:
        return list(await shadow_writes.listed(tx, ACME))


async def test_an_order_is_decided_and_not_sent_and_waits_unheld(shadow: FlowBench) -> None:
    order = shadow.store.buy(HAMBURG, (MUG, 2))

    drained = await shadow.look(Flow.ORDERS, order)

    assert (drained.failed, drained.held) == (0, 0)
    assert await shadow.held(Flow.ORDERS) == {}
    assert (await shadow.backend.changes(None)).orders == ()
    [kept] = await noted(shadow)
    assert kept.write.sentence.startswith("Warehouse MAIN would be asked for #")
    assert (kept.write.act, kept.write.order, kept.times, kept.wanted) == ("send", order, 1, True)


async def test_what_is_wanted_again_is_counted_and_not_listed_twice(shadow: FlowBench) -> None:
    order = shadow.store.buy(HAMBURG, (MUG, 2))

    await shadow.look(Flow.ORDERS, order)
    await shadow.pass_time(timedelta(hours=1, minutes=1))
    await shadow.drain(Flow.ORDERS)

    [kept] = await noted(shadow)
    assert kept.times == 2


async def test_leaving_the_shadow_sends_the_order_once_and_keeps_nothing_of_what_was_tried(shadow: FlowBench) -> None:
    order = shadow.store.buy(HAMBURG, (MUG, 2))
    await shadow.look(Flow.ORDERS, order)

    await leave(shadow)
    async with shadow.database.begin() as tx:
        left = await requests.of_orders(tx, ACME, [order])
    await shadow.settle()

    assert left == {}
    assert (await shadow.backend.stock([ITEM])).available[ITEM, MAIN] == 8
    async with shadow.database.begin() as tx:
        story = [event.kind for event in await timeline.read(tx, ACME, order)]
    assert story.count("accepted") == 1


@pytest.mark.parametrize("mode", StockMode)
async def test_a_level_is_decided_and_not_written_and_read_anew_once_it_may_be(
    shadow: FlowBench, mode: StockMode
) -> None:
    shadow.connection = replace(shadow.connection, rules=Rules(inventory=InventoryRules(mode=mode, window=timedelta())))
    await shadow.backend.receive(ITEM, MAIN, 5)
    await shadow.look(Flow.INVENTORY, MUG.inventory_item)
    in_the_shadow = shadow.store.available(MUG, HAMBURG)
    [kept] = await noted(shadow)

    # Meanwhile one more came in and two are sold: what the shadow would have written is not right any more.
    await shadow.backend.receive(ITEM, MAIN, 1)
    order = shadow.store.buy(HAMBURG, (MUG, 2))
    await leave(shadow)
    await shadow.know_all_orders()
    await shadow.mark(Flow.ORDERS, order)
    await shadow.settle()

    assert in_the_shadow == 10
    assert kept.write.act == "stock"
    assert shadow.store.available(MUG, HAMBURG) == 14
    assert (await shadow.backend.stock([ITEM])).available[ITEM, MAIN] == Units(14)
