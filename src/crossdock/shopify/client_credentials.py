"""
Tokens for apps of the Dev Dashboard: asked for with the app's own credentials, good for a day, then asked for again.

There is no refresh token, and an older token goes on until its own end (Shopify docs, 2026). The names of the errors
are those that the official client library tells apart; the hub also reads others as a no.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import httpx

from crossdock.model.names import ShopDomain
from crossdock.shopify.token_requests import AppCredentials, ask_for_token

RENEWED_AHEAD = timedelta(hours=1)
"""How long before its end a token is replaced: whoever works with the old one has that long to finish."""

_LIFE: Final = 86_399
"""Seconds that such a token is good for, where the answer does not say (Shopify docs, 2026)."""

_NOT_INSTALLED: Final = (
    "Install the app in this store; app and store have to be of one organisation in the Dev Dashboard."
)


@dataclass(frozen=True, slots=True)
class Minted:
    """A new token and its end."""

    token: str = field(repr=False)
    expires_at: datetime


async def mint(
    http: httpx.AsyncClient, domain: ShopDomain, app: AppCredentials, now: datetime, *, endpoint: str | None = None
) -> Minted:
    """
    Ask the store for a token of the app.

    Raises StoreUnusable where it says no, with which of the two is wrong, NoAnswer where it does not answer.
    """
    way = {"grant_type": "client_credentials"}
    told = await ask_for_token(http, domain, app, way, otherwise=_NOT_INSTALLED, endpoint=endpoint)
    return Minted(told.access_token, now + timedelta(seconds=told.expires_in or _LIFE))
