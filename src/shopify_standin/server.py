"""The HTTP face: the Admin API's endpoint and the control API, on one loopback port."""

import asyncio
import contextlib
import json
import socket
import uuid
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from shopify_standin.auth.apps import Grant
from shopify_standin.auth.routes import TOKEN_HEADER, UNAUTHORIZED, auth_routes
from shopify_standin.call import Caller
from shopify_standin.control.routes import control_routes
from shopify_standin.engine import Engine, engine_for, operation_label
from shopify_standin.errors import JsonObject
from shopify_standin.faults import CallFault
from shopify_standin.files import file_routes
from shopify_standin.house.limits import throttled
from shopify_standin.house.versions import served_version
from shopify_standin.page.routes import page_routes
from shopify_standin.standin import Standin


class BrokenLine(Response):
    """Announces more than it sends, so that the server closes the connection under the client."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send half an answer."""
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"100")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})


def make_app(standin: Standin) -> Starlette:
    """The ASGI application of one stand-in; its background work lives as long as the app."""

    async def graphql(request: Request) -> Response:
        answer = await _answer(standin, request)
        standin.wake()
        return answer

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        background = asyncio.create_task(standin.run_background())
        try:
            yield
        finally:
            background.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await background

    endpoint = Route("/admin/api/{version}/graphql.json", graphql, methods=["POST"])
    routes = [endpoint, *auth_routes(standin), *file_routes(standin), *control_routes(standin), *page_routes(standin)]
    return Starlette(routes=routes, lifespan=lifespan)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises OSError where the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's algorithm off only where the protocol is named; with it, each answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(256)
    except OSError:
        listener.close()
        raise
    return listener


async def _answer(standin: Standin, request: Request) -> Response:
    version = served_version(request.path_params["version"])
    headers = {"X-Shopify-API-Version": version, "x-request-id": str(uuid.uuid4())}
    grant = standin.registrar.find(request.headers.get(TOKEN_HEADER), standin.world.now())
    if grant is None:
        return JSONResponse(UNAUTHORIZED, status_code=401, headers=headers)
    try:
        asked = json.loads(await request.body())
        text, variables = asked["query"], asked.get("variables") or {}
        name = asked.get("operationName")
    except (ValueError, KeyError, TypeError, AttributeError):
        return JSONResponse(
            {"errors": {"query": "Required parameter missing or invalid"}}, status_code=400, headers=headers
        )
    if not isinstance(text, str) or not isinstance(variables, dict):
        return JSONResponse(
            {"errors": {"query": "Required parameter missing or invalid"}}, status_code=400, headers=headers
        )
    engine = engine_for(version)
    deprecated = engine.prepare(text).deprecated
    if deprecated:
        headers["X-Shopify-API-Deprecated-Reason"] = deprecated
    fault = standin.faults.next_for_call(_names(engine, text, name)) if standin.faults.calls else None
    if fault is not None and fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    elif fault is not None and fault.when == "before":
        return await _spoiled(standin, fault, grant, headers)
    standin.catch_up()
    caller = Caller(grant, standin.registrar, str(request.base_url).rstrip("/"))
    answer = engine.answer(standin.world, caller, text, variables, name)
    if fault is not None and fault.kind != "slow":
        return await _spoiled(standin, fault, grant, headers)
    return JSONResponse(answer, headers=headers)


def _names(engine: Engine, text: str, name: str | None) -> set[str]:
    """What a fault may call this request by: its operation's name and its root fields."""
    found: set[str] = set()
    for operation in engine.prepare(text).operations.values():
        if name and (operation.name is None or operation.name.value != name):
            continue
        found.add(operation_label(operation))
        found |= {s.name.value for s in operation.selection_set.selections if hasattr(s, "name")}
    return found


async def _spoiled(standin: Standin, fault: CallFault, grant: Grant, headers: dict[str, str]) -> Response:
    match fault.kind:
        case "throttled":
            bucket = standin.world.bucket(grant.app.client_id)
            status: JsonObject = bucket.status() | {"currentlyAvailable": 0}
            return JSONResponse(throttled(1, status), headers=headers)
        case "timeout":
            await asyncio.sleep(fault.seconds)
            return JSONResponse({"errors": "Gateway Timeout"}, status_code=504, headers=headers)
        case "close":
            return BrokenLine()
        case "429":
            extra = headers | {"Retry-After": "2.0"}
            return JSONResponse({"errors": "Too Many Requests"}, status_code=429, headers=extra)
        case status_text:
            return JSONResponse({"errors": "Internal Server Error"}, status_code=int(status_text), headers=headers)
