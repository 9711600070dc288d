"""What may be done with a fulfillment order in its present state (recorded 2026-04)."""

from shopify_standin.model.shipping import FulfillmentOrder
from shopify_standin.world import World


def supported_actions(world: World, part: FulfillmentOrder) -> list[str]:
    """Actions in the order in which Shopify lists them."""
    match part.status:
        case "OPEN" if not part.progress_reported:
            actions = ["CREATE_FULFILLMENT", "REPORT_PROGRESS", "MOVE", "HOLD"]
            if part.remaining > 1:
                actions.append("SPLIT")
            if _has_partner(world, part):
                actions.append("MERGE")
            return actions
        case "IN_PROGRESS" if part.progress_reported:
            return ["CREATE_FULFILLMENT", "REPORT_PROGRESS", "HOLD", "MARK_AS_OPEN"]
        case "IN_PROGRESS" | "OPEN":
            return ["CREATE_FULFILLMENT", "REPORT_PROGRESS", "MOVE", "HOLD"]
        case "ON_HOLD":
            return ["RELEASE_HOLD", "HOLD", "MOVE"]
        case "SCHEDULED":
            return ["MARK_AS_OPEN"]
        case "INCOMPLETE":
            return ["CREATE_FULFILLMENT", "MOVE", "HOLD"]
        case _:
            return []


def _has_partner(world: World, part: FulfillmentOrder) -> bool:
    others = (world.fulfillment_orders[n] for n in world.orders[part.order_id].fulfillment_order_ids)
    return any(
        x is not part and x.status == "OPEN" and x.assigned.location_id == part.assigned.location_id for x in others
    )
