"""Table `variants`: each variant as the catalog flow last saw it, for pages and people; no flow decides by it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, delete, select, text

from crossdock.model.catalog import SeenVariant, Variant
from crossdock.model.names import Barcode, ConnectionId, InventoryItemId, Sku, VariantId
from crossdock.store.arrays import among
from crossdock.store.database import Tx
from crossdock.store.schema import variants

# A variant that says what it said is left alone: most looks change nothing.
_REMEMBER = text(
    """
    INSERT INTO variants (connection, variant, inventory_item, title, sku, barcode, words)
    VALUES (:connection, :variant, :inventory_item, :title, :sku, :barcode, :words)
    ON CONFLICT (connection, variant) DO UPDATE
       SET inventory_item = excluded.inventory_item, title = excluded.title, sku = excluded.sku,
           barcode = excluded.barcode, words = excluded.words, looked_at = hub_now()
     WHERE (variants.inventory_item, variants.title, variants.sku, variants.barcode)
           IS DISTINCT FROM (excluded.inventory_item, excluded.title, excluded.sku, excluded.barcode)
    """
)


async def remember(tx: Tx, connection: ConnectionId, seen: Variant) -> None:
    """Keep a variant as it is now."""
    await tx.execute(
        _REMEMBER,
        {
            "connection": connection,
            "variant": seen.id,
            "inventory_item": seen.inventory_item,
            "title": seen.title,
            "sku": seen.sku,
            "barcode": seen.barcode,
            "words": " ".join(part for part in (seen.title, seen.sku, seen.barcode) if part).lower(),
        },
    )


async def forget(tx: Tx, connection: ConnectionId, variant: VariantId) -> None:
    """Forget a variant that Shopify does not have any more."""
    await tx.execute(delete(variants).where(variants.c.connection == connection, variants.c.variant == variant))


async def of_ids(tx: Tx, connection: ConnectionId, ids: Sequence[VariantId]) -> Mapping[VariantId, SeenVariant]:
    """Return these variants; unknown ones are left out."""
    rows = await tx.execute(select(variants).where(variants.c.connection == connection, among(variants.c.variant, ids)))
    return {VariantId(row.variant): _variant(row) for row in rows}


async def of_skus(tx: Tx, connection: ConnectionId, skus: Sequence[Sku]) -> Sequence[SeenVariant]:
    """Return the variants that carry one of these SKUs."""
    rows = await tx.execute(select(variants).where(variants.c.connection == connection, among(variants.c.sku, skus)))
    return [_variant(row) for row in rows]


def _variant(row: Row[Any]) -> SeenVariant:
    return SeenVariant(
        id=VariantId(row.variant),
        inventory_item=InventoryItemId(row.inventory_item),
        title=row.title,
        sku=None if row.sku is None else Sku(row.sku),
        barcode=None if row.barcode is None else Barcode(row.barcode),
    )
