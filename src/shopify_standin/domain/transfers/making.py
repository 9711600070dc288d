"""Make, change, copy and drop transfers."""

from datetime import UTC, datetime
from typing import Any

from shopify_standin.domain.metafields.writing import set_inline
from shopify_standin.domain.transfers.finding import items_of, place_named, transfer_named
from shopify_standin.domain.transfers.readiness import check_ready, make_ready
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.model.transfers import Place, Transfer, TransferLine
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.transfers import happened
from shopify_standin.world import World

TAG_LIMIT = 255


@mutation("inventoryTransferCreate", idempotent=True)
def inventory_transfer_create(world: World, args: Args) -> JsonObject:
    """A draft, which moves no stock."""
    return {"inventoryTransfer": _made(world, args["input"]), "userErrors": []}


@mutation("inventoryTransferCreateAsReadyToShip", idempotent=True)
def inventory_transfer_create_as_ready_to_ship(world: World, args: Args) -> JsonObject:
    """A transfer whose units are held at the origin from the beginning."""
    made = _new(world, args["input"])
    check_ready(made, ["input"])
    _set_metafields(world, made, args["input"])
    _keep(world, made)
    make_ready(world, made)
    return {"inventoryTransfer": made, "userErrors": []}


@mutation("inventoryTransferDuplicate", idempotent=True)
def inventory_transfer_duplicate(world: World, args: Args) -> JsonObject:
    """A draft with the same places and items."""
    known = transfer_named(world, args["id"], ["id"])
    copy = _blank(world, known.origin, known.destination)
    copy.note, copy.tags, copy.reference_name = known.note, list(known.tags), known.reference_name
    copy.lines = [_line(world, copy, line.item_id, line.total) for line in known.lines]
    return {"inventoryTransfer": _keep(world, copy), "userErrors": []}


@mutation("inventoryTransferEdit")
def inventory_transfer_edit(world: World, args: Args) -> JsonObject:
    """Change what is given; places only while it is a draft."""
    known, given = transfer_named(world, args["id"], ["id"]), args["input"]
    origin, destination = known.origin, known.destination
    if "originId" in given:
        origin = place_named(world, given["originId"], ["input", "originId"])
    if "destinationId" in given:
        destination = place_named(world, given["destinationId"], ["input", "destinationId"])
    if known.status != "DRAFT" and (_id(origin), _id(destination)) != (_id(known.origin), _id(known.destination)):
        message = "The locations of a transfer can only be changed while it is a draft."
        raise Refused(user_error(["input"], message, "TRANSFER_LOCATION_IMMUTABLE"))
    _check_places(origin, destination, ["input"])
    _check_tags(given.get("tags"))
    _set_metafields(world, known, given)
    known.origin, known.destination = origin, destination
    known.note = given.get("note", known.note)
    known.reference_name = given.get("referenceName", known.reference_name)
    known.tags = given.get("tags", known.tags)
    if given.get("dateCreated"):
        known.date_created = datetime.fromisoformat(given["dateCreated"]).replace(tzinfo=UTC)
    emit(world, "INVENTORY_TRANSFERS_UPDATED", lambda: happened(world, known))
    return {"inventoryTransfer": known, "userErrors": []}


@mutation("inventoryTransferDelete")
def inventory_transfer_delete(world: World, args: Args) -> JsonObject:
    """Drop a draft."""
    known = transfer_named(world, args["id"], ["id"])
    if known.status != "DRAFT":
        raise Refused(user_error(["id"], "Only drafts can be deleted.", "INVALID_TRANSFER_STATUS"))
    for line in known.lines:
        world.transfer_lines.remove(line.id)
    world.transfers.remove(known.id)
    return {"deletedId": known.gid, "userErrors": []}


def add_transfer_line(world: World, transfer: Transfer, item_id: int, units: int) -> TransferLine:
    """One more item in a transfer."""
    line = world.transfer_lines.add(_line(world, transfer, item_id, units))
    transfer.lines.append(line)
    return line


def _made(world: World, given: dict[str, Any]) -> Transfer:
    made = _new(world, given)
    _set_metafields(world, made, given)
    return _keep(world, made)


def _set_metafields(world: World, transfer: Transfer, given: dict[str, Any]) -> None:
    errors = set_inline(world, transfer, given.get("metafields"), ["input", "metafields"])
    if errors:
        raise Refused(*({**error, "code": "INVALID_METAFIELDS"} for error in errors))


def _new(world: World, given: dict[str, Any]) -> Transfer:
    """A transfer as the input describes it, checked and not yet kept."""
    origin = place_named(world, given.get("originLocationId"), ["input", "originLocationId"])
    destination = place_named(world, given.get("destinationLocationId"), ["input", "destinationLocationId"])
    _check_places(origin, destination, ["input"])
    _check_tags(given.get("tags"))
    rows = items_of(world, given["lineItems"], ["input", "lineItems"])
    made = _blank(world, origin, destination)
    made.note, made.reference_name = given.get("note"), given.get("referenceName")
    made.tags = list(given.get("tags") or [])
    made.lines = [_line(world, made, item.id, units) for item, units in rows]
    if given.get("dateCreated"):
        made.date_created = datetime.fromisoformat(given["dateCreated"])
    return made


def _blank(world: World, origin: Place | None, destination: Place | None) -> Transfer:
    number = world.ids.next("InventoryTransfer")
    return Transfer(
        number, f"#T{world.ids.used['InventoryTransfer']:04d}", world.now(), origin=origin, destination=destination
    )


def _line(world: World, transfer: Transfer, item_id: int, units: int) -> TransferLine:
    return TransferLine(world.ids.next("InventoryTransferLineItem"), transfer.id, item_id, units)


def _keep(world: World, made: Transfer) -> Transfer:
    for line in made.lines:
        world.transfer_lines.add(line)
    return world.transfers.add(made)


def _id(place: Place | None) -> int | None:
    return None if place is None else place.location_id


def _check_places(origin: Place | None, destination: Place | None, path: list[str]) -> None:
    if origin is not None and _id(origin) == _id(destination):
        message = "The origin and the destination of a transfer cannot be the same location."
        raise Refused(user_error(path, message, "TRANSFER_ORIGIN_CANNOT_BE_THE_SAME_AS_DESTINATION"))


def _check_tags(tags: list[str] | None) -> None:
    if any(len(tag) > TAG_LIMIT for tag in tags or ()):
        message = f"A tag has at most {TAG_LIMIT} characters."
        raise Refused(user_error(["input", "tags"], message, "TAG_EXCEEDS_MAX_LENGTH"))
