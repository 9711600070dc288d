"""Find transfers, shipments, items and places that a mutation names; and count what became of a transfer's units."""

from typing import Any

from shopify_standin.errors import Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.goods import InventoryItem
from shopify_standin.model.places import Location
from shopify_standin.model.transfers import Place, Shipment, ShipmentLine, Transfer, TransferLine
from shopify_standin.world import World


def transfer_named(world: World, value: str, path: list[str]) -> Transfer:
    """The transfer with this id; raises Refused with TRANSFER_NOT_FOUND."""
    found = world.transfers.get(number_of(value, "InventoryTransfer"))
    if found is None:
        raise Refused(user_error(path, "The inventory transfer could not be found.", "TRANSFER_NOT_FOUND"))
    return found


def shipment_named(world: World, value: str) -> Shipment:
    """The shipment with this id; raises Refused with SHIPMENT_NOT_FOUND."""
    found = world.shipments.get(number_of(value, "InventoryShipment"))
    if found is None:
        raise Refused(user_error(["id"], "The inventory shipment could not be found.", "SHIPMENT_NOT_FOUND"))
    return found


def shipment_line(shipment: Shipment, value: str, path: list[str]) -> ShipmentLine:
    """The line with this id; raises Refused with ITEM_NOT_FOUND."""
    number = number_of(value, "InventoryShipmentLineItem")
    found = next((line for line in shipment.lines if line.id == number), None)
    if found is None:
        raise Refused(user_error(path, "The shipment line item could not be found.", "ITEM_NOT_FOUND"))
    return found


def items_of(world: World, rows: list[dict[str, Any]], path: list[str]) -> list[tuple[InventoryItem, int]]:
    """Tracked items and positive units of input rows, each item once; raises Refused otherwise."""
    found: dict[int, tuple[InventoryItem, int]] = {}
    for index, row in enumerate(rows):
        at = [*path, str(index)]
        item = world.items.get(number_of(row["inventoryItemId"], "InventoryItem"))
        if item is None:
            message = "The inventory item could not be found."
            raise Refused(user_error([*at, "inventoryItemId"], message, "ITEM_NOT_FOUND"))
        if not item.tracked:
            raise Refused(user_error([*at, "inventoryItemId"], "The item is not tracked.", "UNTRACKED_ITEM"))
        if item.id in found:
            raise Refused(user_error([*at, "inventoryItemId"], "The item is given twice.", "DUPLICATE_ITEM"))
        if row["quantity"] < 1:
            raise Refused(user_error([*at, "quantity"], "Quantity must be greater than 0.", "INVALID_QUANTITY"))
        found[item.id] = (item, row["quantity"])
    return list(found.values())


def place_named(world: World, value: str | None, path: list[str]) -> Place | None:
    """A snapshot of the active location with this id; None without an id."""
    if value is None:
        return None
    place = world.locations.get(number_of(value, "Location"))
    if place is None:
        raise Refused(user_error(path, "The location could not be found.", "LOCATION_NOT_FOUND"))
    if not place.is_active:
        raise Refused(user_error(path, "The location is not active.", "LOCATION_NOT_ACTIVE"))
    return snapshot(world, place)


def snapshot(world: World, place: Location) -> Place:
    """A location as it is now."""
    return Place(place.id, place.name, place.address, world.now())


def shipped(world: World, line: TransferLine) -> int:
    """Units of a line that have left."""
    return _in_shipments(world, line, left=True)


def picked(world: World, line: TransferLine) -> int:
    """Units of a line in shipments that have not left."""
    return _in_shipments(world, line, left=False)


def _in_shipments(world: World, line: TransferLine, *, left: bool) -> int:
    shipments = (world.shipments[number] for number in world.transfers[line.transfer_id].shipment_ids)
    return sum(
        row.quantity
        for shipment in shipments
        if shipment.has_left is left
        for row in shipment.lines
        if row.item_id == line.item_id
    )
