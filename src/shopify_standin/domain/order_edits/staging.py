"""Lines are added, and their quantities changed."""

from decimal import Decimal

from shopify_standin.domain.order_edits.beginning import edit_named, line_named, order_of, priced
from shopify_standin.domain.order_edits.lines import line_fields
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.edits import Edit, EditLine
from shopify_standin.money import Bag
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World

MAX_TITLE = 255


def staged_answer(world: World, edit: Edit, line: EditLine) -> JsonObject:
    """The payload of a step that touched a line."""
    return {
        "calculatedOrder": edit,
        "calculatedLineItem": line_fields(world, edit, line),
        "orderEditSession": edit.session,
        "userErrors": [],
    }


@mutation("orderEditAddVariant")
def add_variant(world: World, args: Args) -> JsonObject:
    """Add units of a variant; a variant already there only with `allowDuplicates`."""
    _check_quantity(args["quantity"])
    edit = edit_named(world, args["id"])
    variant = world.variants.get(number_of(args["variantId"], "ProductVariant"))
    if variant is None:
        raise Refused(user_error(["variantId"], "The variant does not exist in the shop."))
    if not args.get("allowDuplicates") and any(line.variant_id == variant.id for line in edit.lines):
        message = "The variant is already on the order."
        raise Refused(user_error(["variantId"], message))
    product, item = world.products[variant.product_id], world.items[variant.item_id]
    line = EditLine(
        world.uuid("CalculatedLineItem"), product.title, Bag(variant.price, variant.price), args["quantity"],
        variant_id=variant.id, requires_shipping=item.requires_shipping, taxable=variant.taxable,
        location_id=_place(world, args),
    )  # fmt: skip
    edit.lines.append(line)
    return staged_answer(world, edit, line)


def _place(world: World, args: Args) -> int | None:
    if args.get("locationId") is None:
        return None
    number = number_of(args["locationId"], "Location")
    if number not in world.locations.rows:
        raise Refused(user_error(["locationId"], "The location does not exist."))
    return number


def _check_quantity(quantity: int) -> None:
    if quantity < 1:
        raise Refused(user_error(["quantity"], "must be greater than 0"))


@mutation("orderEditAddCustomItem")
def add_custom_item(world: World, args: Args) -> JsonObject:
    """Add something that is no product."""
    if not args["title"].strip():
        raise Refused(user_error(["title"], "can't be blank"))
    if len(args["title"]) > MAX_TITLE:
        raise Refused(user_error(["title"], f"is too long (maximum is {MAX_TITLE} characters)"))
    _check_quantity(args["quantity"])
    if Decimal(str(args["price"]["amount"])) < 0:
        raise Refused(user_error(["price", "amount"], "must be greater than or equal to 0"))
    edit = edit_named(world, args["id"])
    line = EditLine(
        world.uuid("CalculatedLineItem"), args["title"], priced(order_of(world, edit), args["price"]), args["quantity"],
        requires_shipping=bool(args.get("requiresShipping")), taxable=bool(args.get("taxable")),
        location_id=_place(world, args),
    )  # fmt: skip
    edit.lines.append(line)
    return staged_answer(world, edit, line)


@mutation("orderEditSetQuantity")
def set_quantity(world: World, args: Args) -> JsonObject:
    """Change the units of a line; those shipped cannot go."""
    edit = edit_named(world, args["id"])
    line = line_named(edit, args["lineItemId"], ["lineItemId"])
    quantity = args["quantity"]
    if quantity < 0:
        raise Refused(user_error(["quantity"], "must be greater than or equal to 0"))
    if quantity < line.locked:
        message = "The quantity cannot be less than the quantity that was fulfilled."
        raise Refused(user_error(["quantity"], message))
    line.quantity = quantity
    line.restock = bool(args.get("restock"))
    if line.line_item_id is None and not quantity:
        edit.lines.remove(line)
    return staged_answer(world, edit, line)
