"""What admins decide about users and tokens, from whichever face; each written down with who decided it."""

from collections.abc import Collection
from datetime import timedelta

from crossdock.kit.passwords import checked_password, hashed
from crossdock.kit.tokens import fingerprint, new_token
from crossdock.model.deed import Deed
from crossdock.model.people import Actor, Role, Scope
from crossdock.store import api_tokens, audit, one_time_links, sessions, users
from crossdock.store.database import Tx
from crossdock.store.users import User

TOKEN_PREFIX = "xdk_"  # noqa: S105 - what tokens begin with, so that scanners for secrets know one


async def add_user(tx: Tx, by: Actor, name: str, email: str, role: Role, password: str | None = None) -> User:
    """Add a user, with a password or to choose one by a link. Raises UsageError."""
    kept = None if password is None else hashed(checked_password(password, name, email.strip()))
    added = await users.add(tx, name, email, role, kept)
    await audit.record(tx, by, Deed.USER_ADDED, added.email, after={"name": added.name, "role": role})
    return added


async def make_link(tx: Tx, by: Actor, user: User) -> str:
    """Return the token of a link by which a user chooses a password; the old one works until then."""
    token = new_token()
    await one_time_links.make(tx, fingerprint(token), user.id)
    await audit.record(tx, by, Deed.LINK_MADE, user.email)
    return token


def welcome_link(portal: str, token: str) -> str:
    """Return the link of a portal's address and such a token."""
    return f"{portal}/welcome/{token}"


async def set_password(tx: Tx, by: Actor, user: User, password: str, but: bytes | None = None) -> None:
    """Give a user another password, and log them out everywhere except in the session `but`. Raises UsageError."""
    await users.set_password(tx, user.id, hashed(checked_password(password, user.name, user.email)))
    await sessions.end_all(tx, user.id, but)
    await one_time_links.forget(tx, user.id)
    await audit.record(tx, by, Deed.PASSWORD_CHANGED, user.email)


async def set_role(tx: Tx, by: Actor, user: User, role: Role) -> None:
    """Give a user another role; it counts from their next click. Raises UsageError for the last admin."""
    if role is not user.role:
        await users.set_role(tx, user.id, role)
        await audit.record(tx, by, Deed.ROLE_CHANGED, user.email, before={"role": user.role}, after={"role": role})


async def disable(tx: Tx, by: Actor, user: User) -> None:
    """Let a user in no longer, from their next click on. Raises UsageError for the last admin."""
    if user.disabled_at is None:
        await users.disable(tx, user.id)
        await sessions.end_all(tx, user.id)
        await one_time_links.forget(tx, user.id)
        await audit.record(tx, by, Deed.USER_DISABLED, user.email)


async def enable(tx: Tx, by: Actor, user: User) -> None:
    """Let a disabled user in again."""
    if user.disabled_at is not None:
        await users.enable(tx, user.id)
        await audit.record(tx, by, Deed.USER_ENABLED, user.email)


async def log_out(tx: Tx, by: Actor, user: User) -> int:
    """End all sessions of a user, who may log in again; return how many there were."""
    _, open_ = await sessions.of_user(tx, user.id)
    if open_:
        await sessions.end_all(tx, user.id)
        await audit.record(tx, by, Deed.LOGGED_OUT, user.email, before={"sessions": len(open_)})
    return len(open_)


async def add_token(tx: Tx, by: Actor, name: str, scopes: Collection[Scope], lasting: timedelta | None) -> str:
    """Make an API token and return it: nobody can see it again. Raises UsageError."""
    token = new_token(TOKEN_PREFIX)
    await api_tokens.add(tx, name, fingerprint(token), scopes, by.name, lasting)
    after = {"scopes": sorted(scopes), "days": None if lasting is None else lasting.days}
    await audit.record(tx, by, Deed.TOKEN_ADDED, " ".join(name.split()), after=after)
    return token


async def revoke_token(tx: Tx, by: Actor, name: str) -> None:
    """Let a token open nothing any longer. Raises UsageError where there is none of that name."""
    await api_tokens.revoke(tx, name)
    await audit.record(tx, by, Deed.TOKEN_REVOKED, name)
