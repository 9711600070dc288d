"""What waits, since when, and up to when everything was looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alembic.script import ScriptDirectory
from sqlalchemy import text

from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.model.outage import Outage, backend_party, store_party
from crossdock.store import outages
from crossdock.store.database import Tx
from crossdock.store.holds import IS_OPEN
from crossdock.store.migrate import HUB_MIGRATIONS
from crossdock.store.reads import proof
from crossdock.store.reads.counting import counted
from crossdock.store.reads.proof import Proof


@dataclass(frozen=True, slots=True)
class Backlog:
    """
    What waits for a look in one flow of one connection.

    `due` objects could be looked at now; the others wait for a moment. `oldest_due` is zero where none is due.
    """

    connection: ConnectionId
    flow: Flow
    waiting: int
    due: int
    oldest_due: timedelta


@dataclass(frozen=True, slots=True)
class Standing:
    """
    How a connection stands, as of `at` by the database's clock; `proofs` are its flows'.

    `held` objects wait for a person, counted to `COUNTED_TO`.
    """

    connection: ConnectionId
    store: ShopDomain
    paused: str | None
    at: datetime
    proofs: tuple[Proof, ...]
    backlog: tuple[Backlog, ...]
    held: int
    outages: tuple[Outage, ...] = ()
    """Of its store and its backend."""
    started: bool = True
    """Whether anything is done for it; before, it is being set up."""

    @property
    def complete_to(self) -> datetime | None:
        """Up to when no order was missed; None where that was never checked, or orders are off."""
        return next((one.complete_to for one in self.proofs if one.flow is Flow.ORDERS), None)

    @property
    def waiting(self) -> int:
        """How many objects wait, over all flows."""
        return sum(one.waiting for one in self.backlog)


# News that no drain has folded yet waits too: while no worker runs, all of it does. An object is counted once. News
# of what held objects need names no object to look at.
_BACKLOG = text(
    """
    SELECT connection, flow, count(*) AS waiting, count(*) FILTER (WHERE ready_at <= hub_now()) AS due,
        coalesce(hub_now() - min(since) FILTER (WHERE ready_at <= hub_now()), interval '0') AS oldest_due
    FROM (
        SELECT connection, flow, key, min(ready_at) AS ready_at, min(since) AS since
        FROM (
            SELECT connection, flow, key, due_at AS ready_at, first_due_at AS since FROM pending
            UNION ALL
            SELECT connection, flow, key, due_at, due_at FROM news WHERE flow <> 'needs'
        ) AS sources
        GROUP BY connection, flow, key
    ) AS objects
    GROUP BY connection, flow
    ORDER BY connection, flow
    """
)

_STANDINGS = text(
    f"""
    SELECT connections.id, connections.store, stores.paused, hub_now() AS at,
        connections.started_at IS NOT NULL AS started,
        {counted(f"holds WHERE holds.connection = connections.id AND {IS_OPEN}")} AS held
    FROM connections JOIN stores ON stores.domain = connections.store
    ORDER BY connections.id
    """  # noqa: S608 - all of it is written in the code
)


async def backlog(tx: Tx) -> Sequence[Backlog]:
    """Return what waits, by connection and flow; a flow with nothing to do is left out."""
    return [
        Backlog(ConnectionId(row.connection), Flow(row.flow), row.waiting, row.due, max(row.oldest_due, timedelta()))
        for row in await tx.execute(_BACKLOG)
    ]


async def standings(tx: Tx) -> Sequence[Standing]:
    """Return how each connection stands, by id."""
    waiting = await backlog(tx)
    proven = await proof.proofs(tx)
    silent = await outages.listed(tx)
    return [
        Standing(
            connection=ConnectionId(row.id),
            store=ShopDomain(row.store),
            paused=row.paused,
            at=row.at,
            proofs=tuple(one for one in proven if one.connection == row.id),
            backlog=tuple(one for one in waiting if one.connection == row.id),
            held=row.held,
            outages=tuple(one for one in silent if one.party in {store_party(row.store), backend_party(row.id)}),
            started=row.started,
        )
        for row in await tx.execute(_STANDINGS)
    ]


async def is_migrated(tx: Tx) -> bool:
    """Tell whether the database has exactly the schema of this version."""
    head = ScriptDirectory(str(HUB_MIGRATIONS)).get_current_head()
    known = (await tx.execute(text("SELECT to_regclass('alembic_version') IS NOT NULL"))).scalar_one()
    return known and (await tx.execute(text("SELECT version_num FROM alembic_version"))).scalar() == head
