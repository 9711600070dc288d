"""What is given up, held, moved and split on the way, over the stand-in and the built-in warehouse."""

from functools import partial
from pathlib import Path
from typing import Any

from tests.spine.test_a_day_away import asked, until, until_all_are_at_the_warehouse
from tests.spine.test_changes_on_the_way import at_shopify, until_told
from tests.spine.town import Town, a_town

from crossdock.app.demo.shop import DOMAIN
from crossdock.app.demo.story import CONNECTION, prepare, ship, until_for_sale
from crossdock.app.serve import address_of, listen, serving
from crossdock.backends.builtin.lists import OrderSheet
from crossdock.model.connection import GivenUpRules, OnGivenUp, OrderRules, Rules
from crossdock.model.names import OrderId, RequestKey, Units
from crossdock.model.request import WorkState
from crossdock.store import connections, holds, requests

HOLD = """mutation($id: ID!) { fulfillmentOrderHold(id: $id, fulfillmentHold: {reason: OTHER, reasonNotes: "Wait"}) {
  fulfillmentHold { id } userErrors { message } } }"""
RELEASE = """mutation($id: ID!) { fulfillmentOrderReleaseHold(id: $id) {
  fulfillmentOrder { id } userErrors { message } } }"""
SPLIT = """mutation($id: ID!, $line: ID!) { fulfillmentOrderSplit(fulfillmentOrderSplits: [
  {fulfillmentOrderId: $id, fulfillmentOrderLineItems: [{id: $line, quantity: 1}]}]) {
  fulfillmentOrderSplits { fulfillmentOrder { id } } userErrors { message } } }"""
MOVE = """mutation($id: ID!, $to: ID!) { fulfillmentOrderMove(id: $id, newLocationId: $to) {
  movedFulfillmentOrder { id } userErrors { message } } }"""


async def sheets(town: Town, id_: str) -> list[OrderSheet]:
    """All that the warehouse was ever asked for an order, in turn."""
    async with town.hub.database.begin() as tx:
        known = (await requests.of_orders(tx, CONNECTION, [OrderId(id_)]))[OrderId(id_)]
    return [await town.cast.floor.order(one.key) for one in known if one.reference is not None]


async def until_asked(town: Town, id_: str, *states: WorkState) -> None:
    async def so() -> bool:
        return [sheet.order.state for sheet in await sheets(town, id_)] == [*states]

    await until(so)


async def the_part(town: Town, id_: str) -> Any:
    return next(fo for fo in (await at_shopify(town, id_)).fulfillment_orders if fo.status != "CLOSED")


async def test_both_sides_agree_on_what_is_given_up_held_moved_and_split(database_url: str, tmp_path: Path) -> None:
    listener = listen("127.0.0.1", 0)
    async with a_town(database_url, tmp_path, address_of(listener)) as town:
        connection = await prepare(town.cast, 40, seed=7)
        by_rule = Rules(
            orders=OrderRules(given_up=GivenUpRules(on_give_up=OnGivenUp.CANCEL)), inventory=connection.rules.inventory
        )
        async with town.hub.database.begin() as tx:
            await connections.set_rules(tx, CONNECTION, by_rule)
        async with serving(town.hub, listener):
            await until_for_sale(town.cast)
            given_up, held, moved, split = town.standin.buy(4, seed=7)
            await until_all_are_at_the_warehouse(town, 4)
            locations = [one.id for one in await (await town.hub.storefront(DOMAIN)).locations()]

            for sheet in await sheets(town, given_up):
                await town.cast.floor.cancel(sheet.order.reference)
            part = await the_part(town, held)
            asked(town, HOLD, id=part.id)
            gone = await the_part(town, moved)
            asked(town, MOVE, id=gone.id, to=next(one for one in locations if one != gone.location))
            cut = await the_part(town, split)
            asked(town, SPLIT, id=cut.id, line=cut.lines[0].id)

            await until_told(town, given_up, "withdrawn")
            await until_told(town, held, "stopped")
            asked(town, RELEASE, id=part.id)
            await until_asked(town, held, WorkState.CANCELLED, WorkState.NOT_RELEASED)
            await until_asked(town, moved, WorkState.CANCELLED, WorkState.NOT_RELEASED)
            *_, there = await sheets(town, moved)
            for line in there.order.lines:
                await town.cast.floor.receive(line.item, there.order.warehouse, Units(line.ordered))
            await ship(town.cast, seed=7)
            for id_ in (held, moved, split):
                await until(partial(all_fulfilled, town, id_))

            assert (await at_shopify(town, given_up)).cancelled_at is not None
            assert {sheet.request.key for sheet in await sheets(town, split)} == {RequestKey(cut.id)}
            async with town.hub.database.begin() as tx:
                assert await holds.held(tx, CONNECTION) == []


async def all_fulfilled(town: Town, id_: str) -> bool:
    order = await at_shopify(town, id_)
    return bool(order.fulfillments) and not any(line.remaining for fo in order.fulfillment_orders for line in fo.lines)
