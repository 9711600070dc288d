"""Adjustment groups: what one mutation changed, row by row."""

from dataclasses import dataclass
from typing import Any

from shopify_standin.auth.apps import App
from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.domain.inventory.stock import change
from shopify_standin.errors import JsonObject
from shopify_standin.ids import gid, number_of
from shopify_standin.model.goods import Level
from shopify_standin.registry import Args, Fields
from shopify_standin.world import World

GROUP = Fields("InventoryAdjustmentGroup")
GROUP.attributes("reason", "referenceDocumentUri", "id")
GROUP.constant(staffMember=None)


@dataclass(frozen=True, slots=True)
class Change:
    """One row of an adjustment group."""

    name: str
    delta: int
    level: Level
    ledger_document_uri: str | None = None


@dataclass(slots=True)
class AdjustmentGroup:
    """What one mutation changed."""

    id: str
    created_at: str | None
    reason: str
    reference_document_uri: str | None
    app: str
    """Client id of the app that asked for it."""
    changes: list[Change]


def apply(world: World, level: Level, name: str, delta: int, ledger: str | None = None) -> list[Change]:
    """Change one quantity of a level; answers the rows that tell of it."""
    change(world, level, **{name: delta})
    rows = [Change(name, delta, level, ledger)]
    if name != "incoming":
        rows.append(Change("on_hand", delta, level))  # whatever is on hand shows there too (recorded 2026-04)
    return rows


def new_group(call: Call, given: dict[str, Any], changes: list[Change]) -> AdjustmentGroup | None:
    """The group of some rows, `on_hand` after the others; None where nothing changed (recorded 2026-04)."""
    if not changes:
        return None
    world = call.world
    ordered = sorted(changes, key=lambda row: row.name == "on_hand")
    number = world.ids.next("InventoryAdjustmentGroup")
    return AdjustmentGroup(
        gid("InventoryAdjustmentGroup", number),
        iso(world.now()),
        given["reason"],
        given.get("referenceDocumentUri"),
        call.grant.app.client_id,
        ordered,
    )


@GROUP.field("createdAt")
def created_at(group: AdjustmentGroup) -> str | None:
    """When it was made."""
    return group.created_at


@GROUP.field("app")
def app(group: AdjustmentGroup, call: Call) -> App | None:
    """The app that asked for it."""
    return call.caller.registrar.apps.get(group.app)


@GROUP.field("changes")
def changes(group: AdjustmentGroup, args: Args, call: Call) -> list[JsonObject]:
    """The rows, `on_hand` after the others, narrowed as asked."""
    items = {number_of(value, "InventoryItem") for value in args.get("inventoryItemIds") or ()}
    places = {number_of(value, "Location") for value in args.get("locationIds") or ()}
    names = set(args.get("quantityNames") or ())
    return [
        {
            "name": row.name,
            "delta": row.delta,
            "quantityAfterChange": None,
            "item": call.world.items.get(row.level.item_id),
            "location": call.world.locations.get(row.level.location_id),
            "ledgerDocumentUri": row.ledger_document_uri,
        }
        for row in group.changes
        if (not items or row.level.item_id in items)
        and (not places or row.level.location_id in places)
        and (not names or row.name in names)
    ]
