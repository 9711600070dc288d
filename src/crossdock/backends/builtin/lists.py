"""What can be looked up in the warehouse, and the two lists that people keep: items and warehouses."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import text

from crossdock.backends.builtin.books import stock_from
from crossdock.backends.builtin.order_book import request_from
from crossdock.backends.builtin.steps import SalesOrder
from crossdock.backends.builtin.stock import Movement, Reason, Stock
from crossdock.model.catalog import Item
from crossdock.model.money import Amount
from crossdock.model.names import ItemCode, RequestKey, WarehouseCode
from crossdock.model.request import FulfillmentRequest, WorkState
from crossdock.ports.backend import Warehouse
from crossdock.store.database import Tx


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """One order in a list. `units` were ordered, `shipped` have left, `short` were given up."""

    reference: str
    name: str
    key: RequestKey
    warehouse: WarehouseCode
    state: WorkState
    units: int
    shipped: int
    short: int
    accepted_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class OrderSheet:
    """One order with all that is known of it; `request` says where it goes, what it costs and what to collect."""

    order: SalesOrder
    request: FulfillmentRequest
    comes_to: Amount | None
    """The sum of the request's money, in both its currencies; None in what was kept before there was any."""
    accepted_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One line of the stock ledger."""

    sequence: int
    at: datetime
    movement: Movement


_PUT_WAREHOUSE = text("""
    INSERT INTO builtin_warehouse.warehouses (code, name) VALUES (:code, :name)
    ON CONFLICT (code) DO UPDATE SET name = excluded.name
""")
_WAREHOUSES = text("SELECT code, name FROM builtin_warehouse.warehouses ORDER BY code")

# What did not change keeps its number, so that nobody is told to look again.
_PUT_ITEMS = text("""
    INSERT INTO builtin_warehouse.items AS known (code, title, sku, barcodes)
    SELECT code, title, sku, barcodes
    FROM jsonb_to_recordset(CAST(:items AS jsonb)) AS item (code text, title text, sku text, barcodes text[])
    ON CONFLICT (code) DO UPDATE
    SET title = excluded.title, sku = excluded.sku, barcodes = excluded.barcodes, changed = excluded.changed
    WHERE (known.title, known.sku, known.barcodes)
        IS DISTINCT FROM (excluded.title, excluded.sku, excluded.barcodes)
""")
_ITEMS = text("SELECT code, title, sku, barcodes FROM builtin_warehouse.items ORDER BY code")
_FIND_ITEMS = text("""
    SELECT code, title, sku, barcodes FROM builtin_warehouse.items
    WHERE sku = ANY(:skus) OR barcodes && CAST(:barcodes AS text[])
    ORDER BY code
""")

_ITEMS_OF = text("""
    SELECT code, title, sku, barcodes FROM builtin_warehouse.items WHERE code = ANY(:codes) ORDER BY code
""")
# One walk over the titles, whatever the number of words; only what has one of them is counted out.
_ITEMS_LIKE = text("""
    SELECT code, title, sku, barcodes FROM builtin_warehouse.items CROSS JOIN LATERAL (
        SELECT count(*) AS words FROM unnest(CAST(:words AS text[])) AS word WHERE position(word IN lower(title)) > 0
    ) AS counted
    WHERE title ~* :any
    ORDER BY counted.words DESC, code
    LIMIT :limit
""")

_STOCK = text("""
    SELECT item, warehouse, on_hand, reserved, picked, packed FROM builtin_warehouse.stock
    WHERE (CAST(:item AS text) IS NULL OR item = :item) AND (CAST(:warehouse AS text) IS NULL OR warehouse = :warehouse)
    ORDER BY item, warehouse
""")

_LEDGER = text("""
    SELECT sequence, at, item, warehouse, reason, on_hand, reserved, picked, packed, reference, note
    FROM builtin_warehouse.ledger WHERE item = :item ORDER BY sequence DESC LIMIT :limit
""")

_ORDERS = text("""
    SELECT o.reference, o.name, o.key, o.warehouse, o.state, o.accepted_at, o.changed_at,
        lines.ordered, lines.shipped, lines.short
    FROM builtin_warehouse.orders AS o
    CROSS JOIN LATERAL (
        SELECT sum(ordered) AS ordered, sum(shipped) AS shipped, sum(short) AS short
        FROM builtin_warehouse.order_lines WHERE key = o.key
    ) AS lines
    WHERE CAST(:state AS text) IS NULL OR o.state = :state
    ORDER BY o.number DESC LIMIT :limit
