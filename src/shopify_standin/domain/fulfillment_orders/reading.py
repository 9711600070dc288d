"""Reading fulfillment orders."""

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection
from shopify_standin.domain.fulfillment_orders.actions import supported_actions
from shopify_standin.errors import JsonObject
from shopify_standin.ids import gid, number_of
from shopify_standin.model.goods import Variant
from shopify_standin.model.places import Location
from shopify_standin.model.sales import LineItem, Order
from shopify_standin.model.shipping import AssignedLocation, FulfillmentOrder, FulfillmentOrderLine
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.world import World

node("FulfillmentOrder", lambda world, number: world.fulfillment_orders.get(number))
node("FulfillmentOrderLineItem", lambda world, number: world.fulfillment_order_lines.get(number))

FULFILLMENT_ORDER = Fields("FulfillmentOrder")
FULFILLMENT_ORDER.attributes("status", "requestStatus", id="gid", assignedLocation="assigned", fulfillmentHolds="holds")
FULFILLMENT_ORDER.constant(internationalDuties=None, channelId=None)
LINE = Fields("FulfillmentOrderLineItem")
LINE.attributes(id="gid", totalQuantity="total", remainingQuantity="remaining")
LINE.constant(warnings=[], image=None)
ASSIGNED = Fields("FulfillmentOrderAssignedLocation")
ASSIGNED.attributes(
    "name", address1="address.address1", address2="address.address2", city="address.city", zip="address.zip",
    province="address.province", countryCode="address.country_code", phone="address.phone",
)  # fmt: skip


_ALONE = "fulfillment order asked for alone"


@query("fulfillmentOrder")
def fulfillment_order(world: World, args: Args, call: Call) -> FulfillmentOrder | None:
    """One fulfillment order; asked for alone it does not offer MERGE (recorded 2026-04)."""
    found = world.fulfillment_orders.get(number_of(args["id"], "FulfillmentOrder"))
    if found is not None:
        call.memo[_ALONE] = found.id
    return found


def order_of(part: FulfillmentOrder, call: Call) -> Order:
    """The order that it is part of."""
    return call.world.orders[part.order_id]


@FULFILLMENT_ORDER.field("order")
def order(part: FulfillmentOrder, call: Call) -> Order:
    """The order that it is part of."""
    return order_of(part, call)


@FULFILLMENT_ORDER.field("orderId")
def order_id(part: FulfillmentOrder) -> str:
    """Its order's id."""
    return gid("Order", part.order_id)


@FULFILLMENT_ORDER.field("orderName")
def order_name(part: FulfillmentOrder, call: Call) -> str:
    """Its order's name."""
    return order_of(part, call).name


@FULFILLMENT_ORDER.field("orderProcessedAt")
def order_processed_at(part: FulfillmentOrder, call: Call) -> str | None:
    """When its order was processed."""
    return iso(order_of(part, call).processed_at)


@FULFILLMENT_ORDER.field("createdAt")
def created_at(part: FulfillmentOrder) -> str | None:
    """When it was made."""
    return iso(part.created_at)


@FULFILLMENT_ORDER.field("updatedAt")
def updated_at(part: FulfillmentOrder) -> str | None:
    """When it last changed."""
    return iso(part.updated_at)


@FULFILLMENT_ORDER.field("fulfillAt")
def fulfill_at(part: FulfillmentOrder) -> str | None:
    """When work on it may begin."""
    return iso(part.fulfill_at)


@FULFILLMENT_ORDER.field("fulfillBy")
def fulfill_by(part: FulfillmentOrder) -> str | None:
    """When it should have left."""
    return iso(part.fulfill_by)


@FULFILLMENT_ORDER.field("supportedActions")
def actions(part: FulfillmentOrder, call: Call) -> list[JsonObject]:
    """What may be done with it now; clients should go by this, not by the status."""
    names = supported_actions(call.world, part, call.grant.app.client_id)
    alone = call.memo.get(_ALONE) == part.id
    return [{"action": name, "externalUrl": None} for name in names if not (alone and name == "MERGE")]


