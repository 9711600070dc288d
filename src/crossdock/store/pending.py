"""
Pending: one row per object that needs a look, and who looks at it now.

Rows are locked in the order of their keys wherever more than one is waited for, so that nobody waits in a circle.
`due_at` alone says when a row is next worth a look: back-off and waiting move it ahead, fresh news pulls it back, and
a claim sets it to the end of its lease, so that news folded in meanwhile leaves its own, earlier time there. Queries
by time say that it is finite, which it always is: so they, and only they, can use the index by time.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import psycopg
from sqlalchemy import TextClause, text

from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.store.database import Tx

FOLD_LIMIT: Final = 1000
"""News folded at once: enough to keep up with any burst, little enough to hold its locks for milliseconds."""

# Take news off the list, oldest first, and lay it over the rows: one row per key, due when the most urgent news says.
# Another drain may be doing the same: each takes what the other has not. A claimed row stays claimed; its generation
# tells the one who looks that there is more to see.
_FOLD = text(
    """
    WITH taken AS (
        DELETE FROM news
         WHERE id IN (SELECT id FROM news
                       WHERE connection = :connection AND flow = :flow
                       ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED)
        RETURNING id, key, reason, due_at, trace
    ), folded AS (
        INSERT INTO pending AS old (connection, flow, key, reason, due_at, first_due_at, trace)
        SELECT :connection, :flow, key, (array_agg(reason ORDER BY id DESC))[1], min(due_at), min(due_at),
               (array_agg(trace ORDER BY id DESC) FILTER (WHERE trace IS NOT NULL))[1]
          FROM taken GROUP BY key ORDER BY key
        ON CONFLICT (connection, flow, key) DO UPDATE
           SET generation = old.generation + 1, reason = excluded.reason,
               due_at = least(old.due_at, excluded.due_at),
               first_due_at = least(old.first_due_at, excluded.first_due_at),
               trace = coalesce(excluded.trace, old.trace)
    )
    SELECT count(*) FROM taken
    """
)


async def fold(tx: Tx, connection: ConnectionId, flow: Flow, limit: int = FOLD_LIMIT) -> int:
    """Fold news of a flow into its rows; return how much was taken, at most `limit`."""
    taken: int = await tx.scalar(_FOLD, {"connection": connection, "flow": flow, "limit": limit}) or 0
    return taken


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a claim reads from its row."""

    key: str
    reason: str
    attempts: int
    generation: int
    token: int
    first_due_at: datetime
    trace: str | None = None


# Claim what is due and free, or whose lease has ended, the longest due first. A lease that ended means that a worker
# stopped in the middle of a look: that counts as a failed attempt, or an object that kills workers would go unseen.
_CLAIM = text(
    """
    WITH due AS (
        SELECT key FROM pending
         WHERE connection = :connection AND flow = :flow
           AND due_at <= hub_now() AND due_at < 'infinity'
           AND (claimed_until IS NULL OR claimed_until <= hub_now())
         ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED
    )
    UPDATE pending
       SET claimed_by = :worker, claimed_generation = generation, claimed_until = hub_now() + :lease,
           due_at = hub_now() + :lease, token = nextval('fencing_tokens'),
           attempts = attempts + CAST(claimed_by IS NOT NULL AS integer),
           last_error = CASE WHEN claimed_by IS NULL THEN last_error
                             ELSE 'Worker ' || claimed_by || ' stopped while it was looking at this.' END
     WHERE connection = :connection AND flow = :flow AND key = ANY(ARRAY(SELECT key FROM due))
    RETURNING key, reason, attempts, generation, token, first_due_at, trace
    """
)


async def claim(
    tx: Tx, connection: ConnectionId, flow: Flow, worker: str, lease: timedelta, limit: int
) -> list[Claimed]:
    """Claim at most `limit` due objects of a flow for `lease`, the longest waiting first."""
    rows = await tx.execute(
        _CLAIM, {"connection": connection, "flow": flow, "worker": worker, "lease": lease, "limit": limit}
    )
    claimed = (
        Claimed(row.key, row.reason, row.attempts, row.generation, row.token, row.first_due_at, row.trace)
        for row in rows
    )
    return sorted(claimed, key=lambda each: (each.first_due_at, each.key))


