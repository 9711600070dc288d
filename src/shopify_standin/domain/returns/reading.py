"""Reading returns and their lines."""

from typing import Any

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection
from shopify_standin.domain.returns.reasons import REASONS, Reason
from shopify_standin.domain.returns.status import return_status
from shopify_standin.errors import JsonObject
from shopify_standin.ids import number_of
from shopify_standin.model.refunds import Refund
from shopify_standin.model.returning import ExchangeLine, Return, ReturnLine, ReverseOrder
from shopify_standin.model.sales import LineItem, Order
from shopify_standin.model.shipping import FulfillmentLine
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.search import filters
from shopify_standin.search.search import Search
from shopify_standin.world import World

RETURN = Fields("Return")
RETURN.attributes("name", "status", "totalQuantity", id="gid")
RETURN.constant(staffMember=None)
LINE = Fields("ReturnLineItem")
LINE.attributes(
    "quantity", "customerNote",
    id="gid", returnReason="reason", returnReasonNote="reason_note", processedQuantity="processed",
    unprocessedQuantity="unprocessed", refundedQuantity="refunded",
)  # fmt: skip
EXCHANGE = Fields("ExchangeLineItem")
EXCHANGE.attributes("quantity", id="gid", processedQuantity="processed")
node("Return", lambda world, number: world.returns.get(number))
node("ReturnLineItem", lambda world, number: world.return_lines.get(number))
node("UnverifiedReturnLineItem", lambda _world, _number: None)

_SEARCH = Search(
    {"id": filters.number(lambda x, _: x.id), "status": filters.text(lambda x, _: x.status)},
    filters.words(lambda x, _: x.name),
)


@query("return")
def return_(world: World, args: Args) -> Return | None:
    """One return."""
    return world.returns.get(number_of(args["id"], "Return"))


@Fields("Order").field("returns")
def returns_of(order: Order, args: Args, call: Call) -> JsonObject:
    """All returns of an order."""
    rows = [call.world.returns[number] for number in order.return_ids]
    return connection(_SEARCH.select(rows, args.get("query"), call, ["order", "returns"]), args)


@Fields("Order").field("returnStatus")
def status_of(order: Order, call: Call) -> str:
    """What its returns have come to."""
    return return_status(call.world, order)


def _enter_time(name: str, attribute: str) -> None:
    RETURN.field(name)(lambda row: iso(getattr(row, attribute)))


_enter_time("createdAt", "created_at")
_enter_time("closedAt", "closed_at")
_enter_time("requestApprovedAt", "approved_at")


@RETURN.field("order")
def order_of(row: Return, call: Call) -> Order:
    """What it is a return of."""
    return call.world.orders[row.order_id]


@RETURN.field("decline")
def decline(row: Return) -> JsonObject | None:
    """Why it was declined."""
    return None if row.decline_reason is None else {"reason": row.decline_reason, "note": row.decline_note}


@RETURN.field("returnLineItems")
def return_line_items(row: Return, args: Args) -> JsonObject:
    """What comes back."""
    return connection(_by_progress(row.lines, args), args)


@RETURN.field("exchangeLineItems")
def exchange_line_items(row: Return, args: Args) -> JsonObject:
    """What the customer gets instead."""
    return connection(_by_progress(row.exchange_lines, args), args)


def _by_progress(rows: list[Any], args: Args) -> list[Any]:
    match args.get("processingStatus"):
        case "PROCESSED":
            return [row for row in rows if row.processed]
        case "PROCESSABLE":
            return [row for row in rows if row.processed < row.quantity]
        case _:
            return rows


@RETURN.field("reverseFulfillmentOrders")
def reverse_fulfillment_orders(row: Return, args: Args, call: Call) -> JsonObject:
    """How it travels back, once granted."""
    ways: list[ReverseOrder] = [call.world.reverse_orders[number] for number in row.reverse_order_ids]
    return connection(ways, args)


