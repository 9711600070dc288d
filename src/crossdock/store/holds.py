"""Holds: which objects wait for a person, why, and what each one needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Boolean, Row, delete, func, literal_column, select, text

from crossdock.model.cause import Cause, Hold
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.store.database import Tx
from crossdock.store.schema import holds


@dataclass(frozen=True, slots=True)
class Held:
    """
    One held object. `since` is when this cause was first seen, `looked_at` when it was last confirmed.

    `resolved` says that a person said it is done with; `open` that it waits for one now: it is not snoozed either.
    """

    connection: ConnectionId
    flow: Flow
    key: str
    hold: Hold
    since: datetime
    looked_at: datetime
    open: bool = True
    resolved: bool = False


IS_OPEN: Final = "(resolved_at IS NULL AND (snoozed_until IS NULL OR snoozed_until <= hub_now()))"
"""The condition of SQL that a hold waits for a person now."""

# The same cause seen again keeps its date: the person wants to know since when the object waits. What a
# person snoozed or resolved is what they read: a hold that says something else by now waits for them again.
_HOLD = text(
    """
    INSERT INTO holds AS held (connection, flow, key, cause, detail, needs)
    VALUES (:connection, :flow, :key, :cause, :detail, :needs)
    ON CONFLICT (connection, flow, key) DO UPDATE
       SET cause = excluded.cause, detail = excluded.detail, needs = excluded.needs, looked_at = hub_now(),
           since = CASE WHEN held.cause = excluded.cause THEN held.since ELSE hub_now() END,
           snoozed_until = CASE WHEN (held.cause, held.detail) = (excluded.cause, excluded.detail)
                                THEN held.snoozed_until END,
           resolved_at = CASE WHEN (held.cause, held.detail) = (excluded.cause, excluded.detail)
                              THEN held.resolved_at END,
           note = CASE WHEN (held.cause, held.detail) = (excluded.cause, excluded.detail) THEN held.note END
    """
)
_open = literal_column(IS_OPEN, Boolean).label("open")


async def hold(tx: Tx, connection: ConnectionId, flow: Flow, why: Mapping[str, Hold]) -> None:
    """Hold these objects, each for its own cause; a hold it had before is replaced."""
    if why:
        await tx.execute(
            _HOLD,
            [
                {
                    "connection": connection,
                    "flow": flow,
                    "key": key,
                    "cause": each.cause,
                    "detail": each.detail,
                    "needs": list(each.needs),
                }
                for key, each in why.items()
            ],
        )


async def lift(tx: Tx, connection: ConnectionId, flow: Flow, keys: Sequence[str]) -> None:
    """These objects are held no longer, if they were."""
    if keys:
        await tx.execute(
            delete(holds).where(
                holds.c.connection == connection, holds.c.flow == flow, holds.c.key == func.any(list(keys))
            )
        )


async def held(
    tx: Tx,
    connection: ConnectionId | None = None,
    flow: Flow | None = None,
    *,
    cause: Cause | None = None,
    keys: Sequence[str] | None = None,
) -> list[Held]:
    """Return the held objects, longest waiting first; every argument narrows."""
    query = select(holds, _open).order_by(holds.c.since, holds.c.key)
    if connection is not None:
        query = query.where(holds.c.connection == connection)
    if flow is not None:
        query = query.where(holds.c.flow == flow)
    if cause is not None:
        query = query.where(holds.c.cause == cause)
    if keys is not None:
        query = query.where(holds.c.key == func.any(list(keys)))
    return [_held(row) for row in await tx.execute(query)]


def _held(row: Row[tuple[object, ...]]) -> Held:
    return Held(
        connection=ConnectionId(row.connection),
        flow=Flow(row.flow),
        key=row.key,
        hold=Hold(Cause(row.cause), row.detail, tuple(row.needs)),
        since=row.since,
        looked_at=row.looked_at,
        open=row.open,
        resolved=row.resolved_at is not None,
    )
