"""
`fulfillmentEventCreate`: what happens to a shipment on its way, and what it then shows.

A cancelled shipment takes events too, and stays cancelled (recorded 2026-04).
"""

from datetime import datetime
from typing import Any

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection
from shopify_standin.domain.fulfillments.telling import fulfillment_changed
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.shipping import Fulfillment, FulfillmentEvent
from shopify_standin.registry import Args, Fields, mutation, node
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.fulfillments import event_payload
from shopify_standin.world import World

node("FulfillmentEvent", lambda world, number: world.fulfillment_events.get(number))

EVENT = Fields("FulfillmentEvent")
EVENT.attributes(
    "status", "message", "address1", "city", "province", "country", "zip", "latitude", "longitude", id="gid"
)
FULFILLMENT = Fields("Fulfillment")


@mutation("fulfillmentEventCreate")
def fulfillment_event_create(world: World, args: Args) -> JsonObject:
    """Add an event; the one that happened last is what the shipment shows."""
    given = args["fulfillmentEvent"]
    shipment = world.fulfillments.get(number_of(given["fulfillmentId"], "Fulfillment"))
    if shipment is None:
        raise Refused(user_error(["fulfillmentEvent", "fulfillmentId"], "Fulfillment does not exist."))
    made = _event(world, shipment, given)
    shipment.events.append(world.fulfillment_events.add(made))
    _follow(shipment, made)
    emit(world, "FULFILLMENT_EVENTS_CREATE", lambda: event_payload(world, made))
    fulfillment_changed(world, shipment)
    return {"fulfillmentEvent": made, "userErrors": []}


def _event(world: World, shipment: Fulfillment, given: dict[str, Any]) -> FulfillmentEvent:
    now = world.now()
    return FulfillmentEvent(
        world.ids.next("FulfillmentEvent"),
        shipment.id,
        given["status"],
        _moment(given.get("happenedAt")) or now,
        now,
        given.get("message"),
        _moment(given.get("estimatedDeliveryAt")),
        **{name: given.get(name) for name in _PLACE},
    )


_PLACE = ("address1", "city", "province", "country", "zip", "latitude", "longitude")


def _follow(shipment: Fulfillment, made: FulfillmentEvent) -> None:
    """What an event says of the shipment: its status, and the times that are known by it."""
    if shipment.status != "CANCELLED" and made is max(shipment.events, key=lambda event: event.happened_at):
        shipment.display_status = made.status
    if made.status == "IN_TRANSIT":
        shipment.in_transit_at = shipment.in_transit_at or made.happened_at
    if made.status == "DELIVERED":
        shipment.delivered_at = made.happened_at
    shipment.estimated_delivery_at = made.estimated_delivery_at or shipment.estimated_delivery_at


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


@FULFILLMENT.field("events")
def events(shipment: Fulfillment, args: Args) -> JsonObject:
    """What the carrier reported, in the order in which it happened."""
    return connection(shipment.events, args, lambda event: event.happened_at)


@EVENT.field("happenedAt")
def happened_at(event: FulfillmentEvent) -> str | None:
    """When it happened."""
    return iso(event.happened_at)


@EVENT.field("createdAt")
def created_at(event: FulfillmentEvent) -> str | None:
    """When it was reported."""
    return iso(event.created_at)


@EVENT.field("estimatedDeliveryAt")
def estimated_delivery_at(event: FulfillmentEvent) -> str | None:
    """When the parcel should arrive, as known then."""
    return iso(event.estimated_delivery_at)


@EVENT.field("fulfillment")
def fulfillment(event: FulfillmentEvent, call: Call) -> Fulfillment:
    """The shipment on its way."""
    return call.world.fulfillments[event.fulfillment_id]
