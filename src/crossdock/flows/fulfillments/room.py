"""What Shopify has left to fulfill of an order, and which of it a package takes up. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from crossdock.model.names import FulfillmentOrderId, FulfillmentOrderLineId, LineItemId, LocationId, Units
from crossdock.model.order import FulfillmentOrder, FulfillmentOrderLine, Order
from crossdock.model.request import Package
from crossdock.model.service_request import awaits_word

Taken: TypeAlias = tuple[tuple[FulfillmentOrderId, FulfillmentOrderLineId, Units], ...]


@dataclass(frozen=True, slots=True)
class Away:
    """Units of a line that Shopify has at another location than they left from."""

    fulfillment_order: FulfillmentOrder
    line: FulfillmentOrderLine
    units: Units


class Room:
    """
    What is left of each fulfillment order line while an order's packages are gone through one by one.

    A package names the lines of the request that it left for. Where Shopify has the same goods in other lines at the
    same location by now, as after a split, a merge or a cancelled fulfillment, the package takes those; but none of the
    units that the backend is to ship for these lines' own requests (`spoken_for`). Where it is known from which
    location it left (`at`), it takes what is there; of one without, each line is taken from where Shopify has it.
    """

    def __init__(self, order: Order, spoken_for: Mapping[FulfillmentOrderLineId, int]) -> None:
        self._name = order.name
        self._spoken_for = spoken_for
        self._lines = {line.id: (fo, line) for fo in order.fulfillment_orders for line in fo.lines}
        self._spent: Counter[FulfillmentOrderLineId] = Counter()

    def by_line_item(self, package: Package) -> Counter[LineItemId]:
        """Return the package's units by what was bought; lines that are no longer there are left out."""
        contents: Counter[LineItemId] = Counter()
        for line, units in by_line(package).items():
            if line in self._lines:
                contents[self._lines[line][1].line_item] += units
        return contents

    def problem(self, package: Package, at: LocationId | None = None) -> str | None:
        """Return why Shopify would not take the package, as a sentence; None where it would."""
        name = f"{self._name}, package {package.id}"
        contents = by_line(package)
        if not contents:
            return f"{name}: the backend reports it empty."
        locations = {self._lines[line][0].location for line in contents if line in self._lines}
        if at is None and len(locations) > 1:
            return f"{name}: its contents belong to several Shopify locations."
        spent = self._spent.copy()
        for line, units in contents.items():
            if line not in self._lines:
                return f"{name}: line {line} is no longer part of the order's fulfillment orders."
            fo, there = self._lines[line]
            found = Counter({one: number for _, one, number in self._found(line, units, spent, at)})
            if found.total() < units and not fo.can("CREATE_FULFILLMENT"):
                return f"{name}: Shopify has its fulfillment order {fo.status.lower()} and takes no fulfillment."
            if found.total() < units:
                return f"{name}: it holds {units} of “{there.title}”, Shopify has {found.total()} left to fulfill."
            spent += found
        return None

    def awaits_word(self, package: Package) -> bool:
        """Whether Shopify takes it only once its merchant has heard that it was accepted."""
        return any(line in self._lines and awaits_word(self._lines[line][0]) for line in by_line(package))

    def elsewhere(self, package: Package, at: LocationId) -> Sequence[Away]:
        """Return what of a package Shopify has at other locations than `at`, and not there; what may move, first."""
        away: list[Away] = []
        spent = self._spent.copy()
        for line, units in self._known(package):
            found = list(self._found(line, units, spent, at))
            spent.update({one: number for _, one, number in found})
            missing = units - sum(number for *_, number in found)
            home, there = self._lines[line]
            sources = [(home, there, 0), *self._stand_ins(there)]
            for fo, one, kept in sorted(sources, key=lambda source: not source[0].can("MOVE")):
                free = min(missing, one.remaining - spent[one.id] - kept)
                if fo.location != at and fo.can("CREATE_FULFILLMENT") and free > 0:
                    missing -= free
                    spent[one.id] += free
                    away.append(Away(fo, one, Units(free)))
        return away

    def set_aside(self, package: Package, at: LocationId) -> None:
        """Count as spent what a package takes up at a location, and what is to move there for it."""
        away = self.elsewhere(package, at)
        for line, units in self._known(package):
            self._spent.update({one: number for _, one, number in self._found(line, units, self._spent, at)})
        self._spent.update({one.line.id: one.units for one in away})

    def lacks(self, package: Package, at: LocationId) -> int:
        """Return how many units of a package are not to be had at a location as it is."""
        spent, lacking = self._spent.copy(), 0
        for line, units in self._known(package):
            found = Counter({one: number for _, one, number in self._found(line, units, spent, at)})
            spent += found
            lacking += units - found.total()
        return lacking

    def _known(self, package: Package) -> Sequence[tuple[FulfillmentOrderLineId, int]]:
        return [(line, units) for line, units in by_line(package).items() if line in self._lines]

    def take(self, package: Package, at: LocationId | None = None) -> Taken:
        """Return the lines that a package without a problem takes up, and count them as spent."""
        taken: list[tuple[FulfillmentOrderId, FulfillmentOrderLineId, Units]] = []
        for line, units in by_line(package).items():
            found = list(self._found(line, units, self._spent, at))
            self._spent.update({one: number for _, one, number in found})
            taken += found
        return tuple(taken)

    def _found(
        self,
        line: FulfillmentOrderLineId,
        units: int,
        spent: Counter[FulfillmentOrderLineId],
        at: LocationId | None,
    ) -> Iterator[tuple[FulfillmentOrderId, FulfillmentOrderLineId, Units]]:
        """Yield where so many units of a line can be fulfilled: by itself, then by what stands for it now."""
        home, there = self._lines[line]
        place = home.location if at is None else at
        for fo, one, kept in [(home, there, 0), *self._stand_ins(there)]:
            free = min(units, one.remaining - spent[one.id] - kept) if fo.can("CREATE_FULFILLMENT") else 0
            if fo.location == place and free > 0:
                units -= free
                yield fo.id, one.id, Units(free)

    def _stand_ins(self, line: FulfillmentOrderLine) -> Iterator[tuple[FulfillmentOrder, FulfillmentOrderLine, int]]:
        """Yield the other lines of the same goods, wherever they are, with what is spoken for of them."""
        for fo, one in self._lines.values():
            if one.line_item == line.line_item and one.id != line.id:
                yield fo, one, self._spoken_for.get(one.id, 0)


def by_line(package: Package) -> Counter[FulfillmentOrderLineId]:
    """Return the units of each line: a backend may name a line twice, and Shopify takes each once."""
    contents: Counter[FulfillmentOrderLineId] = Counter()
    for line, units in package.contents:
        contents[line] += units
    return +contents
