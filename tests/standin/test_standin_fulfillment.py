from typing import Any

import pytest
from tests.standin.standin_asking import FULFILL, Shop

from shopify_standin.testing import RunningStandin


def test_one_location_that_has_everything_ships_everything(shop: Shop) -> None:
    far = shop.another_location("Far")
    mug, cup = shop.variant("MUG", default=1), shop.variant("CUP", default=0)
    lamp = shop.variant_at("LAMP", {shop.location(): 0, far: 9})
    bulb = shop.variant_at("BULB", {shop.location(): 5, far: 9})

    order = shop.order((lamp, 2), (bulb, 1))

    parts = shop.fulfillment_orders(order)
    assert [part["assignedLocation"]["location"]["id"] for part in parts] == [far]
    assert mug.sku != cup.sku


def test_an_order_is_split_where_no_location_has_all(shop: Shop) -> None:
    near, far = shop.location(), shop.another_location("Far")
    mug = shop.variant_at("MUG", {near: 5, far: 0})
    lamp = shop.variant_at("LAMP", {near: 0, far: 5})

    order = shop.order((mug, 2), (lamp, 3))

    shares = {
        part["assignedLocation"]["location"]["id"]: [(x["sku"], x["totalQuantity"]) for x in part["lineItems"]["nodes"]]
        for part in shop.fulfillment_orders(order)
    }
    assert shares == {near: [("MUG", 2)], far: [("LAMP", 3)]}


def test_fulfillment_orders_may_be_told_to_come_later(shop: Shop, standin: RunningStandin) -> None:
    standin.control("settings", fulfillment_order_delay=3600)
    order = shop.order((shop.variant("MUG", default=5), 1))

    before = shop.fulfillment_orders(order)
    standin.advance(3601)

    assert before == []
    assert len(shop.fulfillment_orders(order)) == 1


def test_a_partial_shipment_leaves_the_rest_and_the_order_partly_fulfilled(shop: Shop) -> None:
    order = shop.order((shop.variant("MUG", default=5), 3))
    part = shop.fulfillment_orders(order)[0]
    lines = [{"id": part["lineItems"]["nodes"][0]["id"], "quantity": 2}]
    tracking = {"company": "UPS", "numbers": ["1Z1", "1Z2"]}

    made = shop.do(
        FULFILL,
        fulfillment={
            "lineItemsByFulfillmentOrder": [{"fulfillmentOrderId": part["id"], "fulfillmentOrderLineItems": lines}],
            "trackingInfo": tracking,
        },
    )["fulfillment"]

    left = shop.fulfillment_orders(order)[0]
    state = shop.ask("query($id: ID!) { order(id: $id) { displayFulfillmentStatus } }", id=order)["order"]
    assert made["name"] == "#1001-F1"
    assert [(t["company"], t["number"]) for t in made["trackingInfo"]] == [("UPS", "1Z1"), ("UPS", "1Z2")]
    assert made["trackingInfo"][0]["url"].endswith("1Z1")
    assert (left["status"], left["lineItems"]["nodes"][0]["remainingQuantity"]) == ("IN_PROGRESS", 1)
    assert state == {"displayFulfillmentStatus": "PARTIALLY_FULFILLED"}


def test_shipping_all_closes_the_fulfillment_order_and_fulfills_the_order(shop: Shop) -> None:
    order = shop.order((shop.variant("MUG", default=5), 3))

    shop.fulfill(shop.fulfillment_orders(order)[0]["id"])

    part = shop.fulfillment_orders(order)[0]
    state = shop.ask("query($id: ID!) { order(id: $id) { displayFulfillmentStatus } }", id=order)["order"]
    assert (part["status"], part["supportedActions"]) == ("CLOSED", [])
    assert state == {"displayFulfillmentStatus": "FULFILLED"}


def test_repeating_a_shipment_is_refused_only_because_nothing_remains(shop: Shop) -> None:
    part = shop.fulfillment_orders(shop.order((shop.variant("MUG", default=5), 3)))[0]["id"]
    given = {"lineItemsByFulfillmentOrder": [{"fulfillmentOrderId": part}]}
    shop.do(FULFILL, fulfillment=given)

    errors = shop.errors(FULFILL, fulfillment=given)

    number = part.rsplit("/", 1)[1]
    message = f"Fulfillment order {number} has an unfulfillable status= closed."
    assert errors == [{"field": ["fulfillment"], "message": message}]


@pytest.mark.parametrize(
    ("quantity", "message"),
    [(9, "Invalid fulfillment order line item quantity requested."), (0, "Quantity must be greater than 0")],
)
def test_wrong_quantities_are_refused(shop: Shop, quantity: int, message: str) -> None:
    part = shop.fulfillment_orders(shop.order((shop.variant("MUG", default=5), 3)))[0]
    lines = [{"id": part["lineItems"]["nodes"][0]["id"], "quantity": quantity}]
    rows = [{"fulfillmentOrderId": part["id"], "fulfillmentOrderLineItems": lines}]

    errors = shop.errors(FULFILL, fulfillment={"lineItemsByFulfillmentOrder": rows})

    assert errors[0]["message"] == message


def test_one_shipment_cannot_mix_orders_or_locations(shop: Shop) -> None:
    near, far = shop.location(), shop.another_location("Far")
    mug, lamp = shop.variant_at("MUG", {near: 50}), shop.variant_at("LAMP", {far: 50})
    one, other = shop.order((mug, 1)), shop.order((mug, 1))
    split = shop.order((mug, 1), (lamp, 1))

    def refusal(*orders: str) -> str:
        parts = [part["id"] for order in orders for part in shop.fulfillment_orders(order)]
        rows: list[dict[str, Any]] = [{"fulfillmentOrderId": part} for part in parts]
        return str(shop.errors(FULFILL, fulfillment={"lineItemsByFulfillmentOrder": rows})[0]["message"])

    assert refusal(one, other).startswith("All fulfillment orders must belong to the same order.")
    assert refusal(split).startswith("All fulfillment orders must be assigned to a single location.")


def test_cancelling_a_shipment_makes_its_units_shippable_again(shop: Shop) -> None:
    mug = shop.variant("MUG", default=5)
    order = shop.order((mug, 3))
    shipment = shop.fulfill(shop.fulfillment_orders(order)[0]["id"])["id"]

    cancel = """mutation($id: ID!) { fulfillmentCancel(id: $id) {
      fulfillment { status displayStatus } userErrors { message } } }"""
    made = shop.do(cancel, id=shipment)["fulfillment"]

    assert made == {"status": "CANCELLED", "displayStatus": "CANCELED"}
    assert shop.stock(mug) == {"available": 2, "committed": 3, "on_hand": 5}
    assert [part["status"] for part in shop.fulfillment_orders(order)] == ["CLOSED", "OPEN"]


def test_a_paid_order_with_a_shipment_cannot_be_cancelled(shop: Shop) -> None:
    order = shop.order((shop.variant("MUG", default=5), 1), financialStatus="PAID")
    shop.fulfill(shop.fulfillment_orders(order)[0]["id"])

    cancel = """mutation($id: ID!) { orderCancel(orderId: $id, reason: OTHER, restock: true) {
      job { id } userErrors { message } } }"""

    assert shop.errors(cancel, id=order) == [{"message": "Cannot cancel an order that has outstanding fulfillments"}]
