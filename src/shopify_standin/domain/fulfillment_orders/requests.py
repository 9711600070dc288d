"""
What merchant and fulfillment service ask of each other (Shopify docs, 2026; states recorded 2026-04).

The service is told by a call to its `callbackUrl` and reads the rest itself. Refusals are worded as assumed.
"""

from dataclasses import replace
from functools import partial

from shopify_standin.domain.fulfillment_orders.dividing import absorb, divide, sibling
from shopify_standin.domain.fulfillment_orders.finding import find_part, find_units, is_all
from shopify_standin.domain.fulfillment_orders.telling import part_changed
from shopify_standin.domain.fulfillment_services.serving import notify, service_of
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.model.shipping import FulfillmentOrder, FulfillmentService, MerchantRequest
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads import fulfillment_orders as payloads
from shopify_standin.world import World

ASKABLE = frozenset({"UNSUBMITTED", "REJECTED", "CLOSED", "CANCELLATION_ACCEPTED"})


@mutation("fulfillmentOrderSubmitFulfillmentRequest")
def submit_fulfillment_request(world: World, args: Args) -> JsonObject:
    """Ask the service to ship; units that are not asked for are split off."""
    part, service = _at_service(world, args["id"])
    if part.request_status not in ASKABLE or not part.is_open or part.status == "ON_HOLD":
        raise Refused(user_error(["id"], "The fulfillment order is not in a state in which it can be requested."))
    units = find_units(part, args.get("fulfillmentOrderLineItems"))
    asked = {line.id: count for line, count in units}
    rest = [(line, line.remaining - asked.get(line.id, 0)) for line in part.lines]
    unsubmitted = None if is_all(part, units) else divide(world, part, [(line, left) for line, left in rest if left])
    part.status, part.request_status = "OPEN", "SUBMITTED"
    options = {"notify_customer": bool(args.get("notifyCustomer"))}
    request = _record(world, part, "FULFILLMENT_REQUEST", args.get("message"), options)
    part_changed(world, part, unsubmitted)
    emit(world, "FULFILLMENT_ORDERS_FULFILLMENT_REQUEST_SUBMITTED", partial(payloads.request_submitted, part, request))
    notify(world, service, "FULFILLMENT_REQUEST")
    return {
        "originalFulfillmentOrder": part,
        "submittedFulfillmentOrder": part,
        "unsubmittedFulfillmentOrder": unsubmitted,
        "userErrors": [],
    }


@mutation("fulfillmentOrderAcceptFulfillmentRequest")
def accept_fulfillment_request(world: World, args: Args) -> JsonObject:
    """The service takes the work on; `estimatedShippedAt` leaves no trace that the Admin API shows."""
    part = _asked(world, args["id"], "SUBMITTED")
    part.status, part.request_status = "IN_PROGRESS", "ACCEPTED"
    return _answered(world, part, "FULFILLMENT_ORDERS_FULFILLMENT_REQUEST_ACCEPTED", args.get("message"))


@mutation("fulfillmentOrderRejectFulfillmentRequest")
def reject_fulfillment_request(world: World, args: Args) -> JsonObject:
    """The service refuses the work; reason and line messages leave no trace that the Admin API shows."""
    part = _asked(world, args["id"], "SUBMITTED")
    part.status, part.request_status = "OPEN", "REJECTED"
    return _answered(world, part, "FULFILLMENT_ORDERS_FULFILLMENT_REQUEST_REJECTED", args.get("message"))


@mutation("fulfillmentOrderSubmitCancellationRequest")
def submit_cancellation_request(world: World, args: Args) -> JsonObject:
    """Ask for the work back; the answer still shows what was before (recorded 2026-04)."""
    part, service = _at_service(world, args["id"])
    if part.request_status not in {"ACCEPTED", "CANCELLATION_REJECTED"} or part.status != "IN_PROGRESS":
        message = "The fulfillment order is not in a state in which its cancellation can be requested."
        raise Refused(user_error(["id"], message))
    request = _record(world, part, "CANCELLATION_REQUEST", args.get("message"), {})
    before = replace(part)
    part.request_status = "CANCELLATION_REQUESTED"
    part_changed(world, part)
    emit(
        world,
        "FULFILLMENT_ORDERS_CANCELLATION_REQUEST_SUBMITTED",
        partial(payloads.cancellation_submitted, part, request),
    )
    notify(world, service, "CANCELLATION_REQUEST")
    return {"fulfillmentOrder": before, "userErrors": []}


@mutation("fulfillmentOrderAcceptCancellationRequest")
def accept_cancellation_request(world: World, args: Args) -> JsonObject:
    """The service gives the work back: closed without units, while a new one has them (recorded 2026-04)."""
    part = _asked(world, args["id"], "CANCELLATION_REQUESTED")
    made = sibling(world, part)
    absorb(world, made, find_units(part, None))
    part.status, part.request_status = "CLOSED", "CANCELLATION_ACCEPTED"
    part_changed(world, made)
    return _answered(world, part, "FULFILLMENT_ORDERS_CANCELLATION_REQUEST_ACCEPTED", args.get("message"))


@mutation("fulfillmentOrderRejectCancellationRequest")
def reject_cancellation_request(world: World, args: Args) -> JsonObject:
    """The service goes on with the work."""
    part = _asked(world, args["id"], "CANCELLATION_REQUESTED")
    part.request_status = "CANCELLATION_REJECTED"
    return _answered(world, part, "FULFILLMENT_ORDERS_CANCELLATION_REQUEST_REJECTED", args.get("message"))


def _at_service(world: World, value: str) -> tuple[FulfillmentOrder, FulfillmentService]:
    part = find_part(world, value)
    service = service_of(world, part)
    if service is None:
        message = "The fulfillment order's assigned fulfillment service must be of api type"
        raise Refused(user_error(None, message))
    return part, service


def _asked(world: World, value: str, wanted: str) -> FulfillmentOrder:
    part, _ = _at_service(world, value)
    if part.request_status != wanted:
        was = part.request_status.lower()
        message = f"Expected fulfillment order request status to be {wanted.lower()} but it was {was}."
        raise Refused(user_error(None, message))
    return part


def _record(
    world: World, part: FulfillmentOrder, kind: str, message: str | None, options: dict[str, bool]
) -> MerchantRequest:
    number = world.ids.next("FulfillmentOrderMerchantRequest")
    made = MerchantRequest(number, part.id, kind, world.now(), message, options)
    part.requests.append(world.merchant_requests.add(made))
    return made


def _answered(world: World, part: FulfillmentOrder, topic: str, message: str | None) -> JsonObject:
    part_changed(world, part)
    emit(world, topic, partial(payloads.answered, part, message))
    return {"fulfillmentOrder": part, "userErrors": []}
