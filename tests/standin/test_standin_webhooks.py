import base64
import hashlib
import hmac
import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from tests.standin.standin_asking import Shop

from shopify_standin.testing import RunningStandin

SUBSCRIBE = """mutation($topic: WebhookSubscriptionTopic!, $given: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $given) {
    webhookSubscription { id uri apiVersion { handle } } userErrors { field message } } }"""


@dataclass
class Receiver:
    url: str
    arrived: "queue.Queue[tuple[dict[str, str], bytes]]" = field(default_factory=queue.Queue)
    status: int = 200

    def next(self) -> tuple[dict[str, str], dict[str, Any]]:
        headers, body = self.arrived.get(timeout=10)
        return headers, json.loads(body)


@contextmanager
def receiving() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(found.status)
            self.send_header("Content-Length", "0")
            self.end_headers()
            found.arrived.put((dict(self.headers.items()), body))

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Receiver(f"http://127.0.0.1:{server.server_port}/hooks")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def subscribe(shop: Shop, receiver: Receiver, topic: str, **more: Any) -> str:
    made = shop.do(SUBSCRIBE, topic=topic, given={"uri": receiver.url, **more})["webhookSubscription"]
    found: str = made["id"]
    return found


def test_an_order_is_told_signed_and_with_all_headers(shop: Shop, standin: RunningStandin, receiver: Receiver) -> None:
    mug = shop.variant("MUG", default=5)
    subscribe(shop, receiver, "ORDERS_CREATE", name="hub")

    order = shop.order((mug, 2), email="a@example.com")

    headers, body = receiver.arrived.get(timeout=10)
    expected = base64.b64encode(hmac.new(standin.secret.encode(), body, hashlib.sha256).digest()).decode()
    assert headers["X-Shopify-Hmac-Sha256"] == expected
    assert headers["X-Shopify-Topic"] == "orders/create"
    assert headers["X-Shopify-Shop-Domain"] == standin.shop_domain
    assert headers["X-Shopify-API-Version"] == "2026-07"
    assert headers["X-Shopify-Name"] == "hub"
    assert {"X-Shopify-Webhook-Id", "X-Shopify-Event-Id", "X-Shopify-Triggered-At"} <= headers.keys()
    payload = json.loads(body)
    assert payload["admin_graphql_api_id"] == order
    assert payload["line_items"][0]["sku"] == "MUG"
    assert payload["line_items"][0]["quantity"] == 2


@pytest.mark.parametrize(
    ("topic", "header"),
    [
        ("FULFILLMENT_ORDERS_ORDER_ROUTING_COMPLETE", "fulfillment_orders/order_routing_complete"),
        ("INVENTORY_LEVELS_UPDATE", "inventory_levels/update"),
        ("FULFILLMENTS_CREATE", "fulfillments/create"),
        ("ORDERS_FULFILLED", "orders/fulfilled"),
        ("ORDERS_UPDATED", "orders/updated"),
    ],
)
def test_each_step_of_an_order_is_told_under_its_topic(shop: Shop, receiver: Receiver, topic: str, header: str) -> None:
    mug = shop.variant("MUG", default=5)
    subscribe(shop, receiver, topic)

    shop.fulfill(shop.fulfillment_orders(shop.order((mug, 2)))[0]["id"])

    headers, _ = receiver.next()
    assert headers["X-Shopify-Topic"] == header


def test_a_filter_and_a_choice_of_fields_are_kept_to(shop: Shop, receiver: Receiver) -> None:
    mug = shop.variant("MUG", default=50)
    subscribe(shop, receiver, "ORDERS_CREATE", filter="total_price:>=30.00", includeFields=["name", "line_items.sku"])

    shop.order((mug, 1))
    shop.order((mug, 4))

    _, payload = receiver.next()
    assert payload == {"name": "#1002", "line_items": [{"sku": "MUG"}]}
    assert receiver.arrived.empty()


def test_an_address_is_checked_before_it_is_kept(shop: Shop, receiver: Receiver) -> None:
    subscribe(shop, receiver, "ORDERS_CREATE")

    def refusal(uri: str) -> str:
        errors = shop.errors(SUBSCRIBE, topic="ORDERS_CREATE", given={"uri": uri})
        assert errors[0]["field"] == ["webhookSubscription", "callbackUrl"]
        return str(errors[0]["message"])

    assert refusal(receiver.url) == "Address for this topic has already been taken"
    assert refusal("http://example.com/hooks") == "Address protocol http:// is not supported"
    assert refusal("https://standin.myshopify.com/x") == "Address cannot be a Shopify or an internal domain"
    assert refusal(" ") == "Address can't be blank"


def test_a_refused_delivery_is_tried_again_on_the_shops_clock(
    shop: Shop, standin: RunningStandin, receiver: Receiver
) -> None:
    mug = shop.variant("MUG", default=5)
    subscribe(shop, receiver, "ORDERS_CREATE")
    receiver.status = 500
    shop.order((mug, 1))
    first, _ = receiver.next()

    receiver.status = 200
    wait_for_fate(standin, "retrying")
    standin.advance(60)
    second, _ = receiver.next()

    assert first["X-Shopify-Webhook-Id"] == second["X-Shopify-Webhook-Id"]


def test_after_eight_retries_the_subscription_is_gone(shop: Shop, standin: RunningStandin, receiver: Receiver) -> None:
    mug = shop.variant("MUG", default=5)
    subscribe(shop, receiver, "ORDERS_CREATE")
    receiver.status = 503
    shop.order((mug, 1))

    for _ in range(8):
        receiver.next()
        wait_for_fate(standin, "retrying")
        standin.advance(5000)
    receiver.next()
    wait_for_fate(standin, "given up")

    assert shop.ask("{ webhookSubscriptions(first: 5) { nodes { id } } }")["webhookSubscriptions"]["nodes"] == []


def wait_for_fate(standin: RunningStandin, fate: str) -> None:
    """The receiver has the delivery before the stand-in has its answer; ask until it has."""
    pause = threading.Event()
    for _ in range(500):
        found = standin.webhooks()
        if found and found[-1]["fate"] == fate:
            return
        pause.wait(0.01)
    pytest.fail(f"no delivery became {fate!r}")


def test_webhooks_can_be_lost_or_repeated(shop: Shop, standin: RunningStandin, receiver: Receiver) -> None:
    mug = shop.variant("MUG", default=50)
    subscribe(shop, receiver, "ORDERS_CREATE")

    standin.faults(webhooks=[{"topic": "orders/*", "drop": 1.0, "times": 1}, {"topic": "orders/*", "repeat": 2}])
    shop.order((mug, 1))
    shop.order((mug, 1))

    names = [receiver.next()[1]["name"] for _ in range(3)]
    assert names == ["#1002"] * 3
    assert standin.webhooks()[0]["fate"] == "dropped"