# Lock the rows whose claim is still the one that was given out, until the end of the transaction.
_STILL_OURS = text(
    """
    SELECT key FROM pending
     WHERE connection = :connection AND flow = :flow AND key = ANY(:keys) AND token = ANY(:tokens)
     ORDER BY key FOR UPDATE
    """
)


async def still_ours(tx: Tx, connection: ConnectionId, flow: Flow, tokens: Mapping[str, int]) -> set[str]:
    """
    Return the keys whose token is still in the row, locked: the fence before anything is written for them.

    `tokens` are by key. What is missing was claimed by someone else after our lease had ended.
    """
    rows = await tx.scalars(
        _STILL_OURS,
        {"connection": connection, "flow": flow, "keys": list(tokens), "tokens": list(tokens.values())},
    )
    return set(rows)


# The claim saw all there was to see: the row goes.
_REMOVE = text(
    """
    DELETE FROM pending
     WHERE connection = :connection AND flow = :flow AND key = ANY(:keys) AND generation = claimed_generation
    RETURNING key
    """
)

# News came meanwhile: one more look, when that news is due.
_RELEASE = text(
    """
    UPDATE pending
       SET claimed_by = NULL, claimed_generation = NULL, claimed_until = NULL, token = NULL,
           first_due_at = due_at, attempts = 0, last_error = NULL
     WHERE connection = :connection AND flow = :flow AND key = ANY(:keys)
    """
)


async def settle(tx: Tx, connection: ConnectionId, flow: Flow, keys: Collection[str]) -> None:
    """The looks at these ended: remove each row, or free it for one more look where news came meanwhile."""
    if not keys:
        return
    scope = {"connection": connection, "flow": flow}
    removed = set(await tx.scalars(_REMOVE, {**scope, "keys": list(keys)}))
    again = [key for key in keys if key not in removed]
    if again:
        await tx.execute(_RELEASE, {**scope, "keys": again})


# Look again after a while, or when the news that came meanwhile is due. A wait is no failure and no delay.
_POSTPONE = text(
    """
    UPDATE pending
       SET claimed_by = NULL, claimed_generation = NULL, claimed_until = NULL, token = NULL,
           due_at = CASE WHEN generation = claimed_generation THEN next.at ELSE least(due_at, next.at) END,
           first_due_at = CASE WHEN generation = claimed_generation THEN next.at ELSE least(due_at, next.at) END,
           attempts = 0, last_error = NULL
      FROM (SELECT key, hub_now() + after AS at
              FROM unnest(CAST(:keys AS text[]), CAST(:afters AS interval[])) AS waits (key, after)) AS next
     WHERE connection = :connection AND flow = :flow AND pending.key = next.key
    """
)


async def postpone(tx: Tx, connection: ConnectionId, flow: Flow, after: Mapping[str, timedelta]) -> None:
    """Look at these again, each after its time; sooner where news came meanwhile."""
    if after:
        await tx.execute(
            _POSTPONE,
            {"connection": connection, "flow": flow, "keys": list(after), "afters": list(after.values())},
        )


