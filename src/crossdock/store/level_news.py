"""
Table `level_news`: what was learned of stock levels, appended by whoever learns it, taken in by the next look.

Appending waits for nobody. The ledger's row has one writer, the look at its item, which takes the news in and deletes
it in the transaction that keeps the result.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select

from crossdock.model.ledger import LevelNews, News
from crossdock.model.names import ConnectionId, InventoryItemId, LocationId
from crossdock.store.arrays import among
from crossdock.store.database import Tx
from crossdock.store.schema import level_news


async def append(
    tx: Tx, connection: ConnectionId, kind: News, levels: Sequence[tuple[InventoryItemId, LocationId]]
) -> None:
    """Say that something happened to these levels that has no number."""
    if levels:
        await tx.execute(
            insert(level_news),
            [
                {"connection": connection, "inventory_item": item, "location": location, "kind": kind.value}
                for item, location in levels
            ],
        )


async def of_items(
    tx: Tx, connection: ConnectionId, items: Sequence[InventoryItemId]
) -> Mapping[tuple[InventoryItemId, LocationId], Sequence[LevelNews]]:
    """Return the news of these items' levels that no look has taken in, in the order in which it was learned."""
    rows = await tx.execute(
        select(level_news)
        .where(level_news.c.connection == connection, among(level_news.c.inventory_item, items))
        .order_by(level_news.c.id)
    )
    found: dict[tuple[InventoryItemId, LocationId], list[LevelNews]] = defaultdict(list)
    for row in rows:
        level = InventoryItemId(row.inventory_item), LocationId(row.location)
        found[level].append(LevelNews(row.id, *level, News(row.kind), row.units, row.happened_at))
    return found


async def forget(tx: Tx, connection: ConnectionId, news: Sequence[LevelNews]) -> None:
    """Delete news that was taken in."""
    if news:
        await tx.execute(
            delete(level_news).where(
                level_news.c.connection == connection, level_news.c.id.in_([one.id for one in news])
            )
        )
