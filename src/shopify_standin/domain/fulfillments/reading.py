"""Reading fulfillments."""

from collections.abc import Callable

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection
from shopify_standin.domain.fulfillment_services.serving import merchant
from shopify_standin.errors import JsonObject
from shopify_standin.ids import number_of
from shopify_standin.model.places import Location
from shopify_standin.model.sales import LineItem, Order
from shopify_standin.model.shipping import Fulfillment, FulfillmentLine, FulfillmentService, Tracking
from shopify_standin.money import Bag, Currencies, money_text
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.world import World

node("Fulfillment", lambda world, number: world.fulfillments.get(number))
node("FulfillmentLineItem", lambda world, number: world.fulfillment_lines.get(number))

FULFILLMENT = Fields("Fulfillment")
FULFILLMENT.attributes("name", "status", "displayStatus", "totalQuantity", id="gid", legacyResourceId="id")
LINE = Fields("FulfillmentLineItem")
LINE.attributes("quantity", id="gid")
TRACKING = Fields("FulfillmentTrackingInfo")
TRACKING.attributes("number", "url", "company")


@query("fulfillment")
def fulfillment(world: World, args: Args) -> Fulfillment | None:
    """One fulfillment."""
    return world.fulfillments.get(number_of(args["id"], "Fulfillment"))


@FULFILLMENT.field("createdAt")
def created_at(shipment: Fulfillment) -> str | None:
    """When it was made."""
    return iso(shipment.created_at)


@FULFILLMENT.field("updatedAt")
def updated_at(shipment: Fulfillment) -> str | None:
    """When it last changed."""
    return iso(shipment.updated_at)


@FULFILLMENT.field("deliveredAt")
def delivered_at(shipment: Fulfillment) -> str | None:
    """When it arrived."""
    return iso(shipment.delivered_at)


@FULFILLMENT.field("inTransitAt")
def in_transit_at(shipment: Fulfillment) -> str | None:
    """When the carrier took it."""
    return iso(shipment.in_transit_at)


@FULFILLMENT.field("estimatedDeliveryAt")
def estimated_delivery_at(shipment: Fulfillment) -> str | None:
    """When it should arrive."""
    return iso(shipment.estimated_delivery_at)


@FULFILLMENT.field("order")
def order(shipment: Fulfillment, call: Call) -> Order:
    """What it is a shipment of."""
    return call.world.orders[shipment.order_id]


@FULFILLMENT.field("location")
def location(shipment: Fulfillment, call: Call) -> Location | None:
    """Where it left from."""
    return call.world.locations.get(shipment.location_id)


@FULFILLMENT.field("trackingInfo")
def tracking_info(shipment: Fulfillment, args: Args) -> list[Tracking]:
    """A number per parcel."""
    return shipment.tracking[: args.get("first")]


@FULFILLMENT.field("fulfillmentLineItems")
def fulfillment_line_items(shipment: Fulfillment, args: Args) -> JsonObject:
    """What is in it."""
    return connection(shipment.lines, args)


@FULFILLMENT.field("fulfillmentOrders")
def fulfillment_orders(shipment: Fulfillment, args: Args, call: Call) -> JsonObject:
    """The work that it settles."""
    return connection([call.world.fulfillment_orders[n] for n in shipment.fulfillment_order_ids], args)


@FULFILLMENT.field("service")
def service(shipment: Fulfillment, call: Call) -> FulfillmentService:
    """Who shipped: the service at its location, else the merchant."""
    place = call.world.locations.get(shipment.location_id)
    found = None if place is None else call.world.services.get(place.service_id)
    return found or merchant(call.world)


@FULFILLMENT.field("originAddress")
def origin_address(shipment: Fulfillment) -> JsonObject | None:
    """Where it was said to have left from."""
    origin = shipment.origin
    if origin is None:
        return None
    return {
        "address1": origin.address1,
        "address2": origin.address2,
        "city": origin.city,
        "countryCode": origin.country_code,
        "provinceCode": origin.province_code,
        "zip": origin.zip,
    }


@FULFILLMENT.field("requiresShipping")
def requires_shipping(shipment: Fulfillment, call: Call) -> bool:
    """Whether anything in it is shipped."""
    return any(call.world.lines[line.line_item_id].requires_shipping for line in shipment.lines)


@LINE.field("lineItem")
def line_item(line: FulfillmentLine, call: Call) -> LineItem:
    """The order line that its units are of."""
    return call.world.lines[line.line_item_id]


def _worth(line: FulfillmentLine, call: Call, unit: Callable[[LineItem], Bag]) -> tuple[Bag, Currencies]:
    sold = call.world.lines[line.line_item_id]
    return unit(sold) * line.quantity, call.world.orders[sold.order_id].currencies


def _enter_total(name: str, unit: Callable[[LineItem], Bag]) -> None:
    """What its units cost, as a bag and (deprecated) as shop money alone."""

    def as_bag(line: FulfillmentLine, call: Call) -> JsonObject:
        worth, currencies = _worth(line, call, unit)
        return currencies.show(worth)

    LINE.field(f"{name}Set")(as_bag)
    LINE.field(name)(lambda line, call: money_text(_worth(line, call, unit)[0].shop))


_enter_total("originalTotal", lambda sold: sold.unit_price)
_enter_total("discountedTotal", lambda sold: sold.discounted_unit_price)
