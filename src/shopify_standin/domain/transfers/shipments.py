"""Shipments of a transfer while they are put together: make, fill, label, drop."""

from datetime import datetime
from functools import partial
from typing import Any

from shopify_standin.domain.transfers.finding import (
    items_of,
    picked,
    shipment_line,
    shipment_named,
    shipped,
    transfer_named,
)
from shopify_standin.domain.transfers.transit import send
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.model.transfers import Shipment, ShipmentLine, ShipmentTracking
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads import transfers as payloads
from shopify_standin.world import World

BARCODE_LIMIT = 255


@mutation("inventoryShipmentCreate", idempotent=True)
def inventory_shipment_create(world: World, args: Args) -> JsonObject:
    """A draft with some units of a transfer."""
    return {"inventoryShipment": _make(world, args["input"]), "userErrors": []}


@mutation("inventoryShipmentCreateInTransit", idempotent=True)
def inventory_shipment_create_in_transit(world: World, args: Args) -> JsonObject:
    """A shipment that is on its way from the beginning."""
    made = _make(world, args["input"])
    send(world, made, world.now())
    return {"inventoryShipment": made, "userErrors": []}


def _make(world: World, given: dict[str, Any]) -> Shipment:
    transfer = transfer_named(world, given["movementId"], ["input", "movementId"])
    if transfer.status not in {"READY_TO_SHIP", "IN_PROGRESS"}:
        message = "Only transfers that are ready can be shipped."
        raise Refused(user_error(["input", "movementId"], message, "INVALID_TRANSFER_STATUS"))
    if not given["lineItems"]:
        raise Refused(user_error(["input", "lineItems"], "The shipment has no items.", "EMPTY_SHIPMENT_INPUT"))
    rows = items_of(world, given["lineItems"], ["input", "lineItems"])
    number = len(transfer.shipment_ids) + 1
    _check_barcode(world, given.get("barcode"), ["input", "barcode"])
    made = Shipment(
        world.ids.next("InventoryShipment"),
        transfer.id,
        f"{transfer.name}-{number}",
        _moment(given.get("dateCreated")) or world.now(),
        barcode=given.get("barcode"),
        tracking=_tracking(given.get("trackingInput")),
    )
    _check_shippable(world, made, {item.id: units for item, units in rows}, ["input", "lineItems"])
    for item, units in rows:
        _add(world, made, item.id, units)
    world.shipments.add(made)
    transfer.shipment_ids.append(made.id)
    emit(world, "INVENTORY_SHIPMENTS_CREATE", partial(payloads.shipment_made, world, made))
    return made


@mutation("inventoryShipmentAddItems", idempotent=True)
def inventory_shipment_add_items(world: World, args: Args) -> JsonObject:
    """Put more units of the transfer into a draft."""
    shipment = _draft(world, args["id"])
    rows = items_of(world, args["lineItems"], ["lineItems"])
    _check_shippable(world, shipment, {item.id: units for item, units in rows}, ["lineItems"])
    added = [_add(world, shipment, item.id, units) for item, units in rows]
    listed = [{"id": line.gid, "quantity": line.quantity} for line in added]
    emit(world, "INVENTORY_SHIPMENTS_ADD_ITEMS", partial(payloads.items, world, shipment, "items_added", listed))
    return {"inventoryShipment": shipment, "addedItems": added, "userErrors": []}


@mutation("inventoryShipmentRemoveItems")
def inventory_shipment_remove_items(world: World, args: Args) -> JsonObject:
    """Take lines out of a draft."""
    shipment = _draft(world, args["id"])
    lines = [shipment_line(shipment, x, ["lineItems", str(index)]) for index, x in enumerate(args["lineItems"])]
    for line in lines:
        shipment.lines.remove(line)
        world.shipment_lines.remove(line.id)
    gone = [{"id": line.gid} for line in lines]
    emit(world, "INVENTORY_SHIPMENTS_REMOVE_ITEMS", partial(payloads.items, world, shipment, "items_removed", gone))
    return {"inventoryShipment": shipment, "userErrors": []}


