"""Passwords: how long they have to be, how they are kept, and a comparison that takes as long for nobody's."""

import secrets
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from crossdock.kit.errors import UsageError

SHORTEST, LONGEST = 12, 256
"""In characters. NIST SP 800-63B asks for length and for nothing else; the longest keeps hashing cheap."""

# Argon2id with 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet, 2025): some 30 ms a try.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)


def checked_password(password: str, *names: str) -> str:
    """Return the password. Raises UsageError where it is too short, too long, or one of the person's `names`."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(
            f"A password has {SHORTEST} to {LONGEST} characters; this one has {len(password)}. "
            "A few words in a row are easy to keep in mind."
        )
    if password.casefold() in {name.casefold() for name in names}:
        raise UsageError("A name or an e-mail address is no password: everybody knows it. Choose another.")
    return password


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    return _HASHER.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Tell whether the password is the one that was kept; where there is none, take as long to say no."""
    nobodys = _nobodys()
    try:
        _HASHER.verify(kept or nobodys, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Tell whether a password was kept by weaker parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_urlsafe())
