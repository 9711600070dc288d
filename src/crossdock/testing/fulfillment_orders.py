"""What people do to fulfillment orders on Shopify, as pure changes of an order (recorded 2026-04)."""

from collections.abc import Callable
from dataclasses import replace

from crossdock.model.names import FulfillmentOrderId, FulfillmentOrderLineId, LocationId, Units
from crossdock.model.order import FulfillmentOrder, FulfillmentOrderLine, Order

OPEN_ACTIONS = frozenset({"CREATE_FULFILLMENT", "HOLD", "MOVE", "REPORT_PROGRESS"})
HELD_ACTIONS = frozenset({"RELEASE_HOLD", "HOLD", "MOVE"})


def split(order: Order, fulfillment_order: FulfillmentOrderId, units: int) -> Order:
    """Take so many units of each line into a new fulfillment order at the same location."""
    old = _part(order, fulfillment_order)
    kept = tuple(_less(line, units) for line in old.lines)
    moved = tuple(_renumbered(line, units) for line in old.lines)
    new = replace(old, id=FulfillmentOrderId(f"{old.id}9"), lines=moved)
    changed = _with(order, fulfillment_order, lambda fo: replace(fo, lines=kept))
    return replace(changed, fulfillment_orders=(*changed.fulfillment_orders, new))


def merge(order: Order, into: FulfillmentOrderId, gone: FulfillmentOrderId) -> Order:
    """Put what remains of one fulfillment order into another one of its location, and close it."""
    target, source = _part(order, into), _part(order, gone)
    lines = {line.line_item: line for line in target.lines}
    for line in source.lines:
        known = lines.get(line.line_item)
        lines[line.line_item] = _renumbered(line, line.remaining) if known is None else _more(known, line.remaining)
    closed = tuple(_less(line, line.remaining) for line in source.lines)
    merged = _with(order, into, lambda fo: replace(fo, lines=tuple(lines.values())))
    return _with(merged, gone, lambda fo: replace(fo, status="CLOSED", supported_actions=frozenset(), lines=closed))


def move(order: Order, fulfillment_order: FulfillmentOrderId, location: LocationId) -> Order:
    """Let a fulfillment order ship from another location; it keeps its id."""
    return _with(order, fulfillment_order, lambda fo: replace(fo, location=location, location_name="Elsewhere"))


def hold(order: Order, fulfillment_order: FulfillmentOrderId) -> Order:
    """Put a fulfillment order on hold."""
    return _with(order, fulfillment_order, lambda fo: replace(fo, status="ON_HOLD", supported_actions=HELD_ACTIONS))


def release(order: Order, fulfillment_order: FulfillmentOrderId) -> Order:
    """Release the hold of a fulfillment order."""
    return _with(order, fulfillment_order, lambda fo: replace(fo, status="OPEN", supported_actions=OPEN_ACTIONS))


def _part(order: Order, id_: FulfillmentOrderId) -> FulfillmentOrder:
    return next(fo for fo in order.fulfillment_orders if fo.id == id_)


def _with(order: Order, id_: FulfillmentOrderId, change: Callable[[FulfillmentOrder], FulfillmentOrder]) -> Order:
    parts = tuple(change(fo) if fo.id == id_ else fo for fo in order.fulfillment_orders)
    return replace(order, fulfillment_orders=parts)


def _less(line: FulfillmentOrderLine, units: int) -> FulfillmentOrderLine:
    return replace(line, total=Units(line.total - units), remaining=Units(line.remaining - units))


def _more(line: FulfillmentOrderLine, units: int) -> FulfillmentOrderLine:
    return _less(line, -units)


def _renumbered(line: FulfillmentOrderLine, units: int) -> FulfillmentOrderLine:
    new = FulfillmentOrderLineId(f"{line.id}9")
    return replace(line, id=new, total=Units(units), remaining=Units(units))
