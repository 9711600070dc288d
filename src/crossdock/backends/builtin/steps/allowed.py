"""What keeps a step from being made, said so that a person knows what to do instead."""

from collections.abc import Iterable
from typing import NoReturn

from crossdock.backends.builtin.steps.sales_order import SalesOrder
from crossdock.kit.errors import UsageError
from crossdock.model.request import WorkState

NEXT = {
    WorkState.NOT_RELEASED: "release it or cancel it",
    WorkState.RELEASED: "pick it, short-ship it or cancel it",
    WorkState.PICKING: "pick, pack, ship or short-ship the rest",
    WorkState.PACKED: "ship it",
    WorkState.SHIPPED: "it is done; its packages can still be tracked or taken back",
    WorkState.CANCELLED: "it is done; a new request makes a new order",
}
"""What can be done to an order in each state."""


def demand(order: SalesOrder, done: str, *allowed: WorkState) -> None:
    """Raise UsageError where the order is in none of these states; `done` is what it cannot be."""
    if order.state not in allowed:
        refuse(order, done, f"it is {order.state.replace('_', ' ')}; {NEXT[order.state]}")


def demand_going_on(order: SalesOrder, done: str) -> None:
    """Raise UsageError where the order is on hold."""
    if order.on_hold is not None:
        refuse(order, done, f"it is on hold ({order.on_hold}); resume it first")


def refuse(order: SalesOrder, done: str, why: str) -> NoReturn:
    """Raise UsageError, and say why."""
    raise UsageError(f"{order.reference} ({order.name}) cannot be {done}: {why}.")


def listed(names: Iterable[str]) -> str:
    """Return names as a sentence lists them."""
    return ", ".join(sorted(names)) or "none"
