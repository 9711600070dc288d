"""A day behind the morning: orders that came, were accepted, left and were told, hour by hour."""

from datetime import timedelta

from sqlalchemy import text
from tests.edge.portal_seed import ACME, SHOP, now

from crossdock.model.ledger import Drift
from crossdock.model.names import InventoryItemId, LocationId, Units
from crossdock.ports.calls import Exchange, Lane
from crossdock.store import stock_drift
from crossdock.store.budgets import PostgresBudget
from crossdock.store.database import Database
from crossdock.store.exchanges import PostgresJournal

# Order i was placed 20 minutes after the one before; all were heard of within 2 s, and all but a few packed in hours.
_DAY = """
    INSERT INTO orders (connection, order_id, name, placed_at, updated_at, fulfillment_status, state, units, total,
                        looked_at, heard_at, state_since)
    SELECT :connection, 'gid://shopify/Order/' || 2000 + i, '#' || 2000 + i, at, at, 'FULFILLED', 'shipped', 1 + i % 5,
           '24.00 EUR', at, at + interval '1 second' * (1 + i % 2), least(at + interval '2 hours', hub_now())
      FROM generate_series(1, :many) AS i, LATERAL (SELECT hub_now() - interval '20 minutes' * i AS at) AS t
"""
_ACCEPTED = """
    INSERT INTO requests (connection, key, order_id, name, warehouse, location, tried_at, accepted_at, reference, state)
    SELECT connection, 'gid://shopify/FulfillmentOrder/' || substr(name, 2), order_id, name, 'EAST',
           'gid://shopify/Location/1', heard_at, heard_at + interval '1 second' * (1 + units), 'WO-' || name, 'shipped'
      FROM orders WHERE name LIKE '#2%'
"""
_LEFT = """
    INSERT INTO packages (connection, package, key, order_id, tracking_number, contents, tried_at, told_at, shipped_at)
    SELECT connection, 'P' || name, key, order_id, '1Z999' || substr(name, 2), '[]', at, at + interval '3 seconds', at
      FROM requests,
           LATERAL (SELECT accepted_at + interval '1 minute' * (80 + CAST(substr(name, 2) AS int) * 7 % 49) AS at) AS t
     WHERE name LIKE '#2%' AND at < hub_now()
"""
_TOLD = """
    INSERT INTO timeline (connection, order_id, at, flow, kind, sentence)
    SELECT connection, order_id, told_at, 'fulfillments', 'told',
           'Shopify was told of package ' || package || ': UPS ' || tracking_number || '.'
      FROM packages WHERE tracking_number LIKE '1Z999%'
"""


async def a_day(database: Database, many: int = 60) -> None:
    """Fill the tables with `many` shipped orders, #2001 the newest, a call, some drift and a webhook."""
    async with database.begin() as tx:
        for statement in (_DAY, _ACCEPTED, _LEFT, _TOLD):
            await tx.execute(text(statement), {"connection": ACME, "many": many} if statement is _DAY else {})
        item, location = InventoryItemId("gid://shopify/InventoryItem/1"), LocationId("gid://shopify/Location/1")
        await stock_drift.record(tx, ACME, [Drift(item, location, -3, Units(7), "kept")])
        await tx.execute(
            text(
                "INSERT INTO inbox (store, webhook_id, topic, headers, body) "
                "VALUES (:store, 'one', 'orders/create', '{}', '')"
            ),
            {"store": SHOP},
        )
    await PostgresBudget(database).reserve(SHOP, 250, Lane.ORDERS)
    call = Exchange(
        SHOP, "Orders", (), now(), timedelta(milliseconds=80), 200, "ok", None, 250, 212, {"ids": []}, {"data": {}}
    )
    await PostgresJournal(database).record(call)
