"""The webhooks that flows want, and that each of them is understood when it comes."""

import json

import pytest

from crossdock.app.topics import wanted_topics
from crossdock.inbox.topics import Subject, read
from crossdock.model.flow import Flow

PART = "gid://shopify/FulfillmentOrder/7"
EVENTS = [topic for topic in wanted_topics([Flow.ORDERS]) if topic.startswith("fulfillment_orders/")]


def test_everything_that_happens_to_fulfillment_orders_is_wanted() -> None:
    """Twenty kinds of events (Shopify docs, 2026-07)."""
    assert len(EVENTS) == 20


@pytest.mark.parametrize("topic", EVENTS)
def test_whatever_happens_to_a_fulfillment_order_leads_to_a_look(topic: str) -> None:
    reading = read(topic, json.dumps({"fulfillment_order": {"id": PART}}).encode())

    assert reading.subjects == (Subject(Flow.ORDERS, PART),)
