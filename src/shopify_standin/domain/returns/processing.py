"""
`returnProcess`: goods have come back, so the sale is undone, money goes back, and exchanges become order lines.

The return stays open, and a repeat processes again while units are left (recorded 2026-04; not idempotent).
"""

from decimal import Decimal
from typing import Any

from shopify_standin.domain.fulfillment_orders.awaiting_payment import hold_until_paid
from shopify_standin.domain.fulfillment_orders.planning import plan_among
from shopify_standin.domain.fulfillment_orders.routing import add_line, new_fulfillment_order
from shopify_standin.domain.inventory.stock import reserve
from shopify_standin.domain.orders.telling import order_changed
from shopify_standin.domain.orders.withdrawing import withdraw_fulfilled
from shopify_standin.domain.refunds.creating import Plan, carry_out
from shopify_standin.domain.returns.checking import INVALID_QUANTITY
from shopify_standin.domain.returns.disposing import Checked, checked_dispositions, dispose
from shopify_standin.domain.returns.opening import return_named
from shopify_standin.domain.returns.telling import tell_return
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.returning import ExchangeLine, Return, ReturnLine
from shopify_standin.model.sales import LineItem, Order, Transaction
from shopify_standin.model.shipping import FulfillmentOrder
from shopify_standin.money import NOTHING, Bag
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World

Given = dict[str, Any]


@mutation("returnProcess")
def return_process(world: World, args: Args) -> JsonObject:
    """Process units of an open return."""
    given = args["input"]
    wanted = return_named(world, given["returnId"], ["input", "returnId"])
    if wanted.status != "OPEN":
        raise Refused(user_error(["input", "returnId"], "Return status is invalid.", "INVALID_STATE"))
    order = world.orders[wanted.order_id]
    lines = _checked_lines(world, wanted, given.get("returnLineItems") or [])
    exchanges = _checked_exchanges(wanted, given.get("exchangeLineItems") or [])
    money = _money_plan(order, given)
    for line, units, dispositions in lines:
        _take(world, line, units, dispositions)
    parts = [_exchange(world, order, exchange, units) for exchange, units in exchanges]
    if money is not None:
        _refund(world, wanted, order, money, given.get("note"))
    for part in parts:
        if part is not None:
            hold_until_paid(world, order, part)
    tell_return(world, wanted, "RETURNS_PROCESS")
    order_changed(world, order)
    return {"return": wanted, "userErrors": []}


def _checked_lines(world: World, wanted: Return, given: list[Given]) -> list[tuple[ReturnLine, int, list[Checked]]]:
    rows = {line.id: line for line in wanted.lines}
    found: list[tuple[ReturnLine, int, list[Checked]]] = []
    for index, entry in enumerate(given):
        path = ["input", "returnLineItems", str(index)]
        line = rows.get(number_of(entry["id"], "ReturnLineItem"))
        if line is None:
            raise Refused(user_error([*path, "id"], "Return line item not found.", "NOT_FOUND"))
        if not 0 < entry["quantity"] <= line.unprocessed:
            raise Refused(user_error([*path, "quantity"], INVALID_QUANTITY, "INVALID"))
        inside = entry.get("dispositions") or []
        found.append((line, entry["quantity"], checked_dispositions(world, inside, [*path, "dispositions"])))
    return found


def _checked_exchanges(wanted: Return, given: list[Given]) -> list[tuple[ExchangeLine, int]]:
    rows = {line.id: line for line in wanted.exchange_lines}
    found: list[tuple[ExchangeLine, int]] = []
    for index, entry in enumerate(given):
        path = ["input", "exchangeLineItems", str(index)]
        line = rows.get(number_of(entry["id"], "ExchangeLineItem"))
        if line is None:
            raise Refused(user_error([*path, "id"], "Exchange line item not found.", "NOT_FOUND"))
        if not 0 < entry["quantity"] <= line.quantity - line.processed:
            message = "Exchange line item has an invalid quantity."
            raise Refused(user_error([*path, "quantity"], message, "INVALID"))
        found.append((line, entry["quantity"]))
    return found


def _take(world: World, line: ReturnLine, units: int, dispositions: list[Checked]) -> None:
    """Undo the sale of units; whether they can be sold again is for their dispositions to say."""
    line.processed += units
    sold = world.lines[world.fulfillment_lines[line.fulfillment_line_id].line_item_id]
    withdraw_fulfilled(world, sold, min(units, sold.current_quantity), None)
    dispose(world, dispositions)


def _exchange(world: World, order: Order, line: ExchangeLine, units: int) -> FulfillmentOrder | None:
    """Make units of an exchange a line of the order, and return what ships them from where they are."""
    line.processed += units
    variant = world.variants[line.variant_id]
    product, item = world.products[variant.product_id], world.items[variant.item_id]
    made = LineItem(
        world.ids.next("LineItem"), order.id, product.title, units, Bag(variant.price, variant.price),
        variant_id=variant.id, product_id=product.id, item_id=item.id, sku=item.sku, vendor=product.vendor,
        variant_title=None if variant.title == "Default Title" else variant.title,
        requires_shipping=item.requires_shipping,
    )  # fmt: skip
    order.lines.append(world.lines.add(made))
    line.line_item_ids.append(made.id)
    places = [x for x in world.locations if x.is_active and x.fulfills_online_orders]
    place = plan_among(world, places, [(made, units)])
    if place is None:
        return None
    if item.tracked:
        made.claimed = True
        reserve(world, item.id, place.id, units)
    part = new_fulfillment_order(world, order, place.id)
    add_line(world, part, made.id, units)
    return part


def _money_plan(order: Order, given: Given) -> Plan | None:
    """What is to be given back besides the goods' sale; None where no money moves."""
    transfer = (given.get("financialTransfer") or {}).get("issueRefund")
    shipping = given.get("refundShipping") or {}
    if transfer is None and not shipping:
        return None
    plan = Plan(payments=[payment_of(order, entry) for entry in (transfer or {}).get("orderTransactions") or ()])
    plan.shipping = shipping_of(order, shipping)
    asked = sum((amount for _, amount in plan.payments), NOTHING)
    if asked.shop > order.net_payment.shop and not (transfer or {}).get("allowOverRefunding"):
        message = "Refund amount is greater than net payment received"
        raise Refused(user_error(["input", "financialTransfer"], message, "INVALID"))
    return plan


def payment_of(order: Order, entry: Given) -> tuple[Transaction, Bag]:
    """A payment and how much of it goes back; raises Refused for one that the order does not have."""
    number = number_of(entry["parentId"], "OrderTransaction")
    parent = next((t for t in order.transactions if t.id == number), None)
    if parent is None:
        raise Refused(user_error(None, "Transactions require a parent_id associated with the order", "INVALID"))
    amount = Decimal(str(entry["transactionAmount"]["amount"]))
    paid = parent.amount
    return parent, Bag(paid.part(amount / paid.presentment).shop if paid.presentment else amount, amount)


def shipping_of(order: Order, given: Given) -> Bag:
    """How much of the shipping goes back."""
    left = order.current_shipping
    if given.get("fullRefund"):
        return left
    wanted = given.get("shippingRefundAmount")
    if wanted is None or not left.presentment:
        return NOTHING
    return left.part(min(Decimal(str(wanted["amount"])) / left.presentment, Decimal(1)))


def _refund(world: World, wanted: Return, order: Order, plan: Plan, note: str | None) -> None:
    refund = carry_out(world, order, plan, note)
    refund.return_id = wanted.id
    wanted.refund_ids.append(refund.id)
