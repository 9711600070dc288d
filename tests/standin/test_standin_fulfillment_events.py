from typing import Any

import pytest
from tests.standin.standin_asking import Shop

EVENT = """mutation($event: FulfillmentEventInput!) { fulfillmentEventCreate(fulfillmentEvent: $event) {
  fulfillmentEvent { status message } userErrors { field message } } }"""
READ = """query($id: ID!) { fulfillment(id: $id) { displayStatus inTransitAt deliveredAt estimatedDeliveryAt
  service { handle } originAddress { city countryCode } events(first: 9) { nodes { status } } } }"""


@pytest.fixture
def shipment(shop: Shop) -> str:
    order = shop.order((shop.variant("MUG", default=5), 1))
    made: str = shop.fulfill(
        shop.fulfillment_orders(order)[0]["id"], originAddress={"countryCode": "CA", "city": "Ottawa"}
    )["id"]
    return made


def test_a_shipment_shows_what_happened_last_whatever_was_told_last(shop: Shop, shipment: str) -> None:
    def tell(status: str, at: str, **more: Any) -> None:
        shop.do(EVENT, event={"fulfillmentId": shipment, "status": status, "happenedAt": at, **more})

    tell("DELIVERED", "2026-05-07T10:00:00Z")
    tell("IN_TRANSIT", "2026-05-05T10:00:00Z", estimatedDeliveryAt="2026-05-08T10:00:00Z")

    assert shop.ask(READ, id=shipment)["fulfillment"] == {
        "displayStatus": "DELIVERED",
        "inTransitAt": "2026-05-05T10:00:00Z",
        "deliveredAt": "2026-05-07T10:00:00Z",
        "estimatedDeliveryAt": "2026-05-08T10:00:00Z",
        "service": {"handle": "manual"},
        "originAddress": {"city": "Ottawa", "countryCode": "CA"},
        "events": {"nodes": [{"status": "IN_TRANSIT"}, {"status": "DELIVERED"}]},
    }


def test_a_cancelled_shipment_takes_events_and_stays_cancelled(shop: Shop, shipment: str) -> None:
    shop.do("mutation($id: ID!) { fulfillmentCancel(id: $id) { userErrors { message } } }", id=shipment)

    shop.do(EVENT, event={"fulfillmentId": shipment, "status": "DELIVERED"})

    assert shop.ask(READ, id=shipment)["fulfillment"]["displayStatus"] == "CANCELED"


def test_an_event_of_nothing_is_refused(shop: Shop) -> None:
    errors = shop.errors(EVENT, event={"fulfillmentId": "gid://shopify/Fulfillment/9", "status": "DELIVERED"})

    assert errors == [{"field": ["fulfillmentEvent", "fulfillmentId"], "message": "Fulfillment does not exist."}]
