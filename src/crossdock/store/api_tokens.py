"""The owner of `api_tokens`: what programs may do. A token is shown once; its fingerprint is kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from crossdock.kit.errors import UsageError
from crossdock.model.people import Scope, TokenId
from crossdock.store.database import Tx
from crossdock.store.schema import api_tokens

LONGEST_NAME = 100
_USED_AT_MOST_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What is known of a token."""

    id: TokenId
    name: str
    scopes: tuple[Scope, ...]
    added_by: str
    added_at: datetime
    ends_at: datetime | None
    used_at: datetime | None
    expired: bool


async def add(
    tx: Tx,
    name: str,
    fingerprint: bytes,
    scopes: Collection[Scope],
    added_by: str,
    lasting: timedelta | None,
) -> None:
    """Keep a new token; without `lasting` it is good until it is revoked. Raises UsageError."""
    called = " ".join(name.split())
    if not called.isprintable() or not 0 < len(called) <= LONGEST_NAME:
        raise UsageError(
            f"A token's name has 1 to {LONGEST_NAME} characters that can be seen. Name it for the program that uses it."
        )
    if not scopes:
        raise UsageError(f"A token needs a scope: {', '.join(Scope)}.")
    row = insert(api_tokens).values(
        name=called,
        fingerprint=fingerprint,
        scopes=[scope for scope in Scope if scope in scopes],
        added_by=added_by,
        ends_at=None if lasting is None else func.hub_now() + lasting,
    )
    added = await tx.execute(row.on_conflict_do_nothing().returning(api_tokens.c.id))
    if added.first() is None:
        raise UsageError(f"There is a token {called!r} already. Choose another name, or revoke that one first.")


async def find(tx: Tx, fingerprint: bytes) -> tuple[str, tuple[Scope, ...]] | None:
    """Return name and scopes of a token that is good now, and remember that it was used; to the minute."""
    row = (
        await tx.execute(
            select(api_tokens.c.id, api_tokens.c.name, api_tokens.c.scopes).where(
                api_tokens.c.fingerprint == fingerprint,
                api_tokens.c.revoked_at.is_(None),
                or_(api_tokens.c.ends_at.is_(None), api_tokens.c.ends_at > func.hub_now()),
            )
        )
    ).one_or_none()
    if row is None:
        return None
    lately = func.hub_now() - _USED_AT_MOST_EVERY
    await tx.execute(
        update(api_tokens)
        .where(api_tokens.c.id == row.id, or_(api_tokens.c.used_at.is_(None), api_tokens.c.used_at < lately))
        .values(used_at=func.hub_now())
    )
    return row.name, tuple(Scope(scope) for scope in row.scopes)


async def listed(tx: Tx) -> tuple[datetime, Sequence[ApiToken]]:
    """Return the database's time and every token that was not revoked, by name."""
    at: datetime = (await tx.execute(select(func.hub_now()))).scalar_one()
    rows = await tx.execute(
        select(
            api_tokens.c.id,
            api_tokens.c.name,
            api_tokens.c.scopes,
            api_tokens.c.added_by,
            api_tokens.c.added_at,
            api_tokens.c.ends_at,
            api_tokens.c.used_at,
            func.coalesce(api_tokens.c.ends_at <= func.hub_now(), False).label("expired"),
        )
        .where(api_tokens.c.revoked_at.is_(None))
        .order_by(api_tokens.c.name)
    )
    return at, [
        ApiToken(
            TokenId(row.id),
            row.name,
            tuple(Scope(scope) for scope in row.scopes),
            row.added_by,
            row.added_at,
            row.ends_at,
            row.used_at,
            row.expired,
        )
        for row in rows
    ]


async def revoke(tx: Tx, name: str) -> None:
    """Let a token open nothing any longer. Raises UsageError where there is none of that name."""
    changed = await tx.execute(
        update(api_tokens)
        .where(api_tokens.c.name == name, api_tokens.c.revoked_at.is_(None))
        .values(revoked_at=func.hub_now())
    )
    if not changed.rowcount:
        raise UsageError(f"There is no token {name!r}. List them: crossdock tokens list.")
