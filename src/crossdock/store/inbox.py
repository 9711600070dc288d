"""The owner of `inbox`: deliveries as they came, each kept once, and the news that they bring to connections."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from typing import Any

from sqlalchemy import func, select, text, tuple_, update

from crossdock.model.flow import Flow
from crossdock.model.names import ShopDomain
from crossdock.store.arrays import among
from crossdock.store.database import Tx
from crossdock.store.news import CHANNEL
from crossdock.store.schema import inbox


@dataclass(frozen=True, slots=True)
class Arrival:
    """
    One delivery to keep, and the objects it is about, as pairs of flow and key.

    `level` is what it says of a stock level, where it does: inventory item, location, available, and since when.
    `trace` is what goes on with the trace of its arrival. Texts hold no NUL character: PostgreSQL cannot store one.
    """

    store: ShopDomain
    webhook_id: str
    event_id: str | None
    topic: str
    api_version: str | None
    triggered_at: datetime | None
    headers: Mapping[str, str]
    body: bytes
    subjects: tuple[tuple[Flow, str], ...]
    level: tuple[str, str, int | None, str | None] | None = None
    trace: str | None = None


# One statement for any number of deliveries: those that are known already are passed over, and each of the others
# becomes news for every connection of its store that has the flow switched on. All of it comes in two parameters, a
# JSON document and the bodies end to end: arrays cost the driver three times as much.
_KEEP = text(
    """
    WITH arrived AS (
        SELECT * FROM jsonb_to_recordset(CAST(:arrivals AS jsonb)) AS row (
            store text, webhook_id text, event_id text, topic text, api_version text, triggered_at timestamptz,
            headers jsonb, subjects jsonb, level jsonb, trace text, body_from integer, body_bytes integer
        )
    ), kept AS (
        INSERT INTO inbox (store, webhook_id, event_id, topic, api_version, triggered_at, headers, body)
        SELECT store, webhook_id, event_id, topic, api_version, triggered_at, headers,
            substring(CAST(:bodies AS bytea) FROM body_from FOR body_bytes)
        FROM arrived
        ON CONFLICT DO NOTHING
        RETURNING store, webhook_id
    ), told AS (
        INSERT INTO news (connection, flow, key, reason, trace)
        SELECT connections.id, subject ->> 0, subject ->> 1, arrived.topic, arrived.trace
        FROM kept
        JOIN arrived ON arrived.store = kept.store AND arrived.webhook_id = kept.webhook_id
        CROSS JOIN jsonb_array_elements(arrived.subjects) AS subject
        JOIN connections ON connections.store = kept.store AND subject ->> 0 = ANY (connections.flows)
        RETURNING connection, flow
    ), heard AS (
        INSERT INTO level_news (connection, inventory_item, location, kind, units, happened_at)
        SELECT connections.id, level ->> 0, level ->> 1, 'heard', (level ->> 2)::int, (level ->> 3)::timestamptz
        FROM kept
        JOIN arrived ON arrived.store = kept.store AND arrived.webhook_id = kept.webhook_id
        JOIN connections ON connections.store = kept.store AND 'inventory' = ANY (connections.flows)
        WHERE jsonb_typeof(level) = 'array'
    ), woken AS (
        SELECT pg_notify(:channel, connection || ' ' || flow)
        FROM (SELECT DISTINCT connection, flow FROM told) AS drains
    )
    SELECT store, webhook_id, (SELECT count(*) FROM woken) FROM kept
    """
)


async def keep(tx: Tx, arrivals: Sequence[Arrival]) -> frozenset[tuple[str, str]]:
    """
    Keep the deliveries and tell the connections; return (store, webhook id) of those that were not known before.

    No two of them may have the same store and webhook id.
    """
    # Sorted, so that two processes that were sent the same ids wait for each other in one direction only.
    rows = sorted(arrivals, key=lambda arrival: (arrival.store, arrival.webhook_id))
    starts = accumulate((len(row.body) for row in rows), initial=1)
    kept = await tx.execute(
        _KEEP,
        {
            "arrivals": json.dumps([_document(row, start) for row, start in zip(rows, starts, strict=False)]),
            "bodies": b"".join(row.body for row in rows),
            "channel": CHANNEL,
        },
    )
    return frozenset((store, webhook_id) for store, webhook_id, _ in kept)


def _document(row: Arrival, start: int) -> dict[str, Any]:
    return {
        "store": row.store,
        "webhook_id": row.webhook_id,
        "event_id": row.event_id,
        "topic": row.topic,
        "api_version": row.api_version,
        "triggered_at": row.triggered_at.isoformat() if row.triggered_at else None,
        "headers": row.headers,
        "subjects": row.subjects,
        "level": row.level,
        "trace": row.trace,
        "body_from": start,
        "body_bytes": len(row.body),
    }


async def count(tx: Tx, store: ShopDomain) -> int:
    """Return how many deliveries of a store are kept."""
    return (await tx.execute(select(func.count()).select_from(inbox).where(inbox.c.store == store))).scalar_one()


_FOR_THE_HUB = text(
    """
    SELECT store, webhook_id, topic, coalesce(triggered_at, received_at) AS at, body FROM inbox
     WHERE taken_up_at IS NULL
       AND topic IN ('customers/data_request', 'customers/redact', 'shop/redact', 'app/uninstalled')
     ORDER BY received_at LIMIT 1 FOR UPDATE SKIP LOCKED
    """
)


@dataclass(frozen=True, slots=True)
class ForTheHub:
    """A kept delivery that no flow follows, for the hub itself. `at` is when it was sent, else when it arrived."""

    store: ShopDomain
    webhook_id: str
    topic: str
    at: datetime
    body: bytes = field(repr=False)


async def next_for_the_hub(tx: Tx) -> ForTheHub | None:
    """Return the oldest that nobody has taken up, and keep it from others until `tx` ends."""
    row = (await tx.execute(_FOR_THE_HUB)).one_or_none()
    if row is None:
        return None
    return ForTheHub(ShopDomain(row.store), row.webhook_id, row.topic, row.at, bytes(row.body))


async def took_up(tx: Tx, delivery: ForTheHub) -> None:
    """Remember that the delivery was taken up, and forget what it said: what it asks for is kept elsewhere."""
    await tx.execute(
        update(inbox)
        .where(inbox.c.store == delivery.store, inbox.c.webhook_id == delivery.webhook_id)
        .values(taken_up_at=func.hub_now(), body=b"")
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept delivery."""

    webhook_id: str
    topic: str
    received_at: datetime
    body: bytes = field(repr=False)


