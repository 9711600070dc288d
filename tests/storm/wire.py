"""The lines between the hub and the outside, to Shopify and to the warehouse, and all that goes wrong on them."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
from tests.storm.accounts import Accounts
from tests.storm.script import What
from tests.storm.shop import summary
from tests.storm.stage import Point, Stage
from tests.storm.store import StormStore

from crossdock.kit.errors import TryAgain
from crossdock.model.catalog import Item
from crossdock.model.names import Barcode, ItemCode, OrderId, RequestKey, Sku
from crossdock.model.request import FulfillmentRequest, Verdict, WorkOrder
from crossdock.model.returning import ReturnOrder, ReturnRequest
from crossdock.model.stock import StockReading
from crossdock.ports.backend import Changes, Warehouse
from shopify_standin.faults import CallFault
from shopify_standin.server import make_app

AnswerT = TypeVar("AnswerT")

STOCK_WRITES = frozenset({"SetQuantities", "AdjustQuantities"})


class StormLine(httpx.AsyncBaseTransport):
    """The line to one shop: the real adapter's requests reach the stand-in's real application, or do not."""

    def __init__(self, stage: Stage, store: StormStore, accounts: Accounts, *, compares: bool) -> None:
        self._stage = stage
        self._store = store
        self._accounts = accounts
        self._compares = compares
        self._inner = httpx.ASGITransport(make_app(store.shop.standin))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Bring one question to the shop and its answer back."""
        asked = json.loads(await request.aread())
        operation: str = asked["operationName"]
        shop, stage = self._store.shop, self._stage
        if operation in STOCK_WRITES:
            self._accounts.tried(asked["variables"]["key"])
        fault = await stage.point(Point.ASK, f"{shop.name} {operation}")
        if shop.is_down or fault is What.FAIL:
            raise httpx.ConnectError("The storm: nobody is there.")
        if fault is What.THROTTLE:
            shop.standin.faults.calls.append(CallFault("throttled"))
        actor = stage.acting()
        response = await self._ask(request, operation, asked["variables"])
        stage.tell(
            actor.name if actor else "calm", f"{operation}({summary(asked['variables'])}) {response.status_code}"
        )
        if await stage.point(Point.ANSWER, f"{shop.name} {operation}") is What.FAIL:
            raise httpx.ReadTimeout("The storm: the answer was lost.")
        return response

    async def _ask(self, request: httpx.Request, operation: str, variables: dict[str, Any]) -> httpx.Response:
        if operation not in STOCK_WRITES:
            return await self._ask_and_look_at_holds(request)
        if not self._compares:
            request = _without_comparing(request)
        async with self._accounts.write(self._store, variables["key"]):
            return await self._inner.handle_async_request(request)

    async def _ask_and_look_at_holds(self, request: httpx.Request) -> httpx.Response:
        shop = self._store.shop
        before = shop.holds(ours=False)
        response = await self._inner.handle_async_request(request)
        shop.torn_off += [one for one in before if one not in shop.holds(ours=False)]
        return response


def _without_comparing(request: httpx.Request) -> httpx.Request:
    """Return the same stock write, whatever Shopify holds now."""
    asked = json.loads(request.content)
    written = asked["variables"]["input"]
    for row in written.get("quantities") or written["changes"]:
        row["changeFromQuantity"] = None
    headers = {name: value for name, value in request.headers.items() if name != "content-length"}
    return httpx.Request(request.method, request.url, headers=headers, content=json.dumps(asked).encode())


@dataclass
class StormBackend:
    """The line to a warehouse; satisfies `Backend`."""

    stage: Stage
    store: StormStore

    async def warehouses(self) -> Sequence[Warehouse]:
        return await self._ask("warehouses", self.store.house.backend.warehouses)

    async def find_items(self, skus: Sequence[Sku], barcodes: Sequence[Barcode]) -> Sequence[Item]:
        return await self._ask("find_items", lambda: self.store.house.backend.find_items(skus, barcodes))

    async def stock(self, items: Sequence[ItemCode]) -> StockReading:
        return await self._ask(f"stock {' '.join(items)}", lambda: self.store.house.backend.stock(items))

    async def submit(self, request: FulfillmentRequest) -> WorkOrder:
        async def submit() -> WorkOrder:
            work = await self.store.house.backend.submit(request)
            if request.key not in self.store.asked:
                self.store.accept(request)
            return work

        return await self._ask(f"submit {request.name}", submit)

    async def amend(self, request: FulfillmentRequest) -> Verdict:
        async def amend() -> Verdict:
            verdict = await self.store.house.backend.amend(request)
            if verdict.done:
                self.store.asked[request.key] = request
            return verdict

        return await self._ask(f"amend {request.name}", amend)

    async def stop(self, key: RequestKey) -> Verdict:
        return await self._ask(f"stop {key}", lambda: self.store.house.backend.stop(key))

    async def work_orders(self, keys: Sequence[RequestKey]) -> Mapping[RequestKey, WorkOrder]:
        return await self._ask(f"work_orders {len(keys)}", lambda: self.store.house.backend.work_orders(keys))

    async def announce_return(self, request: ReturnRequest) -> ReturnOrder:
        async def announce() -> ReturnOrder:
            record = await self.store.house.backend.announce_return(request)
            self.store.announced[request.key] = request
            return record

        return await self._ask(f"announce {request.name}", announce)

    async def return_orders(self, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[ReturnOrder]]:
        return await self._ask(f"return_orders {len(orders)}", lambda: self.store.house.backend.return_orders(orders))

    async def changes(self, cursor: str | None) -> Changes:
        return await self._ask(f"changes {cursor}", lambda: self.store.house.backend.changes(cursor))

    async def _ask(self, what: str, ask: Callable[[], Awaitable[AnswerT]]) -> AnswerT:
        stage = self.stage
        fault = await stage.point(Point.ASK, f"warehouse {what}")
        down = self.store.down_until is not None and stage.clock.at < self.store.down_until
        if down or fault is What.FAIL:
            raise TryAgain("The storm: the warehouse did not hear the question.")
        answer = await ask()
        actor = stage.acting()
        stage.tell(actor.name if actor else "calm", f"{what} = {_short(answer)}")
        if await stage.point(Point.ANSWER, f"warehouse {what}") is What.FAIL:
            raise TryAgain("The storm: the warehouse's answer was lost.")
        return answer


def _short(answer: object) -> str:
    match answer:
        case StockReading():
            return str({f"{item}@{house}": int(units) for (item, house), units in sorted(answer.available.items())})
        case WorkOrder():
            return f"{answer.reference} {answer.state}"
        case Verdict():
            return f"{'yes' if answer.done else 'no'}, {_short(answer.work)}"
        case Changes():
            return f"{len(answer.orders)} orders, {len(answer.items)} items, cursor {answer.cursor}"
        case ReturnOrder():
            return f"{answer.reference}, {sum(one.units for one in answer.arrivals)} came"
        case Mapping() if any(isinstance(one, list) for one in answer.values()):
            return ", ".join(_short(one) for some in answer.values() for one in some)
        case Mapping():
            return ", ".join(f"{one.reference} {one.state}, {len(one.packages)} packages" for one in answer.values())
        case _:
            return type(answer).__name__
