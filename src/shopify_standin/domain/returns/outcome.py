"""`Return.suggestedFinancialOutcome`: what is to be given back for units of a return, and by which payments."""

from decimal import Decimal

from shopify_standin.call import Call
from shopify_standin.domain.refunds.reckoning import refundable, spread, total_of
from shopify_standin.domain.refunds.suggesting import payment_back
from shopify_standin.domain.returns.processing import shipping_of
from shopify_standin.errors import JsonObject
from shopify_standin.ids import number_of
from shopify_standin.model.returning import ExchangeLine, Return, ReturnLine
from shopify_standin.model.sales import NO_WORTH, Order, Worth
from shopify_standin.money import NOTHING, Bag
from shopify_standin.registry import Args, Fields


@Fields("Return").field("suggestedFinancialOutcome")
def suggested_financial_outcome(row: Return, args: Args, call: Call) -> JsonObject:
    """Restocking fees are kept, and exchanges are paid for; the fee for sending it back is not reckoned with."""
    order = call.world.orders[row.order_id]
    chosen = _chosen(row, args)
    worth = sum((_worth(line, units, call) for line, units in chosen), NO_WORTH)
    fees = sum((_fee(order, line, units, call) for line, units in chosen), NOTHING)
    shipping = shipping_of(order, args.get("refundShipping") or {})
    most = sum((refundable(order, payment) for payment in order.transactions), NOTHING)
    price = sum((_price(line, units, call) for line, units in _exchanged(row, args)), NOTHING)
    balance = total_of(order, worth) - fees + shipping - price
    show = order.currencies.show
    return {
        "discountedSubtotal": show(worth.subtotal),
        "maximumRefundable": show(most),
        "totalCartDiscountAmount": show(NOTHING),
        "totalAdditionalFees": show(NOTHING),
        "totalDuties": show(NOTHING),
        "totalTax": show(worth.tax),
        "refundDuties": [],
        "financialTransfer": _transfer(order, balance, most),
    }


def _chosen(row: Return, args: Args) -> list[tuple[ReturnLine, int]]:
    lines = {line.id: line for line in row.lines}
    asked = [(lines.get(number_of(one["id"], "ReturnLineItem")), one["quantity"]) for one in args["returnLineItems"]]
    return [(line, units) for line, units in asked if line is not None]


def _exchanged(row: Return, args: Args) -> list[tuple[ExchangeLine, int]]:
    lines = {line.id: line for line in row.exchange_lines}
    asked = [
        (lines.get(number_of(one["id"], "ExchangeLineItem")), one["quantity"]) for one in args["exchangeLineItems"]
    ]
    return [(line, units) for line, units in asked if line is not None]


def _price(line: ExchangeLine, units: int, call: Call) -> Bag:
    price = call.world.variants[line.variant_id].price
    return Bag(price * units, price * units)


def _worth(line: ReturnLine, units: int, call: Call) -> Worth:
    return call.world.lines[call.world.fulfillment_lines[line.fulfillment_line_id].line_item_id].worth_of(units)


def _fee(order: Order, line: ReturnLine, units: int, call: Call) -> Bag:
    percentage = line.restocking_percentage or Decimal(0)
    return total_of(order, _worth(line, units, call)).part(percentage / 100)


def _transfer(order: Order, balance: Bag, most: Bag) -> JsonObject | None:
    """What is to be paid, by whoever owes: the shop what it can give back, or the buyer."""
    if balance.shop < 0:
        return {"__typename": "InvoiceReturnOutcome", "amount": order.currencies.show(NOTHING - balance)}
    amount = balance.at_most(most)
    if amount.shop <= 0:
        return None
    return {
        "__typename": "RefundReturnOutcome",
        "amount": order.currencies.show(amount),
        "suggestedRefundMethods": [],
        "suggestedTransactions": [payment_back(order, *entry) for entry in spread(order, amount)],
    }
