"""Goods that a customer gets instead of others, over the stand-in and the built-in warehouse."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from tests.spine.test_a_day_away import asked, until, until_all_are_at_the_warehouse
from tests.spine.test_changes_on_the_way import at_shopify, for_sale_is_what_is_there, until_told
from tests.spine.test_goods_come_back import fulfilled, money, the_return
from tests.spine.town import Town, a_town

from crossdock.app.demo.shop import DOMAIN
from crossdock.app.demo.story import CONNECTION, prepare, ship, until_for_sale
from crossdock.app.serve import address_of, listen, serving
from crossdock.model.connection import ExchangeAt, RefundAt, ReturnRules
from crossdock.model.names import OrderId, PackageId
from crossdock.model.returning import Disposition, ReturnTracking
from crossdock.store import connections, holds, timeline

CREATE = """mutation($input: ReturnInput!) { returnCreate(returnInput: $input) {
  return { id } userErrors { message } } }"""
GOODS = "query { productVariants(first: 50) { nodes { id price inventoryQuantity } } }"
PAY = "mutation($id: ID!) { orderMarkAsPaid(input: {id: $id}) { order { id } userErrors { message } } }"
STATUSES = """query($id: ID!) { order(id: $id) { displayFinancialStatus
  fulfillmentOrders(first: 10) { nodes { status } } } }"""


def statuses(town: Town, order: str) -> list[str]:
    found = town.standin.graphql(STATUSES, {"id": order})["data"]["order"]["fulfillmentOrders"]["nodes"]
    return [part["status"] for part in found]


async def return_all_for_something_dearer(town: Town, order: str) -> None:
    """Let staff agree that everything of an order comes back, for so much of one thing that the customer owes."""
    rows = await (await town.hub.storefront(DOMAIN)).returnable(OrderId(order))
    lines = [
        {"fulfillmentLineItemId": row.fulfillment_line, "quantity": row.units, "returnReason": "UNWANTED"}
        for row in rows
    ]
    goods = town.standin.graphql(GOODS, {})["data"]["productVariants"]["nodes"]
    dearest = max(goods, key=lambda one: Decimal(one["price"]))
    paid = Decimal(money(town, order)["suggestedRefund"]["amountSet"]["shopMoney"]["amount"])
    units = int(paid / Decimal(dearest["price"])) + 1
    instead = [{"variantId": dearest["id"], "quantity": units}]
    asked(town, CREATE, input={"orderId": order, "returnLineItems": lines, "exchangeLineItems": instead})


async def test_what_replaces_a_return_is_paid_for_asked_for_once_and_shipped(database_url: str, tmp_path: Path) -> None:
    listener = listen("127.0.0.1", 0)
    async with a_town(database_url, tmp_path, address_of(listener)) as town:
        connection = await prepare(town.cast, 40, seed=7)
        rules = ReturnRules(exchange=ExchangeAt.AT_INSPECTION, refund=RefundAt.AT_INSPECTION)
        async with town.hub.database.begin() as tx:
            await connections.set_rules(tx, CONNECTION, replace(connection.rules, returns=rules))
        async with serving(town.hub, listener):
            await until_for_sale(town.cast)
            (order,) = town.standin.buy(1, seed=7)
            await until_all_are_at_the_warehouse(town, 1)
            await ship(town.cast, seed=7)
            await until(lambda: fulfilled(town, order))
            before = len(statuses(town, order))
            await return_all_for_something_dearer(town, order)
            await until_told(town, order, "announced")
            back = await the_return(town, order)
            await town.cast.floor.track_return(back.id, PackageId("1"), ReturnTracking(number="BACK-1"))
            await until_told(town, order, "return_tracked")
            units = {str(line.id): int(line.units) for line in back.lines}
            await town.cast.floor.receive_return(back.id, units, Disposition.RESTOCK)
            await until_told(town, order, "exchanged")
            unpaid = statuses(town, order)[before:]
            asked_unpaid = await asked_of_the_warehouse(town)

            asked(town, PAY, id=order)
            await until(lambda: asked_again(town, before))
            await ship(town.cast, seed=8)
            await until(lambda: fulfilled(town, order))
            await until_told(town, order, "return_closed")

            assert [one.tracking.number for one in (await the_return(town, order)).deliveries] == ["BACK-1"]
            assert (unpaid, asked_unpaid) == (["ON_HOLD"], before)
            assert Decimal(money(town, order)["totalRefundedSet"]["shopMoney"]["amount"]) == 0
            assert await asked_of_the_warehouse(town) == before + 1
            assert all(
                line.remaining == 0 for fo in (await at_shopify(town, order)).fulfillment_orders for line in fo.lines
            )
            async with town.hub.database.begin() as tx:
                assert await holds.held(tx, CONNECTION) == []
                kinds = [one.kind for one in await timeline.read(tx, CONNECTION, OrderId(order))]
            assert kinds.count("exchanged") == 1
            await until(lambda: for_sale_is_what_is_there(town))


async def asked_of_the_warehouse(town: Town) -> int:
    return len(await town.cast.floor.orders(limit=100))


async def asked_again(town: Town, before: int) -> bool:
    return await asked_of_the_warehouse(town) > before
