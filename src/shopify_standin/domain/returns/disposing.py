"""What becomes of goods that came back: restocked, thrown away, missing, or still to be decided."""

from functools import partial
from typing import Any

from shopify_standin.domain.inventory.stock import take_back
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.returning import Disposition, ReverseLine
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.returns import disposal_payload
from shopify_standin.world import World

Given = dict[str, Any]
Checked = tuple[ReverseLine, Given, int | None]

_SEVERAL = "Cannot dispose items from more than one reverse fulfillment order."
_CUSTOM = "RESTOCKED is an invalid disposition type for a custom line item."


@mutation("reverseFulfillmentOrderDispose")
def reverse_fulfillment_order_dispose(world: World, args: Args) -> JsonObject:
    """Decide about units of one reverse fulfillment order."""
    given = args["dispositionInputs"]
    if not given:
        raise Refused(user_error(["dispositionInputs"], "The array cannot be empty.", "BLANK"))
    checked = checked_dispositions(world, given, ["dispositionInputs"])
    dispose(world, checked)
    return {"reverseFulfillmentOrderLineItems": [line for line, _, _ in checked], "userErrors": []}


def checked_dispositions(world: World, given: list[Given], path: list[str]) -> list[Checked]:
    """Dispositions with their lines and places; raises Refused for what cannot be done."""
    wanted = [
        (number_of(entry["reverseFulfillmentOrderLineItemId"], "ReverseFulfillmentOrderLineItem"), _place(entry))
        for entry in given
    ]
    lines = [world.reverse_lines.get(number) for number, _ in wanted]
    found = [line for line in lines if line is not None]
    if len(found) < len(lines) or len({line.reverse_order_id for line in found}) > 1:
        raise Refused(user_error(path, _SEVERAL, "INVALID"))
    checked = [(line, entry, place) for line, entry, (_, place) in zip(found, given, wanted, strict=True)]
    errors = [error for index, entry in enumerate(checked) for error in _errors(world, entry, [*path, str(index)])]
    if errors:
        raise Refused(*errors)
    return checked


def _place(entry: Given) -> int | None:
    return None if entry.get("locationId") is None else number_of(entry["locationId"], "Location")


def _errors(world: World, checked: Checked, path: list[str]) -> list[JsonObject]:
    line, entry, place = checked
    errors: list[JsonObject] = []
    if entry["dispositionType"] == "RESTOCKED" and _item_of(world, line) is None:
        errors.append(user_error([*path, "dispositionType"], _CUSTOM, "INVALID"))
    if place is not None and place not in world.locations.rows:
        errors.append(user_error([*path, "locationId"], "Location not found.", "NOT_FOUND"))
    if entry["dispositionType"] == "RESTOCKED" and place is None:
        errors.append(user_error([*path, "locationId"], "Location can't be blank", "BLANK"))
    if not 0 < entry["quantity"] <= line.total - line.disposed:
        message = "Cannot dispose more items than are returned."
        errors.append(user_error([*path, "quantity"], message, "INVALID"))
    return errors


def _item_of(world: World, line: ReverseLine) -> int | None:
    """The inventory item of what came back, while its variant exists."""
    sold = world.lines[world.fulfillment_lines[line.fulfillment_line_id].line_item_id]
    return sold.item_id if sold.item_id in world.items.rows else None


def dispose(world: World, checked: list[Checked]) -> None:
    """Note checked dispositions; restocked units become available."""
    made: list[tuple[ReverseLine, Disposition]] = []
    for line, entry, place in checked:
        number = world.ids.next("ReverseFulfillmentOrderDisposition")
        done = Disposition(number, entry["dispositionType"], entry["quantity"], place, world.now())
        line.dispositions.append(done)
        made.append((line, done))
        item = _item_of(world, line)
        if done.type == "RESTOCKED" and item is not None and place is not None:
            take_back(world, item, place, done.quantity)
    if made:
        way = world.reverse_orders[made[0][0].reverse_order_id]
        emit(world, "REVERSE_FULFILLMENT_ORDERS_DISPOSE", partial(disposal_payload, way, made))
