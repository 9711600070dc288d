"""Random tokens that open something: shown once, known by their fingerprint afterwards."""

import hashlib
import hmac
import secrets


def new_token(prefix: str = "") -> str:
    """Return 256 random bits as text; the prefix lets people and scanners see what it is."""
    return prefix + secrets.token_urlsafe(32)


def fingerprint(token: str) -> bytes:
    """Return what is kept of a token. SHA-256 will do: nobody guesses 256 bits, however fast."""
    return hashlib.sha256(token.encode()).digest()


def derived(token: str, purpose: str) -> str:
    """Return another token that whoever holds this one can make, and nobody else."""
    return hmac.new(token.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare in a time that tells nothing about where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
