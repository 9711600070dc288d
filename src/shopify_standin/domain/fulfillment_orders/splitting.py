"""
`fulfillmentOrderSplit` and `fulfillmentOrderMerge`: each batch happens whole or not at all (recorded 2026-04).

What is refused beyond too many units is refused in words that are assumed.
"""

from functools import partial
from typing import Any

from shopify_standin.domain.fulfillment_orders.dividing import absorb, close_if_empty, divide
from shopify_standin.domain.fulfillment_orders.finding import Units, find_part, find_units, is_all
from shopify_standin.domain.fulfillment_orders.telling import part_changed
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.model.shipping import FulfillmentOrder
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads import fulfillment_orders as payloads
from shopify_standin.world import World

NOT_FOUND = "FULFILLMENT_ORDER_NOT_FOUND"


@mutation("fulfillmentOrderSplit")
def fulfillment_order_split(world: World, args: Args) -> JsonObject:
    """The named units go into a new fulfillment order, `remainingFulfillmentOrder`; the rest keeps the id."""
    checked = [_checked_split(world, index, given) for index, given in enumerate(args["fulfillmentOrderSplits"])]
    results = []
    for part, units in checked:
        asked = [{"id": line.gid, "quantity": count} for line, count in units]
        made = divide(world, part, units)
        part_changed(world, part, made)
        emit(world, "FULFILLMENT_ORDERS_SPLIT", partial(payloads.split, part, made, asked))
        results.append({
            "fulfillmentOrder": part,
            "remainingFulfillmentOrder": made,
            "replacementFulfillmentOrder": None,
        })  # fmt: skip
    return {"fulfillmentOrderSplits": results, "userErrors": []}


def _checked_split(world: World, index: int, given: dict[str, Any]) -> tuple[FulfillmentOrder, Units]:
    at = ["fulfillmentOrderSplits", str(index)]
    part = find_part(world, given["fulfillmentOrderId"], [*at, "fulfillmentOrderId"], NOT_FOUND)
    if not given["fulfillmentOrderLineItems"]:
        message = "No line items were provided to split."
        raise Refused(user_error([*at, "fulfillmentOrderLineItems"], message, "NO_LINE_ITEMS_PROVIDED_TO_SPLIT"))
    if part.status != "OPEN" or part.progress_reported:
        raise Refused(user_error(at, "The fulfillment order is not in a splittable state."))
    units = find_units(part, given["fulfillmentOrderLineItems"])
    if is_all(part, units):
        message = "A fulfillment order cannot be split by all of its units."
        raise Refused(user_error([*at, "fulfillmentOrderLineItems"], message, "INVALID_LINE_ITEM_QUANTITY"))
    return part, units


@mutation("fulfillmentOrderMerge")
def fulfillment_order_merge(world: World, args: Args) -> JsonObject:
    """The first of each list takes the units of the others, which are closed once nothing is left of them."""
    checked = [_checked_merge(world, index, given) for index, given in enumerate(args["fulfillmentOrderMergeInputs"])]
    results = []
    for parts, given in checked:
        kept = parts[0][0]
        for part, units in parts[1:]:
            absorb(world, kept, units)
            close_if_empty(world, part)
        part_changed(world, *(part for part, _ in parts))
        emit(world, "FULFILLMENT_ORDERS_MERGED", partial(payloads.merged, kept, given))
        results.append({"fulfillmentOrder": kept})
    return {"fulfillmentOrderMerges": results, "userErrors": []}


def _checked_merge(
    world: World, index: int, given: dict[str, Any]
) -> tuple[list[tuple[FulfillmentOrder, Units]], list[JsonObject]]:
    at = ["fulfillmentOrderMergeInputs", str(index), "mergeIntents"]
    parts = []
    for place, intent in enumerate(given["mergeIntents"]):
        part = find_part(world, intent["fulfillmentOrderId"], [*at, str(place), "fulfillmentOrderId"], NOT_FOUND)
        parts.append((part, find_units(part, intent.get("fulfillmentOrderLineItems"))))
    distinct = {part.id for part, _ in parts}
    if len(parts) < 2 or len(distinct) < len(parts):
        raise Refused(user_error(at, "At least two different fulfillment orders must be merged.", "GREATER_THAN"))
    if len({(part.order_id, part.assigned.location_id) for part, _ in parts}) > 1:
        raise Refused(user_error(at, "Fulfillment orders must belong to the same order and location."))
    if any(part.status != "OPEN" for part, _ in parts):
        raise Refused(user_error(at, "Only open fulfillment orders can be merged."))
    return parts, given["mergeIntents"]
