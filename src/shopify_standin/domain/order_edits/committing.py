"""`orderEditCommit`: the order becomes what was staged, with its stock and its fulfillment orders."""

from functools import partial

from shopify_standin.domain.fulfillment_orders.planning import plan_among
from shopify_standin.domain.fulfillment_orders.routing import add_line, new_fulfillment_order
from shopify_standin.domain.inventory.stock import reserve
from shopify_standin.domain.order_edits.beginning import edit_named, order_of
from shopify_standin.domain.orders.telling import order_changed
from shopify_standin.domain.orders.withdrawing import withdraw_unfulfilled
from shopify_standin.errors import JsonObject
from shopify_standin.model.edits import Edit, EditLine
from shopify_standin.model.sales import Discount, LineItem, Order, ShippingLine
from shopify_standin.model.shipping import FulfillmentOrder
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.order_edits import order_edit_payload
from shopify_standin.world import World


@mutation("orderEditCommit")
def order_edit_commit(world: World, args: Args) -> JsonObject:
    """Make an edit real; it cannot be staged on after that."""
    edit = edit_named(world, args["id"])
    order = order_of(world, edit)
    deltas = [(_line(world, order, line), line) for line in edit.lines]
    changes = [(sold, delta) for (sold, delta), _ in deltas if delta]
    for (sold, _), line in deltas:
        _discount(order, sold, line)
    _ship(world, order, edit)
    edit.committed = order.edited = True
    payload = partial(
        order_edit_payload, edit, order, changes, bool(args.get("notifyCustomer")), args.get("staffNote"), world.now()
    )
    emit(world, "ORDERS_EDITED", payload)
    order_changed(world, order)
    return {"order": order, "successMessages": ["Order updated"], "userErrors": []}


def _line(world: World, order: Order, staged: EditLine) -> tuple[LineItem, int]:
    """The order's line after the edit, and by how many units it changed."""
    if staged.line_item_id is None:
        sold = _new_line(world, order, staged)
        order.lines.append(world.lines.add(sold))
        _expect(world, order, sold, staged.quantity, staged.location_id)
        return sold, staged.quantity
    sold = world.lines[staged.line_item_id]
    delta = staged.quantity - staged.before
    if delta > 0:
        sold.quantity += delta
        _expect(world, order, sold, delta, None)
    elif delta < 0:
        withdraw_unfulfilled(world, order, sold, min(-delta, sold.unfulfilled_quantity), restock=staged.restock)
    return sold, delta


def _new_line(world: World, order: Order, staged: EditLine) -> LineItem:
    made = LineItem(
        world.ids.next("LineItem"), order.id, staged.title, staged.quantity, staged.unit_price,
        requires_shipping=staged.requires_shipping, taxable=staged.taxable,
    )  # fmt: skip
    variant = world.variants.get(staged.variant_id)
    if variant is not None:
        item = world.items[variant.item_id]
        made.variant_id, made.product_id, made.item_id = variant.id, variant.product_id, item.id
        made.sku, made.vendor, made.grams = item.sku, world.products[variant.product_id].vendor, item.grams
        made.variant_title = None if variant.title == "Default Title" else variant.title
    return made


def _expect(world: World, order: Order, sold: LineItem, units: int, location_id: int | None) -> None:
    """More units are to be shipped: out of an open fulfillment order of their location, else a new one."""
    places = [x for x in world.locations if x.is_active and x.fulfills_online_orders]
    place = world.locations.get(location_id) or plan_among(world, places, [(sold, units)])
    if place is None:
        return
    item = world.items.get(sold.item_id)
    if item is not None and item.tracked:
        sold.claimed = True
        reserve(world, item.id, place.id, units)
    part = _open_part(world, order, place.id) or new_fulfillment_order(world, order, place.id)
    row = next((row for row in part.lines if row.line_item_id == sold.id), None)
    if row is None:
        add_line(world, part, sold.id, units)
    else:
        row.total += units
        row.remaining += units


def _open_part(world: World, order: Order, location_id: int) -> FulfillmentOrder | None:
    parts = (world.fulfillment_orders[number] for number in order.fulfillment_order_ids)
    return next(
        (
            part
            for part in parts
            if part.status == "OPEN"
            and part.request_status == "UNSUBMITTED"
            and part.assigned.location_id == location_id
        ),
        None,
    )


def _discount(order: Order, sold: LineItem, staged: EditLine) -> None:
    """A staged discount falls on all units of its line."""
    if staged.discount is None:
        return
    given = Discount(
        len(order.discounts), staged.discount.description,
        percentage=staged.discount.percentage, amount=staged.discount.amount,
    )  # fmt: skip
    order.discounts.append(given)
    sold.allocations.append((given, staged.discount.off(sold.unit_price) * sold.quantity))


def _ship(world: World, order: Order, edit: Edit) -> None:
    kept = {line.id: line for line in order.shipping_lines}
    for staged in edit.shipping:
        if staged.status == "ADDED":
            number = world.ids.next("ShippingLine")
            order.shipping_lines.append(ShippingLine(number, staged.title, staged.price, staged.title))
        elif staged.status == "REMOVED" and staged.shipping_line_id is not None:
            kept[staged.shipping_line_id].is_removed = True
