"""What people ask about stock: which item they mean, and where Shopify's stock was changed by others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from crossdock.model.ledger import Drift
from crossdock.model.names import ConnectionId, InventoryItemId, ItemCode, LocationId, Sku, Units, VariantId
from crossdock.store.database import Tx
from crossdock.store.links import Link
from crossdock.store.schema import links, stock_drift


@dataclass(frozen=True, slots=True)
class FoundDrift:
    """Drift as it was found, and when."""

    drift: Drift
    found_at: datetime


async def named(tx: Tx, connection: ConnectionId, text: str) -> Sequence[Link]:
    """Return the links that `text` may mean: by the item's code, the variant's SKU, or either of Shopify's gids."""
    columns = (links.c.item, links.c.sku, links.c.inventory_item, links.c.variant)
    rows = await tx.execute(
        select(links)
        .where(links.c.connection == connection, or_(*(column == text for column in columns)))
        .order_by(links.c.item)
    )
    return [
        Link(
            VariantId(row.variant),
            InventoryItemId(row.inventory_item),
            ItemCode(row.item),
            row.matched_by,
            None if row.sku is None else Sku(row.sku),
        )
        for row in rows
    ]


async def drift_found(tx: Tx, connection: ConnectionId, limit: int) -> Sequence[FoundDrift]:
    """Return the latest drift, newest first."""
    rows = await tx.execute(
        select(stock_drift)
        .where(stock_drift.c.connection == connection)
        .order_by(stock_drift.c.found_at.desc(), stock_drift.c.id.desc())
        .limit(limit)
    )
    return [
        FoundDrift(
            Drift(InventoryItemId(row.inventory_item), LocationId(row.location), row.units, Units(row.found), row.done),
            row.found_at,
        )
        for row in rows
    ]
