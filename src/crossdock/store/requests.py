"""Tables `requests` and `request_lines`: what was asked of a backend, written before it is asked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, text, update
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


async def withdraw(tx: Tx, connection: ConnectionId, order: OrderId) -> Sequence[InventoryItemId]:
    """Write down that Shopify cancelled an order; return the items that this is news for."""
    rows = await tx.execute(
        update(requests)
        .where(requests.c.connection == connection, requests.c.order_id == order, requests.c.withdrawn_at.is_(None))
        .values(withdrawn_at=func.hub_now())
        .returning(requests.c.key)
    )
    keys = [row.key for row in rows]
    items = await tx.execute(
        select(request_lines.c.inventory_item)
        .where(request_lines.c.connection == connection, among(request_lines.c.key, keys))
        .where(request_lines.c.inventory_item.is_not(None))
        .distinct()
    )
    return [InventoryItemId(row.inventory_item) for row in items]


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


# Units that the backend has accepted, less those of packages that Shopify was told of or is just being told of.
_AT_BACKEND = text("""
    SELECT l.inventory_item, r.location, sum(l.units - coalesce(gone.units, 0)) AS units
      FROM request_lines l
      JOIN requests r USING (connection, key)
      LEFT JOIN (
            SELECT p.connection, p.key, content ->> 0 AS line, sum((content ->> 1)::int) AS units
              FROM packages p, jsonb_array_elements(p.contents) AS content
             WHERE p.connection = :connection
               AND p.key IN (SELECT key FROM request_lines
                              WHERE connection = :connection AND inventory_item = ANY(:items))
             GROUP BY 1, 2, 3
      ) AS gone USING (connection, key, line)
     WHERE l.connection = :connection
       AND l.inventory_item = ANY(:items)
       AND r.accepted_at IS NOT NULL
       AND r.withdrawn_at IS NULL
     GROUP BY 1, 2
""")


async def seen_by_backend(
    tx: Tx, connection: ConnectionId, items: Sequence[InventoryItemId]
) -> Mapping[tuple[InventoryItemId, LocationId], Units]:
    """
    Return, per item and location, the sold units that the backend knows of and Shopify still counts as committed.

    Units of a package whose telling has begun count as gone, whether or not Shopify has heard yet: it is better to
    think a unit unseen for one reading than to sell it twice.
    """
    rows = await tx.execute(_AT_BACKEND, {"connection": connection, "items": list(items)})
    return {(InventoryItemId(row.inventory_item), LocationId(row.location)): Units(row.units) for row in rows}
