import base64
import hashlib
import hmac
import json
import threading
from typing import Any

import pytest
from tests.standin.standin_asking import Shop
from tests.standin.standin_hooks import SUBSCRIBE, subscribe

from shopify_standin.receiving import Receiver
from shopify_standin.testing import RunningStandin


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

    for attempt in range(1, 9):
        wait_for_fate(standin, "retrying", attempt)
        standin.advance(5000)
    wait_for_fate(standin, "given up", 9)

    assert shop.ask("{ webhookSubscriptions(first: 5) { nodes { id } } }")["webhookSubscriptions"]["nodes"] == []


def wait_for_fate(standin: RunningStandin, fate: str, attempt: int = 1) -> None:
    """The receiver has the delivery before the stand-in has its answer; ask until it has, to that attempt."""
    pause = threading.Event()
    for _ in range(500):
        found = standin.webhooks()
        if found and (found[-1]["fate"], found[-1]["attempts"]) == (fate, attempt):
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


def signed_by(headers: dict[str, str], body: bytes, secret: str) -> bool:
    expected = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    return headers["X-Shopify-Hmac-Sha256"] == expected


def test_the_oldest_secret_signs_until_it_is_revoked(shop: Shop, standin: RunningStandin, receiver: Receiver) -> None:
    mug = shop.variant("MUG", default=5)
    subscribe(shop, receiver, "ORDERS_CREATE")

    standin.control("secrets", add="younger")
    shop.order((mug, 1))
    assert signed_by(*receiver.arrived.get(timeout=10), standin.secret)

    standin.control("secrets", revoke_oldest=True)
    shop.order((mug, 1))
    assert signed_by(*receiver.arrived.get(timeout=10), "younger")


def test_an_app_hears_that_it_is_out_and_has_no_subscription_left(
    shop: Shop, standin: RunningStandin, receiver: Receiver
) -> None:
    subscribe(shop, receiver, "APP_UNINSTALLED")
    subscribe(shop, receiver, "ORDERS_CREATE")

    standin.control("uninstall")

    headers, body = receiver.next()
    assert headers["X-Shopify-Topic"] == "app/uninstalled"
    assert body["myshopify_domain"] == standin.shop_domain
    standin.control("tokens", token=standin.token)
    assert shop.ask("{ webhookSubscriptionsCount { count } }")["webhookSubscriptionsCount"]["count"] == 0


def test_an_app_sees_and_ends_only_its_own_subscriptions(
    shop: Shop, standin: RunningStandin, receiver: Receiver
) -> None:
    own = subscribe(shop, receiver, "ORDERS_CREATE")
    standin.control("apps", client_id="another", secret="s")
    standin.control("tokens", client_id="another", token="another-token")

    answer = standin.client.post(
        "/admin/api/2026-07/graphql.json",
        json={"query": f'mutation {{ webhookSubscriptionDelete(id: "{own}") {{ userErrors {{ message }} }} }}'},
        headers={"X-Shopify-Access-Token": "another-token"},
    )
    errors = answer.json()["data"]["webhookSubscriptionDelete"]["userErrors"]
    assert errors == [{"message": "Webhook subscription does not exist"}]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"uri": ""}, "Address can't be blank"),
        ({"uri": "http://example.com/hooks"}, "Address protocol http:// is not supported"),
        ({"uri": "https://a.myshopify.com/hooks"}, "Address cannot be a Shopify or an internal domain"),
        ({"uri": "pubsub://no-topic"}, "Address is not a valid GCP pub/sub address"),
        ({"uri": "https://example.com/hooks", "filter": "paid"}, "The specified filter is invalid"),
    ],
)
def test_what_cannot_be_subscribed_is_refused(shop: Shop, given: dict[str, Any], message: str) -> None:
    error = shop.errors(SUBSCRIBE, topic="ORDERS_CREATE", given=given)[0]

    assert error["message"].startswith(message)


def test_the_pub_sub_twin_makes_an_ordinary_subscription(shop: Shop) -> None:
    shop.do(
        """mutation { pubSubWebhookSubscriptionCreate(
          topic: ORDERS_CREATE, webhookSubscription: {pubSubProject: "shop", pubSubTopic: "orders"}) {
            webhookSubscription { id } userErrors { message } } }"""
    )

    query = """{ webhookSubscriptions(first: 5) { nodes { uri endpoint {
      ... on WebhookPubSubEndpoint { pubSubProject pubSubTopic } } } } }"""
    assert shop.ask(query)["webhookSubscriptions"]["nodes"] == [
        {"uri": "pubsub://shop:orders", "endpoint": {"pubSubProject": "shop", "pubSubTopic": "orders"}}
    ]


def test_metafields_asked_for_come_beside_the_payload(shop: Shop, receiver: Receiver) -> None:
    subscribe(shop, receiver, "PRODUCTS_CREATE", metafieldNamespaces=["custom"])

    field = {"namespace": "custom", "key": "care", "type": "single_line_text_field", "value": "cold"}
    shop.do(
        """mutation($product: ProductCreateInput!) { productCreate(product: $product) {
          product { id } userErrors { message } } }""",
        product={"title": "Scarf", "metafields": [field]},
    )

    told = receiver.next()[1]["metafields"]
    assert [(row["key"], row["value"]) for row in told] == [("care", "cold")]


def test_a_subscription_is_narrowed_and_sent_elsewhere(shop: Shop, receiver: Receiver) -> None:
    number = subscribe(shop, receiver, "PRODUCTS_CREATE")
    update = """mutation($id: ID!, $given: WebhookSubscriptionInput!) {
      webhookSubscriptionUpdate(id: $id, webhookSubscription: $given) {
        webhookSubscription { filter includeFields } userErrors { message } } }"""
    create = (
        """mutation($product: ProductCreateInput!) { productCreate(product: $product) { userErrors { message } } }"""
    )
    wanted = "(vendor:kite OR vendor:atelier) AND NOT status:draft"
    given = {"filter": wanted, "includeFields": ["title", "variants.price"]}
    shop.do(update, id=number, given=given)

    for title, vendor, status in (("a", "kite", "DRAFT"), ("b", "other", "ACTIVE"), ("c", "atelier", "ACTIVE")):
        shop.do(create, product={"title": title, "vendor": vendor, "status": status})

    assert receiver.next()[1] == {"title": "c", "variants": [{"price": "0.00"}]}


def test_an_address_is_taken_once_a_topic_and_filter(shop: Shop, receiver: Receiver) -> None:
    subscribe(shop, receiver, "ORDERS_CREATE")

    again = shop.errors(SUBSCRIBE, topic="ORDERS_CREATE", given={"uri": receiver.url})[0]
    assert again["message"] == "Address for this topic has already been taken"
    filtered = {"uri": receiver.url, "filter": "total_price:>=10.00"}
    assert shop.errors(SUBSCRIBE, topic="ORDERS_CREATE", given=filtered) == []