@mutation("inventoryShipmentUpdateItemQuantities")
def inventory_shipment_update_item_quantities(world: World, args: Args) -> JsonObject:
    """Change how many units of its lines a draft has."""
    shipment = _draft(world, args["id"])
    lines = []
    for index, row in enumerate(args["items"]):
        path = ["items", str(index)]
        line = shipment_line(shipment, row["shipmentLineItemId"], [*path, "shipmentLineItemId"])
        if row["quantity"] < 1:
            raise Refused(user_error([*path, "quantity"], "Quantity must be greater than 0.", "INVALID_QUANTITY"))
        _check_shippable(world, shipment, {line.item_id: row["quantity"] - line.quantity}, path)
        lines.append((line, row["quantity"]))
    changes = [{"id": line.gid, "old_quantity": line.quantity, "new_quantity": units} for line, units in lines]
    for line, units in lines:
        line.quantity = units
    emit(
        world,
        "INVENTORY_SHIPMENTS_UPDATE_ITEM_QUANTITIES",
        partial(payloads.items, world, shipment, "items_updated", changes),
    )
    return {"shipment": shipment, "updatedLineItems": [line for line, _ in lines], "userErrors": []}


@mutation("inventoryShipmentSetTracking")
def inventory_shipment_set_tracking(world: World, args: Args) -> JsonObject:
    """Say who carries it."""
    shipment = shipment_named(world, args["id"])
    shipment.tracking = _tracking(args["tracking"])
    emit(world, "INVENTORY_SHIPMENTS_UPDATE_TRACKING", partial(payloads.tracking_changed, world, shipment))
    return {"inventoryShipment": shipment, "userErrors": []}


@mutation("inventoryShipmentSetBarcode")
def inventory_shipment_set_barcode(world: World, args: Args) -> JsonObject:
    """Say what is printed on it."""
    shipment = shipment_named(world, args["id"])
    _check_barcode(world, args["barcode"], ["barcode"], shipment)
    shipment.barcode = args["barcode"]
    return {"inventoryShipment": shipment, "userErrors": []}


@mutation("inventoryShipmentDelete")
def inventory_shipment_delete(world: World, args: Args) -> JsonObject:
    """Drop a draft."""
    shipment = _draft(world, args["id"])
    for line in shipment.lines:
        world.shipment_lines.remove(line.id)
    world.transfers[shipment.transfer_id].shipment_ids.remove(shipment.id)
    world.shipments.remove(shipment.id)
    emit(world, "INVENTORY_SHIPMENTS_DELETE", partial(payloads.happened, world, shipment))
    return {"id": shipment.gid, "userErrors": []}


def _draft(world: World, value: str) -> Shipment:
    shipment = shipment_named(world, value)
    if shipment.has_left:
        message = "The shipment is no longer a draft."
        raise Refused(user_error(["id"], message, "INVALID_SHIPMENT_STATUS"))
    return shipment


def _add(world: World, shipment: Shipment, item_id: int, units: int) -> ShipmentLine:
    line = next((x for x in shipment.lines if x.item_id == item_id), None)
    if line is not None:
        line.quantity += units
        return line
    line = ShipmentLine(world.ids.next("InventoryShipmentLineItem"), shipment.id, item_id, units)
    shipment.lines.append(line)
    return world.shipment_lines.add(line)


def _check_shippable(world: World, shipment: Shipment, wanted: dict[int, int], path: list[str]) -> None:
    """Raise Refused where the transfer has not as many units left to ship."""
    lines = {line.item_id: line for line in world.transfers[shipment.transfer_id].lines}
    for item_id, units in wanted.items():
        line = lines.get(item_id)
        if line is None:
            raise Refused(user_error(path, "The item is not part of the transfer.", "ITEM_NOT_FOUND"))
        if units > line.total - shipped(world, line) - picked(world, line):
            raise Refused(user_error(path, "More units than are left to ship.", "INVALID_QUANTITY"))


def _check_barcode(world: World, barcode: str | None, path: list[str], own: Shipment | None = None) -> None:
    if barcode is not None and len(barcode) > BARCODE_LIMIT:
        message = f"A barcode has at most {BARCODE_LIMIT} characters."
        raise Refused(user_error(path, message, "BARCODE_TOO_LONG"))
    if barcode and any(x.barcode == barcode for x in world.shipments if x is not own):
        raise Refused(user_error(path, "Another shipment has this barcode.", "BARCODE_DUPLICATE"))


def _tracking(given: dict[str, Any] | None) -> ShipmentTracking | None:
    if given is None:
        return None
    return ShipmentTracking(
        given.get("company"), given.get("trackingNumber"), given.get("trackingUrl"), _moment(given.get("arrivesAt"))
    )


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)
