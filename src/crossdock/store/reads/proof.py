"""
Up to when nothing was lost, for each connection and flow.

Two things can be said, and they are not the same. A watermark says what was *noticed*: everything that changed before
it was marked to be looked at. The proof says what was *looked at*: it goes no further than the longest waiting look.
What a look found to be in need of a person is held, with its cause, and holds nothing else back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.store.database import Tx
from crossdock.store.watermarks import BACKEND, ORDERS, VARIANTS

FEEDS: Final[Mapping[Flow, tuple[str, ...]]] = {
    Flow.ORDERS: (ORDERS,),
    Flow.CATALOG: (VARIANTS,),
    Flow.FULFILLMENTS: (BACKEND,),
    Flow.RETURNS: (ORDERS, BACKEND),
    Flow.MONEY: (ORDERS, BACKEND),
    # What may be sold follows from what the warehouse has and from what was sold.
    Flow.INVENTORY: (BACKEND, ORDERS),
}
"""Which streams have to be swept for a flow to have noticed everything."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The object of a flow that waits longest for its look, and what went wrong with the last try, if it was tried."""

    key: str
    since: datetime
    error: str | None


@dataclass(frozen=True, slots=True)
class Proof:
    """How complete one flow of one connection is, as of `at` by the database's clock."""

    connection: ConnectionId
    flow: Flow
    at: datetime
    noticed_to: datetime | None
    """Everything that changed before it was noticed; None where a side was never asked to the end."""
    longest: Waiting | None
    due: int
    """How many objects wait for a look that is due; the hub looks at them by itself."""
    held: int
    """How many objects a look found to need a person; their causes are among the holds."""

    @property
    def complete_to(self) -> datetime | None:
        """Everything that was noticed before it has been looked at, and everything that changed before it noticed."""
        if self.noticed_to is None or self.longest is None:
            return self.noticed_to
        return min(self.noticed_to, self.longest.since)

    @property
    def behind(self) -> timedelta | None:
        """How far the proof is behind the clock; None where there is none yet."""
        return None if self.complete_to is None else self.at - self.complete_to


_STREAMS = text(
    """
    SELECT connections.id, connections.flows, hub_now() AS at,
           ARRAY(SELECT stream FROM watermarks WHERE connection = connections.id ORDER BY stream) AS streams,
           ARRAY(SELECT complete_to FROM watermarks WHERE connection = connections.id ORDER BY stream) AS marks
      FROM connections WHERE started_at IS NOT NULL ORDER BY connections.id
    """
)

# What is due later was looked at and waits for a known moment; news that no drain has folded yet waits like the rest.
_LONGEST = text(
    """
    SELECT DISTINCT ON (connection, flow) connection, flow, key, since, error,
           count(*) OVER (PARTITION BY connection, flow) AS due
      FROM (
        SELECT connection, flow, key, min(since) AS since, max(error) AS error FROM (
            SELECT connection, flow, key, first_due_at AS since, last_error AS error FROM pending
             WHERE first_due_at <= hub_now()
            UNION ALL
            SELECT connection, flow, key, due_at, NULL FROM news WHERE flow <> 'needs' AND due_at <= hub_now()
        ) AS sources
        GROUP BY connection, flow, key
      ) AS objects
     ORDER BY connection, flow, since, key
    """
)

_HELD = text("SELECT connection, flow, count(*) AS many FROM holds GROUP BY connection, flow")


async def proofs(tx: Tx) -> Sequence[Proof]:
    """Return the proof of every flow that is switched on, by connection and flow."""
    longest = {(row.connection, row.flow): row for row in await tx.execute(_LONGEST)}
    held = {(row.connection, row.flow): row.many for row in await tx.execute(_HELD)}
    found: list[Proof] = []
    for row in (await tx.execute(_STREAMS)).all():
        marks: dict[str, datetime | None] = dict(zip(row.streams, row.marks, strict=True))
        for flow in (flow for flow in Flow if flow in row.flows):
            waiting = longest.get((row.id, flow))
            found.append(
                Proof(
                    connection=ConnectionId(row.id),
                    flow=flow,
                    at=row.at,
                    noticed_to=_earliest(marks.get(stream) for stream in FEEDS[flow]),
                    longest=None if waiting is None else Waiting(waiting.key, waiting.since, waiting.error),
                    due=0 if waiting is None else waiting.due,
                    held=held.get((row.id, flow), 0),
                )
            )
    return found


def _earliest(marks: Iterable[datetime | None]) -> datetime | None:
    known = list(marks)
    return None if None in known else min(mark for mark in known if mark is not None)
