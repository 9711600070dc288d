"""Goods that leave from another warehouse than was asked, over the stand-in and the built-in warehouse."""

from pathlib import Path

from tests.spine.test_a_day_away import until, until_all_are_at_the_warehouse
from tests.spine.test_changes_on_the_way import at_shopify, for_sale_is_what_is_there
from tests.spine.town import Town, a_town

from crossdock.app.demo.crew import ANNEX, MAIN
from crossdock.app.demo.story import CONNECTION, prepare, until_for_sale
from crossdock.app.serve import address_of, listen, serving
from crossdock.backends.builtin.steps import SalesOrder, Sent
from crossdock.model.names import Units
from crossdock.model.request import WorkState
from crossdock.store import holds


async def ship_all_from_the_other(town: Town, order: SalesOrder, number: str) -> None:
    """Let all of an order leave from the other warehouse, where goods arrive just in time."""
    other = ANNEX if order.warehouse == MAIN.code else MAIN
    need = {(line.item, other.code): Units(line.ordered) for line in order.lines}
    await town.cast.floor.receive_all(need)
    await town.cast.floor.release(order.reference)
    await town.cast.floor.ship_from(order.reference, other.code, sent=Sent("UPS", number))


async def test_what_left_from_elsewhere_is_so_on_shopify_and_for_sale_is_what_is_there(
    database_url: str, tmp_path: Path
) -> None:
    listener = listen("127.0.0.1", 0)
    async with a_town(database_url, tmp_path, address_of(listener)) as town:
        connection = await prepare(town.cast, 40, seed=7)
        places = {codes[0]: location for location, codes in connection.warehouses.items()}
        async with serving(town.hub, listener):
            await until_for_sale(town.cast)
            [bought] = town.standin.buy(1, seed=7)
            await until_all_are_at_the_warehouse(town, 1)
            asked = [(await town.cast.floor.order(one.reference)).order for one in await town.cast.floor.orders()]

            for number, order in enumerate(asked):
                await ship_all_from_the_other(town, order, f"1Z{number}")

            async def all_told() -> bool:
                return len((await at_shopify(town, bought)).fulfillments) == len(asked)

            await until(all_told)
            await until(lambda: for_sale_is_what_is_there(town))

        there = await at_shopify(town, bought)
        async with town.hub.database.begin() as tx:
            held = await holds.held(tx, CONNECTION)
        left_from = {ANNEX.code if order.warehouse == MAIN.code else MAIN.code for order in asked}
        assert {fo.location for fo in there.fulfillment_orders if fo.lines} == {places[code] for code in left_from}
        assert sum(line.remaining for fo in there.fulfillment_orders for line in fo.lines) == 0
        assert held == []
        assert {one.state for one in await town.cast.floor.orders()} == {WorkState.SHIPPED}
