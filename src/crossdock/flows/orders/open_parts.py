"""The fulfillment orders of an order for which a warehouse is to be asked, as far as nobody was yet. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from crossdock.flows.orders.covering import Cover, being_told
from crossdock.flows.orders.sight import Sight, to_ship_again
from crossdock.flows.orders.undoing import goods
from crossdock.model.names import Units
from crossdock.model.order import FulfillmentOrder, FulfillmentOrderLine, Order
from crossdock.model.reshipping import ships_again
from crossdock.model.service_request import is_to_ship


@dataclass(frozen=True, slots=True)
class Part:
    """A fulfillment order and what is left of it to be asked for."""

    fulfillment_order: FulfillmentOrder
    lines: tuple[FulfillmentOrderLine, ...]


@dataclass(slots=True)
class OpenParts:
    """What the fulfillment orders of one order came to, in the order in which Shopify made them."""

    ready: list[Part] = field(default_factory=list)
    stray: list[FulfillmentOrder] = field(default_factory=list)
    """What cannot be asked for yet: the backend has these very goods in hand for another place."""
    notes: list[str] = field(default_factory=list)


def open_parts(sight: Sight, order: Order, covered: Cover) -> OpenParts:
    """Go through the fulfillment orders that no request stands for."""
    found = OpenParts()
    undone, telling = goods(sight, order), being_told(sight, order)
    # In the order in which Shopify made them, so that suffixes do not depend on the order of its answer.
    for fo in sorted(order.fulfillment_orders, key=lambda one: (len(one.id), one.id)):
        if _at_backend(sight, order, fo):
            continue
        if not is_to_ship(fo):
            found.notes.append(f"{fo.location_name}: {_why_not(fo)}")
            continue
        lines = _to_ship(order, fo, covered)
        if any(line.line_item in telling for line in lines):
            found.notes.append(f"{fo.location_name}: Shopify is just being told of a package of these goods.")
        elif any(line.line_item in undone for line in lines):
            found.notes.append(
                f"{fo.location_name}: these goods left already, in a package that Shopify does not count."
            )
        elif any(covered.stray[line.line_item] > 0 for line in lines):
            found.stray.append(fo)
        elif lines:
            found.ready.append(Part(fo, tuple(lines)))
    return found


def is_wanted(sight: Sight, order: Order, fo: FulfillmentOrder, covered: Cover) -> bool:
    """Tell whether anything of a fulfillment order is to be asked for, now or once something else is settled."""
    open_ = is_to_ship(fo) and not _at_backend(sight, order, fo)
    return open_ and bool(_to_ship(order, fo, covered))


def _why_not(fo: FulfillmentOrder) -> str:
    if fo.at_service and fo.request_status == "UNSUBMITTED":
        return "the merchant has not requested it yet."
    if fo.at_service and fo.status not in {"CLOSED", "CANCELLED"}:
        return f"Shopify has its request {fo.request_status.lower().replace('_', ' ')}."
    return f"Shopify has it {fo.status.lower().replace('_', ' ')}."


def _to_ship(order: Order, fo: FulfillmentOrder, covered: Cover) -> Sequence[FulfillmentOrderLine]:
    """
    What is left of it for a warehouse to be asked for.

    Gift cards and downloads are fulfilled by whoever makes them, and for some units the warehouse was asked already,
    as parts of what was split or merged since.
    """
    shipped = {line.id for line in order.lines if line.requires_shipping}
    lines = (replace(line, remaining=Units(line.remaining - covered.taken[line.id])) for line in fo.lines)
    return [line for line in lines if line.remaining > 0 and line.line_item in shipped]


def _at_backend(sight: Sight, order: Order, fo: FulfillmentOrder) -> bool:
    there = [one for one in sight.sent if one.work is not None and one.fulfillment_order == fo.id]
    return any(not one.is_over(fo) and not one.followed_up for one in there) or ships_again(
        order, fo, to_ship_again(sight)
    )
