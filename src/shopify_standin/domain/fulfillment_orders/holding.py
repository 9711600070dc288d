"""
`fulfillmentOrderHold` and `fulfillmentOrderReleaseHold` (answers and messages recorded 2026-04).

A hold of some units splits the rest off; when the last hold goes, what was split off and is still open comes back.
`notifyMerchant` leaves no trace that the Admin API shows.
"""

from functools import partial
from typing import Any

from shopify_standin.call import Call
from shopify_standin.domain.fulfillment_orders.actions import HOLDS_PER_APP, holds_of
from shopify_standin.domain.fulfillment_orders.dividing import absorb, divide
from shopify_standin.domain.fulfillment_orders.finding import Units, find_part
from shopify_standin.domain.fulfillment_orders.telling import part_changed
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.shipping import FulfillmentOrder, Hold
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads import fulfillment_orders as payloads
from shopify_standin.world import World

HANDLE_LIMIT = 64
HOLDABLE = frozenset({"OPEN", "IN_PROGRESS", "SCHEDULED", "INCOMPLETE", "ON_HOLD"})


@mutation("fulfillmentOrderHold")
def fulfillment_order_hold(world: World, args: Args, call: Call) -> JsonObject:
    """Stop work on a fulfillment order, or on some units of it; holds stack."""
    given, app = args["fulfillmentHold"], call.grant.app
    _check_lines(given)
    part = find_part(world, args["id"], code="FULFILLMENT_ORDER_NOT_FOUND")
    held = _checked(part, given, app.client_id)
    rest = [(line, line.remaining - held.get(line.id, 0)) for line in part.lines] if held else []
    rest = [(line, count) for line, count in rest if count]
    remaining = divide(world, part, rest) if rest else None
    if remaining is not None:
        part.left_by_hold.append(remaining.id)
    made = Hold(
        world.ids.next("FulfillmentHold"),
        part.id,
        app.client_id,
        app.gid,
        given["reason"],
        given.get("reasonNotes"),
        given.get("handle") or "",
        given.get("externalId"),
    )
    put(world, part, made, remaining)
    return {"fulfillmentHold": made, "fulfillmentOrder": part, "remainingFulfillmentOrder": remaining, "userErrors": []}


def put(world: World, part: FulfillmentOrder, made: Hold, remaining: FulfillmentOrder | None = None) -> None:
    """Put a hold on a fulfillment order; `remaining` is what a partial one split off."""
    part.holds.append(world.holds.add(made))
    part.status = "ON_HOLD"
    part_changed(world, part)
    emit(world, "FULFILLMENT_HOLDS_ADDED", lambda: payloads.hold_change(part, made))
    if len(part.holds) == 1:  # later holds on it are told by `fulfillment_holds/added` alone (Shopify docs, 2026)
        emit(world, "FULFILLMENT_ORDERS_PLACED_ON_HOLD", lambda: payloads.placed_on_hold(part, remaining, made))


def _checked(part: FulfillmentOrder, given: dict[str, Any], app: str) -> dict[int, int]:
    """Units to hold by line; empty for all. Raises Refused with Shopify's code."""
    at = ["fulfillmentHold"]
    lines = given.get("fulfillmentOrderLineItems") or []
    if part.status not in HOLDABLE:
        raise Refused(user_error(["id"], "The fulfillment order is not in a holdable state."))
    handle = given.get("handle") or ""
    if len(handle) > HANDLE_LIMIT:
        raise Refused(user_error([*at, "handle"], f"Handle is too long (maximum is {HANDLE_LIMIT} characters)"))
    own = holds_of(part, app)
    if any(hold.handle == handle for hold in own):
        message = (
            "The handle provided for the fulfillment hold is already in use by this app for another hold on this"
            " fulfillment order."
        )
        raise Refused(user_error([*at, "handle"], message, "DUPLICATE_FULFILLMENT_HOLD_HANDLE"))
    if len(own) >= HOLDS_PER_APP:
        message = (
            "The maximum number of fulfillment holds for this fulfillment order has been reached for this app."
            f" An app can only have up to {HOLDS_PER_APP} holds on a single fulfillment order at any one time."
        )
        raise Refused(user_error(["id"], message, "FULFILLMENT_ORDER_HOLD_LIMIT_REACHED"))
    return _units(part, lines, [*at, "fulfillmentOrderLineItems"]) if lines else {}


