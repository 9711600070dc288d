"""
Installing an app by redirect: a person agrees at Shopify, and comes back with a code that buys a token.

The token is asked for as one that ends, as apps that are public must have it; it is renewed by a second token that
changes at each use (Shopify docs, 2026). A store may answer with one that lasts.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote, urlencode

import httpx

from crossdock.kit.tokens import same
from crossdock.model.names import ShopDomain
from crossdock.shopify.client import base_url
from crossdock.shopify.token_requests import AppCredentials, Told, ask_for_token

REFRESHED_AHEAD: Final = timedelta(minutes=10)
"""How long before its end a token that lives an hour is replaced."""

_AGAIN: Final = "The code is good once and for a short time: begin the installation again."
_REINSTALL: Final = (
    "What renews its token is good no longer, as after ninety days without use. Install the app again by redirect."
)


@dataclass(frozen=True, slots=True)
class Granted:
    """A token; its end and what renews it, both None where it lasts."""

    token: str = field(repr=False)
    expires_at: datetime | None = None
    refresh_token: str | None = field(default=None, repr=False)


def consent_url(
    domain: ShopDomain,
    client_id: str,
    scopes: Sequence[str],
    back_to: str,
    state: str,
    *,
    endpoint: str | None = None,
) -> str:
    """Return where a person agrees that the app may do this; Shopify leads them to `back_to`, with `state`."""
    asked = {"client_id": client_id, "scope": ",".join(scopes), "redirect_uri": back_to, "state": state}
    return f"{base_url(domain, endpoint)}/admin/oauth/authorize?{urlencode(asked)}"


def is_signed(query: Sequence[tuple[str, str]], secret: str) -> bool:
    """
    Tell whether Shopify, which knows the app's secret, wrote what a person came back with.

    What is signed are the other names and values, by name, as a query (Shopify docs, 2026).
    """
    signed = sorted((name, value) for name, value in query if name not in {"hmac", "signature"})
    message = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in signed)
    expected = hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()
    return same(expected, dict(query).get("hmac", ""))


async def buy(
    http: httpx.AsyncClient,
    domain: ShopDomain,
    app: AppCredentials,
    code: str,
    now: datetime,
    *,
    endpoint: str | None = None,
) -> Granted:
    """Return the token that a code buys. Raises StoreUnusable where the store says no, NoAnswer."""
    way = {"code": code, "expiring": "1"}
    return _granted(await ask_for_token(http, domain, app, way, otherwise=_AGAIN, endpoint=endpoint), now)


async def refresh(
    http: httpx.AsyncClient,
    domain: ShopDomain,
    app: AppCredentials,
    refresh_token: str,
    now: datetime,
    *,
    endpoint: str | None = None,
) -> Granted:
    """
    Return another token, with what renews that one.

    The old renewing token is good until the new one is used first, so an answer that is lost does no harm. Raises
    StoreUnusable where the store says no, NoAnswer.
    """
    way = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return _granted(await ask_for_token(http, domain, app, way, otherwise=_REINSTALL, endpoint=endpoint), now)


def _granted(told: Told, now: datetime) -> Granted:
    if told.expires_in is None or told.refresh_token is None:
        return Granted(told.access_token)
    return Granted(told.access_token, now + timedelta(seconds=told.expires_in), told.refresh_token)
