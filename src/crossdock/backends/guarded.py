"""A backend behind a breaker, and with an end to its patience: what the hub's flows get in the place of a backend."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, TypeVar

from crossdock.kit.errors import NoAnswer, NotNow, TryAgain
from crossdock.model.catalog import Item
from crossdock.model.names import Barcode, ItemCode, OrderId, RequestKey, Sku
from crossdock.model.outage import Party
from crossdock.model.request import FulfillmentRequest, Verdict, WorkOrder
from crossdock.model.returning import ReturnOrder, ReturnRequest
from crossdock.model.stock import StockReading
from crossdock.ports.backend import Backend, Changes, Warehouse
from crossdock.ports.calls import Breaker

T = TypeVar("T")

LONGEST_SECONDS: Final = 30.0
"""How long one call may take: a backend that hangs must not hold up what waits beside it."""


class GuardedBackend:
    """
    Asks a backend unless it is known to answer nobody; satisfies the `Backend` port.

    Which warehouses there are is the smallest question: every backend can answer it, whatever becomes of an order.
    """

    def __init__(
        self, backend: Backend, party: Party, breaker: Breaker, *, longest_seconds: float = LONGEST_SECONDS
    ) -> None:
        self._backend = backend
        self._party = party
        self._breaker = breaker
        self._longest = longest_seconds

    async def warehouses(self) -> Sequence[Warehouse]:
        """Return the places that hold stock."""
        return await self._ask(self._backend.warehouses)

    async def find_items(self, skus: Sequence[Sku], barcodes: Sequence[Barcode]) -> Sequence[Item]:
        """Return the items that carry any of these SKUs or barcodes."""
        return await self._ask(lambda: self._backend.find_items(skus, barcodes))

    async def stock(self, items: Sequence[ItemCode]) -> StockReading:
        """Return what is available of the items."""
        return await self._ask(lambda: self._backend.stock(items))

    async def submit(self, request: FulfillmentRequest) -> WorkOrder:
        """Accept a request, once per key."""
        return await self._ask(lambda: self._backend.submit(request))

    async def amend(self, request: FulfillmentRequest) -> Verdict:
        """Make an accepted order what the request says now."""
        return await self._ask(lambda: self._backend.amend(request))

    async def stop(self, key: RequestKey) -> Verdict:
        """Cancel an accepted order."""
        return await self._ask(lambda: self._backend.stop(key))

    async def work_orders(self, keys: Sequence[RequestKey]) -> Mapping[RequestKey, WorkOrder]:
        """Return the orders as they stand."""
        return await self._ask(lambda: self._backend.work_orders(keys))

    async def announce_return(self, request: ReturnRequest) -> ReturnOrder:
        """Expect these goods back, and no others."""
        return await self._ask(lambda: self._backend.announce_return(request))

    async def return_orders(self, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[ReturnOrder]]:
        """Return all that came back, or is to come back, of these orders."""
        return await self._ask(lambda: self._backend.return_orders(orders))

    async def changes(self, cursor: str | None) -> Changes:
        """Return what may have changed since `cursor`."""
        return await self._ask(lambda: self._backend.changes(cursor))

    async def _ask(self, ask: Callable[[], Awaitable[T]]) -> T:
        return await self._breaker.call(lambda: self._in_time(ask), lambda: self._in_time(self._backend.warehouses))

    async def _in_time(self, ask: Callable[[], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(self._longest):
                return await ask()
        except TimeoutError as error:
            raise NoAnswer(f"{self._party} took longer than {self._longest:g} seconds.") from error
        except NotNow:
            raise
        except TryAgain as error:  # the port's word for a backend that did not answer
            raise NoAnswer(str(error)) from error
