"""Reading how goods come back: reverse fulfillment orders, reverse deliveries, dispositions."""

from typing import Any

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection
from shopify_standin.errors import JsonObject
from shopify_standin.ids import number_of
from shopify_standin.model.places import Location
from shopify_standin.model.returning import (
    Disposition,
    ReverseDelivery,
    ReverseDeliveryLine,
    ReverseLine,
    ReverseOrder,
)
from shopify_standin.model.sales import Order
from shopify_standin.model.shipping import FulfillmentLine
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.world import World

WAY = Fields("ReverseFulfillmentOrder")
WAY.attributes("status", id="gid")
WAY.constant(thirdPartyConfirmation=None)
ROW = Fields("ReverseFulfillmentOrderLineItem")
ROW.attributes("dispositions", id="gid", totalQuantity="total")
DISPOSITION = Fields("ReverseFulfillmentOrderDisposition")
DISPOSITION.attributes("type", "quantity", id="gid")
DELIVERY = Fields("ReverseDelivery")
DELIVERY.attributes(id="gid")
PARCEL_ROW = Fields("ReverseDeliveryLineItem")
PARCEL_ROW.attributes("quantity", id="gid")
node("ReverseFulfillmentOrder", lambda world, number: world.reverse_orders.get(number))
node("ReverseFulfillmentOrderLineItem", lambda world, number: world.reverse_lines.get(number))
node("ReverseDelivery", lambda world, number: world.reverse_deliveries.get(number))


def _parcel_row(world: World, number: int) -> ReverseDeliveryLine | None:
    rows = (row for parcel in world.reverse_deliveries for row in parcel.lines)
    return next((row for row in rows if row.id == number), None)


node("ReverseDeliveryLineItem", _parcel_row)


@query("reverseFulfillmentOrder")
def reverse_fulfillment_order(world: World, args: Args) -> ReverseOrder | None:
    """One reverse fulfillment order."""
    return world.reverse_orders.get(number_of(args["id"], "ReverseFulfillmentOrder"))


@query("reverseDelivery")
def reverse_delivery(world: World, args: Args) -> ReverseDelivery | None:
    """One reverse delivery."""
    return world.reverse_deliveries.get(number_of(args["id"], "ReverseDelivery"))


@WAY.field("order")
def order_of(way: ReverseOrder, call: Call) -> Order:
    """What comes back was sold with it."""
    return call.world.orders[way.order_id]


@WAY.field("lineItems")
def lines_of(way: ReverseOrder, args: Args) -> JsonObject:
    """What comes back."""
    return connection(way.lines, args)


@WAY.field("reverseDeliveries")
def deliveries_of(way: ReverseOrder, args: Args, call: Call) -> JsonObject:
    """The parcels on their way."""
    return connection([call.world.reverse_deliveries[number] for number in way.delivery_ids], args)


@ROW.field("fulfillmentLineItem")
def shipped_of(row: ReverseLine, call: Call) -> FulfillmentLine:
    """The shipped line."""
    return call.world.fulfillment_lines[row.fulfillment_line_id]


@DISPOSITION.field("location")
def location_of(row: Disposition, call: Call) -> Location | None:
    """Where it was decided."""
    return call.world.locations.get(row.location_id)


@DISPOSITION.field("createdAt")
def created_at(row: Disposition) -> str | None:
    """When it was decided."""
    return iso(row.created_at)


@DELIVERY.field("reverseFulfillmentOrder")
def way_of(parcel: ReverseDelivery, call: Call) -> ReverseOrder:
    """What it is part of."""
    return call.world.reverse_orders[parcel.reverse_order_id]


@DELIVERY.field("reverseDeliveryLineItems")
def parcel_rows(parcel: ReverseDelivery, args: Args) -> JsonObject:
    """What is in it."""
    return connection(parcel.lines, args)


@DELIVERY.field("deliverable")
def deliverable(parcel: ReverseDelivery) -> JsonObject | None:
    """Its number and its label."""
    if not parcel.has_tracking and parcel.label_url is None:
        return None
    tracking: dict[str, Any] = {
        "number": parcel.tracking_number,
        "url": parcel.tracking_url,
        "carrierName": None,
    }
    return {
        "__typename": "ReverseDeliveryShippingDeliverable",
        "tracking": tracking if parcel.has_tracking else None,
        "label": None if parcel.label_url is None else {"publicFileUrl": parcel.label_url},
    }


@PARCEL_ROW.field("reverseFulfillmentOrderLineItem")
def row_of(row: ReverseDeliveryLine, call: Call) -> ReverseLine:
    """The line that it carries units of."""
    return call.world.reverse_lines[row.reverse_line_id]


@PARCEL_ROW.field("dispositions")
def dispositions_of(row: ReverseDeliveryLine, call: Call) -> list[Disposition]:
    """What became of the line's units."""
    return call.world.reverse_lines[row.reverse_line_id].dispositions