@FULFILLMENT_ORDER.field("deliveryMethod")
def delivery_method(part: FulfillmentOrder) -> JsonObject:
    """How it is to travel."""
    return {
        "id": gid("DeliveryMethod", part.delivery_method_id),
        "methodType": part.method_type,
        "presentedName": part.presented_name,
        "serviceCode": part.service_code,
        "minDeliveryDateTime": None,
        "maxDeliveryDateTime": None,
        "additionalInformation": None,
        "brandedPromise": None,
        "sourceReference": None,
    }


@FULFILLMENT_ORDER.field("destination")
def destination(part: FulfillmentOrder) -> JsonObject | None:
    """Where it is to go; a snapshot of the order's shipping address."""
    to = part.destination
    if to is None:
        return None
    return {
        "id": gid("FulfillmentOrderDestination", part.destination_id),
        "firstName": to.first_name,
        "lastName": to.last_name,
        "company": to.company,
        "address1": to.address1,
        "address2": to.address2,
        "city": to.city,
        "zip": to.zip,
        "province": to.province,
        "countryCode": to.country_code,
        "phone": to.phone,
        "email": part.email,
        "location": None,
    }


@FULFILLMENT_ORDER.field("lineItems")
def line_items(part: FulfillmentOrder, args: Args) -> JsonObject:
    """What is to be shipped."""
    return connection(part.lines, args)


@FULFILLMENT_ORDER.field("fulfillments")
def fulfillments(part: FulfillmentOrder, args: Args, call: Call) -> JsonObject:
    """What was shipped of it."""
    return connection([call.world.fulfillments[number] for number in part.fulfillment_ids], args)


@ASSIGNED.field("location")
def location(assigned: AssignedLocation, call: Call) -> Location | None:
    """The live location, while it exists."""
    return call.world.locations.get(assigned.location_id)


def sold(line: FulfillmentOrderLine, call: Call) -> LineItem:
    """The order line that its units are of."""
    return call.world.lines[line.line_item_id]


@LINE.field("lineItem")
def line_item(line: FulfillmentOrderLine, call: Call) -> LineItem:
    """The order line that its units are of."""
    return sold(line, call)


@LINE.field("inventoryItemId")
def inventory_item_id(line: FulfillmentOrderLine, call: Call) -> str | None:
    """The stock that it takes from."""
    item = sold(line, call).item_id
    return None if item is None else gid("InventoryItem", item)


@LINE.field("variant")
def variant(line: FulfillmentOrderLine, call: Call) -> Variant | None:
    """The variant, while it exists."""
    return call.world.variants.get(sold(line, call).variant_id)


@LINE.field("weight")
def weight(line: FulfillmentOrderLine, call: Call) -> JsonObject | None:
    """Weight of one unit."""
    grams = sold(line, call).grams
    return {"value": float(grams), "unit": "GRAMS"} if grams else None


@LINE.field("originalUnitPriceSet")
def original_unit_price_set(line: FulfillmentOrderLine, call: Call) -> JsonObject:
    """Price of one unit as ordered."""
    found = sold(line, call)
    return call.world.orders[found.order_id].currencies.show(found.unit_price)


@LINE.field("financialSummaries")
def financial_summaries(line: FulfillmentOrderLine, call: Call) -> list[JsonObject]:
    """What its remaining units cost; they all cost the same here."""
    found = sold(line, call)
    show = call.world.orders[found.order_id].currencies.show
    return [
        {
            "quantity": line.remaining,
            "originalUnitPriceSet": show(found.unit_price),
            "approximateDiscountedUnitPriceSet": show(found.net_unit_price),
            "discountAllocations": [],
        }
    ]


@FULFILLMENT_ORDER.field("remainingLineItemsWeight")
def remaining_line_items_weight(part: FulfillmentOrder, call: Call) -> JsonObject | None:
    """Weight of the units that remain."""
    grams = sum(call.world.lines[line.line_item_id].grams * line.remaining for line in part.lines)
    return {"value": float(grams), "unit": "GRAMS"} if grams else None


LINE.field("sku")(lambda line, call: sold(line, call).sku)
LINE.field("productTitle")(lambda line, call: sold(line, call).title)
LINE.field("variantTitle")(lambda line, call: sold(line, call).variant_title)
LINE.field("vendor")(lambda line, call: sold(line, call).vendor)
LINE.field("requiresShipping")(lambda line, call: sold(line, call).requires_shipping)