# Try again after the back-off, or when the news that came meanwhile is due; either way one more failed attempt.
_FAIL = text(
    """
    UPDATE pending
       SET claimed_by = NULL, claimed_generation = NULL, claimed_until = NULL, token = NULL,
           due_at = CASE WHEN generation = claimed_generation THEN next.at ELSE least(due_at, next.at) END,
           attempts = attempts + 1, last_error = next.error
      FROM (SELECT key, error, hub_now() + after AS at
              FROM unnest(CAST(:keys AS text[]), CAST(:errors AS text[]), CAST(:afters AS interval[]))
                   AS failures (key, error, after)) AS next
     WHERE connection = :connection AND flow = :flow AND pending.key = next.key
    """
)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a look failed, and after how long to try again."""

    error: str
    retry_after: timedelta


async def fail(tx: Tx, connection: ConnectionId, flow: Flow, failures: Mapping[str, Failure]) -> None:
    """Count a failed look at each of these, and try again after its back-off; sooner where news came meanwhile."""
    await _put_off(tx, _FAIL, connection, flow, failures)


# As if never looked at, but for what is said of it; its own failures and its own back-off have nothing to do with it.
_BLOCK = text(
    """
    UPDATE pending
       SET claimed_by = NULL, claimed_generation = NULL, claimed_until = NULL, token = NULL,
           due_at = next.at, last_error = next.error
      FROM (SELECT key, error, hub_now() + after AS at
              FROM unnest(CAST(:keys AS text[]), CAST(:errors AS text[]), CAST(:afters AS interval[]))
                   AS blocks (key, error, after)) AS next
     WHERE connection = :connection AND flow = :flow AND pending.key = next.key
    """
)


async def block(tx: Tx, connection: ConnectionId, flow: Flow, blocks: Mapping[str, Failure]) -> None:
    """Put these off without blame, each until its time, whatever news comes meanwhile: none of it could be acted on."""
    await _put_off(tx, _BLOCK, connection, flow, blocks)


async def _put_off(tx: Tx, how: TextClause, connection: ConnectionId, flow: Flow, why: Mapping[str, Failure]) -> None:
    if why:
        await tx.execute(
            how,
            {
                "connection": connection,
                "flow": flow,
                "keys": list(why),
                "errors": [each.error for each in why.values()],
                "afters": [each.retry_after for each in why.values()],
            },
        )


# As if never claimed: due, and at its old place in the line.
_GIVE_BACK = text(
    """
    UPDATE pending
       SET claimed_by = NULL, claimed_generation = NULL, claimed_until = NULL, token = NULL, due_at = first_due_at
     WHERE connection = :connection AND flow = :flow AND key = ANY(:keys)
    """
)


async def give_back(tx: Tx, connection: ConnectionId, flow: Flow, tokens: Mapping[str, int]) -> None:
    """Free what is still ours, untouched: nobody looked, so nothing failed."""
    keys = await still_ours(tx, connection, flow, tokens)
    await tx.execute(_GIVE_BACK, {"connection": connection, "flow": flow, "keys": list(keys)})


# The heartbeat. A row that somebody has locked is being folded or settled; the next beat will find it.
_EXTEND: Final = """
    UPDATE pending
       SET claimed_until = hub_now() + %(lease)s
     WHERE connection = %(connection)s AND flow = %(flow)s
       AND key IN (SELECT key FROM pending
                    WHERE connection = %(connection)s AND flow = %(flow)s AND key = ANY(%(keys)s)
                      AND token = ANY(%(tokens)s)
                      FOR UPDATE SKIP LOCKED)
