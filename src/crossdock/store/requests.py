"""Tables `requests` and `request_lines`: what was asked of a backend, written before it is asked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from pydantic import TypeAdapter
from sqlalchemy import Case, Interval, Row, bindparam, case, delete, literal, null, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from crossdock.model.change import Terms
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
from crossdock.model.showing import Showing
from crossdock.store.arrays import among
from crossdock.store.database import Tx
from crossdock.store.schema import request_lines, requests

_terms = TypeAdapter(Terms)

_showing = TypeAdapter(Showing)


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
    terms: Terms | None = None
    """What the backend's order rests on, as last agreed; None where it was not kept yet."""
    asking: bool = False
    """Whether a change was asked for, and it is not known what came of it."""
    counted: bool = False
    """Whether its order was looked at to the end since it was accepted."""
    stopping: bool = False
    """Whether the backend was asked to stop it, and did not say no."""
    shown: Showing = field(default_factory=Showing)
    """What Shopify shows of how far it is, as far as it was told."""
    units: Mapping[FulfillmentOrderLineId, Units] = field(default_factory=dict)
    """What it was asked for, by line, as the backend has it."""
    short: Mapping[FulfillmentOrderLineId, Units] = field(default_factory=dict)
    """What of it the backend has given up on, as last seen."""


def terms_from(stored: object) -> Terms:
    """Return what a backend's order rests on, as it was stored."""
    return _terms.validate_python(stored)


_NO_MORE = text("""
    UPDATE request_lines l SET units = 0
     WHERE connection = :connection AND key = :key AND NOT line = ANY(:lines) AND units > 0
       AND NOT EXISTS (SELECT FROM requests r WHERE r.connection = l.connection AND r.key = l.key
                                                AND r.accepted_at IS NOT NULL)
""")


async def tried(tx: Tx, connection: ConnectionId, asked: Sequence[tuple[Asked, Sequence[AskedLine]]]) -> None:
    """
    Write down that these requests are about to be sent; one that is there already stays as it is.

    But where it is tried again for other units or lines, nobody knows which try the backend took: only what both ask
    for is counted on.
    """
    if not asked:
        return
    before, _ = await _lines_of(tx, connection, [one.key for one, _ in asked])
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
                "terms": None if one.terms is None else _terms.dump_python(one.terms, mode="json"),
            }
            for one, _ in asked
        ],
    )
    row = insert(request_lines)
    taken_on = select(requests.c.key).where(
        requests.c.connection == request_lines.c.connection,
        requests.c.key == request_lines.c.key,
        requests.c.accepted_at.is_not(None),
    )
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=[*request_lines.primary_key],
            set_={"units": row.excluded.units},
            where=~taken_on.exists(),
        ),
        [
            {
                "connection": connection,
                "key": one.key,
                "line": line.line,
                "inventory_item": line.inventory_item,
                "item": line.item,
                "units": min(line.units, before[one.key].get(line.line, 0)) if one.key in before else line.units,
            }
            for one, lines in asked
            for line in lines
        ],
    )
    await tx.execute(
        _NO_MORE,
        [{"connection": connection, "key": one.key, "lines": [line.line for line in lines]} for one, lines in asked],
    )


_NEVER_HAPPENED = text("""
    WITH never AS (
        DELETE FROM requests
         WHERE connection = :connection AND accepted_at IS NULL AND reference IS NULL AND tried_at >= :since
        RETURNING key
    )
    DELETE FROM request_lines WHERE connection = :connection AND key IN (SELECT key FROM never)
""")


async def never_happened(tx: Tx, connection: ConnectionId, since: datetime) -> None:
    """
    Forget the requests that were first tried since then and never answered, as those of a shadow.

    Should one have been sent after all, the next look makes it anew under the same key, which the backend knows.
    """
    await tx.execute(_NEVER_HAPPENED, {"connection": connection, "since": since})


