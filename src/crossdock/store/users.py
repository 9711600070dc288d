"""The owner of `users`: who may use the hub, in which role. There is always an admin left, once there was one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Row, Select, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from crossdock.kit.errors import UsageError
from crossdock.model.people import Role, UserId
from crossdock.store.database import Tx
from crossdock.store.schema import users

_Columns: TypeAlias = tuple[int, str, str, str, str | None, datetime, datetime | None]
_ADDRESS = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,185}")
LONGEST_NAME = 100


class UnknownUser(UsageError):
    """A user who was never added."""

    def __init__(self, who: str) -> None:
        super().__init__(f"There is no user {who}. List them: crossdock users list.")


@dataclass(frozen=True, slots=True)
class User:
    """A person who may use the hub. `password` says whether they have chosen one yet."""

    id: UserId
    name: str
    email: str
    role: Role
    password: bool
    added_at: datetime
    disabled_at: datetime | None


def as_typed(email: str) -> str:
    """
    Return an address as it is looked up, whatever was typed: whoever counts by address has to count by this one.

    PostgreSQL takes no NUL, not even to say that nobody is called so.
    """
    return email.replace("\0", "").strip().lower()


def normal(email: str) -> str:
    """Return an e-mail address as it is kept. Raises UsageError where it is none."""
    plain = as_typed(email)
    if not _ADDRESS.fullmatch(plain):
        raise UsageError(f"{email!r} is no e-mail address. It should look like ada@example.com.")
    return plain


async def add(tx: Tx, name: str, email: str, role: Role, password: str | None) -> User:
    """
    Add a user; `password` is what is kept of one, None where they are to choose it.

    Raises UsageError where the address is taken or is none, or the name cannot be one.
    """
    called = " ".join(name.split())
    if not called.isprintable() or not 0 < len(called) <= LONGEST_NAME:
        raise UsageError(f"A user's name has 1 to {LONGEST_NAME} characters that can be seen.")
    row = insert(users).values(name=called, email=normal(email), role=role, password=password)
    added = (await tx.execute(row.on_conflict_do_nothing().returning(users.c.id))).scalar()
    if added is None:
        raise UsageError(f"There is a user {normal(email)} already. See: crossdock users list.")
    return await get(tx, UserId(added))


async def get(tx: Tx, user: UserId) -> User:
    """Return a user. Raises UnknownUser."""
    row = (await tx.execute(_users().where(users.c.id == user))).one_or_none()
    if row is None:
        raise UnknownUser(str(user))
    return _user(row)


async def named(tx: Tx, email: str) -> User:
    """Return the user with this e-mail address. Raises UnknownUser."""
    row = (await tx.execute(_users().where(users.c.email == as_typed(email)))).one_or_none()
    if row is None:
        raise UnknownUser(email)
    return _user(row)


async def password_of(tx: Tx, email: str) -> tuple[UserId, str | None] | None:
    """Return who logs in by this address, and what is kept of their password; None where nobody may."""
    row = (
        await tx.execute(
            select(users.c.id, users.c.password).where(users.c.email == as_typed(email), users.c.disabled_at.is_(None))
        )
    ).one_or_none()
    return None if row is None else (UserId(row.id), row.password)


async def listed(tx: Tx) -> Sequence[User]:
    """Return every user, by name."""
    return [_user(row) for row in await tx.execute(_users().order_by(func.lower(users.c.name), users.c.id))]


async def is_anyone(tx: Tx) -> bool:
    """Tell whether there is any user yet."""
    return (await tx.execute(select(users.c.id).limit(1))).first() is not None


async def set_password(tx: Tx, user: UserId, password: str) -> None:
    """Keep what is kept of a new password."""
    await tx.execute(update(users).where(users.c.id == user).values(password=password))


async def set_role(tx: Tx, user: UserId, role: Role) -> None:
    """Give a user another role. Raises UsageError where no admin would be left."""
    await _one_at_a_time(tx)
    await tx.execute(update(users).where(users.c.id == user).values(role=role))
    await _refuse_to_lose_the_last_admin(tx)


async def disable(tx: Tx, user: UserId) -> None:
    """Let a user in no longer. Raises UsageError where no admin would be left."""
    await _one_at_a_time(tx)
    await tx.execute(
        update(users).where(users.c.id == user, users.c.disabled_at.is_(None)).values(disabled_at=func.hub_now())
    )
    await _refuse_to_lose_the_last_admin(tx)


async def enable(tx: Tx, user: UserId) -> None:
    """Let a disabled user in again."""
    await tx.execute(update(users).where(users.c.id == user).values(disabled_at=None))


async def _one_at_a_time(tx: Tx) -> None:
    """Two admins who demote each other at once must not both succeed."""
    await tx.execute(text("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE"))


async def _refuse_to_lose_the_last_admin(tx: Tx) -> None:
    query = select(users.c.id).where(users.c.role == Role.ADMIN, users.c.disabled_at.is_(None)).limit(1)
    if (await tx.execute(query)).first() is None:
        raise UsageError("This is the last admin; nobody could set up anything then. Make somebody else admin first.")


def _users() -> Select[*_Columns]:
    return select(
        users.c.id,
        users.c.name,
        users.c.email,
        users.c.role,
        users.c.password,
        users.c.added_at,
        users.c.disabled_at,
    )


def _user(row: Row[*_Columns]) -> User:
    return User(
        id=UserId(row.id),
        name=row.name,
        email=row.email,
        role=Role(row.role),
        password=row.password is not None,
        added_at=row.added_at,
        disabled_at=row.disabled_at,
    )
