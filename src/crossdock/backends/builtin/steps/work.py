"""Work on an order before it leaves: it is released, held, picked, packed, given up, cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain

from crossdock.backends.builtin.steps.allowed import demand, demand_going_on, refuse
from crossdock.backends.builtin.steps.sales_order import Parcel, SalesOrder, Step, Wanted
from crossdock.backends.builtin.steps.units import by_item, choose, lines_of, moves, put, stepped, then
from crossdock.backends.builtin.stock import Reason
from crossdock.kit.errors import UsageError
from crossdock.model.names import ItemCode, PackageId
from crossdock.model.request import WorkState


def release(order: SalesOrder) -> Step:
    """Hand the order to the floor. Raises UsageError where that was done already."""
    demand(order, "released", WorkState.NOT_RELEASED)
    demand_going_on(order, "released")
    return Step(replace(order, state=WorkState.RELEASED))


def hold(order: SalesOrder, reason: str) -> Step:
    """Let nobody go on with the order, and say why. Raises UsageError without a reason, and where it is over."""
    demand(order, "put on hold", WorkState.NOT_RELEASED, WorkState.RELEASED, WorkState.PICKING, WorkState.PACKED)
    said = " ".join(reason.split())
    if not said:
        raise UsageError(f"{order.reference} cannot be put on hold without a reason: the shop reads it. Give one.")
    return Step(replace(order, on_hold=said))


def resume(order: SalesOrder) -> Step:
    """Let the order go on. Raises UsageError where it does already."""
    if order.on_hold is None:
        refuse(order, "resumed", "it is not on hold")
    return Step(replace(order, on_hold=None))


def pick(order: SalesOrder, wanted: Wanted | None, on_shelf: Mapping[ItemCode, int]) -> Step:
    """
    Take units from the shelf onto a cart; all that wait where `wanted` is None.

    Raises UsageError where the order is not released, has fewer units waiting, or the shelf holds fewer.
    """
    demand(order, "picked", WorkState.RELEASED, WorkState.PICKING, WorkState.PACKED)
    demand_going_on(order, "picked")
    units = choose(order, wanted, "waiting", lambda line: line.waiting)
    needed = by_item(order, units)
    for item, number in needed.items():
        if number > on_shelf.get(item, 0):
            raise UsageError(
                f"{order.reference}: {number} {item} cannot be picked at {order.warehouse}, "
                f"{on_shelf.get(item, 0)} are on the shelf. "
                "Pick those, receive or transfer more, or short-ship the rest."
            )
    lines = put(order.lines, units, lambda line, n: replace(line, picked=line.picked + n))
    movements = (moves(order, line, Reason.PICK, picked=n) for line, n in lines_of(order, units))
    return stepped(order, lines, movements)


def pack(order: SalesOrder, boxes: Sequence[Wanted] | None) -> Step:
    """
    Put picked units into packages, one per box; everything picked into one where `boxes` is None.

    Packages are numbered on from those the order has. Raises UsageError where fewer units are picked.
    """
    demand(order, "packed", WorkState.RELEASED, WorkState.PICKING, WorkState.PACKED)
    demand_going_on(order, "packed")
    if boxes is not None and not boxes:
        raise UsageError(
            f"{order.reference}: no package was given. Say what goes into each, or pack all that is picked."
        )
    every: Sequence[Wanted | None] = [None] if boxes is None else boxes
    step = Step(order)
    for box in every:
        step = then(step, _pack_one(step.order, box))
    return step


def _pack_one(order: SalesOrder, box: Wanted | None) -> Step:
    units = choose(order, box, "picked", lambda line: line.picked)
    parcel = Parcel(PackageId(f"{order.reference}-{len(order.parcels) + 1}"), tuple(units.items()))
    lines = put(order.lines, units, lambda line, n: replace(line, picked=line.picked - n, packed=line.packed + n))
    movements = (
        moves(order, line, Reason.PACK, picked=-n, packed=n, reference=parcel.id) for line, n in lines_of(order, units)
    )
    return stepped(replace(order, parcels=(*order.parcels, parcel)), lines, movements)


def short_ship(order: SalesOrder, wanted: Wanted | None) -> Step:
    """
    Give up on units that will not ship: all that wait where `wanted` is None.

    Named units may be on a cart already; those that wait go first, picked ones return to the shelf. Raises UsageError
    where fewer units are left to give up.
    """
    demand(order, "short-shipped", WorkState.RELEASED, WorkState.PICKING, WorkState.PACKED)
    if wanted is None:
        units = choose(order, None, "waiting", lambda line: line.waiting)
    else:
        units = choose(order, wanted, "waiting or picked", lambda line: line.waiting + line.picked)
    back = {line.reference: max(0, units.get(line.reference, 0) - line.waiting) for line in order.lines}
    lines = put(order.lines, units, lambda line, n: replace(line, short=line.short + n))
    lines = put(lines, back, lambda line, n: replace(line, picked=line.picked - n))
    movements = (
        moves(order, line, Reason.SHORT_SHIP, reserved=-n, picked=-back[line.reference])
        for line, n in lines_of(order, units)
    )
    return stepped(order, lines, movements)


def cancel(order: SalesOrder) -> Step:
    """Put everything back and free what was reserved. Raises UsageError once a package has left."""
    if any(line.shipped for line in order.lines):
        refuse(order, "cancelled", "part of it has left; short-ship the rest instead")
    demand(order, "cancelled", WorkState.NOT_RELEASED, WorkState.RELEASED, WorkState.PICKING, WorkState.PACKED)
    movements = (
        moves(order, line, Reason.CANCEL, reserved=-line.open, picked=-line.picked, packed=-line.packed)
        for line in order.lines
        if line.open
    )
    lines = tuple(replace(line, picked=0, packed=0) for line in order.lines)
    # Of a package that was taken back the hub has still to hear.
    back = tuple(parcel for parcel in order.parcels if parcel.cancelled_at is not None)
    cancelled = replace(order, lines=lines, parcels=back, state=WorkState.CANCELLED, on_hold=None)
    return Step(cancelled, tuple(chain.from_iterable(movements)))
