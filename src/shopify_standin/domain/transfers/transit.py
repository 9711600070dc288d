"""A shipment leaves, and arrives: stock goes off at the origin, is incoming, and becomes available."""

from datetime import datetime
from functools import partial
from typing import Any

from shopify_standin.domain.inventory.stock import change, stock_item
from shopify_standin.domain.transfers.finding import shipment_line, shipment_named
from shopify_standin.domain.transfers.readiness import leave_origin
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.model.goods import Level
from shopify_standin.model.transfers import Shipment, ShipmentLine
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads import transfers as payloads
from shopify_standin.world import World


@mutation("inventoryShipmentMarkInTransit")
def inventory_shipment_mark_in_transit(world: World, args: Args) -> JsonObject:
    """It leaves."""
    shipment = shipment_named(world, args["id"])
    if shipment.has_left:
        message = "The shipment is no longer a draft."
        raise Refused(user_error(["id"], message, "INVALID_SHIPMENT_STATUS"))
    if not shipment.lines:
        raise Refused(user_error(["id"], "The shipment has no items.", "ITEMS_EMPTY"))
    send(world, shipment, _moment(args.get("dateShipped")) or world.now())
    return {"inventoryShipment": shipment, "userErrors": []}


def send(world: World, shipment: Shipment, at: datetime) -> None:
    """Units leave the origin and are incoming at the destination."""
    transfer = world.transfers[shipment.transfer_id]
    for line in shipment.lines:
        leave_origin(world, transfer, line.item_id, line.quantity)
        change(world, _destination(world, shipment, line), incoming=line.quantity)
    shipment.status, shipment.date_shipped = "IN_TRANSIT", at
    transfer.status = "IN_PROGRESS"
    emit(world, "INVENTORY_SHIPMENTS_MARK_IN_TRANSIT", partial(payloads.state, world, shipment))


@mutation("inventoryShipmentReceive", idempotent=True)
def inventory_shipment_receive(world: World, args: Args) -> JsonObject:
    """Units arrive: accepted ones can be sold, rejected ones are gone. Without lines `bulkReceiveAction` is for all."""
    shipment = shipment_named(world, args["id"])
    if shipment.status not in {"IN_TRANSIT", "PARTIALLY_RECEIVED"}:
        message = "Only shipments on their way can be received."
        raise Refused(user_error(["id"], message, "INVALID_SHIPMENT_STATUS"))
    rows = _received(shipment, args)
    changes = [_receive(world, shipment, line, units, reason) for line, units, reason in rows]
    if all(line.unreceived == 0 for line in shipment.lines):
        shipment.status, shipment.date_received = "RECEIVED", _moment(args.get("dateReceived")) or world.now()
    else:
        shipment.status = "PARTIALLY_RECEIVED"
    emit(world, "INVENTORY_SHIPMENTS_RECEIVE_ITEMS", partial(payloads.received, world, shipment, changes))
    _complete(world, shipment)
    return {"inventoryShipment": shipment, "userErrors": []}


def _received(shipment: Shipment, args: Args) -> list[tuple[ShipmentLine, int, str]]:
    given: list[dict[str, Any]] = args.get("lineItems") or []
    if not given:
        if args.get("bulkReceiveAction") is None:
            message = "Either lines or an action for all of them must be given."
            raise Refused(user_error(["lineItems"], message, "INVALID_QUANTITY"))
        return [(line, line.unreceived, args["bulkReceiveAction"]) for line in shipment.lines if line.unreceived]
    rows: list[tuple[ShipmentLine, int, str]] = []
    left = {line.id: line.unreceived for line in shipment.lines}
    for index, row in enumerate(given):
        path = ["lineItems", str(index)]
        line = shipment_line(shipment, row["shipmentLineItemId"], [*path, "shipmentLineItemId"])
        left[line.id] -= row["quantity"]
        if row["quantity"] < 1 or left[line.id] < 0:
            message = "The quantity must be between 1 and what is still on its way."
            raise Refused(user_error([*path, "quantity"], message, "INVALID_QUANTITY"))
        rows.append((line, row["quantity"], row["reason"]))
    return rows


def _receive(world: World, shipment: Shipment, line: ShipmentLine, units: int, reason: str) -> JsonObject:
    before = (line.accepted, line.rejected)
    level = _destination(world, shipment, line)
    if reason == "ACCEPTED":
        line.accepted += units
        change(world, level, incoming=-units, available=units)
    else:
        line.rejected += units
        change(world, level, incoming=-units)
    return {
        "id": line.gid,
        "old_accepted_quantity": before[0],
        "old_rejected_quantity": before[1],
        "new_accepted_quantity": line.accepted,
        "new_rejected_quantity": line.rejected,
        "remaining_quantity_to_receive": line.unreceived,
    }


def _complete(world: World, shipment: Shipment) -> None:
    """A transfer is over once all of its units have arrived."""
    transfer = world.transfers[shipment.transfer_id]
    lines = [line for number in transfer.shipment_ids for line in world.shipments[number].lines]
    if sum(line.accepted + line.rejected for line in lines) >= transfer.total:
        transfer.status = "TRANSFERRED"
        emit(world, "INVENTORY_TRANSFERS_COMPLETE", partial(payloads.state, world, transfer))


def _destination(world: World, shipment: Shipment, line: ShipmentLine) -> Level:
    place = world.transfers[shipment.transfer_id].destination
    if place is None:  # pragma: no cover - a transfer without one cannot become ready
        msg = "a shipment goes nowhere"
        raise ValueError(msg)
    return stock_item(world, world.items[line.item_id], place.location_id)


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)
