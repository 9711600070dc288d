"""Reading refunds."""

from decimal import Decimal
from typing import Any

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection
from shopify_standin.domain.orders.shipping_lines import shipping_line_fields
from shopify_standin.errors import JsonObject
from shopify_standin.ids import number_of
from shopify_standin.model.places import Location
from shopify_standin.model.refunds import Refund, RefundLine
from shopify_standin.model.sales import LineItem, Order
from shopify_standin.money import NOTHING, Bag, decimal_text, money_text
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.world import World

REFUND = Fields("Refund")
REFUND.attributes("note", id="gid", legacyResourceId="id")
REFUND.constant(duties=[], staffMember=None)
node("Refund", lambda world, number: world.refunds.get(number))
ORDER = Fields("Order")
LINE = Fields("RefundLineItem")
LINE.attributes("quantity", "restockType", id="gid")


@query("refund")
def refund(world: World, args: Args) -> Refund | None:
    """One refund."""
    return world.refunds.get(number_of(args["id"], "Refund"))


@ORDER.field("refunds")
def refunds_of(order: Order, args: Args, call: Call) -> list[Refund]:
    """All refunds of an order, the oldest first."""
    return [call.world.refunds[number] for number in order.refund_ids][: args.get("first")]


def _order_of(row: Refund, call: Call) -> Order:
    return call.world.orders[row.order_id]


@REFUND.field("order")
def order_of(row: Refund, call: Call) -> Order:
    """What it is a refund of."""
    return _order_of(row, call)


@REFUND.field("return")
def return_of(row: Refund, call: Call) -> Any:
    """The return that it settles."""
    return call.world.returns.get(row.return_id)


@REFUND.field("createdAt", "updatedAt")
def created_at(row: Refund) -> str | None:
    """When it was made; a refund does not change."""
    return iso(row.created_at)


@REFUND.field("processedAt")
def processed_at(row: Refund) -> str | None:
    """When it took effect."""
    return iso(row.processed_at)


def _total(row: Refund, call: Call) -> Bag:
    amounts = (call.world.transactions[number] for number in row.transaction_ids)
    return sum((t.amount for t in amounts if t.status == "SUCCESS"), NOTHING)


@REFUND.field("totalRefundedSet")
def total_refunded_set(row: Refund, call: Call) -> JsonObject:
    """Money that went back."""
    return _order_of(row, call).currencies.show(_total(row, call))


@REFUND.field("totalRefunded")
def total_refunded(row: Refund, call: Call) -> JsonObject:
    """Money that went back, in the shop's currency."""
    return {"amount": decimal_text(_total(row, call).shop), "currencyCode": _order_of(row, call).currencies.shop}


@REFUND.field("transactions")
def transactions(row: Refund, args: Args, call: Call) -> JsonObject:
    """The payments by which it went back."""
    return connection([call.world.transactions[number] for number in row.transaction_ids], args)


@REFUND.field("refundLineItems")
def refund_line_items(row: Refund, args: Args) -> JsonObject:
    """What was refunded."""
    return connection(row.lines, args)


@REFUND.field("orderAdjustments")
def order_adjustments(_row: Refund, args: Args) -> JsonObject:
    """Differences between money and goods, which are not booked apart."""
    return connection([], args)


@REFUND.field("refundShippingLines")
def refund_shipping_lines(row: Refund, args: Args, call: Call) -> JsonObject:
    """Shipping that was given back, by shipping line."""
    currencies = _order_of(row, call).currencies
    entries = [
        {
            "id": f"gid://shopify/RefundShippingLine/{row.id}{index or ''}",
            "shippingLine": shipping_line_fields(currencies, one.line),
            "subtotalAmountSet": currencies.show(one.amount),
            "taxAmountSet": currencies.show(one.tax),
        }
        for index, one in enumerate(row.shipping)
    ]
    return connection(entries, args)


@LINE.field("lineItem")
def line_item(line: RefundLine, call: Call) -> LineItem:
    """The order's line."""
    return call.world.lines[line.line_item_id]


@LINE.field("location")
def location(line: RefundLine, call: Call) -> Location | None:
    """Where its units were restocked."""
    return call.world.locations.get(line.location_id)


@LINE.field("restocked")
def restocked(line: RefundLine) -> bool:
    """Whether its units can be sold again."""
    return line.restock_type in {"CANCEL", "RETURN", "LEGACY_RESTOCK"}


def _enter_money(name: str, read: Any) -> None:
    def as_bag(line: RefundLine, call: Call) -> JsonObject:
        order = call.world.orders[call.world.lines[line.line_item_id].order_id]
        return order.currencies.show(read(line))

    LINE.field(f"{name}Set")(as_bag)
    LINE.field(name)(lambda line: money_text(read(line).shop))


_enter_money("price", lambda x: x.subtotal.part(1 / Decimal(x.quantity)) if x.quantity else NOTHING)
_enter_money("subtotal", lambda x: x.subtotal)
_enter_money("totalTax", lambda x: x.tax)
