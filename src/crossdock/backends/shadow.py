"""A backend in a shadow: every question is passed on, and every order to do something is noted and not given."""

from collections.abc import Mapping, Sequence

from crossdock.kit.wording import counted
from crossdock.model.catalog import Item
from crossdock.model.credit import Credit, RefundAnswer, RefundRequest
from crossdock.model.names import Barcode, ItemCode, OrderId, RefundKey, RequestKey, Sku
from crossdock.model.request import FulfillmentRequest, Verdict, WorkOrder
from crossdock.model.returning import ReturnOrder, ReturnRequest
from crossdock.model.stock import StockReading
from crossdock.ports.backend import Backend, Changes, RefundRequests, Warehouse
from crossdock.ports.shadow import Notes, Side, WouldWrite, keep_back


class ShadowBackend:
    """Satisfies the ports `Backend`, `Credits` and `RefundRequests`; its six acts raise InShadow."""

    def __init__(self, backend: Backend, notes: Notes) -> None:
        self._backend = backend
        self._notes = notes

    async def warehouses(self) -> Sequence[Warehouse]:
        """Return the places that hold stock."""
        return await self._backend.warehouses()

    async def find_items(self, skus: Sequence[Sku], barcodes: Sequence[Barcode]) -> Sequence[Item]:
        """Return the items that carry any of these SKUs or barcodes."""
        return await self._backend.find_items(skus, barcodes)

    async def stock(self, items: Sequence[ItemCode]) -> StockReading:
        """Return what is available of the items."""
        return await self._backend.stock(items)

    async def submit(self, request: FulfillmentRequest) -> WorkOrder:
        """Note what would be asked for. Raises InShadow."""
        goods = ", ".join(f"{line.units} of {line.item}" for line in request.lines)
        fields = f" Fields: {', '.join(one.name for one in request.fields)}." if request.fields else ""
        sentence = f"Warehouse {request.warehouse} would be asked for {request.name}: {goods}.{fields}"
        raise await keep_back(self._notes, WouldWrite(Side.BACKEND, "send", request.key, sentence, request.order))

    async def amend(self, request: FulfillmentRequest) -> Verdict:
        """Note what would be changed. Raises InShadow."""
        units = counted(sum(line.units for line in request.lines), "unit")
        sentence = f"The warehouse's order for {request.name} would be changed; it would then be for {units}."
        raise await keep_back(self._notes, WouldWrite(Side.BACKEND, "amend", request.key, sentence, request.order))

    async def stop(self, key: RequestKey) -> Verdict:
        """Note what would be stopped. Raises InShadow."""
        raise await keep_back(
            self._notes, WouldWrite(Side.BACKEND, "stop", key, f"The warehouse's order for {key} would be stopped.")
        )

    async def work_orders(self, keys: Sequence[RequestKey]) -> Mapping[RequestKey, WorkOrder]:
        """Return the orders as they stand."""
        return await self._backend.work_orders(keys)

    async def announce_return(self, request: ReturnRequest) -> ReturnOrder:
        """Note what would be announced. Raises InShadow."""
        units = counted(sum(line.units for line in request.lines), "unit")
        sentence = f"Warehouse {request.warehouse} would be told to expect {units} of {request.name} back."
        raise await keep_back(self._notes, WouldWrite(Side.BACKEND, "announce", request.key, sentence, request.order))

    async def return_orders(self, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[ReturnOrder]]:
        """Return all that came back, or is to come back, of these orders."""
        return await self._backend.return_orders(orders)

    async def credit(self, document: Credit) -> str:
        """Note what would be booked. Raises InShadow."""
        total = document.total.written(document.currencies)
        sentence = f"The backend would be told of refund {document.name}: {total}."
        raise await keep_back(self._notes, WouldWrite(Side.BACKEND, "credit", document.key, sentence, document.order))

    async def refund_requests(self, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[RefundRequest]]:
        """Return the refunds asked for of these orders."""
        able = self._backend
        return await able.refund_requests(orders) if isinstance(able, RefundRequests) else {}

    async def answer_refund_request(self, key: RefundKey, answer: RefundAnswer) -> None:
        """Note what would be answered. Raises InShadow."""
        sentence = f"The backend would be told what became of {key}: {answer.said}"
        raise await keep_back(self._notes, WouldWrite(Side.BACKEND, "answer", key, sentence))

    async def changes(self, cursor: str | None) -> Changes:
        """Return what may have changed since `cursor`."""
        return await self._backend.changes(cursor)
