"""Only who knows a secret of the store can sign a body."""

import base64
import hmac

import pytest

from crossdock.inbox.signature import signed_by_any

BODY = b'{"id": 1}'


def _signed(secret: str, body: bytes = BODY) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


def test_any_of_the_stores_secrets_may_have_signed() -> None:
    assert signed_by_any(BODY, _signed("older"), ["newer", "older"])
    assert signed_by_any(BODY, _signed("newer"), ["newer", "older"])


@pytest.mark.parametrize(
    "signature",
    ["", "AAAA", "nönsense", _signed("stranger"), _signed("newer", BODY + b" "), _signed("newer").lower()],
)
def test_anything_else_is_not_signed(signature: str) -> None:
    assert not signed_by_any(BODY, signature, ["newer", "older"])


def test_a_store_without_secrets_trusts_nobody() -> None:
    assert not signed_by_any(BODY, _signed(""), [])
