"""
What the backend has in hand, and which of Shopify's fulfillment orders it stands for by now. Pure.

Shopify splits, merges and moves fulfillment orders after the backend was asked for them. What was bought, and how much
of it, says where the units are that a request was made for: they are never asked for twice.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from crossdock.flows.orders.sight import Sent, Sight, to_ship_again
from crossdock.model.names import FulfillmentOrderLineId, LineItemId, RequestKey
from crossdock.model.order import FulfillmentOrder, FulfillmentOrderLine, Order
from crossdock.model.request import WorkState
from crossdock.model.reshipping import ships_again
from crossdock.model.service_request import is_to_ship


@dataclass(frozen=True, slots=True)
class Cover:
    """
    Where the units of requests are wanted that their own fulfillment orders do not wait for any more.

    `lent` says of a request's line how many of its units stand for lines of other fulfillment orders at its location,
    `taken` how many units of a fulfillment order's line other requests stand for. `stray` are units that the backend
    has in hand and that nothing at its location waits for, by what was bought: with them, the same goods would ship
    twice if they were asked for elsewhere.
    """

    lent: Counter[tuple[RequestKey, FulfillmentOrderLineId]] = field(default_factory=Counter)
    taken: Counter[FulfillmentOrderLineId] = field(default_factory=Counter)
    stray: Counter[LineItemId] = field(default_factory=Counter)


def cover(sight: Sight, order: Order) -> Cover:
    """
    Match what requests have to spare with what others wait for, in the order in which they were made.

    Units that others fulfilled are not to spare: they are done. At a fulfillment service's location nothing waits for
    them that the merchant has not requested.
    """
    found = Cover()
    parts = {line.id: (fo, line) for fo in order.fulfillment_orders for line in fo.lines}
    done = fulfilled_elsewhere(sight, order)
    waiting: dict[FulfillmentOrderLineId, int] = {id_: line.remaining for id_, (_, line) in parts.items()}
    spare: list[tuple[Sent, FulfillmentOrderLine, int]] = []
    for sent in sight.sent:
        for reference, units in _in_hand(sight, sent).items():
            if reference not in parts:
                continue
            fo, line = parts[reference]
            theirs = fo.id == sent.fulfillment_order or _is_wanted(sight, order, fo)
            own = min(units, line.remaining) if fo.location == sent.location and theirs else 0
            waiting[reference] -= own
            if own and (fo.id != sent.fulfillment_order or sent.followed_up):
                # A line that a split takes whole keeps its id, and is the request's still. So is what left of one that
                # was followed up, until Shopify is told of it.
                found.lent[sent.key, reference] += own
                found.taken[reference] += own
            others = max(0, min(units - own, done[line.line_item]))
            done[line.line_item] -= others
            if units - own - others > 0:
                spare.append((sent, line, units - own - others))
    for sent, line, units in spare:
        left = units
        for one in _same_goods(sight, order, line, sent):
            lent = min(left, waiting[one.id])
            if lent > 0:
                left -= lent
                waiting[one.id] -= lent
                found.lent[sent.key, line.id] += lent
                found.taken[one.id] += lent
        found.stray[line.line_item] += left
    return found


def fulfilled_elsewhere(sight: Sight, order: Order) -> Counter[LineItemId]:
    """Return how many units of each order line Shopify has as fulfilled beyond the packages that we told it of."""
    items = {line.id: line.line_item for fo in order.fulfillment_orders for line in fo.lines}
    found = Counter[LineItemId]()
    for fulfillment in order.fulfillments:
        if not fulfillment.cancelled:
            found.update(fulfillment.units)
    for (_, line), units in sight.left.told.items():
        if line in items:
            found[items[line]] -= units
    return found


def being_told(sight: Sight, order: Order) -> Collection[LineItemId]:
    """Return what was bought of which a package left that Shopify may not count yet: what waits for it may be that."""
    if sight.left.sure:
        return ()
    items = {line.id: line.line_item for fo in order.fulfillment_orders for line in fo.lines}
    return {items[line] for _, line in sight.left.told if line in items}


def _in_hand(sight: Sight, sent: Sent) -> Mapping[FulfillmentOrderLineId, int]:
    """Return what the backend has still to ship of a request, or ships without Shopify having been told yet."""
    if sent.work is None or sent.work.state is WorkState.CANCELLED:
        return {}
    left = {
        reference: units - sent.short.get(reference, 0) - sight.left.told.get((sent.key, reference), 0)
        for reference, units in sent.asked.items()
    }
    return {reference: units for reference, units in left.items() if units > 0}


def _is_wanted(sight: Sight, order: Order, fo: FulfillmentOrder) -> bool:
    return not fo.at_service or is_to_ship(fo) or ships_again(order, fo, to_ship_again(sight))


def _same_goods(sight: Sight, order: Order, line: FulfillmentOrderLine, sent: Sent) -> list[FulfillmentOrderLine]:
    return [
        one
        for fo in order.fulfillment_orders
        for one in fo.lines
        if one.line_item == line.line_item
        and one.id != line.id
        and fo.location == sent.location
        and _is_wanted(sight, order, fo)
    ]
