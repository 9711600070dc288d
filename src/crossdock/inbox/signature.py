"""Whether a body really comes from Shopify."""

import base64
import hmac
from collections.abc import Iterable


def signed_by_any(body: bytes, signature: str, secrets: Iterable[str]) -> bool:
    """
    Tell whether `signature` is the base64 of HMAC-SHA256 over the raw `body` with any of the `secrets`.

    Every secret is tried and compared in constant time, so that the answer's delay tells nothing about which one
    fits (Shopify docs, 2026-07).
    """
    given = signature.encode()
    fits = False
    for secret in secrets:
        expected = base64.b64encode(hmac.digest(secret.encode(), body, "sha256"))
        fits |= hmac.compare_digest(expected, given)
    return fits
