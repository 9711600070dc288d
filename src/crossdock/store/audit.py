"""The owner of `audit`: who changed what, when, from where. Written in the change's own transaction, never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import func, insert, or_, select

from crossdock.kit.redaction import without_secrets
from crossdock.model.deed import Deed
from crossdock.model.people import Actor, Face
from crossdock.store.database import Tx
from crossdock.store.schema import audit

PAGE = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed. `before` and `after` hold what it changed, without secrets."""

    id: int
    at: datetime
    actor: Actor
    deed: Deed
    object: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


async def record(
    tx: Tx,
    actor: Actor,
    deed: Deed,
    object_: str,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """
    Add an entry; it commits with the change that `tx` makes.

    `object_` is what people call the thing. Dataclasses, enums and times in `before` and `after` are kept as JSON has
    them; fields that are named for a secret are left out, should a caller ever forget.
    """
    await tx.execute(
        insert(audit).values(
            actor=actor.name,
            face=actor.face,
            address=actor.address,
            deed=deed,
            object=object_,
            before=_plain(before),
            after=_plain(after),
        )
    )


async def read(
    tx: Tx, *, by: str = "", about: str = "", before: int | None = None, limit: int = PAGE
) -> tuple[datetime, Sequence[Entry]]:
    """
    Return the database's time and entries, newest first.

    `by` is a part of who did it, `about` a part of the deed or of what it was done to; case does not matter. `before`
    is the id of the last entry of the page before.
    """
    query = select(audit).order_by(audit.c.id.desc()).limit(limit)
    if by:
        query = query.where(audit.c.actor.icontains(by, autoescape=True))
    if about:
        query = query.where(
            or_(audit.c.object.icontains(about, autoescape=True), audit.c.deed.icontains(about, autoescape=True))
        )
    if before is not None:
        query = query.where(audit.c.id < before)
    at: datetime = (await tx.execute(select(func.hub_now()))).scalar_one()
    return at, [
        Entry(
            row.id,
            row.at,
            Actor(row.actor, Face(row.face), row.address),
            Deed(row.deed),
            row.object,
            row.before,
            row.after,
        )
        for row in await tx.execute(query)
    ]


def _plain(document: Mapping[str, object] | None) -> Any:
    return None if document is None else without_secrets(to_jsonable_python(document, timedelta_mode="float"))
