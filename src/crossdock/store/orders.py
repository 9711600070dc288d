"""The owner of `orders`: what pages show of an order, as of the last look. Nothing decides upon it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Boolean, case, literal_column, select, text
from sqlalchemy.dialects.postgresql import insert

from crossdock.model.account import Account
from crossdock.model.names import ConnectionId, OrderId, Units
from crossdock.model.state import OrderState
from crossdock.store.arrays import among
from crossdock.store.database import Tx
from crossdock.store.schema import orders

_account = TypeAdapter(Account)


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order of one connection. `total` is the amount with its currency; statuses keep Shopify's spelling."""

    connection: ConnectionId
    order_id: OrderId
    name: str
    placed_at: datetime
    updated_at: datetime
    financial_status: str | None
    fulfillment_status: str
    state: OrderState
    units: Units
    total: str
    looked_at: datetime
    """When the read began that all of this comes from, by the database's clock."""
    money: Account | None = None
    tags: tuple[str, ...] = ()
    own_state: OrderState | None = None
    """How far it is, whatever holds it."""
    heard_at: datetime | None = None
    """Since when the hub knew that it had to look at it; what was kept first stays."""


async def remember(tx: Tx, order: OrderRow) -> bool:
    """
    Keep the order as it was just seen, in place of what was kept; return whether it is new to the hub.

    The clock of its state goes on where the state is what it was. A new order that waits does so since it was placed.
    """
    since = order.placed_at if order.state is OrderState.WAITING else order.looked_at
    row = insert(orders).values(
        connection=order.connection,
        order_id=order.order_id,
        name=order.name,
        placed_at=order.placed_at,
        updated_at=order.updated_at,
        financial_status=order.financial_status,
        fulfillment_status=order.fulfillment_status,
        state=order.state.value,
        own_state=(order.own_state or order.state).value,
        units=order.units,
        total=order.total,
        looked_at=order.looked_at,
        money=None if order.money is None else _account.dump_python(order.money, mode="json"),
        tags=list(order.tags),
        heard_at=order.heard_at,
        state_since=since,
    )
    kept = {"connection", "order_id", "heard_at", "state_since"}
    went_on = case((orders.c.state == row.excluded.state, orders.c.state_since), else_=row.excluded.looked_at)
    seen = await tx.execute(
        row.on_conflict_do_update(
            index_elements=[orders.c.connection, orders.c.order_id],
            set_={
                **{column.name: row.excluded[column.name] for column in orders.columns if column.name not in kept},
                "state_since": went_on,
            },
            # PostgreSQL: a row that was inserted rather than updated has no xmax.
        ).returning(literal_column("xmax = 0", Boolean))
    )
    return bool(seen.scalar_one())


_SETTLED = text("""
    UPDATE orders SET state = own_state, state_since = hub_now()
     WHERE connection = :connection AND order_id = ANY(:ids) AND state = 'held' AND own_state IS NOT NULL
""")
_HELD = text("""
    UPDATE orders SET state = 'held', state_since = hub_now()
     WHERE connection = :connection AND order_id = ANY(:ids) AND state <> 'held'
""")


async def hold_counts(tx: Tx, connection: ConnectionId, ids: Sequence[OrderId], *, counts: bool) -> None:
    """Show these held orders as held, or, where a person said that the hold is done with, by how far they are."""
    await tx.execute(_HELD if counts else _SETTLED, {"connection": connection, "ids": list(ids)})


def account_from(stored: object) -> Account | None:
    """Return what is shown of an order's money, as it was stored."""
    return None if stored is None else _account.validate_python(stored)


async def found_before(tx: Tx, connection: ConnectionId, ids: Sequence[OrderId]) -> Mapping[OrderId, Sequence[str]]:
    """Return what the last look found not to sum up of these orders' money."""
    rows = await tx.execute(
        select(orders.c.order_id, orders.c.money["findings"].label("findings")).where(
            orders.c.connection == connection, among(orders.c.order_id, ids), orders.c.money.is_not(None)
        )
    )
    return {OrderId(row.order_id): tuple(row.findings) for row in rows}


@dataclass(frozen=True, slots=True)
class LookedAt:
    """How an order was when it was last looked at: its `updated_at` then, by Shopify's clock, and when that was."""

    updated_at: datetime
    looked_at: datetime


async def looked_at(tx: Tx, connection: ConnectionId, ids: Sequence[OrderId]) -> Mapping[OrderId, LookedAt]:
    """Return how each of these orders was last seen; orders that never were are left out."""
    rows = await tx.execute(
        select(orders.c.order_id, orders.c.updated_at, orders.c.looked_at).where(
            orders.c.connection == connection, among(orders.c.order_id, ids)
        )
    )
    return {OrderId(row.order_id): LookedAt(row.updated_at, row.looked_at) for row in rows}
