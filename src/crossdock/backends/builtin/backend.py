"""The built-in warehouse as the hub sees it: one backend among others."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text

from crossdock.backends.builtin import credit_book, lists, order_book, people, refund_desk, return_book, returns, steps
from crossdock.backends.builtin.books import UNKNOWN_ITEMS, UNKNOWN_WAREHOUSES, Books, post
from crossdock.backends.builtin.kits import ASSEMBLABLE
from crossdock.backends.builtin.order_book import Opening
from crossdock.backends.builtin.returns import GoodsReturn
from crossdock.backends.builtin.steps import SalesOrder
from crossdock.kit.errors import Refused, UsageError
from crossdock.model.catalog import Item
from crossdock.model.credit import Credit, RefundAnswer, RefundRequest
from crossdock.model.names import Barcode, ItemCode, OrderId, RefundKey, RequestKey, Sku, Units
from crossdock.model.request import FulfillmentRequest, Package, Verdict, WorkOrder, WorkState
from crossdock.model.returning import ReturnOrder, ReturnRequest
from crossdock.model.stock import StockReading
from crossdock.ports.backend import Changes, UnknownItem, Warehouse
from crossdock.store.database import Tx

PAGE = 500
"""How many changes one call returns at most; a page of this size takes a few milliseconds."""

# One statement is one snapshot: figures, sequence and time belong together. The time is the statement's beginning,
# so an order that is accepted later than it may be missing, but never an earlier one.
_STOCK = text(f"""
    SELECT reading.taken_at, reading.sequence, held.item, held.warehouse, held.available
    FROM (
        SELECT builtin_warehouse.warehouse_now() AS taken_at, coalesce(max(sequence), 0) AS sequence
        FROM builtin_warehouse.ledger
    ) AS reading
    LEFT JOIN (
        SELECT item, warehouse, on_hand - reserved AS available
        FROM builtin_warehouse.stock
        WHERE NOT EXISTS (SELECT FROM builtin_warehouse.kit_components WHERE kit = stock.item)
        UNION ALL
        {ASSEMBLABLE}
    ) AS held ON held.item = ANY(:items)
""")  # noqa: S608 (the fragment is a constant of ours)

# What has a later number than the cursor. A stock row's change is its item's, and that of the kits which hold it.
_CHANGES = text("""
    (SELECT changed, key AS order_key, ARRAY[]::text[] AS items, NULL AS returned, NULL AS refunded
     FROM builtin_warehouse.orders WHERE changed > :cursor ORDER BY changed LIMIT :page)
    UNION ALL
    (SELECT changed, NULL, ARRAY[code], NULL, NULL FROM builtin_warehouse.items
     WHERE changed > :cursor ORDER BY changed LIMIT :page)
    UNION ALL
    (SELECT changed, NULL, item || ARRAY(SELECT kit FROM builtin_warehouse.kit_components WHERE component = item),
         NULL, NULL
     FROM builtin_warehouse.stock WHERE changed > :cursor ORDER BY changed LIMIT :page)
    UNION ALL
    (SELECT changed, NULL, ARRAY[]::text[], order_id, NULL FROM builtin_warehouse.returns
     WHERE changed > :cursor ORDER BY changed LIMIT :page)
    UNION ALL
    (SELECT changed, NULL, ARRAY[]::text[], NULL, order_id FROM builtin_warehouse.refund_requests
     WHERE changed > :cursor ORDER BY changed LIMIT :page)
    ORDER BY changed LIMIT :page
