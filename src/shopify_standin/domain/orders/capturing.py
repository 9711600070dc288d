"""Authorizations are captured or voided (refusals recorded 2026-04)."""

from decimal import Decimal

from shopify_standin.domain.orders.booking import book
from shopify_standin.domain.orders.finding import order_named
from shopify_standin.domain.orders.telling import order_changed
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.sales import Order, Transaction
from shopify_standin.money import NOTHING, Bag, money_text
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World

_FINAL = (
    "Setting final capture is not supported for this transaction's payment gateway. "
    "Please remove the parameter or set it to null, then try again."
)


@mutation("orderCapture")
def order_capture(world: World, args: Args) -> JsonObject:
    """Capture an authorization, in whole or in part; the amount is in the customer's currency."""
    given = args["input"]
    order = order_named(world, given["id"], ["id"])
    number = number_of(given["parentTransactionId"], "OrderTransaction")
    parent = next((t for t in order.transactions if t.id == number), None)
    if parent is None:
        raise Refused(user_error(None, "Unable to find parent transaction"))
    _check_currency(order, given.get("currency"))
    amount = Decimal(str(given["amount"]))
    if amount <= 0:
        raise Refused(user_error(None, "Amount must be greater than zero for capture transactions"))
    left = open_amount(order, parent)
    if amount > left.presentment:
        authorized = money_text(left.presentment)
        raise Refused(user_error(None, f"Cannot capture more than the authorized {authorized} for this payment."))
    if given.get("finalCapture") is not None:
        raise Refused(user_error(None, _FINAL))
    captured = Bag(left.part(amount / left.presentment).shop, amount)
    made = book(world, order, "CAPTURE", captured, parent.gateway, parent=parent, test=parent.test)
    order_changed(world, order, *(["ORDERS_PAID"] if order.financial_status == "PAID" else []))
    return {"transaction": made, "userErrors": []}


def _check_currency(order: Order, given: str | None) -> None:
    """The currency may be left out only where the order has but one."""
    expected = order.currencies.presentment
    if given is None and order.currencies.shop == expected:
        return
    if given != expected:
        message = f"Currency Currency must match parent transaction {expected}"
        raise Refused(user_error(["currency"], message))


def open_amount(order: Order, parent: Transaction) -> Bag:
    """What of an authorization was neither captured nor voided."""
    if parent.kind != "AUTHORIZATION" or parent.status != "SUCCESS":
        return NOTHING
    used = (t.amount for t in order.transactions if t.parent_id == parent.id and t.status == "SUCCESS")
    return parent.amount - sum(used, NOTHING)


@mutation("transactionVoid")
def transaction_void(world: World, args: Args) -> JsonObject:
    """Give an authorization up, of which nothing was captured."""
    path = ["parentTransactionId"]
    parent = world.transactions.get(number_of(args["parentTransactionId"], "OrderTransaction"))
    if parent is None:
        raise Refused(user_error(path, "Transaction does not exist", "TRANSACTION_NOT_FOUND"))
    if parent.kind != "AUTHORIZATION" or parent.status != "SUCCESS":
        message = "Parent transaction must be a successful authorization"
        raise Refused(user_error(path, message, "AUTH_NOT_SUCCESSFUL"))
    order = world.orders[parent.order_id]
    if open_amount(order, parent) != parent.amount:
        message = "Parent transaction require a parent_id referring to a voidable transaction"
        raise Refused(user_error(path, message, "AUTH_NOT_VOIDABLE"))
    made = book(world, order, "VOID", parent.amount, parent.gateway, parent=parent, test=parent.test)
    order_changed(world, order)
    return {"transaction": made, "userErrors": []}
