"""Table `returns`: what a backend was told of returns, and what Shopify was told of them, written before it is told."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import cast, func, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from crossdock.model.announced import KnownReturn
from crossdock.model.names import (
    ConnectionId,
    ItemCode,
    OrderId,
    PackageId,
    ReturnId,
    ReturnKey,
    ReturnLineId,
    ReverseOrderId,
    Units,
    WarehouseCode,
)
from crossdock.model.returning import ReturnParcel, ReturnTracking
from crossdock.store.arrays import among
from crossdock.store.database import Tx
from crossdock.store.schema import request_lines, requests, returns


async def know(tx: Tx, connection: ConnectionId, order: OrderId, key: ReturnKey, id_: ReturnId | None) -> None:
    """Write down that this return is dealt with under this key; what is known of it already stays."""
    row = insert(returns).values(connection=connection, key=key, order_id=order, return_id=id_)
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=[*returns.primary_key],
            set_={"return_id": func.coalesce(returns.c.return_id, row.excluded.return_id)},
        )
    )


async def announced(
    tx: Tx,
    connection: ConnectionId,
    key: ReturnKey,
    reference: str,
    lines: Sequence[tuple[ReturnLineId, Units]],
    parcels: Sequence[ReturnTracking],
) -> None:
    """Write down what the backend expects now, how that travels, and what it calls it."""
    announced = [[line, units] for line, units in lines]
    travels = [asdict(parcel) for parcel in parcels]
    await _change(tx, connection, key, reference=reference, announced=announced, parcels=travels)


async def tracked(tx: Tx, connection: ConnectionId, key: ReturnKey, parcel: ReturnParcel) -> None:
    """Write down that Shopify has the number of one of the backend's own parcels."""
    number = cast({parcel.id: parcel.tracking.number}, JSONB)
    await _change(tx, connection, key, told_parcels=returns.c.told_parcels.concat(number))


async def seen(
    tx: Tx, connection: ConnectionId, key: ReturnKey, ways: Sequence[ReverseOrderId], told: Mapping[PackageId, str]
) -> None:
    """Write down its reverse fulfillment orders, and the backend's own parcels that Shopify has, with their numbers."""
    known = returns.c.told_parcels.concat(cast(dict(told), JSONB))
    await _change(tx, connection, key, reverse_orders=list(ways), told_parcels=known)


async def telling(tx: Tx, connection: ConnectionId, key: ReturnKey, what: str) -> None:
    """Write down that Shopify is about to be told something that it would not recognise as a repeat."""
    await _change(tx, connection, key, telling=what, tried_at=func.hub_now())


async def told(tx: Tx, connection: ConnectionId, key: ReturnKey) -> None:
    """Write down that what Shopify was last told of this return has a known end."""
    await _change(tx, connection, key, telling=None)


async def closed(tx: Tx, connection: ConnectionId, key: ReturnKey) -> None:
    """Write down that the hub closed the return, so that it does not do so again where a person reopens it."""
    await _change(tx, connection, key, closed_at=func.hub_now())


async def _change(tx: Tx, connection: ConnectionId, key: ReturnKey, **values: object) -> None:
    await tx.execute(update(returns).where(returns.c.connection == connection, returns.c.key == key).values(**values))


async def of_orders(
    tx: Tx, connection: ConnectionId, orders: Sequence[OrderId]
) -> Mapping[OrderId, Sequence[KnownReturn]]:
    """Return what is known of the returns of these orders."""
    rows = await tx.execute(
        select(returns, (func.hub_now() - returns.c.tried_at).label("ago")).where(
            returns.c.connection == connection, among(returns.c.order_id, orders)
        )
    )
    found: dict[OrderId, list[KnownReturn]] = defaultdict(list)
    for row in rows:
        lines = row.announced
        found[OrderId(row.order_id)].append(
            KnownReturn(
                ReturnKey(row.key),
                OrderId(row.order_id),
                None if row.return_id is None else ReturnId(row.return_id),
                row.reference,
                None if lines is None else tuple((ReturnLineId(line), Units(units)) for line, units in lines),
                row.telling,
                row.ago,
                closed=row.closed_at is not None,
                parcels=tuple(ReturnTracking(**parcel) for parcel in row.parcels),
                told={PackageId(parcel): number for parcel, number in row.told_parcels.items()},
                ways=tuple(ReverseOrderId(way) for way in row.reverse_orders),
            )
        )
    return found


async def orders_of(tx: Tx, connection: ConnectionId, part: str) -> Sequence[OrderId]:
    """Return whose return this is, or whose reverse fulfillment order; nobody's where the hub has not dealt with it."""
    rows = await tx.execute(
        select(returns.c.order_id).where(
            returns.c.connection == connection,
            or_(returns.c.return_id == part, returns.c.reverse_orders.contains([part])),
        )
    )
    return [OrderId(row.order_id) for row in rows]


async def shipped_from(
    tx: Tx, connection: ConnectionId, orders: Sequence[OrderId]
) -> Mapping[OrderId, Mapping[ItemCode, WarehouseCode]]:
    """Return which items of these orders the backend was asked to ship, and from which warehouse each."""
    rows = await tx.execute(
        select(requests.c.order_id, request_lines.c.item, requests.c.warehouse)
        .join(
            request_lines,
            (request_lines.c.connection == requests.c.connection) & (request_lines.c.key == requests.c.key),
        )
        .where(requests.c.connection == connection, among(requests.c.order_id, orders))
        .order_by(requests.c.key)
    )
    found: dict[OrderId, dict[ItemCode, WarehouseCode]] = defaultdict(dict)
    for row in rows:
        found[OrderId(row.order_id)].setdefault(ItemCode(row.item), WarehouseCode(row.warehouse))
    return found
