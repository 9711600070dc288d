"""The owner of `login_attempts`: how often somebody tried to log in lately, counted for all processes together."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import case, delete, func, update
from sqlalchemy.dialects.postgresql import insert

from crossdock.store.database import Tx
from crossdock.store.schema import login_attempts

WINDOW: Final = timedelta(minutes=15)
"""Attempts are counted for so long; then the count begins anew."""


async def count(tx: Tx, subjects: Sequence[str]) -> dict[str, int]:
    """
    Count one more attempt for each subject, and return how many each has had in its window, this one included.

    Commit it before the password is looked at: whoever tries a hundred at once is counted a hundred times.
    """
    await tx.execute(delete(login_attempts).where(login_attempts.c.since < func.hub_now() - 2 * WINDOW))
    over = login_attempts.c.since < func.hub_now() - WINDOW
    # Always in the same order, so that two who try at once from one address do not wait for each other in a circle.
    rows = [{"subject": subject, "count": 1, "since": func.hub_now()} for subject in sorted(subjects)]
    counts: dict[str, int] = {}
    for row in rows:
        counted = await tx.execute(
            insert(login_attempts)
            .values(**row)
            .on_conflict_do_update(
                index_elements=["subject"],
                set_={
                    "count": case((over, 1), else_=login_attempts.c.count + 1),
                    "since": case((over, func.hub_now()), else_=login_attempts.c.since),
                },
            )
            .returning(login_attempts.c.subject, login_attempts.c.count)
        )
        subject, many = counted.one()
        counts[subject] = many
    return counts


async def forget(tx: Tx, subject: str) -> None:
    """Begin a subject's count anew: it was who it said."""
    await tx.execute(delete(login_attempts).where(login_attempts.c.subject == subject))


async def take_back(tx: Tx, subject: str) -> None:
    """Take one attempt back: it succeeded, and many people may share an address."""
    await tx.execute(
        update(login_attempts)
        .where(login_attempts.c.subject == subject, login_attempts.c.count > 0)
        .values(count=login_attempts.c.count - 1)
    )
