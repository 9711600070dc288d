"""Which service works on a fulfillment order, and how it is told of requests."""

import json

from shopify_standin.model.notices import Delivery
from shopify_standin.model.shipping import FulfillmentOrder, FulfillmentService
from shopify_standin.world import World

NOTIFICATION = "fulfillment_order_notification"


def service_of(world: World, part: FulfillmentOrder) -> FulfillmentService | None:
    """The service at the assigned location; None for the merchant's own."""
    place = world.locations.get(part.assigned.location_id)
    return None if place is None else world.services.get(place.service_id)


def merchant(world: World) -> FulfillmentService:
    """The `manual` service: the merchant, at the shop's first location (recorded 2026-04)."""
    return FulfillmentService(0, "manual", "Manual", next(iter(world.locations)).id)


def notify(world: World, service: FulfillmentService, kind: str) -> None:
    """POST `{"kind": …}` to the service's address, signed like a webhook (Shopify docs, 2026)."""
    if service.callback_url is None:
        return
    number = world.uuid("Delivery")
    delivery = Delivery(
        id=number,
        event_id=world.uuid("Event"),
        subscription_id=0,
        topic=NOTIFICATION,
        uri=f"{service.callback_url.rstrip('/')}/{NOTIFICATION}",
        body=json.dumps({"kind": kind}).encode(),
        headers={"Content-Type": "application/json", "X-Shopify-Shop-Domain": world.shop.domain},
        triggered_at=world.now(),
        app=service.app,
    )
    world.outbox.append(delivery)
    world.deliveries.append(delivery)
