"""`Order.suggestedRefund`: what a refund of some units would come to, and by which payments."""

from decimal import Decimal
from typing import Any

from shopify_standin.call import Call
from shopify_standin.domain.refunds.reckoning import refundable, spread, total_of
from shopify_standin.errors import JsonObject
from shopify_standin.ids import number_of
from shopify_standin.model.sales import NO_WORTH, LineItem, Order, Transaction
from shopify_standin.money import NOTHING, Bag, money_text
from shopify_standin.registry import Args, Fields

ORDER = Fields("Order")


@ORDER.field("suggestedRefund")
def suggested_refund(order: Order, args: Args, call: Call) -> JsonObject:
    """Nothing but money is weighed: restocking is up to the caller."""
    chosen = _chosen(order, args, call)
    worth = sum((line.worth_of(units) for line, units, _ in chosen), NO_WORTH)
    shipping = _shipping(order, args)
    most = sum((refundable(order, payment) for payment in order.transactions), NOTHING)
    amount = (total_of(order, worth) + shipping).at_most(most)
    show = order.currencies.show
    return {
        **_both(order, "amount", amount),
        **_both(order, "subtotal", worth.subtotal),
        **_both(order, "maximumRefundable", most),
        "discountedSubtotalSet": show(worth.subtotal),
        "totalCartDiscountAmountSet": show(NOTHING),
        "totalDutiesSet": show(NOTHING),
        "totalTaxSet": show(worth.tax),
        "totalTaxes": money_text(worth.tax.shop),
        "refundDuties": [],
        "suggestedRefundMethods": [],
        "refundLineItems": [_line(order, *entry) for entry in chosen],
        "shipping": {
            **_both(order, "amount", shipping),
            **_both(order, "maximumRefundable", order.current_shipping),
            **_both(order, "tax", NOTHING),
        },
        "suggestedTransactions": [payment_back(order, *entry) for entry in spread(order, amount)],
    }


def _chosen(order: Order, args: Args, call: Call) -> list[tuple[LineItem, int, JsonObject]]:
    if args.get("suggestFullRefund"):
        return [(line, line.current_quantity, {}) for line in order.lines if line.current_quantity]
    lines = call.world.lines
    entries = args.get("refundLineItems") or ()
    found = [(lines.get(number_of(entry["lineItemId"], "LineItem")), entry) for entry in entries]
    return [
        (line, min(entry["quantity"], line.current_quantity), entry)
        for line, entry in found
        if line is not None and line.order_id == order.id
    ]


def _shipping(order: Order, args: Args) -> Bag:
    left = order.current_shipping
    if args.get("refundShipping") or args.get("suggestFullRefund"):
        return left
    if args.get("shippingAmount") is None:
        return NOTHING
    wanted = Decimal(str(args["shippingAmount"]))
    return left.part(min(wanted, left.shop) / left.shop) if left.shop else NOTHING


def _both(order: Order, name: str, amount: Bag) -> dict[str, Any]:
    return {name: money_text(amount.shop), f"{name}Set": order.currencies.show(amount)}


def _line(order: Order, line: LineItem, units: int, entry: JsonObject) -> JsonObject:
    worth = line.worth_of(units)
    kind = entry.get("restockType") or ("CANCEL" if line.unfulfilled_quantity >= units else "RETURN")
    return {
        "id": None,
        "lineItem": line,
        "quantity": units,
        "restockType": kind,
        "restocked": kind != "NO_RESTOCK",
        "location": None,
        **_both(order, "price", line.net_unit_price),
        **_both(order, "subtotal", worth.subtotal),
        **_both(order, "totalTax", worth.tax),
    }


def payment_back(order: Order, payment: Transaction, amount: Bag) -> JsonObject:
    """A `SuggestedOrderTransaction`: so much of one payment."""
    return {
        "accountNumber": None,
        "formattedGateway": payment.gateway,
        "gateway": payment.gateway,
        "kind": "SUGGESTED_REFUND",
        "parentTransaction": payment,
        "paymentDetails": None,
        **_both(order, "amount", amount),
        **_both(order, "maximumRefundable", refundable(order, payment)),
    }
