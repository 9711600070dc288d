"""`returns/*` and what belongs to them; that of `returns/process` is assumed to be the whole return."""

from shopify_standin.errors import JsonObject
from shopify_standin.ids import gid
from shopify_standin.model.returning import Disposition, Return, ReturnLine, ReverseDelivery, ReverseLine, ReverseOrder
from shopify_standin.world import World


def return_payload(world: World, changed: Return) -> JsonObject:
    """A return with its lines."""
    order = world.orders[changed.order_id]
    return {
        "id": changed.id,
        "admin_graphql_api_id": changed.gid,
        "name": changed.name,
        "status": changed.status.lower(),
        "order": {"id": order.id, "admin_graphql_api_id": order.gid},
        "total_return_line_items": len(changed.lines),
        "return_line_items": [_line(world, line) for line in changed.lines],
        "return_shipping_fees": _fees(world, changed),
        "exchange_line_items": [
            {
                "id": line.id,
                "admin_graphql_api_id": line.gid,
                "line_item": _named("LineItem", line.line_item_ids[0]) if line.line_item_ids else None,
            }
            for line in changed.exchange_lines
        ],
        "total_exchange_line_items": len(changed.exchange_lines),
    }


def _line(world: World, line: ReturnLine) -> JsonObject:
    shipped = world.fulfillment_lines[line.fulfillment_line_id]
    return {
        "id": line.id,
        "admin_graphql_api_id": line.gid,
        "fulfillment_line_item": {
            "id": shipped.id,
            "admin_graphql_api_id": shipped.gid,
            "line_item": {"id": shipped.line_item_id, "admin_graphql_api_id": world.lines[shipped.line_item_id].gid},
        },
        "quantity": line.quantity,
        "return_reason": line.reason.lower(),
        "return_reason_note": line.reason_note,
        "customer_note": line.customer_note,
    }


def _fees(world: World, changed: Return) -> list[JsonObject]:
    if not changed.shipping_fee_id:
        return []
    currencies = world.orders[changed.order_id].currencies
    named = _named("ReturnShippingFee", changed.shipping_fee_id)
    return [{**named, "price": currencies.rest(changed.shipping_fee)}]


def decline_payload(_world: World, changed: Return) -> JsonObject:
    """`returns/decline`."""
    return {
        "id": changed.id,
        "admin_graphql_api_id": changed.gid,
        "status": changed.status.lower(),
        "order": _named("Order", changed.order_id),
        "decline": {"reason": (changed.decline_reason or "").lower(), "note": changed.decline_note},
    }


def return_brief(_world: World, changed: Return) -> JsonObject:
    """A return whose state alone changed."""
    return {
        "id": changed.id,
        "admin_graphql_api_id": changed.gid,
        "order_id": changed.order_id,
        "status": changed.status.lower(),
    }


def removal_payload(changed: Return, removed: list[tuple[str, int]]) -> JsonObject:
    """`returns/update`: units that were taken out, by the global ids of their lines."""
    removals = [{"admin_graphql_api_id": line, "delta": units} for line, units in removed]
    return {
        "admin_graphql_api_id": changed.gid,
        "return_line_items": {"removals": removals},
        "restocking_fees": {"updates": [], "removals": []},
        "return_shipping_fees": {"updates": [], "removals": []},
    }


def disposal_payload(way: ReverseOrder, made: list[tuple[ReverseLine, Disposition]]) -> JsonObject:
    """`reverse_fulfillment_orders/dispose`."""
    return {
        "id": way.id,
        "admin_graphql_api_id": way.gid,
        "dispositions": [
            {
                "reverse_fulfillment_order_line_item": _named("ReverseFulfillmentOrderLineItem", line.id),
                "reverse_delivery_line_item": None,
                "type": entry.type.lower(),
                "location": None if entry.location_id is None else _named("Location", entry.location_id),
                "quantity": entry.quantity,
            }
            for line, entry in made
        ],
        "total_dispositions": len(made),
    }


def delivery_payload(way: ReverseOrder, delivery: ReverseDelivery) -> JsonObject:
    """`reverse_deliveries/attach_deliverable`."""
    return {
        "id": delivery.id,
        "admin_graphql_api_id": delivery.gid,
        "return": _named("Return", way.return_id),
        "shipping_deliverable": {
            "tracking": {
                "carrier_name": None,
                "tracking_number": delivery.tracking_number,
                "tracking_url": delivery.tracking_url,
            },
            "label": {"public_file_url": delivery.label_url, "created_at": None},
        },
    }


def _named(type_name: str, number: int) -> JsonObject:
    return {"id": number, "admin_graphql_api_id": gid(type_name, number)}
