"""Units of lines: which are meant, where they go, and what that moves in stock."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from crossdock.backends.builtin.steps.allowed import NEXT, listed
from crossdock.backends.builtin.steps.sales_order import Line, SalesOrder, Step, Wanted
from crossdock.backends.builtin.stock import Movement, Reason
from crossdock.kit.errors import UsageError
from crossdock.model.names import FulfillmentOrderLineId, ItemCode, Units
from crossdock.model.request import WorkState


def choose(
    order: SalesOrder, wanted: Wanted | None, place: str, there: Callable[[Line], int]
) -> dict[FulfillmentOrderLineId, Units]:
    """Say which units of which lines are meant, of those in a place. Raises UsageError where they are not there."""
    if wanted is None:
        chosen = {line.reference: Units(there(line)) for line in order.lines if there(line)}
        if not chosen:
            raise UsageError(f"{order.reference}: no units are {place}; {NEXT[order.state]}.")
        return chosen
    left = {line.reference: there(line) for line in order.lines}
    for name, number in wanted.items():
        lines = [line for line in order.lines if name in (line.reference, line.item)]
        if not lines:
            raise UsageError(
                f"{order.reference} has no line {name}. Its items are: {listed({line.item for line in order.lines})}."
            )
        sought = number
        for line in lines:
            taken = min(sought, left[line.reference])
            left[line.reference] -= taken
            sought -= taken
        if number < 1 or sought:
            raise UsageError(
                f"{order.reference}: {number} of {name} cannot be taken, {number - sought} are {place}. "
                "Name 1 or more units that are there."
            )
    taken_units = {line.reference: Units(there(line) - left[line.reference]) for line in order.lines}
    if not any(taken_units.values()):
        raise UsageError(f"{order.reference}: no units were named. Name 1 or more units that are {place}.")
    return {reference: number for reference, number in taken_units.items() if number}


def put(
    lines: tuple[Line, ...], units: Mapping[FulfillmentOrderLineId, int], moved: Callable[[Line, int], Line]
) -> tuple[Line, ...]:
    """Return the lines after so many units of each were `moved`."""
    return tuple(moved(line, units.get(line.reference, 0)) for line in lines)


def by_item(order: SalesOrder, units: Mapping[FulfillmentOrderLineId, Units]) -> Mapping[ItemCode, int]:
    """Return what units of lines are on the shelf, by stocked item."""
    sums: Counter[ItemCode] = Counter()
    for line, number in lines_of(order, units):
        for item, each in line.stocked.items():
            sums[item] += number * each
    return sums


def lines_of(order: SalesOrder, units: Mapping[FulfillmentOrderLineId, Units]) -> Iterator[tuple[Line, int]]:
    """Return the lines that units are named of, each with their number."""
    return ((line, units[line.reference]) for line in order.lines if line.reference in units)


def moves(
    order: SalesOrder,
    line: Line,
    reason: Reason,
    *,
    on_hand: int = 0,
    reserved: int = 0,
    picked: int = 0,
    packed: int = 0,
    reference: str | None = None,
) -> Iterator[Movement]:
    """Yield what moves for so many units of a line: of a kit, its components and not itself."""
    for item, each in line.stocked.items():
        yield Movement(
            item=item,
            warehouse=order.warehouse,
            reason=reason,
            on_hand=on_hand * each,
            reserved=reserved * each,
            picked=picked * each,
            packed=packed * each,
            reference=reference or order.reference,
        )


def stepped(order: SalesOrder, lines: tuple[Line, ...], movements: Iterable[Iterable[Movement]]) -> Step:
    """Return the step that leaves these lines, and the order in the state that they are in."""
    state = _progress(lines)
    on_hold = order.on_hold if state.may_still_ship else None
    return Step(replace(order, lines=lines, state=state, on_hold=on_hold), tuple(chain.from_iterable(movements)))


def then(first: Step, second: Step) -> Step:
    """Return two steps as one."""
    return Step(second.order, first.movements + second.movements)


def _progress(lines: Sequence[Line]) -> WorkState:
    """How far a released order is, by where its units are."""
    if not any(line.open for line in lines):
        return WorkState.SHIPPED
    if all(line.open == line.packed for line in lines):
        return WorkState.PACKED
    if any(line.picked or line.packed or line.shipped for line in lines):
        return WorkState.PICKING
    return WorkState.RELEASED


def reserved_units(order: SalesOrder) -> Mapping[ItemCode, int]:
    """Return what the order keeps reserved, by stocked item: a kit by its components."""
    if order.state is WorkState.CANCELLED:
        return {}
    return by_item(order, {line.reference: Units(line.open) for line in order.lines if line.open})
