"""Whether lines can be returned: first what the input says by itself, then what the shop knows of it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from shopify_standin.domain.returns.reasons import BY_ENUM, OTHER, REASONS, Reason
from shopify_standin.domain.returns.status import returnable_units
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.returning import ReturnLine
from shopify_standin.model.sales import Order
from shopify_standin.world import World

Given = dict[str, Any]

_NO_REASON = "Return line items Either return reason or return reason definition must be provided"
_NO_NOTE = 'Return line items return reason note The note is required when the return reason is "Other"'
INVALID_QUANTITY = "Return line item has an invalid quantity."


def reason_of(given: Given) -> Reason | None:
    """The reason that a line names, by definition or by the older enum."""
    if given.get("returnReasonDefinitionId") is not None:
        return REASONS.get(number_of(given["returnReasonDefinitionId"], "ReturnReasonDefinition"))
    return None if given.get("returnReason") is None else BY_ENUM[given["returnReason"]]


def request_errors(lines: Sequence[Given]) -> list[JsonObject]:
    """What `returnRequest` misses."""
    return [
        user_error(["input", "returnLineItems", str(index), "returnReason"], "Return reason can't be blank", "BLANK")
        for index, entry in enumerate(lines)
        if reason_of(entry) is None
    ]


def creation_errors(lines: Sequence[Given]) -> list[JsonObject]:
    """What `returnCreate` misses: it wants a note beside "Other" too."""
    errors: list[JsonObject] = []
    for index, entry in enumerate(lines):
        path = ["returnInput", "returnLineItems", str(index)]
        reason = reason_of(entry)
        if reason is None:
            errors.append(user_error(path, _NO_REASON, "NOT_FOUND"))
        elif reason is OTHER and not entry.get("returnReasonNote"):
            errors.append(user_error([*path, "returnReasonNote"], _NO_NOTE, "BLANK"))
    return errors


def checked_order(world: World, value: str, root: str) -> Order:
    """The order that is returned from; raises Refused where there is none."""
    order = world.orders.get(number_of(value, "Order"))
    if order is None:
        raise Refused(user_error([root, "orderId"], "Order not found.", "NOT_FOUND"))
    return order


def check_lines(world: World, order: Order, lines: Sequence[Given], root: str) -> None:
    """Raise Refused for lines that were not shipped with this order, or not that often."""
    if not lines:
        raise Refused(user_error([root, "returnLineItems"], "Return line items can't be blank", "BLANK"))
    asked: dict[int, int] = {}
    for index, entry in enumerate(lines):
        path = [root, "returnLineItems", str(index)]
        shipped = world.fulfillment_lines.get(number_of(entry["fulfillmentLineItemId"], "FulfillmentLineItem"))
        if shipped is None or shipped.fulfillment_id not in order.fulfillment_ids:
            message = "Fulfillment Line Item was not found."
            raise Refused(user_error([*path, "fulfillmentLineItemId"], message, "NOT_FOUND"))
        asked[shipped.id] = asked.get(shipped.id, 0) + entry["quantity"]
        if entry["quantity"] < 1 or asked[shipped.id] > returnable_units(world, order, shipped):
            raise Refused(user_error([*path, "quantity"], INVALID_QUANTITY, "INVALID"))


def return_line(world: World, return_id: int, given: Given) -> ReturnLine:
    """A checked line as it is kept."""
    reason = reason_of(given) or OTHER
    fee = given.get("restockingFee")
    line = ReturnLine(
        world.ids.next("ReturnLineItem"),
        return_id,
        number_of(given["fulfillmentLineItemId"], "FulfillmentLineItem"),
        given["quantity"],
        given.get("returnReason") or reason.enum,
        reason.id,
        given.get("returnReasonNote") or "",
        given.get("customerNote"),
    )
    if fee is not None:
        line.restocking_percentage = Decimal(str(fee["percentage"]))
        line.restocking_fee_id = world.ids.next("RestockingFee")
    return world.return_lines.add(line)
