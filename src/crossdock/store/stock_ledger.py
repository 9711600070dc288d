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
    """One level that was just written: what Shopify holds now, and the figures it was decided from."""

    item: InventoryItemId
    location: LocationId
    believed: Units
    backend_available: int
    unseen: int
    sequence: int


async def believe(tx: Tx, connection: ConnectionId, levels: Sequence[Published]) -> None:
    """Keep what was written in place of what was believed before."""
    if not levels:
        return
    statement = insert(stock_ledger).values(written_at=func.hub_now())
    learned = ("believed", "backend_available", "unseen", "sequence", "written_at")
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["connection", "inventory_item", "location"],
            set_={column: statement.excluded[column] for column in learned},
        ),
        [
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
        ],
    )
