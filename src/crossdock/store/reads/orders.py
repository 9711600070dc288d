"""The list of orders: one page of it, newest first, and how many there are of each kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import text

from crossdock.model.cause import Cause
from crossdock.model.lateness import LATE_AFTER, is_late
from crossdock.model.names import ConnectionId, OrderId
from crossdock.model.state import OrderState
from crossdock.store.database import Tx
from crossdock.store.reads import order_search
from crossdock.store.reads.counting import COUNTED_TO, counted
from crossdock.store.reads.search import Listing, rows

PAGE = 50


class Placed(StrEnum):
    """How long ago orders were placed, at most."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def within(self) -> timedelta:
        """The longest time ago."""
        return {Placed.DAY: timedelta(days=1), Placed.WEEK: timedelta(days=7), Placed.MONTH: timedelta(days=30)}[self]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended; the next one begins after it. Orders placed later do not shift it."""

    placed_at: datetime
    connection: ConnectionId
    order_id: OrderId

    @property
    def cursor(self) -> str:
        """The place as one word of an address; `place` reads it."""
        return f"{self.placed_at.isoformat()} {self.connection} {self.order_id}"


def place(cursor: str) -> Place | None:
    """Read a place; anything else is None, which begins at the newest order."""
    moment, _, rest = cursor.partition(" ")
    connection, _, order_id = rest.rpartition(" ")
    try:
        placed_at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    whole = placed_at.tzinfo is not None and "\0" not in cursor
    return Place(placed_at, ConnectionId(connection), OrderId(order_id)) if whole else None


@dataclass(frozen=True, slots=True)
class Filter:
    """
    Which orders to list; every field narrows.

    `text` is what a person looks for (`crossdock.store.reads.order_search`), without NUL characters: PostgreSQL takes
    none. `late` are those that stand out by `crossdock.model.lateness`.
    """

    connection: ConnectionId | None = None
    state: OrderState | None = None
    """Whoever asks for held orders means every order with a hold, not only those that rest in nothing but one."""
    text: str | None = None
    placed: Placed | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """
    One order as the list shows it; `waits_since` is set while it needs a look. No personal data is in it.

    `state_since` is the clock of its stage: since when it has been in its state; `late` says that this is too long.
    """

    connection: ConnectionId
    order_id: OrderId
    name: str
    placed_at: datetime
    state: OrderState
    state_since: datetime
    late: bool
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


_HAS_HOLD = """
    EXISTS (SELECT FROM holds
             WHERE holds.connection = orders.connection AND flow IN ('orders', 'fulfillments') AND key = order_id
               AND resolved_at IS NULL)
"""

LATE: Final = " OR ".join(
    f"(orders.state = '{state.value}' AND orders.state_since < hub_now() - interval '{most.total_seconds()} seconds')"
    for state, most in LATE_AFTER.items()
)
"""Says in SQL what `is_late` says in Python; a test holds the two together."""

# The page is cut out first, so that time lines, holds and pending are looked up for its orders only.
_PAGE = """
    WITH page AS ({page})
    SELECT page.connection, page.order_id, page.name, page.placed_at, page.state, page.state_since, page.units,
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
             AND resolved_at IS NULL
           ORDER BY since LIMIT 1
      ) AS hold ON true
      LEFT JOIN LATERAL (
          SELECT min(first_due_at) AS since, max(attempts) AS attempts FROM pending
           WHERE pending.connection = page.connection AND flow IN ('orders', 'fulfillments') AND key = page.order_id
      ) AS wait ON true
     ORDER BY page.placed_at DESC, page.connection DESC, page.order_id DESC
