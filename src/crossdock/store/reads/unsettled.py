"""What is not at rest: orders still on their way, and looks that are still to come."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import text

from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, OrderId
from crossdock.model.state import OrderState
from crossdock.store.database import Tx

AT_REST = (OrderState.SHIPPED, OrderState.CANCELLED, OrderState.SKIPPED)

_NOT_AT_REST = text(
    """
    SELECT order_id FROM orders
     WHERE connection = :connection AND (state <> ALL(:at_rest) OR looked_at >= :looked_since)
    """
)


async def orders_not_at_rest(tx: Tx, connection: ConnectionId, looked_since: datetime) -> Sequence[OrderId]:
    """Return the orders that are still on their way, and those that were looked at since that moment."""
    rows = await tx.execute(
        _NOT_AT_REST,
        {"connection": connection, "at_rest": [state.value for state in AT_REST], "looked_since": looked_since},
    )
    return [OrderId(row.order_id) for row in rows]


_LOOKS = text(
    """
    SELECT key, max(error) AS error FROM (
        SELECT key, last_error AS error FROM pending WHERE connection = :connection AND flow = :flow
        UNION ALL
        SELECT key, NULL FROM news WHERE connection = :connection AND flow = :flow
    ) AS looks
     WHERE key = ANY(:keys) GROUP BY key
    """
)


async def looks_to_come(
    tx: Tx, connection: ConnectionId, objects: Collection[tuple[Flow, str]]
) -> Mapping[tuple[Flow, str], str | None]:
    """Return which of these objects are still to be looked at, each with the error of its last try, if it failed."""
    found: dict[tuple[Flow, str], str | None] = {}
    for flow in sorted({flow for flow, _ in objects}):
        keys = [key for at, key in objects if at is flow]
        rows = await tx.execute(_LOOKS, {"connection": connection, "flow": flow, "keys": keys})
        found |= {(flow, row.key): row.error for row in rows}
    return found
