"""`fulfillmentTrackingInfoUpdate` and `fulfillmentCancel` (messages recorded 2025-01 and 2026-04)."""

from shopify_standin.domain.fulfillment_orders.dividing import sibling
from shopify_standin.domain.fulfillment_orders.routing import add_line
from shopify_standin.domain.fulfillments.telling import fulfillment_changed
from shopify_standin.domain.fulfillments.tracking import tracking_from
from shopify_standin.domain.inventory.stock import unship
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.shipping import Fulfillment, FulfillmentOrder
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World


@mutation("fulfillmentTrackingInfoUpdate", "fulfillmentTrackingInfoUpdateV2")
def fulfillment_tracking_info_update(world: World, args: Args) -> JsonObject:
    """Replace the parcels' numbers; done on cancelled ones too (recorded 2026-04)."""
    shipment = world.fulfillments.get(number_of(args["fulfillmentId"], "Fulfillment"))
    if shipment is None:
        raise Refused(user_error(["fulfillmentId"], "Fulfillment does not exist."))
    shipment.tracking = tracking_from(args["trackingInfoInput"])
    shipment.notified = shipment.notified or bool(args.get("notifyCustomer"))
    fulfillment_changed(world, shipment)
    return {"fulfillment": shipment, "userErrors": []}


@mutation("fulfillmentCancel")
def fulfillment_cancel(world: World, args: Args) -> JsonObject:
    """Take a shipment back: its units can be shipped again. Repeating it is no error."""
    shipment = world.fulfillments.get(number_of(args["id"], "Fulfillment"))
    if shipment is None:
        raise Refused(user_error(["id"], "Fulfillment not found."))
    if shipment.status != "CANCELLED":
        shipment.status, shipment.display_status = "CANCELLED", "CANCELED"
        _give_back(world, shipment)
        fulfillment_changed(world, shipment)
    return {"fulfillment": shipment, "userErrors": []}


def _give_back(world: World, shipment: Fulfillment) -> None:
    """Units go back to their fulfillment order while it is open, else into a new one."""
    replacements: dict[int, FulfillmentOrder] = {}
    for line in shipment.lines:
        sold = world.lines[line.line_item_id]
        sold.fulfilled -= line.quantity
        if sold.claimed and sold.item_id is not None:
            unship(world, sold.item_id, shipment.location_id, line.quantity)
        from_line = world.fulfillment_order_lines[line.fulfillment_order_line_id]
        source = world.fulfillment_orders[from_line.fulfillment_order_id]
        if source.status in {"OPEN", "IN_PROGRESS"}:
            from_line.remaining += line.quantity
            source.status, source.updated_at = "IN_PROGRESS" if source.has_begun else "OPEN", world.now()
            continue
        if source.id not in replacements:
            replacements[source.id] = sibling(world, source)
        add_line(world, replacements[source.id], sold.id, line.quantity)
