"""Units leave an order: by refund, by edit, or because the order is cancelled."""

from shopify_standin.domain.inventory.stock import release, ship, take_back
from shopify_standin.model.sales import LineItem, Order
from shopify_standin.model.shipping import FulfillmentOrder, FulfillmentOrderLine
from shopify_standin.world import World


def withdraw_unfulfilled(world: World, order: Order, line: LineItem, units: int, *, restock: bool) -> None:
    """
    Take units that were not shipped out of the order and its fulfillment orders, the newest of these first.

    With `restock` they become available again where they were to leave from; without, they are written off.
    """
    line.remove(units)
    left = units
    for part, row in reversed(_open_rows(world, order, line)):
        taken = min(left, row.remaining)
        if not taken:
            continue
        left -= taken
        row.remaining -= taken
        row.total -= taken
        part.updated_at = world.now()
        let_go(world, line, part.assigned.location_id, taken, restock=restock)
        if not part.remaining:
            part.status = "CLOSED"


def let_go(world: World, line: LineItem, location_id: int, units: int, *, restock: bool) -> None:
    """Committed units are wanted no longer: they can be sold again, or leave the books (assumed, 2026-07)."""
    if not line.claimed or line.item_id is None:
        return
    if restock:
        release(world, line.item_id, location_id, units)
    else:
        ship(world, line.item_id, location_id, units)


def withdraw_fulfilled(world: World, line: LineItem, units: int, location_id: int | None) -> None:
    """Note that shipped units are no longer part of the order; at a location they become available again."""
    line.remove(units)
    line.returned += units
    if location_id is not None and line.item_id is not None:
        take_back(world, line.item_id, location_id, units)


def _open_rows(world: World, order: Order, line: LineItem) -> list[tuple[FulfillmentOrder, FulfillmentOrderLine]]:
    parts = [world.fulfillment_orders[number] for number in order.fulfillment_order_ids]
    return [(part, row) for part in parts if part.is_open for row in part.lines if row.line_item_id == line.id]
