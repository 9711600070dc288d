"""`inventory_transfers/*` and `inventory_shipments/*`: global ids, states as in the Admin API."""

from shopify_standin.clock import iso
from shopify_standin.errors import JsonObject
from shopify_standin.ids import gid
from shopify_standin.model.transfers import Place, Shipment, Transfer
from shopify_standin.world import World


def happened(world: World, source: Transfer | Shipment) -> JsonObject:
    """What every one of these messages has: of a transfer also from where to where."""
    message: JsonObject = {"id": source.gid, "happened_at": iso(world.now())}
    if isinstance(source, Shipment):
        return message
    return message | {"origin": _place(source.origin), "destination": _place(source.destination)}


def _place(place: Place | None) -> JsonObject | None:
    if place is None or place.location_id is None:
        return None
    return {"id": gid("Location", place.location_id)}


def state(world: World, source: Transfer | Shipment) -> JsonObject:
    """Another status."""
    return {**happened(world, source), "status": source.status}


def items(world: World, source: Transfer | Shipment, name: str, rows: list[JsonObject]) -> JsonObject:
    """Items added, removed or changed, under the name that the topic has for them."""
    return {**happened(world, source), name: rows}


def quantities_changed(world: World, transfer: Transfer, rows: list[JsonObject]) -> JsonObject:
    """`inventory_transfers/update_item_quantities`."""
    return {**state(world, transfer), "items_updated": rows}


def ready(world: World, transfer: Transfer) -> JsonObject:
    """`inventory_transfers/ready_to_ship`."""
    lines = [{"id": line.gid, "quantity": line.total} for line in transfer.lines]
    return {**state(world, transfer), "line_items": lines}


def shipment_made(world: World, shipment: Shipment) -> JsonObject:
    """`inventory_shipments/create`."""
    lines = [{"id": line.gid, "quantity": line.quantity} for line in shipment.lines]
    return {**state(world, shipment), "tracking": _tracking(shipment), "line_items": lines}


def received(world: World, shipment: Shipment, rows: list[JsonObject]) -> JsonObject:
    """`inventory_shipments/receive_items`."""
    return {**state(world, shipment), "items_received": rows}


def tracking_changed(world: World, shipment: Shipment) -> JsonObject:
    """`inventory_shipments/update_tracking`."""
    return {
        "shipment_id": shipment.gid,
        "updated_tracking": _tracking(shipment),
        "happened_at": iso(world.now()),
    }


def _tracking(shipment: Shipment) -> JsonObject | None:
    known = shipment.tracking
    if known is None:
        return None
    return {
        "company": known.company,
        "tracking_number": known.tracking_number,
        "tracking_url": known.tracking_url,
        "arrives_at": iso(known.arrives_at),
    }
