"""What changed at the warehouse is found by its own bookmark, page by page."""

import pytest
from tests.flows.flow_bench import ACME, HAMBURG, ITEM, MUG, FlowBench

from crossdock.kit.errors import TryAgain
from crossdock.model.cause import Cause
from crossdock.model.flow import Flow
from crossdock.model.names import ItemCode, RequestKey
from crossdock.ports.backend import Changes
from crossdock.store import watermarks
from crossdock.store.watermarks import Watermark
from crossdock.testing import fakes
from crossdock.testing.builders import MAIN, a_request, a_variant, an_item


async def mark_of(bench: FlowBench) -> Watermark:
    async with bench.database.begin() as tx:
        return await watermarks.read(tx, ACME, watermarks.BACKEND)


async def test_what_moved_at_the_warehouse_is_marked_for_the_flows_that_it_concerns(bench: FlowBench) -> None:
    order = bench.store.buy(HAMBURG, (MUG, 2))
    await bench.look(Flow.ORDERS, order)
    await bench.settle()
    await bench.hear()
    await bench.settle()

    await bench.backend.close_short(RequestKey(bench.store.order(order).fulfillment_orders[0].id))
    found = await bench.hear()

    assert found == 2
    assert await bench.pending(Flow.FULFILLMENTS) == {order}
    assert await bench.pending(Flow.INVENTORY) == {MUG.inventory_item}


async def test_a_second_sweep_finds_nothing_new(bench: FlowBench) -> None:
    await bench.hear()

    assert await bench.hear() == 0


async def test_another_hubs_orders_and_unlinked_items_are_passed_over(bench: FlowBench) -> None:
    await bench.hear()
    await bench.backend.add_item(an_item("CUP"))
    await bench.backend.receive(ItemCode("CUP"), MAIN, 1)
    await bench.backend.submit(a_request(name="#9999"))
    await bench.settle()

    await bench.hear()

    assert await bench.pending(Flow.FULFILLMENTS) == set()
    assert await bench.pending(Flow.INVENTORY) == {MUG.inventory_item}


async def test_an_item_that_was_missing_lets_the_held_variant_go_on(bench: FlowBench) -> None:
    cup = a_variant(2, sku="CUP")
    bench.store.add_variant(cup, {HAMBURG: 0})
    await bench.look(Flow.CATALOG, cup.id)
    held = await bench.held(Flow.CATALOG)

    await bench.backend.add_item(an_item("CUP"))
    await bench.hear()
    await bench.settle()

    assert held[cup.id].cause is Cause.ITEM_MISSING
    assert await bench.held(Flow.CATALOG) == {}


async def test_many_changes_are_followed_page_by_page(bench: FlowBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fakes, "PAGE", 2)
    for _ in range(5):
        await bench.backend.receive(ITEM, MAIN, 1)

    await bench.hear()

    cursor = (await mark_of(bench)).cursor
    rest = await bench.backend.changes(cursor)
    assert (rest.orders, rest.items, rest.more) == ((), (), False)


async def test_a_sweep_that_dies_between_pages_goes_on_where_it_was(
    bench: FlowBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fakes, "PAGE", 2)
    for _ in range(3):
        await bench.backend.receive(ITEM, MAIN, 1)
    ask = bench.backend.changes
    asked: list[str | None] = []

    async def die_at_the_second_page(cursor: str | None) -> Changes:
        asked.append(cursor)
        if len(asked) == 2:
            raise TryAgain("The warehouse did not answer.")
        return await ask(cursor)

    bench.backend.changes = die_at_the_second_page  # type: ignore[method-assign]  # dies once
    with pytest.raises(TryAgain):
        await bench.hear()
    halfway = await mark_of(bench)
    await bench.hear()

    assert (halfway.complete_to, halfway.cursor) == (None, "2")
    assert asked[2] == "2"
    assert (await mark_of(bench)).complete_to is not None