""")

_SHEET = text("SELECT request, accepted_at, changed_at FROM builtin_warehouse.orders WHERE key = :key")


async def put_warehouse(tx: Tx, warehouse: Warehouse) -> None:
    """Add a warehouse, or rename the one of this code."""
    await tx.execute(_PUT_WAREHOUSE, {"code": warehouse.code, "name": warehouse.name})


async def warehouses(tx: Tx) -> list[Warehouse]:
    """Return all warehouses, by code."""
    return [Warehouse(WarehouseCode(row.code), row.name) for row in await tx.execute(_WAREHOUSES)]


async def put_items(tx: Tx, items: Sequence[Item]) -> None:
    """Add items, or change those whose code is known."""
    await tx.execute(_PUT_ITEMS, {"items": json.dumps([asdict(item) for item in items])})


async def items(tx: Tx) -> list[Item]:
    """Return all items, by code."""
    return [Item(ItemCode(row.code), row.title, row.sku, tuple(row.barcodes)) for row in await tx.execute(_ITEMS)]


async def find_items(tx: Tx, skus: Sequence[str], barcodes: Sequence[str]) -> list[Item]:
    """Return the items that carry any of these SKUs or barcodes, compared exactly."""
    rows = await tx.execute(_FIND_ITEMS, {"skus": list(skus), "barcodes": list(barcodes)})
    return [Item(ItemCode(row.code), row.title, row.sku, tuple(row.barcodes)) for row in rows]


async def items_of(tx: Tx, codes: Sequence[str]) -> list[Item]:
    """Return the items of these codes; unknown ones are left out."""
    rows = await tx.execute(_ITEMS_OF, {"codes": list(codes)})
    return [Item(ItemCode(row.code), row.title, row.sku, tuple(row.barcodes)) for row in rows]


async def items_like(tx: Tx, words: Sequence[str], limit: int) -> list[Item]:
    """Return items with one of these lower-case words in their title, those with most of them first."""
    if not words:
        return []
    given = {"any": "|".join(map(re.escape, words)), "words": list(words), "limit": limit}
    rows = await tx.execute(_ITEMS_LIKE, given)
    return [Item(ItemCode(row.code), row.title, row.sku, tuple(row.barcodes)) for row in rows]


async def stock(tx: Tx, item: ItemCode | None, warehouse: WarehouseCode | None) -> list[Stock]:
    """Return all stock, or that of one item, one warehouse or both, by item and warehouse."""
    return [stock_from(row) for row in await tx.execute(_STOCK, {"item": item, "warehouse": warehouse})]


async def ledger(tx: Tx, item: ItemCode, limit: int) -> list[LedgerEntry]:
    """Return the latest movements of an item, newest first."""
    return [
        LedgerEntry(
            row.sequence,
            row.at,
            Movement(
                item=ItemCode(row.item),
                warehouse=WarehouseCode(row.warehouse),
                reason=Reason(row.reason),
                on_hand=row.on_hand,
                reserved=row.reserved,
                picked=row.picked,
                packed=row.packed,
                reference=row.reference,
                note=row.note,
            ),
        )
        for row in await tx.execute(_LEDGER, {"item": item, "limit": limit})
    ]


async def orders(tx: Tx, state: WorkState | None, limit: int) -> list[OrderSummary]:
    """Return the latest orders, or those in one state, newest first."""
    return [
        OrderSummary(
            reference=row.reference,
            name=row.name,
            key=RequestKey(row.key),
            warehouse=WarehouseCode(row.warehouse),
            state=WorkState(row.state),
            units=row.ordered,
            shipped=row.shipped,
            short=row.short,
            accepted_at=row.accepted_at,
            changed_at=row.changed_at,
        )
        for row in await tx.execute(_ORDERS, {"state": state, "limit": limit})
    ]


async def sheet(tx: Tx, order: SalesOrder) -> OrderSheet:
    """Return an order together with its request and its times."""
    row = (await tx.execute(_SHEET, {"key": order.key})).one()
    request = request_from(row.request)
    comes_to = None if request.money is None else request.money.total
    return OrderSheet(order, request, comes_to, row.accepted_at, row.changed_at)