async def kept_since(tx: Tx, store: ShopDomain, after: Kept | None, limit: int) -> Sequence[Kept]:
    """Return the store's next deliveries that still have a body, oldest first; `after` is the last of those before."""
    query = select(inbox.c.webhook_id, inbox.c.topic, inbox.c.received_at, inbox.c.body).where(
        inbox.c.store == store, func.length(inbox.c.body) > 0
    )
    if after is not None:
        query = query.where(
            tuple_(inbox.c.received_at, inbox.c.webhook_id) > tuple_(after.received_at, after.webhook_id)
        )
    rows = await tx.execute(query.order_by(inbox.c.received_at, inbox.c.webhook_id).limit(limit))
    return [Kept(row.webhook_id, row.topic, row.received_at, bytes(row.body)) for row in rows]


async def empty(tx: Tx, store: ShopDomain, webhook_ids: Sequence[str]) -> None:
    """Forget what these deliveries said. That they came is still known, so that each is known again."""
    await tx.execute(
        update(inbox).where(inbox.c.store == store, among(inbox.c.webhook_id, webhook_ids)).values(body=b"")
    )


async def read(tx: Tx, store: ShopDomain, webhook_ids: Sequence[str]) -> Sequence[Kept]:
    """Return these deliveries, oldest first."""
    rows = await tx.execute(
        select(inbox.c.webhook_id, inbox.c.topic, inbox.c.received_at, inbox.c.body)
        .where(inbox.c.store == store, among(inbox.c.webhook_id, webhook_ids))
        .order_by(inbox.c.received_at, inbox.c.webhook_id)
    )
    return [Kept(row.webhook_id, row.topic, row.received_at, bytes(row.body)) for row in rows]
