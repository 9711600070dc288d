"""Logging in: counted before it is tried, as slow for a stranger as for a user, and the same sentence for both."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from typing import ClassVar, Final

import structlog

from crossdock.edge.denied import Denied
from crossdock.kit.passwords import LONGEST, fits, hashed, is_outdated
from crossdock.kit.tokens import fingerprint, new_token
from crossdock.model.deed import Deed
from crossdock.model.people import Actor, Face, UserId
from crossdock.store import audit, login_attempts, sessions, users
from crossdock.store.database import Database, Tx

TRIES_PER_USER: Final = 10
TRIES_PER_ADDRESS: Final = 50
"""In `login_attempts.WINDOW`. Behind one address may sit a whole office, so its successes are not counted."""

# A try takes 19 MiB and 30 ms of one core: strangers must not have them all.
_HASHERS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="passwords")

_log = structlog.get_logger()


class WrongLogin(Denied):
    """An address and a password that do not go together, whichever of them is wrong."""

    status: ClassVar[int] = 401

    def __init__(self) -> None:
        super().__init__(
            "This e-mail address and this password do not go together. Check both; an admin can make you a link to "
            "choose another password."
        )


class TooManyTries(Denied):
    """Somebody who has tried too often lately."""

    status: ClassVar[int] = 429

    def __init__(self, after: timedelta) -> None:
        minutes = int(after.total_seconds() // 60)
        super().__init__(f"There were too many tries. Wait {minutes} minutes, then try again.")


async def log_in(database: Database, email: str, password: str, address: str | None) -> str:
    """Log a user in and return the session's token. Raises WrongLogin, TooManyTries."""
    user = await check_password(database, email, password, address)
    async with database.begin() as tx:
        return await begin_session(tx, user, address)


async def check_password(database: Database, email: str, password: str, address: str | None) -> UserId:
    """Return whose address and password these are. Raises WrongLogin, TooManyTries."""
    whose, where = f"user {_digest(users.as_typed(email))}", f"address {_network(address)}"
    async with database.begin() as tx:
        tries = await login_attempts.count(tx, [whose, where])
        found = await users.password_of(tx, email)
    if tries[whose] > TRIES_PER_USER or tries[where] > TRIES_PER_ADDRESS:
        _log.warning("a login was refused", why="too many tries")
        raise TooManyTries(login_attempts.WINDOW)
    user, kept = (None, None) if found is None else found
    right, anew = await asyncio.get_running_loop().run_in_executor(_HASHERS, _compare, password, kept)
    if user is None or not right:
        _log.warning("a login was refused", why="wrong address or password")
        raise WrongLogin
    async with database.begin() as tx:
        await login_attempts.forget(tx, whose)
        await login_attempts.take_back(tx, where)
        if anew is not None:
            await users.set_password(tx, user, anew)
    return user


async def begin_session(tx: Tx, user: UserId, address: str | None) -> str:
    """Begin a session of a user who has shown that they are it, and return its token."""
    token = new_token()
    known = await users.get(tx, user)
    await sessions.begin(tx, user, fingerprint(token), address)
    await audit.record(tx, Actor(known.email, Face.PORTAL, address), Deed.LOGGED_IN, known.email)
    return token


def _compare(password: str, kept: str | None) -> tuple[bool, str | None]:
    """Return whether it fits, and what to keep of it from now on where today's parameters are stronger."""
    right = fits(password[: LONGEST + 1], kept)
    return right, hashed(password) if right and kept is not None and is_outdated(kept) else None


def _digest(email: str) -> str:
    """Whoever types their password into the wrong field must not have it kept."""
    return sha256(email.encode()).hexdigest()


def _network(address: str | None) -> str:
    """Return what one stranger has of addresses: one of IPv4, a whole /64 of IPv6."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    return str(IPv6Address(int(parsed) >> 64 << 64)) if isinstance(parsed, IPv6Address) else str(parsed)
