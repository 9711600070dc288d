"""`orders/edited`: what an edit changed, not the order itself."""

from datetime import datetime

from shopify_standin.clock import iso
from shopify_standin.errors import JsonObject
from shopify_standin.model.edits import Edit
from shopify_standin.model.sales import LineItem, Order


def order_edit_payload(
    edit: Edit, order: Order, changes: list[tuple[LineItem, int]], notified: bool, note: str | None, at: datetime
) -> JsonObject:
    """Units added and removed by line."""
    return {
        "order_edit": {
            "id": edit.id,
            "app_id": None,
            "committed_at": iso(at),
            "created_at": iso(at),
            "notify_customer": notified,
            "order_id": order.id,
            "staff_note": note or "",
            "user_id": None,
            "line_items": {
                "additions": [{"id": line.id, "delta": delta} for line, delta in changes if delta > 0],
                "removals": [{"id": line.id, "delta": -delta} for line, delta in changes if delta < 0],
            },
            "discounts": {"line_item": {"additions": [], "removals": []}},
            "shipping_lines": {
                "additions": [{"title": x.title} for x in edit.shipping if x.status == "ADDED"],
                "removals": [{"id": x.shipping_line_id} for x in edit.shipping if x.status == "REMOVED"],
            },
        }
    }
