"""What nobody told of is found within a day: each level is compared with Shopify now and then."""

from dataclasses import replace
from datetime import timedelta

from tests.flows.flow_bench import HAMBURG, MUG, FlowBench

from crossdock.edge.sweep.levels import sweep_levels
from crossdock.model.flow import Flow
from crossdock.model.ledger import BELIEVED_FOR


async def test_a_change_that_nobody_told_of_is_found_within_a_day(bench: FlowBench) -> None:
    await bench.link()
    await bench.look(Flow.INVENTORY, MUG.inventory_item)
    bench.store.add_variant(MUG, {HAMBURG: 99})
    soon = await sweep_levels(bench.database, bench.connection)

    await bench.pass_time(BELIEVED_FOR + timedelta(minutes=1))
    found = await sweep_levels(bench.database, bench.connection)
    await bench.settle()

    assert (soon, found) == (0, 1)
    assert bench.store.available(MUG, HAMBURG) == 10
    assert await sweep_levels(bench.database, bench.connection) == 0


async def test_nothing_is_compared_where_stock_is_not_published(bench: FlowBench) -> None:
    await bench.link()
    await bench.look(Flow.INVENTORY, MUG.inventory_item)
    await bench.pass_time(2 * BELIEVED_FOR)
    without = replace(bench.connection, flows=frozenset({Flow.ORDERS}))

    assert await sweep_levels(bench.database, without) == 0
