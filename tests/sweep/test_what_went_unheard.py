"""A topic is silent when the sweep finds what it should have told of, again and again; not when a shop is quiet."""

from datetime import timedelta
from itertools import count

from tests.flows.flow_bench import HAMBURG, MUG, FlowBench

from crossdock.edge.sweep.storefront import sweep_orders, sweep_variants
from crossdock.model.flow import Flow
from crossdock.model.names import OrderId
from crossdock.store import inbox, unheard
from crossdock.store.inbox import Arrival
from crossdock.store.unheard import CLOCKS, KEPT, MANY, PATIENCE, Silence

_numbers = count(1)


async def sweep(bench: FlowBench) -> None:
    """As a worker does, after its subscriptions are there."""
    await sweep_orders(bench.database, bench.store, bench.connection, by_webhook=True)
    async with bench.database.begin() as tx:
        await unheard.forget_heard(tx, bench.connection.store)


async def silences(bench: FlowBench) -> list[Silence]:
    async with bench.database.begin() as tx:
        return list(await unheard.silences(tx))


async def hear(bench: FlowBench, topic: str, order: OrderId) -> None:
    """A webhook arrives now."""
    arrival = Arrival(
        store=bench.connection.store,
        webhook_id=f"w{next(_numbers)}",
        event_id=None,
        topic=topic,
        api_version=None,
        triggered_at=None,
        headers={},
        body=b"{}",
        subjects=((Flow.ORDERS, order),),
    )
    async with bench.database.begin() as tx:
        await inbox.keep(tx, [arrival])


def buy(bench: FlowBench, many: int) -> list[OrderId]:
    return [bench.store.buy(HAMBURG, (MUG, 1)) for _ in range(many)]


async def test_what_was_there_before_the_first_sweep_nobody_had_to_tell(bench: FlowBench) -> None:
    buy(bench, MANY)
    await sweep(bench)
    await bench.pass_time(PATIENCE)

    assert await silences(bench) == []


async def test_orders_that_only_the_sweep_found_make_a_topic_silent(bench: FlowBench) -> None:
    await sweep(bench)
    bought = buy(bench, MANY)
    await sweep(bench)
    early = await silences(bench)
    await bench.pass_time(PATIENCE)

    (silence,) = await silences(bench)
    assert early == []  # the webhooks may be on their way
    assert (silence.topic, silence.changes) == ("orders/create", MANY)
    assert silence.since == min(bench.store.order(order).updated_at for order in bought)


async def test_changes_of_known_orders_are_another_topics_silence(bench: FlowBench) -> None:
    bought = buy(bench, MANY)
    await sweep(bench)
    await bench.settle()
    for order in bought:
        bench.store.touch(order, bench.store.now() + timedelta(seconds=1))
    await sweep(bench)
    await bench.pass_time(PATIENCE)

    assert [one.topic for one in await silences(bench)] == ["orders/updated"]


async def test_fewer_are_no_more_than_lost_webhooks(bench: FlowBench) -> None:
    await sweep(bench)
    buy(bench, MANY - 1)
    await sweep(bench)
    await bench.pass_time(PATIENCE)

    assert await silences(bench) == []


async def test_a_quiet_shop_is_not_silent(bench: FlowBench) -> None:
    await sweep(bench)
    await bench.pass_time(timedelta(hours=8))
    await sweep(bench)

    assert await silences(bench) == []


async def test_one_webhook_of_the_topic_ends_the_silence(bench: FlowBench) -> None:
    await sweep(bench)
    bought = buy(bench, MANY)
    await sweep(bench)
    await bench.pass_time(PATIENCE)
    silent = await silences(bench)

    await hear(bench, "orders/create", bought[0])
    await sweep(bench)

    assert len(silent) == 1
    assert await silences(bench) == []


async def test_webhooks_of_other_topics_do_not(bench: FlowBench) -> None:
    await sweep(bench)
    bought = buy(bench, MANY)
    await sweep(bench)
    await hear(bench, "orders/edited", bought[0])
    await bench.pass_time(PATIENCE)
    await sweep(bench)

    assert [one.topic for one in await silences(bench)] == ["orders/create"]


async def test_a_webhook_that_came_before_the_change_tells_nothing_of_it(bench: FlowBench) -> None:
    await sweep(bench)
    await hear(bench, "orders/create", buy(bench, 1)[0])
    for order in buy(bench, MANY):
        bench.store.touch(order, bench.store.now() + CLOCKS + timedelta(seconds=1))
    await sweep(bench)
    await bench.pass_time(PATIENCE)
    await sweep(bench)

    assert [one.topic for one in await silences(bench)] == ["orders/create"]


async def test_variants_count_too_and_a_day_later_it_is_forgotten(bench: FlowBench) -> None:
    await sweep_variants(bench.database, bench.store, bench.connection)
    for _ in range(MANY):
        bench.store.add_variant(MUG)
    await sweep_variants(bench.database, bench.store, bench.connection, by_webhook=True)
    async with bench.database.begin() as tx:
        one_variant = await unheard.silences(tx, bench.connection.store)
    await sweep(bench)
    buy(bench, MANY)
    await sweep(bench)
    await bench.pass_time(KEPT + timedelta(minutes=1))
    before = await silences(bench)
    async with bench.database.begin() as tx:
        await unheard.forget_heard(tx, bench.connection.store)

    assert one_variant == []  # one object, however often it changed
    assert [one.topic for one in before] == ["orders/create"]
    assert await silences(bench) == []
