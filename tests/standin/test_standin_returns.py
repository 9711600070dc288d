from typing import Any

import pytest
from tests.standin.standin_asking import Shop

RETURN = "return { id name status closedAt totalQuantity returnLineItems(first: 5) { nodes { ... on ReturnLineItem {\n"
LINES = "id quantity processedQuantity unprocessedQuantity } } } }"
REQUEST = f"""mutation($input: ReturnRequestInput!) {{ returnRequest(input: $input) {{
  {RETURN} {LINES} userErrors {{ field message code }} }} }}"""
CREATE = f"""mutation($input: ReturnInput!) {{ returnCreate(returnInput: $input) {{
  {RETURN} {LINES} userErrors {{ field message code }} }} }}"""
APPROVE = """mutation($id: ID!) { returnApproveRequest(input: {id: $id}) { return { id status
  reverseFulfillmentOrders(first: 1) { nodes { id status lineItems(first: 5) { nodes { id totalQuantity } } } } }
  userErrors { field message code } } }"""
PROCESS = """mutation($input: ReturnProcessInput!) { returnProcess(input: $input) { return { id status }
  userErrors { field message code } } }"""
DISPOSE = """mutation($inputs: [ReverseFulfillmentOrderDisposeInput!]!) {
  reverseFulfillmentOrderDispose(dispositionInputs: $inputs) {
    reverseFulfillmentOrderLineItems { dispositions { type quantity } } userErrors { field message code } } }"""
STATUS = "query($id: ID!) { order(id: $id) { returnStatus returns(first: 5) { nodes { id status } } } }"


def shipped(shop: Shop, units: int = 2, **more: Any) -> tuple[str, str]:
    """An order of `units` mugs that was shipped whole, and its shipped line."""
    order = shop.order((shop.variant("MUG", default=5), units), **more)
    shipment = shop.fulfill(shop.fulfillment_orders(order)[0]["id"])["id"]
    query = "query($id: ID!) { fulfillment(id: $id) { fulfillmentLineItems(first: 1) { nodes { id } } } }"
    lines = shop.ask(query, id=shipment)["fulfillment"]["fulfillmentLineItems"]["nodes"]
    return order, lines[0]["id"]


def asked(order: str, line: str, units: int = 1, **more: Any) -> dict[str, Any]:
    row = {"fulfillmentLineItemId": line, "quantity": units, "returnReason": "UNWANTED", **more}
    return {"orderId": order, "returnLineItems": [row]}


def status_of(shop: Shop, order: str) -> str:
    found: str = shop.ask(STATUS, id=order)["order"]["returnStatus"]
    return found


def test_a_return_is_asked_for_granted_and_closed_again(shop: Shop) -> None:
    order, line = shipped(shop)

    made = shop.do(REQUEST, input=asked(order, line))["return"]
    asked_for = status_of(shop, order)
    granted = shop.do(APPROVE, id=made["id"])["return"]
    under_way = status_of(shop, order)
    shop.do("mutation($id: ID!) { returnClose(id: $id) { return { id } userErrors { message } } }", id=made["id"])

    assert made["name"].endswith("-R1")
    assert [asked_for, under_way, status_of(shop, order)] == ["RETURN_REQUESTED", "IN_PROGRESS", "RETURNED"]
    assert granted["reverseFulfillmentOrders"]["nodes"][0]["lineItems"]["nodes"][0]["totalQuantity"] == 1


def test_no_more_can_be_returned_than_was_shipped(shop: Shop) -> None:
    order, line = shipped(shop, units=2)
    shop.do(CREATE, input=asked(order, line, 1))

    errors = shop.errors(CREATE, input=asked(order, line, 2))

    assert [(e["message"], e["code"]) for e in errors] == [("Return line item has an invalid quantity.", "INVALID")]


def test_a_return_for_other_reasons_needs_a_note_only_from_staff(shop: Shop) -> None:
    order, line = shipped(shop)

    by_staff = shop.errors(CREATE, input=asked(order, line, returnReason="OTHER"))
    by_customer = shop.errors(REQUEST, input=asked(order, line, returnReason="OTHER"))

    assert by_staff[0]["field"] == ["returnInput", "returnLineItems", "0", "returnReasonNote"]
    assert by_customer == []


