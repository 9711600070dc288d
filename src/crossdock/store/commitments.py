"""
Table `commitments`: what Shopify still waits for, by fulfillment order line, as each order was last looked at.

Only the orders flow writes here, and one look at a time has an order; so what a look read is still so when it settles.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select, text

from crossdock.model.commitment import Commitment, Learned
from crossdock.model.names import (
    ConnectionId,
    FulfillmentOrderLineId,
    InventoryItemId,
    LocationId,
    OrderId,
    Units,
)
from crossdock.store.arrays import among
from crossdock.store.database import Tx
from crossdock.store.schema import commitments


async def of_orders(
    tx: Tx, connection: ConnectionId, orders: Sequence[OrderId]
) -> Mapping[OrderId, Sequence[Commitment]]:
    """Return what these orders were last seen to want."""
    rows = await tx.execute(
        select(commitments).where(commitments.c.connection == connection, among(commitments.c.order_id, orders))
    )
    found: dict[OrderId, list[Commitment]] = defaultdict(list)
    for row in rows:
        found[OrderId(row.order_id)].append(
            Commitment(
                FulfillmentOrderLineId(row.line),
                InventoryItemId(row.inventory_item),
                LocationId(row.location),
                Units(row.total),
                Units(row.remaining),
            )
        )
    return found


_LOOKED_AT_BEFORE = text(
    """
    SELECT DISTINCT c.order_id
      FROM commitments c JOIN orders o USING (connection, order_id)
     WHERE c.connection = :connection AND c.inventory_item = :item AND c.remaining > 0 AND o.looked_at < :before
     ORDER BY 1
    """
)


async def orders_for(tx: Tx, connection: ConnectionId, item: InventoryItemId, before: datetime) -> Sequence[OrderId]:
    """Return the orders that want units of an item and were last looked at before then."""
    rows = await tx.execute(_LOOKED_AT_BEFORE, {"connection": connection, "item": item, "before": before})
    return [OrderId(row.order_id) for row in rows]


# One statement: what is wanted no more, what is wanted now, and what that means to the levels.
_LEARN: Final = text(
    """
    WITH gone AS (
        DELETE FROM commitments WHERE connection = :connection AND line = ANY(CAST(:gone AS text[]))
    ), wanted AS (
        INSERT INTO commitments (connection, order_id, line, inventory_item, location, total, remaining)
        SELECT :connection, :order, *
          FROM unnest(CAST(:lines AS text[]), CAST(:items AS text[]), CAST(:locations AS text[]),
                      CAST(:totals AS int[]), CAST(:remaining AS int[]))
        ON CONFLICT (connection, line) DO UPDATE SET
            order_id = excluded.order_id, inventory_item = excluded.inventory_item, location = excluded.location,
            total = excluded.total, remaining = excluded.remaining
    )
    INSERT INTO level_news (connection, kind, inventory_item, location, units, happened_at)
    SELECT :connection, *, CAST(:placed_at AS timestamptz)
      FROM unnest(CAST(:kinds AS text[]), CAST(:news_items AS text[]), CAST(:news_locations AS text[]),
                  CAST(:news_units AS int[]))
    """
)


async def learn(tx: Tx, connection: ConnectionId, order: OrderId, learned: Learned) -> None:
    """Keep what a look at an order learned of its wants, and say what it means to the levels."""
    if not learned:
        return
    await tx.execute(
        _LEARN,
        {
            "connection": connection,
            "order": order,
            "gone": list(learned.gone),
            "lines": [one.line for one in learned.wanted],
            "items": [one.item for one in learned.wanted],
            "locations": [one.location for one in learned.wanted],
            "totals": [one.total for one in learned.wanted],
            "remaining": [one.remaining for one in learned.wanted],
            "placed_at": learned.placed_at,
            "kinds": [kind.value for kind, *_ in learned.news],
            "news_items": [item for _, item, _, _ in learned.news],
            "news_locations": [location for _, _, location, _ in learned.news],
            "news_units": [units for *_, units in learned.news],
        },
    )
