"""Parcels on their way back, told to Shopify: their number and where they are followed."""

from crossdock.kit.errors import TryAgain
from crossdock.model.names import ReverseDeliveryId, ReverseOrderId
from crossdock.model.returning import ReturnTracking
from crossdock.shopify.complaints import complaint
from crossdock.shopify.generated.admin import Admin
from crossdock.shopify.generated.input_types import ReverseDeliveryTrackingInput


async def create_reverse_delivery(admin: Admin, order: ReverseOrderId, tracking: ReturnTracking) -> None:
    """Tell of a parcel. Raises TryAgain where it may or may not have been told."""
    payload = (await admin.create_reverse_delivery(order, _given(tracking))).reverse_delivery_create_with_shipping
    if payload is None:
        raise TryAgain("Shopify answered a parcel on its way back with nothing; the hub reads the return.")
    if payload.user_errors:
        raise complaint(f"The parcel {tracking.number}", [error.message for error in payload.user_errors])


async def track_reverse_delivery(admin: Admin, id_: ReverseDeliveryId, tracking: ReturnTracking) -> None:
    """Say anew how a parcel is followed."""
    payload = (await admin.track_reverse_delivery(id_, _given(tracking))).reverse_delivery_shipping_update
    if payload is not None and payload.user_errors:
        raise complaint(f"The parcel {tracking.number}", [error.message for error in payload.user_errors])


def _given(tracking: ReturnTracking) -> ReverseDeliveryTrackingInput:
    """Shopify finds the carrier by itself; it takes none (Shopify docs, 2026-07)."""
    given = ReverseDeliveryTrackingInput(number=tracking.number)
    if tracking.url is not None:
        given.url = tracking.url
    return given
