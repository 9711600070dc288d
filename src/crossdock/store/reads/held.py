"""What waits for a person, grouped by what is the matter; and what people have put aside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import text

from crossdock.kit.errors import UsageError
from crossdock.model.cause import Cause
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.model.people import UserId
from crossdock.store.database import Tx
from crossdock.store.hold_care import HoldKey
from crossdock.store.holds import IS_OPEN
from crossdock.store.reads.counting import counted

SHOWN: Final = 100
"""How many of one connection's for one cause are read at once."""

AT_A_GLANCE: Final = 20
"""How many of each are read for a page of all causes."""


class Show(StrEnum):
    """Which of what is held is listed."""

    OPEN = "open"
    MINE = "mine"
    """Open, and the task of whoever asks."""
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class HeldObject:
    """
    One held object. `order` is what people call it where it is an order, else None; `assignee` whose task it is.

    `snoozed_until`, `resolved_at` and `note` are as the person said who put it aside. `needs` are ids of what it needs.
    """

    flow: Flow
    key: str
    order: str | None
    detail: str
    needs: tuple[str, ...]
    since: datetime
    assignee: str | None
    snoozed_until: datetime | None
    resolved_at: datetime | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """
    What one connection holds for one cause, the longest waiting first.

    `many` are all of them. `after` is the place at which the next objects begin, as `place` reads it; None at the end.
    """

    connection: ConnectionId
    cause: Cause
    many: int
    objects: tuple[HeldObject, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where objects of one connection and cause begin: after this one."""

    since: datetime
    key: str

    @property
    def cursor(self) -> str:
        """The place as addresses and answers carry it."""
        return f"{self.since.isoformat()} {self.key}"


def place(cursor: str) -> Place | None:
    """Read what `Place.cursor` wrote; anything else begins at the longest waiting."""
    moment, _, key = cursor.partition(" ")
    try:
        since = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return Place(since, key) if since.tzinfo is not None and "\0" not in key else None


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which groups are read; both narrow, and together they name one. Only in one does a list begin at a place."""

    connection: ConnectionId | None = None
    cause: Cause | None = None
    after: Place | None = None


EVERYTHING: Final = Narrowed()


_SHOWN: Final[Mapping[Show, str]] = {
    Show.OPEN: IS_OPEN,
    Show.MINE: f"{IS_OPEN} AND assigned_to = CAST(:user AS bigint)",
    Show.SNOOZED: "resolved_at IS NULL AND snoozed_until > hub_now()",
    Show.RESOLVED: "resolved_at IS NOT NULL",
}


def _groups_of(show: Show, narrowed: Narrowed) -> str:
    alike = "".join(f" AND {column} = :{column}" for column in ("connection", "cause") if getattr(narrowed, column))
    later = " AND (since, key) > (:since, :key)" if narrowed.after else ""
    return f"""
        WITH counted AS (
            SELECT connection, cause, count(*) AS many FROM holds
             WHERE {_SHOWN[show]}{alike} GROUP BY connection, cause
        )
        SELECT counted.connection, counted.cause, counted.many, longest.flow, longest.key, longest.detail,
               longest.needs, longest.since, longest.snoozed_until, longest.resolved_at, longest.note,
               orders.name, users.name AS assignee
          FROM counted CROSS JOIN LATERAL (
              SELECT * FROM holds
               WHERE holds.connection = counted.connection AND holds.cause = counted.cause AND {_SHOWN[show]}{later}
               ORDER BY since, key LIMIT :shown
          ) AS longest
          LEFT JOIN orders ON orders.connection = longest.connection AND orders.order_id = longest.key
          LEFT JOIN users ON users.id = longest.assigned_to
         ORDER BY many DESC, connection, cause, since, key
    """  # noqa: S608 - all of it is written above


_COUNTS = text(
    "SELECT " + ", ".join(f"{counted(f'holds WHERE {held}')} AS {show.value}" for show, held in _SHOWN.items())
)


async def groups(
    tx: Tx,
    show: Show = Show.OPEN,
    user: UserId | None = None,
    shown: int = SHOWN,
    narrowed: Narrowed = EVERYTHING,
) -> tuple[datetime, Sequence[Group]]:
    """
    Return the database's time and the groups, the largest first, each with its longest waiting objects.

    `user` is who asks, for `Show.MINE`. Raises UsageError where a place is given, and not the group that it is in.
    """
    after = narrowed.after
    if after and not (narrowed.connection and narrowed.cause):
        raise UsageError("A place is one in what a connection holds for a cause. Give both, as they were.")
    found: dict[tuple[str, str], list[HeldObject]] = {}
    many: dict[tuple[str, str], int] = {}
    given = {
        "shown": shown + 1,
        **({"user": user} if show is Show.MINE else {}),
        **({"connection": narrowed.connection} if narrowed.connection else {}),
        **({"cause": narrowed.cause.value} if narrowed.cause else {}),
        **({"since": after.since, "key": after.key} if after else {}),
    }
    for row in await tx.execute(text(_groups_of(show, narrowed)), given):
        many[row.connection, row.cause] = row.many
        found.setdefault((row.connection, row.cause), []).append(
            HeldObject(
                flow=Flow(row.flow),
                key=row.key,
                order=row.name,
                detail=row.detail,
                needs=tuple(row.needs),
                since=row.since,
                assignee=row.assignee,
                snoozed_until=row.snoozed_until,
                resolved_at=row.resolved_at,
                note=row.note,
            )
        )
    at: datetime = (await tx.execute(text("SELECT hub_now()"))).scalar_one()
    return at, [
        Group(
            ConnectionId(connection),
            Cause(cause),
            many[connection, cause],
            tuple(objects[:shown]),
            Place(objects[shown - 1].since, objects[shown - 1].key).cursor if len(objects) > shown else None,
        )
        for (connection, cause), objects in found.items()
    ]


async def counts(tx: Tx, user: UserId | None) -> Mapping[Show, int]:
    """Return how many there are to be listed of each, counted to `COUNTED_TO`; `user` is who asks."""
    row = (await tx.execute(_COUNTS, {"user": user})).one()
    return {show: getattr(row, show.value) for show in _SHOWN}


async def all_alike(tx: Tx, connection: ConnectionId, cause: Cause, show: Show = Show.OPEN) -> Sequence[HoldKey]:
    """Return every object that a connection holds for a cause, of those listed by `show` (not `MINE`)."""
    rows = await tx.execute(
        text(f"SELECT flow, key FROM holds WHERE connection = :connection AND cause = :cause AND {_SHOWN[show]}"),  # noqa: S608 - all of it is written above
        {"connection": connection, "cause": cause.value},
    )
    return [HoldKey(connection, Flow(row.flow), row.key) for row in rows]
