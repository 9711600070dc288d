"""Money after the import: captured when goods leave, credited, refunded at the warehouse's word; over real HTTP."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from tests.spine.test_a_day_away import asked, until, until_all_are_at_the_warehouse
from tests.spine.test_changes_on_the_way import at_shopify, until_told
from tests.spine.town import Town, a_town

from crossdock.app.demo.shop import DOMAIN
from crossdock.app.demo.story import CONNECTION, prepare, ship, until_for_sale
from crossdock.app.serve import address_of, listen, serving
from crossdock.model.money_rules import CaptureAt, MoneyRules
from crossdock.model.names import OrderId
from crossdock.model.settlement import Settlement
from crossdock.store import connections, holds, timeline

BUY = """mutation($order: OrderCreateOrderInput!) {
  orderCreate(order: $order, options: {inventoryBehaviour: DECREMENT_IGNORING_POLICY}) {
    order { id } userErrors { message } } }"""
REFUND = """mutation($input: RefundInput!) { refundCreate(input: $input) @idempotent(key: "a person's") {
  refund { id } userErrors { message } } }"""


async def authorized(town: Town, like: str) -> str:
    """Let a customer authorize, and not pay, what another one has bought: one piece, for 40."""
    there = await at_shopify(town, like)
    bag = {"shopMoney": {"amount": "40.00", "currencyCode": there.money.currencies.shop}}
    to = there.shipping_address
    assert to is not None
    order = {
        "lineItems": [{"variantId": there.lines[0].variant, "quantity": 1, "priceSet": bag}],
        "transactions": [{"kind": "AUTHORIZATION", "status": "SUCCESS", "gateway": "bogus", "amountSet": bag}],
        "shippingAddress": {
            "lastName": to.last_name,
            "address1": to.address1,
            "city": to.city,
            "countryCode": to.country,
        },
    }
    made: str = asked(town, BUY, order=order)["order"]["id"]
    return made


async def settled(town: Town, order: str) -> Settlement:
    found = await (await town.hub.storefront(DOMAIN)).settlement(OrderId(order))
    assert found is not None
    return found


async def test_money_is_captured_credited_and_given_back_once(database_url: str, tmp_path: Path) -> None:
    listener = listen("127.0.0.1", 0)
    async with a_town(database_url, tmp_path, address_of(listener)) as town:
        connection = await prepare(town.cast, 20, seed=7)
        orders_too = replace(connection.rules.orders, financial=connection.rules.orders.financial | {"AUTHORIZED"})
        money = MoneyRules(capture=CaptureAt.ALL_SHIPPED, refund_limit=Decimal(10))
        async with town.hub.database.begin() as tx:
            await connections.set_rules(tx, CONNECTION, replace(connection.rules, orders=orders_too, money=money))
        async with serving(town.hub, listener):
            await until_for_sale(town.cast)
            (bought,) = town.standin.buy(1, seed=7)
            order = await authorized(town, bought)
            await until_all_are_at_the_warehouse(town, 2)
            before = await settled(town, order)

            await ship(town.cast, seed=7)
            await until_told(town, order, "captured")

            captured = await settled(town, order)
            (capture,) = captured.parts_of(captured.authorizations[0].id, "CAPTURE")
            payment = {"parentId": capture.id, "kind": "REFUND", "gateway": "bogus", "orderId": order}
            asked(town, REFUND, input={"orderId": order, "transactions": [{**payment, "amount": "2.50"}]})
            await until_told(town, order, "credited")
            name = next(one.reference for one in await town.cast.floor.orders() if one.name == captured.name)
            await town.cast.floor.ask_refund(name, Decimal("7.50"), "Dented")
            await until_told(town, order, "refund_answered")
            await until(lambda: credited(town, 2))

            after = await settled(town, order)
            booked = [one.document for one in await town.cast.floor.credits() if one.document.order == order]
            (request,) = await town.cast.floor.refunds()
            async with town.hub.database.begin() as tx:
                kinds = [one.kind for one in await timeline.read(tx, CONNECTION, OrderId(order))]
                held = await holds.held(tx, CONNECTION)
            assert [before.received.presentment, captured.received.presentment, after.refundable.presentment] == [
                0,
                40,
                30,
            ]
            assert {one.key: one.total for one in booked} == {one.id: one.what.paid_back for one in after.refunds}
            assert request.answer is not None
            assert (request.answer.made, request.answer.refund) == (True, after.refunds[1].id)
            assert [kinds.count(kind) for kind in ("captured", "credited", "refunded")] == [1, 2, 1]
            assert held == []


async def credited(town: Town, many: int) -> bool:
    return len(await town.cast.floor.credits()) == many
