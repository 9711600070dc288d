"""Table `stock_ledger`: what we believe Shopify holds, and from which figures it came."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from crossdock.model.names import ConnectionId, InventoryItemId, LocationId, Units
from crossdock.store.database import Tx
from crossdock.store.schema import stock_ledger


@dataclass(frozen=True, slots=True)
class Published:
    """One level as Shopify holds it now, and the figures it was decided from."""

    item: InventoryItemId
    location: LocationId
    believed: Units
    backend_available: Units
    unseen: Units
    sequence: int
    written: bool
    """Whether it was just written; else it was read and found right."""


async def believe(tx: Tx, connection: ConnectionId, levels: Sequence[Published]) -> None:
    """Keep what Shopify holds now."""
    if not levels:
        return
    statement = insert(stock_ledger)
    rows = [
        {
            "connection": connection,
            "inventory_item": level.item,
            "location": level.location,
            "believed": level.believed,
            "backend_available": level.backend_available,
            "unseen": level.unseen,
            "sequence": level.sequence,
        }
        for level in levels
    ]
    for written in (True, False):
        some = [row for row, level in zip(rows, levels, strict=True) if level.written is written]
        if not some:
            continue
        stamp = stock_ledger.c.written_at if written else stock_ledger.c.read_at
        await tx.execute(
            statement.values({stamp.name: func.hub_now()}).on_conflict_do_update(
                index_elements=["connection", "inventory_item", "location"],
                set_={
                    "believed": statement.excluded.believed,
                    "backend_available": statement.excluded.backend_available,
                    "unseen": statement.excluded.unseen,
                    "sequence": statement.excluded.sequence,
                    stamp.name: func.hub_now(),
                },
            ),
            some,
        )
