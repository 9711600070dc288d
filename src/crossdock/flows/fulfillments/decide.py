"""Which packages Shopify still has to hear of, and which it heard of already. Pure."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from crossdock.flows.fulfillments.sight import Sight
from crossdock.kit.wording import counted
from crossdock.model.cause import Cause, Hold
from crossdock.model.flow import Flow
from crossdock.model.names import (
    FulfillmentId,
    FulfillmentOrderId,
    FulfillmentOrderLineId,
    LineItemId,
    RequestKey,
    Units,
)
from crossdock.model.order import Fulfillment, Order
from crossdock.model.plan import Plan, Wait
from crossdock.model.request import Package


@dataclass(frozen=True, slots=True)
class Adopt:
    """Take a fulfillment that Shopify has for the package's: we, or somebody, told it before."""

    key: RequestKey
    package: Package
    fulfillment: FulfillmentId

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        return f"Note that Shopify has package {self.package.id} already, as {self.fulfillment}."


@dataclass(frozen=True, slots=True)
class Create:
    """Tell Shopify that a package left. Not safe to repeat blindly: what Shopify has is read before each try."""

    key: RequestKey
    package: Package
    lines: tuple[tuple[FulfillmentOrderId, FulfillmentOrderLineId, Units], ...]
    notify_customer: bool

    @property
    def sentence(self) -> str:
        """What would be done, as a person would say it."""
        units = sum(units for *_, units in self.lines)
        tracking = self.package.tracking_number or "no tracking number"
        return f"Tell Shopify of package {self.package.id}: {counted(units, 'unit')}, {tracking}."


FulfillmentStep = Adopt | Create

IN_FLIGHT = timedelta(seconds=30)
"""
A telling without an answer may arrive as late as this; what Shopify does not show until then it did not hear.

Its calls end within half a minute, whether or not somebody still listens (assumed; Shopify says nothing of it).
"""


def decide(sight: Sight) -> Plan[FulfillmentStep]:
    """
    Plan what to tell Shopify of one order's packages.

    A package that was told is done. One whose telling has no known end, or was never begun, is looked for among
    the fulfillments that Shopify has: same contents and, where it has one, same tracking number. What is not found is
    created, if Shopify has that much left to fulfill, and if no earlier telling may still be on its way. A package that
    does not fit holds the order and not its sisters.
    """
    order = sight.order
    if not sight.untold:
        return _nothing(sight, "Nothing has left that Shopify does not know of.")
    if order is None:
        return _nothing(sight, "Shopify does not show it: deleted, or older than this token may see.")
    desk = _Desk(order, sight)
    steps: list[FulfillmentStep] = []
    problems: list[str] = []
    waits: list[Wait] = []
    for key, package in sight.untold:
        step = desk.step(key, package)
        if isinstance(step, Wait):
            waits.append(step)
        elif isinstance(step, str):
            problems.append(step)
        else:
            steps.append(step)
    rest: Hold | Wait | None = None
    if waits:  # before the problems: they are still there at the look that comes then
        rest = min(waits, key=lambda wait: wait.after)
    elif problems:
        rest = Hold(Cause.PACKAGE_UNMATCHED, " ".join(problems))
    return Plan(Flow.FULFILLMENTS, sight.id, order.name, tuple(steps), rest)


def _nothing(sight: Sight, note: str) -> Plan[FulfillmentStep]:
    return Plan(Flow.FULFILLMENTS, sight.id, sight.work[0].name if sight.work else sight.id, (), None, (note,))


class _Desk:
    """What is still unspoken for at Shopify while an order's packages are gone through one by one."""

    def __init__(self, order: Order, sight: Sight) -> None:
        self._order = order
        self._rules = sight.rules
        taken = {told.fulfillment for told in sight.told}
        self._unclaimed = [f for f in order.fulfillments if f.status != "CANCELLED" and f.id not in taken]
        self._tried = {told.package: told for told in sight.told if told.fulfillment is None}
        self._lines = {line.id: (fo, line) for fo in order.fulfillment_orders for line in fo.lines}
        self._spent: Counter[FulfillmentOrderLineId] = Counter()

    def step(self, key: RequestKey, package: Package) -> FulfillmentStep | Wait | str:
        """Return what to do about a package, for how long to leave it, or a sentence why nothing can be done."""
        twin = self._twin(package)
        if twin is not None:
            self._unclaimed.remove(twin)
            return Adopt(key, package, twin.id)
        tried = self._tried.get(package.id)
        if tried is not None and tried.ago < IN_FLIGHT:
            return Wait(IN_FLIGHT - tried.ago, f"Shopify may still be hearing of package {package.id}.")
        problem = self._problem(package)
        if problem is not None:
            return problem
        contents = _by_line(package)
        self._spent += contents
        lines = tuple((self._lines[line][0].id, line, Units(units)) for line, units in contents.items())
        return Create(key, package, lines, self._rules.notify_customer)

    def _twin(self, package: Package) -> Fulfillment | None:
        contents = self._by_line_item(package)
        # A carrier's number may come later than the package: what we tried went out with the number of then.
        tried = self._tried.get(package.id)
        tracking = package.tracking_number if tried is None else tried.tracking_number
        for fulfillment in self._unclaimed:
            if Counter(dict(fulfillment.lines)) != contents:
                continue
            if tracking is not None:
                if tracking in fulfillment.tracking_numbers:
                    return fulfillment
            elif tried is not None and not fulfillment.tracking_numbers:
                # Nothing but the contents to know it by: only where we know that we tried.
                return fulfillment
        return None

    def _by_line_item(self, package: Package) -> Counter[LineItemId]:
        contents: Counter[LineItemId] = Counter()
        for line, units in _by_line(package).items():
            if line in self._lines:
                contents[self._lines[line][1].line_item] += units
        return contents

    def _problem(self, package: Package) -> str | None:
        name = f"{self._order.name}, package {package.id}"
        contents = _by_line(package)
        if not contents:
            return f"{name}: the backend reports it empty."
        locations = {self._lines[line][0].location for line in contents if line in self._lines}
        if len(locations) > 1:
            return f"{name}: its contents belong to several Shopify locations."
        for line, units in contents.items():
            if line not in self._lines:
                return f"{name}: line {line} is no longer part of the order's fulfillment orders."
            fo, there = self._lines[line]
            left = there.remaining - self._spent[line]
            if not fo.can("CREATE_FULFILLMENT"):
                return f"{name}: Shopify has its fulfillment order {fo.status.lower()} and takes no fulfillment."
            if units > left:
                return f"{name}: it holds {units} of “{there.title}”, Shopify has {left} left to fulfill."
        return None


def _by_line(package: Package) -> Counter[FulfillmentOrderLineId]:
    """Return the units of each line: a backend may name a line twice, and Shopify takes each once."""
    contents: Counter[FulfillmentOrderLineId] = Counter()
    for line, units in package.contents:
        contents[line] += units
    return +contents
