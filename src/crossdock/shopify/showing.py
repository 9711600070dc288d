"""How far the backend is, shown on Shopify's fulfillment orders."""

from collections.abc import Sequence

from crossdock.model.names import FulfillmentHoldId, FulfillmentOrderId
from crossdock.shopify.complaints import HOLD_GONE, complaint
from crossdock.shopify.generated.admin import Admin
from crossdock.shopify.generated.enums import FulfillmentHoldReason
from crossdock.shopify.generated.input_types import (
    FulfillmentOrderHoldInput,
    FulfillmentOrderLineItemsPreparedForPickupInput,
    PreparedFulfillmentOrderLineItemsInput,
)
from crossdock.shopify.mapping.order import HOLD_HANDLE


async def hold(admin: Admin, fulfillment_order: FulfillmentOrderId, reason: str) -> None:
    """Put our hold on a fulfillment order; one that has it already is no error. Raises TryAgain, Refused."""
    given = FulfillmentOrderHoldInput(reason=FulfillmentHoldReason.OTHER, reason_notes=reason, handle=HOLD_HANDLE)
    payload = (await admin.hold(fulfillment_order, given)).fulfillment_order_hold
    errors = payload.user_errors if payload else []
    left = [error.message for error in errors if error.code != "DUPLICATE_FULFILLMENT_HOLD_HANDLE"]
    _raise(f"The hold on {fulfillment_order}", left)


async def release_hold(admin: Admin, fulfillment_order: FulfillmentOrderId, holds: Sequence[FulfillmentHoldId]) -> None:
    """Take these holds off; those that are gone already are no error. Raises TryAgain, Refused."""
    payload = (await admin.release_hold(fulfillment_order, list(holds))).fulfillment_order_release_hold
    messages = [error.message for error in payload.user_errors] if payload else []
    _raise(f"Releasing {fulfillment_order}", [message for message in messages if not HOLD_GONE.search(message)])


async def report_progress(admin: Admin, fulfillment_order: FulfillmentOrderId) -> None:
    """Say that work has begun; saying it again changes nothing. Raises TryAgain, Refused."""
    payload = (await admin.report_progress(fulfillment_order)).fulfillment_order_report_progress
    _raise(f"Progress of {fulfillment_order}", [error.message for error in payload.user_errors] if payload else [])


async def take_progress_back(admin: Admin, fulfillment_order: FulfillmentOrderId) -> None:
    """Say that nobody works on it any more. Raises TryAgain, Refused."""
    payload = (await admin.take_progress_back(fulfillment_order)).fulfillment_order_open
    _raise(f"Opening {fulfillment_order}", [error.message for error in payload.user_errors] if payload else [])


async def prepared_for_pickup(admin: Admin, fulfillment_order: FulfillmentOrderId) -> None:
    """Say that the goods wait for the customer to come. Raises TryAgain, Refused."""
    given = FulfillmentOrderLineItemsPreparedForPickupInput(
        line_items_by_fulfillment_order=[PreparedFulfillmentOrderLineItemsInput(fulfillment_order_id=fulfillment_order)]
    )
    payload = (await admin.prepared_for_pickup(given)).fulfillment_order_line_items_prepared_for_pickup
    _raise(f"The pick-up of {fulfillment_order}", [error.message for error in payload.user_errors] if payload else [])


def _raise(what: str, messages: Sequence[str]) -> None:
    if messages:
        raise complaint(what, messages)
