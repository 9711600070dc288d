"""What the shop asks for: to accept an order, to change it, and to stop it."""

from dataclasses import replace
from itertools import chain

from crossdock.backends.builtin.steps.sales_order import Kits, Line, SalesOrder, Step
from crossdock.backends.builtin.steps.units import moves
from crossdock.backends.builtin.steps.work import cancel
from crossdock.backends.builtin.stock import Movement, Reason
from crossdock.kit.errors import Refused
from crossdock.model.names import ItemCode
from crossdock.model.request import FulfillmentRequest, WorkState


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
    reserved = (moves(order, line, Reason.RESERVE, reserved=line.ordered) for line in lines)
    return Step(order, tuple(chain.from_iterable(reserved)))


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
    back = (moves(order, line, Reason.AMEND, reserved=-line.ordered) for line in order.lines)
    taken = (moves(order, line, Reason.AMEND, reserved=line.ordered) for line in lines)
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


def _lines(request: FulfillmentRequest, kits: Kits) -> tuple[Line, ...]:
    references = [line.reference for line in request.lines]
    if not references or len(set(references)) < len(references) or any(line.units < 1 for line in request.lines):
        raise Refused(
            f"{request.name}: the built-in warehouse takes one or more lines, each once and of 1 unit or more. "
            "Look at the order's lines in Shopify."
        )
    return tuple(Line(line.reference, line.item, line.units, components=kits.get(line.item)) for line in request.lines)
