"""Subscribing a receiver, as most tests of webhooks do first."""

from typing import Any

from tests.standin.standin_asking import Shop

from shopify_standin.receiving import Receiver

SUBSCRIBE = """mutation($topic: WebhookSubscriptionTopic!, $given: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $given) {
    webhookSubscription { id uri apiVersion { handle } } userErrors { field message } } }"""


def subscribe(shop: Shop, receiver: Receiver, topic: str, **more: Any) -> str:
    """Let a topic come to the receiver; hands back the subscription's id."""
    made = shop.do(SUBSCRIBE, topic=topic, given={"uri": receiver.url, **more})["webhookSubscription"]
    found: str = made["id"]
    return found
