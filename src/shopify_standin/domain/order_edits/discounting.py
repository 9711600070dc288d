"""Discounts that staff give on single lines."""

from decimal import Decimal
from typing import Any

from shopify_standin.domain.order_edits.beginning import edit_named, line_named, order_of, priced
from shopify_standin.domain.order_edits.staging import staged_answer
from shopify_standin.errors import InvalidId, JsonObject, Refused, user_error
from shopify_standin.model.edits import Edit, EditDiscount, EditLine
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World


@mutation("orderEditAddLineItemDiscount")
def add_line_item_discount(world: World, args: Args) -> JsonObject:
    """Take an amount off each unit, or a percentage."""
    edit = edit_named(world, args["id"])
    line = line_named(edit, args["lineItemId"], ["id"])
    key, number = world.uuid("CalculatedManualDiscountApplication"), world.ids.next("OrderStagedChange")
    line.discount = _discount(world, edit, args["discount"], key, number)
    change = {
        "id": f"gid://shopify/OrderStagedChangeAddLineItemDiscount/{number}",
        "description": line.discount.description,
    }
    return staged_answer(world, edit, line) | {"addedDiscountStagedChange": change}


def _discount(world: World, edit: Edit, given: dict[str, Any], key: str, number: int) -> EditDiscount:
    description = given.get("description") or ""
    if given.get("percentValue") is not None:
        percentage = Decimal(str(given["percentValue"]))
        if not 0 <= percentage <= 100:
            message = "must be between 0 and 100"
            raise Refused(user_error(["discount", "percentValue"], message))
        return EditDiscount(key, number, description, percentage=percentage)
    if given.get("fixedValue") is None:
        raise Refused(user_error(["discount"], "A discount needs a fixed value or a percentage."))
    return EditDiscount(key, number, description, amount=priced(order_of(world, edit), given["fixedValue"]))


@mutation("orderEditUpdateDiscount")
def update_discount(world: World, args: Args) -> JsonObject:
    """Give another discount in place of one that was staged."""
    edit = edit_named(world, args["id"])
    line, known = _staged(edit, args["discountApplicationId"])
    given = {"description": known.description, **args["discount"]}
    line.discount = _discount(world, edit, given, known.key, known.change_id)
    return {"calculatedOrder": edit, "orderEditSession": edit.session, "userErrors": []}


@mutation("orderEditRemoveDiscount", "orderEditRemoveLineItemDiscount")
def remove_discount(world: World, args: Args) -> JsonObject:
    """Take a staged discount back."""
    edit = edit_named(world, args["id"])
    line, _ = _staged(edit, args["discountApplicationId"])
    line.discount = None
    return staged_answer(world, edit, line)


def _staged(edit: Edit, value: str) -> tuple[EditLine, EditDiscount]:
    if not value.startswith("gid://shopify/Calculated"):
        raise InvalidId(value)
    for line in edit.lines:
        if line.discount is not None and line.discount.gid == value:
            return line, line.discount
    raise Refused(user_error(["discountApplicationId"], "The discount does not exist on the order."))