""")

_UNKNOWN = text(f"SELECT {UNKNOWN_ITEMS}, {UNKNOWN_WAREHOUSES}")


class BuiltinBackend:
    """The port's promises, kept over the warehouse's books."""

    def __init__(self, books: Books, order_prefix: str) -> None:
        self._books = books
        self._order_prefix = order_prefix

    async def warehouses(self) -> Sequence[Warehouse]:
        """Return the places that hold stock, by code."""
        async with self._books.reading() as tx:
            return await lists.warehouses(tx)

    async def find_items(self, skus: Sequence[Sku], barcodes: Sequence[Barcode]) -> Sequence[Item]:
        """Return the items that carry any of these SKUs or barcodes, compared exactly, case included."""
        async with self._books.reading() as tx:
            return await lists.find_items(tx, skus, barcodes)

    async def items(self, codes: Sequence[ItemCode]) -> Sequence[Item]:
        """Return the items of these codes."""
        async with self._books.reading() as tx:
            return await lists.items_of(tx, codes)

    async def items_like(self, words: Sequence[str], limit: int) -> Sequence[Item]:
        """Return items with one of these words in their title, those with most of them first."""
        async with self._books.reading() as tx:
            return await lists.items_like(tx, words, limit)

    async def stock(self, items: Sequence[ItemCode]) -> StockReading:
        """Return what is available of the items, at every warehouse that ever held them; `sequence` is the ledger's."""
        async with self._books.reading() as tx:
            rows = (await tx.execute(_STOCK, {"items": list(items)})).all()
        available = {(row.item, row.warehouse): row.available for row in rows if row.item is not None}
        return StockReading(rows[0].taken_at, rows[0].sequence, available)

    async def submit(self, request: FulfillmentRequest) -> WorkOrder:
        """
        Accept a request and reserve all its units, once per key; what is not on hand waits as a backorder.

        Raises Refused for an unknown item or warehouse.
        """
        async with self._books.writing() as tx:
            opening = await order_book.opening(tx, request)
            if opening.known:
                return work_order((await order_book.orders_by_key(tx, [request.key]))[0])
            _refuse_unknown(request, opening)
            step = steps.accept(request, f"{self._order_prefix}{opening.number:06d}", opening.kits)
            await order_book.insert(tx, step.order, opening.number, request)
            await post(tx, step.movements)
            return work_order(step.order)

    async def amend(self, request: FulfillmentRequest) -> Verdict:
        """
        Make the order what the request says now: until something is packed, and its lines until somebody picks.

        Raises Refused for an unknown key or item.
        """
        async with self._books.writing() as tx:
            opening = await order_book.opening(tx, request)
            order = await _known(tx, request.key)
            if order.state is not WorkState.CANCELLED and await order_book.request_of(tx, order.key) == request:
                return Verdict(done=True, work=work_order(order))
            _refuse_unknown(request, opening)
            step = steps.amend(order, request, opening.kits)
            if step is None:
                return Verdict(done=False, work=work_order(order))
            await order_book.amend(tx, step.order, request)
            await post(tx, step.movements)
            return Verdict(done=True, work=work_order(step.order))

    async def stop(self, key: RequestKey) -> Verdict:
        """Cancel the order and free what it reserved, until something is packed. Raises Refused for an unknown key."""
        async with self._books.writing() as tx:
            order = await _known(tx, key)
            if order.state is WorkState.CANCELLED:
                return Verdict(done=True, work=work_order(order))
            step = steps.stop(order)
            if step is None:
                return Verdict(done=False, work=work_order(order))
            await order_book.write(tx, step.order)
            await post(tx, step.movements)
            return Verdict(done=True, work=work_order(step.order))

    async def work_orders(self, keys: Sequence[RequestKey]) -> Mapping[RequestKey, WorkOrder]:
        """Return the orders as they stand, with every package that left; unknown keys are left out."""
        async with self._books.reading() as tx:
            return {order.key: work_order(order) for order in await order_book.orders_by_key(tx, keys)}

    async def announce_return(self, request: ReturnRequest) -> ReturnOrder:
        """Expect these goods back, and no others. Raises Refused for an unknown item or warehouse."""
        async with self._books.writing() as tx:
            known = await return_book.named(tx, request.key)
            record = returns.expect(known or await _blank(tx, request), request.lines, request.parcels)
            if record != known:
                await _refuse_unknown_goods(tx, request)
                await return_book.write(tx, record)
            return return_order(record)

    async def return_orders(self, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[ReturnOrder]]:
        """Return all that came back, or is to come back, of these orders."""
        async with self._books.reading() as tx:
            found: dict[OrderId, list[ReturnOrder]] = {}
            for record in await return_book.of_orders(tx, orders):
                found.setdefault(record.order, []).append(return_order(record))
            return found

    async def credit(self, document: Credit) -> str:
        """Keep a credit document, once per key."""
        async with self._books.writing() as tx:
            return await credit_book.keep(tx, document)

    async def refund_requests(self, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[RefundRequest]]:
        """Return all that was ever asked for of these orders, oldest first."""
        async with self._books.reading() as tx:
            found: dict[OrderId, list[RefundRequest]] = {}
            for one in await refund_desk.of_orders(tx, orders):
                found.setdefault(one.request.order, []).append(one.request)
            return found

    async def answer_refund_request(self, key: RefundKey, answer: RefundAnswer) -> None:
        """Take note of what became of a refund; what was said first stays. Raises Refused for an unknown key."""
        async with self._books.writing() as tx:
            await refund_desk.answer(tx, key, answer)

    async def changes(self, cursor: str | None) -> Changes:
        """Return which orders and items changed since `cursor`, oldest change first, at most PAGE of them."""
        async with self._books.reading() as tx:
            found = (await tx.execute(_CHANGES, {"cursor": _number(cursor), "page": PAGE + 1})).all()
        rows = found[:PAGE]
        return Changes(
            orders=tuple(RequestKey(row.order_key) for row in rows if row.order_key is not None),
            items=tuple(dict.fromkeys(ItemCode(item) for row in rows for item in row.items)),
            cursor=str(rows[-1].changed) if rows else cursor or "0",
            more=len(found) > PAGE,
            returns=tuple(dict.fromkeys(OrderId(row.returned) for row in rows if row.returned is not None)),
            refunds=tuple(dict.fromkeys(OrderId(row.refunded) for row in rows if row.refunded is not None)),
        )

    async def personal_data(self, keys: Sequence[RequestKey]) -> Mapping[RequestKey, Mapping[str, Any]]:
        """Return where these orders go and whom to ask about them."""
        async with self._books.reading() as tx:
            return await people.held(tx, keys)

    async def redact(self, keys: Sequence[RequestKey]) -> Sequence[RequestKey]:
        """Forget where these orders went and for whom; return those whose goods may still leave."""
        async with self._books.writing() as tx:
            return await people.forget(tx, keys)


