"""Packages that leave, what becomes of them on their way, and how they come back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain

from crossdock.backends.builtin.steps.allowed import demand, demand_going_on, listed, refuse
from crossdock.backends.builtin.steps.sales_order import Label, Parcel, SalesOrder, Sent, Step, Wanted
from crossdock.backends.builtin.steps.units import by_item, choose, lines_of, moves, put, stepped, then
from crossdock.backends.builtin.stock import Reason
from crossdock.kit.errors import UsageError
from crossdock.model.names import ItemCode, PackageId, WarehouseCode
from crossdock.model.request import DeliveryEvent, DeliveryStatus, WorkState


def ship(order: SalesOrder, labels: Sequence[Label], at: datetime) -> Step:
    """
    Hand packed packages to their carriers, at the time `at`.

    Raises UsageError for a package that the order does not have, or that has left already.
    """
    demand_going_on(order, "shipped")
    if not labels:
        raise UsageError(f"{order.reference}: nothing is packed to ship. Pick and pack it first.")
    step = Step(order)
    for label in labels:
        step = then(step, _ship_one(step.order, label, at))
    return step


def _ship_one(order: SalesOrder, label: Label, at: datetime) -> Step:
    parcel = _parcel(order, label.package)
    if parcel.shipped_at is not None:
        raise UsageError(
            f"{order.reference}: package {parcel.id} left already. Change its tracking, or ship one of: "
            f"{listed(other.id for other in order.parcels if other.shipped_at is None)}."
        )
    units = dict(parcel.contents)
    lines = put(order.lines, units, lambda line, n: replace(line, packed=line.packed - n, shipped=line.shipped + n))
    movements = (
        moves(order, line, Reason.SHIP, on_hand=-n, reserved=-n, packed=-n, reference=parcel.id)
        for line, n in lines_of(order, units)
    )
    return stepped(replace(order, parcels=_relabeled(order, label, at)), lines, movements)


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
    demand(order, "shipped", WorkState.RELEASED, WorkState.PICKING, WorkState.PACKED)
    demand_going_on(order, "shipped")
    if warehouse == order.warehouse:
        refuse(order, f"shipped from {warehouse} as from elsewhere", "it is its own; pick, pack and ship it there")
    units = choose(order, wanted, "waiting", lambda line: line.waiting)
    for item, number in by_item(order, units).items():
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
    lines = put(order.lines, units, lambda line, n: replace(line, shipped=line.shipped + n))
    freed = (moves(order, line, Reason.SHIP, reserved=-n, reference=parcel.id) for line, n in lines_of(order, units))
    there = replace(order, warehouse=warehouse)
    gone = (moves(there, line, Reason.SHIP, on_hand=-n, reference=parcel.id) for line, n in lines_of(order, units))
    return stepped(replace(order, parcels=(*order.parcels, parcel)), lines, chain(freed, gone))


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
    lines = put(order.lines, units, lambda line, n: replace(line, shipped=line.shipped - n))
    back = replace(parcel, cancelled_at=at)
    taken = replace(order, parcels=_with(order, back))
    if parcel.warehouse is None:
        movements = (
            moves(order, line, Reason.TAKE_BACK, on_hand=n, reserved=n, reference=parcel.id)
            for line, n in lines_of(order, units)
        )
        return stepped(taken, lines, movements)
    there = replace(order, warehouse=parcel.warehouse)
    shelf = (moves(there, line, Reason.TAKE_BACK, on_hand=n, reference=parcel.id) for line, n in lines_of(order, units))
    promised = (
        moves(order, line, Reason.TAKE_BACK, reserved=n, reference=parcel.id) for line, n in lines_of(order, units)
    )
    return stepped(taken, lines, chain(shelf, promised))


def _under_way(order: SalesOrder, package: PackageId) -> tuple[Parcel, datetime]:
    """Return a package that has left, and when. Raises UsageError for one that has not, or is back."""
    parcel = _parcel(order, package)
    if parcel.shipped_at is None:
        raise UsageError(f"{order.reference}: package {parcel.id} has not left yet. Ship it with its tracking number.")
    if parcel.cancelled_at is not None:
        raise UsageError(f"{order.reference}: package {parcel.id} was taken back. Pick, pack and ship its goods anew.")
    return parcel, parcel.shipped_at


def _parcel(order: SalesOrder, package: PackageId) -> Parcel:
    for parcel in order.parcels:
        if parcel.id == package:
            return parcel
    known = listed(parcel.id for parcel in order.parcels)
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
