"""A package told to Shopify as a fulfillment."""

from crossdock.kit.errors import TryAgain
from crossdock.model.names import FulfillmentId
from crossdock.ports.storefront import FulfillmentDraft
from crossdock.shopify.complaints import complaint
from crossdock.shopify.generated.admin import Admin
from crossdock.shopify.generated.input_types import (
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
    tracking = {"company": draft.tracking_company, "number": draft.tracking_number, "url": draft.tracking_url}
    given = {name: text for name, text in tracking.items() if text}
    if given:
        fulfillment.tracking_info = FulfillmentTrackingInput(**given)
    return fulfillment
