"""The control API `/_standin/…`: what a test may do to the shop that no app could."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shopify_standin.domain.orders.buying import Purchase, buy
from shopify_standin.errors import JsonObject
from shopify_standin.faults import CallFault, WebhookFault
from shopify_standin.ids import number_of
from shopify_standin.standin import Standin


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CallFaultOrder(_Order):
    """A fault of calls; see `CallFault`."""

    kind: Literal["429", "500", "502", "503", "504", "throttled", "timeout", "close"]
    operation: str = "*"
    when: Literal["before", "after"] = "before"
    times: Annotated[int, Field(ge=1)] = 1
    seconds: Annotated[float, Field(ge=0)] = 30.0


class WebhookFaultOrder(_Order):
    """A fault of webhooks; see `WebhookFault`."""

    topic: str = "*"
    drop: Annotated[float, Field(ge=0, le=1)] = 0.0
    repeat: Annotated[int, Field(ge=0)] = 0
    delay: Annotated[float, Field(ge=0)] = 0.0
    times: Annotated[int, Field(ge=1)] | None = None


class FaultsOrder(_Order):
    """Faults to add; `clear` removes those in force first, `seed` starts chance anew."""

    clear: bool = False
    seed: int | None = None
    calls: list[CallFaultOrder] = []
    webhooks: list[WebhookFaultOrder] = []


class ClockOrder(_Order):
    """How far to move the clock on."""

    advance_seconds: Annotated[float, Field(ge=0)]


class SettingsOrder(_Order):
    """Delays of background work, in seconds; null for `fulfillment_order_delay` means the default."""

    fulfillment_order_delay: Annotated[float, Field(ge=0)] | None = None
    job_delay: Annotated[float, Field(ge=0)] | None = None


class BuyOrder(_Order):
    """Customers' orders; see `Purchase`. `variant_ids` are global ids."""

    orders: Annotated[int, Field(ge=1, le=100_000)]
    seed: int = 0
    variant_ids: list[str] = []
    paid: bool = True


class NameOrder(_Order):
    """Which snapshot."""

    name: str = "default"


def _reset(standin: Standin, _order: _Order) -> JsonObject:
    standin.reset()
    return {"ok": True}


def _faults(standin: Standin, order: FaultsOrder) -> JsonObject:
    if order.clear:
        standin.faults.clear()
    if order.seed is not None:
        standin.faults.random.seed(order.seed)
    standin.faults.calls += [CallFault(**fault.model_dump()) for fault in order.calls]
    standin.faults.webhooks += [WebhookFault(**fault.model_dump()) for fault in order.webhooks]
    return {"ok": True, "calls": len(standin.faults.calls), "webhooks": len(standin.faults.webhooks)}


def _clock(standin: Standin, order: ClockOrder) -> JsonObject:
    standin.world.clock.advance(timedelta(seconds=order.advance_seconds))
    standin.catch_up()
    return {"ok": True, "now": standin.world.now().isoformat()}


def _settings(standin: Standin, order: SettingsOrder) -> JsonObject:
    settings = standin.world.settings
    if "fulfillment_order_delay" in order.model_fields_set:
        delay = order.fulfillment_order_delay
        settings.fulfillment_order_delay = None if delay is None else timedelta(seconds=delay)
    if order.job_delay is not None:
        settings.job_delay = timedelta(seconds=order.job_delay)
    return {"ok": True}


def _buy(standin: Standin, order: BuyOrder) -> JsonObject:
    wanted = tuple(number_of(value, "ProductVariant") for value in order.variant_ids)
    placed = buy(standin.world, Purchase(order.orders, order.seed, wanted, order.paid))
    return {"ok": True, "orders": [made.gid for made in placed]}


def _snapshot(standin: Standin, order: NameOrder) -> JsonObject:
    standin.snapshot(order.name)
    return {"ok": True, "name": order.name}


def _restore(standin: Standin, order: NameOrder) -> JsonObject:
    if order.name not in standin.snapshots:
        raise LookupError(f"there is no snapshot {order.name!r}; take one with POST /_standin/snapshot")
    standin.restore(order.name)
    return {"ok": True, "name": order.name}


def _counters(standin: Standin) -> JsonObject:
    return standin.world.counters.as_json()


def _webhooks(standin: Standin) -> JsonObject:
    return {
        "webhooks": [
            {
                "id": d.id,
                "event_id": d.event_id,
                "topic": d.topic,
                "uri": d.uri,
                "fate": d.fate,
                "attempts": d.attempts,
                "last_status": d.last_status,
                "triggered_at": d.triggered_at.isoformat(),
                "body": json.loads(d.body),
            }
            for d in standin.world.deliveries
        ]
    }


_COMMANDS: dict[str, tuple[type[_Order], Callable[[Standin, Any], JsonObject]]] = {
    "reset": (_Order, _reset),
    "faults": (FaultsOrder, _faults),
    "clock": (ClockOrder, _clock),
    "buy": (BuyOrder, _buy),
    "settings": (SettingsOrder, _settings),
    "snapshot": (NameOrder, _snapshot),
    "restore": (NameOrder, _restore),
}
_VIEWS: dict[str, Callable[[Standin], JsonObject]] = {"counters": _counters, "webhooks": _webhooks}


def control_routes(standin: Standin) -> list[Route]:
    """POST for each command with its JSON order, GET for each view."""
    commands = [
        Route(f"/_standin/{name}", _command(standin, model, act), methods=["POST"])
        for name, (model, act) in _COMMANDS.items()
    ]
    views = [Route(f"/_standin/{name}", _view(standin, look), methods=["GET"]) for name, look in _VIEWS.items()]
    return [*commands, *views]


def _command(
    standin: Standin, model: type[_Order], act: Callable[[Standin, Any], JsonObject]
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
