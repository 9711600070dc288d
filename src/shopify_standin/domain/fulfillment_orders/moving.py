"""
`fulfillmentOrderMove` and `fulfillmentOrdersReroute`: another location is to ship.

Messages of moves recorded 2026-04; codes of reroutes from Shopify docs, 2026. Committed units move along.
"""

from functools import partial

from shopify_standin.domain.fulfillment_orders.dividing import close_if_empty, divide
from shopify_standin.domain.fulfillment_orders.finding import Units, find_part, find_units, is_all
from shopify_standin.domain.fulfillment_orders.planning import plan_among
from shopify_standin.domain.fulfillment_orders.telling import part_changed
from shopify_standin.domain.inventory.stock import any_level_at, release, reserve
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.places import Location
from shopify_standin.model.shipping import AssignedLocation, FulfillmentOrder
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.fulfillment_orders import moved as moved_payload
from shopify_standin.world import World

MOVABLE = frozenset({"OPEN", "IN_PROGRESS", "ON_HOLD", "INCOMPLETE", "SCHEDULED"})
WITH_SERVICE = frozenset({"SUBMITTED", "ACCEPTED", "CANCELLATION_REQUESTED", "CANCELLATION_REJECTED"})


@mutation("fulfillmentOrderMove")
def fulfillment_order_move(world: World, args: Args) -> JsonObject:
    """Move all that remains, which keeps the id while nothing was shipped, or some units, which makes a new one."""
    place = world.locations.get(number_of(args["newLocationId"], "Location"))
    if place is None or not place.is_active:
        raise Refused(user_error(["id"], "Location not found."))
    part = find_part(world, args["id"])
    _check_movable(part)
    if place.id == part.assigned.location_id:
        raise Refused(user_error(None, "Cannot change location."))
    given = args.get("fulfillmentOrderLineItems")
    units = [(line, count) for line, count in find_units(part, given) if is_stocked(world, line.line_item_id, place)]
    if not units or (given and len(units) < len(given)):
        raise Refused(user_error(None, "No items are stocked at this location."))
    moved = move(world, part, units, place)
    remaining = None if moved is part else part
    return {
        "movedFulfillmentOrder": moved,
        "originalFulfillmentOrder": part,
        "remainingFulfillmentOrder": remaining,
        "userErrors": [],
    }


def move(world: World, part: FulfillmentOrder, units: Units, place: Location) -> FulfillmentOrder:
    """Let another location ship these units; what has them afterwards is `part` itself or a new one."""
    source = part.assigned.location_id
    for line, count in units:
        _move_committed(world, line.line_item_id, source, place.id, count)
    asked = [{"id": line.gid, "quantity": count} for line, count in units]
    whole = is_all(part, units) and all(line.remaining == line.total for line in part.lines)
    moved = part if whole else divide(world, part, units)
    moved.assigned = AssignedLocation(place.id, place.name, place.address)
    if moved is not part:
        close_if_empty(world, part)
    part_changed(world, moved, part)
    emit(world, "FULFILLMENT_ORDERS_MOVED", partial(moved_payload, part, moved, source, asked))
    return moved


def is_stocked(world: World, line_item_id: int, place: Location) -> bool:
    """Whether a location has ever stocked what a line sells; what is not counted can leave from anywhere."""
    item = world.items.get(world.lines[line_item_id].item_id)
    return item is None or not item.tracked or any_level_at(world, item.id, place.id) is not None


def _move_committed(world: World, line_item_id: int, source: int, target: int, units: int) -> None:
    sold = world.lines[line_item_id]
    if sold.claimed and sold.item_id is not None:
        release(world, sold.item_id, source, units)
        reserve(world, sold.item_id, target, units)


def _check_movable(part: FulfillmentOrder) -> None:
    if part.status not in MOVABLE:
        raise Refused(user_error(None, "Cannot change location."))
    if part.progress_reported:
        message = (
            "Cannot move a fulfillment order that has had progress reported. To move a fulfillment order that has"
            " had progress reported, the fulfillment order must first be marked as open resolving the ongoing"
            " progress state."
        )
        raise Refused(user_error(["id"], message, "CANNOT_MOVE_FULFILLMENT_ORDER_WITH_REPORTED_PROGRESS"))
    if part.request_status in WITH_SERVICE:
        message = "Cannot move submitted fulfillment order that is at a 3PL fulfillment service."
        raise Refused(user_error(None, message))


@mutation("fulfillmentOrdersReroute")
def fulfillment_orders_reroute(world: World, args: Args) -> JsonObject:
    """Let routing decide again where fulfillment orders of one order and location leave from."""
    ids = args["fulfillmentOrderIds"]
    at = ["fulfillmentOrderIds"]
    if not ids:
        raise Refused(user_error(at, "No fulfillment order IDs were provided.", "NO_FULFILLMENT_ORDER_IDS"))
    parts = [find_part(world, value, at, "FULFILLMENT_ORDER_NOT_FOUND") for value in ids]
    _check_reroutable(world, parts, at)
    places = _candidates(world, args, parts[0])
    moved = []
    for part in parts:
        place = plan_among(world, places, [(world.lines[line.line_item_id], line.remaining) for line in part.lines])
        if place is None:
            message = "Cannot reassign location for fulfillment orders."
            raise Refused(user_error(at, message, "CANNOT_REASSIGN_LOCATION_FOR_FULFILLMENT_ORDERS"))
        moved.append((part, place))
    return {
        "movedFulfillmentOrders": [move(world, part, find_units(part, None), place) for part, place in moved],
        "userErrors": [],
    }


def _candidates(world: World, args: Args, part: FulfillmentOrder) -> list[Location]:
    included = {number_of(value, "Location") for value in args.get("includedLocationIds") or ()}
    excluded = {number_of(value, "Location") for value in args.get("excludedLocationIds") or ()}
    return [
        place
        for place in world.locations
        if place.is_active
        and place.fulfills_online_orders
        and place.id != part.assigned.location_id
        and place.id not in excluded
        and (not included or place.id in included)
    ]


def _check_reroutable(world: World, parts: list[FulfillmentOrder], at: list[str]) -> None:
    refusals = (
        (len(world.locations) == 1, "This feature is only supported for multi-location shops.",
         "SINGLE_LOCATION_SHOP_NOT_SUPPORTED"),
        (len({part.order_id for part in parts}) > 1, "Fulfillment orders are not from the same order.",
         "FULFILLMENT_ORDERS_NOT_FROM_THE_SAME_ORDER"),
        (len({part.assigned.location_id for part in parts}) > 1, "Fulfillment orders must belong to the same location.",
         "FULFILLMENT_ORDERS_MUST_BELONG_TO_SAME_LOCATION"),
        (any(part.progress_reported for part in parts), "Cannot move a fulfillment order that has progress reported.",
         "CANNOT_MOVE_FULFILLMENT_ORDER_WITH_REPORTED_PROGRESS"),
        (any(part.status != "OPEN" or part.request_status in WITH_SERVICE for part in parts),
         "All fulfillment orders must have status and request status compatible with reroutable states.",
         "FULFILLMENT_ORDERS_STATE_NOT_SUPPORTED"),
        (any(part.method_type != "SHIPPING" for part in parts), "The delivery method type is not supported.",
         "DELIVERY_METHOD_TYPE_NOT_SUPPORTED"),
    )  # fmt: skip
    for holds, message, code in refusals:
        if holds:
            raise Refused(user_error(at, message, code))
