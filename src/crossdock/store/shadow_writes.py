"""The owner of `shadow_writes`, and of whether a connection is a shadow: what it would have written since it is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from crossdock.model.names import ConnectionId, OrderId
from crossdock.ports.shadow import LOOKS_AGAIN_AFTER, Side, WouldWrite
from crossdock.store.connections import UnknownConnection
from crossdock.store.database import Database, Tx
from crossdock.store.schema import connections, shadow_writes

STILL_WANTED: Final = LOOKS_AGAIN_AFTER + timedelta(minutes=30)
"""A write that nobody wanted for so long, while others were wanted, is wanted no more."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A write that was kept back: when first, when last and how often. `wanted`: it would be written now, too."""

    write: WouldWrite
    first_at: datetime
    last_at: datetime
    times: int
    wanted: bool


@dataclass(frozen=True, slots=True)
class ShadowNotes:
    """The notes of one connection, in the database; satisfies the port `Notes`."""

    database: Database
    connection: ConnectionId

    async def note(self, writes: Sequence[WouldWrite]) -> None:
        """Keep these; one that is known is counted, and says what it says now."""
        rows = {
            (one.side, one.act, one.about): {
                "connection": self.connection,
                "side": one.side.value,
                "act": one.act,
                "about": one.about,
                "order_id": one.order,
                "sentence": one.sentence,
                "there": one.there,
                "would": one.would,
            }
            for one in writes
        }
        statement = insert(shadow_writes)
        again = statement.on_conflict_do_update(
            index_elements=[*shadow_writes.primary_key],
            set_={
                "sentence": statement.excluded.sentence,
                "there": statement.excluded.there,
                "would": statement.excluded.would,
                "last_at": func.hub_now(),
                "times": shadow_writes.c.times + 1,
            },
        )
        async with self.database.begin() as tx:
            # In one order: two flows that note at once must not wait for each other in a circle.
            await tx.execute(again, [rows[key] for key in sorted(rows)])


async def since(tx: Tx, connection: ConnectionId) -> datetime | None:
    """Return since when the connection is a shadow, None where it writes. Raises UnknownConnection."""
    row = (await tx.execute(select(connections.c.shadow_since).where(connections.c.id == connection))).first()
    if row is None:
        raise UnknownConnection(connection)
    began: datetime | None = row.shadow_since
    return began


async def begin(tx: Tx, connection: ConnectionId) -> bool:
    """Make the connection a shadow, with nothing noted yet; False where it is one. Raises UnknownConnection."""
    if await since(tx, connection) is not None:
        return False
    await tx.execute(delete(shadow_writes).where(shadow_writes.c.connection == connection))
    await tx.execute(update(connections).where(connections.c.id == connection).values(shadow_since=func.hub_now()))
    return True


async def end(tx: Tx, connection: ConnectionId) -> datetime | None:
    """
    Let the connection write from now on; return since when it was a shadow, None where it was none.

    What was kept back stays listed until it is a shadow again. Raises UnknownConnection.
    """
    began = await since(tx, connection)
    if began is None:
        return None
    await tx.execute(update(connections).where(connections.c.id == connection).values(shadow_since=None))
    return began


async def counts(tx: Tx, connection: ConnectionId) -> Sequence[tuple[str, int]]:
    """Return how many different writes of each act were kept back, the most first."""
    many = func.count().label("many")
    query = (
        select(shadow_writes.c.act, many)
        .where(shadow_writes.c.connection == connection)
        .group_by(shadow_writes.c.act)
        .order_by(many.desc(), shadow_writes.c.act)
    )
    return [(row.act, row.many) for row in await tx.execute(query)]


async def listed(tx: Tx, connection: ConnectionId, limit: int = 10_000) -> Sequence[Kept]:
    """Return what was kept back, the latest first."""
    newest = select(func.max(shadow_writes.c.last_at)).where(shadow_writes.c.connection == connection).scalar_subquery()
    query = (
        select(shadow_writes, (shadow_writes.c.last_at > newest - STILL_WANTED).label("wanted"))
        .where(shadow_writes.c.connection == connection)
        .order_by(shadow_writes.c.last_at.desc(), shadow_writes.c.act, shadow_writes.c.about)
        .limit(limit)
    )
    return [
        Kept(
            WouldWrite(
                Side(row.side),
                row.act,
                row.about,
                row.sentence,
                None if row.order_id is None else OrderId(row.order_id),
                row.there,
                row.would,
            ),
            row.first_at,
            row.last_at,
            row.times,
            row.wanted,
        )
        for row in await tx.execute(query)
    ]
