"""The owner of `overrides`: what people say in fields of orders' requests. It names customers, and goes with them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Interval, bindparam, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from crossdock.model.names import ConnectionId, OrderId
from crossdock.model.override import Override
from crossdock.store.arrays import among
from crossdock.store.database import Tx
from crossdock.store.schema import overrides


async def say(tx: Tx, connection: ConnectionId, order: OrderId, said: Mapping[str, str], author: str, why: str) -> None:
    """Keep what a person says in these fields, in place of what was said there before."""
    if not said:
        return
    row = insert(overrides)
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=[*overrides.primary_key],
            set_={
                "value": row.excluded.value,
                "author": row.excluded.author,
                "why": row.excluded.why,
                "at": func.hub_now(),
                "contradicted_at": None,
            },
        ),
        [
            {"connection": connection, "order_id": order, "field": field, "value": value, "author": author, "why": why}
            for field, value in sorted(said.items())
        ],
    )


async def undo(tx: Tx, connection: ConnectionId, order: OrderId, fields: Sequence[str]) -> Sequence[str]:
    """Forget what was said in these fields; return those in which something was."""
    rows = await tx.execute(
        delete(overrides)
        .where(
            overrides.c.connection == connection, overrides.c.order_id == order, among(overrides.c.field, list(fields))
        )
        .returning(overrides.c.field)
    )
    return sorted(row.field for row in rows)


async def of_orders(
    tx: Tx, connection: ConnectionId, orders: Sequence[OrderId]
) -> Mapping[OrderId, Mapping[str, Override]]:
    """Return what people say of these orders, by field; orders of which nothing is said are left out."""
    rows = await tx.execute(
        select(overrides)
        .where(overrides.c.connection == connection, among(overrides.c.order_id, list(orders)))
        .order_by(overrides.c.field)
    )
    found: defaultdict[OrderId, dict[str, Override]] = defaultdict(dict)
    for row in rows:
        found[OrderId(row.order_id)][row.field] = Override(
            row.field, row.value, row.author, row.why, row.at, row.otherwise, row.seen_at, row.contradicted_at
        )
    return dict(found)


_SEEN = text("""
    UPDATE overrides
       SET contradicted_at = CASE WHEN seen_at IS NOT NULL AND otherwise IS DISTINCT FROM :otherwise THEN hub_now()
                                  ELSE contradicted_at END,
           otherwise = :otherwise, seen_at = coalesce(seen_at, hub_now())
     WHERE connection = :connection AND order_id = :order_id AND field = :field
""")


async def seen(tx: Tx, connection: ConnectionId, order: OrderId, otherwise: Mapping[str, str | None]) -> None:
    """Keep what a look found would be said in these fields were it not for a person; one that is undone stays so."""
    if otherwise:
        scope = {"connection": connection, "order_id": order}
        await tx.execute(_SEEN, [{**scope, "field": field, "otherwise": said} for field, said in otherwise.items()])


# While a request may still ship, its people are needed; whoever forgets them calls again.
_FORGET = """
    DELETE FROM overrides
     WHERE overrides.connection = :connection AND {these} AND NOT EXISTS (
            SELECT FROM requests
             WHERE requests.connection = overrides.connection AND requests.order_id = overrides.order_id
               AND requests.erased_at IS NULL
           )
"""
_FORGET_THESE = text(_FORGET.format(these="overrides.order_id = ANY(:orders)"))
_FORGET_CLOSED = text(
    _FORGET.format(
        these="""EXISTS (
            SELECT FROM orders
             WHERE orders.connection = overrides.connection AND orders.order_id = overrides.order_id
               AND orders.state IN ('shipped', 'short', 'skipped', 'cancelled')
               AND orders.updated_at < hub_now() - :closed_for
           )"""
    )
).bindparams(bindparam("closed_for", type_=Interval))


async def forget(tx: Tx, connection: ConnectionId, orders: Sequence[OrderId]) -> None:
    """Forget what was said of these orders, but of those whose people a request still needs."""
    await tx.execute(_FORGET_THESE, {"connection": connection, "orders": list(orders)})


async def forget_closed(tx: Tx, connection: ConnectionId, closed_for: timedelta) -> None:
    """Forget what was said of orders that have been over for so long, as soon as no request needs their people."""
    await tx.execute(_FORGET_CLOSED, {"connection": connection, "closed_for": closed_for})
