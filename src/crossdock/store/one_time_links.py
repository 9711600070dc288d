"""The owner of `one_time_links`: links by which the first admin is made, or a user chooses a password; once each."""

from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, func, insert, select

from crossdock.model.people import UserId
from crossdock.store.database import Tx
from crossdock.store.schema import one_time_links

FIRST_ADMIN: Final = timedelta(hours=1)
"""How long the link on the console is good for."""

PASSWORD: Final = timedelta(days=2)
"""How long a user has to choose a password: a link is handed over by mail or by chat, and weekends are long."""


async def make(tx: Tx, fingerprint: bytes, user: UserId | None) -> None:
    """Make a link for a user, or for the first admin; earlier ones for the same are good no longer."""
    mine = one_time_links.c.user.is_(None) if user is None else one_time_links.c.user == user
    await tx.execute(delete(one_time_links).where(mine))
    lasting = FIRST_ADMIN if user is None else PASSWORD
    await tx.execute(
        insert(one_time_links).values(fingerprint=fingerprint, user=user, ends_at=func.hub_now() + lasting)
    )


async def find(tx: Tx, fingerprint: bytes) -> tuple[UserId | None] | None:
    """Return for whom the link is good now, None where it is good for nothing."""
    row = (await tx.execute(select(one_time_links.c.user).where(*_good(fingerprint)))).one_or_none()
    return None if row is None else (None if row.user is None else UserId(row.user),)


async def use(tx: Tx, fingerprint: bytes) -> tuple[UserId | None] | None:
    """Use the link up, and return for whom it was good; of two who use it at once, one gets None."""
    used = (
        await tx.execute(delete(one_time_links).where(*_good(fingerprint)).returning(one_time_links.c.user))
    ).one_or_none()
    return None if used is None else (None if used.user is None else UserId(used.user),)


async def forget(tx: Tx, user: UserId) -> None:
    """Let no link of a user be good any longer."""
    await tx.execute(delete(one_time_links).where(one_time_links.c.user == user))


def _good(fingerprint: bytes) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return one_time_links.c.fingerprint == fingerprint, one_time_links.c.ends_at > func.hub_now()