def work_order(order: SalesOrder) -> WorkOrder:
    """Return our order as the hub knows orders: only packages that have left."""
    packages = tuple(
        Package(
            parcel.id,
            parcel.shipped_at,
            parcel.carrier,
            parcel.tracking_number,
            parcel.tracking_url,
            parcel.contents,
            cancelled=parcel.cancelled_at is not None,
            events=parcel.events,
            warehouse=parcel.warehouse or order.warehouse,
        )
        for parcel in order.parcels
        if parcel.shipped_at is not None
    )
    short = tuple((line.reference, Units(line.short)) for line in order.lines if line.short)
    return WorkOrder(order.key, order.reference, order.state, packages, short, order.on_hold)


def return_order(record: GoodsReturn) -> ReturnOrder:
    """Return our record of goods that come back as the hub knows such."""
    return ReturnOrder(
        record.key, record.reference, record.order, record.announced, record.done, record.arrivals, record.parcels
    )


async def _blank(tx: Tx, request: ReturnRequest) -> GoodsReturn:
    reference = await return_book.next_reference(tx)
    return GoodsReturn(request.key, reference, request.name, request.order, request.warehouse, announced=True)


async def _refuse_unknown_goods(tx: Tx, request: ReturnRequest) -> None:
    asked = {"items": [line.item for line in request.lines], "warehouses": [request.warehouse]}
    row = (await tx.execute(_UNKNOWN, asked)).one()
    missing = [f"item {item}" for item in row.unknown_items]
    missing += [f"warehouse {warehouse}" for warehouse in row.unknown_warehouses]
    if missing:
        raise Refused(f"{request.name}: the built-in warehouse has no {', no '.join(missing)}. Add it there.")


async def _known(tx: Tx, key: RequestKey) -> SalesOrder:
    found = await order_book.orders_by_key(tx, [key])
    if not found:
        raise Refused(f"The built-in warehouse has no order for {key}. Look for it there, and ask for it anew.")
    return found[0]


def _refuse_unknown(request: FulfillmentRequest, opening: Opening) -> None:
    if opening.unknown_warehouses:
        raise Refused(
            f"{request.name}: the built-in warehouse has no warehouse {request.warehouse}. "
            "Add it there, or map the location to one that exists."
        )
    if opening.unknown_items:
        raise UnknownItem(
            f"{request.name}: the built-in warehouse has no item {', '.join(opening.unknown_items)}. "
            "Add it there, or link the variant to an item that exists."
        )


def _number(cursor: str | None) -> int:
    try:
        return int(cursor or 0)
    except ValueError as error:
        raise UsageError(
            f"{cursor!r} is no cursor of the built-in warehouse. Start from the beginning, with no cursor."
        ) from error
