from decimal import Decimal
from typing import Any

import pytest
from tests.standin.standin_asking import ORDER_CREATE, Shop, key
from tests.standin.standin_hooks import subscribe

from shopify_standin.ids import number_of
from shopify_standin.receiving import Receiver
from shopify_standin.testing import RunningStandin

CREATED = """mutation($order: OrderCreateOrderInput!) { orderCreate(order: $order) {
  order { id transactions { id } lineItems(first: 5) { nodes { id } } } userErrors { field message code } } }"""
CAPTURE = """mutation($input: OrderCaptureInput!) { orderCapture(input: $input) {
  transaction { kind amountSet { shopMoney { amount } } } userErrors { field message } } }"""
VOID = """mutation($id: ID!) { transactionVoid(parentTransactionId: $id) {
  transaction { kind parentTransaction { id } } userErrors { field message code } } }"""
REFUND = """mutation($input: RefundInput!, $key: String!) { refundCreate(input: $input) @idempotent(key: $key) {
  refund { id totalRefundedSet { shopMoney { amount } } } order { displayFinancialStatus }
  userErrors { field message } } }"""
MONEY = """query($id: ID!) { order(id: $id) { displayFinancialStatus netPaymentSet { shopMoney { amount } }
  totalOutstandingSet { shopMoney { amount } } currentTotalPriceSet { shopMoney { amount } }
  totalDiscountsSet { shopMoney { amount } } discountCodes } }"""
SUGGEST = """query($id: ID!, $lines: [RefundLineItemInput!]) { order(id: $id) {
  suggestedRefund(refundLineItems: $lines) { amountSet { shopMoney { amount } }
  suggestedTransactions { gateway amountSet { shopMoney { amount } } } } } }"""


def money(amount: str, currency: str = "USD") -> dict[str, Any]:
    return {"shopMoney": {"amount": amount, "currencyCode": currency}}


def line(title: str, price: str, quantity: int = 1) -> dict[str, Any]:
    return {"title": title, "quantity": quantity, "priceSet": money(price)}


def payment(kind: str, amount: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "status": "SUCCESS", "gateway": "bogus", "amountSet": money(amount), **more}


