"""
Kits: items that are assembled when they are ordered. A kit has no stock of its own; its components move in its place.

An order keeps what its kits were made of when it was accepted, so a kit may be changed while orders for it are open.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from crossdock.kit.errors import UsageError
from crossdock.model.names import ItemCode, WarehouseCode
from crossdock.store.database import Tx


@dataclass(frozen=True, slots=True)
class Kit:
    """
    A kit, the units of each component in it, and how many could be assembled at each warehouse.

    Fewer than none where orders wait for its components.
    """

    item: ItemCode
    components: Mapping[ItemCode, int]
    available: Mapping[WarehouseCode, int]


KITS = """
    (
        SELECT coalesce(jsonb_object_agg(kit, components), '{}') FROM (
            SELECT kit, jsonb_object_agg(component, units) AS components
            FROM builtin_warehouse.kit_components WHERE kit = ANY(:items) GROUP BY kit
        ) AS parts
    ) AS kits
"""
"""Select-list entry: those of the items that are kits, with their components."""

ASSEMBLABLE = """
    SELECT part.kit AS item, place.code AS warehouse,
        min(floor(coalesce(held.on_hand - held.reserved, 0)::numeric / part.units))::int AS available
    FROM builtin_warehouse.kit_components AS part
    CROSS JOIN builtin_warehouse.warehouses AS place
    LEFT JOIN builtin_warehouse.stock AS held ON held.item = part.component AND held.warehouse = place.code
    GROUP BY part.kit, place.code
    HAVING count(held.item) > 0
"""
"""How many of each kit could be assembled, at every warehouse that ever held one of its components."""

_ALL = text(f"""
    SELECT kit, jsonb_object_agg(component, units) AS components,
        (
            SELECT coalesce(jsonb_object_agg(held.warehouse, held.available), '{{}}')
            FROM ({ASSEMBLABLE}) AS held WHERE held.item = part.kit
        ) AS available
    FROM builtin_warehouse.kit_components AS part GROUP BY kit ORDER BY kit
""")  # noqa: S608 (the fragment is a constant of ours)

_IN_THE_WAY = text("""
    SELECT
        (
            SELECT jsonb_object_agg(component, units) FROM builtin_warehouse.kit_components WHERE kit = :kit
        ) AS known,
        ARRAY(SELECT DISTINCT kit FROM builtin_warehouse.kit_components WHERE kit = ANY(:components)) AS kits_inside,
        ARRAY(
            SELECT DISTINCT kit FROM builtin_warehouse.kit_components WHERE component = :kit ORDER BY kit
        ) AS held_by,
        ARRAY(
            SELECT warehouse FROM builtin_warehouse.stock
            WHERE item = :kit AND (on_hand, reserved) <> (0, 0) ORDER BY warehouse
        ) AS stocked_at
""")

_DROP = text("DELETE FROM builtin_warehouse.kit_components WHERE kit = :kit")
_PUT = text("""
    INSERT INTO builtin_warehouse.kit_components (kit, component, units)
    SELECT :kit, key, value::int FROM jsonb_each_text(CAST(:components AS jsonb))
""")
_CHANGED = text("""
    UPDATE builtin_warehouse.items SET changed = nextval('builtin_warehouse.happenings') WHERE code = :kit
""")


async def kits(tx: Tx) -> Sequence[Kit]:
    """Return all kits, by code."""
    return [Kit(ItemCode(row.kit), row.components, row.available) for row in await tx.execute(_ALL)]


async def put_kit(tx: Tx, kit: ItemCode, components: Mapping[ItemCode, int]) -> None:
    """
    Say what a kit is assembled from; without components it is a kit no longer.

    Raises UsageError where it has stock or is a component itself, and for components that cannot be.
    """
    found = (await tx.execute(_IN_THE_WAY, {"kit": kit, "components": list(components)})).one()
    if dict(components) == (found.known or {}):
        return
    _refuse(kit, components, [*found.kits_inside, *({kit} & components.keys())], found.held_by, found.stocked_at)
    await tx.execute(_DROP, {"kit": kit})
    if components:
        await tx.execute(_PUT, {"kit": kit, "components": json.dumps(components)})
    await tx.execute(_CHANGED, {"kit": kit})


def _refuse(
    kit: ItemCode,
    components: Mapping[ItemCode, int],
    kits_inside: Sequence[str],
    held_by: Sequence[str],
    stocked_at: Sequence[str],
) -> None:
    few = [component for component, units in components.items() if units < 1]
    if few:
        raise UsageError(f"{kit} cannot hold {components[few[0]]} of {few[0]}. Name 1 unit or more of each component.")
    if kits_inside:
        raise UsageError(f"{kit} cannot hold {kits_inside[0]}, which is a kit. Name what is in that one instead.")
    if components and held_by:
        raise UsageError(f"{kit} cannot be a kit: it is a component of {held_by[0]}. Change that one first.")
    if components and stocked_at:
        raise UsageError(
            f"{kit} cannot be a kit: there is stock of it, or orders for it are open, at {', '.join(stocked_at)}. "
            "Ship what is ordered and count it to 0 first."
        )
