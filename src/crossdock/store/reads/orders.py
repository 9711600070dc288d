"""The list of orders: one page of it, newest first, and how many there are of each kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from crossdock.model.cause import Cause
from crossdock.model.names import ConnectionId, OrderId
from crossdock.model.state import OrderState
from crossdock.store.database import Tx

PAGE = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended; the next one begins after it. Orders placed later do not shift it."""

    placed_at: datetime
    connection: ConnectionId
    order_id: OrderId


@dataclass(frozen=True, slots=True)
class Filter:
    """
    Which orders to list; every field narrows.

    `name` is any part of the order's name, case ignored, without NUL characters: PostgreSQL takes none.
    """

    connection: ConnectionId | None = None
    state: OrderState | None = None
    held: bool = False
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One order as the list shows it; `waits_since` is set while it needs a look. No personal data is in it."""

    connection: ConnectionId
    order_id: OrderId
    name: str
    placed_at: datetime
    state: OrderState
    units: int
    last_event: str | None
    last_event_at: datetime | None
    cause: Cause | None
    hold_detail: str | None
    waits_since: datetime | None
    failed_attempts: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of orders, as of `at` by the database's clock; `after` is where the next one begins, None at the end."""

    at: datetime
    orders: tuple[Listed, ...]
    after: Place | None


# The page is cut out first, so that time lines, holds and pending are looked up for its orders only.
_PAGE = text(
    """
    WITH page AS (
        SELECT * FROM orders
         WHERE (CAST(:connection AS text) IS NULL OR connection = :connection)
           AND (CAST(:state AS text) IS NULL OR state = :state)
           AND (CAST(:name AS text) IS NULL OR name ILIKE :name)
           AND (NOT CAST(:held AS boolean) OR EXISTS (
               SELECT FROM holds
                WHERE holds.connection = orders.connection AND flow IN ('orders', 'fulfillments') AND key = order_id))
           AND (CAST(:placed_at AS timestamptz) IS NULL
                OR (placed_at, connection, order_id) < (:placed_at, :after_connection, :after_id))
         ORDER BY placed_at DESC, connection DESC, order_id DESC
         LIMIT :limit
    )
    SELECT page.connection, page.order_id, page.name, page.placed_at, page.state, page.units,
           last.sentence AS last_event, last.at AS last_event_at, hold.cause, hold.detail AS hold_detail,
           wait.since AS waits_since, coalesce(wait.attempts, 0) AS attempts
      FROM page
      LEFT JOIN LATERAL (
          SELECT sentence, at FROM timeline
           WHERE timeline.connection = page.connection AND timeline.order_id = page.order_id
           ORDER BY id DESC LIMIT 1
      ) AS last ON true
      LEFT JOIN LATERAL (
          SELECT cause, detail FROM holds
           WHERE holds.connection = page.connection AND flow IN ('orders', 'fulfillments') AND key = page.order_id
           ORDER BY since LIMIT 1
      ) AS hold ON true
      LEFT JOIN LATERAL (
          SELECT min(first_due_at) AS since, max(attempts) AS attempts FROM pending
           WHERE pending.connection = page.connection AND flow IN ('orders', 'fulfillments') AND key = page.order_id
      ) AS wait ON true
     ORDER BY page.placed_at DESC, page.connection DESC, page.order_id DESC
    """
)

_COUNTS = text(
    """
    SELECT state, count(*) AS many FROM orders
     WHERE CAST(:connection AS text) IS NULL OR connection = :connection
     GROUP BY state
    """
)

_HELD = text(
    """
    SELECT count(DISTINCT (connection, key)) FROM holds
     WHERE flow IN ('orders', 'fulfillments') AND (CAST(:connection AS text) IS NULL OR connection = :connection)
       AND EXISTS (SELECT FROM orders WHERE orders.connection = holds.connection AND order_id = key)
    """
)


async def page(tx: Tx, wanted: Filter, after: Place | None = None, limit: int = PAGE) -> Page:
    """Return a page of the orders that are wanted, newest first."""
    rows = (
        await tx.execute(
            _PAGE,
            {
                "connection": wanted.connection,
                "state": wanted.state.value if wanted.state else None,
                "held": wanted.held,
                "name": f"%{_literally(wanted.name)}%" if wanted.name else None,
                "placed_at": after.placed_at if after else None,
                "after_connection": after.connection if after else None,
                "after_id": after.order_id if after else None,
                "limit": limit + 1,
            },
        )
    ).all()
    listed = tuple(
        Listed(
            connection=ConnectionId(row.connection),
            order_id=OrderId(row.order_id),
            name=row.name,
            placed_at=row.placed_at,
            state=OrderState(row.state),
            units=row.units,
            last_event=row.last_event,
            last_event_at=row.last_event_at,
            cause=Cause(row.cause) if row.cause else None,
            hold_detail=row.hold_detail,
            waits_since=row.waits_since,
            failed_attempts=row.attempts,
        )
        for row in rows[:limit]
    )
    last = listed[-1] if len(rows) > limit else None
    at: datetime = (await tx.execute(text("SELECT hub_now()"))).scalar_one()
    return Page(at, listed, None if last is None else Place(last.placed_at, last.connection, last.order_id))


async def counts(tx: Tx, connection: ConnectionId | None = None) -> tuple[Mapping[OrderState, int], int]:
    """Return how many orders there are in each state, and how many of all have a hold."""
    scope = {"connection": connection}
    by_state = {OrderState(row.state): row.many for row in await tx.execute(_COUNTS, scope)}
    held: int = (await tx.execute(_HELD, scope)).scalar_one()
    return by_state, held


def _literally(name: str) -> str:
    r"""Take the meaning out of `%`, `_` and `\`."""
    return name.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


async def names(tx: Tx, connection: ConnectionId, order_ids: Sequence[OrderId]) -> Mapping[OrderId, str]:
    """Return what people call these orders; unknown ones are left out."""
    query = text("SELECT order_id, name FROM orders WHERE connection = :connection AND order_id = ANY(:ids)")
    rows = await tx.execute(query, {"connection": connection, "ids": list(order_ids)})
    return {OrderId(row.order_id): row.name for row in rows}