def created(shop: Shop, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    order: dict[str, Any] = shop.do(CREATED, order={"lineItems": list(lines), **more})["order"]
    return order


def amounts(shop: Shop, order: str) -> dict[str, str]:
    found = shop.ask(MONEY, id=order)["order"]
    return {name: value["shopMoney"]["amount"] for name, value in found.items() if isinstance(value, dict)}


def test_an_authorization_is_captured_in_parts_and_no_further(shop: Shop) -> None:
    order = created(shop, line("Mug", "10.00"), transactions=[payment("AUTHORIZATION", "10.00")])
    of = {"id": order["id"], "parentTransactionId": order["transactions"][0]["id"]}

    part = shop.do(CAPTURE, input={**of, "amount": "4.00"})["transaction"]
    partly_paid = shop.ask(MONEY, id=order["id"])["order"]["displayFinancialStatus"]
    too_much = shop.errors(CAPTURE, input={**of, "amount": "7.00"})

    assert part == {"kind": "CAPTURE", "amountSet": {"shopMoney": {"amount": "4.0"}}}
    assert partly_paid == "PARTIALLY_PAID"
    assert too_much[0]["message"] == "Cannot capture more than the authorized 6.00 for this payment."


def test_a_void_gives_an_authorization_up_unless_it_was_captured(shop: Shop) -> None:
    free = created(shop, line("Mug", "10.00"), transactions=[payment("AUTHORIZATION", "10.00")])
    used = created(shop, line("Mug", "10.00"), transactions=[payment("AUTHORIZATION", "10.00")])
    of = {"id": used["id"], "parentTransactionId": used["transactions"][0]["id"]}
    shop.do(CAPTURE, input={**of, "amount": "1.00"})

    made = shop.do(VOID, id=free["transactions"][0]["id"])["transaction"]
    refused = shop.errors(VOID, id=used["transactions"][0]["id"])

    assert made == {"kind": "VOID", "parentTransaction": {"id": free["transactions"][0]["id"]}}
    assert shop.ask(MONEY, id=free["id"])["order"]["displayFinancialStatus"] == "VOIDED"
    assert refused[0]["code"] == "AUTH_NOT_VOIDABLE"


def test_a_refund_moves_money_and_units(shop: Shop) -> None:
    mug = shop.variant("MUG", default=5)
    order = shop.order((mug, 3), transactions=[payment("SALE", "30.00")])
    query = "query($id: ID!) { order(id: $id) { transactions { id } lineItems(first: 1) { nodes { id } } } }"
    known = shop.ask(query, id=order)["order"]

    lines = [{"lineItemId": known["lineItems"]["nodes"][0]["id"], "quantity": 2, "restockType": "CANCEL"}]
    back = {"orderId": order, "parentId": known["transactions"][0]["id"], "gateway": "bogus", "kind": "REFUND"}
    wanted = {"orderId": order, "refundLineItems": lines, "transactions": [{**back, "amount": "20.00"}]}
    made = shop.do(REFUND, input=wanted, key=key())

    assert made["order"]["displayFinancialStatus"] == "PARTIALLY_REFUNDED"
    assert amounts(shop, order)["currentTotalPriceSet"] == "10.0"
    assert shop.stock(mug) == {"available": 4, "committed": 1, "on_hand": 5}
    parts = shop.fulfillment_orders(order)
    assert [x["remainingQuantity"] for x in parts[0]["lineItems"]["nodes"]] == [1]


def test_no_more_is_refunded_than_was_paid(shop: Shop) -> None:
    order = created(shop, line("Mug", "10.00"), transactions=[payment("SALE", "10.00")])
    back = {"orderId": order["id"], "parentId": order["transactions"][0]["id"], "gateway": "bogus", "kind": "REFUND"}

    wanted = {"orderId": order["id"], "transactions": [{**back, "amount": "12.00"}]}
    payload = shop.ask(REFUND, input=wanted, key=key())["refundCreate"]

    assert payload["refund"] is None
    assert payload["order"] == {"displayFinancialStatus": "PAID"}
    message = "Refund amount $12.00 is greater than net payment received $10.00"
    assert payload["userErrors"] == [{"field": None, "message": message}]


def test_a_suggestion_says_what_units_are_worth_and_who_pays_it_back(shop: Shop) -> None:
    order = created(shop, line("Mug", "10.00", 2), transactions=[payment("SALE", "20.00")])
    lines = [{"lineItemId": order["lineItems"]["nodes"][0]["id"], "quantity": 1}]

    found = shop.ask(SUGGEST, id=order["id"], lines=lines)["order"]["suggestedRefund"]

    assert found["amountSet"] == {"shopMoney": {"amount": "10.0"}}
    assert found["suggestedTransactions"] == [{"gateway": "bogus", "amountSet": {"shopMoney": {"amount": "10.0"}}}]


@pytest.mark.parametrize(
    ("code", "off"),
    [
        ({"itemPercentageDiscountCode": {"code": "TENTH", "percentage": 10}}, "3.0"),
        ({"itemFixedDiscountCode": {"code": "FIVE", "amountSet": money("5.00")}}, "5.0"),
    ],
)
def test_a_discount_code_falls_on_the_lines(shop: Shop, code: dict[str, Any], off: str) -> None:
    order = created(shop, line("Mug", "10.00"), line("Lamp", "20.00"), discountCode=code)

    found = amounts(shop, order["id"])

    assert found["totalDiscountsSet"] == off
    assert float(found["currentTotalPriceSet"]) == 30.0 - float(off)


def test_cash_on_delivery_is_paid_by_hand(shop: Shop) -> None:
    pending = payment("SALE", "10.00", status="PENDING", gateway="Cash on Delivery (COD)")
    order = created(shop, line("Mug", "10.00"), transactions=[pending])
    before = shop.ask(MONEY, id=order["id"])["order"]["displayFinancialStatus"]

    paid = """mutation($id: ID!) { orderMarkAsPaid(input: {id: $id}) { order { displayFinancialStatus
      transactions { status gateway parentTransaction { status } } } userErrors { message } } }"""
    made = shop.do(paid, id=order["id"])["order"]

    assert before == "PENDING"
    assert made["displayFinancialStatus"] == "PAID"
    assert made["transactions"][1]["parentTransaction"] == {"status": "PENDING"}


def test_an_order_shipped_elsewhere_arrives_fulfilled(shop: Shop) -> None:
    shipped = {"locationId": shop.location(), "trackingNumber": "1Z9", "trackingCompany": "UPS"}

    made = shop.do(ORDER_CREATE, order={"lineItems": [line("Mug", "10.00")], "fulfillment": shipped})["order"]["id"]

    query = "query($id: ID!) { order(id: $id) { displayFulfillmentStatus fulfillments { trackingInfo { number } } } }"
    assert shop.ask(query, id=made)["order"] == {
        "displayFulfillmentStatus": "FULFILLED",
        "fulfillments": [{"trackingInfo": [{"number": "1Z9"}]}],
    }


def test_an_input_that_is_not_modelled_is_refused_instead_of_ignored(shop: Shop) -> None:
    order = {"lineItems": [line("Mug", "10.00")], "userId": "gid://shopify/StaffMember/1"}

    error = shop.refused(ORDER_CREATE, order=order)

    assert error["extensions"]["code"] == "NOT_MODELLED"


def test_store_credit_of_a_cancelled_order_can_be_spent(shop: Shop) -> None:
    order = created(shop, line("Mug", "10.00"), email="ada@example.com", transactions=[payment("SALE", "10.00")])

    cancel = """mutation($id: ID!) { orderCancel(orderId: $id, reason: CUSTOMER, restock: true,
      refundMethod: {storeCreditRefund: {}}) { job { id done } orderCancelUserErrors { message } userErrors { message }
      jobResult { status done order { id } } } }"""
    started = shop.do(cancel, "2026-10", id=order["id"])

    query = """query($id: ID!) { order(id: $id) { cancelledAt displayFinancialStatus customer {
      storeCreditAccounts(first: 1) { nodes { balance { amount currencyCode } } } } } }"""
    after = shop.ask(query, id=order["id"])["order"]
    assert started["jobResult"] == {"status": "STARTED", "done": False, "order": {"id": order["id"]}}
    assert after["cancelledAt"] is not None
    assert after["customer"]["storeCreditAccounts"]["nodes"] == [{"balance": {"amount": "10.0", "currencyCode": "USD"}}]


@pytest.mark.parametrize(("restock", "left"), [(True, 5), (False, 3)])
def test_a_cancelled_order_leaves_nothing_committed(shop: Shop, *, restock: bool, left: int) -> None:
    mug = shop.variant("MUG", default=5)
    order = shop.order((mug, 2))

    cancel = """mutation($id: ID!, $restock: Boolean!) { orderCancel(orderId: $id, reason: OTHER, restock: $restock) {
      job { id } userErrors { message } } }"""
    shop.do(cancel, id=order, restock=restock)

    assert shop.stock(mug) == {"available": left, "committed": 0, "on_hand": left}


def test_what_the_gateway_said_of_a_payment_is_kept(shop: Shop) -> None:
    said = {"trace": "7", "captured": True}

    order = created(shop, line("Mug", "10.00"), transactions=[payment("SALE", "10.00") | {"receiptJson": said}])

    query = "query($id: ID!) { order(id: $id) { transactions { receiptJson } } }"
    assert shop.ask(query, id=order["id"]) == {"order": {"transactions": [{"receiptJson": said}]}}


def test_the_refund_of_a_cancelled_order_is_a_transaction_like_any_other(shop: Shop, receiver: Receiver) -> None:
    order = created(shop, line("Mug", "10.00"), transactions=[payment("SALE", "10.00")])
    subscribe(shop, receiver, "ORDER_TRANSACTIONS_CREATE")
    cancel = """mutation($id: ID!) { orderCancel(orderId: $id, reason: CUSTOMER, restock: true,
      refundMethod: {originalPaymentMethodsRefund: true}) { job { id } userErrors { message } } }"""

    shop.do(cancel, id=order["id"])
    shop.standin.advance(5)

    _, told = receiver.next()
    query = "query($id: ID!) { order(id: $id) { transactions { id kind parentTransaction { kind } } } }"
    refund = shop.ask(query, id=order["id"])["order"]["transactions"][-1]
    assert (told["kind"], told["admin_graphql_api_id"]) == ("refund", refund["id"])
    assert refund["parentTransaction"] == {"kind": "SALE"}


def test_shipping_that_was_given_back_shows_which_line_it_paid_for(shop: Shop) -> None:
    courier = {"title": "Courier", "priceSet": money("4.00")}
    paid = payment("SALE", "14.00")
    order = created(shop, line("Mug", "10.00"), shippingLines=[courier], transactions=[paid])

    refund = shop.do(REFUND, input={"orderId": order["id"], "shipping": {"fullRefund": True}}, key=key())["refund"]

    query = """query($id: ID!) { refund(id: $id) { refundShippingLines(first: 5) { nodes {
      shippingLine { title requestedFulfillmentService { id } } subtotalAmountSet { shopMoney { amount } } } } } }"""
    found = shop.ask(query, id=refund["id"])["refund"]["refundShippingLines"]["nodes"]
    given_back = {"shopMoney": {"amount": "4.0"}}
    assert found == [
        {"shippingLine": {"title": "Courier", "requestedFulfillmentService": None}, "subtotalAmountSet": given_back}
    ]


def test_an_orders_transactions_are_narrowed_to_what_can_be_captured(shop: Shop) -> None:
    order = created(
        shop, line("Mug", "10.00"), transactions=[payment("AUTHORIZATION", "4.00"), payment("SALE", "6.00")]
    )
    query = """query($id: ID!) { order(id: $id) { one: transactions(first: 1) { kind }
      open: transactions(capturable: true) { kind } rest: transactions(capturable: false) { kind } } }"""

    found = shop.ask(query, id=order["id"])["order"]

    authorization = [{"kind": "AUTHORIZATION"}]
    assert found == {"one": authorization, "open": authorization, "rest": [{"kind": "SALE"}]}


TOTALS = """query($id: ID!) { order(id: $id) { currentSubtotalPriceSet { presentmentMoney { amount } }
  currentTotalTaxSet { presentmentMoney { amount } } currentShippingPriceSet { presentmentMoney { amount } }
  currentTotalPriceSet { presentmentMoney { amount } } shippingLine { currentDiscountedPriceSet {
  presentmentMoney { amount } } } refunds { refundLineItems(first: 5) { nodes {
  subtotalSet { presentmentMoney { amount } } totalTaxSet { presentmentMoney { amount } } } }
  refundShippingLines(first: 5) { nodes { subtotalAmountSet { presentmentMoney { amount } }
  taxAmountSet { presentmentMoney { amount } } } } } } }"""


def refund(shop: Shop, order: dict[str, Any], units: int, **more: Any) -> None:
    line = order["lineItems"]["nodes"][0]["id"]
    lines = [{"lineItemId": line, "quantity": units, "restockType": "NO_RESTOCK"}]
    shop.do(REFUND, input={"orderId": order["id"], "refundLineItems": lines, **more}, key=key())


def amount_of(bag: dict[str, Any]) -> Decimal:
    return Decimal(bag["presentmentMoney"]["amount"])


def test_units_that_are_refunded_take_what_they_cost_and_leave_the_rest_to_the_cent(shop: Shop) -> None:
    taxes = [{"title": "VAT", "rate": 0.19, "priceSet": money("5.51")}]
    code = {"itemFixedDiscountCode": {"code": "ONE", "amountSet": money("1.00")}}
    order = created(shop, line("Mug", "10.00", 3) | {"taxLines": taxes}, discountCode=code)

    for _ in range(2):
        refund(shop, order, 1)

    found = shop.ask(TOTALS, id=order["id"])["order"]
    rows = [row for one in found["refunds"] for row in one["refundLineItems"]["nodes"]]
    gone = sum(amount_of(row["subtotalSet"]) for row in rows), sum(amount_of(row["totalTaxSet"]) for row in rows)
    left = amount_of(found["currentSubtotalPriceSet"]), amount_of(found["currentTotalTaxSet"])
    assert (gone[0] + left[0], gone[1] + left[1]) == (Decimal("29.00"), Decimal("5.51"))


def test_shipping_is_given_back_with_its_share_of_the_tax(shop: Shop) -> None:
    taxed = {"title": "VAT", "rate": 0.19, "priceSet": money("0.93")}
    posted = {"title": "Standard", "priceSet": money("4.90"), "taxLines": [taxed]}
    order = created(shop, line("Mug", "10.00", 2), shippingLines=[posted])

    refund(shop, order, 1, shipping={"amount": "2.45"})

    found = shop.ask(TOTALS, id=order["id"])["order"]
    [back] = found["refunds"][0]["refundShippingLines"]["nodes"]
    assert (amount_of(back["subtotalAmountSet"]), amount_of(back["taxAmountSet"])) == (Decimal("2.45"), Decimal("0.47"))
    assert amount_of(found["shippingLine"]["currentDiscountedPriceSet"]) == Decimal("2.45")
    assert amount_of(found["currentShippingPriceSet"]) == Decimal("2.45")
    assert amount_of(found["currentTotalTaxSet"]) == Decimal("0.46")


def test_amounts_are_rounded_to_the_smallest_unit_of_each_currency(shop: Shop) -> None:
    price = {
        "shopMoney": {"amount": "10.00", "currencyCode": "USD"},
        "presentmentMoney": {"amount": "1501", "currencyCode": "JPY"},
    }
    code = {"itemPercentageDiscountCode": {"code": "THIRD", "percentage": 33}}
    mug = {"title": "Mug", "quantity": 1, "priceSet": price}
    order = created(shop, mug, discountCode=code, currency="USD", presentmentCurrency="JPY")

    found = shop.ask(TOTALS, id=order["id"])["order"]

    assert amount_of(found["currentTotalPriceSet"]) == 1501 - 495


def test_customers_may_buy_with_all_that_a_checkout_adds(standin: RunningStandin) -> None:
    standin.control("seed", products=4, stock=100)

    bought = [standin.world.orders[number_of(gid, "Order")] for gid in standin.buy(40, seed=3, extras=True)]

    assert any(order.tip.shop for order in bought)
    assert any(order.duties.shop for order in bought)
    assert any(order.fees for order in bought)
    assert {order.financial_status for order in bought} == {"PAID", "PENDING"}
    assert all(order.outstanding.shop == 0 for order in bought if order.financial_status == "PAID")
