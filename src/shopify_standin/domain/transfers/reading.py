"""Reading transfers and shipments."""

from typing import Any

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection, count
from shopify_standin.domain.transfers.finding import picked, shipped
from shopify_standin.errors import JsonObject
from shopify_standin.ids import number_of
from shopify_standin.model.goods import InventoryItem, Variant
from shopify_standin.model.places import Location
from shopify_standin.model.transfers import Place, Shipment, ShipmentLine, ShipmentTracking, Transfer, TransferLine
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.search import filters
from shopify_standin.search.search import Search
from shopify_standin.world import World

node("InventoryTransfer", lambda world, number: world.transfers.get(number))
node("InventoryTransferLineItem", lambda world, number: world.transfer_lines.get(number))
node("InventoryShipment", lambda world, number: world.shipments.get(number))
node("InventoryShipmentLineItem", lambda world, number: world.shipment_lines.get(number))

TRANSFER = Fields("InventoryTransfer")
TRANSFER.attributes(
    "name", "status", "origin", "destination", "note", "referenceName", "tags", id="gid", totalQuantity="total"
)
TRANSFER.constant(hasTimelineComment=False)
LINE = Fields("InventoryTransferLineItem")
LINE.attributes(id="gid", totalQuantity="total")
SHIPMENT = Fields("InventoryShipment")
SHIPMENT.attributes("name", "status", "barcode", "tracking", id="gid")
SHIPMENT_LINE = Fields("InventoryShipmentLineItem")
SHIPMENT_LINE.attributes(
    "quantity", id="gid", acceptedQuantity="accepted", rejectedQuantity="rejected", unreceivedQuantity="unreceived"
)
PLACE = Fields("LocationSnapshot")
PLACE.attributes("name", "address")
TRACKING = Fields("InventoryShipmentTracking")
TRACKING.attributes("company", "trackingNumber", "trackingUrl")


def _variants(transfer: Transfer, world: World) -> list[Variant]:
    items = [world.items[line.item_id] for line in transfer.lines if line.item_id in world.items.rows]
    return [world.variants[item.variant_id] for item in items if item.variant_id in world.variants.rows]


def _destination_of(shipment: Shipment, world: World) -> int | None:
    place = world.transfers[shipment.transfer_id].destination
    return None if place is None else place.location_id


_TRANSFERS = Search(
    {
        "id": filters.number(lambda x, _: x.id),
        "status": filters.text(lambda x, _: x.status),
        "origin_id": filters.number(lambda x, _: x.origin and x.origin.location_id),
        "destination_id": filters.number(lambda x, _: x.destination and x.destination.location_id),
        "created_at": filters.moment(lambda x, _: x.date_created),
        "tag": filters.text(lambda x, _: x.tags),
        "tag_not": filters.absent(lambda x, _: x.tags),
        "source_id": filters.number(lambda x, _: x.origin and x.origin.location_id),
        "product_id": filters.number(lambda x, world: [v.product_id for v in _variants(x, world)]),
        "product_variant_id": filters.number(lambda x, world: [v.id for v in _variants(x, world)]),
    },
    filters.words(lambda x, _: [x.name, x.reference_name]),
)
_SHIPMENTS = Search(
    {
        "id": filters.number(lambda x, _: x.id),
        "status": filters.text(lambda x, _: x.status),
        "barcode": filters.text(lambda x, _: x.barcode),
        "tracking_number": filters.text(lambda x, _: x.tracking and x.tracking.tracking_number),
        "destination_id": filters.number(_destination_of),
    },
    filters.words(lambda x, _: x.name),
)
_TRANSFER_SORT = {
    "ID": None,
    "CREATED_AT": lambda x: x.date_created,
    "NAME": lambda x: x.name,
    "STATUS": lambda x: x.status,
    "ORIGIN_NAME": lambda x: x.origin and x.origin.name,
    "SOURCE_NAME": lambda x: x.origin and x.origin.name,
    "DESTINATION_NAME": lambda x: x.destination and x.destination.name,
    "EXPECTED_SHIPMENT_ARRIVAL": lambda x: x.date_created,
}
_SHIPMENT_SORT = {"ID": None, "STATUS": lambda x: x.status}


@query("inventoryTransfer")
def inventory_transfer(world: World, args: Args) -> Transfer | None:
    """One transfer."""
    return world.transfers.get(number_of(args["id"], "InventoryTransfer"))