def test_restocked_goods_can_be_sold_again(shop: Shop) -> None:
    mug = shop.variant("MUG", default=5)
    order = shop.order((mug, 2))
    shop.fulfill(shop.fulfillment_orders(order)[0]["id"])
    query = "query($id: ID!) { returnableFulfillments(orderId: $id, first: 1) { nodes {\n"
    query += "returnableFulfillmentLineItems(first: 1) { nodes { fulfillmentLineItem { id } } } } } }"
    rows = shop.ask(query, id=order)["returnableFulfillments"]["nodes"][0]["returnableFulfillmentLineItems"]
    made = shop.do(REQUEST, input=asked(order, rows["nodes"][0]["fulfillmentLineItem"]["id"]))["return"]
    way = shop.do(APPROVE, id=made["id"])["return"]["reverseFulfillmentOrders"]["nodes"][0]
    before = shop.stock(mug)

    row = way["lineItems"]["nodes"][0]["id"]
    wanted = {"dispositionType": "RESTOCKED", "quantity": 1, "locationId": shop.location()}
    shop.do(DISPOSE, inputs=[{"reverseFulfillmentOrderLineItemId": row, **wanted}])

    assert before == {"available": 3, "committed": 0, "on_hand": 3}
    assert shop.stock(mug) == {"available": 4, "committed": 0, "on_hand": 4}


def test_processing_takes_units_out_of_the_order_and_leaves_the_return_open(shop: Shop) -> None:
    order, line = shipped(shop, units=2)
    made = shop.do(CREATE, input=asked(order, line, 2))["return"]
    row = made["returnLineItems"]["nodes"][0]["id"]

    first = shop.do(PROCESS, input={"returnId": made["id"], "returnLineItems": [{"id": row, "quantity": 1}]})["return"]
    too_many = shop.errors(PROCESS, input={"returnId": made["id"], "returnLineItems": [{"id": row, "quantity": 2}]})

    query = "query($id: ID!) { order(id: $id) { currentSubtotalLineItemsQuantity } }"
    assert first["status"] == "OPEN"
    assert shop.ask(query, id=order)["order"]["currentSubtotalLineItemsQuantity"] == 1
    assert too_many[0]["code"] == "INVALID"


def test_a_return_of_which_all_lines_are_removed_is_closed(shop: Shop) -> None:
    order, line = shipped(shop)
    made = shop.do(CREATE, input=asked(order, line))["return"]
    row = made["returnLineItems"]["nodes"][0]["id"]

    remove = """mutation($id: ID!, $rows: [ReturnLineItemRemoveFromReturnInput!]) {
      removeFromReturn(returnId: $id, returnLineItems: $rows) { return { status totalQuantity }
      userErrors { message } } }"""
    left = shop.do(remove, id=made["id"], rows=[{"returnLineItemId": row, "quantity": 1}])["return"]

    assert left == {"status": "CLOSED", "totalQuantity": 0}


def test_an_exchange_becomes_an_order_line_that_is_to_be_shipped(shop: Shop) -> None:
    order, line = shipped(shop)
    cup = shop.variant("CUP", default=3)
    exchange = [{"variantId": cup.id, "quantity": 1}]
    query = """mutation($input: ReturnInput!) { returnCreate(returnInput: $input) { return { id
      exchangeLineItems(first: 1) { nodes { id } } } userErrors { message } } }"""
    made = shop.do(query, input={**asked(order, line), "exchangeLineItems": exchange})["return"]

    wanted = [{"id": made["exchangeLineItems"]["nodes"][0]["id"], "quantity": 1}]
    shop.do(PROCESS, input={"returnId": made["id"], "exchangeLineItems": wanted})

    parts = shop.fulfillment_orders(order)
    assert [(x["sku"], x["remainingQuantity"]) for x in parts[-1]["lineItems"]["nodes"]] == [("CUP", 1)]
    assert shop.stock(cup) == {"available": 2, "committed": 1, "on_hand": 3}


def test_only_what_was_asked_for_can_be_granted(shop: Shop) -> None:
    order, line = shipped(shop)
    made = shop.do(CREATE, input=asked(order, line))["return"]

    errors = shop.errors(APPROVE, id=made["id"])

    assert errors[0]["message"] == "Return is not approvable. Only returns with status REQUESTED can be approved."


