"""What every request passes first, whatever it is for: is it us who are called, and which headers go out."""

from typing import Final

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crossdock.edge.doors import Doors, host_name

# Signed, or silent about everything but being alive: a proxy or a probe may call them by whatever name it has for us.
_BY_ANY_NAME: Final = ("/webhooks/", "/healthz", "/readyz")

HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
"""What keeps everything foreign out of a page, and pages out of foreign ones."""


class Doorway:
    """Lets requests through to `app` that call the hub by one of its names, and adds the headers to every answer."""

    def __init__(self, app: ASGIApp, doors: Doors) -> None:
        self._app = app
        self._doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        host = Request(scope).headers.get("host")
        if scope["path"].startswith(_BY_ANY_NAME) or self._doors.know(host):
            await self._app(scope, receive, send_with_headers)
        else:
            await _unknown_name(host)(scope, receive, send_with_headers)


def _unknown_name(host: str | None) -> PlainTextResponse:
    called = host_name(host) or "nothing"
    return PlainTextResponse(
        f"This hub is not known as {called[:100]}. If that is its name, start it with CROSSDOCK_ALLOWED_HOSTS set to "
        "it; several names are separated by commas.",
        421,
    )
