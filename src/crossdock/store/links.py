"""Table `links`: which backend item each variant is. One item serves one variant, so that stock is published once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert

from crossdock.kit.errors import TryAgain
from crossdock.model.names import ConnectionId, InventoryItemId, ItemCode, Sku, VariantId
from crossdock.store.arrays import among
from crossdock.store.database import Tx
from crossdock.store.schema import links


class ItemTaken(TryAgain):
    """Another variant was linked to the item a moment ago; looking again will tell which."""


@dataclass(frozen=True, slots=True)
class Link:
    """
    The tie between a Shopify variant and a backend item. `matched_by` is `sku`, `barcode` or `person`.

    `sku` is the variant's when it was linked; None where it had none or the link is older than this was kept.
    """

    variant: VariantId
    inventory_item: InventoryItemId
    item: ItemCode
    matched_by: str
    sku: Sku | None = None


async def link(tx: Tx, connection: ConnectionId, new: Link) -> None:
    """Keep a link; the same one again changes nothing. Raises ItemTaken where the item has another variant."""
    added = await tx.execute(
        insert(links)
        .values(
            connection=connection,
            variant=new.variant,
            inventory_item=new.inventory_item,
            item=new.item,
            matched_by=new.matched_by,
            sku=new.sku,
        )
        .on_conflict_do_nothing()
        .returning(links.c.variant)
    )
    if added.first() is None and (await of_items(tx, connection, [new.item])).get(new.item, new).variant != new.variant:
        raise ItemTaken(f"Item {new.item} was linked to another variant than {new.variant} a moment ago.")


_REPLACE = text(
    """
    INSERT INTO links (connection, variant, inventory_item, item, matched_by, sku)
    SELECT :connection, variant, inventory_item, item, matched_by, sku
      FROM unnest(CAST(:variants AS text[]), CAST(:inventory_items AS text[]), CAST(:items AS text[]),
                  CAST(:matched_by AS text[]), CAST(:skus AS text[]))
           AS row (variant, inventory_item, item, matched_by, sku)
    ON CONFLICT DO NOTHING
    """
)


async def replace(tx: Tx, connection: ConnectionId, new: Sequence[Link]) -> None:
    """
    Keep these links in the place of those that their variants have; items may change places among them.

    Raises ItemTaken where an item is another variant's by now.
    """
    await tx.execute(
        delete(links).where(links.c.connection == connection, among(links.c.variant, [one.variant for one in new]))
    )
    kept = await tx.execute(
        _REPLACE,
        {
            "connection": connection,
            "variants": [one.variant for one in new],
            "inventory_items": [one.inventory_item for one in new],
            "items": [one.item for one in new],
            "matched_by": [one.matched_by for one in new],
            "skus": [one.sku for one in new],
        },
    )
    if kept.rowcount != len(new):
        raise ItemTaken("One of these items was linked to another variant a moment ago. Try again.")


async def remove(tx: Tx, connection: ConnectionId, variants: Sequence[VariantId]) -> None:
    """Forget the links of these variants."""
    await tx.execute(delete(links).where(links.c.connection == connection, among(links.c.variant, variants)))


async def of_variants(tx: Tx, connection: ConnectionId, variants: Sequence[VariantId]) -> Mapping[VariantId, Link]:
    """Return the links of these variants."""
    return {found.variant: found for found in await _where(tx, connection, "variant", variants)}


async def of_items(tx: Tx, connection: ConnectionId, items: Sequence[ItemCode]) -> Mapping[ItemCode, Link]:
    """Return the links of these backend items."""
    return {found.item: found for found in await _where(tx, connection, "item", items)}


async def of_inventory_items(
    tx: Tx, connection: ConnectionId, items: Sequence[InventoryItemId]
) -> Mapping[InventoryItemId, Link]:
    """Return the links of these Shopify inventory items."""
    return {found.inventory_item: found for found in await _where(tx, connection, "inventory_item", items)}


async def all_inventory_items(tx: Tx, connection: ConnectionId) -> Sequence[InventoryItemId]:
    """Return every linked inventory item of a connection."""
    rows = await tx.execute(select(links.c.inventory_item).where(links.c.connection == connection))
    return [InventoryItemId(row.inventory_item) for row in rows]


async def _where(tx: Tx, connection: ConnectionId, column: str, values: Sequence[str]) -> list[Link]:
    rows = await tx.execute(select(links).where(links.c.connection == connection, among(links.c[column], values)))
    return [
        Link(VariantId(row.variant), InventoryItemId(row.inventory_item), ItemCode(row.item), row.matched_by, row.sku)
        for row in rows
    ]
