"""Table `watermarks`: up to when everything that changed in a stream was noticed, and where to read on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from crossdock.model.names import ConnectionId
from crossdock.store.database import Tx
from crossdock.store.schema import watermarks

ORDERS: Final = "orders"
"""The stream of orders that changed at Shopify."""

VARIANTS: Final = "variants"
"""The stream of variants that changed at Shopify."""

BACKEND: Final = "backend"
"""The stream of all that changed at the backend."""


@dataclass(frozen=True, slots=True)
class Watermark:
    """
    How far a stream was swept.

    `complete_to`: everything that changed before it was marked to be looked at, whoever told of it; whether it has
    been looked at by now, `pending` and the holds say. None until a sweep came to its end. `cursor` is the backend's
    own bookmark.
    """

    complete_to: datetime | None
    cursor: str | None


NONE_YET = Watermark(None, None)


async def read(tx: Tx, connection: ConnectionId, stream: str) -> Watermark:
    """Return how far a stream was checked; NONE_YET where it never was."""
    row = (
        await tx.execute(
            select(watermarks.c.complete_to, watermarks.c.cursor).where(
                watermarks.c.connection == connection, watermarks.c.stream == stream
            )
        )
    ).one_or_none()
    return NONE_YET if row is None else Watermark(row.complete_to, row.cursor)


async def advance(
    tx: Tx, connection: ConnectionId, stream: str, *, complete_to: datetime | None, cursor: str | None = None
) -> None:
    """
    Move a stream's mark; belongs into the transaction of the sweep's last marks.

    `complete_to` never moves back: a slower twin of a sweep cannot undo a faster one.
    """
    statement = insert(watermarks).values(
        connection=connection, stream=stream, complete_to=complete_to, cursor=cursor, checked_at=func.hub_now()
    )
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["connection", "stream"],
            set_={
                "complete_to": func.greatest(watermarks.c.complete_to, statement.excluded.complete_to),
                "cursor": statement.excluded.cursor,
                "checked_at": func.hub_now(),
            },
        )
    )


async def now(tx: Tx) -> datetime:
    """Return the database's time."""
    moment: datetime = (await tx.execute(select(func.hub_now()))).scalar_one()
    return moment
