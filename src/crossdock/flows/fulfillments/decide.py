"""What Shopify still has to hear of an order's packages, and what it heard already. Pure."""

from collections.abc import Sequence
from datetime import timedelta

from crossdock.flows.fulfillments.carriers import as_shopify_says
from crossdock.flows.fulfillments.departing import departure, departures, is_as_assigned, left_from
from crossdock.flows.fulfillments.room import Away, Room
from crossdock.flows.fulfillments.showing import as_released, make_way, open_again, show, to_show
from crossdock.flows.fulfillments.sight import Due, Sight
from crossdock.flows.fulfillments.steps import (
    Adopt,
    Cancel,
    Correct,
    Create,
    FulfillmentStep,
    PackageStep,
    Relocate,
    Report,
)
from crossdock.model.cause import Cause, Hold
from crossdock.model.flow import Flow
from crossdock.model.names import FulfillmentId, FulfillmentOrderId, LocationId
from crossdock.model.order import Fulfillment, Order
from crossdock.model.plan import Plan, Wait
from crossdock.model.relocation import Move
from crossdock.model.request import DeliveryEvent, Package, Tracking
from crossdock.model.telling import Told

IN_FLIGHT = timedelta(seconds=30)
"""
A telling without an answer may arrive as late as this; what Shopify does not show until then it did not hear.

Its calls end within half a minute, whether or not somebody still listens (assumed; Shopify says nothing of it).
"""

NEXT = timedelta(seconds=1)
"""How soon to look again where one telling rests on the one before."""


ACCEPTING = timedelta(seconds=5)
"""How soon to look again whether a merchant's request was accepted; the orders flow sees to it."""


def decide(sight: Sight) -> Plan[FulfillmentStep]:
    """
    Plan what to tell Shopify of one order's packages.

    A package that was told is done until its tracking changes, something happens to it, or it is cancelled. One whose
    telling has no known end, or was never begun, is looked for among the fulfillments that Shopify has: same contents
    and, where it has one, same tracking number. What is not found is created, if Shopify has that much left to fulfill,
    and if no earlier telling may still be on its way. A package that does not fit holds the order and not its sisters.
    Where a package left from another location than Shopify has its goods at, they move there first.
    How far the rest is, is shown after the packages: a hold of ours would keep Shopify from taking them.
    """
    order = sight.order
    due, unshown = sight.due, any(to_show(known, sight.rules) for known in sight.work)
    if not due and not unshown:
        return _nothing(sight, "Shopify knows of everything that left.")
    if order is None:
        return _nothing(sight, "Shopify does not show it: deleted, or older than this token may see.")
    desk = _Desk(as_released(order), sight)
    for one in sorted(due, key=lambda one: not one.package.cancelled):  # what is taken back leaves room for the rest
        desk.go_into(one)
    way = make_way(sight, order) if any(isinstance(step, Create) for step in desk.steps) else ()
    if way:
        return Plan(
            Flow.FULFILLMENTS, sight.id, order.name, tuple(way), Wait(NEXT, "What left is told once our hold is off.")
        )
    opening = open_again(sight, order, desk.stuck)
    if opening:
        why = "What left from elsewhere moves once Shopify shows no work on it."
        return Plan(Flow.FULFILLMENTS, sight.id, order.name, tuple(opening), Wait(NEXT, why))
    rest: Hold | Wait | None = None
    if desk.waits:  # before the problems: they are still there at the look that comes then
        rest = min(desk.waits, key=lambda wait: wait.after)
    elif desk.problems:
        rest = _together(desk.problems)
    first = any(isinstance(step, Create) for step in desk.steps) or desk.moving
    shows = () if first else show(sight, order)
    if unshown and not shows and rest is None:
        rest = Wait(NEXT, "How far the warehouse is is shown once its packages are told of.")
    # Last, so that a move which is refused holds up nothing else.
    moves = () if desk.relocation is None else (desk.relocation,)
    return Plan(Flow.FULFILLMENTS, sight.id, order.name, (*desk.steps, *moves, *shows), rest, tuple(desk.notes))


def _together(problems: Sequence[Hold]) -> Hold:
    """Make one hold of several, of the cause that a person can answer, where there is one."""
    causes = [problem.cause for problem in problems]
    cause = Cause.PACKAGE_ELSEWHERE if Cause.PACKAGE_ELSEWHERE in causes else causes[0]
    return Hold(cause, " ".join(problem.detail for problem in problems))


