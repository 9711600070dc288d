"""A fulfillment service and its merchant, over the stand-in and the built-in warehouse."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from tests.spine.test_a_day_away import asked, until
from tests.spine.test_changes_on_the_way import at_shopify, until_told
from tests.spine.test_the_sellers_side import all_fulfilled, sheets
from tests.spine.town import Town, a_town

from crossdock.app.demo.crew import MAIN
from crossdock.app.demo.story import CONNECTION, prepare, until_for_sale
from crossdock.app.serve import address_of, listen, serving
from crossdock.model.names import LocationId, Units
from crossdock.model.order import FulfillmentOrder
from crossdock.model.request import WorkState
from crossdock.store import connections, holds

SERVICE = """mutation { fulfillmentServiceCreate(name: "Zone 3PL") {
  fulfillmentService { location { id } } userErrors { message } } }"""
ACTIVATE = """mutation($item: ID!, $location: ID!, $key: String!) {
  inventoryActivate(inventoryItemId: $item, locationId: $location, available: 50) @idempotent(key: $key) {
    inventoryLevel { id } userErrors { message } } }"""
MOVE = """mutation($id: ID!, $to: ID!) { fulfillmentOrderMove(id: $id, newLocationId: $to) {
  movedFulfillmentOrder { id } userErrors { message } } }"""
REQUEST = """mutation($id: ID!) { fulfillmentOrderSubmitFulfillmentRequest(id: $id) {
  submittedFulfillmentOrder { id } userErrors { message } } }"""
CALL_BACK = """mutation($id: ID!) { fulfillmentOrderSubmitCancellationRequest(id: $id) {
  fulfillmentOrder { id } userErrors { message } } }"""


async def take_no_orders(town: Town, *, yet: bool) -> None:
    async with town.hub.database.begin() as tx:
        rules = await connections.rules_to_change(tx, CONNECTION)
        paid = frozenset[str]() if yet else frozenset({"PAID"})
        await connections.set_rules(tx, CONNECTION, replace(rules, orders=replace(rules.orders, financial=paid)))


async def at_the_service(town: Town, id_: str) -> list[FulfillmentOrder]:
    """What the service may be asked for, or is, of an order."""
    found = (await at_shopify(town, id_)).fulfillment_orders
    return [fo for fo in found if fo.at_service and any(line.remaining for line in fo.lines)]


async def is_routed(town: Town, id_: str) -> bool:
    return bool((await at_shopify(town, id_)).fulfillment_orders)


async def give_to_service(town: Town, id_: str, service: LocationId) -> None:
    await until(partial(is_routed, town, id_))
    for fo in (await at_shopify(town, id_)).fulfillment_orders:
        for line in fo.lines:
            asked(town, ACTIVATE, item=line.inventory_item, location=service, key=f"{id_} {line.id}")
        asked(town, MOVE, id=fo.id, to=service)


async def stands(town: Town, id_: str, request_status: str) -> bool:
    return {fo.request_status for fo in await at_the_service(town, id_)} == {request_status}


async def receive_all(town: Town, id_: str) -> None:
    """The goods of an order come in, for the demo's are at two places."""
    for sheet in await sheets(town, id_):
        for line in sheet.order.lines:
            await town.cast.floor.receive(line.item, sheet.order.warehouse, Units(line.ordered))


async def pack_all(town: Town, id_: str) -> None:
    for sheet in await sheets(town, id_):
        await town.cast.floor.release(sheet.order.reference)
        await town.cast.floor.pick(sheet.order.reference)
        await town.cast.floor.pack(sheet.order.reference)


async def ship_all(town: Town, id_: str) -> None:
    for sheet in await sheets(town, id_):
        await town.cast.floor.ship(sheet.order.reference)


async def test_a_merchant_gets_an_answer_to_everything(database_url: str, tmp_path: Path) -> None:
    listener = listen("127.0.0.1", 0)
    async with a_town(database_url, tmp_path, address_of(listener)) as town:
        await prepare(town.cast, 40, seed=7)
        await take_no_orders(town, yet=True)
        made = asked(town, SERVICE)
        service = LocationId(made["fulfillmentService"]["location"]["id"])
        async with serving(town.hub, listener):
            await until_for_sale(town.cast)
            ships, stops, packed = bought = town.standin.buy(3, seed=7)
            for id_ in bought:
                await give_to_service(town, id_, service)
            async with town.hub.database.begin() as tx:
                await connections.map_location(tx, CONNECTION, service, MAIN.code)
            await take_no_orders(town, yet=False)

            for id_ in bought:
                for fo in await at_the_service(town, id_):
                    asked(town, REQUEST, id=fo.id)
            for id_ in bought:
                await until(partial(stands, town, id_, "ACCEPTED"))

            for id_ in (ships, packed):
                await receive_all(town, id_)
            for fo in await at_the_service(town, stops):
                asked(town, CALL_BACK, id=fo.id)
            await until_told(town, stops, "cancellation_accepted")
            await pack_all(town, packed)
            for fo in await at_the_service(town, packed):
                asked(town, CALL_BACK, id=fo.id)
            await until_told(town, packed, "cancellation_rejected")
            await pack_all(town, ships)
            for id_ in (ships, packed):
                await ship_all(town, id_)
                await until(partial(all_fulfilled, town, id_))

            assert {sheet.order.state for sheet in await sheets(town, stops)} == {WorkState.CANCELLED}
            assert await stands(town, stops, "UNSUBMITTED")
            async with town.hub.database.begin() as tx:
                assert await holds.held(tx, CONNECTION) == []
