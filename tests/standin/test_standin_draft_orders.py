from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.standin.standin_asking import Shop
from tests.standin.standin_hooks import subscribe

from shopify_standin.receiving import Receiver
from shopify_standin.testing import RunningStandin

DRAFT = """id name status completedAt totalQuantityOfLineItems
  totalPriceSet { shopMoney { amount currencyCode } } subtotalPriceSet { shopMoney { amount } }
  totalDiscountsSet { shopMoney { amount } } totalShippingPriceSet { shopMoney { amount } }
  appliedDiscount { title value valueType amountSet { shopMoney { amount } } }
  lineItems(first: 10) { nodes { title quantity sku custom originalUnitPriceSet { shopMoney { amount } }
    discountedTotalSet { shopMoney { amount } } variant { id } } }"""
CREATE = f"""mutation($input: DraftOrderInput!) {{ draftOrderCreate(input: $input) {{
  draftOrder {{ {DRAFT} }} userErrors {{ field message }} }} }}"""
UPDATE = f"""mutation($id: ID!, $input: DraftOrderInput!) {{ draftOrderUpdate(id: $id, input: $input) {{
  draftOrder {{ {DRAFT} }} userErrors {{ field message }} }} }}"""
COMPLETE = """mutation($id: ID!, $pending: Boolean) { draftOrderComplete(id: $id, paymentPending: $pending) {
  draftOrder { id status completedAt order { id name sourceName displayFinancialStatus paymentGatewayNames email
    totalPriceSet { shopMoney { amount } } totalDiscountsSet { shopMoney { amount } } tags note
    shippingAddress { address1 } shippingLine { title } transactions { kind status gateway }
    lineItems(first: 5) { nodes { title quantity sku discountedTotalSet { shopMoney { amount } } } } } }
  userErrors { field message } } }"""
DELETE = """mutation($id: ID!) { draftOrderDelete(input: {id: $id}) { deletedId userErrors { field message } } }"""


def amount(value: dict[str, Any]) -> str:
    found: str = value["shopMoney"]["amount"]
    return found


def money(value: str, currency: str = "CAD") -> dict[str, str]:
    return {"amount": value, "currencyCode": currency}


def custom(title: str, price: str, quantity: int = 1, **more: Any) -> dict[str, Any]:
    return {"title": title, "quantity": quantity, "originalUnitPriceWithCurrency": money(price), **more}


