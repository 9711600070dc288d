"""
`refundCreate`: units leave the order, and money goes back (refusals recorded 2026-04).

The payload names the order even where the refund is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from shopify_standin.clock import moment_from
from shopify_standin.domain.orders.booking import book
from shopify_standin.domain.orders.telling import order_changed
from shopify_standin.domain.orders.withdrawing import withdraw_fulfilled, withdraw_unfulfilled
from shopify_standin.domain.refunds.telling import tell_refund
from shopify_standin.domain.store_credit import credit
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.refunds import Refund, RefundLine, RefundShipping
from shopify_standin.model.sales import LineItem, Order, Transaction
from shopify_standin.money import NOTHING, Bag, money_text
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World

Given = dict[str, Any]
STORE_CREDIT = "shopify_store_credit"


@dataclass(slots=True)
class Plan:
    """What a refund is to do, checked."""

    lines: list[tuple[LineItem, Given]] = field(default_factory=list)
    payments: list[tuple[Transaction, Bag]] = field(default_factory=list)
    credits: list[tuple[Bag, datetime | None]] = field(default_factory=list)
    shipping: Bag = NOTHING


@mutation("refundCreate", idempotent=True)
def refund_create(world: World, args: Args) -> JsonObject:
    """Refund units, shipping and money, each only if asked for."""
    given = args["input"]
    order = world.orders.get(number_of(given["orderId"], "Order"))
    if order is None:
        return _refused(None, user_error(["orderId"], "Order does not exist"))
    try:
        plan = _planned(world, order, given)
    except Refused as refused:
        return _refused(order, *refused.errors)
    refund = carry_out(world, order, plan, given.get("note"), moment_from(given.get("processedAt")))
    return {"refund": refund, "order": order, "userErrors": []}


def _refused(order: Order | None, *errors: JsonObject) -> JsonObject:
    return {"refund": None, "order": order, "userErrors": list(errors)}


def _planned(world: World, order: Order, given: Given) -> Plan:
    plan = Plan()
    for index, entry in enumerate(given.get("refundLineItems") or ()):
        plan.lines.append((_checked_line(world, order, entry, index), entry))
    plan.payments = [_checked_payment(order, entry) for entry in given.get("transactions") or ()]
    plan.credits = [_checked_credit(order, entry) for entry in given.get("refundMethods") or ()]
    plan.shipping = _shipping(order, given.get("shipping") or {})
    asked = sum((amount for _, amount in plan.payments), NOTHING) + sum((a for a, _ in plan.credits), NOTHING)
    if asked.shop > order.net_payment.shop and not given.get("allowOverRefunding"):
        asked_text, paid_text = money_text(asked.shop), money_text(order.net_payment.shop)
        message = f"Refund amount ${asked_text} is greater than net payment received ${paid_text}"
        raise Refused(user_error(None, message))
    return plan


def _checked_line(world: World, order: Order, entry: Given, index: int) -> LineItem:
    path = ["refundLineItems", str(index)]
    line = world.lines.get(number_of(entry["lineItemId"], "LineItem"))
    if line is None or line.order_id != order.id:
        raise Refused(user_error([*path, "lineItemId"], "Line item does not exist on the order"))
    if entry["quantity"] > line.current_quantity:
        message = "Quantity cannot refund more items than were purchased"
        raise Refused(user_error([*path, "quantity"], message))
    if entry.get("restockType") == "RETURN" and entry.get("locationId") is None:
        message = "Location id is required for refund line items with a restock type of return"
        raise Refused(user_error([*path, "locationId"], message))
    if entry.get("locationId") is not None and number_of(entry["locationId"], "Location") not in world.locations.rows:
        raise Refused(user_error([*path, "locationId"], "Location does not exist"))
    return line


def _checked_payment(order: Order, entry: Given) -> tuple[Transaction, Bag]:
    if entry["kind"] != "REFUND":
        kind = entry["kind"].lower()
        raise Refused(user_error(None, f"Kind {kind} is not a valid transaction"))
    number = None if entry.get("parentId") is None else number_of(entry["parentId"], "OrderTransaction")
    parent = next((t for t in order.transactions if t.id == number), None)
    if parent is None:
        raise Refused(user_error(["transactions"], "Transactions require a parent_id associated with the order"))
    return parent, _in_both(order, Decimal(str(entry["amount"])), parent.amount)


def _in_both(order: Order, amount: Decimal, rate: Bag) -> Bag:
    """An amount in the customer's currency, and in the shop's at the rate of another amount."""
    if order.currencies.shop == order.currencies.presentment or not rate.presentment:
        return Bag(amount, amount)
    return Bag(rate.part(amount / rate.presentment).shop, amount)


def _checked_credit(order: Order, entry: Given) -> tuple[Bag, datetime | None]:
    given = entry["storeCreditRefund"]
    if order.customer_id is None:
        raise Refused(user_error(["refundMethods"], "Store credit refunds need an order with a customer"))
    amount = Decimal(str(given["amount"]["amount"]))
    return _in_both(order, amount, order.total), moment_from(given.get("expiresAt"))


def _shipping(order: Order, given: Given) -> Bag:
    left = order.current_shipping
    if given.get("fullRefund"):
        return left
    if given.get("amount") is None:
        return NOTHING
    amount = _in_both(order, Decimal(str(given["amount"])), order.shipping)
    if amount.shop > left.shop:
        message = "Shipping refund amount cannot be greater than the shipping charged"
        raise Refused(user_error(["shipping", "amount"], message))
    return amount


def carry_out(
    world: World, order: Order, plan: Plan, note: str | None = None, processed_at: datetime | None = None
) -> Refund:
    """Do what a plan says, and tell of it."""
    now = world.now()
    refund = Refund(world.ids.next("Refund"), order.id, now, processed_at or now, note)
    refund.shipping = list(_give_shipping_back(order, plan.shipping))
    for line, entry in plan.lines:
        refund.lines.append(_withdraw(world, order, line, entry))
    for parent, amount in plan.payments:
        made = book(world, order, "REFUND", amount, parent.gateway, parent=parent, test=parent.test)
        refund.transaction_ids.append(made.id)
    for amount, expires_at in plan.credits:
        made = book(world, order, "REFUND", amount, STORE_CREDIT)
        refund.transaction_ids.append(made.id)
        customer = world.customers[order.customer_id or 0]
        credit(world, customer.gid, amount.presentment, order.currencies.presentment, "ORDER_REFUND", expires_at)
    world.refunds.add(refund)
    order.refund_ids.append(refund.id)
    tell_refund(world, order, refund)
    order_changed(world, order)
    return refund


def _give_shipping_back(order: Order, amount: Bag) -> Iterator[RefundShipping]:
    """Divide it over the shipping lines, the first one first."""
    left = amount
    for line in order.shipping_lines:
        part = line.left.at_most(left)
        if part.shop > 0:
            left = left - part
            yield RefundShipping(line, part, line.give_back(part))


def _withdraw(world: World, order: Order, line: LineItem, entry: Given) -> RefundLine:
    """Units not shipped go first for CANCEL, shipped ones first otherwise."""
    units, kind = entry["quantity"], entry.get("restockType") or "NO_RESTOCK"
    place = None if entry.get("locationId") is None else number_of(entry["locationId"], "Location")
    gone_before = line.gone
    shipped_left = line.fulfilled - line.returned
    unshipped = min(units, line.unfulfilled_quantity) if kind == "CANCEL" else max(0, units - shipped_left)
    if unshipped:
        withdraw_unfulfilled(world, order, line, unshipped, restock=kind != "NO_RESTOCK")
    if units > unshipped:
        withdraw_fulfilled(world, line, units - unshipped, place if kind != "NO_RESTOCK" else None)
    worth = line.gone - gone_before
    number = world.ids.next("RefundLineItem")
    return RefundLine(number, line.id, units, kind, place, worth.subtotal, worth.tax)
