"""Returns in the books: found, opened and written back whole."""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, text

from crossdock.backends.builtin.returns import GoodsReturn
from crossdock.model.names import OrderId, ReturnKey, WarehouseCode
from crossdock.model.returning import Arrival, ReturnParcel, ReturnRequestLine, ReturnTracking
from crossdock.store.database import Tx

_lines = TypeAdapter(tuple[ReturnRequestLine, ...])
_arrivals = TypeAdapter(tuple[Arrival, ...])
_announced_parcels = TypeAdapter(tuple[ReturnTracking, ...])
_parcels = TypeAdapter(tuple[ReturnParcel, ...])

_RETURN = """
    SELECT key, reference, name, order_id, warehouse, announced, lines, arrivals, closed,
        announced_parcels, parcels
    FROM builtin_warehouse.returns
"""
_BY_NAME = text(_RETURN + "WHERE reference = :name OR key = :name")
_OF_ORDERS = text(_RETURN + "WHERE order_id = ANY(:orders) ORDER BY number")
_LATEST = text(_RETURN + "ORDER BY number DESC LIMIT :limit")

# Numbers have no gaps, as only one writes.
_NUMBER = text("SELECT coalesce(max(number), 0) + 1 FROM builtin_warehouse.returns")

_WRITE = text("""
    INSERT INTO builtin_warehouse.returns
        (key, number, reference, name, order_id, warehouse, announced, lines, arrivals, closed, announced_parcels,
         parcels)
    VALUES (
        :key, (SELECT coalesce(max(number), 0) + 1 FROM builtin_warehouse.returns), :reference, :name, :order_id,
        :warehouse, :announced, CAST(:lines AS jsonb), CAST(:arrivals AS jsonb), :closed,
        CAST(:announced_parcels AS jsonb), CAST(:parcels AS jsonb)
    )
    ON CONFLICT (key) DO UPDATE SET
        lines = excluded.lines, arrivals = excluded.arrivals, closed = excluded.closed,
        announced_parcels = excluded.announced_parcels, parcels = excluded.parcels, changed = excluded.changed
""")


async def next_reference(tx: Tx) -> str:
    """Return what the next return is called."""
    return f"RMA-{(await tx.execute(_NUMBER)).scalar_one():06d}"


async def named(tx: Tx, name: str) -> GoodsReturn | None:
    """Return the return of this reference or key."""
    row = (await tx.execute(_BY_NAME, {"name": name})).one_or_none()
    return None if row is None else _from(row)


async def of_orders(tx: Tx, orders: Sequence[OrderId]) -> Sequence[GoodsReturn]:
    """Return the returns of these orders, oldest first."""
    return [_from(row) for row in await tx.execute(_OF_ORDERS, {"orders": list(orders)})]


async def latest(tx: Tx, limit: int) -> Sequence[GoodsReturn]:
    """Return the latest returns, newest first."""
    return [_from(row) for row in await tx.execute(_LATEST, {"limit": limit})]


async def write(tx: Tx, record: GoodsReturn) -> None:
    """Write a return as it is now, new or known."""
    await tx.execute(
        _WRITE,
        {
            "key": record.key,
            "reference": record.reference,
            "name": record.name,
            "order_id": record.order,
            "warehouse": record.warehouse,
            "announced": record.announced,
            "lines": _lines.dump_json(record.lines).decode(),
            "arrivals": _arrivals.dump_json(record.arrivals).decode(),
            "closed": record.closed,
            "announced_parcels": _announced_parcels.dump_json(record.announced_parcels).decode(),
            "parcels": _parcels.dump_json(record.parcels).decode(),
        },
    )


def _from(row: Row[Any]) -> GoodsReturn:
    return GoodsReturn(
        ReturnKey(row.key),
        row.reference,
        row.name,
        OrderId(row.order_id),
        WarehouseCode(row.warehouse),
        row.announced,
        _lines.validate_python(row.lines),
        _arrivals.validate_python(row.arrivals),
        row.closed,
        _announced_parcels.validate_python(row.announced_parcels),
        _parcels.validate_python(row.parcels),
    )
