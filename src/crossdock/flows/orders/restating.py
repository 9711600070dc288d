"""What Shopify wants of a request now that the backend accepted: its lines, its fields, its location. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from crossdock.flows.orders.asking import no_item, request_line, terms_for
from crossdock.flows.orders.changing import Late
from crossdock.flows.orders.covering import fulfilled_elsewhere
from crossdock.flows.orders.sight import Sent, Sight, Work
from crossdock.model.cause import Cause, Hold
from crossdock.model.change import Terms
from crossdock.model.field_mapping import Filled
from crossdock.model.names import LocationId, Units
from crossdock.model.order import FulfillmentOrder, FulfillmentOrderLine, Order
from crossdock.model.request import RequestLine


def restated(
    sight: Sight, order: Order, sent: Sent, work: Work, fo: FulfillmentOrder | None, before: Terms, late: Late
) -> Terms:
    """
    Return what a request would say if it was made now, and what its order rests on.

    `late` is told what keeps a part of it from being said, and is asked what other requests stand for.
    """
    lines, by_hand = _lines(sight, order, sent, fo, before, late)
    asked = before.request
    location = _location(sight, fo, before)
    filled = _filled(sight, order, work, fo, before, lines, late)
    return replace(
        terms_for(
            order,
            fo,
            location,
            key=asked.key,
            name=asked.name,
            warehouse=asked.warehouse,
            lines=lines,
            told=late.told,
            rules=sight.connection.rules.orders,
            filled=filled,
            mapping=before.mapping,
            by_hand=by_hand,
        ),
        let_be=before.let_be,
    )


def _location(sight: Sight, fo: FulfillmentOrder | None, before: Terms) -> LocationId:
    """
    Return from where it is to ship now.

    As before where nothing is left of it to ship, and while Shopify is just being told of a package: what left from
    elsewhere moves there first, and that changes nothing for the warehouse.
    """
    settled = sight.left.sure and fo is not None and any(line.remaining for line in fo.lines)
    return before.location if not settled or fo is None or fo.location is None else fo.location


def _filled(
    sight: Sight,
    order: Order,
    work: Work,
    fo: FulfillmentOrder | None,
    before: Terms,
    lines: Sequence[RequestLine],
    late: Late,
) -> Filled:
    """Return what its fields say now, by the mapping that it was sent with; as before where a required one is lost."""
    as_before = Filled(before.request.fields, lines={line.reference: line.fields for line in before.request.lines})
    if fo is None:
        return as_before
    rules, asked = sight.connection.rules.orders, before.request
    wanted = {line.reference for line in lines}
    theirs = [line for line in fo.lines if line.id in wanted]
    filled = sight.filling.of(order, rules, before.mapping, asked.warehouse, fo.location_name, theirs)
    # What was never there was not demanded when it was sent.
    said = dict.fromkeys(
        one.name for fields in (asked.fields, *(line.fields for line in asked.lines)) for one in fields
    )
    lost = [filled.missing[name] for name in said if name in filled.missing]
    if not lost:
        return filled
    if order.cancelled_at is None and work.state.may_still_ship:
        late.problems.append(Hold(Cause.FIELD_UNFILLED, f"{asked.name}: {' '.join(lost)}"))
    return as_before


def _lines(
    sight: Sight,
    order: Order,
    sent: Sent,
    fo: FulfillmentOrder | None,
    before: Terms,
    late: Late,
) -> tuple[tuple[RequestLine, ...], int]:
    """
    Return the lines that Shopify wants of the request in all, shipped units included, and what others fulfilled of it.

    As before where it cannot be told now: Shopify is just being told of a package, or a new line has no item yet.
    """
    asked = {line.reference: line for line in before.request.lines}
    there = {line.id: line for line in fo.lines} if fo is not None else {}
    taken = late.cover.taken
    added = [
        replace(line, remaining=Units(line.remaining - taken[line.id]))
        for line in there.values()
        if line.id not in asked and line.remaining > taken[line.id]
    ]
    _link_first(sight, order, added, late)
    if before.followed_up or not sight.left.sure or any(line.variant not in sight.links for line in added):
        return before.request.lines, before.by_hand
    lines = []
    by_hand = 0
    elsewhere = fulfilled_elsewhere(sight, order)
    for known in before.request.lines:
        line = there.get(known.reference)
        place = (sent.key, known.reference)
        wanted = sight.left.told.get(place, 0) + late.cover.lent[place]
        if line is not None:
            wanted += line.remaining - taken[line.id]
            # What is missing may be what somebody else fulfilled: then it was not taken away.
            theirs = max(0, min(known.units - wanted, elsewhere[line.line_item]))
            elsewhere[line.line_item] -= theirs
            by_hand += theirs
            wanted += theirs
        # Units that the backend gave up on may be wanted or not: either way it was asked for them already.
        given_up = sent.short.get(known.reference, 0)
        same = known.units - given_up <= wanted <= known.units
        lines.append(known if same else replace(known, units=Units(wanted)))
    lines += [request_line(order, line, sight.links[line.variant]) for line in added if line.variant is not None]
    return tuple(line for line in lines if line.units > 0), by_hand


def _link_first(sight: Sight, order: Order, added: Sequence[FulfillmentOrderLine], late: Late) -> None:
    for line in added:
        if line.variant is None or line.variant in sight.catalog_held:
            late.problems.append(no_item(order, line))
        elif line.variant not in sight.links:
            late.unlinked = (*late.unlinked, line.variant)
