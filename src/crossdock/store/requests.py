"""Tables `requests` and `request_lines`: what was asked of a backend, written before it is asked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from crossdock.model.names import (
    ConnectionId,
    FulfillmentOrderLineId,
    InventoryItemId,
    ItemCode,
    LocationId,
    OrderId,
    RequestKey,
    Units,
    WarehouseCode,
)
from crossdock.model.request import WorkState
from crossdock.store.arrays import among
from crossdock.store.database import Tx
from crossdock.store.schema import request_lines, requests


@dataclass(frozen=True, slots=True)
class AskedLine:
    """Units of one item, as asked."""

    line: FulfillmentOrderLineId
    inventory_item: InventoryItemId | None
    item: ItemCode
    units: Units


@dataclass(frozen=True, slots=True)
class Asked:
    """
    One request to a backend.

    `reference` is None while it is not known whether the backend has it: it was tried, and the answer was lost or
    never came. Asking again with the same key is safe.
    """

    key: RequestKey
    order: OrderId
    name: str
    warehouse: WarehouseCode
    location: LocationId
    reference: str | None
    state: WorkState | None


async def tried(tx: Tx, connection: ConnectionId, asked: Sequence[tuple[Asked, Sequence[AskedLine]]]) -> None:
    """Write down that these requests are about to be sent; one that is there already stays as it is."""
    if not asked:
        return
    await tx.execute(
        insert(requests).on_conflict_do_nothing(),
        [
            {
                "connection": connection,
                "key": one.key,
                "order_id": one.order,
                "name": one.name,
                "warehouse": one.warehouse,
                "location": one.location,
            }
            for one, _ in asked
        ],
    )
    await tx.execute(
        insert(request_lines).on_conflict_do_nothing(),
        [
            {
                "connection": connection,
                "key": one.key,
                "line": line.line,
                "inventory_item": line.inventory_item,
                "item": line.item,
                "units": line.units,
                "remaining": line.units,
            }
            for one, lines in asked
            for line in lines
        ],
    )


async def accepted(tx: Tx, connection: ConnectionId, key: RequestKey, reference: str, state: WorkState) -> None:
    """Write down that the backend has a request, and what it calls it."""
    await tx.execute(
        update(requests)
        .where(requests.c.connection == connection, requests.c.key == key)
        .values(reference=reference, state=state, accepted_at=func.coalesce(requests.c.accepted_at, func.hub_now()))
    )


# A line that is at another location now, or gone, waits for nothing at the one that was asked.
_REMAIN = text("""
    UPDATE request_lines l
       SET remaining = now.units
      FROM (SELECT asked.key, asked.line, coalesce(seen.units, 0) AS units
              FROM requests r
              JOIN request_lines asked USING (connection, key)
              LEFT JOIN unnest(CAST(:lines AS text[]), CAST(:locations AS text[]), CAST(:units AS int[]))
                        AS seen(line, location, units)
                ON seen.line = asked.line AND seen.location = r.location
             WHERE r.connection = :connection AND r.order_id = :order) AS now
     WHERE l.connection = :connection AND l.key = now.key AND l.line = now.line AND l.remaining <> now.units
    RETURNING l.inventory_item
