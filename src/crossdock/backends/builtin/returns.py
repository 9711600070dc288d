"""
Goods that come back: what is expected, what arrived, and what became of it. Pure; `return_book.py` writes it down.

Each expected unit is in one place: on its way, arrived and not inspected, or inspected with a disposition. Only what
is restocked is on the shelf again.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crossdock.backends.builtin.steps import Kits
from crossdock.backends.builtin.stock import Movement, Reason
from crossdock.kit.errors import UsageError
from crossdock.model.names import ItemCode, OrderId, PackageId, ReturnKey, ReturnLineId, Units, WarehouseCode
from crossdock.model.returning import Arrival, Disposition, ReturnParcel, ReturnRequestLine, ReturnTracking


@dataclass(frozen=True, slots=True)
class GoodsReturn:
    """
    The warehouse's own record of goods that come back. `name` is the shop's (`#1001-R1`), `reference` ours.

    `closed`: nothing more is expected. Of goods that nobody announced, nothing is expected but what arrived, and they
    have no lines. Of those on their way, `announced_parcels` are known to the shop, and for `parcels` we sent labels.
    """

    key: ReturnKey
    reference: str
    name: str
    order: OrderId
    warehouse: WarehouseCode
    announced: bool
    lines: tuple[ReturnRequestLine, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    closed: bool = False
    announced_parcels: tuple[ReturnTracking, ...] = ()
    parcels: tuple[ReturnParcel, ...] = ()

    @property
    def expected(self) -> Counter[ReturnLineId]:
        """Units that are still to come, by line."""
        if self.closed:
            return Counter()
        left = Counter({line.reference: int(line.units) for line in self.lines})
        for arrival in self.arrivals:
            if arrival.line is not None:
                left[arrival.line] -= arrival.units
        return +left

    @property
    def to_inspect(self) -> int:
        """Units that arrived and that nobody has inspected."""
        return sum(arrival.units for arrival in self.arrivals if arrival.disposition is None)

    @property
    def done(self) -> bool:
        """Whether nothing more is expected, and all that arrived was inspected."""
        return not self.expected and not self.to_inspect


@dataclass(frozen=True, slots=True)
class ReturnStep:
    """A return after a step, and what the step moved."""

    record: GoodsReturn
    movements: tuple[Movement, ...] = ()


def expect(
    record: GoodsReturn, lines: Sequence[ReturnRequestLine], parcels: tuple[ReturnTracking, ...] = ()
) -> GoodsReturn:
    """Expect these lines and parcels and no others; what has arrived stays, whatever is expected now."""
    kept = {arrival.line for arrival in record.arrivals}
    gone = tuple(line for line in record.lines if line.reference in kept - {one.reference for one in lines})
    kept_lines = (replace(line, units=_arrived(record, line)) for line in gone)
    return replace(record, lines=(*lines, *kept_lines), announced_parcels=parcels)


def track(record: GoodsReturn, parcel: PackageId, tracking: ReturnTracking) -> GoodsReturn:
    """
    Note how a parcel that we sent a label for is followed; the same parcel again corrects it.

    Raises UsageError for one without a number, and of a return of which nothing is on its way.
    """
    if not tracking.number:
        raise UsageError(f"{record.reference}: {parcel} has no tracking number. Give it one.")
    if not record.expected:
        raise UsageError(f"{record.reference}: nothing more is expected of it, so that no parcel of it is on its way.")
    kept = tuple(one for one in record.parcels if one.id != parcel)
    return replace(record, parcels=(*kept, ReturnParcel(parcel, tracking)))


def _arrived(record: GoodsReturn, line: ReturnRequestLine) -> Units:
    return Units(sum(arrival.units for arrival in record.arrivals if arrival.line == line.reference))


def receive(
    record: GoodsReturn, units: Mapping[str, int], disposition: Disposition | None, warehouse: WarehouseCode, kits: Kits
) -> ReturnStep:
    """
    Take units in, by item or line; without a disposition they wait for inspection.

    Raises UsageError for more than is expected of an announced return. What nobody announced has no bounds.
    """
    arrived = tuple(_taken(record, units, disposition, warehouse))
    return _moved(record, (*record.arrivals, *arrived), arrived, kits)


def inspect(record: GoodsReturn, units: Mapping[str, int], disposition: Disposition, kits: Kits) -> ReturnStep:
    """Decide about units that have arrived. Raises UsageError for more than wait for inspection."""
    left: list[Arrival] = []
    decided: list[Arrival] = []
    wanted = dict(units)
    for arrival in record.arrivals:
        name = next((one for one in wanted if one in {arrival.item, arrival.line}), None)
        take = 0 if name is None or arrival.disposition is not None else min(wanted[name], arrival.units)
        if name is not None and take:
            wanted[name] -= take
            decided.append(replace(arrival, units=Units(take), disposition=disposition))
        if arrival.units > take:
            left.append(replace(arrival, units=Units(arrival.units - take)))
    _refuse_rest(record, units, wanted, "wait for inspection")
    return _moved(record, (*left, *decided), decided, kits)


def close(record: GoodsReturn) -> GoodsReturn:
    """Expect nothing more; what has not come is missing."""
    missing = (
        Arrival(
            line.reference, line.item, Units(record.expected[line.reference]), Disposition.MISSING, record.warehouse
        )
        for line in record.lines
        if record.expected[line.reference]
    )
    return replace(record, arrivals=_together((*record.arrivals, *missing)), closed=True)


def _taken(
    record: GoodsReturn, units: Mapping[str, int], disposition: Disposition | None, warehouse: WarehouseCode
) -> Iterator[Arrival]:
    wanted = dict(units)
    if not record.announced:
        _refuse_rest(record, units, {}, "expected")
        for item, number in wanted.items():
            yield Arrival(None, ItemCode(item), Units(number), disposition, warehouse)
        return
    expected = record.expected
    for line in record.lines:
        for name in (line.reference, line.item):
            take = min(wanted.get(name, 0), expected[line.reference])
            if take:
                wanted[name] -= take
                expected[line.reference] -= take
                yield Arrival(line.reference, line.item, Units(take), disposition, warehouse)
    _refuse_rest(record, units, wanted, "expected")


def _refuse_rest(record: GoodsReturn, asked: Mapping[str, int], left: Mapping[str, int], what: str) -> None:
    if not asked or min(asked.values()) < 1:
        raise UsageError(f"{record.reference}: no units were named. Name 1 or more: MUG=1.")
    for name, number in left.items():
        if number:
            raise UsageError(
                f"{record.reference}: {asked[name]} of {name} cannot be taken, {asked[name] - number} {what}. "
                "Name no more than that; take the rest in without an announcement, by its order."
            )


def _moved(record: GoodsReturn, arrivals: Sequence[Arrival], changed: Iterable[Arrival], kits: Kits) -> ReturnStep:
    movements = tuple(
        Movement(
            item=item,
            warehouse=one.warehouse,
            reason=Reason.RETURN,
            on_hand=one.units * each,
            reference=record.reference,
        )
        for one in changed
        if one.disposition is Disposition.RESTOCK
        for item, each in (kits.get(one.item) or {one.item: 1}).items()
    )
    return ReturnStep(replace(record, arrivals=_together(arrivals)), movements)


def _together(arrivals: Iterable[Arrival]) -> tuple[Arrival, ...]:
    """Add up what differs in nothing but its number."""
    sums: Counter[Arrival] = Counter()
    for one in arrivals:
        sums[replace(one, units=Units(0))] += one.units
    return tuple(replace(one, units=Units(units)) for one, units in sums.items())