"""

_OF = "(CAST(:connection AS text) IS NULL OR connection = :connection)"

_COUNTS = text(
    f"""
    SELECT state, {counted(f"orders WHERE orders.state = states.state AND {_OF}")} AS many
      FROM unnest(CAST(:states AS text[])) AS states (state)
    """  # noqa: S608 - all of it is written here
)

_HELD = text(
    f"""
    SELECT {
        counted(
            "(SELECT DISTINCT connection, key FROM holds WHERE flow IN ('orders', 'fulfillments') "
            f"AND resolved_at IS NULL AND {_OF}) AS held "
            "JOIN orders ON orders.connection = held.connection AND order_id = key"
        )
    }"""  # noqa: S608 - all of it is written here
)

_LATE = text(
    f"""
    SELECT connection, state, count(*) AS many, min(state_since) AS since FROM orders
     WHERE ({LATE}) AND (CAST(:connection AS text) IS NULL OR connection = :connection)
     GROUP BY connection, state ORDER BY connection, state
    """  # noqa: S608 - made of the enum's words and of numbers
)


@dataclass(frozen=True, slots=True)
class Counts:
    """
    How many orders there are in each state, how many of all have a hold, and how many are late.

    Each state is counted up to `COUNTED_TO`; one more stands for any number above.
    """

    by_state: Mapping[OrderState, int]
    held: int
    late: int

    @property
    def all(self) -> int:
        """How many there are, counted like each state."""
        return min(sum(self.by_state.values()), COUNTED_TO + 1)


@dataclass(frozen=True, slots=True)
class Late:
    """How many orders of one connection have been in a state for too long, the first of them since `since`."""

    connection: ConnectionId
    state: OrderState
    many: int
    since: datetime


async def page(tx: Tx, wanted: Filter, after: Place | None = None, limit: int = PAGE) -> Page:
    """Return a page of the orders that are wanted, newest first."""
    at: datetime = (await tx.execute(text("SELECT hub_now()"))).scalar_one()
    listing = Listing(
        table="orders",
        key=("connection", "order_id"),
        order="placed_at DESC, connection DESC, order_id DESC",
        wanted=_narrowing(wanted, after),
        limit=limit + 1,
    )
    given = {
        "connection": wanted.connection,
        "state": wanted.state and wanted.state.value,
        "placed": wanted.placed and wanted.placed.within,
        "placed_at": after and after.placed_at,
        "after_connection": after and after.connection,
        "after_id": after and after.order_id,
    }
    search = order_search.search_for(wanted.text) if wanted.text else None
    found = await rows(tx, listing, _PAGE, given, search)
    listed = tuple(
        Listed(
            connection=ConnectionId(row.connection),
            order_id=OrderId(row.order_id),
            name=row.name,
            placed_at=row.placed_at,
            state=OrderState(row.state),
            state_since=row.state_since,
            late=is_late(OrderState(row.state), row.state_since, at),
            units=row.units,
            last_event=row.last_event,
            last_event_at=row.last_event_at,
            cause=Cause(row.cause) if row.cause else None,
            hold_detail=row.hold_detail,
            waits_since=row.waits_since,
            failed_attempts=row.attempts,
        )
        for row in found[:limit]
    )
    last = listed[-1] if len(found) > limit else None
    return Page(at, listed, None if last is None else Place(last.placed_at, last.connection, last.order_id))


def _narrowing(wanted: Filter, after: Place | None) -> Sequence[str]:
    """Return the conditions that are asked for, and no others: each kind of page gets a plan of its own."""
    return [
        condition
        for condition, asked in (
            ("connection = :connection", wanted.connection),
            (_HAS_HOLD if wanted.state is OrderState.HELD else "state = :state", wanted.state),
            (f"({LATE})", wanted.late),
            ("placed_at >= hub_now() - CAST(:placed AS interval)", wanted.placed),
            ("(placed_at, connection, order_id) < (:placed_at, :after_connection, :after_id)", after),
        )
        if asked
    ]


async def counts(tx: Tx, connection: ConnectionId | None = None) -> Counts:
    """Return how many orders there are, of one connection or of all."""
    scope = {"connection": connection}
    rows = await tx.execute(_COUNTS, {**scope, "states": [state.value for state in OrderState]})
    by_state = {OrderState(row.state): row.many for row in rows if row.many}
    held: int = (await tx.execute(_HELD, scope)).scalar_one()
    return Counts(by_state, held, sum(one.many for one in await late(tx, connection)))


async def late(tx: Tx, connection: ConnectionId | None = None) -> Sequence[Late]:
    """Return how many orders are late, by connection and state."""
    return [
        Late(ConnectionId(row.connection), OrderState(row.state), row.many, row.since)
        for row in await tx.execute(_LATE, {"connection": connection})
    ]


async def names(tx: Tx, connection: ConnectionId, order_ids: Sequence[OrderId]) -> Mapping[OrderId, str]:
    """Return what people call these orders; unknown ones are left out."""
    query = text("SELECT order_id, name FROM orders WHERE connection = :connection AND order_id = ANY(:ids)")
    rows = await tx.execute(query, {"connection": connection, "ids": list(order_ids)})
    return {OrderId(row.order_id): row.name for row in rows}