def made(shop: Shop, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    draft: dict[str, Any] = shop.do(CREATE, input={"lineItems": list(lines), **more})["draftOrder"]
    return draft


def test_a_draft_is_priced_by_its_lines_discounts_and_shipping(shop: Shop) -> None:
    variant = shop.variant("CUP", default=5)
    a_tenth = {"value": 10, "valueType": "PERCENTAGE", "title": "Friends"}

    draft = made(
        shop,
        {"variantId": variant.id, "quantity": 2, "title": "passed over"},
        custom("Engraving", "5.00", appliedDiscount={"value": 1, "valueType": "FIXED_AMOUNT"}),
        appliedDiscount=a_tenth,
        shippingLine={"title": "Courier", "priceWithCurrency": money("4.00")},
    )

    lines = draft["lineItems"]["nodes"]
    assert [(x["title"], x["sku"], x["custom"], amount(x["discountedTotalSet"])) for x in lines] == [
        ("Product CUP", "CUP", False, "20.0"),
        ("Engraving", None, True, "4.0"),
    ]
    assert (draft["name"], draft["status"], draft["totalQuantityOfLineItems"]) == ("#D1", "OPEN", 3)
    assert amount(draft["appliedDiscount"]["amountSet"]) == "2.4"
    assert (amount(draft["subtotalPriceSet"]), amount(draft["totalDiscountsSet"])) == ("21.6", "3.4")
    assert amount(draft["totalPriceSet"]) == "25.6"


def test_completing_makes_a_paid_order_whose_units_are_committed(shop: Shop, standin: RunningStandin) -> None:
    variant = shop.variant("CUP", default=5)
    draft = made(
        shop,
        {"variantId": variant.id, "quantity": 2, "appliedDiscount": {"value": 50, "valueType": "PERCENTAGE"}},
        email="ada@example.com",
        tags=["phone"],
        note="rang up",
        shippingAddress={"address1": "1 Mill Lane", "countryCode": "CA"},
        shippingLine={"title": "Courier", "price": "4.00"},
    )

    done = shop.do(COMPLETE, id=draft["id"])["draftOrder"]
    standin.advance(30)

    order = done["order"]
    assert (done["status"], order["displayFinancialStatus"], order["sourceName"]) == (
        "COMPLETED",
        "PAID",
        "shopify_draft_order",
    )
    assert order["transactions"] == [{"kind": "SALE", "status": "SUCCESS", "gateway": "manual"}]
    assert (amount(order["totalPriceSet"]), amount(order["totalDiscountsSet"])) == ("14.0", "10.0")
    assert (order["tags"], order["note"], order["email"]) == (["phone"], "rang up", "ada@example.com")
    assert (order["shippingAddress"], order["shippingLine"]) == ({"address1": "1 Mill Lane"}, {"title": "Courier"})
    assert shop.stock(variant) == {"available": 3, "committed": 2, "on_hand": 5}
    assert [part["status"] for part in shop.fulfillment_orders(order["id"])] == ["OPEN"]


def test_the_discount_of_a_whole_draft_falls_on_its_lines_to_the_cent(shop: Shop) -> None:
    discount = {"value": 1, "valueType": "FIXED_AMOUNT"}
    draft = made(shop, *(custom(f"Thing {n}", "1.00") for n in range(3)), appliedDiscount=discount)

    order = shop.do(COMPLETE, id=draft["id"])["draftOrder"]["order"]

    lines = order["lineItems"]["nodes"]
    assert amount(order["totalPriceSet"]) == "2.0"
    assert amount(order["totalDiscountsSet"]) == "1.0"
    assert len(lines) == 3


def test_payment_may_be_left_pending(shop: Shop) -> None:
    draft = made(shop, custom("Engraving", "5.00"))

    order = shop.do(COMPLETE, id=draft["id"], pending=True)["draftOrder"]["order"]

    assert (order["displayFinancialStatus"], order["paymentGatewayNames"]) == ("PENDING", ["manual"])
    assert order["transactions"] == [{"kind": "SALE", "status": "PENDING", "gateway": "manual"}]


def test_a_draft_becomes_one_order_and_can_no_longer_be_changed(shop: Shop) -> None:
    draft = made(shop, custom("Engraving", "5.00"))
    shop.do(COMPLETE, id=draft["id"])

    assert shop.errors(COMPLETE, id=draft["id"])[0]["message"] == "This order has been paid"
    assert shop.errors(UPDATE, id=draft["id"], input={"note": "late"})[0]["field"] == ["id"]
    assert shop.ask("{ ordersCount { count } }") == {"ordersCount": {"count": 1}}


def test_what_an_update_leaves_out_stays_and_lines_given_replace_all(shop: Shop) -> None:
    draft = made(shop, custom("Engraving", "5.00"), custom("Ribbon", "1.00"), note="rang up")

    changed = shop.do(UPDATE, id=draft["id"], input={"lineItems": [custom("Box", "3.00", 2)]})["draftOrder"]

    note = shop.ask("query($id: ID!) { draftOrder(id: $id) { note2 } }", id=draft["id"])
    assert [line["title"] for line in changed["lineItems"]["nodes"]] == ["Box"]
    assert (amount(changed["totalPriceSet"]), note) == ("6.0", {"draftOrder": {"note2": "rang up"}})


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"lineItems": []}, None),
        ({"lineItems": [custom("", "1.00")]}, ["input", "lineItems", "0", "title"]),
        ({"lineItems": [custom("Box", "1.00", 0)]}, ["input", "lineItems", "0", "quantity"]),
        (
            {"lineItems": [{"variantId": "gid://shopify/ProductVariant/9", "quantity": 1}]},
            ["input", "lineItems", "0", "variantId"],
        ),
        (
            {"lineItems": [{**custom("Box", "1.00"), "originalUnitPriceWithCurrency": money("1.00", "EUR")}]},
            ["input", "lineItems", "0", "originalUnitPriceWithCurrency"],
        ),
        (
            {"lineItems": [custom("Box", "1.00")], "customerId": "gid://shopify/Customer/9"},
            ["input", "customerId"],
        ),
    ],
)
def test_a_draft_that_could_be_no_order_is_refused(shop: Shop, given: dict[str, Any], field: list[str] | None) -> None:
    assert [error["field"] for error in shop.errors(CREATE, input=given)] == [field]
    assert shop.ask("{ draftOrdersCount { count } }") == {"draftOrdersCount": {"count": 0}}


