"""The routes of the control API: POST for each command with its JSON order, GET for each view."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shopify_standin.control import apps, commands, orders, views
from shopify_standin.control.orders import ControlOrder
from shopify_standin.errors import JsonObject
from shopify_standin.standin import Standin

COMMANDS: dict[str, tuple[type[ControlOrder], Callable[[Standin, Any], JsonObject]]] = {
    "reset": (orders.ControlOrder, commands.reset),
    "faults": (orders.FaultsOrder, commands.faults),
    "clock": (orders.ClockOrder, commands.clock),
    "buy": (orders.BuyOrder, commands.buy),
    "seed": (orders.SeedOrder, commands.seed),
    "settings": (orders.SettingsOrder, commands.settings),
    "snapshot": (orders.NameOrder, commands.snapshot),
    "restore": (orders.NameOrder, commands.restore),
    "apps": (orders.AppOrder, apps.add_app),
    "tokens": (orders.TokenOrder, apps.add_token),
    "secrets": (orders.SecretOrder, apps.change_secrets),
    "uninstall": (orders.WhichApp, apps.uninstall),
}
VIEWS: dict[str, Callable[[Standin], JsonObject]] = {
    "counters": views.counters,
    "webhooks": views.webhooks,
    "clock": views.clock,
}


def control_routes(standin: Standin) -> list[Route]:
    """POST for each command with its JSON order, GET for each view."""
    commands = [
        Route(f"/_standin/{name}", _command(standin, model, act), methods=["POST"])
        for name, (model, act) in COMMANDS.items()
    ]
    views = [Route(f"/_standin/{name}", _view(standin, look), methods=["GET"]) for name, look in VIEWS.items()]
    return [*commands, *views]


def _command(
    standin: Standin, model: type[ControlOrder], act: Callable[[Standin, Any], JsonObject]
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        try:
            order = model.model_validate_json(body if body.strip() else b"{}")
            answer = act(standin, order)
        except ValidationError as error:
            return JSONResponse({"error": json.loads(error.json(include_url=False))}, status_code=422)
        except LookupError as error:
            return JSONResponse({"error": str(error.args[0])}, status_code=404)
        standin.wake()
        return JSONResponse(answer)

    return endpoint


def _view(standin: Standin, look: Callable[[Standin], JsonObject]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(_request: Request) -> Response:
        return JSONResponse(look(standin))

    return endpoint