def _check_lines(given: dict[str, Any]) -> None:
    """What is wrong with the input by itself, whatever the fulfillment order's state."""
    lines, at = given.get("fulfillmentOrderLineItems") or [], ["fulfillmentHold", "fulfillmentOrderLineItems"]
    for index, row in enumerate(lines):
        if row["quantity"] < 1:
            message = "You must select at least one item to place on partial hold."
            raise Refused(user_error([*at, str(index), "quantity"], message, "GREATER_THAN_ZERO"))
    if len({row["id"] for row in lines}) < len(lines):
        message = "must contain unique line item ids"
        raise Refused(user_error(at, message, "DUPLICATED_FULFILLMENT_ORDER_LINE_ITEMS"))


def _units(part: FulfillmentOrder, lines: list[dict[str, Any]], at: list[str]) -> dict[int, int]:
    if part.status != "OPEN":
        message = "The fulfillment order is not in a splittable state."
        raise Refused(user_error(at, message, "FULFILLMENT_ORDER_NOT_SPLITTABLE"))
    known = {line.id: line for line in part.lines}
    held = {number_of(row["id"], "FulfillmentOrderLineItem"): row["quantity"] for row in lines}
    for index, (number, units) in enumerate(held.items()):
        if number not in known or units > known[number].remaining:
            message = "The fulfillment order line item quantity is invalid."
            raise Refused(user_error([*at, str(index), "quantity"], message, "INVALID_LINE_ITEM_QUANTITY"))
    return held


@mutation("fulfillmentOrderReleaseHold")
def fulfillment_order_release_hold(world: World, args: Args) -> JsonObject:
    """Take holds off: those named, or without `holdIds` all, whoever put them."""
    part = find_part(world, args["id"], code="FULFILLMENT_ORDER_NOT_FOUND")
    if not part.holds:
        raise Refused(user_error(["id"], "The fulfillment order is not on hold."))
    release(world, part, _wanted_holds(part, args))
    return {"fulfillmentOrder": part, "userErrors": []}


def release(world: World, part: FulfillmentOrder, released: list[Hold]) -> None:
    """Take these holds off; with the last of them work goes on."""
    part.holds = [hold for hold in part.holds if hold not in released]
    for hold in released:
        world.holds.remove(hold.id)
    if not part.holds:
        resume(world, part)
    part_changed(world, part)
    for hold in released:
        emit(world, "FULFILLMENT_HOLDS_RELEASED", partial(payloads.hold_change, part, hold))
    if not part.holds:
        emit(world, "FULFILLMENT_ORDERS_HOLD_RELEASED", lambda: {"fulfillment_order": payloads.brief(part)})


def _wanted_holds(part: FulfillmentOrder, args: Args) -> list[Hold]:
    """The holds with the given ids, or with the app's own name for them (words of the refusals assumed)."""
    wanted = {number_of(value, "FulfillmentHold") for value in args.get("holdIds") or ()}
    found = [hold for hold in part.holds if not wanted or hold.id in wanted]
    if wanted and len(found) < len(wanted):
        raise Refused(user_error(["holdIds"], "The fulfillment hold could not be found."))
    name = args.get("externalId")
    named = [hold for hold in found if name is None or hold.external_id == name]
    if not named:
        raise Refused(user_error(["externalId"], "The fulfillment hold could not be found."))
    return named


def resume(world: World, part: FulfillmentOrder) -> None:
    """Work may go on: the status from before comes back, and so does what a partial hold had split off."""
    part.status = "IN_PROGRESS" if part.has_begun else "OPEN"
    for number in part.left_by_hold:
        other = world.fulfillment_orders[number]
        if other.status == "OPEN" and not other.has_begun and other.assigned.location_id == part.assigned.location_id:
            back: Units = [(line, line.remaining) for line in other.lines]
            absorb(world, part, back)
            other.status, other.updated_at = "CLOSED", world.now()
    part.left_by_hold = []
