"""Lists of fulfillment orders: all, those on hold by somebody's hand, and those of the app's own service."""

from shopify_standin.call import Call
from shopify_standin.connections import connection
from shopify_standin.domain.fulfillment_services.serving import service_of
from shopify_standin.errors import ApiError, JsonObject
from shopify_standin.ids import number_of
from shopify_standin.model.shipping import FulfillmentOrder
from shopify_standin.registry import Args, query
from shopify_standin.search import filters
from shopify_standin.search.search import Search
from shopify_standin.world import World

SEARCH = Search(
    {
        "id": filters.number(lambda x, _: x.id),
        "status": filters.text(lambda x, _: x.status),
        "assigned_location_id": filters.number(lambda x, _: x.assigned.location_id),
        "updated_at": filters.moment(lambda x, _: x.updated_at),
    },
    filters.number(lambda x, _: x.id),
)
_SORT = {"ID": None, "UPDATED_AT": lambda x: x.updated_at}
_ENDED = frozenset({"CLOSED", "CANCELLED"})

_ASSIGNED = {
    "FULFILLMENT_REQUESTED": ("SUBMITTED",),
    "FULFILLMENT_ACCEPTED": ("ACCEPTED", "CANCELLATION_REJECTED"),
    "CANCELLATION_REQUESTED": ("CANCELLATION_REQUESTED",),
    "FULFILLMENT_UNSUBMITTED": ("UNSUBMITTED",),
}


@query("fulfillmentOrders")
def fulfillment_orders(world: World, args: Args, call: Call) -> JsonObject:
    """All that are not closed, unless those are asked for too."""
    rows = [x for x in world.fulfillment_orders if args.get("includeClosed") or x.status not in _ENDED]
    found = SEARCH.select(rows, args.get("query"), call, ["fulfillmentOrders"])
    return connection(found, args, _SORT[args["sortKey"]])


@query("manualHoldsFulfillmentOrders")
def manual_holds(world: World, args: Args, call: Call) -> JsonObject:
    """Those on hold."""
    rows = [x for x in world.fulfillment_orders if x.status == "ON_HOLD"]
    return connection(SEARCH.select(rows, args.get("query"), call, ["manualHoldsFulfillmentOrders"]), args)


@query("assignedFulfillmentOrders")
def assigned_fulfillment_orders(world: World, args: Args, call: Call) -> JsonObject:
    """Those of the app's own services; an app without one is refused (recorded 2026-04)."""
    app = call.grant.app.client_id
    if not any(service.app == app for service in world.services):
        raise ApiError('["The api_client is not associated with any fulfillment service."]')
    status = args.get("assignmentStatus")
    wanted = None if status is None else _ASSIGNED[status]
    places = {number_of(value, "Location") for value in args.get("locationIds") or ()}

    def fits(part: FulfillmentOrder) -> bool:
        service = service_of(world, part)
        return (
            service is not None
            and service.app == app
            and part.status not in _ENDED
            and (wanted is None or part.request_status in wanted)
            and (not places or part.assigned.location_id in places)
        )

    return connection([x for x in world.fulfillment_orders if fits(x)], args, _SORT[args["sortKey"]])
