"""What locations are called is learned as set-up and orders name them."""

from sqlalchemy import text
from tests.flows.flow_bench import HAMBURG, MUG, FlowBench

from crossdock.model.flow import Flow
from crossdock.model.names import LocationId
from crossdock.store import locations

LEIPZIG = LocationId("gid://shopify/Location/2")


async def test_a_new_name_takes_the_place_of_the_old(bench: FlowBench) -> None:
    async with bench.database.begin() as tx:
        await locations.learn(tx, bench.connection.id, {LEIPZIG: "Leipzig", HAMBURG: "Hamburg"})
        await locations.learn(tx, bench.connection.id, {LEIPZIG: "Leipzig Süd"})
        await locations.learn(tx, bench.connection.id, {})

        assert await locations.names(tx, bench.connection.id) == {HAMBURG: "Hamburg", LEIPZIG: "Leipzig Süd"}


async def test_what_is_known_already_waits_for_nobody(bench: FlowBench) -> None:
    async with bench.database.begin() as tx:
        await locations.learn(tx, bench.connection.id, {HAMBURG: "Hamburg"})

    async with bench.database.begin() as one, bench.database.begin() as other:
        await locations.learn(one, bench.connection.id, {HAMBURG: "Hamburg"})
        await other.execute(text("SET LOCAL lock_timeout = '100ms'"))

        await locations.learn(other, bench.connection.id, {HAMBURG: "Hamburg"})
        assert await locations.names(other, bench.connection.id) == {HAMBURG: "Hamburg"}


async def test_orders_name_the_locations_that_they_ship_from(bench: FlowBench) -> None:
    order = bench.store.buy(HAMBURG, (MUG, 1))

    await bench.look(Flow.ORDERS, order)

    async with bench.database.begin() as tx:
        (name,) = (await locations.names(tx, bench.connection.id)).values()
    assert name == bench.store.order(order).fulfillment_orders[0].location_name
