"""
What may be done with a fulfillment order in its present state; nothing else may.

Recorded 2026-04 for the merchant's own locations; at a service the set is recorded and the order that of Shopify's
examples.
"""

from shopify_standin.domain.fulfillment_services.serving import service_of
from shopify_standin.model.shipping import FulfillmentOrder, Hold
from shopify_standin.world import World

HOLDS_PER_APP = 10
"""On one fulfillment order; an app that has them is no longer offered another (recorded 2026-04)."""

_AT_SERVICE = {
    "SUBMITTED": ["CANCEL_FULFILLMENT_ORDER"],
    "ACCEPTED": ["REQUEST_CANCELLATION", "CREATE_FULFILLMENT"],
    "CANCELLATION_REQUESTED": ["CREATE_FULFILLMENT"],
    "CANCELLATION_REJECTED": ["REQUEST_CANCELLATION", "CREATE_FULFILLMENT"],
}


def supported_actions(world: World, part: FulfillmentOrder, app: str) -> list[str]:
    """Actions in the order in which Shopify lists them; `app` is the client id of who asks."""
    serviced = service_of(world, part) is not None
    if serviced and part.is_open and part.request_status in _AT_SERVICE:
        return list(_AT_SERVICE[part.request_status])
    match part.status:
        case "OPEN":
            return _open(world, part, serviced=serviced)
        case "IN_PROGRESS" if part.progress_reported:
            return ["CREATE_FULFILLMENT", "REPORT_PROGRESS", "HOLD", "MARK_AS_OPEN"]
        case "IN_PROGRESS":
            return ["CREATE_FULFILLMENT", *_report(serviced=serviced), "MOVE", "HOLD"]
        case "ON_HOLD":
            full = len(holds_of(part, app)) >= HOLDS_PER_APP
            return ["RELEASE_HOLD", "MOVE"] if full else ["RELEASE_HOLD", "HOLD", "MOVE"]
        case "SCHEDULED":
            return ["MARK_AS_OPEN"]
        case "INCOMPLETE":
            return [*(["REQUEST_FULFILLMENT"] if serviced else []), "CREATE_FULFILLMENT", "MOVE", "HOLD"]
        case _:
            return []


def holds_of(part: FulfillmentOrder, app: str) -> list[Hold]:
    """The holds that an app put."""
    return [hold for hold in part.holds if hold.app == app]


def partners(world: World, part: FulfillmentOrder) -> list[FulfillmentOrder]:
    """Open fulfillment orders of the same order and location."""
    others = (world.fulfillment_orders[n] for n in world.orders[part.order_id].fulfillment_order_ids)
    return [
        x
        for x in others
        if x is not part and x.status == "OPEN" and x.assigned.location_id == part.assigned.location_id
    ]


def _open(world: World, part: FulfillmentOrder, *, serviced: bool) -> list[str]:
    actions = ["REQUEST_FULFILLMENT"] if serviced else []
    actions += ["CREATE_FULFILLMENT", *_report(serviced=serviced), "MOVE", "HOLD"]
    if part.remaining > 1:
        actions.append("SPLIT")
    if partners(world, part):
        actions.append("MERGE")
    return actions


def _report(*, serviced: bool) -> list[str]:
    return [] if serviced else ["REPORT_PROGRESS"]
