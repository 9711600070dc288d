"""A backend behind a breaker, and with an end to its patience: what the hub's flows get in the place of a backend."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from crossdock.kit import telemetry
from crossdock.kit.errors import NoAnswer, NotNow, Refused, TryAgain
from crossdock.model.catalog import Item
from crossdock.model.credit import Credit, RefundAnswer, RefundRequest
from crossdock.model.names import Barcode, ItemCode, OrderId, RefundKey, RequestKey, Sku
from crossdock.model.outage import Party
from crossdock.model.request import FulfillmentRequest, Verdict, WorkOrder
from crossdock.model.returning import ReturnOrder, ReturnRequest
from crossdock.model.stock import StockReading
from crossdock.ports.backend import Backend, Changes, Credits, ItemSearch, PersonalData, RefundRequests, Warehouse
from crossdock.ports.calls import Breaker

T = TypeVar("T")

LONGEST_SECONDS: Final = 30.0
"""How long one call may take: a backend that hangs must not hold up what waits beside it."""


class CannotRedact(Refused):
    """A backend that does not forget people at the hub's word."""

    def __init__(self, party: Party) -> None:
        super().__init__(f"{party} does not forget people at the hub's word. Erase the person's data there by hand.")


class GuardedBackend:
    """
    Asks a backend unless it is known to answer nobody; satisfies the ports `Backend` and `PersonalData`.

    What `ItemSearch`, `Credits` and `RefundRequests` do is there for every backend; one that does not do it knows of
    nothing, and books nothing.

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
        return await self._ask("warehouses", self._backend.warehouses)

    async def find_items(self, skus: Sequence[Sku], barcodes: Sequence[Barcode]) -> Sequence[Item]:
        """Return the items that carry any of these SKUs or barcodes."""
        return await self._ask("find_items", lambda: self._backend.find_items(skus, barcodes))

    async def stock(self, items: Sequence[ItemCode]) -> StockReading:
        """Return what is available of the items."""
        return await self._ask("stock", lambda: self._backend.stock(items))

    async def submit(self, request: FulfillmentRequest) -> WorkOrder:
        """Accept a request, once per key."""
        return await self._ask("submit", lambda: self._backend.submit(request))

    async def amend(self, request: FulfillmentRequest) -> Verdict:
        """Make an accepted order what the request says now."""
        return await self._ask("amend", lambda: self._backend.amend(request))

    async def stop(self, key: RequestKey) -> Verdict:
        """Cancel an accepted order."""
        return await self._ask("stop", lambda: self._backend.stop(key))

    async def work_orders(self, keys: Sequence[RequestKey]) -> Mapping[RequestKey, WorkOrder]:
        """Return the orders as they stand."""
        return await self._ask("work_orders", lambda: self._backend.work_orders(keys))

    async def announce_return(self, request: ReturnRequest) -> ReturnOrder:
        """Expect these goods back, and no others."""
        return await self._ask("announce_return", lambda: self._backend.announce_return(request))

    async def return_orders(self, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[ReturnOrder]]:
        """Return all that came back, or is to come back, of these orders."""
        return await self._ask("return_orders", lambda: self._backend.return_orders(orders))

    async def credit(self, document: Credit) -> str:
        """Keep a credit document, once per key. Raises Refused where the backend keeps none."""
        able = self._backend
        if not isinstance(able, Credits):
            raise Refused(f"{self._party} keeps no credit documents. Book {document.name} there by hand.")
        return await self._ask("credit", lambda: able.credit(document))

    async def refund_requests(self, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[RefundRequest]]:
        """Return the refunds asked for of these orders; none where the backend asks for none."""
        able = self._backend
        if not isinstance(able, RefundRequests):
            return {}
        return await self._ask("refund_requests", lambda: able.refund_requests(orders))

    async def answer_refund_request(self, key: RefundKey, answer: RefundAnswer) -> None:
        """Tell what became of a refund that was asked for."""
        able = self._backend
        if isinstance(able, RefundRequests):
            await self._ask("answer_refund_request", lambda: able.answer_refund_request(key, answer))

    async def changes(self, cursor: str | None) -> Changes:
        """Return what may have changed since `cursor`."""
        return await self._ask("changes", lambda: self._backend.changes(cursor))

    async def personal_data(self, keys: Sequence[RequestKey]) -> Mapping[RequestKey, Mapping[str, Any]]:
        """Return what is held of the people behind these requests. Raises CannotRedact where it cannot say."""
        able = self._able()
        return await self._ask("personal_data", lambda: able.personal_data(keys))

    async def redact(self, keys: Sequence[RequestKey]) -> Sequence[RequestKey]:
        """Forget the people behind these requests; return those to be done later. Raises CannotRedact."""
        able = self._able()
        return await self._ask("redact", lambda: able.redact(keys))

    async def items(self, codes: Sequence[ItemCode]) -> Sequence[Item] | None:
        """Return the items of these codes; None where the backend cannot be asked by code."""
        able = self._backend
        return await self._ask("items", lambda: able.items(codes)) if isinstance(able, ItemSearch) else None

    async def items_like(self, words: Sequence[str], limit: int) -> Sequence[Item]:
        """Return items with these words in their title; none where the backend cannot be asked so."""
        able = self._backend
        return (
            await self._ask("items_like", lambda: able.items_like(words, limit)) if isinstance(able, ItemSearch) else ()
        )

    def _able(self) -> PersonalData:
        if not isinstance(self._backend, PersonalData):
            raise CannotRedact(self._party)
        return self._backend

    async def _ask(self, what: str, ask: Callable[[], Awaitable[T]]) -> T:
        with telemetry.span(f"backend {what}", party=self._party):
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
