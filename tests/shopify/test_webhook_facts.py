"""A delivery is believed by its signature over the raw body, and its topic has two spellings."""

import base64
import hashlib
import hmac

import pytest

from crossdock.shopify.generated.enums import WebhookSubscriptionTopic
from crossdock.shopify.webhooks import signed_by_any, topic_enum, topic_name

BODY = '{"id": 1, "note": "grüße"}'.encode("latin-1")


def signature(body: bytes, secret: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


@pytest.mark.parametrize("secret", ["oldest", "newest"])
def test_any_of_the_secrets_may_have_signed(secret: str) -> None:
    """Shopify signs with the oldest one that is not revoked (Shopify docs, 2026)."""
    assert signed_by_any(BODY, signature(BODY, secret), ["newest", "oldest"])


def test_the_raw_bytes_are_signed_whatever_they_mean() -> None:
    assert not signed_by_any(BODY.replace(b" ", b""), signature(BODY, "secret"), ["secret"])


@pytest.mark.parametrize("header", [None, "", "not base64 ü", signature(BODY, "another")])
def test_no_or_another_signature_is_not_believed(header: str | None) -> None:
    assert not signed_by_any(BODY, header, ["secret", "older"])


def test_without_secrets_nothing_is_believed() -> None:
    assert not signed_by_any(BODY, signature(BODY, ""), [])


@pytest.mark.parametrize(
    ("enum", "topic"),
    [
        ("ORDERS_CREATE", "orders/create"),
        ("ORDERS_PARTIALLY_FULFILLED", "orders/partially_fulfilled"),
        ("ORDER_TRANSACTIONS_CREATE", "order_transactions/create"),
        ("FULFILLMENT_ORDERS_ORDER_ROUTING_COMPLETE", "fulfillment_orders/order_routing_complete"),
        ("INVENTORY_LEVELS_UPDATE", "inventory_levels/update"),
        ("CUSTOMERS_MARKETING_CONSENT_UPDATE", "customers_marketing_consent/update"),
        ("CUSTOMER_TAGS_ADDED", "customer.tags_added"),
        ("APP_UNINSTALLED", "app/uninstalled"),
    ],
)
def test_a_topic_is_spelled_one_way_in_the_api_and_another_in_deliveries(enum: str, topic: str) -> None:
    assert topic_name(enum) == topic
    assert topic_enum(topic) == enum


def test_no_topic_is_lost_between_its_spellings() -> None:
    lost = [topic.value for topic in WebhookSubscriptionTopic if topic_enum(topic_name(topic.value)) != topic.value]

    assert lost == []
