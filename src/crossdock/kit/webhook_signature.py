"""
Signatures of webhooks that we send, as receivers can check with any library for Standard Webhooks.

Source: the specification at standardwebhooks.com, 1.0: `v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import Final

from crossdock.kit.errors import UsageError

PREFIX: Final = "whsec_"
SHORTEST, LONGEST = 24, 64
"""Of a secret, in bytes, as the specification has it."""


def new_secret() -> str:
    """Return a new secret, in the form that receivers' libraries take."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def checked_secret(secret: str) -> str:
    """Return a secret that was made elsewhere. Raises UsageError where it is none."""
    try:
        length = len(_bytes(secret))
    except (binascii.Error, ValueError):
        length = 0
    if not secret.startswith(PREFIX) or not SHORTEST <= length <= LONGEST:
        raise UsageError(
            f"This is no secret of a webhook. It is {PREFIX} and {SHORTEST} to {LONGEST} bytes in base64; without one "
            "the hub makes it."
        )
    return secret


def signed_headers(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the three headers that a receiver checks; `timestamp` is in seconds since 1970."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.new(_bytes(secret), signed, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }


def _bytes(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
