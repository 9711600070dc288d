"""Asking for a return, granting or declining it, or making one that is granted at once."""

from decimal import Decimal
from typing import Any

from shopify_standin.clock import moment_from
from shopify_standin.domain.orders.telling import order_changed
from shopify_standin.domain.returns.checking import (
    check_lines,
    checked_order,
    creation_errors,
    request_errors,
    return_line,
)
from shopify_standin.domain.returns.telling import tell_return
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.returning import ExchangeLine, Return, ReverseLine, ReverseOrder
from shopify_standin.model.sales import Order
from shopify_standin.money import Bag
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World

Given = dict[str, Any]
MAX_DECLINE_NOTE = 500
_NOT_APPROVABLE = "Return is not approvable. Only returns with status REQUESTED can be approved."
_NOT_DECLINABLE = "Return is not declinable. Only non-refunded returns with status REQUESTED can be declined."


@mutation("returnRequest")
def return_request(world: World, args: Args) -> JsonObject:
    """A customer asks to send something back."""
    given = args["input"]
    made = _made(world, given, "input", request_errors(given["returnLineItems"]), "REQUESTED")
    made.requested_at = world.now()
    return _answer(world, made, "RETURNS_REQUEST")


@mutation("returnCreate")
def return_create(world: World, args: Args) -> JsonObject:
    """A return that is granted already."""
    given = args["returnInput"]
    exchanges = given.get("exchangeLineItems") or ()
    for index, entry in enumerate(exchanges):
        _check_exchange(world, entry, ["returnInput", "exchangeLineItems", str(index)])
    made = _made(world, given, "returnInput", creation_errors(given["returnLineItems"]), "OPEN")
    made.requested_at = moment_from(given.get("requestedAt"))
    made.approved_at = world.now()
    made.exchange_lines = [
        ExchangeLine(
            world.ids.next("ExchangeLineItem"),
            made.id,
            number_of(entry["variantId"], "ProductVariant"),
            entry["quantity"],
        )
        for entry in exchanges
    ]
    expect_goods(world, made)
    return _answer(world, made, "RETURNS_APPROVE")


def _check_exchange(world: World, entry: Given, path: list[str]) -> None:
    if entry.get("variantId") is None or number_of(entry["variantId"], "ProductVariant") not in world.variants.rows:
        raise Refused(user_error([*path, "variantId"], "Variant not found.", "NOT_FOUND"))
    if entry["quantity"] < 1:
        raise Refused(user_error([*path, "quantity"], "Quantity must be greater than 0", "GREATER_THAN"))


def _made(world: World, given: Given, root: str, errors: list[JsonObject], status: str) -> Return:
    if errors:
        raise Refused(*errors)
    order = checked_order(world, given["orderId"], root)
    check_lines(world, order, given["returnLineItems"], root)
    fee = given.get("returnShippingFee")
    shipping_fee = None if fee is None else _fee(order, fee, root)
    number = world.ids.next("Return")
    name = f"{order.name}-R{len(order.return_ids) + 1}"
    made = Return(number, order.id, name, status, world.now())
    made.lines = [return_line(world, number, entry) for entry in given["returnLineItems"]]
    if shipping_fee is not None:
        made.shipping_fee = shipping_fee
        made.shipping_fee_id = world.ids.next("ReturnShippingFee")
    order.return_ids.append(number)
    return world.returns.add(made)


def _fee(order: Order, given: Given, root: str) -> Bag:
    """A fee in the customer's currency, and in the shop's at the order's rate; raises Refused for another one."""
    amount, expected = Decimal(str(given["amount"]["amount"])), order.currencies.presentment
    if given["amount"]["currencyCode"] != expected:
        path = [root, "returnShippingFee", "amount"]
        raise Refused(user_error(path, f"Currency must be {expected}.", "INVALID"))
    if not order.total.presentment:
        return Bag(amount, amount)
    return Bag(order.total.part(amount / order.total.presentment).shop, amount)


def _answer(world: World, changed: Return, topic: str) -> JsonObject:
    tell_return(world, changed, topic)
    order_changed(world, world.orders[changed.order_id])
    return {"return": changed, "userErrors": []}


def expect_goods(world: World, granted: Return) -> None:
    """From now on the goods may travel back: one reverse fulfillment order holds all of them."""
    number = world.ids.next("ReverseFulfillmentOrder")
    way = ReverseOrder(number, granted.id, granted.order_id)
    for line in granted.lines:
        row = ReverseLine(
            world.ids.next("ReverseFulfillmentOrderLineItem"), number, line.fulfillment_line_id, line.quantity
        )
        way.lines.append(world.reverse_lines.add(row))
    world.reverse_orders.add(way)
    granted.reverse_order_ids.append(number)


@mutation("returnApproveRequest")
def return_approve_request(world: World, args: Args) -> JsonObject:
    """Grant what was asked for."""
    wanted = return_named(world, args["input"]["id"], ["input", "id"])
    if wanted.status != "REQUESTED":
        raise Refused(user_error(["input", "id"], _NOT_APPROVABLE, "INVALID_STATE"))
    wanted.status, wanted.approved_at = "OPEN", world.now()
    expect_goods(world, wanted)
    return _answer(world, wanted, "RETURNS_APPROVE")


@mutation("returnDeclineRequest")
def return_decline_request(world: World, args: Args) -> JsonObject:
    """Decline what was asked for."""
    given = args["input"]
    note = given.get("declineNote")
    if len(note or "") > MAX_DECLINE_NOTE:
        message = f"Decline note is too long (maximum is {MAX_DECLINE_NOTE} characters)"
        raise Refused(user_error(["input", "declineNote"], message, "TOO_LONG"))
    wanted = return_named(world, given["id"], ["input", "id"])
    if wanted.status != "REQUESTED":
        raise Refused(user_error(["input", "id"], _NOT_DECLINABLE, "INVALID_STATE"))
    wanted.status, wanted.decline_reason, wanted.decline_note = "DECLINED", given["declineReason"], note
    return _answer(world, wanted, "RETURNS_DECLINE")


def return_named(world: World, value: str, path: list[str]) -> Return:
    """The return with this global id; raises Refused where there is none."""
    found = world.returns.get(number_of(value, "Return"))
    if found is None:
        raise Refused(user_error(path, "Return not found.", "NOT_FOUND"))
    return found
