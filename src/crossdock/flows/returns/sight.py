"""What the returns of one order look like from both sides."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crossdock.model.announced import KnownReturn
from crossdock.model.cause import Hold
from crossdock.model.connection import ReturnRules
from crossdock.model.names import ItemCode, LocationId, OrderId, ReturnId, ReturnLineId, Units, VariantId, WarehouseCode
from crossdock.model.returning import Arrival, Disposition, Owed, Refund, Return, Returnable, ReturnLine, ReturnOrder


@dataclass(frozen=True, slots=True)
class Case:
    """
    One return at Shopify: the lines of it that this backend shipped, what is known of it, and the backend's record.

    `mixed` says that it has lines which the backend did not ship. `came` are the arrivals by line, `astray` the units
    that came back and that no line takes.
    """

    of: Return
    lines: tuple[ReturnLine, ...]
    mixed: bool
    known: KnownReturn | None
    record: ReturnOrder | None
    came: Mapping[ReturnLineId, Sequence[Arrival]]
    astray: int

    def to_process(self, *, uninspected: bool) -> Sequence[tuple[ReturnLineId, Units]]:
        """Units by line that came back and whose sale Shopify has not undone yet; `uninspected` ones count, or not."""
        due = []
        for line in self.lines:
            left = min(self._came(line, uninspected=uninspected), line.units) - line.processed
            if left > 0:
                due.append((line.id, Units(left)))
        return due

    def is_back(self, *, uninspected: bool) -> bool:
        """Whether every unit of it came back; missing ones did not, `uninspected` ones count, or not."""
        return all(self._came(line, uninspected=uninspected) >= line.units for line in self.lines)

    @property
    def missing(self) -> int:
        """Units that were to come and did not."""
        arrivals = (one for some in self.came.values() for one in some)
        return sum(one.units for one in arrivals if one.disposition is Disposition.MISSING)

    @property
    def kept(self) -> int:
        """Units that the customer was sent something else for, and that never came back."""
        if not self.of.exchanges or self.of.to_exchange:
            return 0
        return sum(max(0, line.processed - self._came(line, uninspected=True)) for line in self.lines)

    def _came(self, line: ReturnLine, *, uninspected: bool) -> int:
        return sum(one.units for one in self.came.get(line.id, ()) if _counts(one, uninspected=uninspected))

    @property
    def accounted(self) -> bool:
        """Whether every unit of it has come back or is missing."""
        return all(
            sum(one.units for one in self.came.get(line.id, ()) if one.disposition is not None) >= line.units
            for line in self.lines
        )


def _counts(arrival: Arrival, *, uninspected: bool) -> bool:
    """Whether units undo their sale: those that are missing never do, those to be inspected where that is the rule."""
    if arrival.disposition is None:
        return uninspected
    return arrival.disposition is not Disposition.MISSING


@dataclass(frozen=True, slots=True)
class Sight:
    """
    One order's returns.

    `unannounced` are the backend's records of goods that nobody announced and that no return at Shopify is known for.
    `outcomes` is who pays what for what is due, as Shopify reckons, by return. `places` is where Shopify has each
    warehouse. `publishes` says that the hub keeps the stock levels, so that what is restocked reaches Shopify as stock.
    """

    id: OrderId
    name: str
    cases: Sequence[Case]
    unannounced: Sequence[ReturnOrder]
    known: Sequence[KnownReturn]
    items: Mapping[VariantId, ItemCode]
    shipped: Mapping[ItemCode, WarehouseCode]
    places: Mapping[WarehouseCode, LocationId]
    rules: ReturnRules
    publishes: bool
    hold: Hold | None = None
    outcomes: Mapping[ReturnId, Refund | Owed | None] = field(default_factory=dict)
    returnable: Sequence[Returnable] = ()
    apart: Sequence[ReturnOrder] = ()
    """What comes back though Shopify counts it as never fulfilled: it was taken off after it had left."""


def cases(
    returns: Sequence[Return],
    records: Sequence[ReturnOrder],
    known: Sequence[KnownReturn],
    items: Mapping[VariantId, ItemCode],
    shipped: Mapping[ItemCode, WarehouseCode],
) -> Sequence[Case]:
    """Put together what belongs to each return; those of which this backend shipped nothing are left out."""
    by_id = {one.id: one for one in known if one.id is not None}
    by_key = {one.key: one for one in records}
    found = []
    for one in returns:
        lines = tuple(line for line in one.lines if line.variant is not None and items.get(line.variant) in shipped)
        if not lines:
            continue
        dealt = by_id.get(one.id)
        record = by_key.get(dealt.key) if dealt is not None else None
        came, astray = _by_line(lines, items, record)
        found.append(Case(one, lines, len(lines) < len(one.lines), dealt, record, came, astray))
    return found


def _by_line(
    lines: Sequence[ReturnLine], items: Mapping[VariantId, ItemCode], record: ReturnOrder | None
) -> tuple[Mapping[ReturnLineId, Sequence[Arrival]], int]:
    """Give each arrival to its line; what came unannounced fills the lines of its item in turn."""
    came: dict[ReturnLineId, list[Arrival]] = defaultdict(list)
    room = Counter({line.id: int(line.units) for line in lines})
    astray = 0
    for arrival in sorted(record.arrivals if record else (), key=lambda one: (one.line is None, one.item)):
        left = int(arrival.units)
        for line in lines:
            item = items[line.variant] if line.variant is not None else None
            fits = arrival.line == line.id if arrival.line is not None else arrival.item == item
            take = min(left, room[line.id]) if fits else 0
            if take:
                left -= take
                room[line.id] -= take
                came[line.id].append(
                    Arrival(arrival.line, arrival.item, Units(take), arrival.disposition, arrival.warehouse)
                )
        astray += left
    return came, astray
