"""`fulfillments/create`, `fulfillments/update` and `fulfillment_events/create`."""

from shopify_standin.clock import iso
from shopify_standin.errors import JsonObject
from shopify_standin.model.shipping import Fulfillment, FulfillmentEvent
from shopify_standin.webhooks.payloads.addresses import address_payload
from shopify_standin.webhooks.payloads.lines import sold_payload
from shopify_standin.world import World


def fulfillment_payload(world: World, fulfillment: Fulfillment) -> JsonObject:
    """The shipment as REST showed it, with whom it goes to."""
    order = world.orders[fulfillment.order_id]
    destination = address_payload(order.shipping_address)
    return {**fulfillment_of_order(world, fulfillment), "email": order.email, "destination": destination}


def fulfillment_of_order(world: World, fulfillment: Fulfillment) -> JsonObject:
    """The shipment inside its order; line items carry the shipped quantity."""
    order = world.orders[fulfillment.order_id]
    numbers = [t.number for t in fulfillment.tracking if t.number]
    urls = [t.url for t in fulfillment.tracking if t.url]
    company = fulfillment.tracking[0].company if fulfillment.tracking else None
    lines = [(world.lines[line.line_item_id], line.quantity) for line in fulfillment.lines]
    return {
        "id": fulfillment.id,
        "admin_graphql_api_id": fulfillment.gid,
        "order_id": fulfillment.order_id,
        "status": fulfillment.status.lower(),
        "created_at": iso(fulfillment.created_at),
        "updated_at": iso(fulfillment.updated_at),
        "service": _service(world, fulfillment),
        "shipment_status": _shipment_status(fulfillment),
        "tracking_company": company,
        "location_id": fulfillment.location_id,
        "origin_address": None,
        "name": fulfillment.name,
        "receipt": {},
        "line_items": [{**sold_payload(world, order, line), "quantity": quantity} for line, quantity in lines],
        "tracking_number": numbers[0] if numbers else None,
        "tracking_numbers": numbers,
        "tracking_url": urls[0] if urls else None,
        "tracking_urls": urls,
    }


def _service(world: World, fulfillment: Fulfillment) -> str:
    place = world.locations.get(fulfillment.location_id)
    found = None if place is None else world.services.get(place.service_id)
    return "manual" if found is None else found.handle


def _shipment_status(fulfillment: Fulfillment) -> str | None:
    if not fulfillment.events:
        return None
    return max(fulfillment.events, key=lambda event: event.happened_at).status.lower()


def event_payload(world: World, event: FulfillmentEvent) -> JsonObject:
    """One event of a shipment."""
    return {
        "id": event.id,
        "admin_graphql_api_id": event.gid,
        "fulfillment_id": event.fulfillment_id,
        "order_id": world.fulfillments[event.fulfillment_id].order_id,
        "shop_id": world.shop.id,
        "status": event.status.lower(),
        "message": event.message,
        "happened_at": iso(event.happened_at),
        "created_at": iso(event.created_at),
        "updated_at": iso(event.created_at),
        "estimated_delivery_at": iso(event.estimated_delivery_at),
        "address1": event.address1,
        "city": event.city,
        "province": event.province,
        "country": event.country,
        "zip": event.zip,
        "latitude": event.latitude,
        "longitude": event.longitude,
    }