""")


async def remain(
    tx: Tx,
    connection: ConnectionId,
    order: OrderId,
    left: Mapping[tuple[FulfillmentOrderLineId, LocationId], Units],
) -> Sequence[InventoryItemId]:
    """
    Write down what Shopify still waits for of an order, by line and location; a line that is not named waits no more.

    Return the items that this is news for.
    """
    rows = await tx.execute(
        _REMAIN,
        {
            "connection": connection,
            "order": order,
            "lines": [line for line, _ in left],
            "locations": [location for _, location in left],
            "units": list(left.values()),
        },
    )
    return _items(rows)


async def gave_up(
    tx: Tx, connection: ConnectionId, key: RequestKey, short: Mapping[FulfillmentOrderLineId, Units]
) -> Sequence[InventoryItemId]:
    """Write down the units that the backend has given up on; return the items that this is news for."""
    found: list[InventoryItemId] = []
    for line, units in short.items():
        rows = await tx.execute(
            update(request_lines)
            .where(request_lines.c.connection == connection, request_lines.c.key == key)
            .where(request_lines.c.line == line, request_lines.c.short != units)
            .values(short=units)
            .returning(request_lines.c.inventory_item)
        )
        found += _items(rows)
    return found


async def items_of(tx: Tx, connection: ConnectionId, keys: Sequence[RequestKey]) -> Sequence[InventoryItemId]:
    """Return the inventory items that these requests ask for."""
    return _items(
        await tx.execute(
            select(request_lines.c.inventory_item)
            .where(request_lines.c.connection == connection, among(request_lines.c.key, keys))
            .distinct()
        )
    )


def _items(rows: Iterable[Row[Any]]) -> list[InventoryItemId]:
    found = {InventoryItemId(row.inventory_item) for row in rows if row.inventory_item is not None}
    return sorted(found)


async def of_orders(tx: Tx, connection: ConnectionId, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[Asked]]:
    """Return the requests of these orders, in the order in which they were first tried."""
    rows = await tx.execute(
        select(requests)
        .where(requests.c.connection == connection, among(requests.c.order_id, orders))
        .order_by(requests.c.tried_at, requests.c.key)
    )
    found: dict[OrderId, list[Asked]] = defaultdict(list)
    for row in rows:
        found[OrderId(row.order_id)].append(
            Asked(
                RequestKey(row.key),
                OrderId(row.order_id),
                row.name,
                WarehouseCode(row.warehouse),
                LocationId(row.location),
                row.reference,
                None if row.state is None else WorkState(row.state),
            )
        )
    return found


async def orders_of(tx: Tx, connection: ConnectionId, keys: Sequence[RequestKey]) -> Mapping[RequestKey, OrderId]:
    """Return which order each request belongs to; requests of other hubs are left out."""
    rows = await tx.execute(
        select(requests.c.key, requests.c.order_id).where(
            requests.c.connection == connection, among(requests.c.key, keys)
        )
    )
    return {RequestKey(row.key): OrderId(row.order_id) for row in rows}


# Both sides must still hold a unit for the other: Shopify as committed, the backend as reserved or shipped. What
# Shopify was told of, or is just being told of, has left the one; what was given up or cancelled, the other.
_AT_BACKEND = text("""
    SELECT l.inventory_item, r.location,
           CAST(sum(least(l.remaining, l.units - l.short - coalesce(gone.units, 0))) AS int) AS units
      FROM request_lines l
      JOIN requests r USING (connection, key)
      LEFT JOIN (
            SELECT p.connection, p.key, content ->> 0 AS line, sum((content ->> 1)::int) AS units
              FROM packages p, jsonb_array_elements(p.contents) AS content
             WHERE p.connection = :connection
               AND p.key IN (SELECT key FROM request_lines
                              WHERE connection = :connection AND inventory_item = ANY(:items) AND remaining > 0)
             GROUP BY 1, 2, 3
      ) AS gone USING (connection, key, line)
     WHERE l.connection = :connection
       AND l.inventory_item = ANY(:items)
       AND l.remaining > 0
       AND l.units - l.short - coalesce(gone.units, 0) > 0
       AND r.accepted_at IS NOT NULL
       AND r.state <> 'cancelled'
     GROUP BY 1, 2
""")


async def seen_by_backend(
    tx: Tx, connection: ConnectionId, items: Sequence[InventoryItemId]
) -> Mapping[tuple[InventoryItemId, LocationId], Units]:
    """
    Return, per item and location, the sold units that the backend knows of and Shopify still counts as committed.

    Never more than that, as far as both sides were last looked at. Units of a package whose telling has begun count
    as gone, whether or not Shopify has heard yet: it is better to think a unit unseen for one reading than to sell it
    twice.
    """
    rows = await tx.execute(_AT_BACKEND, {"connection": connection, "items": list(items)})
    return {(InventoryItemId(row.inventory_item), LocationId(row.location)): Units(row.units) for row in rows}
