"""Table `cancellations`: orders that Shopify was asked to cancel, each written down before it is asked."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from crossdock.model.names import ConnectionId, OrderId
from crossdock.model.withdrawal import Cancellation, JobId
from crossdock.store.arrays import among
from crossdock.store.database import Tx
from crossdock.store.schema import cancellations


async def tried(tx: Tx, connection: ConnectionId, orders: Sequence[OrderId]) -> None:
    """Write down that Shopify is about to be asked to cancel these orders, for the first time or again."""
    if not orders:
        return
    row = insert(cancellations)
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=[cancellations.c.connection, cancellations.c.order_id],
            set_={"tried_at": func.hub_now(), "job": None},
        ),
        [{"connection": connection, "order_id": order} for order in orders],
    )


async def begun(tx: Tx, connection: ConnectionId, order: OrderId, job: JobId) -> None:
    """Write down which job of Shopify's cancels an order."""
    await tx.execute(
        update(cancellations)
        .where(cancellations.c.connection == connection, cancellations.c.order_id == order)
        .values(job=job)
    )


async def ended(tx: Tx, connection: ConnectionId, order: OrderId) -> None:
    """Forget a cancellation: the order is cancelled, or Shopify will not."""
    await tx.execute(
        delete(cancellations).where(cancellations.c.connection == connection, cancellations.c.order_id == order)
    )


async def of_orders(tx: Tx, connection: ConnectionId, orders: Sequence[OrderId]) -> Mapping[OrderId, Cancellation]:
    """Return the cancellations of these orders that are under way."""
    rows = await tx.execute(
        select(cancellations, (func.hub_now() - cancellations.c.tried_at).label("ago")).where(
            cancellations.c.connection == connection, among(cancellations.c.order_id, orders)
        )
    )
    return {OrderId(row.order_id): Cancellation(None if row.job is None else JobId(row.job), row.ago) for row in rows}