_DOUBTED = text("""
    UPDATE requests SET reference = NULL
     WHERE connection = :connection AND key = :key AND reference IS NOT NULL
       AND state IS DISTINCT FROM 'cancelled' AND state IS DISTINCT FROM 'shipped'
    RETURNING key
""")


async def doubted(tx: Tx, connection: ConnectionId, key: RequestKey) -> bool:
    """
    Take it that nobody knows whether the backend has an accepted request; tell whether it was known.

    The next look asks the backend, and sends the request again, under its key, only where it is not there. What it
    asks for still counts as taken on.
    """
    return (await tx.execute(_DOUBTED, {"connection": connection, "key": key})).first() is not None


async def refused(tx: Tx, connection: ConnectionId, key: RequestKey) -> None:
    """Forget a request that the backend refused: it has it not, and the key may ask another warehouse."""
    never = (requests.c.connection == connection) & (requests.c.key == key) & requests.c.accepted_at.is_(None)
    gone = (await tx.execute(delete(requests).where(never).returning(requests.c.key))).all()
    if gone:
        here = (request_lines.c.connection == connection) & (request_lines.c.key == key)
        await tx.execute(delete(request_lines).where(here))


async def counted(tx: Tx, connection: ConnectionId, order: OrderId) -> None:
    """Write down that what an order wants is on record beside what the backend took on for it."""
    mine = (requests.c.connection == connection) & (requests.c.order_id == order)
    await tx.execute(
        update(requests).where(mine, requests.c.accepted_at.is_not(None), ~requests.c.counted).values(counted=True)
    )


async def asking(tx: Tx, connection: ConnectionId, keys: Sequence[RequestKey], *, known: bool = False) -> None:
    """Write down that the backend is about to be asked to change these orders; `known` that it said no."""
    await tx.execute(
        update(requests)
        .where(requests.c.connection == connection, among(requests.c.key, keys))
        .values(asking=not known)
    )


async def stopping(tx: Tx, connection: ConnectionId, keys: Sequence[RequestKey], *, refused: bool = False) -> None:
    """Write down that the backend is about to be asked to stop these orders; `refused` that it said no."""
    await tx.execute(
        update(requests)
        .where(requests.c.connection == connection, among(requests.c.key, keys))
        .values(stopping=not refused)
    )


_UNSURE = text("""
    UPDATE requests SET shown = coalesce(shown, '{}') || '{"sure": false}' WHERE connection = :connection AND key = :key
""")


async def showing(tx: Tx, connection: ConnectionId, key: RequestKey) -> None:
    """Write down that Shopify is about to be told how far a request is, so that what it shows is not sure."""
    await tx.execute(_UNSURE, {"connection": connection, "key": key})


async def shown(tx: Tx, connection: ConnectionId, key: RequestKey, now: Showing) -> None:
    """Write down what Shopify shows of how far a request is."""
    await tx.execute(
        update(requests)
        .where(requests.c.connection == connection, requests.c.key == key)
        .values(shown=_showing.dump_python(now, mode="json"))
    )


def _while_people_are_known(terms: Terms) -> Case[Any]:
    """What is kept of an order's terms: nothing once its people were forgotten, for they name them."""
    kept = literal(_terms.dump_python(terms, mode="json"), JSONB)
    return case((requests.c.erased_at.is_(None), kept), else_=null())


async def agreed(tx: Tx, connection: ConnectionId, terms: Terms) -> None:
    """Write down what an order rests on from now on, whether the backend was told or a person let it be."""
    await tx.execute(
        update(requests)
        .where(requests.c.connection == connection, requests.c.key == terms.request.key)
        .values(terms=_while_people_are_known(terms), asking=False)
    )


async def items_of(tx: Tx, connection: ConnectionId, keys: Sequence[RequestKey]) -> Sequence[InventoryItemId]:
    """Return the inventory items that these requests ask for."""
    rows = await tx.execute(
        select(request_lines.c.inventory_item)
        .where(request_lines.c.connection == connection, among(request_lines.c.key, keys))
        .distinct()
    )
    return sorted(InventoryItemId(row.inventory_item) for row in rows if row.inventory_item is not None)


