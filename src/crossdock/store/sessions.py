"""The owner of `sessions`: who is logged in. Of the cookie's token nothing but a fingerprint is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, func, insert, select, update

from crossdock.model.people import Role, UserId
from crossdock.store.database import Tx
from crossdock.store.schema import sessions, users

IDLE: Final = timedelta(hours=12)
"""A session ends when its person has done nothing for so long: a working day and a bit. Pages renewing themselves do
not count."""

LONGEST: Final = timedelta(days=7)
"""A session ends after so long whatever its person does."""

_SEEN_AT_MOST_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Whose session it is."""

    user: UserId
    name: str
    email: str
    role: Role


@dataclass(frozen=True, slots=True)
class Session:
    """One session of a user, by which they can be told apart."""

    began_at: datetime
    seen_at: datetime
    address: str | None


async def begin(tx: Tx, user: UserId, fingerprint: bytes, address: str | None) -> None:
    """Log a user in; what has ended by now is cleared away."""
    await tx.execute(delete(sessions).where(~_goes_on()))
    await tx.execute(insert(sessions).values(fingerprint=fingerprint, user=user, address=address))


async def find(tx: Tx, fingerprint: bytes) -> LoggedIn | None:
    """Return whose session it is, None where it has ended or its user is disabled."""
    row = (
        await tx.execute(
            select(users.c.id, users.c.name, users.c.email, users.c.role)
            .join(users, users.c.id == sessions.c.user)
            .where(sessions.c.fingerprint == fingerprint, _goes_on(), users.c.disabled_at.is_(None))
        )
    ).one_or_none()
    return None if row is None else LoggedIn(UserId(row.id), row.name, row.email, Role(row.role))


async def seen(tx: Tx, fingerprint: bytes) -> None:
    """Remember that its person did something; to the minute, for each page would be a write otherwise."""
    await tx.execute(
        update(sessions)
        .where(sessions.c.fingerprint == fingerprint, sessions.c.seen_at < func.hub_now() - _SEEN_AT_MOST_EVERY)
        .values(seen_at=func.hub_now())
    )


async def of_user(tx: Tx, user: UserId) -> tuple[datetime, Sequence[Session]]:
    """Return the database's time and a user's sessions, the one that was used last first."""
    at: datetime = (await tx.execute(select(func.hub_now()))).scalar_one()
    rows = await tx.execute(
        select(sessions.c.began_at, sessions.c.seen_at, sessions.c.address)
        .where(sessions.c.user == user, _goes_on())
        .order_by(sessions.c.seen_at.desc())
    )
    return at, [Session(row.began_at, row.seen_at, row.address) for row in rows]


async def end(tx: Tx, fingerprint: bytes) -> None:
    """Log out of one session."""
    await tx.execute(delete(sessions).where(sessions.c.fingerprint == fingerprint))


async def end_all(tx: Tx, user: UserId, but: bytes | None = None) -> None:
    """Log a user out everywhere, except in the session `but`."""
    query = delete(sessions).where(sessions.c.user == user)
    await tx.execute(query if but is None else query.where(sessions.c.fingerprint != but))


def _goes_on() -> ColumnElement[bool]:
    return and_(sessions.c.seen_at > func.hub_now() - IDLE, sessions.c.began_at > func.hub_now() - LONGEST)
