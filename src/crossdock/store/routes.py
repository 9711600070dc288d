"""Table `routes`: from where orders are to ship, each decision written before Shopify is told of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, Update, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from crossdock.model.names import ConnectionId, ItemCode, LocationId, OrderId
from crossdock.model.route import Facts, Route, Routed
from crossdock.store.arrays import among
from crossdock.store.database import Tx
from crossdock.store.schema import orders, routes

_facts = TypeAdapter(Facts)
_routed = TypeAdapter(Routed)


async def decided(tx: Tx, connection: ConnectionId, new: Mapping[OrderId, Route]) -> None:
    """Write down decisions."""
    if not new:
        return
    await tx.execute(
        insert(routes).on_conflict_do_nothing(),
        [
            {
                "connection": connection,
                "order_id": order,
                "number": route.number,
                "facts": _facts.dump_python(route.facts, mode="json"),
                "routed": _routed.dump_python(route.routed, mode="json"),
                "settled": route.settled,
                "rejected": sorted(route.rejected),
            }
            for order, route in new.items()
        ],
    )


async def latest(tx: Tx, connection: ConnectionId, ids: Sequence[OrderId]) -> Mapping[OrderId, Route]:
    """Return the last decision for each of these orders; orders without any are left out."""
    rows = await tx.execute(
        select(routes, (func.hub_now() - routes.c.moving_at).label("moving"))
        .where(routes.c.connection == connection, among(routes.c.order_id, ids))
        .order_by(routes.c.number)
    )
    # The last one of each order is what remains.
    return {OrderId(row.order_id): _route(row) for row in rows}


def _route(row: Row[Any]) -> Route:
    return Route(
        number=row.number,
        facts=_facts.validate_python(row.facts),
        routed=_routed.validate_python(row.routed),
        settled=row.settled,
        moving=row.moving,
        told=row.told,
        rejected=frozenset(LocationId(location) for location in row.rejected),
    )


async def moving(tx: Tx, connection: ConnectionId, which: Mapping[OrderId, int]) -> None:
    """Write down that Shopify is about to be told to move goods, by these decisions."""
    for order, number in which.items():
        await tx.execute(_change(connection, order, number).values(moving_at=func.hub_now()))


async def answered(tx: Tx, connection: ConnectionId, order: OrderId, number: int) -> None:
    """Write down that it is known what came of the move."""
    await tx.execute(_change(connection, order, number).values(moving_at=None))


async def settled(tx: Tx, connection: ConnectionId, order: OrderId, number: int) -> None:
    """Write down that Shopify has everything where it was decided, or will not have it so."""
    await tx.execute(_change(connection, order, number).values(settled=True))


async def told(tx: Tx, connection: ConnectionId, order: OrderId, number: int) -> None:
    """Write down that the time line has it."""
    await tx.execute(_change(connection, order, number).values(told=True))


async def rejected(tx: Tx, connection: ConnectionId, order: OrderId, number: int, location: LocationId) -> None:
    """Write down that a location's warehouse refused what it was asked for."""
    more = func.array_append(routes.c.rejected, location)
    await tx.execute(_change(connection, order, number).values(rejected=more))


def _change(connection: ConnectionId, order: OrderId, number: int) -> Update:
    return update(routes).where(
        routes.c.connection == connection, routes.c.order_id == order, routes.c.number == number
    )


# What is decided and not accepted yet is in no reading of the stock. After ten minutes it is held, or not wanted.
_PROMISED = text("""
    SELECT share ->> 'location' AS location, wanted.item, sum((share ->> 'units')::int) AS units
      FROM routes r
     CROSS JOIN LATERAL jsonb_array_elements(r.routed -> 'shares') AS share
     CROSS JOIN LATERAL (
           SELECT w ->> 'item' AS item FROM jsonb_array_elements(r.facts -> 'wanted') AS w
            WHERE w ->> 'line' = share ->> 'line' LIMIT 1
     ) AS wanted
     WHERE r.connection = :connection AND r.decided_at > hub_now() - interval '10 minutes'
       AND r.order_id <> ALL(:orders)
       AND NOT EXISTS (SELECT FROM routes l WHERE l.connection = r.connection AND l.order_id = r.order_id
                                              AND l.number > r.number)
       AND NOT EXISTS (SELECT FROM requests q WHERE q.connection = r.connection AND q.order_id = r.order_id
                                                AND q.location = share ->> 'location' AND q.accepted_at > r.decided_at)
     GROUP BY 1, 2
""")


async def promised(
    tx: Tx, connection: ConnectionId, but: Sequence[OrderId]
) -> Mapping[tuple[LocationId, ItemCode], int]:
    """Return the units that decisions for other orders count on, and that no warehouse has reserved yet."""
    rows = await tx.execute(_PROMISED, {"connection": connection, "orders": list(but)})
    return {(LocationId(row.location), ItemCode(row.item)): row.units for row in rows}


_BUSY = text("""
    SELECT location, count(*) AS many FROM requests
     WHERE connection = :connection AND tried_at > hub_now() - interval '24 hours'
       AND state IS DISTINCT FROM 'cancelled'
     GROUP BY 1
""")


async def busy(tx: Tx, connection: ConnectionId) -> Mapping[LocationId, int]:
    """Return how many requests each location was asked for within 24 hours, but for those that are cancelled."""
    return {LocationId(row.location): row.many for row in await tx.execute(_BUSY, {"connection": connection})}


@dataclass(frozen=True, slots=True)
class Kept:
    """A decision as it is shown and replayed: of which order, and when."""

    order: OrderId
    name: str
    number: int
    decided_at: datetime
    settled: bool
    facts: Facts
    routed: Routed


async def of_order(tx: Tx, connection: ConnectionId, order: OrderId) -> Sequence[Kept]:
    """Return the decisions for an order, oldest first."""
    rows = await tx.execute(_kept(connection).where(routes.c.order_id == order).order_by(routes.c.number))
    return [_as_kept(row) for row in rows]


async def last(tx: Tx, connection: ConnectionId, limit: int) -> Sequence[Kept]:
    """Return the last decisions of a connection, newest first."""
    rows = await tx.execute(_kept(connection).order_by(routes.c.decided_at.desc(), routes.c.order_id).limit(limit))
    return [_as_kept(row) for row in rows]


def _kept(connection: ConnectionId) -> Any:
    same = (orders.c.connection == routes.c.connection) & (orders.c.order_id == routes.c.order_id)
    found = select(routes, func.coalesce(orders.c.name, routes.c.order_id).label("name"))
    return found.select_from(routes.outerjoin(orders, same)).where(routes.c.connection == connection)


def _as_kept(row: Row[Any]) -> Kept:
    return Kept(
        order=OrderId(row.order_id),
        name=row.name,
        number=row.number,
        decided_at=row.decided_at,
        settled=row.settled,
        facts=_facts.validate_python(row.facts),
        routed=_routed.validate_python(row.routed),
    )
