"""Closing, reopening, cancelling and shortening returns; repeating one of them is no error."""

from typing import Any

from shopify_standin.domain.orders.telling import order_changed
from shopify_standin.domain.returns.checking import INVALID_QUANTITY
from shopify_standin.domain.returns.opening import return_named
from shopify_standin.domain.returns.telling import tell_removal, tell_return
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.returning import ExchangeLine, Return, ReturnLine
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World

_INVALID = "Return status is invalid."


@mutation("returnClose")
def return_close(world: World, args: Args) -> JsonObject:
    """Nothing more is expected."""
    wanted = return_named(world, args["id"], ["id"])
    if wanted.status not in {"OPEN", "CLOSED"}:
        raise Refused(user_error(["id"], _INVALID, "INVALID_STATE"))
    if wanted.status == "OPEN":
        wanted.status, wanted.closed_at = "CLOSED", world.now()
        _answer_way(world, wanted, "CLOSED")
        _tell(world, wanted, "RETURNS_CLOSE")
    return {"return": wanted, "userErrors": []}


@mutation("returnReopen")
def return_reopen(world: World, args: Args) -> JsonObject:
    """Something is expected again."""
    wanted = return_named(world, args["id"], ["id"])
    if wanted.status not in {"OPEN", "CLOSED"}:
        raise Refused(user_error(["id"], _INVALID, "INVALID_STATE"))
    if wanted.status == "CLOSED":
        wanted.status, wanted.closed_at = "OPEN", None
        _answer_way(world, wanted, "OPEN")
        _tell(world, wanted, "RETURNS_REOPEN")
    return {"return": wanted, "userErrors": []}


@mutation("returnCancel")
def return_cancel(world: World, args: Args) -> JsonObject:
    """Give a return up of which nothing was processed."""
    wanted = return_named(world, args["id"], ["id"])
    if wanted.status == "CANCELED":
        return {"return": wanted, "userErrors": []}
    if wanted.status not in {"OPEN", "REQUESTED"} or any(x.processed or x.refunded for x in wanted.lines):
        raise Refused(user_error(["id"], "Return is not cancelable.", "INVALID_STATE"))
    wanted.status = "CANCELED"
    _answer_way(world, wanted, "CANCELED")
    _tell(world, wanted, "RETURNS_CANCEL")
    return {"return": wanted, "userErrors": []}


def _answer_way(world: World, changed: Return, status: str) -> None:
    for number in changed.reverse_order_ids:
        world.reverse_orders[number].status = status


def _tell(world: World, changed: Return, topic: str) -> None:
    tell_return(world, changed, topic)
    order_changed(world, world.orders[changed.order_id])


@mutation("removeFromReturn", "returnLineItemRemoveFromReturn")
def remove_from_return(world: World, args: Args) -> JsonObject:
    """Take units out of an open return; one that is left empty is closed (recorded 2026-04)."""
    wanted = return_named(world, args["returnId"], ["returnId"])
    if wanted.status != "OPEN":
        raise Refused(user_error(["returnId"], _INVALID, "INVALID_STATE"))
    lines = [_line(wanted, entry, index) for index, entry in enumerate(args.get("returnLineItems") or ())]
    exchanges = [_exchange(wanted, entry, index) for index, entry in enumerate(args.get("exchangeLineItems") or ())]
    for line, units in lines:
        _shorten(world, wanted, line, units)
    for exchange, units in exchanges:
        exchange.quantity -= units
    wanted.lines = [line for line in wanted.lines if line.quantity]
    wanted.exchange_lines = [line for line in wanted.exchange_lines if line.quantity]
    if not wanted.lines and not wanted.exchange_lines:
        wanted.status, wanted.closed_at = "CLOSED", world.now()
        _answer_way(world, wanted, "CLOSED")
    tell_removal(world, wanted, lines)
    order_changed(world, world.orders[wanted.order_id])
    return {"return": wanted, "userErrors": []}


def _line(wanted: Return, entry: dict[str, Any], index: int) -> tuple[ReturnLine, int]:
    path = ["returnLineItems", str(index)]
    number = number_of(entry["returnLineItemId"], "ReturnLineItem")
    line = next((row for row in wanted.lines if row.id == number), None)
    if line is None:
        raise Refused(user_error([*path, "returnLineItemId"], "Return line item not found.", "NOT_FOUND"))
    if not 0 < entry["quantity"] <= line.unprocessed:
        raise Refused(user_error([*path, "quantity"], INVALID_QUANTITY, "INVALID"))
    return line, entry["quantity"]


def _exchange(wanted: Return, entry: dict[str, Any], index: int) -> tuple[ExchangeLine, int]:
    path = ["exchangeLineItems", str(index)]
    number = number_of(entry["exchangeLineItemId"], "ExchangeLineItem")
    line = next((row for row in wanted.exchange_lines if row.id == number), None)
    if line is None:
        raise Refused(user_error([*path, "exchangeLineItemId"], "Exchange line item not found.", "NOT_FOUND"))
    if not 0 < entry["quantity"] <= line.quantity - line.processed:
        raise Refused(user_error([*path, "quantity"], "Exchange line item has an invalid quantity.", "INVALID"))
    return line, entry["quantity"]


def _shorten(world: World, wanted: Return, line: ReturnLine, units: int) -> None:
    line.quantity -= units
    for number in wanted.reverse_order_ids:
        for row in world.reverse_orders[number].lines:
            if row.fulfillment_line_id == line.fulfillment_line_id:
                row.total = max(0, row.total - units)
