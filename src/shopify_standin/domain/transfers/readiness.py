"""A transfer becomes ready to ship, which holds its units at the origin; or is cancelled, which lets them go."""

from functools import partial

from shopify_standin.domain.inventory.stock import any_level_at, change, stock_item
from shopify_standin.domain.transfers.finding import transfer_named
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.model.transfers import Transfer
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads import transfers as payloads
from shopify_standin.world import World


@mutation("inventoryTransferMarkAsReadyToShip")
def inventory_transfer_mark_as_ready_to_ship(world: World, args: Args) -> JsonObject:
    """From draft to ready."""
    known = transfer_named(world, args["id"], ["id"])
    if known.status != "DRAFT":
        raise Refused(user_error(["id"], "Only drafts can be marked as ready.", "INVALID_TRANSFER_STATUS"))
    check_ready(known, ["id"])
    make_ready(world, known)
    return {"inventoryTransfer": known, "userErrors": []}


def check_ready(transfer: Transfer, path: list[str]) -> None:
    """Raise Refused unless it says where to and what."""
    if transfer.destination is None:
        raise Refused(user_error(path, "A destination location is required.", "LOCATION_REQUIRED"))
    if not transfer.lines:
        raise Refused(user_error(path, "The transfer has no items.", "ITEMS_EMPTY"))


def make_ready(world: World, transfer: Transfer) -> None:
    """Hold the units at the origin."""
    for line in transfer.lines:
        hold_at_origin(world, transfer, line.item_id, line.total)
    transfer.status = "READY_TO_SHIP"
    emit(world, "INVENTORY_TRANSFERS_READY_TO_SHIP", partial(payloads.ready, world, transfer))


def hold_at_origin(world: World, transfer: Transfer, item_id: int, units: int) -> None:
    """Units leave `available` and wait in `committed`; fewer than nothing come back."""
    if transfer.origin is not None:
        level = stock_item(world, world.items[item_id], transfer.origin.location_id)
        change(world, level, available=-units, committed=units)


def leave_origin(world: World, transfer: Transfer, item_id: int, units: int) -> None:
    """Held units go out of the house."""
    level = None if transfer.origin is None else any_level_at(world, item_id, transfer.origin.location_id)
    if level is not None:
        change(world, level, committed=-units)


@mutation("inventoryTransferCancel")
def inventory_transfer_cancel(world: World, args: Args) -> JsonObject:
    """Give up a transfer that nothing has left of."""
    known = transfer_named(world, args["id"], ["id"])
    if known.status not in {"DRAFT", "READY_TO_SHIP"}:
        message = "Only transfers that are drafts or ready to ship can be cancelled."
        raise Refused(user_error(["id"], message, "INVALID_TRANSFER_STATUS"))
    if known.shipment_ids:
        raise Refused(user_error(["id"], "The transfer has shipments.", "SHIPMENT_EXISTS"))
    if known.status == "READY_TO_SHIP":
        for line in known.lines:
            hold_at_origin(world, known, line.item_id, -line.total)
    known.status = "CANCELED"
    emit(world, "INVENTORY_TRANSFERS_CANCEL", partial(payloads.state, world, known))
    return {"inventoryTransfer": known, "userErrors": []}
