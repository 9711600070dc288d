"""What changed at Shopify is found without a webhook, and nothing is passed over by a sweep that died."""

from datetime import datetime, timedelta

import pytest
from tests.flows.flow_bench import ACME, HAMBURG, MUG, FlowBench

from crossdock.edge.sweep import storefront as storefront_sweep
from crossdock.edge.sweep.storefront import LAG, SETTLED, sweep_orders, sweep_variants
from crossdock.kit.errors import TryAgain
from crossdock.model.flow import Flow
from crossdock.model.names import OrderId
from crossdock.ports.storefront import Updated
from crossdock.store import watermarks
from crossdock.store.watermarks import NONE_YET, ORDERS, VARIANTS, Watermark
from crossdock.testing.builders import a_variant
from crossdock.testing.storefront import pages


async def mark_of(bench: FlowBench, stream: str = ORDERS) -> Watermark:
    async with bench.database.begin() as tx:
        return await watermarks.read(tx, ACME, stream)


async def hub_now(bench: FlowBench) -> datetime:
    async with bench.database.begin() as tx:
        return await watermarks.now(tx)


async def sweep(bench: FlowBench) -> int:
    return await sweep_orders(bench.database, bench.store, bench.connection)


async def test_an_order_whose_webhook_never_came_is_found_and_submitted(bench: FlowBench) -> None:
    order = bench.store.buy(HAMBURG, (MUG, 1))

    found = await sweep(bench)
    await bench.settle()

    assert found == 1
    assert "accepted" in await bench.story(order)


async def test_a_sweep_claims_no_more_than_shopify_must_have_shown_when_it_began(bench: FlowBench) -> None:
    before = await hub_now(bench)
    await sweep(bench)

    complete_to = (await mark_of(bench)).complete_to

    assert complete_to is not None
    assert before <= complete_to + LAG <= await hub_now(bench)


async def test_what_was_read_since_it_changed_is_not_looked_at_again(bench: FlowBench) -> None:
    order = bench.store.buy(HAMBURG, (MUG, 1))
    bench.store.touch(order, datetime_ago(bench, SETTLED * 2))
    await sweep(bench)
    await bench.settle()

    again = await sweep(bench)

    assert (again, await bench.pending(Flow.ORDERS)) == (0, set())


def datetime_ago(bench: FlowBench, ago: timedelta) -> datetime:
    """Whole seconds, as Shopify tells them."""
    return (bench.store.now() - ago).replace(microsecond=0)


async def test_a_second_change_within_the_same_second_is_not_missed(bench: FlowBench) -> None:
    order = bench.store.buy(HAMBURG, (MUG, 1))
    second = datetime_ago(bench, timedelta(0))
    bench.store.touch(order, second)
    await bench.look(Flow.ORDERS, order)
    await bench.settle()
    bench.store.touch(order, second)

    assert await sweep(bench) == 1


async def test_a_later_change_is_found_though_the_hubs_clock_is_a_minute_ahead(bench: FlowBench) -> None:
    await bench.pass_time(timedelta(minutes=1))
    order = bench.store.buy(HAMBURG, (MUG, 1))
    bench.store.touch(order, datetime_ago(bench, timedelta(seconds=20)))
    await bench.look(Flow.ORDERS, order)
    await bench.settle()

    bench.store.touch(order, datetime_ago(bench, timedelta(0)))

    assert await sweep(bench) == 1


async def test_what_changed_shortly_before_the_watermark_is_asked_for_again(bench: FlowBench) -> None:
    await sweep(bench)
    order = bench.store.buy(HAMBURG, (MUG, 1))
    bench.store.touch(order, datetime_ago(bench, LAG - timedelta(seconds=30)))

    # Shopify's search index knew of it only now.
    assert await sweep(bench) == 1


async def test_what_changed_long_before_the_watermark_is_not_asked_for(bench: FlowBench) -> None:
    await sweep(bench)
    order = bench.store.buy(HAMBURG, (MUG, 1))
    bench.store.touch(order, datetime_ago(bench, LAG + timedelta(minutes=1)))

    assert await sweep(bench) == 0


