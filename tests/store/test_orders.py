"""What pages show of an order is what was seen last."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from crossdock.model.names import ConnectionId, OrderId, Units
from crossdock.model.state import OrderState
from crossdock.store import orders
from crossdock.store.database import Database
from crossdock.store.orders import LookedAt, OrderRow
from crossdock.testing.builders import NOON

ACME, OTHER = ConnectionId("acme"), ConnectionId("other")
ORDER = OrderId("gid://shopify/Order/1")
ROW = OrderRow(
    connection=ACME,
    order_id=ORDER,
    name="#1001",
    placed_at=NOON,
    updated_at=NOON,
    financial_status=None,
    fulfillment_status="UNFULFILLED",
    state=OrderState.WAITING,
    units=Units(3),
    total="30.00 EUR",
    looked_at=NOON + timedelta(seconds=1),
)


async def test_an_order_is_new_once(database: Database) -> None:
    async with database.begin() as tx:
        news = [await orders.remember(tx, ROW) for _ in range(3)]
        elsewhere = await orders.remember(tx, replace(ROW, connection=OTHER))

    assert (news, elsewhere) == ([True, False, False], True)


async def test_the_latest_sight_replaces_the_one_before(database: Database) -> None:
    later = replace(ROW, state=OrderState.SHIPPED, financial_status="PAID", updated_at=NOON + timedelta(hours=1))
    async with database.begin() as tx:
        await orders.remember(tx, ROW)
        await orders.remember(tx, later)

    async with database.begin() as tx:
        rows = (await tx.execute(text("SELECT state, financial_status, updated_at FROM orders"))).all()
        last = await orders.looked_at(tx, ACME, [ORDER, OrderId("gid://shopify/Order/404")])

    assert [tuple(row) for row in rows] == [("shipped", "PAID", later.updated_at)]
    assert last == {ORDER: LookedAt(later.updated_at, later.looked_at)}
