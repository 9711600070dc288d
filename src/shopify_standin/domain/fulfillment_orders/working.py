"""
Work on fulfillment orders: begin, report, open again, put off, give up, hand over.

Messages recorded 2026-04 where a comment does not say otherwise.
"""

from datetime import datetime
from functools import partial

from shopify_standin.domain.fulfillment_orders.dividing import divide
from shopify_standin.domain.fulfillment_orders.finding import find_part, find_units
from shopify_standin.domain.fulfillment_orders.telling import part_changed
from shopify_standin.domain.fulfillment_services.serving import service_of
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.shipping import FulfillmentOrder
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads import fulfillment_orders as payloads
from shopify_standin.world import World


@mutation("fulfillmentOrderReportProgress")
def report_progress(world: World, args: Args) -> JsonObject:
    """Say that work has begun; may be said again."""
    part = find_part(world, args["id"], code="FULFILLMENT_ORDER_NOT_FOUND")
    if part.status not in {"OPEN", "IN_PROGRESS"}:
        message = "The fulfillment order is not in a state in which progress can be reported."  # assumed
        raise Refused(user_error(["id"], message, "FULFILLMENT_ORDER_STATUS_INVALID"))
    before, part.status, part.progress_reported = part.status, "IN_PROGRESS", True
    notes = (args.get("progressReport") or {}).get("reasonNotes")
    part_changed(world, part)
    emit(world, "FULFILLMENT_ORDERS_PROGRESS_REPORTED", partial(payloads.progress, part, notes, before))
    return {"fulfillmentOrder": part, "userErrors": []}


@mutation("fulfillmentOrderOpen")
def open_again(world: World, args: Args) -> JsonObject:
    """End the reported progress, or open what is scheduled for later."""
    part = find_part(world, args["id"])
    if part.status != "SCHEDULED" and not part.progress_reported:
        message = f"Expected fulfillment order status to be valid but it was {part.status.lower()}."
        raise Refused(user_error(None, message))
    stopped, part.progress_reported = part.progress_reported, False
    part.status = "IN_PROGRESS" if part.has_begun else "OPEN"
    part_changed(world, part)
    if stopped:
        emit(world, "FULFILLMENT_ORDERS_MANUALLY_REPORTED_PROGRESS_STOPPED", partial(payloads.progress_stopped, part))
    return {"fulfillmentOrder": part, "userErrors": []}


@mutation("fulfillmentOrderReschedule")
def reschedule(world: World, args: Args) -> JsonObject:
    """Put work on a scheduled fulfillment order to another time."""
    part = find_part(world, args["id"])
    if part.status != "SCHEDULED":
        raise Refused(user_error(None, "Fulfillment order must be scheduled."))
    part.fulfill_at = datetime.fromisoformat(args["fulfillAt"])
    world.agenda.add(part.fulfill_at, become_ready, part.id)
    part_changed(world, part)
    emit(world, "FULFILLMENT_ORDERS_RESCHEDULED", partial(payloads.rescheduled, part))
    return {"fulfillmentOrder": part, "userErrors": []}


def become_ready(world: World, number: int) -> None:
    """Open a scheduled fulfillment order whose time has come, unless it was put off again."""
    part = world.fulfillment_orders[number]
    if part.status == "SCHEDULED" and part.fulfill_at is not None and part.fulfill_at <= world.now():
        part.status = "OPEN"
        part_changed(world, part)
        emit(
            world,
            "FULFILLMENT_ORDERS_SCHEDULED_FULFILLMENT_ORDER_READY",
            lambda: {"fulfillment_order": payloads.brief(part)},
        )


@mutation("fulfillmentOrdersSetFulfillmentDeadline")
def set_deadline(world: World, args: Args) -> JsonObject:
    """Say until when fulfillment orders must leave, closed ones among them."""
    found = [world.fulfillment_orders.get(number_of(x, "FulfillmentOrder")) for x in args["fulfillmentOrderIds"]]
    parts = [part for part in found if part is not None]
    if len(parts) < len(found) or not parts:
        error = user_error(None, "Fulfillment orders could not be found.")
        return {"success": False, "userErrors": [error]}
    for part in parts:
        part.fulfill_by = datetime.fromisoformat(args["fulfillmentDeadline"])
    part_changed(world, *parts)
    return {"success": True, "userErrors": []}


@mutation("fulfillmentOrderCancel")
def cancel(world: World, args: Args) -> JsonObject:
    """Close a fulfillment order; what remains of it goes to a new one, whole lines with their ids."""
    part = find_part(world, args["id"])
    if part.progress_reported:
        message = "Cannot cancel fulfillment order that has had progress reported. Mark as unfulfilled first."
        code = "FULFILLMENT_ORDER_HAS_MANUALLY_REPORTED_PROGRESS"
        raise Refused(user_error(["id"], message, code))
    if not part.is_open or part.request_status in {"ACCEPTED", "CANCELLATION_REQUESTED", "CANCELLATION_REJECTED"}:
        message = "Fulfillment order is not in cancelable request state and can't be canceled."
        raise Refused(user_error(None, message))
    made = divide(world, part, find_units(part, None))
    for hold in part.holds:
        world.holds.remove(hold.id)
    part.holds, part.status = [], "CLOSED"
    part_changed(world, part, made)
    emit(world, "FULFILLMENT_ORDERS_CANCELLED", partial(payloads.cancelled, part, made))
    return {"fulfillmentOrder": part, "replacementFulfillmentOrder": made, "userErrors": []}


@mutation("fulfillmentOrderClose")
def close(world: World, args: Args) -> JsonObject:
    """A fulfillment service gives up what it had accepted."""
    part = find_part(world, args["id"])
    if service_of(world, part) is None:
        message = "The fulfillment order's assigned fulfillment service must be of api type"
        raise Refused(user_error(None, message))
    if part.status != "IN_PROGRESS":
        message = f"Expected fulfillment order status to be valid but it was {part.status.lower()}."  # assumed
        raise Refused(user_error(None, message))
    part.status, part.request_status = "INCOMPLETE", "CLOSED"
    part_changed(world, part)
    emit(
        world,
        "FULFILLMENT_ORDERS_FULFILLMENT_SERVICE_FAILED_TO_COMPLETE",
        lambda: {"fulfillment_order": payloads.brief(part), "message": args.get("message")},
    )
    return {"fulfillmentOrder": part, "userErrors": []}


@mutation("fulfillmentOrderLineItemsPreparedForPickup")
def prepared_for_pickup(world: World, args: Args) -> JsonObject:
    """The goods wait at the counter; only of fulfillment orders that customers collect."""
    rows = args["input"]["lineItemsByFulfillmentOrder"]
    at = ["input", "lineItemsByFulfillmentOrder"]
    parts: list[FulfillmentOrder] = []
    errors: list[JsonObject] = []
    for index, row in enumerate(rows):
        number = number_of(row["fulfillmentOrderId"], "FulfillmentOrder")
        part = world.fulfillment_orders.get(number)
        if part is None or part.method_type != "PICK_UP" or not part.is_open:
            message = f"Invalid fulfillment_order_id provided {number}"
            errors.append(user_error([*at, str(index), "fulfillmentOrderId"], message, "FULFILLMENT_ORDER_INVALID"))
        else:
            parts.append(part)
    if errors:
        raise Refused(*errors)
    for part in parts:
        part.is_prepared = True
        emit(world, "FULFILLMENT_ORDERS_LINE_ITEMS_PREPARED_FOR_PICKUP", partial(payloads.prepared, part))
    part_changed(world, *parts)
    return {"userErrors": []}
