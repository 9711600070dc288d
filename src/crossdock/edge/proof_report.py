"""Up to when nothing was lost, which webhooks fell silent, and what differs: one answer for commands and programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.store import connections, reconciliations, unheard
from crossdock.store.database import Tx
from crossdock.store.reads import proof
from crossdock.store.reads.proof import Waiting
from crossdock.store.reconciliations import Asked, Open, Reconciliation
from crossdock.store.unheard import Silence


@dataclass(frozen=True, slots=True)
class FlowProof:
    """
    The proof of one flow of one connection.

    Everything that changed before `noticed_to` was noticed; it is null where a side was never asked to the end.
    Everything before `complete_to` was looked at, too, or is held with its cause. `due` looks wait; `longest` is the
    object that waits longest, and what went wrong with the last try.
    """

    connection: ConnectionId
    flow: Flow
    complete_to: datetime | None
    behind_seconds: timedelta | None
    noticed_to: datetime | None
    due: int
    held: int
    longest: Waiting | None


@dataclass(frozen=True, slots=True)
class ProofReport:
    """
    The proof of every flow that is on, the topics that fell silent, and what both sides' comparison came to.

    `compared` is the latest comparison of each connection, and `asked` are those to come that somebody asked for;
    `differences` are those that are not settled, and `cause` of each why it outlived a look, null until one was made.
    """

    flows: Sequence[FlowProof]
    silent_topics: Sequence[Silence]
    compared: Sequence[Reconciliation]
    asked: Sequence[Asked]
    differences: Sequence[Open]


async def proof_report(tx: Tx, connection: ConnectionId | None = None) -> ProofReport:
    """Return the proof of one connection or of all; silent topics are the store's. Raises UnknownConnection."""
    store: ShopDomain | None = None if connection is None else (await connections.get(tx, connection)).store
    flows = [
        FlowProof(
            connection=one.connection,
            flow=one.flow,
            complete_to=one.complete_to,
            behind_seconds=one.behind,
            noticed_to=one.noticed_to,
            due=one.due,
            held=one.held,
            longest=one.longest,
        )
        for one in await proof.proofs(tx)
        if connection in {None, one.connection}
    ]
    compared = [one for one in (await reconciliations.latest(tx)).values() if connection in {None, one.connection}]
    return ProofReport(
        flows=flows,
        silent_topics=await unheard.silences(tx, store),
        compared=compared,
        asked=[one for one in (await reconciliations.asked(tx)).values() if connection in {None, one.connection}],
        differences=await reconciliations.unsettled(tx, connection),
    )
