"""Payments noted by hand: `orderMarkAsPaid` and `orderCreateManualPayment` (refusals as in the 2026-07 SDL)."""

from decimal import Decimal

from shopify_standin.clock import moment_from
from shopify_standin.domain.fulfillment_orders.awaiting_payment import release_if_paid
from shopify_standin.domain.orders.booking import MANUAL, book
from shopify_standin.domain.orders.finding import order_named
from shopify_standin.domain.orders.telling import order_changed
from shopify_standin.errors import ApiError, JsonObject, Refused, user_error
from shopify_standin.model.sales import Order, Transaction
from shopify_standin.money import Bag
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World

_BIG_PLANS = frozenset({"plus", "enterprise"})
_PLUS_ONLY = "Access denied for orderCreateManualPayment field. Required access: the shop must be on the Plus plan."


def markable_as_paid(order: Order) -> bool:
    """Something is owed, and the order lives."""
    return order.cancelled_at is None and order.financial_status in {
        "PENDING", "AUTHORIZED", "PARTIALLY_PAID", "EXPIRED", None,
    }  # fmt: skip


@mutation("orderMarkAsPaid")
def order_mark_as_paid(world: World, args: Args) -> JsonObject:
    """Note that the rest was paid by hand."""
    order = order_named(world, args["input"]["id"], ["id"])
    if not markable_as_paid(order):
        raise Refused(user_error(["id"], "Order cannot be marked as paid."))
    _settle(world, order, order.current_total - order.net_payment, MANUAL)
    return {"order": order, "userErrors": []}


@mutation("orderCreateManualPayment")
def order_create_manual_payment(world: World, args: Args) -> JsonObject:
    """Note a payment by hand, of a part only where the plan allows it."""
    order = order_named(world, args["id"], ["id"], "ORDER_NOT_FOUND")
    amount = args.get("amount")
    if amount is not None and world.shop.plan not in _BIG_PLANS:
        raise ApiError(_PLUS_ONLY, "ACCESS_DENIED")
    owed = order.outstanding
    if amount is not None:
        owed = _part_of(order, amount)
    elif owed.shop <= 0:
        message = "Amount exceeds the balance of the order"
        raise Refused(user_error(["id"], message, "AMOUNT_EXCEEDS_BALANCE"))
    processed_at = moment_from(args.get("processedAt"))
    if processed_at is not None and processed_at > world.now():
        message = "Processed at must not be in the future"
        raise Refused(user_error(["processedAt"], message, "PROCESSED_AT_INVALID"))
    made = _settle(world, order, owed, args.get("paymentMethodName") or MANUAL)
    made.processed_at = processed_at or made.processed_at
    return {"order": order, "userErrors": []}


def _part_of(order: Order, given: JsonObject) -> Bag:
    amount = Decimal(str(given["amount"]))
    if given["currencyCode"] != order.currencies.presentment:
        message = "Currency does not match the order's currency"
        raise Refused(user_error(["amount", "currencyCode"], message, "CURRENCY_MISMATCH"))
    if amount <= 0:
        raise Refused(user_error(["amount", "amount"], "Amount must be positive", "AMOUNT_NOT_POSITIVE"))
    owed = order.outstanding
    if amount > owed.presentment:
        message = "Amount exceeds the balance of the order"
        raise Refused(user_error(["amount", "amount"], message, "AMOUNT_EXCEEDS_BALANCE"))
    return Bag(owed.part(amount / owed.presentment).shop, amount)


def _settle(world: World, order: Order, amount: Bag, gateway: str) -> Transaction:
    """Book a payment; one that was pending by hand is its parent."""
    pending = next((t for t in order.transactions if t.status == "PENDING" and t.manual_gateway), None)
    made = book(world, order, "SALE", amount, pending.gateway if pending else gateway, parent=pending)
    made.manual_gateway = True
    release_if_paid(world, order)
    order_changed(world, order, *(["ORDERS_PAID"] if order.financial_status == "PAID" else []))
    return made
