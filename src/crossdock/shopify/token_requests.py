"""Asking a store for a token, whichever way an app comes by one, and what its refusals mean (Shopify docs, 2026)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crossdock.kit.errors import HubError, NoAnswer, StoreUnusable
from crossdock.model.names import ShopDomain
from crossdock.shopify.client import base_url


@dataclass(frozen=True, slots=True)
class AppCredentials:
    """What the Dev Dashboard shows of an app: its client id and its client secret."""

    client_id: str
    secret: str = field(repr=False)


class Told(BaseModel):
    """What a store answers: a token; how many seconds it is good for, None where it lasts; by what it is renewed."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    access_token: str = Field(repr=False)
    expires_in: int | None = None
    refresh_token: str | None = Field(default=None, repr=False)


class _Error(BaseModel):
    error: str = ""


async def ask_for_token(
    http: httpx.AsyncClient,
    domain: ShopDomain,
    app: AppCredentials,
    more: Mapping[str, str],
    *,
    otherwise: str,
    endpoint: str | None = None,
) -> Told:
    """
    Ask the store for a token of the app, with what the way of asking needs besides its credentials.

    `otherwise` is what to do where the store says no for a reason of that way. Raises StoreUnusable where it says no,
    with what is wrong, NoAnswer where it does not answer.
    """
    asked = {"client_id": app.client_id, "client_secret": app.secret, **more}
    try:
        response = await http.post(f"{base_url(domain, endpoint)}/admin/oauth/access_token", json=asked)
    except httpx.RequestError as error:
        raise NoAnswer(f"{domain}: cannot be reached ({type(error).__name__}).") from error
    if response.status_code >= 500 or response.status_code == 429:
        raise NoAnswer(f"{domain}: Shopify answered with HTTP {response.status_code} when asked for a token.")
    if response.status_code != 200:
        raise _refusal(domain, app.client_id, response, otherwise)
    try:
        return Told.model_validate_json(response.content)
    except ValidationError as error:
        raise StoreUnusable(
            f"{domain}: what answers there is not Shopify: asked for a token, it sent none. Check the store's address."
        ) from error


def _refusal(domain: ShopDomain, client_id: str, response: httpx.Response, otherwise: str) -> HubError:
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
            why = said or f"HTTP {response.status_code}"
            sentence = f"{domain}: Shopify gives the app no token ({why}). {otherwise}"
    return StoreUnusable(sentence)