@RETURN.field("refunds")
def refunds(row: Return, args: Args, call: Call) -> JsonObject:
    """Money that it gave back."""
    found: list[Refund] = [call.world.refunds[number] for number in row.refund_ids]
    return connection(found, args)


@RETURN.field("transactions")
def transactions(row: Return, args: Args, call: Call) -> JsonObject:
    """The payments by which it gave money back."""
    world = call.world
    numbers = [number for refund in row.refund_ids for number in world.refunds[refund].transaction_ids]
    return connection([world.transactions[number] for number in numbers], args)


@RETURN.field("returnShippingFees")
def shipping_fees(row: Return, call: Call) -> list[JsonObject]:
    """What the customer pays for sending it back."""
    if not row.shipping_fee_id:
        return []
    currencies = call.world.orders[row.order_id].currencies
    return [
        {
            "id": f"gid://shopify/ReturnShippingFee/{row.shipping_fee_id}",
            "amountSet": currencies.show(row.shipping_fee),
        }
    ]


def _shipped(line: ReturnLine, call: Call) -> FulfillmentLine:
    return call.world.fulfillment_lines[line.fulfillment_line_id]


def _sold(line: ReturnLine, call: Call) -> LineItem:
    return call.world.lines[_shipped(line, call).line_item_id]


@LINE.field("fulfillmentLineItem")
def fulfillment_line_item(line: ReturnLine, call: Call) -> FulfillmentLine:
    """The shipped line."""
    return _shipped(line, call)


@LINE.field("returnReasonDefinition")
def reason_definition(line: ReturnLine) -> Reason | None:
    """Why it comes back."""
    return REASONS.get(line.reason_definition_id or 0)


@LINE.field("processableQuantity")
def processable(line: ReturnLine, call: Call) -> int:
    """Units that could be processed now: none before the return is granted (recorded 2026-04)."""
    return line.unprocessed if call.world.returns[line.return_id].status == "OPEN" else 0


@LINE.field("refundableQuantity")
def refundable_quantity(line: ReturnLine) -> int:
    """Units not refunded yet."""
    return line.quantity - line.refunded


@LINE.field("withCodeDiscountedTotalPriceSet")
def discounted_total(line: ReturnLine, call: Call) -> JsonObject:
    """What its units cost after all discounts."""
    sold = _sold(line, call)
    return call.world.orders[sold.order_id].currencies.show(sold.net_unit_price * line.quantity)


@LINE.field("totalWeight")
def total_weight(line: ReturnLine, call: Call) -> JsonObject:
    """Weight of all units."""
    return {"unit": "GRAMS", "value": float(_sold(line, call).grams * line.quantity)}


@LINE.field("restockingFee")
def restocking_fee(line: ReturnLine, call: Call) -> JsonObject | None:
    """What the shop keeps for the work."""
    if line.restocking_percentage is None:
        return None
    sold = _sold(line, call)
    amount = (sold.net_unit_price * line.quantity).part(line.restocking_percentage / 100)
    return {
        "id": f"gid://shopify/RestockingFee/{line.restocking_fee_id}",
        "percentage": float(line.restocking_percentage),
        "amountSet": call.world.orders[sold.order_id].currencies.show(amount),
    }


@EXCHANGE.field("variantId")
def variant_id(line: ExchangeLine) -> str:
    """Of what the customer gets instead."""
    return f"gid://shopify/ProductVariant/{line.variant_id}"


@EXCHANGE.field("unprocessedQuantity", "processableQuantity")
def unprocessed(line: ExchangeLine) -> int:
    """Units that are not lines of the order yet."""
    return line.quantity - line.processed


@EXCHANGE.field("lineItems")
def line_items(line: ExchangeLine, call: Call) -> list[LineItem]:
    """The order's lines that it became."""
    return [call.world.lines[number] for number in line.line_item_ids]


@EXCHANGE.field("lineItem")
def line_item(line: ExchangeLine, call: Call) -> LineItem | None:
    """The first of them."""
    return next(iter(line_items(line, call)), None)