def test_drafts_are_listed_and_narrowed(shop: Shop) -> None:
    made(shop, custom("Engraving", "5.00"), tags=["phone"])
    done = made(shop, custom("Ribbon", "1.00"))
    shop.do(COMPLETE, id=done["id"])
    query = "query($asked: String) { draftOrders(first: 5, query: $asked) { nodes { name } } }"

    names = {
        asked: [x["name"] for x in shop.ask(query, asked=asked)["draftOrders"]["nodes"]]
        for asked in ("", "status:open", "status:completed", "tag:phone")
    }

    assert names == {
        "": ["#D1", "#D2"],
        "status:open": ["#D1"],
        "status:completed": ["#D2"],
        "tag:phone": ["#D1"],
    }


def test_a_deleted_draft_is_gone_and_its_order_stays(shop: Shop) -> None:
    draft = made(shop, custom("Engraving", "5.00"))
    shop.do(COMPLETE, id=draft["id"])

    gone = shop.do(DELETE, id=draft["id"])

    assert gone["deletedId"] == draft["id"]
    assert shop.errors(DELETE, id=draft["id"])[0]["message"] == "Draft order does not exist"
    assert shop.ask("{ ordersCount { count } }") == {"ordersCount": {"count": 1}}


def test_the_life_of_a_draft_is_told(shop: Shop, receiver: Receiver) -> None:
    for topic in ("DRAFT_ORDERS_CREATE", "DRAFT_ORDERS_UPDATE", "DRAFT_ORDERS_DELETE"):
        subscribe(shop, receiver, topic)
    draft = made(shop, custom("Engraving", "5.00"))
    order = shop.do(COMPLETE, id=draft["id"])["draftOrder"]["order"]
    shop.do(DELETE, id=draft["id"])

    told = sorted((receiver.next() for _ in range(3)), key=lambda message: message[0]["X-Shopify-Topic"])

    (_, created), (_, deleted), (_, updated) = told
    assert (created["status"], created["total_price"], created["order_id"]) == ("open", "5.00", None)
    assert (updated["status"], f"gid://shopify/Order/{updated['order_id']}") == ("completed", order["id"])
    assert deleted == {"id": created["id"]}


def later(standin: RunningStandin, seconds: int) -> str:
    now = datetime.fromisoformat(standin.look("clock")["now"])
    return (now + timedelta(seconds=seconds)).isoformat()


def test_units_reserved_for_a_draft_are_committed_until_the_time_is_over(shop: Shop, standin: RunningStandin) -> None:
    variant = shop.variant("CUP", default=5)
    made(shop, {"variantId": variant.id, "quantity": 2}, reserveInventoryUntil=later(standin, 600))

    reserved = shop.stock(variant)
    standin.advance(601)

    assert reserved == {"available": 3, "committed": 2, "on_hand": 5}
    assert shop.stock(variant) == {"available": 5, "committed": 0, "on_hand": 5}


def test_completing_a_draft_with_reserved_units_commits_them_once(shop: Shop, standin: RunningStandin) -> None:
    variant = shop.variant("CUP", default=5)
    draft = made(shop, {"variantId": variant.id, "quantity": 2}, reserveInventoryUntil=later(standin, 600))

    shop.do(COMPLETE, id=draft["id"])
    standin.advance(601)

    assert shop.stock(variant) == {"available": 3, "committed": 2, "on_hand": 5}


def test_other_lines_or_no_draft_at_all_give_reserved_units_back(shop: Shop, standin: RunningStandin) -> None:
    variant = shop.variant("CUP", default=5)
    draft = made(shop, {"variantId": variant.id, "quantity": 2}, reserveInventoryUntil=later(standin, 600))

    shop.do(UPDATE, id=draft["id"], input={"lineItems": [{"variantId": variant.id, "quantity": 1}]})
    changed = shop.stock(variant)["committed"]
    shop.do(DELETE, id=draft["id"])

    assert (changed, shop.stock(variant)["committed"]) == (1, 0)
