"""A return from the customer's request to its end, over the stand-in and the built-in warehouse."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.spine.test_a_day_away import asked, until, until_all_are_at_the_warehouse
from tests.spine.test_changes_on_the_way import at_shopify, for_sale_is_what_is_there, until_told
from tests.spine.town import Town, a_town

from crossdock.app.demo.shop import DOMAIN
from crossdock.app.demo.story import CONNECTION, prepare, ship, until_for_sale
from crossdock.app.serve import address_of, listen, serving
from crossdock.model.connection import RefundAt, ReturnRules
from crossdock.model.names import OrderId
from crossdock.model.returning import Disposition, Return
from crossdock.store import connections, holds, timeline

REQUEST = """mutation($input: ReturnRequestInput!) { returnRequest(input: $input) {
  return { id } userErrors { message } } }"""
LABEL = """mutation($order: ID!) { reverseDeliveryCreateWithShipping(reverseFulfillmentOrderId: $order,
  reverseDeliveryLineItems: [], trackingInput: {number: "BACK-1"}) {
  reverseDelivery { id } userErrors { message } } }"""
MONEY = """query($id: ID!) { order(id: $id) { returnStatus currentSubtotalLineItemsQuantity
  totalRefundedSet { shopMoney { amount } } refunds { id }
  suggestedRefund(suggestFullRefund: true) { amountSet { shopMoney { amount } } } } }"""


def money(town: Town, order: str) -> dict[str, Any]:
    found: dict[str, Any] = town.standin.graphql(MONEY, {"id": order})["data"]["order"]
    return found


async def the_return(town: Town, order: str) -> Return:
    ((found,),) = (await (await town.hub.storefront(DOMAIN)).returns([OrderId(order)])).values()
    return found


async def two_or_more(town: Town, orders: list[str]) -> str:
    """The first order with more than one unit."""
    for order in orders:
        if sum(line.quantity for line in (await at_shopify(town, order)).lines) > 1:
            return order
    raise AssertionError("Every customer bought one piece only; take another seed.")


async def request_all(town: Town, order: str) -> None:
    """Let the customer ask to send everything back."""
    rows = await (await town.hub.storefront(DOMAIN)).returnable(OrderId(order))
    lines = [
        {"fulfillmentLineItemId": row.fulfillment_line, "quantity": row.units, "returnReason": "UNWANTED"}
        for row in rows
    ]
    asked(town, REQUEST, input={"orderId": order, "returnLineItems": lines})


async def test_a_return_is_announced_received_processed_refunded_and_closed(database_url: str, tmp_path: Path) -> None:
    listener = listen("127.0.0.1", 0)
    async with a_town(database_url, tmp_path, address_of(listener)) as town:
        connection = await prepare(town.cast, 40, seed=7)
        rules = replace(connection.rules, returns=ReturnRules(approve=True, refund=RefundAt.AT_INSPECTION))
        async with town.hub.database.begin() as tx:
            await connections.set_rules(tx, CONNECTION, rules)
        async with serving(town.hub, listener):
            await until_for_sale(town.cast)
            orders = town.standin.buy(5, seed=7)
            await until_all_are_at_the_warehouse(town, 5)
            await ship(town.cast, seed=7)
            order = await two_or_more(town, orders)
            await until_told(town, order, "told")

            await until(lambda: fulfilled(town, order))
            paid = Decimal(money(town, order)["suggestedRefund"]["amountSet"]["shopMoney"]["amount"])
            shipping = await shipping_of(town, order)
            await request_all(town, order)
            await until_told(town, order, "announced")
            back = await the_return(town, order)
            asked(town, LABEL, order=back.reverse_lines[0].order)
            await until_told(town, order, "return_on_its_way")
            scrapped, *_ = back.lines
            await town.cast.floor.receive_return(back.id, {scrapped.id: 1}, Disposition.SCRAP)
            left = {line.id: int(line.units) - (line is scrapped) for line in back.lines}
            await town.cast.floor.receive_return(back.id, {one: units for one, units in left.items() if units})
            await town.cast.floor.inspect_return(
                back.id, {one: units for one, units in left.items() if units}, Disposition.RESTOCK
            )
            await until_told(town, order, "return_closed")

            (record,) = await town.cast.floor.returns()
            assert [one.number for one in record.announced_parcels] == ["BACK-1"]
            done, after = await the_return(town, order), money(town, order)
            assert (done.status, after["returnStatus"]) == ("CLOSED", "RETURNED")
            assert [line.processed for line in done.lines] == [line.units for line in done.lines]
            assert {one.type for line in done.reverse_lines for one in line.disposed} == {"NOT_RESTOCKED"}
            assert after["currentSubtotalLineItemsQuantity"] == 0
            assert Decimal(after["totalRefundedSet"]["shopMoney"]["amount"]) == paid - shipping
            async with town.hub.database.begin() as tx:
                assert await holds.held(tx, CONNECTION) == []
                kinds = [one.kind for one in await timeline.read(tx, CONNECTION, OrderId(order))]
            assert [kinds.count(kind) for kind in ("return_approved", "announced", "return_closed")] == [1, 1, 1]
            await until(lambda: for_sale_is_what_is_there(town))


async def fulfilled(town: Town, order: str) -> bool:
    return (await at_shopify(town, order)).fulfillment_status == "FULFILLED"


async def shipping_of(town: Town, order: str) -> Decimal:
    query = "query($id: ID!) { order(id: $id) { totalShippingPriceSet { shopMoney { amount } } } }"
    found = town.standin.graphql(query, {"id": order})["data"]["order"]["totalShippingPriceSet"]
    return Decimal(found["shopMoney"]["amount"])
