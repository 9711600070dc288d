"""Table `stock_approvals`: until when a person lets a push empty many levels at once."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from crossdock.model.names import ConnectionId
from crossdock.store.database import Tx
from crossdock.store.schema import stock_approvals


async def approve(tx: Tx, connection: ConnectionId, lasting: timedelta) -> None:
    """Let pushes of a connection empty any number of levels for so long."""
    until = func.hub_now() + lasting
    row = insert(stock_approvals).values(connection=connection, until=until)
    await tx.execute(row.on_conflict_do_update(index_elements=["connection"], set_={"until": until}))


async def is_approved(tx: Tx, connection: ConnectionId) -> bool:
    """Tell whether that is so now."""
    found = await tx.execute(
        select(stock_approvals.c.connection).where(
            stock_approvals.c.connection == connection, stock_approvals.c.until > func.hub_now()
        )
    )
    return found.first() is not None
