"""Orders that ship from elsewhere than Shopify assigned, over the stand-in and the built-in warehouse."""

from dataclasses import replace
from pathlib import Path

from tests.spine.test_a_day_away import until
from tests.spine.test_changes_on_the_way import at_shopify, for_sale_is_what_is_there
from tests.spine.town import Town, a_town

from crossdock.app.demo.crew import ANNEX
from crossdock.app.demo.story import CONNECTION, prepare, until_agreed, until_for_sale
from crossdock.app.serve import address_of, listen, serving
from crossdock.model.names import LocationId, OrderId, WarehouseCode
from crossdock.model.routing_rules import By, Mode, RoutingRules, RoutingStep
from crossdock.store import connections, requests, routes


async def route_to(town: Town, location: LocationId) -> None:
    """Have whatever that location has ship from there."""
    steps = (RoutingStep(By.STOCK, split=True), RoutingStep(By.PREFER, locations=(location,)))
    async with town.hub.database.begin() as tx:
        rules = await connections.rules_to_change(tx, CONNECTION)
        await connections.set_rules(tx, CONNECTION, replace(rules, routing=RoutingRules(mode=Mode.ON, steps=steps)))


async def asked_of(town: Town, order: str) -> set[tuple[LocationId, WarehouseCode]]:
    async with town.hub.database.begin() as tx:
        asked = (await requests.of_orders(tx, CONNECTION, [OrderId(order)])).get(OrderId(order), ())
    return {(one.location, one.warehouse) for one in asked if one.reference is not None}


async def test_orders_ship_from_where_the_rules_say_and_both_sides_agree(database_url: str, tmp_path: Path) -> None:
    listener = listen("127.0.0.1", 0)
    async with a_town(database_url, tmp_path, address_of(listener)) as town:
        connection = await prepare(town.cast, 40, seed=7)
        [annex] = [location for location, codes in connection.warehouses.items() if codes == (ANNEX.code,)]
        await route_to(town, annex)
        async with serving(town.hub, listener):
            await until_for_sale(town.cast)
            bought = town.standin.buy(4, seed=7)

            async def all_there() -> bool:
                return all([await asked_of(town, order) for order in bought])

            await until(all_there)
            audit = await until_agreed(town.cast, await town.hub.connection(CONNECTION), len(bought), seed=7)
            await until(lambda: for_sale_is_what_is_there(town))

        assert audit.agrees, audit
        async with town.hub.database.begin() as tx:
            decided = {one.order: one for one in await routes.last(tx, CONNECTION, 10)}
        assert set(decided) == set(bought)
        assert any(one.location != annex for route in decided.values() for one in route.facts.wanted)
        for order in bought:
            wanted = {share.location for share in decided[OrderId(order)].routed.shares}
            assert {location for location, _ in await asked_of(town, order)} == wanted
            assert {fo.location for fo in (await at_shopify(town, order)).fulfillment_orders if fo.lines} >= wanted
