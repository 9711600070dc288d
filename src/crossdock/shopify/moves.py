"""Fulfillment orders that are to ship from another location."""

from crossdock.kit.errors import TryAgain
from crossdock.model.relocation import Move
from crossdock.shopify.complaints import complaint
from crossdock.shopify.generated.admin import Admin
from crossdock.shopify.generated.input_types import FulfillmentOrderLineItemInput


async def move_fulfillment_order(admin: Admin, move: Move) -> None:
    """Move it. Raises TryAgain where it may or may not have been moved, and where it has changed since it was read."""
    lines = None
    if move.lines is not None:
        lines = [FulfillmentOrderLineItemInput(id=line, quantity=units) for line, units in move.lines]
    payload = (await admin.move_fulfillment_order(move.fulfillment_order, move.to, lines)).fulfillment_order_move
    if payload is not None and payload.user_errors:
        raise complaint(f"Moving {move.fulfillment_order}", [error.message for error in payload.user_errors])
    if payload is None or payload.moved_fulfillment_order is None:
        raise TryAgain("Shopify answered a move with neither what it moved nor an error; the hub reads the order.")