def _nothing(sight: Sight, note: str) -> Plan[FulfillmentStep]:
    return Plan(Flow.FULFILLMENTS, sight.id, sight.work[0].name if sight.work else sight.id, (), None, (note,))


class _Desk:
    """Where an order's packages are gone through one by one; what was decided of one is taken into account for all."""

    def __init__(self, order: Order, sight: Sight) -> None:
        self._sight, self._title = sight, order.name
        self._shown = {one.id: one for one in order.fulfillments}
        taken = {told.fulfillment for told in sight.told}
        self._unclaimed = [one for one in order.fulfillments if not one.cancelled and one.id not in taken]
        self._room = Room(order, sight.spoken_for)
        self.steps: list[PackageStep] = []
        self.waits: list[Wait] = []
        self.problems: list[Hold] = []
        self.notes: list[str] = []
        self.relocation: Relocate | None = None
        """At most one at a look: what is left to move after it, the next look sees."""
        self.moving = False
        """Whether goods are to move that nothing is to be said of before."""
        self.stuck: set[FulfillmentOrderId] = set()
        """What keeps goods that left from elsewhere, for work on it was reported."""

    def go_into(self, one: Due) -> None:
        """Decide what to tell of one package."""
        fulfillment = one.told.fulfillment if one.told is not None else None
        if fulfillment is None:
            self._find_or(one)
        elif one.package.cancelled:
            shown = self._shown.get(fulfillment)
            self.steps.append(Cancel(one.key, one.package, fulfillment, there=shown is None or shown.cancelled))
        else:
            self._follow(one, fulfillment)

    def _find_or(self, one: Due) -> None:
        """Take up a fulfillment that stands for the package already; without one, do what there is to do."""
        twin = self._twin(one)
        if twin is not None:
            self._unclaimed.remove(twin)
            self.steps.append(Adopt(one.key, one.package, twin.id))
            if one.package.cancelled or one.events or (one.told and one.told.tracking != one.package.tracking):
                self._next(one)
        elif one.told is not None and one.told.begun and one.told.ago < IN_FLIGHT:
            self._in_flight(one, one.told.ago)
        elif one.package.cancelled:
            self.steps.append(Cancel(one.key, one.package, None, there=True))
        else:
            self._create(one)

    def _create(self, one: Due) -> None:
        """Tell Shopify of a package, from where it left; what Shopify has elsewhere moves there first."""
        package = one.package
        if package.warehouse is None or is_as_assigned(self._sight, self._title, package):
            self._tell(one, None)
            return
        locations = departures(self._sight, one)
        if not locations:
            self._elsewhere(package, "which serves no location of this connection.")
            return
        at = departure(self._room, locations, package)
        away = self._room.elsewhere(package, at)
        if sum(there.units for there in away) < max(1, self._room.lacks(package, at)):
            self._tell(one, at)  # all is there, or not all is to be had anywhere
        else:
            self._move(one, at, away)

    def _move(self, one: Due, at: LocationId, away: Sequence[Away]) -> None:
        package, told = one.package, one.told
        self.moving = True
        self._room.set_aside(package, at)
        kept = [there.fulfillment_order for there in away if not there.fulfillment_order.can("MOVE")]
        if told is not None and told.moving is not None and told.moving < IN_FLIGHT:
            self._in_flight(one, told.moving)
        elif kept:
            self.stuck |= {fo.id for fo in kept}
            status = kept[0].status.lower().replace("_", " ")
            self._elsewhere(
                package, f"and Shopify does not let its goods move from {kept[0].location_name} ({status})."
            )
        else:
            self.relocation = self.relocation or _relocate(one, at, away)
            self._next(one)

    def _elsewhere(self, package: Package, why: str) -> None:
        self.problems.append(Hold(Cause.PACKAGE_ELSEWHERE, f"{left_from(self._title, package)}, {why}"))

    def _tell(self, one: Due, at: LocationId | None) -> None:
        problem = self._room.problem(one.package, at)
        if problem is not None and any(isinstance(step, Cancel) and not step.there for step in self.steps):
            self._next(one)
        elif problem is not None and self._room.awaits_word(one.package):
            why = f"Package {one.package.id} is told once its merchant has heard that the request is accepted."
            self.waits.append(Wait(ACCEPTING, why))
        elif problem is not None and self._sight.comes_back(one):
            self.notes.append(f"Package {one.package.id}: what it holds was taken off the order, and is to come back.")
        elif problem is not None:
            self.problems.append(Hold(Cause.PACKAGE_UNMATCHED, problem))
        else:
            tracking = as_shopify_says(one.package.tracking, self._sight.rules)
            lines, notify = self._room.take(one.package, at), self._sight.rules.notify_customer
            as_assigned = at is None and one.package.warehouse is not None
            self.steps.append(Create(one.key, one.package, lines, tracking, notify, as_assigned))
            if one.events:
                self._next(one)

    def _follow(self, one: Due, fulfillment: FulfillmentId) -> None:
        """Tell what became of a package that Shopify knows: its tracking, and what happened to it."""
        shown = self._shown.get(fulfillment)
        if shown is None or shown.cancelled:
            self.notes.append(f"Package {one.package.id}: its fulfillment was cancelled on Shopify; nothing is added.")
            return
        if one.corrected and one.told is not None:
            self._correct(one, one.told, shown)
        there = self._sight.events.get(fulfillment, ())
        for event in one.events:
            self._report(one, fulfillment, event, there=any(_same(event, known) for known in there))

    def _correct(self, one: Due, told: Told, shown: Fulfillment) -> None:
        rules = self._sight.rules
        tracking = as_shopify_says(one.package.tracking, rules)
        there = _shows(shown, tracking)
        if not there and not told.settled and told.ago < IN_FLIGHT:
            self._in_flight(one, told.ago)
            return
        # Who follows a number hears of another one, and not that a carrier is spelled otherwise.
        notify = rules.notify_customer and tracking.number is not None and tracking.number not in shown.tracking_numbers
        self.steps.append(Correct(one.key, one.package, shown.id, tracking, notify, there=there))

    def _report(self, one: Due, fulfillment: FulfillmentId, event: DeliveryEvent, *, there: bool) -> None:
        tried = next((known for known in one.told.events if known.event == event), None) if one.told else None
        if tried is not None and not there and tried.ago < IN_FLIGHT:
            self._in_flight(one, tried.ago)
        else:
            self.steps.append(Report(one.key, one.package, fulfillment, event, there=there))

    def _in_flight(self, one: Due, ago: timedelta) -> None:
        self.waits.append(Wait(IN_FLIGHT - ago, f"Shopify may still be hearing of package {one.package.id}."))

    def _next(self, one: Due) -> None:
        self.waits.append(Wait(NEXT, f"More is to be told of package {one.package.id} after this."))

    def _twin(self, one: Due) -> Fulfillment | None:
        contents = self._room.by_line_item(one.package)
        # A carrier's number may come later than the package: what we tried went out with the number of then.
        number = (one.package.tracking if one.told is None else one.told.tracking).number
        for fulfillment in self._unclaimed:
            if fulfillment.units != contents:
                continue
            if number is not None:
                if number in fulfillment.tracking_numbers:
                    return fulfillment
            elif one.told is not None and one.told.begun and not fulfillment.tracking_numbers:
                # Nothing but the contents to know it by: only where we know that we tried.
                return fulfillment
        return None


def _relocate(one: Due, at: LocationId, away: Sequence[Away]) -> Relocate:
    """Return the move of what a package needs of the first fulfillment order that has some of it."""
    source = away[0].fulfillment_order
    going = {there.line.id: there.units for there in away if there.fulfillment_order.id == source.id}
    whole = all(going.get(line.id, 0) == line.remaining for line in source.lines)
    move = Move(source.id, at, None if whole else tuple(going.items()))
    return Relocate(one.key, one.package, move, sum(going.values()), source.location_name)


def _shows(shown: Fulfillment, tracking: Tracking) -> bool:
    """Whether a fulfillment says this already; a URL that we do not give is Shopify's own business."""
    numbers = () if tracking.number is None else (tracking.number,)
    return (
        shown.tracking_numbers == numbers
        and tracking.carrier in {None, shown.tracking_company}
        and (tracking.url is None or tracking.url in shown.tracking_urls)
    )


def _same(event: DeliveryEvent, known: DeliveryEvent) -> bool:
    # Shopify keeps whole seconds.
    return event.status is known.status and abs(event.happened_at - known.happened_at) < timedelta(seconds=1)
