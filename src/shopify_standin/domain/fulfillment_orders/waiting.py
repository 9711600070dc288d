"""Reading what a fulfillment order waits for: holds, and requests to its service."""

from shopify_standin.auth.apps import App
from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection
from shopify_standin.errors import JsonObject
from shopify_standin.model.shipping import FulfillmentOrder, Hold, MerchantRequest
from shopify_standin.registry import Args, Fields, node

node("FulfillmentHold", lambda world, number: world.holds.get(number))
node("FulfillmentOrderMerchantRequest", lambda world, number: world.merchant_requests.get(number))

HOLD = Fields("FulfillmentHold")
HOLD.attributes("reason", "reasonNotes", "handle", id="gid")
HOLD.constant(heldBy=None)
REQUEST = Fields("FulfillmentOrderMerchantRequest")
REQUEST.attributes("kind", "message", id="gid", requestOptions="options")
REQUEST.constant(responseData=None)
FULFILLMENT_ORDER = Fields("FulfillmentOrder")

_REASONS = {"AWAITING_RETURN_ITEMS": "Exchange items awaiting return delivery"}
"""Recorded 2026-04, where it is not the enum value in plain words."""


@HOLD.field("displayReason")
def display_reason(hold: Hold) -> str:
    """The reason in words."""
    return _REASONS.get(hold.reason, hold.reason.replace("_", " ").capitalize())


@HOLD.field("heldByRequestingApp")
def held_by_requesting_app(hold: Hold, call: Call) -> bool:
    """Whether the asking app put it."""
    return hold.app == call.grant.app.client_id


@HOLD.field("heldByApp")
def held_by_app(hold: Hold, call: Call) -> App | None:
    """The app that put it."""
    return call.caller.registrar.apps.get(hold.app)


@REQUEST.field("sentAt")
def sent_at(request: MerchantRequest) -> str | None:
    """When it was sent."""
    return iso(request.sent_at)


@REQUEST.field("fulfillmentOrder")
def fulfillment_order(request: MerchantRequest, call: Call) -> FulfillmentOrder:
    """What it is about."""
    return call.world.fulfillment_orders[request.fulfillment_order_id]


@FULFILLMENT_ORDER.field("merchantRequests")
def merchant_requests(part: FulfillmentOrder, args: Args) -> JsonObject:
    """What the merchant asked of the service."""
    kind = args.get("kind")
    return connection([x for x in part.requests if kind is None or x.kind == kind], args)