"""


def extend(url: str, connection: ConnectionId, flow: Flow, tokens: Mapping[str, int], lease: timedelta) -> None:
    """Let the leases that are still ours end `lease` from now. Blocks: it is called from a thread of its own."""
    with psycopg.connect(url, autocommit=True) as own:
        own.execute(
            _EXTEND,
            {
                "connection": connection,
                "flow": flow,
                "keys": list(tokens),
                "tokens": list(tokens.values()),
                "lease": lease,
            },
        )


# In how long the next row that nobody has claimed is due.
_NEXT_DUE = text(
    """
    SELECT due_at - hub_now() FROM pending
     WHERE connection = :connection AND flow = :flow AND claimed_until IS NULL AND due_at < 'infinity'
     ORDER BY due_at LIMIT 1
    """
)


async def next_due_in(tx: Tx, connection: ConnectionId, flow: Flow) -> timedelta | None:
    """Return how long until the next free object of a flow is due; None where there is none."""
    due_in: timedelta | None = await tx.scalar(_NEXT_DUE, {"connection": connection, "flow": flow})
    return due_in


# Of these connections and flows, where is something due now, or news to be folded? Two index probes each.
_DUE = text(
    """
    SELECT asked.connection, flows.flow
      FROM unnest(CAST(:connections AS text[])) AS asked (connection), unnest(CAST(:flows AS text[])) AS flows (flow)
     WHERE EXISTS (SELECT FROM pending
                    WHERE pending.connection = asked.connection AND pending.flow = flows.flow
                      AND due_at <= hub_now() AND due_at < 'infinity'
           AND (claimed_until IS NULL OR claimed_until <= hub_now()))
        OR EXISTS (SELECT FROM news
                    WHERE news.connection = asked.connection AND news.flow IN (flows.flow, 'needs'))
    """
)


async def due(tx: Tx, connections: Sequence[ConnectionId]) -> list[tuple[ConnectionId, Flow]]:
    """Return the flows of these connections that a drain would find work in."""
    rows = await tx.execute(_DUE, {"connections": list(connections), "flows": list(Flow)})
    return [(ConnectionId(row.connection), Flow(row.flow)) for row in rows]


@dataclass(frozen=True, slots=True)
class Waiting:
    """
    How much of a flow waits. `due` are waiting now, `later` have a later time, `looked_at` are being looked at.

    `oldest` is since when the longest waiting one is due; None where nothing is due or being looked at.
    """

    connection: ConnectionId
    flow: Flow
    due: int
    later: int
    looked_at: int
    failing: int
    oldest: datetime | None


# News not yet folded is waiting too; what is on its way to a later time is not late.
_WAITING = text(
    """
    SELECT connection, flow,
           count(*) FILTER (WHERE NOT claimed AND due_at <= hub_now()) AS due,
           count(*) FILTER (WHERE NOT claimed AND due_at > hub_now()) AS later,
           count(*) FILTER (WHERE claimed) AS looked_at,
           count(*) FILTER (WHERE attempts > 0) AS failing,
           min(first_due_at) FILTER (WHERE first_due_at <= hub_now()) AS oldest
      FROM (SELECT connection, flow, due_at, first_due_at, attempts, claimed_by IS NOT NULL AS claimed FROM pending
             UNION ALL
            SELECT connection, flow, min(due_at), min(due_at), 0, false
              FROM news WHERE flow <> 'needs'
               AND NOT EXISTS (SELECT FROM pending
                                WHERE pending.connection = news.connection AND pending.flow = news.flow
                                  AND pending.key = news.key)
             GROUP BY connection, flow, key) AS objects
     GROUP BY connection, flow ORDER BY connection, flow
    """
)


async def waiting(tx: Tx) -> list[Waiting]:
    """Return how much waits, per connection and flow that has anything."""
    return [
        Waiting(
            ConnectionId(row.connection), Flow(row.flow), row.due, row.later, row.looked_at, row.failing, row.oldest
        )
        for row in await tx.execute(_WAITING)
    ]


_BEGIN_ANEW = text(
    """
    UPDATE pending
       SET claimed_by = NULL, claimed_generation = NULL, claimed_until = NULL, token = NULL, due_at = hub_now()
     WHERE connection = :connection AND due_at < 'infinity'
    """
)


async def begin_anew(tx: Tx, connection: ConnectionId) -> None:
    """
    Let everything that waits be due now, and what is in hand be in nobody's.

    Whoever has it in hand settles nothing of it any more, as if it had been killed in between.
    """
    await tx.execute(_BEGIN_ANEW, {"connection": connection})


_HURRY = text(
    """
    UPDATE pending SET due_at = hub_now(), first_due_at = least(first_due_at, hub_now())
     WHERE connection = :connection AND flow = :flow AND claimed_by IS NULL
       AND due_at > hub_now() AND due_at < 'infinity'
    """
)


async def hurry(tx: Tx, connection: ConnectionId, flow: Flow) -> None:
    """Let everything of a flow that waits for a later time be due now."""
    await tx.execute(_HURRY, {"connection": connection, "flow": flow})


@dataclass(frozen=True, slots=True)
class Failing:
    """One object whose last looks failed; `attempts` in a row, the next one at `next_at`."""

    connection: ConnectionId
    flow: Flow
    key: str
    attempts: int
    error: str
    since: datetime
    next_at: datetime


# What fails now, the longest first.
_FAILING = text(
    """
    SELECT connection, flow, key, attempts, last_error, first_due_at, due_at FROM pending
     WHERE attempts > 0 AND last_error IS NOT NULL
     ORDER BY first_due_at LIMIT :limit
    """
)


async def failing(tx: Tx, limit: int = 100) -> list[Failing]:
    """Return the objects whose last look failed, the longest waiting first."""
    return [
        Failing(
            ConnectionId(row.connection),
            Flow(row.flow),
            row.key,
            row.attempts,
            row.last_error,
            row.first_due_at,
            row.due_at,
        )
        for row in await tx.execute(_FAILING, {"limit": limit})
    ]
