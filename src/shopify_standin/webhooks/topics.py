"""Topic enum values and the strings that headers carry (Shopify docs, 2026-07)."""

_RESOURCES_WITH_DOTS = {
    "CUSTOMER_TAGS_ADDED": "customer.tags_added",
    "CUSTOMER_TAGS_REMOVED": "customer.tags_removed",
    "CUSTOMER_JOINED_SEGMENT": "customer.joined_segment",
    "CUSTOMER_LEFT_SEGMENT": "customer.left_segment",
}
_LONG_ACTIONS = ("PARTIALLY_FULFILLED", "IN_STOCK", "OUT_OF_STOCK", "SCOPES_UPDATE", "ATTACH_DELIVERABLE")
"""Actions of two words on ordinary resources."""

_RESOURCES = (
    "FULFILLMENT_ORDERS",
    "FULFILLMENT_HOLDS",
    "FULFILLMENT_EVENTS",
    "INVENTORY_TRANSFERS",
    "INVENTORY_SHIPMENTS",
    "REVERSE_FULFILLMENT_ORDERS",
    "REVERSE_DELIVERIES",
)
"""Resources of several words whose actions may have several words too."""


def topic_string(topic: str) -> str:
    """`ORDERS_PARTIALLY_FULFILLED` → `orders/partially_fulfilled`."""
    if topic in _RESOURCES_WITH_DOTS:
        return _RESOURCES_WITH_DOTS[topic]
    for resource in _RESOURCES:
        if topic.startswith(resource + "_"):
            return f"{resource}/{topic[len(resource) + 1 :]}".lower()
    for action in _LONG_ACTIONS:
        if topic.endswith("_" + action):
            return f"{topic[: -len(action) - 1]}/{action}".lower()
    resource, _, action = topic.rpartition("_")
    return f"{resource}/{action}".lower()
