"""The owner of `alert_messages`: what was decided to be sent, claimed before it is tried, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Row, delete, func, insert, select, update

from crossdock.model.alert_text import Message
from crossdock.model.people import UserId
from crossdock.store.database import Tx
from crossdock.store.schema import alert_messages

AT_ONCE: Final = timedelta(minutes=2)
"""How long one try may take; only then does another process believe that the one that claimed it was killed."""

KEPT: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Sending:
    """A message on its way or at its end. `key` is the same at every try; `attempts` counts the present one too."""

    id: int
    key: str
    alert: str
    channel: str
    user: UserId | None
    message: Message
    written_at: datetime
    attempts: int
    last_error: str | None
    sent_at: datetime | None
    given_up_at: datetime | None

    @property
    def state(self) -> str:
        """What became of it, in a word or two."""
        if self.sent_at is not None:
            return "sent"
        if self.given_up_at is not None:
            return "given up"
        return "to be tried again" if self.attempts else "to be sent"


@dataclass(frozen=True, slots=True)
class Recipient:
    """By which channel a message goes out, what it is listed under, and the user who gets it in place of the usual."""

    alert: str
    channel: str
    user: UserId | None = None


async def write(tx: Tx, key: str, to: Recipient, message: Message) -> int:
    """Write down a message that is to be sent; return its number."""
    row = insert(alert_messages).values(
        key=key,
        alert=to.alert,
        channel=to.channel,
        user=to.user,
        subject=message.subject,
        lines=list(message.lines),
        link=message.link,
    )
    number: int = (await tx.execute(row.returning(alert_messages.c.id))).scalar_one()
    return number


async def claim(tx: Tx, number: int | None = None) -> Sending | None:
    """Claim the message that is due longest, or this one, for one try; None where there is none to be tried now."""
    query = (
        select(alert_messages.c.id)
        .where(
            alert_messages.c.sent_at.is_(None),
            alert_messages.c.given_up_at.is_(None),
            alert_messages.c.due_at <= func.hub_now(),
        )
        .order_by(alert_messages.c.due_at, alert_messages.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if number is not None:
        query = query.where(alert_messages.c.id == number)
    found = (await tx.execute(query)).scalar()
    if found is None:
        return None
    claimed = (
        update(alert_messages)
        .where(alert_messages.c.id == found)
        .values(attempts=alert_messages.c.attempts + 1, due_at=func.hub_now() + AT_ONCE)
        .returning(*alert_messages.c)
    )
    return _sending((await tx.execute(claimed)).one())


async def sent(tx: Tx, number: int) -> None:
    """It arrived."""
    await _settle(tx, number, sent_at=func.hub_now(), last_error=None)


async def failed(tx: Tx, number: int, error: str, again_in: timedelta | None) -> None:
    """It did not arrive; it is tried again after a while, or given up where that is None."""
    if again_in is None:
        await _settle(tx, number, given_up_at=func.hub_now(), last_error=error)
    else:
        await _settle(tx, number, due_at=func.hub_now() + again_in, last_error=error)


async def get(tx: Tx, number: int) -> Sending:
    """Return a message that was written."""
    return _sending((await tx.execute(select(alert_messages).where(alert_messages.c.id == number))).one())


async def latest(tx: Tx, limit: int) -> Sequence[Sending]:
    """Return the newest messages, newest first."""
    rows = await tx.execute(select(alert_messages).order_by(alert_messages.c.id.desc()).limit(limit))
    return [_sending(row) for row in rows]


async def forget_old(tx: Tx) -> None:
    """Forget what is long past."""
    await tx.execute(delete(alert_messages).where(alert_messages.c.written_at < func.hub_now() - KEPT))


async def _settle(tx: Tx, number: int, **values: object) -> None:
    await tx.execute(update(alert_messages).where(alert_messages.c.id == number).values(**values))


def _sending(row: Row[tuple[object, ...]]) -> Sending:
    return Sending(
        id=row.id,
        key=row.key,
        alert=row.alert,
        channel=row.channel,
        user=None if row.user is None else UserId(row.user),
        message=Message(row.subject, tuple(row.lines), row.link),
        written_at=row.written_at,
        attempts=row.attempts,
        last_error=row.last_error,
        sent_at=row.sent_at,
        given_up_at=row.given_up_at,
    )
