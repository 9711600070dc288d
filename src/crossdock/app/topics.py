"""Which webhooks a flow wants: the fewest topics that tell of everything it looks at."""

from collections.abc import Iterable

from crossdock.model.flow import Flow

# `orders/updated` also tells of payment, cancellation, refunds and fulfillment. The fulfillment order topics do not
# move the order's `updated_at` reliably, so they are wanted too (Shopify docs, 2026-07).
TOPICS: dict[Flow, tuple[str, ...]] = {
    Flow.ORDERS: (
        "orders/create",
        "orders/updated",
        "orders/edited",
        "orders/risk_assessment_changed",
        "fulfillment_orders/order_routing_complete",
        "fulfillment_orders/scheduled_fulfillment_order_ready",
        "fulfillment_orders/placed_on_hold",
        "fulfillment_orders/hold_released",
        "fulfillment_orders/moved",
        "fulfillment_orders/split",
        "fulfillment_orders/merged",
        "fulfillment_orders/rescheduled",
        "fulfillment_orders/cancelled",
        "fulfillment_orders/fulfillment_request_submitted",
        "fulfillment_orders/fulfillment_request_accepted",
        "fulfillment_orders/fulfillment_request_rejected",
        "fulfillment_orders/cancellation_request_submitted",
        "fulfillment_orders/cancellation_request_accepted",
        "fulfillment_orders/cancellation_request_rejected",
        "fulfillment_orders/fulfillment_service_failed_to_complete",
        "fulfillment_orders/progress_reported",
        "fulfillment_orders/manually_reported_progress_stopped",
        "fulfillment_orders/line_items_prepared_for_pickup",
        "fulfillment_orders/line_items_prepared_for_local_delivery",
    ),
    Flow.FULFILLMENTS: ("fulfillments/create", "fulfillments/update"),
    # A change of its lines and a parcel name the return alone, dispositions not even that.
    Flow.RETURNS: (
        "returns/request",
        "returns/approve",
        "returns/decline",
        "returns/cancel",
        "returns/close",
        "returns/reopen",
        "returns/update",
        "returns/process",
        "reverse_deliveries/attach_deliverable",
        "reverse_fulfillment_orders/dispose",
    ),
    Flow.MONEY: ("refunds/create", "order_transactions/create"),
    Flow.INVENTORY: ("inventory_levels/update", "inventory_levels/connect"),
    Flow.CATALOG: ("products/create", "products/update"),
}


ALWAYS = ("app/uninstalled",)
"""What the hub itself wants of every store. The privacy topics are set in the app's own configuration."""


def wanted_topics(flows: Iterable[Flow]) -> tuple[str, ...]:
    """Return the topics that these flows want, each once, and those that the hub itself wants."""
    return (*dict.fromkeys(topic for flow in sorted(set(flows)) for topic in TOPICS[flow]), *ALWAYS)
