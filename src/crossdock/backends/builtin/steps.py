"""
The steps of an order through the warehouse: what is allowed, and what it moves. Pure; `order_book.py` writes it down.

Each unit of a line is in one place: waiting, picked, packed, shipped, or given up as short. A step moves units from
place to place, and stock along with them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import NoReturn, TypeAlias

from crossdock.backends.builtin.stock import Movement, Reason
from crossdock.kit.errors import Refused, UsageError
from crossdock.model.names import FulfillmentOrderLineId, ItemCode, OrderId, PackageId, RequestKey, Units, WarehouseCode
from crossdock.model.request import DeliveryEvent, DeliveryStatus, FulfillmentRequest, WorkState

Wanted: TypeAlias = Mapping[str, int] | Mapping[FulfillmentOrderLineId, int] | Mapping[ItemCode, int]
"""Units by line; a line is named by its reference or by its item's code, which fills the item's lines in order."""


Kits: TypeAlias = Mapping[ItemCode, Mapping[ItemCode, int]]
"""The items that are assembled from others, and from how many units of which."""


@dataclass(frozen=True, slots=True)
class Line:
    """
    Units of one item that were ordered, by the place they are in.

    Of a kit, `components` are what it is assembled from, as it was when the order was accepted: they move in its place.
    """

    reference: FulfillmentOrderLineId
    item: ItemCode
    ordered: int
    picked: int = 0
    packed: int = 0
    shipped: int = 0
    short: int = 0
    components: Mapping[ItemCode, int] | None = None

    @property
    def stocked(self) -> Mapping[ItemCode, int]:
        """What has to leave the shelf for one unit."""
        return self.components or {self.item: 1}

    @property
    def open(self) -> int:
        """Units that are still to leave."""
        return self.ordered - self.shipped - self.short

    @property
    def waiting(self) -> int:
        """Units that nobody has picked yet."""
        return self.open - self.picked - self.packed


@dataclass(frozen=True, slots=True)
class Parcel:
    """
    A package, from its packing on. `shipped_at` is None until it has left.

    One that was taken back after that (`cancelled_at`) holds nothing any more; `contents` says what it held. `events`
    are what its carrier reported. `warehouse` is where it left from, where that is not the order's.
    """

    id: PackageId
    contents: tuple[tuple[FulfillmentOrderLineId, Units], ...]
    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None
    shipped_at: datetime | None = None
    cancelled_at: datetime | None = None
    events: tuple[DeliveryEvent, ...] = ()
    warehouse: WarehouseCode | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """What goes onto one package: who carries it, and how it can be followed."""

    package: PackageId
    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """Who carries a package that is about to be made, and how it can be followed."""

    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None


@dataclass(frozen=True, slots=True)
class SalesOrder:
    """The warehouse's own order for one request. `name` is the shop's (`#1001`), `reference` ours (`SO-000123`)."""

    key: RequestKey
    reference: str
    name: str
    order: OrderId
    warehouse: WarehouseCode
    state: WorkState
    lines: tuple[Line, ...]
    parcels: tuple[Parcel, ...] = ()
    on_hold: str | None = None
    """Why nobody goes on with it; it can still be changed, short-shipped and cancelled."""


@dataclass(frozen=True, slots=True)
class Step:
    """An order after a step, and what the step moved."""

    order: SalesOrder
    movements: tuple[Movement, ...] = ()


def accept(request: FulfillmentRequest, reference: str, kits: Kits) -> Step:
    """
    Make an order of a request and reserve all of it; what is not on hand waits as a backorder.

    `kits` are those among the request's items.

    Raises Refused where the request's lines do not make an order.
    """
    lines = _lines(request, kits)
    order = SalesOrder(
        request.key, reference, request.name, request.order, request.warehouse, WorkState.NOT_RELEASED, lines
    )
    reserved = (_movements(order, line, Reason.RESERVE, reserved=line.ordered) for line in lines)
    return Step(order, tuple(chain.from_iterable(reserved)))


def _lines(request: FulfillmentRequest, kits: Kits) -> tuple[Line, ...]:
    references = [line.reference for line in request.lines]
    if not references or len(set(references)) < len(references) or any(line.units < 1 for line in request.lines):
        raise Refused(
            f"{request.name}: the built-in warehouse takes one or more lines, each once and of 1 unit or more. "
            "Look at the order's lines in Shopify."
        )
    return tuple(Line(line.reference, line.item, line.units, components=kits.get(line.item)) for line in request.lines)


def amend(order: SalesOrder, request: FulfillmentRequest, kits: Kits) -> Step | None:
    """
    Make the order what `request` says now; None where it is too late.

    Particulars change until something is packed, lines until somebody picks or gives units up; not where a package
    names them, though it was taken back. What a kit is made of stays as it was for lines that stay.

    Raises Refused where the request's lines do not make an order.
    """
    wanted = _lines(request, kits)
    before = {line.reference: line for line in order.lines}
    lines = tuple(
        replace(before[line.reference], ordered=line.ordered)
        if line.reference in before and before[line.reference].item == line.item
        else line
        for line in wanted
    )
    same = {line.reference: (line.item, line.ordered) for line in order.lines} == {
        line.reference: (line.item, line.ordered) for line in lines
    }
    if request.warehouse != order.warehouse or not _may_stop(order):
        return None
    if same:
        return Step(order)
    if order.parcels or any(line.picked or line.short for line in order.lines):
        return None
    back = (_movements(order, line, Reason.AMEND, reserved=-line.ordered) for line in order.lines)
    taken = (_movements(order, line, Reason.AMEND, reserved=line.ordered) for line in lines)
    net: dict[ItemCode, Movement] = {}
    for movement in chain.from_iterable((*back, *taken)):
        so_far = net.get(movement.item)
        reserved = movement.reserved + (so_far.reserved if so_far else 0)
        net[movement.item] = replace(movement, reserved=reserved)
    return Step(replace(order, lines=lines), tuple(one for one in net.values() if one.reserved))


def stop(order: SalesOrder) -> Step | None:
    """Cancel the order as the shop wants it; None where part of it is packed or has left."""
    return cancel(order) if _may_stop(order) else None


def _may_stop(order: SalesOrder) -> bool:
    at_rest = order.state in {WorkState.NOT_RELEASED, WorkState.RELEASED, WorkState.PICKING}
    return at_rest and not any(line.packed or line.shipped for line in order.lines)


def release(order: SalesOrder) -> Step:
    """Hand the order to the floor. Raises UsageError where that was done already."""
    _demand(order, "released", WorkState.NOT_RELEASED)
    _demand_going_on(order, "released")
    return Step(replace(order, state=WorkState.RELEASED))


def hold(order: SalesOrder, reason: str) -> Step:
    """Let nobody go on with the order, and say why. Raises UsageError without a reason, and where it is over."""
    _demand(order, "put on hold", WorkState.NOT_RELEASED, WorkState.RELEASED, WorkState.PICKING, WorkState.PACKED)
    said = " ".join(reason.split())
    if not said:
        raise UsageError(f"{order.reference} cannot be put on hold without a reason: the shop reads it. Give one.")
    return Step(replace(order, on_hold=said))


def resume(order: SalesOrder) -> Step:
    """Let the order go on. Raises UsageError where it does already."""
    if order.on_hold is None:
        _refuse(order, "resumed", "it is not on hold")
    return Step(replace(order, on_hold=None))


def pick(order: SalesOrder, wanted: Wanted | None, on_shelf: Mapping[ItemCode, int]) -> Step:
    """
    Take units from the shelf onto a cart; all that wait where `wanted` is None.

    Raises UsageError where the order is not released, has fewer units waiting, or the shelf holds fewer.
    """
    _demand(order, "picked", WorkState.RELEASED, WorkState.PICKING, WorkState.PACKED)
    _demand_going_on(order, "picked")
    units = _choose(order, wanted, "waiting", lambda line: line.waiting)
    needed = _by_item(order, units)
    for item, number in needed.items():
        if number > on_shelf.get(item, 0):
            raise UsageError(
                f"{order.reference}: {number} {item} cannot be picked at {order.warehouse}, "
                f"{on_shelf.get(item, 0)} are on the shelf. "
                "Pick those, receive or transfer more, or short-ship the rest."
            )
    lines = _put(order.lines, units, lambda line, n: replace(line, picked=line.picked + n))
    movements = (_movements(order, line, Reason.PICK, picked=n) for line, n in _each(order, units))
    return _step(order, lines, movements)


def pack(order: SalesOrder, boxes: Sequence[Wanted] | None) -> Step:
    """
    Put picked units into packages, one per box; everything picked into one where `boxes` is None.

    Packages are numbered on from those the order has. Raises UsageError where fewer units are picked.
    """
    _demand(order, "packed", WorkState.RELEASED, WorkState.PICKING, WorkState.PACKED)
    _demand_going_on(order, "packed")
    if boxes is not None and not boxes:
        raise UsageError(
            f"{order.reference}: no package was given. Say what goes into each, or pack all that is picked."
        )
    every: Sequence[Wanted | None] = [None] if boxes is None else boxes
    step = Step(order)
    for box in every:
        step = _then(step, _pack_one(step.order, box))
    return step


def _pack_one(order: SalesOrder, box: Wanted | None) -> Step:
    units = _choose(order, box, "picked", lambda line: line.picked)
    parcel = Parcel(PackageId(f"{order.reference}-{len(order.parcels) + 1}"), tuple(units.items()))
    lines = _put(order.lines, units, lambda line, n: replace(line, picked=line.picked - n, packed=line.packed + n))
    movements = (
        _movements(order, line, Reason.PACK, picked=-n, packed=n, reference=parcel.id)
        for line, n in _each(order, units)
    )
    return _step(replace(order, parcels=(*order.parcels, parcel)), lines, movements)


def ship(order: SalesOrder, labels: Sequence[Label], at: datetime) -> Step:
    """
    Hand packed packages to their carriers, at the time `at`.

    Raises UsageError for a package that the order does not have, or that has left already.
    """
    _demand_going_on(order, "shipped")
    if not labels:
        raise UsageError(f"{order.reference}: nothing is packed to ship. Pick and pack it first.")
    step = Step(order)
    for label in labels:
        step = _then(step, _ship_one(step.order, label, at))
    return step


def _ship_one(order: SalesOrder, label: Label, at: datetime) -> Step:
    parcel = _parcel(order, label.package)
    if parcel.shipped_at is not None:
        raise UsageError(
            f"{order.reference}: package {parcel.id} left already. Change its tracking, or ship one of: "
            f"{_listed(other.id for other in order.parcels if other.shipped_at is None)}."
        )
    units = dict(parcel.contents)
    lines = _put(order.lines, units, lambda line, n: replace(line, packed=line.packed - n, shipped=line.shipped + n))
    movements = (
        _movements(order, line, Reason.SHIP, on_hand=-n, reserved=-n, packed=-n, reference=parcel.id)
        for line, n in _each(order, units)
    )
    return _step(replace(order, parcels=_relabeled(order, label, at)), lines, movements)


def ship_from(
    order: SalesOrder,
    warehouse: WarehouseCode,
    wanted: Wanted | None,
    sent: Sent,
    on_shelf: Mapping[ItemCode, int],
    at: datetime,
) -> Step:
    """
    Let units leave from another warehouse's shelf in a package of their own; all that wait where `wanted` is None.

    What the order's own warehouse had reserved for them is free again. Raises UsageError where the order is not
    released, has fewer units waiting, or the shelf there holds fewer.
    """
    _demand(order, "shipped", WorkState.RELEASED, WorkState.PICKING, WorkState.PACKED)
    _demand_going_on(order, "shipped")
    if warehouse == order.warehouse:
        _refuse(order, f"shipped from {warehouse} as from elsewhere", "it is its own; pick, pack and ship it there")
    units = _choose(order, wanted, "waiting", lambda line: line.waiting)
    for item, number in _by_item(order, units).items():
        if number > on_shelf.get(item, 0):
            raise UsageError(
                f"{order.reference}: {number} {item} cannot leave from {warehouse}, {on_shelf.get(item, 0)} are on the "
                "shelf there. Ship those, or from where there are more."
            )
    parcel = Parcel(
        PackageId(f"{order.reference}-{len(order.parcels) + 1}"),
        tuple(units.items()),
        sent.carrier,
        sent.tracking_number,
        sent.tracking_url,
        shipped_at=at,
        warehouse=warehouse,
    )
    lines = _put(order.lines, units, lambda line, n: replace(line, shipped=line.shipped + n))
    freed = (_movements(order, line, Reason.SHIP, reserved=-n, reference=parcel.id) for line, n in _each(order, units))
    there = replace(order, warehouse=warehouse)
    gone = (_movements(there, line, Reason.SHIP, on_hand=-n, reference=parcel.id) for line, n in _each(order, units))
    return _step(replace(order, parcels=(*order.parcels, parcel)), lines, chain(freed, gone))


def track(order: SalesOrder, label: Label) -> Step:
    """Change what is written on a package that has left. Raises UsageError for one that has not, or is back."""
    _, shipped_at = _under_way(order, label.package)
    return Step(replace(order, parcels=_relabeled(order, label, shipped_at)))


def report(order: SalesOrder, package: PackageId, status: DeliveryStatus, at: datetime) -> Step:
    """Note what happened to a package that has left. Raises UsageError for one that has not, or is back."""
    parcel, _ = _under_way(order, package)
    happened = replace(parcel, events=(*parcel.events, DeliveryEvent(status, at)))
    return Step(replace(order, parcels=_with(order, happened)))


def take_back(order: SalesOrder, package: PackageId, at: datetime) -> Step:
    """
    Put a package's goods back on the shelf that they left from; the order has them reserved where it is to ship from.

    Raises UsageError for a package that has not left, or is back already.
    """
    parcel, _ = _under_way(order, package)
    units = dict(parcel.contents)
    lines = _put(order.lines, units, lambda line, n: replace(line, shipped=line.shipped - n))
    back = replace(parcel, cancelled_at=at)
    taken = replace(order, parcels=_with(order, back))
    if parcel.warehouse is None:
        movements = (
            _movements(order, line, Reason.TAKE_BACK, on_hand=n, reserved=n, reference=parcel.id)
            for line, n in _each(order, units)
        )
        return _step(taken, lines, movements)
    there = replace(order, warehouse=parcel.warehouse)
    shelf = (
        _movements(there, line, Reason.TAKE_BACK, on_hand=n, reference=parcel.id) for line, n in _each(order, units)
    )
    promised = (
        _movements(order, line, Reason.TAKE_BACK, reserved=n, reference=parcel.id) for line, n in _each(order, units)
    )
    return _step(taken, lines, chain(shelf, promised))


def _under_way(order: SalesOrder, package: PackageId) -> tuple[Parcel, datetime]:
    """Return a package that has left, and when. Raises UsageError for one that has not, or is back."""
    parcel = _parcel(order, package)
    if parcel.shipped_at is None:
        raise UsageError(f"{order.reference}: package {parcel.id} has not left yet. Ship it with its tracking number.")
    if parcel.cancelled_at is not None:
        raise UsageError(f"{order.reference}: package {parcel.id} was taken back. Pick, pack and ship its goods anew.")
    return parcel, parcel.shipped_at


def short_ship(order: SalesOrder, wanted: Wanted | None) -> Step:
    """
    Give up on units that will not ship: all that wait where `wanted` is None.

    Named units may be on a cart already; those that wait go first, picked ones return to the shelf. Raises UsageError
    where fewer units are left to give up.
    """
    _demand(order, "short-shipped", WorkState.RELEASED, WorkState.PICKING, WorkState.PACKED)
    if wanted is None:
        units = _choose(order, None, "waiting", lambda line: line.waiting)
    else:
        units = _choose(order, wanted, "waiting or picked", lambda line: line.waiting + line.picked)
    back = {line.reference: max(0, units.get(line.reference, 0) - line.waiting) for line in order.lines}
    lines = _put(order.lines, units, lambda line, n: replace(line, short=line.short + n))
    lines = _put(lines, back, lambda line, n: replace(line, picked=line.picked - n))
    movements = (
        _movements(order, line, Reason.SHORT_SHIP, reserved=-n, picked=-back[line.reference])
        for line, n in _each(order, units)
    )
    return _step(order, lines, movements)


def cancel(order: SalesOrder) -> Step:
    """Put everything back and free what was reserved. Raises UsageError once a package has left."""
    if any(line.shipped for line in order.lines):
        _refuse(order, "cancelled", "part of it has left; short-ship the rest instead")
    _demand(order, "cancelled", WorkState.NOT_RELEASED, WorkState.RELEASED, WorkState.PICKING, WorkState.PACKED)
    movements = (
        _movements(order, line, Reason.CANCEL, reserved=-line.open, picked=-line.picked, packed=-line.packed)
        for line in order.lines
        if line.open
    )
    lines = tuple(replace(line, picked=0, packed=0) for line in order.lines)
    # Of a package that was taken back the hub has still to hear.
    back = tuple(parcel for parcel in order.parcels if parcel.cancelled_at is not None)
    cancelled = replace(order, lines=lines, parcels=back, state=WorkState.CANCELLED, on_hold=None)
    return Step(cancelled, tuple(chain.from_iterable(movements)))


def reserved_units(order: SalesOrder) -> Mapping[ItemCode, int]:
    """Return what the order keeps reserved, by stocked item: a kit by its components."""
    if order.state is WorkState.CANCELLED:
        return {}
    return _by_item(order, {line.reference: Units(line.open) for line in order.lines if line.open})


def _step(order: SalesOrder, lines: tuple[Line, ...], movements: Iterable[Iterable[Movement]]) -> Step:
    state = _progress(lines)
    on_hold = order.on_hold if state.may_still_ship else None
    return Step(replace(order, lines=lines, state=state, on_hold=on_hold), tuple(chain.from_iterable(movements)))


def _then(first: Step, second: Step) -> Step:
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


_NEXT = {
    WorkState.NOT_RELEASED: "release it or cancel it",
    WorkState.RELEASED: "pick it, short-ship it or cancel it",
    WorkState.PICKING: "pick, pack, ship or short-ship the rest",
    WorkState.PACKED: "ship it",
    WorkState.SHIPPED: "it is done; its packages can still be tracked or taken back",
    WorkState.CANCELLED: "it is done; a new request makes a new order",
}


def _demand(order: SalesOrder, done: str, *allowed: WorkState) -> None:
    if order.state not in allowed:
        _refuse(order, done, f"it is {order.state.replace('_', ' ')}; {_NEXT[order.state]}")


def _demand_going_on(order: SalesOrder, done: str) -> None:
    if order.on_hold is not None:
        _refuse(order, done, f"it is on hold ({order.on_hold}); resume it first")


def _refuse(order: SalesOrder, done: str, why: str) -> NoReturn:
    raise UsageError(f"{order.reference} ({order.name}) cannot be {done}: {why}.")


def _choose(
    order: SalesOrder, wanted: Wanted | None, place: str, there: Callable[[Line], int]
) -> dict[FulfillmentOrderLineId, Units]:
    """Say which units of which lines are meant, of those in a place. Raises UsageError where they are not there."""
    if wanted is None:
        chosen = {line.reference: Units(there(line)) for line in order.lines if there(line)}
        if not chosen:
            raise UsageError(f"{order.reference}: no units are {place}; {_NEXT[order.state]}.")
        return chosen
    left = {line.reference: there(line) for line in order.lines}
    for name, number in wanted.items():
        lines = [line for line in order.lines if name in (line.reference, line.item)]
        if not lines:
            raise UsageError(
                f"{order.reference} has no line {name}. Its items are: {_listed({line.item for line in order.lines})}."
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


def _put(
    lines: tuple[Line, ...], units: Mapping[FulfillmentOrderLineId, int], moved: Callable[[Line, int], Line]
) -> tuple[Line, ...]:
    return tuple(moved(line, units.get(line.reference, 0)) for line in lines)


def _by_item(order: SalesOrder, units: Mapping[FulfillmentOrderLineId, Units]) -> Mapping[ItemCode, int]:
    sums: Counter[ItemCode] = Counter()
    for line, number in _each(order, units):
        for item, each in line.stocked.items():
            sums[item] += number * each
    return sums


def _each(order: SalesOrder, units: Mapping[FulfillmentOrderLineId, Units]) -> Iterator[tuple[Line, int]]:
    return ((line, units[line.reference]) for line in order.lines if line.reference in units)


def _movements(
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


def _parcel(order: SalesOrder, package: PackageId) -> Parcel:
    for parcel in order.parcels:
        if parcel.id == package:
            return parcel
    known = _listed(parcel.id for parcel in order.parcels)
    raise UsageError(f"{order.reference} has no package {package}. It has: {known}.")


def _relabeled(order: SalesOrder, label: Label, at: datetime) -> tuple[Parcel, ...]:
    parcel = _parcel(order, label.package)
    changed = replace(
        parcel,
        carrier=label.carrier,
        tracking_number=label.tracking_number,
        tracking_url=label.tracking_url,
        shipped_at=at,
    )
    return _with(order, changed)


def _with(order: SalesOrder, changed: Parcel) -> tuple[Parcel, ...]:
    return tuple(changed if parcel.id == changed.id else parcel for parcel in order.parcels)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
