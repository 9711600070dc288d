"""When both sides were last compared, what is not settled yet, and who waits for a comparison."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from crossdock.model.difference import Difference
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.store.database import Tx


@dataclass(frozen=True, slots=True)
class Compared:
    """How much a comparison went through."""

    orders: int = 0
    packages: int = 0
    items: int = 0


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """One comparison of both sides that came to its end, and how many differences it found."""

    connection: ConnectionId
    began_at: datetime
    ended_at: datetime
    compared: Compared
    differences: int


@dataclass(frozen=True, slots=True)
class Open:
    """A difference that is not settled. `cause` says why it outlived a look; None until one was made."""

    connection: ConnectionId
    difference: Difference
    found_at: datetime
    checked_at: datetime
    cause: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A comparison that was asked for and has not come to its end."""

    connection: ConnectionId
    asked_at: datetime


_FINISHED = text(
    """
    WITH answered AS (DELETE FROM asked_comparisons WHERE connection = :connection AND asked_at <= :began_at)
    INSERT INTO reconciliations (connection, began_at, orders, packages, items, differences)
    VALUES (:connection, :began_at, :orders, :packages, :items, :differences)
    """
)


async def finished(tx: Tx, connection: ConnectionId, began_at: datetime, compared: Compared, differences: int) -> None:
    """Write down that a comparison came to its end, and with it whatever was asked for before it began."""
    await tx.execute(
        _FINISHED,
        {
            "connection": connection,
            "began_at": began_at,
            "orders": compared.orders,
            "packages": compared.packages,
            "items": compared.items,
            "differences": differences,
        },
    )


# The same object again keeps its date: a person wants to know since when the sides disagree.
_FOUND = text(
    """
    INSERT INTO differences AS known (connection, flow, key, title, sentence, remedy, cause)
    VALUES (:connection, :flow, :key, :title, :sentence, :remedy, :cause)
    ON CONFLICT (connection, flow, key) WHERE settled_at IS NULL DO UPDATE
       SET title = excluded.title, sentence = excluded.sentence, remedy = excluded.remedy, checked_at = hub_now(),
           cause = excluded.cause
    """
)


async def found(tx: Tx, connection: ConnectionId, causes: Mapping[Difference, str | None]) -> None:
    """Write down differences, each with the cause for which it outlived a look (None: none was made yet)."""
    if causes:
        await tx.execute(
            _FOUND,
            [
                {
                    "connection": connection,
                    "flow": one.flow,
                    "key": one.key,
                    "title": one.title,
                    "sentence": one.sentence,
                    "remedy": one.remedy,
                    "cause": cause,
                }
                for one, cause in sorted(causes.items(), key=lambda pair: (pair[0].flow, pair[0].key))
            ],
        )


_SETTLED = text(
    """
    UPDATE differences SET settled_at = hub_now(), checked_at = hub_now()
     WHERE connection = :connection AND flow = :flow AND key = ANY(:keys) AND settled_at IS NULL
    """
)


async def settled(tx: Tx, connection: ConnectionId, objects: Collection[tuple[Flow, str]]) -> None:
    """Both sides agree again about these objects."""
    for flow in sorted({flow for flow, _ in objects}):
        keys = sorted(key for at, key in objects if at is flow)
        await tx.execute(_SETTLED, {"connection": connection, "flow": flow, "keys": keys})


_OPEN = text(
    """
    SELECT * FROM differences
     WHERE settled_at IS NULL AND (CAST(:connection AS text) IS NULL OR connection = :connection)
     ORDER BY connection, found_at, id
    """
)


async def unsettled(tx: Tx, connection: ConnectionId | None = None) -> Sequence[Open]:
    """Return the differences that are not settled, of one connection or of all, the oldest first."""
    return [
        Open(
            ConnectionId(row.connection),
            Difference(Flow(row.flow), row.key, row.title, row.sentence, row.remedy),
            row.found_at,
            row.checked_at,
            row.cause,
        )
        for row in await tx.execute(_OPEN, {"connection": connection})
    ]


_LATEST = text("SELECT DISTINCT ON (connection) * FROM reconciliations ORDER BY connection, began_at DESC")


async def latest(tx: Tx) -> Mapping[ConnectionId, Reconciliation]:
    """Return each connection's latest comparison."""
    return {
        ConnectionId(row.connection): Reconciliation(
            ConnectionId(row.connection),
            row.began_at,
            row.ended_at,
            Compared(row.orders, row.packages, row.items),
            row.differences,
        )
        for row in await tx.execute(_LATEST)
    }


_DUE = text(
    """
    SELECT id FROM connections
     WHERE started_at <= hub_now() - CAST(:every AS interval)
       AND NOT EXISTS (SELECT FROM reconciliations
                        WHERE connection = connections.id AND began_at > hub_now() - CAST(:every AS interval))
    """
)


async def due(tx: Tx, every: timedelta) -> frozenset[ConnectionId]:
    """
    Return the connections whose latest comparison began longer ago than `every`.

    A new connection has its first one that long after it was made: its first sweep has just looked at everything.
    """
    return frozenset(ConnectionId(row.id) for row in await tx.execute(_DUE, {"every": every}))


_ASK = text(
    """
    INSERT INTO asked_comparisons (connection) VALUES (:connection)
    ON CONFLICT (connection) DO UPDATE SET asked_at = excluded.asked_at
    RETURNING asked_at
    """
)


async def ask(tx: Tx, connection: ConnectionId) -> Asked:
    """Ask for a comparison that begins from now on."""
    return Asked(connection, (await tx.execute(_ASK, {"connection": connection})).scalar_one())


async def asked(tx: Tx) -> Mapping[ConnectionId, Asked]:
    """Return the comparisons that are asked for, by connection."""
    rows = await tx.execute(text("SELECT connection, asked_at FROM asked_comparisons ORDER BY connection"))
    return {ConnectionId(row.connection): Asked(ConnectionId(row.connection), row.asked_at) for row in rows}


# Long enough to see what happened last month, short enough to stay small.
_FORGET = text(
    """
    WITH forgotten AS (DELETE FROM differences WHERE settled_at < hub_now() - interval '90 days')
    DELETE FROM reconciliations WHERE began_at < hub_now() - interval '90 days'
    """
)


async def forget_old(tx: Tx) -> None:
    """Forget what was settled, and compared, more than 90 days ago."""
    await tx.execute(_FORGET)
