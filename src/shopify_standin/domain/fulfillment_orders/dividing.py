"""Take units out of one fulfillment order into another of the same order, and put them together again."""

from dataclasses import replace

from shopify_standin.domain.fulfillment_orders.finding import Units
from shopify_standin.domain.fulfillment_orders.routing import add_line
from shopify_standin.model.shipping import FulfillmentOrder
from shopify_standin.world import World


def sibling(world: World, part: FulfillmentOrder) -> FulfillmentOrder:
    """An open fulfillment order like `part`, without lines, holds or history."""
    now = world.now()
    made = replace(
        part,
        id=world.ids.next("FulfillmentOrder"),
        created_at=now,
        updated_at=now,
        status="OPEN",
        request_status="UNSUBMITTED",
        lines=[],
        holds=[],
        requests=[],
        fulfillment_ids=[],
        left_by_hold=[],
        progress_reported=False,
        is_prepared=False,
    )
    world.fulfillment_orders.add(made)
    world.orders[part.order_id].fulfillment_order_ids.append(made.id)
    return made


def divide(world: World, part: FulfillmentOrder, units: Units) -> FulfillmentOrder:
    """A new fulfillment order with `units` of `part`; a line that goes whole keeps its id."""
    made = sibling(world, part)
    for line, count in units:
        if count == line.total:
            part.lines.remove(line)
            line.fulfillment_order_id = made.id
            made.lines.append(line)
        else:
            line.total -= count
            line.remaining -= count
            add_line(world, made, line.line_item_id, count)
    part.updated_at = world.now()
    return made


def absorb(world: World, into: FulfillmentOrder, units: Units) -> None:
    """Move units of other fulfillment orders into one; their lines stay behind without them (recorded 2026-04)."""
    for line, count in units:
        line.total -= count
        line.remaining -= count
        same = next((x for x in into.lines if x.line_item_id == line.line_item_id), None)
        if same is None:
            add_line(world, into, line.line_item_id, count)
        else:
            same.total += count
            same.remaining += count
    into.updated_at = world.now()


def close_if_empty(world: World, part: FulfillmentOrder) -> None:
    """A fulfillment order from which nothing is left to ship is closed."""
    part.updated_at = world.now()
    if part.remaining == 0:
        part.status = "CLOSED"
