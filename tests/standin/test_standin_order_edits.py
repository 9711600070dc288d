from typing import Any

from tests.standin.standin_asking import Shop

from shopify_standin.testing import RunningStandin

BEGIN = """mutation($id: ID!) { orderEditBegin(id: $id) { calculatedOrder { id lineItems(first: 5) { nodes {
  id quantity } } } userErrors { field message } } }"""
ADD_VARIANT = """mutation($id: ID!, $variant: ID!, $quantity: Int!) {
  orderEditAddVariant(id: $id, variantId: $variant, quantity: $quantity) {
  calculatedLineItem { id quantity } userErrors { field message } } }"""
SET_QUANTITY = """mutation($id: ID!, $line: ID!, $quantity: Int!, $restock: Boolean) {
  orderEditSetQuantity(id: $id, lineItemId: $line, quantity: $quantity, restock: $restock) {
  calculatedOrder { totalPriceSet { shopMoney { amount } } } userErrors { field message } } }"""
COMMIT = """mutation($id: ID!) { orderEditCommit(id: $id, notifyCustomer: false, staffNote: "as asked") {
  order { id edited currentTotalPriceSet { shopMoney { amount } } } successMessages userErrors { field message } } }"""
DISCOUNT = """mutation($id: ID!, $line: ID!, $discount: OrderEditAppliedDiscountInput!) {
  orderEditAddLineItemDiscount(id: $id, lineItemId: $line, discount: $discount) {
  calculatedLineItem { discountedUnitPriceSet { shopMoney { amount } } } userErrors { field message } } }"""


def begun(shop: Shop, order: str) -> dict[str, Any]:
    edit: dict[str, Any] = shop.do(BEGIN, id=order)["calculatedOrder"]
    return edit


def test_an_added_variant_is_committed_stock_and_work_to_ship(shop: Shop) -> None:
    mug, cup = shop.variant("MUG", default=5), shop.variant("CUP", default=5)
    order = shop.order((mug, 1))
    edit = begun(shop, order)

    shop.do(ADD_VARIANT, id=edit["id"], variant=cup.id, quantity=2)
    untouched = shop.stock(cup)
    made = shop.do(COMMIT, id=edit["id"])

    rows = [row for part in shop.fulfillment_orders(order) for row in part["lineItems"]["nodes"]]
    assert untouched == {"available": 5, "committed": 0, "on_hand": 5}
    assert shop.stock(cup) == {"available": 3, "committed": 2, "on_hand": 5}
    assert [(row["sku"], row["remainingQuantity"]) for row in rows] == [("MUG", 1), ("CUP", 2)]
    assert made["successMessages"] == ["Order updated"]
    assert made["order"]["edited"] is True


def test_units_taken_out_go_back_to_stock_where_asked(shop: Shop) -> None:
    mug = shop.variant("MUG", default=5)
    order = shop.order((mug, 3))
    edit = begun(shop, order)

    line = edit["lineItems"]["nodes"][0]["id"]
    shop.do(SET_QUANTITY, id=edit["id"], line=line, quantity=1, restock=True)
    made = shop.do(COMMIT, id=edit["id"])["order"]

    assert shop.stock(mug) == {"available": 4, "committed": 1, "on_hand": 5}
    assert made["currentTotalPriceSet"] == {"shopMoney": {"amount": "10.0"}}


def test_what_was_shipped_cannot_be_taken_out(shop: Shop) -> None:
    order = shop.order((shop.variant("MUG", default=5), 2))
    shop.fulfill(shop.fulfillment_orders(order)[0]["id"])
    edit = begun(shop, order)

    errors = shop.errors(SET_QUANTITY, id=edit["id"], line=edit["lineItems"]["nodes"][0]["id"], quantity=1)

    assert errors[0]["field"] == ["quantity"]


def test_a_discount_comes_off_each_unit(shop: Shop) -> None:
    order = shop.order((shop.variant("MUG", default=5), 2), currency="USD")
    edit = begun(shop, order)
    off = {"description": "a dent", "fixedValue": {"amount": "1.00", "currencyCode": "USD"}}

    line = edit["lineItems"]["nodes"][0]["id"]
    staged = shop.do(DISCOUNT, id=edit["id"], line=line, discount=off)["calculatedLineItem"]
    made = shop.do(COMMIT, id=edit["id"])["order"]

    assert staged["discountedUnitPriceSet"] == {"shopMoney": {"amount": "9.0"}}
    assert made["currentTotalPriceSet"] == {"shopMoney": {"amount": "18.0"}}


def test_an_edit_can_be_committed_once(shop: Shop) -> None:
    edit = begun(shop, shop.order((shop.variant("MUG", default=5), 1)))
    shop.do(COMMIT, id=edit["id"])

    errors = shop.errors(COMMIT, id=edit["id"])

    assert errors == [{"field": ["id"], "message": "The calculated order does not exist."}]


def test_subscribers_hear_what_changed_by_how_much(shop: Shop, standin: RunningStandin) -> None:
    subscribe = """mutation { webhookSubscriptionCreate(topic: ORDERS_EDITED, webhookSubscription: {
      uri: "https://example.com/edited" }) { userErrors { message } } }"""
    shop.do(subscribe)
    order = shop.order((shop.variant("MUG", default=5), 1))
    edit = begun(shop, order)

    shop.do(SET_QUANTITY, id=edit["id"], line=edit["lineItems"]["nodes"][0]["id"], quantity=4)
    shop.do(COMMIT, id=edit["id"])

    delivery = next(x for x in standin.world.deliveries if x.topic == "orders/edited")
    assert b'"delta":3' in delivery.body
