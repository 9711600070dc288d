"""Topics of webhooks: the strings in headers, and what a token needs to hear of them (Shopify docs, 2026-07)."""

from shopify_standin.auth.apps import Grant
from shopify_standin.house.access import table


def topic_string(topic: str) -> str:
    """`ORDERS_PARTIALLY_FULFILLED` → `orders/partially_fulfilled`."""
    return table().topics[topic][0]


def may_hear(grant: Grant, topic: str) -> bool:
    """Whether a token has one of the scopes that a topic asks for; some ask for none."""
    _, needed = table().topics[topic]
    return not needed or grant.may(*needed)


def topics_for(grant: Grant) -> list[str]:
    """The strings of all topics that a token may hear of."""
    return sorted(text for topic, (text, _) in table().topics.items() if may_hear(grant, topic))