@query("inventoryTransfers")
def inventory_transfers(world: World, args: Args, call: Call) -> JsonObject:
    """All transfers."""
    found = _TRANSFERS.select(world.transfers, args.get("query"), call, ["inventoryTransfers"])
    return connection(found, args, _TRANSFER_SORT[args["sortKey"]])


@query("inventoryShipment")
def inventory_shipment(world: World, args: Args) -> Shipment | None:
    """One shipment."""
    return world.shipments.get(number_of(args["id"], "InventoryShipment"))


@query("inventoryShipments")
def inventory_shipments(world: World, args: Args, call: Call) -> JsonObject:
    """All shipments."""
    found = _SHIPMENTS.select(world.shipments, args.get("query"), call, ["inventoryShipments"])
    return connection(found, args, _SHIPMENT_SORT[args["sortKey"]])


@TRANSFER.field("dateCreated")
@SHIPMENT.field("dateCreated")
def date_created(source: Transfer | Shipment) -> str | None:
    """When it was made."""
    return iso(source.date_created)


@TRANSFER.field("lineItems")
@SHIPMENT.field("lineItems")
def line_items(source: Transfer | Shipment, args: Args) -> JsonObject:
    """What goes."""
    rows: list[Any] = list(source.lines)
    return connection(rows, args)


@TRANSFER.field("lineItemsCount")
@SHIPMENT.field("lineItemsCount")
def line_items_count(source: Transfer | Shipment) -> JsonObject:
    """How many items go."""
    return count(source.lines)


@TRANSFER.field("shipments")
def shipments(transfer: Transfer, args: Args, call: Call) -> JsonObject:
    """What carries it out."""
    return connection([call.world.shipments[number] for number in transfer.shipment_ids], args)


@TRANSFER.field("receivedQuantity")
def received_quantity(transfer: Transfer, call: Call) -> int:
    """Units that arrived, accepted or not."""
    return sum(
        line.accepted + line.rejected for number in transfer.shipment_ids for line in call.world.shipments[number].lines
    )


@LINE.field("inventoryItem")
@SHIPMENT_LINE.field("inventoryItem")
def inventory_item(line: TransferLine | ShipmentLine, call: Call) -> InventoryItem | None:
    """What it is."""
    return call.world.items.get(line.item_id)


@LINE.field("title")
def title(line: TransferLine, call: Call) -> str | None:
    """The product's title."""
    item = call.world.items.get(line.item_id)
    variant = None if item is None else call.world.variants.get(item.variant_id)
    return None if variant is None else call.world.products[variant.product_id].title


LINE.field("shippedQuantity")(lambda line, call: shipped(call.world, line))
LINE.field("pickedForShipmentQuantity")(lambda line, call: picked(call.world, line))
LINE.field("shippableQuantity", "processableQuantity")(
    lambda line, call: line.total - shipped(call.world, line) - picked(call.world, line)
)
SHIPMENT.field("lineItemTotalQuantity")(lambda shipment: sum(line.quantity for line in shipment.lines))
SHIPMENT.field("totalAcceptedQuantity")(lambda shipment: sum(line.accepted for line in shipment.lines))
SHIPMENT.field("totalRejectedQuantity")(lambda shipment: sum(line.rejected for line in shipment.lines))
SHIPMENT.field("totalReceivedQuantity")(lambda shipment: sum(x.accepted + x.rejected for x in shipment.lines))


@SHIPMENT.field("dateShipped")
def date_shipped(shipment: Shipment) -> str | None:
    """When it left."""
    return iso(shipment.date_shipped)


@SHIPMENT.field("dateReceived")
def date_received(shipment: Shipment) -> str | None:
    """When all of it had arrived."""
    return iso(shipment.date_received)


@TRACKING.field("arrivesAt")
def arrives_at(tracking: ShipmentTracking) -> str | None:
    """When it should arrive."""
    return iso(tracking.arrives_at)


@PLACE.field("location")
def location(place: Place, call: Call) -> Location | None:
    """The live location, while it exists."""
    return call.world.locations.get(place.location_id)


@PLACE.field("snapshottedAt")
def snapshotted_at(place: Place) -> str | None:
    """When it was as shown."""
    return iso(place.taken_at)
