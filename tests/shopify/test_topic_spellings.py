"""A topic is spelled one way in the Admin API and another way in deliveries."""

import pytest

from crossdock.shopify.generated.enums import WebhookSubscriptionTopic
from crossdock.shopify.topics import topic_enum, topic_name


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
def test_the_resource_and_the_event_are_told_apart(enum: str, topic: str) -> None:
    assert topic_name(enum) == topic
    assert topic_enum(topic) == enum


def test_no_topic_is_lost_between_its_spellings() -> None:
    lost = [topic.value for topic in WebhookSubscriptionTopic if topic_enum(topic_name(topic.value)) != topic.value]

    assert lost == []
