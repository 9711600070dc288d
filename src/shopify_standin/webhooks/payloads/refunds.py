"""`refunds/create`: the REST refund; also part of the order."""

from shopify_standin.clock import iso
from shopify_standin.errors import JsonObject
from shopify_standin.model.refunds import Refund, RefundLine
from shopify_standin.model.sales import Order
from shopify_standin.money import NOTHING
from shopify_standin.webhooks.payloads.lines import sold_payload
from shopify_standin.webhooks.payloads.transactions import transaction_payload
from shopify_standin.world import World


def refund_payload(world: World, order: Order, refund: Refund) -> JsonObject:
    """The whole refund."""
    return {
        "id": refund.id,
        "admin_graphql_api_id": refund.gid,
        "order_id": order.id,
        "created_at": iso(refund.created_at),
        "processed_at": iso(refund.processed_at),
        "note": refund.note,
        "user_id": None,
        "restock": any(line.restock_type in {"CANCEL", "RETURN"} for line in refund.lines),
        "duties": [],
        "total_duties_set": order.currencies.rest(NOTHING),
        "order_adjustments": [],
        "refund_shipping_lines": [],
        "refund_line_items": [_line(world, order, line) for line in refund.lines],
        "transactions": [transaction_payload(order, world.transactions[n]) for n in refund.transaction_ids],
        "return": None if refund.return_id is None else {"id": refund.return_id},
    }


def _line(world: World, order: Order, line: RefundLine) -> JsonObject:
    return {
        "id": line.id,
        "line_item_id": line.line_item_id,
        "location_id": line.location_id,
        "quantity": line.quantity,
        "restock_type": line.restock_type.lower(),
        "subtotal": float(line.subtotal.shop),
        "subtotal_set": order.currencies.rest(line.subtotal),
        "total_tax": float(line.tax.shop),
        "total_tax_set": order.currencies.rest(line.tax),
        "line_item": sold_payload(world, order, world.lines[line.line_item_id]),
    }
