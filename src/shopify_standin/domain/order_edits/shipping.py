"""Shipping lines are added, changed and taken away."""

from typing import Any

from shopify_standin.domain.order_edits.beginning import edit_named, order_of, priced
from shopify_standin.errors import InvalidId, JsonObject, Refused, user_error
from shopify_standin.model.edits import Edit, EditShipping
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World


def shipping_fields(world: World, edit: Edit, line: EditShipping) -> JsonObject:
    """A `CalculatedShippingLine`."""
    price = order_of(world, edit).currencies.show(line.price)
    return {"id": line.gid, "title": line.title, "stagedStatus": line.status, "price": price}


def _answer(world: World, edit: Edit, line: EditShipping | None) -> JsonObject:
    return {
        "calculatedOrder": edit,
        "calculatedShippingLine": None if line is None else shipping_fields(world, edit, line),
        "orderEditSession": edit.session,
        "userErrors": [],
    }


@mutation("orderEditAddShippingLine")
def add_shipping_line(world: World, args: Args) -> JsonObject:
    """Charge for shipping."""
    edit = edit_named(world, args["id"])
    given: dict[str, Any] = args["shippingLine"]
    price = priced(order_of(world, edit), given["price"])
    line = EditShipping(world.uuid("CalculatedShippingLine"), given["title"], price, "ADDED")
    edit.shipping.append(line)
    return _answer(world, edit, line)


@mutation("orderEditUpdateShippingLine")
def update_shipping_line(world: World, args: Args) -> JsonObject:
    """Change a shipping line that was added in this edit."""
    edit = edit_named(world, args["id"])
    line = _named(edit, args["shippingLineId"])
    if line.status != "ADDED":
        message = "Only shipping lines that were added in this edit can be changed."
        raise Refused(user_error(["shippingLineId"], message))
    given: dict[str, Any] = args["shippingLine"]
    line.title = given.get("title") or line.title
    if given.get("price") is not None:
        line.price = priced(order_of(world, edit), given["price"])
    return _answer(world, edit, line)


@mutation("orderEditRemoveShippingLine")
def remove_shipping_line(world: World, args: Args) -> JsonObject:
    """Charge no longer for it; one that was added in this edit vanishes (recorded 2025-01)."""
    edit = edit_named(world, args["id"])
    line = _named(edit, args["shippingLineId"])
    if line.status == "ADDED":
        edit.shipping.remove(line)
    else:
        line.status = "REMOVED"
    return _answer(world, edit, None)


def _named(edit: Edit, value: str) -> EditShipping:
    if not value.startswith("gid://shopify/CalculatedShippingLine/"):
        raise InvalidId(value)
    line = next((row for row in edit.shipping if row.gid == value), None)
    if line is None:
        raise Refused(user_error(["shippingLineId"], "The shipping line does not exist on the order."))
    return line
