"""Everything that waits for a person, grouped by what is the matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from crossdock.model.cause import Cause
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.store.database import Tx

SHOWN = 100
"""How many of one cause are read; the rest is counted."""


@dataclass(frozen=True, slots=True)
class HeldObject:
    """One held object. `order` is what people call it where it is an order, else None."""

    flow: Flow
    key: str
    order: str | None
    detail: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """All that one connection holds for one cause; `objects` are the longest waiting of `many`."""

    connection: ConnectionId
    cause: Cause
    many: int
    objects: tuple[HeldObject, ...]


_HELD = text(
    """
    SELECT * FROM (
        SELECT holds.connection, cause, flow, key, detail, since, orders.name,
               count(*) OVER (PARTITION BY holds.connection, cause) AS many,
               row_number() OVER (PARTITION BY holds.connection, cause ORDER BY since, key) AS place
          FROM holds
          LEFT JOIN orders ON orders.connection = holds.connection AND orders.order_id = holds.key
    ) AS held
     WHERE place <= :shown
     ORDER BY many DESC, connection, cause, place
    """
)


async def groups(tx: Tx) -> tuple[datetime, Sequence[Group]]:
    """Return the database's time and the groups, the largest first, each with its longest waiting objects."""
    found: dict[tuple[str, str], list[HeldObject]] = {}
    many: dict[tuple[str, str], int] = {}
    for row in await tx.execute(_HELD, {"shown": SHOWN}):
        many[row.connection, row.cause] = row.many
        found.setdefault((row.connection, row.cause), []).append(
            HeldObject(Flow(row.flow), row.key, row.name, row.detail, row.since)
        )
    at: datetime = (await tx.execute(text("SELECT hub_now()"))).scalar_one()
    return at, [
        Group(ConnectionId(connection), Cause(cause), many[connection, cause], tuple(objects))
        for (connection, cause), objects in found.items()
    ]
