"""What could become of a fulfillment order: where it could move, with what it could merge."""

from shopify_standin.call import Call
from shopify_standin.connections import connection, count
from shopify_standin.domain.fulfillment_orders.actions import partners
from shopify_standin.domain.fulfillment_orders.moving import is_stocked
from shopify_standin.errors import JsonObject
from shopify_standin.ids import number_of
from shopify_standin.model.places import Location
from shopify_standin.model.shipping import FulfillmentOrder, FulfillmentOrderLine
from shopify_standin.registry import Args, Fields
from shopify_standin.search import filters
from shopify_standin.search.search import Search

FULFILLMENT_ORDER = Fields("FulfillmentOrder")
PROSPECT = Fields("FulfillmentOrderLocationForMove")
PROSPECT.attributes("location", "movable", "message")

_SEARCH = Search({"name": filters.words(lambda x, _: x.location.name)}, filters.words(lambda x, _: x.location.name))


class Prospect:
    """One location, and which lines could leave from there."""

    def __init__(self, place: Location, able: list[FulfillmentOrderLine], unable: list[FulfillmentOrderLine]) -> None:
        self.id, self.location, self.able, self.unable = place.id, place, able, unable

    @property
    def movable(self) -> bool:
        """Whether anything could."""
        return bool(self.able)

    @property
    def message(self) -> str | None:
        """Why nothing could."""
        return None if self.able else "No items are stocked at this location."


@FULFILLMENT_ORDER.field("locationsForMove")
def locations_for_move(part: FulfillmentOrder, args: Args, call: Call) -> JsonObject:
    """Where it could be shipped from instead: every other active location, with what it can do."""
    world = call.world
    named = {number_of(value, "Location") for value in args.get("locationIds") or ()}
    chosen = {number_of(value, "FulfillmentOrderLineItem") for value in args.get("lineItemIds") or ()}
    lines = [line for line in part.lines if line.remaining and (not chosen or line.id in chosen)]
    rows = []
    for place in world.locations:
        if not place.is_active or place.id == part.assigned.location_id or (named and place.id not in named):
            continue
        able = [line for line in lines if is_stocked(world, line.line_item_id, place)]
        rows.append(Prospect(place, able, [line for line in lines if line not in able]))
    return connection(_SEARCH.select(rows, args.get("query"), call, ["locationsForMove"]), args)


@FULFILLMENT_ORDER.field("fulfillmentOrdersForMerge")
def fulfillment_orders_for_merge(part: FulfillmentOrder, args: Args, call: Call) -> JsonObject:
    """Open ones of the same order and location."""
    return connection(partners(call.world, part), args)


@PROSPECT.field("availableLineItems")
def available(prospect: Prospect, args: Args) -> JsonObject:
    """Lines that could leave from there."""
    return connection(prospect.able, args)


@PROSPECT.field("unavailableLineItems")
def unavailable(prospect: Prospect, args: Args) -> JsonObject:
    """Lines that could not."""
    return connection(prospect.unable, args)


PROSPECT.field("availableLineItemsCount")(lambda prospect: count(prospect.able))
PROSPECT.field("unavailableLineItemsCount")(lambda prospect: count(prospect.unable))
