"""The connections as programs are told of them, by command and over HTTP: what is set, and how each stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crossdock.model.connection import Connection, Rules
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, LocationId, ShopDomain, WarehouseCode
from crossdock.store import connections
from crossdock.store.database import Tx
from crossdock.store.reads import health
from crossdock.store.reads.health import Backlog, Standing


@dataclass(frozen=True, slots=True)
class ListedConnection:
    """
    A connection: what it ties, what is on, which warehouses serve each location, its rules, and how it stands.

    Nothing is done for one that is not `started`. `paused` and `outages` say in sentences what is away; `complete_to`
    says up to when no change of a flow was missed; `held` objects wait for a person.
    """

    id: ConnectionId
    store: ShopDomain
    backend: str
    flows: Sequence[Flow]
    warehouses: Mapping[LocationId, tuple[WarehouseCode, ...]]
    rules: Rules
    started: bool
    shadow_since: datetime | None
    paused: str | None
    outages: Sequence[str]
    complete_to: Mapping[Flow, datetime | None]
    waiting: int
    backlog: Sequence[Backlog]
    held: int


async def listed_connections(tx: Tx) -> Sequence[ListedConnection]:
    """Return every connection, by id."""
    found = {one.id: one for one in await connections.listed(tx)}
    return [_listed(found[one.connection], one) for one in await health.standings(tx)]


def _listed(connection: Connection, standing: Standing) -> ListedConnection:
    return ListedConnection(
        id=connection.id,
        store=connection.store,
        backend=connection.backend,
        flows=sorted(connection.flows),
        warehouses=connection.warehouses,
        rules=connection.rules,
        started=connection.started,
        shadow_since=connection.shadow_since,
        paused=standing.paused,
        outages=[one.sentence for one in standing.outages],
        complete_to={one.flow: one.complete_to for one in standing.proofs},
        waiting=standing.waiting,
        backlog=standing.backlog,
        held=standing.held,
    )