def test_an_order_of_which_everything_came_back_stays_fulfilled(shop: Shop) -> None:
    order, line = shipped(shop, units=2)
    made = shop.do(CREATE, input=asked(order, line, 2))["return"]
    row = made["returnLineItems"]["nodes"][0]["id"]

    shop.do(PROCESS, input={"returnId": made["id"], "returnLineItems": [{"id": row, "quantity": 2}]})

    query = "query($id: ID!) { order(id: $id) { displayFulfillmentStatus currentSubtotalLineItemsQuantity } }"
    assert shop.ask(query, id=order)["order"] == {
        "displayFulfillmentStatus": "FULFILLED",
        "currentSubtotalLineItemsQuantity": 0,
    }


EXCHANGE = """mutation($input: ReturnInput!) { returnCreate(returnInput: $input) { return { id
  returnLineItems(first: 1) { nodes { id } } exchangeLineItems(first: 1) { nodes { id } } }
  userErrors { message } } }"""
OUTCOME = """query($id: ID!, $lines: [SuggestedOutcomeReturnLineItemInput!]!,
  $exchanges: [SuggestedOutcomeExchangeLineItemInput!]!) { return(id: $id) {
  suggestedFinancialOutcome(returnLineItems: $lines, exchangeLineItems: $exchanges) { financialTransfer { __typename
    ... on RefundReturnOutcome { amount { shopMoney { amount } } }
    ... on InvoiceReturnOutcome { amount { shopMoney { amount } } } } } } }"""
PRICE = """mutation($product: ID!, $variants: [ProductVariantsBulkInput!]!) {
  productVariantsBulkUpdate(productId: $product, variants: $variants) { userErrors { message } } }"""
PAID = "mutation($id: ID!) { orderMarkAsPaid(input: {id: $id}) { order { id } userErrors { message } } }"


def exchanged(shop: Shop, price: str) -> tuple[str, str, dict[str, Any], dict[str, Any]]:
    """An order of a mug that is to become a cup of this price, its return, and what is processed of either."""
    paid = {"kind": "SALE", "status": "SUCCESS", "amountSet": {"shopMoney": {"amount": "10.00", "currencyCode": "EUR"}}}
    order, line = shipped(shop, 1, transactions=[paid])
    cup = shop.variant("CUP", default=3)
    product = shop.ask("query($id: ID!) { productVariant(id: $id) { product { id } } }", id=cup.id)
    shop.do(PRICE, product=product["productVariant"]["product"]["id"], variants=[{"id": cup.id, "price": price}])
    wanted = [{"variantId": cup.id, "quantity": 1}]
    made = shop.do(EXCHANGE, input={**asked(order, line), "exchangeLineItems": wanted})["return"]
    back, out = (made[name]["nodes"][0]["id"] for name in ("returnLineItems", "exchangeLineItems"))
    return order, made["id"], {"id": back, "quantity": 1}, {"id": out, "quantity": 1}


@pytest.mark.parametrize(
    ("price", "outcome"),
    [("7.00", ("RefundReturnOutcome", "3.0")), ("12.00", ("InvoiceReturnOutcome", "2.0")), ("10.00", None)],
)
def test_the_difference_is_paid_by_whoever_owes_it(shop: Shop, price: str, outcome: tuple[str, str] | None) -> None:
    _, id_, back, out = exchanged(shop, price)

    found = shop.ask(OUTCOME, id=id_, lines=[back], exchanges=[out])["return"]["suggestedFinancialOutcome"]

    transfer = found["financialTransfer"]
    assert (transfer and (transfer["__typename"], transfer["amount"]["shopMoney"]["amount"])) == outcome


def test_an_exchange_that_its_buyer_owes_money_for_is_held_until_it_is_paid(shop: Shop) -> None:
    order, id_, back, out = exchanged(shop, "12.00")

    shop.do(PROCESS, input={"returnId": id_, "returnLineItems": [back], "exchangeLineItems": [out]})
    held = shop.fulfillment_orders(order)[-1]
    shop.do(PAID, id=order)

    assert (held["status"], shop.fulfillment_orders(order)[-1]["status"]) == ("ON_HOLD", "OPEN")


def test_an_even_exchange_is_not_held(shop: Shop) -> None:
    order, id_, back, out = exchanged(shop, "10.00")

    shop.do(PROCESS, input={"returnId": id_, "returnLineItems": [back], "exchangeLineItems": [out]})

    assert shop.fulfillment_orders(order)[-1]["status"] == "OPEN"
