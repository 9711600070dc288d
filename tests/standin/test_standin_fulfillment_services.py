import base64
import hashlib
import hmac
from typing import Any

import pytest
from tests.standin.standin_asking import Shop
from tests.standin.standin_hooks import subscribe

from shopify_standin.receiving import Receiver
from shopify_standin.testing import RunningStandin

CREATE = """mutation($name: String!, $url: URL) { fulfillmentServiceCreate(name: $name, callbackUrl: $url,
  inventoryManagement: true, trackingSupport: true, requiresShippingMethod: true) {
  fulfillmentService { id handle location { id name } } userErrors { field message } } }"""
MOVE = """mutation($id: ID!, $to: ID!) { fulfillmentOrderMove(id: $id, newLocationId: $to) {
  movedFulfillmentOrder { id } userErrors { message } } }"""
SUBMIT = """mutation($id: ID!) { fulfillmentOrderSubmitFulfillmentRequest(id: $id) {
  submittedFulfillmentOrder { id } userErrors { message } } }"""
HOLD = """mutation($id: ID!, $hold: FulfillmentOrderHoldInput!) {
  fulfillmentOrderHold(id: $id, fulfillmentHold: $hold) { fulfillmentHold { id } userErrors { message } } }"""


def make(shop: Shop, name: str, url: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = shop.do(CREATE, name=name, url=url)["fulfillmentService"]
    return found


def at_service(shop: Shop, url: str | None = None) -> str:
    """A fulfillment order at a service."""
    near = shop.location()
    place = make(shop, "Zone 3PL", url)["location"]["id"]
    part = shop.fulfillment_orders(shop.order((shop.variant_at("MUG", {near: 5, place: 5}), 1)))[0]["id"]
    found: str = shop.do(MOVE, id=part, to=place)["movedFulfillmentOrder"]["id"]
    return found


def test_a_service_comes_with_a_location_of_its_name_and_takes_it_along(shop: Shop) -> None:
    made = make(shop, "Snow City Warehouse")
    delete = """mutation($id: ID!) { fulfillmentServiceDelete(id: $id, inventoryAction: DELETE) {
      deletedId userErrors { field message } } }"""

    deleted = shop.do(delete, id=made["id"])["deletedId"]

    gone = shop.ask("query($id: ID!) { location(id: $id) { id } }", id=made["location"]["id"])["location"]
    assert (made["handle"], made["location"]["name"]) == ("snow-city-warehouse", "Snow City Warehouse")
    assert made["id"] == f"{deleted}?id=true"
    assert gone is None


@pytest.mark.parametrize(
    ("name", "url", "errors"),
    [
        ("", None, [{"field": ["name"], "message": "Name can't be blank"}]),
        ("Zone", "https://example.com/x", [{"field": ["callbackUrl"], "message": "Callback url is not allowed"}]),
        ("Shop location", None, [{"field": ["name"], "message": "Name has already been taken"}]),
    ],
)
def test_what_a_service_may_not_be(shop: Shop, name: str, url: str | None, errors: list[dict[str, Any]]) -> None:
    assert shop.errors(CREATE, name=name, url=url) == errors


def test_a_service_is_told_of_requests_at_its_address_and_reads_them_itself(
    shop: Shop, standin: RunningStandin, receiver: Receiver
) -> None:
    part = at_service(shop, receiver.url)

    shop.do(SUBMIT, id=part)

    headers, body = receiver.arrived.get(timeout=10)
    signature = hmac.new(standin.secret.encode(), body, hashlib.sha256).digest()
    asked = """{ assignedFulfillmentOrders(first: 5, assignmentStatus: FULFILLMENT_REQUESTED) {
      nodes { id requestStatus } } }"""
    found = shop.ask(asked)["assignedFulfillmentOrders"]["nodes"]
    assert body == b'{"kind": "FULFILLMENT_REQUEST"}'
    assert headers["X-Shopify-Hmac-Sha256"] == base64.b64encode(signature).decode()
    assert found == [{"id": part, "requestStatus": "SUBMITTED"}]


def test_orders_are_not_routed_to_a_service_that_does_not_stock_the_goods(shop: Shop) -> None:
    near = shop.location()
    make(shop, "Zone 3PL")
    give = """mutation($order: OrderCreateOrderInput!) { orderCreate(order: $order) {
      order { id } userErrors { message } } }"""
    line = {"title": "Engraving", "quantity": 1, "priceSet": {"shopMoney": {"amount": "5", "currencyCode": "USD"}}}

    order = shop.do(give, order={"lineItems": [line]})["order"]["id"]

    assert shop.fulfillment_orders(order)[0]["assignedLocation"]["location"]["id"] == near


def test_an_app_without_a_service_has_nothing_assigned(shop: Shop) -> None:
    error = shop.refused("{ assignedFulfillmentOrders(first: 5) { nodes { id } } }")

    assert error["message"] == '["The api_client is not associated with any fulfillment service."]'


def test_only_the_first_hold_places_the_fulfillment_order_on_hold(shop: Shop, receiver: Receiver) -> None:
    for topic in ("FULFILLMENT_ORDERS_PLACED_ON_HOLD", "FULFILLMENT_HOLDS_ADDED"):
        subscribe(shop, receiver, topic)
    part = shop.fulfillment_orders(shop.order((shop.variant("MUG", default=5), 1)))[0]["id"]

    for handle in ("first", "second"):
        shop.do(HOLD, id=part, hold={"reason": "OTHER", "handle": handle})

    told = [receiver.next() for _ in range(3)]
    topics = sorted(headers["X-Shopify-Topic"] for headers, _ in told)
    placed = next(body for _, body in told if "created_fulfillment_hold" in body)
    assert topics == ["fulfillment_holds/added", "fulfillment_holds/added", "fulfillment_orders/placed_on_hold"]
    assert placed["fulfillment_order"]["status"] == "on_hold"
    assert placed["created_fulfillment_hold"]["handle"] == "first"


def test_a_move_is_told_with_both_locations(shop: Shop, receiver: Receiver) -> None:
    near, far = shop.location(), shop.another_location("Zone far")
    subscribe(shop, receiver, "FULFILLMENT_ORDERS_MOVED")
    part = shop.fulfillment_orders(shop.order((shop.variant_at("MUG", {near: 5, far: 5}), 1)))[0]["id"]

    shop.do(MOVE, id=part, to=far)

    _, told = receiver.next()
    assert told["source_location"] == {"id": near}
    assert told["destination_location_id"] == far
    assert told["moved_fulfillment_order"] == {"id": part, "status": "open", "assigned_location_id": far}
