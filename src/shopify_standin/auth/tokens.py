"""
How apps come by tokens: the four grants of `POST /admin/oauth/access_token` (Shopify docs, 2026).

The names of the errors are those that the official client library tells apart; their HTTP status is assumed.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from shopify_standin.auth.apps import App, Grant, RefreshToken, Registrar
from shopify_standin.errors import JsonObject

CLIENT_CREDENTIALS_LIFE = timedelta(seconds=86_399)
EXPIRING_LIFE = timedelta(hours=1)
REFRESH_LIFE = timedelta(days=90)
REFRESH_GRACE = timedelta(days=30)
"""How long a used refresh token stays good while what came of it is unused (Shopify changelog, 2026-08-28)."""
CODE_LIFE = timedelta(hours=1)

TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 - a name from RFC 8693
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105 - a name from RFC 8693

Asked = Mapping[str, Any]


class TokenRefused(Exception):
    """No token; `error` and the sentence go into the answer's body."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.status = error, status


def issue(registrar: Registrar, asked: Asked, shop: str, now: datetime) -> JsonObject:
    """The answer to a request for a token; raises TokenRefused."""
    app = _authenticated(registrar, asked)
    kind = asked.get("grant_type") or ("authorization_code" if asked.get("code") else None)
    ways: dict[Any, Callable[[], JsonObject]] = {
        "client_credentials": lambda: _client_credentials(registrar, app, now),
        "authorization_code": lambda: _exchange_code(registrar, app, asked, now),
        "refresh_token": lambda: _refresh(registrar, app, asked, now),
        TOKEN_EXCHANGE: lambda: _exchange_token(registrar, app, asked, shop, now),
    }
    if kind not in ways:
        raise TokenRefused("unsupported_grant_type", f"The grant type {kind!r} is not supported.")
    return ways[kind]()


def _authenticated(registrar: Registrar, asked: Asked) -> App:
    app = registrar.apps.get(str(asked.get("client_id")))
    if app is None:
        raise TokenRefused("application_cannot_be_found", "No app has this client id.")
    given = str(asked.get("client_secret") or "")
    if not any(hmac.compare_digest(given.encode(), secret.encode()) for secret in app.secrets):
        raise TokenRefused("invalid_client", "The client secret is wrong.", 401)
    return app


def _client_credentials(registrar: Registrar, app: App, now: datetime) -> JsonObject:
    app.is_installed = True
    made = registrar.grant(_new_token(), app, app.scopes, now + CLIENT_CREDENTIALS_LIFE)
    return _told(made, now)


def _exchange_code(registrar: Registrar, app: App, asked: Asked, now: datetime) -> JsonObject:
    code = registrar.codes.get(str(asked.get("code")))
    if code is None or code.app is not app or code.expires_at <= now:
        raise TokenRefused("invalid_request", "The authorization code was not found or was already used.")
    del registrar.codes[code.value]
    app.is_installed = True
    if _truth(asked.get("expiring")):
        return _expiring_pair(registrar, app, code.scopes, None, now)
    return _told(registrar.grant(_new_token(), app, code.scopes), now)


def _refresh(registrar: Registrar, app: App, asked: Asked, now: datetime) -> JsonObject:
    known = registrar.refreshes.get(str(asked.get("refresh_token")))
    if known is None or known.app is not app or known.is_spent or known.expires_at <= now:
        raise TokenRefused("invalid_grant", "The refresh token is unknown, spent or expired.", 401)
    if known.first_used_at is not None and now - known.first_used_at > REFRESH_GRACE:
        raise TokenRefused("invalid_grant", "The refresh token was used and its grace is over.", 401)
    known.first_used_at = known.first_used_at or now
    if known.parent is not None:
        _spend_family(registrar, known)
    return _expiring_pair(registrar, app, known.scopes, known, now)


def _spend_family(registrar: Registrar, used: RefreshToken) -> None:
    """What a token came of, and what else came of that, ends with the token's first use."""
    if used.parent is not None:
        used.parent.is_spent = True
    for other in registrar.refreshes.values():
        if other.parent is used.parent and other is not used:
            other.is_spent = True


def _exchange_token(registrar: Registrar, app: App, asked: Asked, shop: str, now: datetime) -> JsonObject:
    subject, kind = str(asked.get("subject_token") or ""), asked.get("subject_token_type")
    if kind == ID_TOKEN:
        _check_id_token(subject, app, shop, now)
        app.is_installed = True
        scopes = app.scopes
    elif kind == OFFLINE:
        old = registrar.find(subject, now)
        if old is None or old.app is not app or old.expires_at is not None:
            raise TokenRefused("invalid_subject_token", "The subject token is not a lasting token of this app.")
        scopes = old.scopes
        del registrar.grants[subject]
    else:
        raise TokenRefused("invalid_request", f"The subject token type {kind!r} is not supported.")
    if asked.get("requested_token_type") != OFFLINE:
        raise TokenRefused("invalid_request", "Only offline tokens are modelled; ask for one.")
    if _truth(asked.get("expiring")):
        return _expiring_pair(registrar, app, scopes, None, now)
    return _told(registrar.grant(_new_token(), app, scopes), now)


def _check_id_token(token: str, app: App, shop: str, now: datetime) -> None:
    """Verify a session token: HS256 by a secret of the app, for this app, this shop and this time."""
    try:
        head, body, given = token.split(".")
        signed = f"{head}.{body}".encode()
        good = any(
            hmac.compare_digest(hmac.new(s.encode(), signed, hashlib.sha256).digest(), _unbase64(given))
            for s in app.secrets
        )
        claims = json.loads(_unbase64(body))
        fits = claims["aud"] == app.client_id and claims["dest"] in {f"https://{shop}", shop}
        fresh = claims["exp"] > now.timestamp()
    except (ValueError, KeyError, TypeError):
        good = fits = fresh = False
    if not (good and fits and fresh):
        raise TokenRefused(
            "invalid_subject_token", "The session token is malformed, expired or of another app or shop."
        )


def _expiring_pair(
    registrar: Registrar, app: App, scopes: frozenset[str] | None, parent: RefreshToken | None, now: datetime
) -> JsonObject:
    made = registrar.grant(_new_token(), app, scopes, now + EXPIRING_LIFE)
    refresh = RefreshToken(f"shprt_{secrets.token_hex(16)}", app, scopes, now + REFRESH_LIFE, parent)
    registrar.refreshes[refresh.value] = refresh
    return _told(made, now) | {
        "refresh_token": refresh.value,
        "refresh_token_expires_in": int(REFRESH_LIFE.total_seconds()),
    }


def _told(grant: Grant, now: datetime) -> JsonObject:
    told: JsonObject = {"access_token": grant.token, "scope": ",".join(sorted(grant.scopes or ()))}
    if grant.expires_at is not None:
        told["expires_in"] = int((grant.expires_at - now).total_seconds())
    return told


def _new_token() -> str:
    return f"shpat_{secrets.token_hex(16)}"


def _truth(value: Any) -> bool:
    return str(value).casefold() in {"1", "true"}


def _unbase64(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
