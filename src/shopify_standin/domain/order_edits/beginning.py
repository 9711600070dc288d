"""`orderEditBegin`, and finding what later steps name."""

from decimal import Decimal
from typing import Any

from shopify_standin.errors import InvalidId, JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.edits import Edit, EditLine, EditShipping
from shopify_standin.model.sales import LineItem, Order
from shopify_standin.money import Bag
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World


@mutation("orderEditBegin")
def order_edit_begin(world: World, args: Args) -> JsonObject:
    """Start from the order as it is."""
    order = world.orders.get(number_of(args["id"], "Order"))
    if order is None:
        raise Refused(user_error(["id"], "The order does not exist."))
    if order.cancelled_at is not None:
        raise Refused(user_error(None, "The order cannot be edited."))
    made = Edit(world.ids.next("CalculatedOrder"), order.id)
    made.lines = [_staged(line) for line in order.lines if line.current_quantity]
    made.shipping = [
        EditShipping(str(line.id), line.title, line.discounted, shipping_line_id=line.id)
        for line in order.shipping_lines
        if not line.is_removed
    ]
    world.edits.add(made)
    return {"calculatedOrder": made, "orderEditSession": made.session, "userErrors": []}


def _staged(line: LineItem) -> EditLine:
    return EditLine(
        str(line.id), line.title, line.unit_price, line.current_quantity,
        line_item_id=line.id, variant_id=line.variant_id, before=line.current_quantity,
        given_before=(line.unit_price - line.net_unit_price) * line.current_quantity,
        locked=line.current_quantity - line.unfulfilled_quantity,
        requires_shipping=line.requires_shipping, taxable=line.taxable,
    )  # fmt: skip


def edit_named(world: World, value: str) -> Edit:
    """The open edit with this global id; raises Refused where there is none."""
    edit = world.edits.get(number_of(value, "CalculatedOrder", "OrderEditSession"))
    if edit is None or edit.committed:
        raise Refused(user_error(["id"], "The calculated order does not exist."))
    return edit


def line_named(edit: Edit, value: str, path: list[str]) -> EditLine:
    """The line of an edit with this global id; raises Refused where there is none."""
    if not value.startswith("gid://shopify/CalculatedLineItem/"):
        raise InvalidId(value)
    line = next((row for row in edit.lines if row.gid == value), None)
    if line is None:
        raise Refused(user_error(path, "The line item does not exist on the order."))
    return line


def order_of(world: World, edit: Edit) -> Order:
    """What is being edited."""
    return world.orders[edit.order_id]


def priced(order: Order, given: dict[str, Any]) -> Bag:
    """An amount in the customer's currency, and in the shop's at the order's rate; raises Refused for another one."""
    expected = order.currencies.presentment
    if given["currencyCode"] != expected:
        raise Refused(user_error(["price", "amount"], f"Currency must be {expected}."))
    amount = Decimal(str(given["amount"]))
    total = order.total
    same = order.currencies.shop == expected or not total.presentment
    return Bag(amount if same else total.part(amount / total.presentment).shop, amount)
