"""
Tokens for apps of the Dev Dashboard: asked for with the app's own credentials, good for a day, then asked for again.

There is no refresh token, and an older token goes on until its own end (Shopify docs, 2026). The names of the errors
are those that the official client library tells apart; the hub also reads others as a no.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
from pydantic import BaseModel, ValidationError

from crossdock.kit.errors import HubError, NoAnswer, StoreUnusable
from crossdock.model.names import ShopDomain
from crossdock.shopify.client import base_url

RENEWED_AHEAD = timedelta(hours=1)
"""How long before its end a token is replaced: whoever works with the old one has that long to finish."""


@dataclass(frozen=True, slots=True)
class AppCredentials:
    """What the Dev Dashboard shows of an app: its client id and its client secret."""

    client_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Minted:
    """A new token and its end."""

    token: str = field(repr=False)
    expires_at: datetime


class _Told(BaseModel):
    access_token: str
    expires_in: int


class _Error(BaseModel):
    error: str = ""


async def mint(
    http: httpx.AsyncClient, domain: ShopDomain, app: AppCredentials, now: datetime, *, endpoint: str | None = None
) -> Minted:
    """
    Ask the store for a token of the app.

    Raises StoreUnusable where it says no, with which of the two is wrong, NoAnswer where it does not answer.
    """
    asked = {"grant_type": "client_credentials", "client_id": app.client_id, "client_secret": app.secret}
    try:
        response = await http.post(f"{base_url(domain, endpoint)}/admin/oauth/access_token", json=asked)
    except httpx.RequestError as error:
        raise NoAnswer(f"{domain}: cannot be reached ({type(error).__name__}).") from error
    if response.status_code >= 500 or response.status_code == 429:
        raise NoAnswer(f"{domain}: Shopify answered with HTTP {response.status_code} when asked for a token.")
    if response.status_code != 200:
        raise _refusal(domain, app.client_id, response)
    try:
        told = _Told.model_validate_json(response.content)
    except ValidationError as error:
        raise StoreUnusable(
            f"{domain}: what answers there is not Shopify: asked for a token, it sent none. Check the store's address."
        ) from error
    return Minted(told.access_token, now + timedelta(seconds=told.expires_in))


def _refusal(domain: ShopDomain, client_id: str, response: httpx.Response) -> HubError:
    try:
        said = _Error.model_validate_json(response.content).error
    except ValidationError:
        said = ""
    match said:
        case "invalid_client":
            sentence = (
                f"{domain}: Shopify does not accept the client secret. Copy it again from the Dev Dashboard: the app, "
                "then Settings, then Credentials."
            )
        case "application_cannot_be_found":
            sentence = (
                f"{domain}: Shopify knows no app with the client id {client_id}. Copy it again from the Dev "
                "Dashboard: the app, then Settings, then Credentials."
            )
        case _ if response.status_code == 404:
            sentence = f"{domain}: Shopify knows no such store. Copy the address from the store's admin."
        case _:
            sentence = (
                f"{domain}: Shopify gives the app no token ({said or f'HTTP {response.status_code}'}). Install the "
                "app in this store; app and store have to be of one organisation in the Dev Dashboard."
            )
    return StoreUnusable(sentence)
