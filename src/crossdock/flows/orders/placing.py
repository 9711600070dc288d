"""From where an order is to ship, where Shopify's assignment is not wanted, and what to tell Shopify for it. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from crossdock.flows.orders.covering import cover
from crossdock.flows.orders.giving_up import missing
from crossdock.flows.orders.open_parts import Part, open_parts
from crossdock.flows.orders.sight import Sight
from crossdock.flows.orders.taking import lacking, left_alone
from crossdock.kit.wording import counted
from crossdock.model.cause import Cause, Hold
from crossdock.model.names import (
    FulfillmentOrderId,
    FulfillmentOrderLineId,
    ItemCode,
    LineItemId,
    LocationId,
    OrderId,
    Units,
)
from crossdock.model.order import FulfillmentOrder, Order
from crossdock.model.plan import Wait
from crossdock.model.relocation import Move
from crossdock.model.request import WorkState
from crossdock.model.route import Route, Wanted
from crossdock.model.routing import route
from crossdock.model.routing_rules import Mode, Otherwise

MOVE_TIME = timedelta(seconds=1)
"""How soon to look again once Shopify was told to move goods."""

IN_FLIGHT = timedelta(minutes=1)
"""A move without an answer may show as late as this (assumed)."""


@dataclass(frozen=True, slots=True)
class Choose:
    """Write down from where an order is to ship, before anybody is told."""

    order: OrderId
    route: Route

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"To ship from {self.route.routed.sentence}"


@dataclass(frozen=True, slots=True)
class MoveThere:
    """
    Have Shopify move goods to where they are to ship from.

    Shopify does not know a repeat: what is where is looked at first. `follow` says that Shopify's assignment is
    followed where it refuses.
    """

    order: OrderId
    name: str
    number: int
    move: Move
    units: int
    from_: str
    to: str
    follow: bool

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Move {counted(self.units, 'unit')} of {self.name} from {self.from_} to {self.to} on Shopify."

    @property
    def story(self) -> str:
        """What was done."""
        return f"On Shopify, {counted(self.units, 'unit')} of {self.name} moved from {self.from_} to {self.to}."


@dataclass(frozen=True, slots=True)
class Settle:
    """Note that Shopify has everything where it was decided."""

    order: OrderId
    number: int

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return "Shopify has everything where it is to ship from."


@dataclass(slots=True)
class Placing:
    """What routing has to say at one look. `kept_back` is asked of nobody before Shopify has it where it belongs."""

    steps: list[Choose | MoveThere | Settle] = field(default_factory=list)
    kept_back: frozenset[FulfillmentOrderId] = frozenset()
    rest: Hold | Wait | None = None


def decided(sights: Sequence[Sight]) -> Sequence[Sight]:
    """
    Decide from where those orders are to ship of which the facts were gathered, one after the other.

    What one was promised the next does not count on.
    """
    taken = Counter[tuple[LocationId, ItemCode]]()
    found = []
    for sight in sights:
        if sight.facts is None:
            found.append(sight)
            continue
        facts, rules = sight.facts, sight.connection.rules.routing
        routed = route(facts.without(taken), rules)
        items = {one.line: one.item for one in facts.wanted}
        for share in routed.shares:
            taken[share.location, items[share.line]] += share.units
        number = 1 if sight.route is None else sight.route.number + 1
        new = Route(number, facts, routed, settled=rules.mode is Mode.WATCH, rejected=rejected(sight))
        found.append(replace(sight, route=new, is_new_route=True))
    return found


def undecided(sight: Sight) -> Sequence[Wanted]:
    """
    Return the units of an order for which it is to be decided from where they ship; none where it was.

    Decided once, it stays: but where more is wanted than was decided about, and where a warehouse refused it since.
    """
    parts, known = to_place(sight), sight.route
    wanted = [
        Wanted(
            line.line_item,
            sight.links[line.variant].item,
            line.sku or line.title,
            line.remaining,
            part.fulfillment_order.location,
        )
        for part in parts
        for line in part.lines
        if line.variant is not None and part.fulfillment_order.location is not None
    ]
    if known is None:
        return wanted
    before = Counter[LineItemId]()
    for one in known.facts.wanted:
        before[one.line] += one.units
    now = Counter[LineItemId]()
    for one in wanted:
        now[one.line] += one.units
    refused = rejected(sight) - known.facts.rejected
    again = any(one.location in refused for one in wanted)
    return wanted if again or now - before else []


def rejected(sight: Sight) -> frozenset[LocationId]:
    """Return the locations whose warehouse refused the order or part of it, or gave it up; none without the rule."""
    if not sight.connection.rules.routing.reroute:
        return frozenset()
    known = frozenset[LocationId]() if sight.route is None else sight.route.rejected
    return known | {
        sent.location
        for sent in sight.sent
        if sent.work is not None
        and (
            (sent.work.state is WorkState.CANCELLED and not sent.stopping)
            or (sent.work.state is WorkState.SHIPPED and any(sent.short.values()))
        )
    }


def may_pass_on(sight: Sight, fo: FulfillmentOrder) -> bool:
    """Tell whether another location is asked where the warehouse of this one refuses."""
    rules = sight.connection.rules.routing
    if not rules.reroute or rules.mode is not Mode.ON or sight.route is None or fo.location in rejected(sight):
        return False
    return fo.id in _ids(to_place(sight))


def to_place(sight: Sight) -> Sequence[Part]:
    """Return the parts of an order that Shopify lets move, and that no warehouse has in hand."""
    order, rules = sight.order, sight.connection.rules
    if rules.routing.mode is Mode.OFF or order is None or left_alone(order, rules.orders) is not None:
        return []
    if lacking(order, sight.told, rules.orders, sight.answered) is not None:
        return []
    parts = [*open_parts(sight, order, cover(sight, order)).ready, *_given_up(sight, order)]
    return [part for part in parts if _may_move(sight, part)]


def _may_move(sight: Sight, part: Part) -> bool:
    fo = part.fulfillment_order
    served = fo.location is not None and bool(sight.connection.warehouses.get(fo.location))
    linked = all(line.variant is not None and line.variant in sight.links for line in part.lines)
    return served and linked and fo.can("MOVE") and fo.method in {None, "SHIPPING"}


def _given_up(sight: Sight, order: Order) -> Sequence[Part]:
    """Return what a warehouse will not ship after all; a person who decided about it is not overruled."""
    rules = sight.connection.rules.routing
    if not rules.reroute or rules.mode is not Mode.ON or sight.answered is not None or sight.cancellation is not None:
        return []
    found = []
    for one in missing(sight, order):
        fo = next(fo for fo in order.fulfillment_orders if fo.id == one.sent.fulfillment_order)
        units = Counter(one.units)
        lines = []
        for line in fo.lines:
            short = min(line.remaining, units[line.line_item])
            units[line.line_item] -= short
            if short > 0:
                lines.append(replace(line, remaining=Units(short)))
        found.append(Part(fo, tuple(lines)))
    return found


def place(sight: Sight) -> Placing:
    """Say what to tell Shopify so that everything ships from where it was decided."""
    known, rules = sight.route, sight.connection.rules.routing
    if known is None or sight.order is None or rules.mode is Mode.OFF:
        return Placing()
    parts = to_place(sight)
    new = sight.is_new_route
    if not known.routed.shares:
        # What a warehouse gave up is held for that already.
        asked = {sent.fulfillment_order for sent in sight.sent if sent.work is not None}
        nowhere = _ids(parts) - asked
        hold = Hold(Cause.UNROUTED, f"{sight.name} ships from nowhere. {known.routed.sentence}")
        return Placing(kept_back=nowhere, rest=hold) if nowhere and rules.mode is Mode.ON else Placing()
    moves = [] if known.settled else _moves(sight, known, parts)
    if not moves:
        steps: list[Choose | MoveThere | Settle] = []
        if new:
            steps.append(Choose(sight.id, replace(known, settled=True)))
        elif not known.settled:
            steps.append(Settle(sight.id, known.number))
        return Placing(steps)
    if known.moving is not None and known.moving < IN_FLIGHT and any(one.move.lines is not None for one in moves):
        why = f"Shopify may still be hearing from where {sight.name} is to ship."
        return Placing(kept_back=_ids(parts), rest=Wait(IN_FLIGHT - known.moving, why))
    choose = [Choose(sight.id, known)] if new else []
    return Placing([*choose, *moves], _ids(parts), Wait(MOVE_TIME, "Shopify is to move it first."))


def _ids(parts: Sequence[Part]) -> frozenset[FulfillmentOrderId]:
    return frozenset(part.fulfillment_order.id for part in parts)


def _moves(sight: Sight, known: Route, parts: Sequence[Part]) -> list[MoveThere]:
    """
    Return what is not where it was decided, one move for each fulfillment order at most: the next look sees the rest.

    Only from where it was when that was decided: what somebody moved elsewhere meanwhile stays there.
    """
    planned = Counter({(share.line, share.location): int(share.units) for share in known.routed.shares})
    origins = {(one.line, one.location) for one in known.facts.wanted}
    there = Counter[tuple[LineItemId, LocationId]]()
    for part in parts:
        for line in part.lines:
            if part.fulfillment_order.location is not None:
                there[line.line_item, part.fulfillment_order.location] += line.remaining
    found = []
    for part in parts:
        going: dict[LocationId, dict[FulfillmentOrderLineId, int]] = {}
        for line in part.lines:
            here = part.fulfillment_order.location
            if here is None or (line.line_item, here) not in origins:
                continue
            surplus = min(line.remaining, there[line.line_item, here] - planned[line.line_item, here])
            for item, target in sorted(planned):
                short = planned[item, target] - there[item, target]
                units = min(surplus, short)
                if item == line.line_item and units > 0:
                    going.setdefault(target, {})[line.id] = units
                    surplus -= units
                    there[item, here] -= units
                    there[item, target] += units
        if going:
            target = min(going)
            found.append(_move(sight, known, part, target, going[target]))
    return found


def _move(
    sight: Sight, known: Route, part: Part, target: LocationId, units: Mapping[FulfillmentOrderLineId, int]
) -> MoveThere:
    fo = part.fulfillment_order
    whole = all(units.get(line.id, 0) == line.remaining for line in fo.lines)
    lines = None if whole else tuple((line, Units(many)) for line, many in units.items())
    names = {one.location: one.name for one in known.facts.candidates}
    return MoveThere(
        order=sight.id,
        name=sight.name,
        number=known.number,
        move=Move(fo.id, target, lines),
        units=sum(units.values()),
        from_=fo.location_name,
        to=names.get(target, target),
        follow=sight.connection.rules.routing.if_refused is Otherwise.FOLLOW,
    )
