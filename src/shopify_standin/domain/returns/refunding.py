"""`returnRefund`: the way before `returnProcess` to give money back for a return (deprecated, Shopify docs 2025-07)."""

from typing import Any

from shopify_standin.domain.refunds.creating import Plan, carry_out
from shopify_standin.domain.returns.checking import INVALID_QUANTITY
from shopify_standin.domain.returns.opening import return_named
from shopify_standin.domain.returns.processing import payment_of, shipping_of
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.returning import Return, ReturnLine
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World


@mutation("returnRefund")
def return_refund(world: World, args: Args) -> JsonObject:
    """Refund units of an open or closed return; restocking is left to their dispositions."""
    given = args["returnRefundInput"]
    wanted = return_named(world, given["returnId"], ["returnRefundInput", "returnId"])
    if wanted.status not in {"OPEN", "CLOSED"}:
        path = ["returnRefundInput", "returnId"]
        raise Refused(user_error(path, "Return status is invalid.", "INVALID_STATE"))
    order = world.orders[wanted.order_id]
    lines = [_checked(wanted, entry, index) for index, entry in enumerate(given["returnRefundLineItems"])]
    plan = Plan(payments=[payment_of(order, entry) for entry in given.get("orderTransactions") or ()])
    plan.shipping = shipping_of(order, given.get("refundShipping") or {})
    for line, units in lines:
        line.refunded += units
        unprocessed = min(units, line.unprocessed)
        if unprocessed:
            line.processed += unprocessed
            sold = world.lines[world.fulfillment_lines[line.fulfillment_line_id].line_item_id]
            plan.lines.append((sold, {"quantity": unprocessed, "restockType": "NO_RESTOCK"}))
    refund = carry_out(world, order, plan)
    refund.return_id = wanted.id
    wanted.refund_ids.append(refund.id)
    return {"refund": refund, "userErrors": []}


def _checked(wanted: Return, entry: dict[str, Any], index: int) -> tuple[ReturnLine, int]:
    path = ["returnRefundInput", "returnRefundLineItems", str(index)]
    number = number_of(entry["returnLineItemId"], "ReturnLineItem")
    line = next((row for row in wanted.lines if row.id == number), None)
    if line is None:
        raise Refused(user_error([*path, "returnLineItemId"], "Return line item not found.", "NOT_FOUND"))
    if not 0 < entry["quantity"] <= line.quantity - line.refunded:
        raise Refused(user_error([*path, "quantity"], INVALID_QUANTITY, "INVALID"))
    return line, entry["quantity"]
