"""What an order's returns have come to, and what of its shipments can still come back."""

from shopify_standin.model.sales import Order
from shopify_standin.model.shipping import FulfillmentLine
from shopify_standin.world import World


def return_status(world: World, order: Order) -> str:
    """`Order.returnStatus`: the most urgent state of its returns (recorded 2026-04)."""
    states = {world.returns[number].status for number in order.return_ids}
    if "REQUESTED" in states:
        return "RETURN_REQUESTED"
    if "OPEN" in states:
        return "IN_PROGRESS"
    return "RETURNED" if "CLOSED" in states else "NO_RETURN"


def returnable_units(world: World, order: Order, shipped: FulfillmentLine) -> int:
    """Units of a shipped line that no living return speaks for."""
    living = [world.returns[number] for number in order.return_ids if world.returns[number].is_alive]
    spoken_for = sum(line.quantity for one in living for line in one.lines if line.fulfillment_line_id == shipped.id)
    return max(0, shipped.quantity - spoken_for)
