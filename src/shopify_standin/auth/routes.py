"""OAuth over HTTP: the consent redirect, token requests, the scopes of a token, and an app that goes."""

import hashlib
import hmac
import json
import secrets
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from shopify_standin.auth.apps import Code, Grant
from shopify_standin.auth.tokens import CODE_LIFE, TokenRefused, issue
from shopify_standin.standin import Standin

UNAUTHORIZED = {"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"}
TOKEN_HEADER = "x-shopify-access-token"  # noqa: S105 - a header's name


def redirect_hmac(parameters: Mapping[str, str], secret: str) -> str:
    """The lower-case hex signature of a redirect's parameters, in order of their names (Shopify docs, 2026)."""
    message = "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in sorted(parameters.items()))
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def auth_routes(standin: Standin) -> list[Route]:
    """The routes under `/admin/oauth/` and the one by which an app removes itself."""

    async def authorize(request: Request) -> Response:
        """Consent at once, as a merchant would by a click, and send the browser back with a code."""
        asked = request.query_params
        app = standin.registrar.apps.get(asked.get("client_id", ""))
        target = asked.get("redirect_uri", "")
        if app is None or urlsplit(target).scheme not in {"http", "https"}:
            return PlainTextResponse("Oauth error invalid_request: unknown client_id or redirect_uri", 400)
        scopes = _scopes(asked.get("scope"))
        code = Code(secrets.token_hex(16), app, scopes, standin.world.now() + CODE_LIFE)
        standin.registrar.codes[code.value] = code
        shop = standin.world.shop.domain
        store = shop.split(".", 1)[0]
        told = {
            "code": code.value,
            "host": b64encode(f"admin.shopify.com/store/{store}".encode()).decode().rstrip("="),
            "shop": shop,
            "state": asked.get("state", ""),
            "timestamp": str(int(standin.world.now().timestamp())),
        }
        told["hmac"] = redirect_hmac(told, app.secret)
        joined = "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in told.items())
        return RedirectResponse(f"{target}{'&' if urlsplit(target).query else '?'}{joined}", 302)

    async def access_token(request: Request) -> Response:
        try:
            asked = await _asked(request)
            return JSONResponse(issue(standin.registrar, asked, standin.world.shop.domain, standin.world.now()))
        except TokenRefused as refused:
            return JSONResponse({"error": refused.error, "error_description": str(refused)}, refused.status)

    async def access_scopes(request: Request) -> Response:
        grant = _grant(standin, request)
        if grant is None:
            return JSONResponse(UNAUTHORIZED, 401)
        return JSONResponse({"access_scopes": [{"handle": scope} for scope in sorted(grant.scopes or ())]})

    async def uninstall(request: Request) -> Response:
        grant = _grant(standin, request)
        if grant is None:
            return JSONResponse(UNAUTHORIZED, 401)
        standin.uninstall(grant.app)
        standin.wake()
        return JSONResponse({})

    return [
        Route("/admin/oauth/authorize", authorize, methods=["GET"]),
        Route("/admin/oauth/access_token", access_token, methods=["POST"]),
        Route("/admin/oauth/access_scopes.json", access_scopes, methods=["GET"]),
        Route("/admin/api_permissions/current.json", uninstall, methods=["DELETE"]),
    ]


def _scopes(text: str | None) -> frozenset[str] | None:
    """The scopes of an install address; none named means all, which only the stand-in allows."""
    names = frozenset(part.strip() for part in (text or "").split(",") if part.strip())
    return names or None


def _grant(standin: Standin, request: Request) -> Grant | None:
    return standin.registrar.find(request.headers.get(TOKEN_HEADER), standin.world.now())


async def _asked(request: Request) -> dict[str, Any]:
    body = await request.body()
    if "json" in request.headers.get("content-type", ""):
        try:
            read = json.loads(body)
        except ValueError:
            read = None
        if not isinstance(read, dict):
            raise TokenRefused("invalid_request", "The body is not a JSON object.")
        return read
    return dict(parse_qsl(body.decode(errors="replace")))
