"""Reading an order as it is to become."""

from shopify_standin.call import Call
from shopify_standin.connections import connection
from shopify_standin.domain.order_edits.beginning import order_of
from shopify_standin.domain.order_edits.lines import application_fields, line_fields, staged_changes_of
from shopify_standin.domain.order_edits.shipping import shipping_fields
from shopify_standin.errors import JsonObject
from shopify_standin.ids import number_of
from shopify_standin.model.edits import Edit
from shopify_standin.model.sales import Order
from shopify_standin.money import NOTHING, Bag
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.world import World

CALCULATED = Fields("CalculatedOrder")
CALCULATED.attributes("committed", id="gid")
CALCULATED.constant(notificationPreviewTitle="Your order has been updated", notificationPreviewHtml=None)
node("CalculatedOrder", lambda world, number: world.edits.get(number))


@query("orderEditSession")
def order_edit_session(world: World, args: Args) -> JsonObject | None:
    """An edit that was begun."""
    edit = world.edits.get(number_of(args["id"], "OrderEditSession"))
    return None if edit is None else edit.session


@CALCULATED.field("originalOrder")
def original_order(edit: Edit, call: Call) -> Order:
    """The order as it still is."""
    return order_of(call.world, edit)


def total_of(world: World, edit: Edit) -> Bag:
    """What the order would come to."""
    order = order_of(world, edit)
    total = edit.subtotal + edit.shipping_total
    return total if order.taxes_included else total + order.current_tax


@CALCULATED.field("totalPriceSet")
def total_price(edit: Edit, call: Call) -> JsonObject:
    """What the order would come to."""
    return order_of(call.world, edit).currencies.show(total_of(call.world, edit))


@CALCULATED.field("subtotalPriceSet")
def subtotal_price(edit: Edit, call: Call) -> JsonObject:
    """What its lines would come to."""
    return order_of(call.world, edit).currencies.show(edit.subtotal)


@CALCULATED.field("totalOutstandingSet")
def total_outstanding(edit: Edit, call: Call) -> JsonObject:
    """What would still be to be paid."""
    order = order_of(call.world, edit)
    return order.currencies.show(total_of(call.world, edit) - order.net_payment)


@CALCULATED.field("cartDiscountAmountSet")
def cart_discount(edit: Edit, call: Call) -> JsonObject:
    """Discounts on the whole order, which an edit does not change."""
    return order_of(call.world, edit).currencies.show(NOTHING)


@CALCULATED.field("subtotalLineItemsQuantity")
def subtotal_quantity(edit: Edit) -> int:
    """How many units there would be."""
    return sum(line.quantity for line in edit.lines)


@CALCULATED.field("lineItems")
def lines_of(edit: Edit, args: Args, call: Call) -> JsonObject:
    """All lines, old and new."""
    return connection([line_fields(call.world, edit, line) for line in edit.lines], args)


@CALCULATED.field("addedLineItems")
def added_lines(edit: Edit, args: Args, call: Call) -> JsonObject:
    """The new lines."""
    rows = [line for line in edit.lines if line.line_item_id is None]
    return connection([line_fields(call.world, edit, line) for line in rows], args)


@CALCULATED.field("shippingLines")
def shipping_of(edit: Edit, call: Call) -> list[JsonObject]:
    """Shipping, old and new."""
    return [shipping_fields(call.world, edit, line) for line in edit.shipping]


@CALCULATED.field("addedDiscountApplications")
def added_discounts(edit: Edit, args: Args, call: Call) -> JsonObject:
    """The new discounts."""
    currencies = order_of(call.world, edit).currencies
    found = [line.discount for line in edit.lines if line.discount is not None]
    return connection([application_fields(currencies, given) for given in found], args)


@CALCULATED.field("stagedChanges")
def stagedstaged_changes_of(edit: Edit, args: Args, call: Call) -> JsonObject:
    """What differs from the order."""
    found = [change for line in edit.lines for change in staged_changes_of(call.world, edit, line)]
    return connection(found, args)