async def of_orders(tx: Tx, connection: ConnectionId, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[Asked]]:
    """Return the requests of these orders, in the order in which they were first tried."""
    rows = (
        await tx.execute(
            select(requests)
            .where(requests.c.connection == connection, among(requests.c.order_id, orders))
            .order_by(requests.c.tried_at, requests.c.key)
        )
    ).all()
    units, short = await _lines_of(tx, connection, [RequestKey(row.key) for row in rows])
    found: dict[OrderId, list[Asked]] = defaultdict(list)
    for row in rows:
        key = RequestKey(row.key)
        found[OrderId(row.order_id)].append(_asked(row, units.get(key, {}), short.get(key, {})))
    return found


_ByLine: TypeAlias = Mapping[RequestKey, Mapping[FulfillmentOrderLineId, Units]]


async def _lines_of(tx: Tx, connection: ConnectionId, keys: Sequence[RequestKey]) -> tuple[_ByLine, _ByLine]:
    """Return what these requests ask for, and what of it was given up, by line."""
    rows = await tx.execute(
        select(request_lines).where(request_lines.c.connection == connection, among(request_lines.c.key, keys))
    )
    units: dict[RequestKey, dict[FulfillmentOrderLineId, Units]] = defaultdict(dict)
    short: dict[RequestKey, dict[FulfillmentOrderLineId, Units]] = defaultdict(dict)
    for row in rows:
        key, line = RequestKey(row.key), FulfillmentOrderLineId(row.line)
        units[key][line] = Units(row.units)
        if row.short:
            short[key][line] = Units(row.short)
    return units, short


_WITH_PEOPLE = text("""
    SELECT requests.* FROM requests
     WHERE connection = :connection AND erased_at IS NULL AND key > :after
       AND (CAST(:closed_for AS interval) IS NULL OR tried_at < hub_now() - :closed_for AND EXISTS (
                SELECT FROM orders
                 WHERE orders.connection = requests.connection AND orders.order_id = requests.order_id
                   AND orders.state IN ('shipped', 'short', 'skipped', 'cancelled')
                   AND orders.updated_at < hub_now() - :closed_for
           ))
     ORDER BY key LIMIT :limit
""").bindparams(bindparam("closed_for", type_=Interval))


async def with_people(
    tx: Tx, connection: ConnectionId, after: RequestKey | None, limit: int, *, closed_for: timedelta | None = None
) -> Sequence[Asked]:
    """
    Return the next requests by key whose people the backend may still know; `after` is the last of those before.

    With `closed_for`, only of orders that have been over for so long.
    """
    asked = {"connection": connection, "after": after or "", "limit": limit, "closed_for": closed_for}
    return [_asked(row, {}, {}) for row in await tx.execute(_WITH_PEOPLE, asked)]


def _asked(
    row: Row[Any], units: Mapping[FulfillmentOrderLineId, Units], short: Mapping[FulfillmentOrderLineId, Units]
) -> Asked:
    return Asked(
        RequestKey(row.key),
        OrderId(row.order_id),
        row.name,
        WarehouseCode(row.warehouse),
        LocationId(row.location),
        row.reference,
        None if row.state is None else WorkState(row.state),
        None if row.terms is None else terms_from(row.terms),
        row.asking,
        row.counted,
        row.stopping,
        Showing() if row.shown is None else _showing.validate_python(row.shown),
        units,
        short,
    )


async def orders_of(tx: Tx, connection: ConnectionId, keys: Sequence[RequestKey]) -> Mapping[RequestKey, OrderId]:
    """Return which order each request belongs to; requests of other hubs are left out."""
    rows = await tx.execute(
        select(requests.c.key, requests.c.order_id).where(
            requests.c.connection == connection, among(requests.c.key, keys)
        )
    )
    return {RequestKey(row.key): OrderId(row.order_id) for row in rows}