async def test_a_sweep_that_dies_between_pages_starts_again_from_the_old_mark(
    bench: FlowBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE", 2)
    bought = [bench.store.buy(HAMBURG, (MUG, 1)) for _ in range(5)]

    async def die_at_the_second_page(call: str) -> None:
        if call == "orders_updated" and bench.store.calls[call] == 2:
            raise TryAgain("Shopify did not answer.")

    bench.store.before = die_at_the_second_page
    with pytest.raises(TryAgain):
        await sweep(bench)
    halfway = await mark_of(bench), await bench.pending(Flow.ORDERS)
    found = await sweep(bench)

    assert halfway == (NONE_YET, set(bought[:2]))
    assert found == 5
    assert await bench.pending(Flow.ORDERS) == set(bought)
    assert (await mark_of(bench)).complete_to is not None


async def test_a_list_longer_than_shopify_pages_is_asked_for_anew_from_where_it_was(
    bench: FlowBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE", 2)
    monkeypatch.setattr(storefront_sweep, "ROWS", 4)
    bought = [bench.store.buy(HAMBURG, (MUG, 1)) for _ in range(11)]
    questions: list[tuple[datetime, str | None]] = []
    ask = bench.store.orders_updated

    async def note(since: datetime, after: str | None = None) -> Updated[OrderId]:
        questions.append((since, after))
        return await ask(since, after)

    monkeypatch.setattr(bench.store, "orders_updated", note)
    await sweep(bench)

    anew = [since for since, after in questions if after is None]
    assert await bench.pending(Flow.ORDERS) == set(bought)
    assert anew == sorted(set(anew))  # each from a later time
    assert len(anew) > 2


async def test_a_change_while_the_sweep_reads_is_found_by_the_next(bench: FlowBench) -> None:
    late: list[OrderId] = []
    ask = bench.store.orders_updated

    async def answer_and_sell(since: datetime, after: str | None = None) -> Updated[OrderId]:
        page = await ask(since, after)
        late.append(bench.store.buy(HAMBURG, (MUG, 1)))
        return page

    bench.store.orders_updated = answer_and_sell  # type: ignore[method-assign]  # sells right after it answered
    first = await sweep(bench)
    del bench.store.orders_updated
    second = await sweep(bench)

    assert (first, second) == (0, 1)
    assert await bench.pending(Flow.ORDERS) == set(late)


async def test_a_slow_sweep_does_not_move_the_mark_back(bench: FlowBench) -> None:
    async def a_faster_twin(call: str) -> None:
        if call == "orders_updated" and bench.store.calls[call] == 1:
            await bench.pass_time(timedelta(hours=1))
            await sweep(bench)

    bench.store.before = a_faster_twin
    started = await hub_now(bench)
    await sweep(bench)

    complete_to = (await mark_of(bench)).complete_to
    assert complete_to is not None
    assert complete_to >= started + timedelta(hours=1) - LAG


async def test_a_store_that_answers_the_same_page_for_ever_is_not_complete(bench: FlowBench) -> None:
    async def stand_still(since: datetime, after: str | None = None) -> Updated[OrderId]:
        del since, after
        return Updated((), "2")

    bench.store.orders_updated = stand_still  # type: ignore[method-assign]  # a mistake of Shopify's

    with pytest.raises(TryAgain, match="stands still"):
        await sweep(bench)
    assert await mark_of(bench) == NONE_YET


async def test_changed_variants_are_marked_and_the_streams_do_not_share_a_mark(bench: FlowBench) -> None:
    cup = a_variant(2, sku="CUP")
    bench.store.add_variant(cup)

    found = await sweep_variants(bench.database, bench.store, bench.connection)

    assert found == 2
    assert await bench.pending(Flow.CATALOG) == {MUG.id, cup.id}
    assert (await mark_of(bench, VARIANTS)).complete_to is not None
    assert await mark_of(bench, ORDERS) == NONE_YET
