"""`fulfillment_orders/*` and `fulfillment_holds/*`: global ids, lower-case states, little else; readers ask again."""

from typing import Any

from shopify_standin.clock import iso
from shopify_standin.errors import JsonObject
from shopify_standin.ids import gid, number_of
from shopify_standin.model.shipping import FulfillmentOrder, Hold, MerchantRequest


def brief(part: FulfillmentOrder, **more: Any) -> JsonObject:
    """Id and status, which every one of these messages has."""
    return {"id": part.gid, "status": part.status.lower(), **more}


def _asked(part: FulfillmentOrder) -> JsonObject:
    return brief(part, request_status=part.request_status.lower())


def _hold(hold: Hold) -> JsonObject:
    return {
        "id": hold.gid,
        "reason": hold.reason.lower(),
        "reason_notes": hold.reason_notes,
        "held_by_requesting_app": False,
        "handle": hold.handle,
        "held_by_app": {"id": hold.app_gid} if hold.app_gid else None,
    }


def hold_change(part: FulfillmentOrder, hold: Hold) -> JsonObject:
    """`fulfillment_holds/added` and `…/released`."""
    return {"fulfillment_order": {"id": part.gid}, "fulfillment_hold": _hold(hold)}


def placed_on_hold(part: FulfillmentOrder, remaining: FulfillmentOrder | None, hold: Hold) -> JsonObject:
    """`placed_on_hold`."""
    return {
        "fulfillment_order": brief(part, fulfillment_holds=[_hold(entry) for entry in part.holds]),
        "remaining_fulfillment_order": None if remaining is None else brief(remaining),
        "held_fulfillment_order_line_items": [{"id": line.gid, "quantity": line.remaining} for line in part.lines],
        "created_fulfillment_hold": _hold(hold),
    }


def moved(part: FulfillmentOrder, made: FulfillmentOrder, source: int, asked: list[JsonObject]) -> JsonObject:
    """`moved`; `source` is the number of the location that it was moved from."""
    target = gid("Location", made.assigned.location_id)
    return {
        "original_fulfillment_order": brief(part, assigned_location_id=gid("Location", part.assigned.location_id)),
        "moved_fulfillment_order": brief(made, assigned_location_id=target),
        "destination_location_id": target,
        "fulfillment_order_line_items_requested": asked,
        "source_location": {"id": gid("Location", source)},
    }


def split(part: FulfillmentOrder, made: FulfillmentOrder, asked: list[JsonObject]) -> JsonObject:
    """`split`."""
    return {
        "split_line_items": asked,
        "fulfillment_order": brief(part),
        "remaining_fulfillment_order": brief(made),
        "replacement_fulfillment_order": None,
    }


def merged(kept: FulfillmentOrder, intents: list[JsonObject]) -> JsonObject:
    """`merged`."""
    return {
        "merge_intents": [
            {
                "fulfillment_order_id": number_of(intent["fulfillmentOrderId"], "FulfillmentOrder"),
                "fulfillment_order_line_items": [
                    {"id": number_of(line["id"], "FulfillmentOrderLineItem"), "quantity": line["quantity"]}
                    for line in intent.get("fulfillmentOrderLineItems") or ()
                ],
            }
            for intent in intents
        ],
        "fulfillment_order_merges": {"fulfillment_order": brief(kept)},
    }


def cancelled(part: FulfillmentOrder, made: FulfillmentOrder) -> JsonObject:
    """`cancelled`."""
    return {"fulfillment_order": brief(part), "replacement_fulfillment_order": brief(made)}


def rescheduled(part: FulfillmentOrder) -> JsonObject:
    """`rescheduled`."""
    return {"fulfillment_order": brief(part, fulfill_at=iso(part.fulfill_at))}


def progress(part: FulfillmentOrder, notes: str | None, before: str) -> JsonObject:
    """`progress_reported`."""
    return {
        "fulfillment_order": brief(part),
        "progress_report": {
            "reason_notes": notes,
            "progress_reported_by_app": None,
            "progress_reported_by_user": None,
        },
        "initial_status": before.lower(),
    }


def progress_stopped(part: FulfillmentOrder) -> JsonObject:
    """`manually_reported_progress_stopped`."""
    return {"fulfillment_order": brief(part), "progress_stopped_by_app": None, "progress_stopped_by_user": None}


def request_submitted(part: FulfillmentOrder, request: MerchantRequest) -> JsonObject:
    """`fulfillment_request_submitted`."""
    return {
        "original_fulfillment_order": _asked(part),
        "submitted_fulfillment_order": _asked(part),
        "fulfillment_order_merchant_request": {"id": request.gid, "message": request.message},
    }


def cancellation_submitted(part: FulfillmentOrder, request: MerchantRequest) -> JsonObject:
    """`cancellation_request_submitted`."""
    return {
        "fulfillment_order": _asked(part),
        "fulfillment_order_merchant_request": {"id": request.gid, "message": request.message},
    }


def answered(part: FulfillmentOrder, message: str | None) -> JsonObject:
    """What a service answered to a request; once it gave the work back, no request is left to tell of."""
    given_back = part.request_status == "CANCELLATION_ACCEPTED"
    return {"fulfillment_order": brief(part) if given_back else _asked(part), "message": message}


def prepared(part: FulfillmentOrder) -> JsonObject:
    """`line_items_prepared_for_pickup`."""
    return {"fulfillment_order": brief(part, preparable=True, delivery_method={"method_type": "pickup"})}
