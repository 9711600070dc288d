"""Packages told to Shopify as fulfillments, and what becomes of them on their way."""

from collections.abc import Iterator, Sequence

from crossdock.kit.errors import TryAgain
from crossdock.model.names import FulfillmentId
from crossdock.model.request import DeliveryEvent, DeliveryStatus, Tracking
from crossdock.ports.storefront import FulfillmentDraft
from crossdock.shopify.complaints import FULFILLMENT_CANCELLED, complaint
from crossdock.shopify.generated.admin import Admin
from crossdock.shopify.generated.enums import FulfillmentEventStatus
from crossdock.shopify.generated.fulfillment_events import FulfillmentEvents, FulfillmentEventsNodesFulfillment
from crossdock.shopify.generated.input_types import (
    FulfillmentEventInput,
    FulfillmentInput,
    FulfillmentOrderLineItemInput,
    FulfillmentOrderLineItemsInput,
    FulfillmentTrackingInput,
)


async def create_fulfillment(admin: Admin, draft: FulfillmentDraft) -> FulfillmentId:
    """
    Create the fulfillment and return its id.

    Raises TryAgain where it may or may not have been created, and where the order has changed since it was read.
    """
    payload = (await admin.create_fulfillment(_from_draft(draft))).fulfillment_create
    errors = payload.user_errors if payload else []
    if errors:
        name = draft.tracking_number or ", ".join(draft.lines)
        raise complaint(f"The package {name}", [error.message for error in errors])
    if payload is None or payload.fulfillment is None:
        raise TryAgain("Shopify answered a new fulfillment with neither its id nor an error; the hub reads the order.")
    return FulfillmentId(payload.fulfillment.id)


async def correct_tracking(
    admin: Admin, fulfillment: FulfillmentId, tracking: Tracking, *, notify_customer: bool
) -> None:
    """Replace a fulfillment's tracking. Raises TryAgain where it may or may not have been done, or it is gone."""
    given = _tracking(tracking) or FulfillmentTrackingInput()
    payload = (await admin.correct_tracking(fulfillment, given, notify_customer)).fulfillment_tracking_info_update
    _raise_errors(f"The tracking of {fulfillment}", [error.message for error in payload.user_errors] if payload else [])


async def cancel_fulfillment(admin: Admin, fulfillment: FulfillmentId) -> None:
    """Cancel a fulfillment. Raises TryAgain where it may or may not have been done, or it is gone."""
    payload = (await admin.cancel_fulfillment(fulfillment)).fulfillment_cancel
    messages = [error.message for error in payload.user_errors] if payload else []
    left = [message for message in messages if not FULFILLMENT_CANCELLED.search(message)]
    _raise_errors(f"Cancelling {fulfillment}", left)


async def report_event(admin: Admin, fulfillment: FulfillmentId, event: DeliveryEvent) -> None:
    """Add an event to a fulfillment. Raises TryAgain where it may or may not have been done, or it is gone."""
    given = FulfillmentEventInput(
        fulfillment_id=fulfillment,
        status=FulfillmentEventStatus(event.status.value.upper()),
        happened_at=event.happened_at,
    )
    payload = (await admin.report_event(given)).fulfillment_event_create
    messages = [error.message for error in payload.user_errors] if payload else []
    _raise_errors(f"The event {event.status.value} of {fulfillment}", messages)


def delivery_events(answer: FulfillmentEvents) -> Iterator[tuple[FulfillmentId, Sequence[DeliveryEvent]]]:
    """Yield the events of each fulfillment that Shopify has; kinds that the hub does not know are left out."""
    known = {status.value.upper(): status for status in DeliveryStatus}
    for node in answer.nodes:
        if isinstance(node, FulfillmentEventsNodesFulfillment):
            yield (
                FulfillmentId(node.id),
                [
                    DeliveryEvent(known[event.status], event.happened_at)
                    for event in node.events.nodes
                    if event.status in known
                ],
            )


def _raise_errors(what: str, messages: Sequence[str]) -> None:
    if messages:
        raise complaint(what, messages)


def _from_draft(draft: FulfillmentDraft) -> FulfillmentInput:
    fulfillment = FulfillmentInput(
        line_items_by_fulfillment_order=[
            FulfillmentOrderLineItemsInput(
                fulfillment_order_id=fulfillment_order,
                fulfillment_order_line_items=[
                    FulfillmentOrderLineItemInput(id=line, quantity=units) for line, units in lines
                ],
            )
            for fulfillment_order, lines in draft.lines.items()
        ],
        notify_customer=draft.notify_customer,
    )
    tracking = _tracking(Tracking(draft.tracking_company, draft.tracking_number, draft.tracking_url))
    if tracking is not None:
        fulfillment.tracking_info = tracking
    return fulfillment


def _tracking(tracking: Tracking) -> FulfillmentTrackingInput | None:
    """Return what is known of it, None where nothing is: an explicit null is a value to Shopify."""
    every = {"company": tracking.carrier, "number": tracking.number, "url": tracking.url}
    given = {name: text for name, text in every.items() if text}
    return FulfillmentTrackingInput(**given) if given else None
