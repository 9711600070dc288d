"""Parcels that come back: their numbers and labels (refusals recorded 2026-04)."""

from functools import partial
from typing import Any

from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.returning import ReverseDelivery, ReverseDeliveryLine, ReverseLine, ReverseOrder
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.returns import delivery_payload
from shopify_standin.world import World


@mutation("reverseDeliveryCreateWithShipping")
def reverse_delivery_create(world: World, args: Args) -> JsonObject:
    """Announce a parcel; without lines all that is on its way is in it."""
    number = number_of(args["reverseFulfillmentOrderId"], "ReverseFulfillmentOrder")
    wanted = [
        (number_of(entry["reverseFulfillmentOrderLineItemId"], "ReverseFulfillmentOrderLineItem"), entry["quantity"])
        for entry in args["reverseDeliveryLineItems"]
    ]
    for index, (row, _) in enumerate(wanted):
        if row not in world.reverse_lines.rows:
            raise _no_such_line(index)
    way = world.reverse_orders.get(number)
    if way is None:
        message = "Reverse fulfillment order was not found."
        raise Refused(user_error(["reverseFulfillmentOrderId"], message, "NOT_FOUND"))
    units = _checked(world, way, wanted) if wanted else _everything(world, way)
    made = ReverseDelivery(world.ids.next("ReverseDelivery"), way.id)
    made.lines = [
        ReverseDeliveryLine(world.ids.next("ReverseDeliveryLineItem"), made.id, row.id, count) for row, count in units
    ]
    world.reverse_deliveries.add(made)
    way.delivery_ids.append(made.id)
    _label(world, way, made, args)
    return {"reverseDelivery": made, "userErrors": []}


def _no_such_line(index: int) -> Refused:
    path = ["reverseDeliveryLineItems", str(index), "reverseFulfillmentOrderLineItemId"]
    return Refused(user_error(path, "must exist"))


def _announced(world: World, way: ReverseOrder, row: ReverseLine) -> int:
    """Units of a line that earlier parcels hold."""
    parcels = (world.reverse_deliveries[number] for number in way.delivery_ids)
    return sum(line.quantity for parcel in parcels for line in parcel.lines if line.reverse_line_id == row.id)


def _everything(world: World, way: ReverseOrder) -> list[tuple[ReverseLine, int]]:
    units = [(row, row.total - _announced(world, way, row)) for row in way.lines]
    return [(row, count) for row, count in units if count > 0]


def _checked(world: World, way: ReverseOrder, wanted: list[tuple[int, int]]) -> list[tuple[ReverseLine, int]]:
    rows = {row.id: row for row in way.lines}
    units: list[tuple[ReverseLine, int]] = []
    taken: dict[int, int] = {}
    for index, (number, count) in enumerate(wanted):
        if number not in rows:
            raise _no_such_line(index)
        row = rows[number]
        taken[number] = taken.get(number, _announced(world, way, row)) + count
        if taken[number] > row.total:
            message = "cannot deliver more items than are returned"
            raise Refused(user_error(["reverseDeliveryLineItems", str(index), "quantity"], message))
        units.append((row, count))
    return units


@mutation("reverseDeliveryShippingUpdate")
def reverse_delivery_shipping_update(world: World, args: Args) -> JsonObject:
    """Change a parcel's number or label; what is left out stays."""
    parcel = world.reverse_deliveries.get(number_of(args["reverseDeliveryId"], "ReverseDelivery"))
    if parcel is None:
        raise Refused(user_error(["reverseDeliveryId"], "Reverse delivery was not found.", "NOT_FOUND"))
    _label(world, world.reverse_orders[parcel.reverse_order_id], parcel, args)
    return {"reverseDelivery": parcel, "userErrors": []}


def _label(world: World, way: ReverseOrder, parcel: ReverseDelivery, args: dict[str, Any]) -> None:
    tracking, label = args.get("trackingInput"), args.get("labelInput")
    if tracking is not None:
        parcel.has_tracking = True
        parcel.tracking_number, parcel.tracking_url = tracking.get("number"), tracking.get("url")
    if label is not None:
        parcel.label_url = label["fileUrl"]
    if tracking is not None or label is not None:
        emit(world, "REVERSE_DELIVERIES_ATTACH_DELIVERABLE", partial(delivery_payload, way, parcel))
