"""Table `answers`: a person says to leave a changed order as the backend has it, until the next look takes it in."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from crossdock.model.names import ConnectionId, OrderId
from crossdock.store.arrays import among
from crossdock.store.database import Tx
from crossdock.store.schema import answers


async def leave(tx: Tx, connection: ConnectionId, order: OrderId, detail: str) -> None:
    """Leave an order as the backend has it, as far as `detail`, what its hold says, tells of its changes."""
    row = insert(answers).values(connection=connection, order_id=order, detail=detail)
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=[answers.c.connection, answers.c.order_id],
            set_={"detail": row.excluded.detail, "answered_at": func.hub_now()},
        )
    )


async def of_orders(tx: Tx, connection: ConnectionId, orders: Sequence[OrderId]) -> Mapping[OrderId, str]:
    """Return the details that were answered with leaving the order as it is."""
    rows = await tx.execute(
        select(answers.c.order_id, answers.c.detail).where(
            answers.c.connection == connection, among(answers.c.order_id, orders)
        )
    )
    return {OrderId(row.order_id): row.detail for row in rows}


async def taken_in(tx: Tx, connection: ConnectionId, order: OrderId, detail: str) -> None:
    """Forget an answer that a look has taken in; a later one stays."""
    await tx.execute(
        delete(answers).where(
            answers.c.connection == connection, answers.c.order_id == order, answers.c.detail == detail
        )
    )
