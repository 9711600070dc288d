"""
`fulfillmentCreate`: ship units of one or more fulfillment orders of one order and one location.

Neither idempotent nor attributable, as in Shopify: a repeat ships again while units remain. Messages recorded 2026-04.
"""

from dataclasses import dataclass
from typing import Any

from shopify_standin.domain.addresses import address_from
from shopify_standin.domain.fulfillments.tracking import tracking_from
from shopify_standin.domain.inventory.stock import ship
from shopify_standin.domain.orders.telling import order_changed, tell_order
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.sales import Order
from shopify_standin.model.shipping import Fulfillment, FulfillmentLine, FulfillmentOrder, FulfillmentOrderLine
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.fulfillments import fulfillment_payload
from shopify_standin.world import World

AT = ["fulfillment"]


@dataclass(frozen=True, slots=True)
class Part:
    """A fulfillment order, and how many units of which of its lines to ship."""

    source: FulfillmentOrder
    units: list[tuple[FulfillmentOrderLine, int]]


@mutation("fulfillmentCreate", "fulfillmentCreateV2")
def fulfillment_create(world: World, args: Args) -> JsonObject:
    """Ship; without lines all that remains of a fulfillment order goes."""
    given = args["fulfillment"]
    parts = _checked_parts(world, given["lineItemsByFulfillmentOrder"])
    order = world.orders[parts[0].source.order_id]
    shipment = _new_fulfillment(world, order, parts, given)
    for part in parts:
        _take(world, shipment, part)
    _tell(world, order, shipment)
    return {"fulfillment": shipment, "userErrors": []}


def _checked_parts(world: World, given: list[dict[str, Any]]) -> list[Part]:
    sources: list[FulfillmentOrder] = []
    for entry in given:
        source = world.fulfillment_orders.get(number_of(entry["fulfillmentOrderId"], "FulfillmentOrder"))
        if source is None:
            raise Refused(user_error(AT, "Fulfillment order does not exist."))
        sources.append(source)
    if not sources:
        raise Refused(user_error(AT, "At least one fulfillment order must be specified."))
    _check_one_order(sources)
    _check_one_location(sources)
    for source in sources:
        if source.status not in {"OPEN", "IN_PROGRESS", "INCOMPLETE"}:
            message = f"Fulfillment order {source.id} has an unfulfillable status= {source.status.lower()}."
            raise Refused(user_error(AT, message))
    return [Part(source, _units(source, entry)) for source, entry in zip(sources, given, strict=True)]


def _check_one_order(sources: list[FulfillmentOrder]) -> None:
    orders = list(dict.fromkeys(source.order_id for source in sources))
    if len(orders) > 1:
        message = "All fulfillment orders must belong to the same order."
        raise Refused(user_error(AT, f"{message} Multiple orders with ids {orders} were found."))


def _check_one_location(sources: list[FulfillmentOrder]) -> None:
    places = list(dict.fromkeys(source.assigned.location_id for source in sources))
    if len(places) > 1:
        message = "All fulfillment orders must be assigned to a single location."
        raise Refused(user_error(AT, f"{message} Multiple locations with ids {places} were found."))


def _units(source: FulfillmentOrder, entry: dict[str, Any]) -> list[tuple[FulfillmentOrderLine, int]]:
    wanted = entry.get("fulfillmentOrderLineItems")
    if not wanted:
        return [(line, line.remaining) for line in source.lines if line.remaining]
    lines = {line.id: line for line in source.lines}
    units: dict[int, int] = {}
    for row in wanted:
        if row["quantity"] <= 0:
            raise Refused(user_error([*AT, "lineItemsByFulfillmentOrder"], "Quantity must be greater than 0"))
        number = number_of(row["id"], "FulfillmentOrderLineItem")
        if number not in lines:
            raise Refused(user_error(AT, "Fulfillment order line item does not exist."))
        units[number] = units.get(number, 0) + row["quantity"]
    if any(count > lines[number].remaining for number, count in units.items()):
        raise Refused(user_error(AT, "Invalid fulfillment order line item quantity requested."))
    return [(lines[number], count) for number, count in units.items()]


def _new_fulfillment(world: World, order: Order, parts: list[Part], given: dict[str, Any]) -> Fulfillment:
    now = world.now()
    order.fulfillments_made += 1
    shipment = Fulfillment(
        world.ids.next("Fulfillment"),
        order.id,
        parts[0].source.assigned.location_id,
        f"{order.name}-F{order.fulfillments_made}",
        now,
        now,
        tracking=tracking_from(given.get("trackingInfo") or {}),
        fulfillment_order_ids=[part.source.id for part in parts],
        notified=bool(given.get("notifyCustomer")),
        origin=address_from(given["originAddress"]) if given.get("originAddress") else None,
    )
    world.fulfillments.add(shipment)
    order.fulfillment_ids.append(shipment.id)
    return shipment


def _take(world: World, shipment: Fulfillment, part: Part) -> None:
    """Move units from the fulfillment order into the shipment, and out of the stock."""
    source = part.source
    for line, units in part.units:
        line.remaining -= units
        sold = world.lines[line.line_item_id]
        sold.fulfilled += units
        made = FulfillmentLine(world.ids.next("FulfillmentLineItem"), shipment.id, sold.id, line.id, units)
        shipment.lines.append(made)
        world.fulfillment_lines.add(made)
        if sold.claimed and sold.item_id is not None:
            ship(world, sold.item_id, source.assigned.location_id, units)
    source.fulfillment_ids.append(shipment.id)
    source.updated_at = world.now()
    source.status = "IN_PROGRESS" if source.remaining else "CLOSED"


def _tell(world: World, order: Order, shipment: Fulfillment) -> None:
    emit(world, "FULFILLMENTS_CREATE", lambda: fulfillment_payload(world, shipment))
    whole = order.rest_fulfillment_status == "fulfilled"
    order_changed(world, order)
    tell_order(world, order, "ORDERS_FULFILLED" if whole else "ORDERS_PARTIALLY_FULFILLED")
