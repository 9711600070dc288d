"""Set and remove the items of a transfer that is a draft or ready."""

from functools import partial

from shopify_standin.domain.transfers.finding import items_of, picked, shipped, transfer_named
from shopify_standin.domain.transfers.making import add_transfer_line
from shopify_standin.domain.transfers.readiness import hold_at_origin
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import gid, number_of
from shopify_standin.model.transfers import Transfer
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads import transfers as payloads
from shopify_standin.world import World

CHANGEABLE = frozenset({"DRAFT", "READY_TO_SHIP", "IN_PROGRESS"})


@mutation("inventoryTransferSetItems", idempotent=True)
def inventory_transfer_set_items(world: World, args: Args) -> JsonObject:
    """Say how many units of these items are to go; others stay as they are."""
    given = args["input"]
    known = _changeable(world, given["id"])
    rows = items_of(world, given["lineItems"], ["input", "lineItems"])
    lines = {line.item_id: line for line in known.lines}
    for index, (item, units) in enumerate(rows):
        line = lines.get(item.id)
        if line is not None and units < shipped(world, line) + picked(world, line):
            path = ["input", "lineItems", str(index), "quantity"]
            raise Refused(user_error(path, "More units are in shipments already.", "INVALID_QUANTITY"))
    updates, added, changed = [], [], []
    for item, units in rows:
        line = lines.get(item.id)
        before = 0 if line is None else line.total
        if known.status != "DRAFT":
            hold_at_origin(world, known, item.id, units - before)
        if line is None:
            line = add_transfer_line(world, known, item.id, units)
            added.append({"line_item_id": line.gid, "quantity": units})
        elif units != before:
            line.total = units
            changed.append({"line_item_id": line.gid, "old_quantity": before, "new_quantity": units})
        updates.append({"inventoryItemId": item.gid, "newQuantity": units, "deltaQuantity": units - before})
    if added:
        emit(world, "INVENTORY_TRANSFERS_ADD_ITEMS", partial(payloads.items, world, known, "items_added", added))
    if changed:
        emit(
            world,
            "INVENTORY_TRANSFERS_UPDATE_ITEM_QUANTITIES",
            partial(payloads.quantities_changed, world, known, changed),
        )
    return {"inventoryTransfer": known, "updatedLineItems": updates, "userErrors": []}


@mutation("inventoryTransferRemoveItems")
def inventory_transfer_remove_items(world: World, args: Args) -> JsonObject:
    """Take lines out, or what has not left of them."""
    given = args["input"]
    known = _changeable(world, given["id"])
    wanted = [number_of(value, "InventoryTransferLineItem") for value in given.get("transferLineItemIds") or ()]
    lines = {line.id: line for line in known.lines}
    for index, number in enumerate(wanted):
        path = ["input", "transferLineItemIds", str(index)]
        if number not in lines:
            raise Refused(user_error(path, "The transfer line item could not be found.", "ITEM_NOT_FOUND"))
        if shipped(world, lines[number]) >= lines[number].total:
            raise Refused(user_error(path, "All units have been shipped.", "ALL_QUANTITY_SHIPPED"))
    if known.status == "READY_TO_SHIP" and set(wanted) == set(lines):
        message = "A transfer that is ready to ship must keep an item."
        raise Refused(user_error(["input"], message, "CANT_REMOVE_ALL_ITEMS_FROM_READY_TO_SHIP_TRANSFER"))
    removed = [_remove(world, known, number) for number in wanted]
    gone = [{"line_item_id": gid("InventoryTransferLineItem", number)} for number in wanted]
    emit(world, "INVENTORY_TRANSFERS_REMOVE_ITEMS", partial(payloads.items, world, known, "items_removed", gone))
    return {"inventoryTransfer": known, "removedQuantities": removed, "userErrors": []}


def _remove(world: World, transfer: Transfer, number: int) -> JsonObject:
    line = world.transfer_lines[number]
    stays = shipped(world, line) + picked(world, line)
    delta = stays - line.total
    if transfer.status != "DRAFT":
        hold_at_origin(world, transfer, line.item_id, delta)
    line.total = stays
    if not stays:
        transfer.lines.remove(line)
        world.transfer_lines.remove(number)
    return {"inventoryItemId": gid("InventoryItem", line.item_id), "newQuantity": stays, "deltaQuantity": delta}


def _changeable(world: World, value: str) -> Transfer:
    known = transfer_named(world, value, ["input", "id"])
    if known.status not in CHANGEABLE:
        message = "The items of this transfer can no longer be changed."
        raise Refused(user_error(["input", "id"], message, "INVALID_TRANSFER_STATUS"))
    return known
