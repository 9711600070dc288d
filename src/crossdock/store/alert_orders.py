"""The owner of `alert_orders`: which orders are new to people who want to be told of them, each once."""

from collections.abc import Sequence

from sqlalchemy import text

from crossdock.model.alert import Alert
from crossdock.model.alert_text import NewOrder
from crossdock.model.names import ConnectionId, OrderId, ShopDomain, Units
from crossdock.store.database import Tx

# Orders placed before the alert was added are old news, and so are those that come a week late: both keep the reading
# short. An order that gets the tag later is told then. What was told is kept for longer than it can be found.
_TAKE = text(
    """
    WITH found AS (
        INSERT INTO alert_orders (alert, connection, order_id)
        SELECT alerts.id, orders.connection, orders.order_id
          FROM alerts, orders JOIN connections ON connections.id = orders.connection
         WHERE alerts.id = :alert AND (alerts.store IS NULL OR alerts.store = connections.store)
           AND orders.placed_at >= greatest(alerts.added_at, hub_now() - interval '7 days')
           AND (alerts.tag IS NULL OR lower(alerts.tag) IN (SELECT lower(tag) FROM unnest(orders.tags) AS tag))
           AND (alerts.amount IS NULL OR split_part(orders.total, ' ', 1)::numeric >= alerts.amount)
        ON CONFLICT DO NOTHING
        RETURNING connection, order_id
    )
    SELECT connections.store, orders.connection, orders.order_id, orders.name, orders.units, orders.total
      FROM found JOIN orders USING (connection, order_id) JOIN connections ON connections.id = orders.connection
     ORDER BY orders.placed_at, orders.connection, orders.order_id
    """
)

_FORGET = text("DELETE FROM alert_orders WHERE alert = :alert AND told_at < hub_now() - interval '14 days'")


async def take(tx: Tx, alert: Alert) -> Sequence[NewOrder]:
    """Return the orders that an alert has not told of yet, oldest first, and count them as told with the commit."""
    await tx.execute(_FORGET, {"alert": alert.id})
    return [
        NewOrder(
            ShopDomain(row.store),
            ConnectionId(row.connection),
            OrderId(row.order_id),
            row.name,
            Units(row.units),
            row.total,
        )
        for row in await tx.execute(_TAKE, {"alert": alert.id})
    ]
