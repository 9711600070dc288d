"""Tables `requests` and `request_lines`: what was asked of a backend, written before it is asked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from pydantic import TypeAdapter
from sqlalchemy import Case, Interval, Row, Text, bindparam, case, delete, literal, null, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from crossdock.model.change import Terms
from crossdock.model.ledger import AtBackend
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
from crossdock.model.stock import Level
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


# Two flows may learn of the same request at once; the second waits, and sees what the first wrote.
_LOCKED = text("SELECT FROM requests WHERE connection = :connection AND key = :key FOR UPDATE")

# What a request asks for counts as taken on from its first acceptance on, less what was given up or went back. The
# levels hear of each change once: the row that tells it apart changes in the same statement.
_ACCEPTED = text("""
    WITH before AS (
        SELECT accepted_at, state, location FROM requests WHERE connection = :connection AND key = :key
    ), counted AS (
        INSERT INTO level_news (connection, inventory_item, location, kind, units)
        SELECT :connection, l.inventory_item, before.location, 'accepted',
               sum(CASE WHEN before.accepted_at IS NULL AND :state = 'cancelled' THEN 0
                        WHEN before.accepted_at IS NULL THEN l.units - l.short
                        ELSE coalesce(gone.units, 0) + l.short - l.units END)
          FROM before
          JOIN request_lines l ON l.connection = :connection AND l.key = :key AND l.inventory_item IS NOT NULL
          LEFT JOIN (
                SELECT content ->> 0 AS line, sum((content ->> 1)::int) AS units
                  FROM packages p, jsonb_array_elements(p.contents) AS content
                 WHERE p.connection = :connection AND p.key = :key AND p.taken_back_at IS NULL
                 GROUP BY 1
          ) AS gone ON gone.line = l.line
         WHERE before.accepted_at IS NULL OR (:state = 'cancelled' AND before.state <> 'cancelled')
         GROUP BY 2, 3
    )
    UPDATE requests
       SET reference = :reference, state = :state, accepted_at = coalesce(accepted_at, hub_now())
     WHERE connection = :connection AND key = :key
""").bindparams(bindparam("state", type_=Text))


async def accepted(tx: Tx, connection: ConnectionId, key: RequestKey, reference: str, state: WorkState) -> None:
    """Write down that the backend has a request, what it calls it and how far it is."""
    await tx.execute(_LOCKED, {"connection": connection, "key": key})
    await tx.execute(_ACCEPTED, {"connection": connection, "key": key, "reference": reference, "state": state.value})


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


# The levels hear of units that are asked for newly or no more. A line that is gone stays, with none: what is learned
# of its item is still to reach the flows.
_AMENDED = text("""
    WITH wanted AS (
        SELECT * FROM unnest(CAST(:lines AS text[]), CAST(:inventory_items AS text[]), CAST(:items AS text[]),
                             CAST(:units AS int[])) AS wanted(line, inventory_item, item, units)
    ), known AS (
        SELECT line, inventory_item, units FROM request_lines WHERE connection = :connection AND key = :key
    ), counted AS (
        INSERT INTO level_news (connection, inventory_item, location, kind, units)
        SELECT :connection, coalesce(known.inventory_item, wanted.inventory_item), requests.location, 'accepted',
               sum(coalesce(wanted.units, 0) - coalesce(known.units, 0))
          FROM known FULL JOIN wanted ON wanted.line = known.line
          JOIN requests ON requests.connection = :connection AND requests.key = :key
         WHERE coalesce(known.inventory_item, wanted.inventory_item) IS NOT NULL
           AND requests.accepted_at IS NOT NULL AND requests.state IS DISTINCT FROM 'cancelled'
         GROUP BY 2, 3
        HAVING sum(coalesce(wanted.units, 0) - coalesce(known.units, 0)) <> 0
    ), gone AS (
        UPDATE request_lines SET units = 0
         WHERE connection = :connection AND key = :key AND line NOT IN (SELECT line FROM wanted)
    )
    INSERT INTO request_lines (connection, key, line, inventory_item, item, units)
    SELECT :connection, :key, line, inventory_item, item, units FROM wanted
    ON CONFLICT (connection, key, line) DO UPDATE SET units = excluded.units
""")


async def amended(
    tx: Tx, connection: ConnectionId, terms: Terms, inventory_items: Mapping[FulfillmentOrderLineId, InventoryItemId]
) -> None:
    """Write down that the backend's order is now what these terms say; `inventory_items` of lines that are new."""
    lines = terms.request.lines
    await tx.execute(
        _AMENDED,
        {
            "connection": connection,
            "key": terms.request.key,
            "lines": [line.reference for line in lines],
            "inventory_items": [inventory_items.get(line.reference) for line in lines],
            "items": [line.item for line in lines],
            "units": [line.units for line in lines],
        },
    )
    await agreed(tx, connection, terms)


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


_GAVE_UP = text("""
    WITH given AS (
        SELECT l.line, l.inventory_item, r.location, r.state, now.units, now.units - l.short AS more
          FROM unnest(CAST(:lines AS text[]), CAST(:units AS int[])) AS now(line, units)
          JOIN request_lines l ON l.connection = :connection AND l.key = :key AND l.line = now.line
          JOIN requests r ON r.connection = :connection AND r.key = :key
         WHERE l.short <> now.units
    ), counted AS (
        INSERT INTO level_news (connection, inventory_item, location, kind, units)
        SELECT :connection, inventory_item, location, 'accepted', -sum(more) FROM given
         WHERE inventory_item IS NOT NULL AND state IS DISTINCT FROM 'cancelled'
         GROUP BY 2, 3
    )
    UPDATE request_lines l SET short = given.units FROM given
     WHERE l.connection = :connection AND l.key = :key AND l.line = given.line
    RETURNING l.inventory_item
""")


async def gave_up(
    tx: Tx, connection: ConnectionId, key: RequestKey, short: Mapping[FulfillmentOrderLineId, Units]
) -> Sequence[InventoryItemId]:
    """Write down the units that the backend has given up on; return the items that this is news for."""
    if not short:
        return []
    return _items(
        await tx.execute(
            _GAVE_UP, {"connection": connection, "key": key, "lines": list(short), "units": list(short.values())}
        )
    )


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


_IN_BETWEEN = text("""
    SELECT DISTINCT l.inventory_item, r.location
      FROM requests r
      JOIN request_lines l ON l.connection = r.connection AND l.key = r.key
     WHERE r.connection = :connection AND (r.asking OR NOT r.counted) AND l.inventory_item = ANY(:items)
""")


async def in_between(tx: Tx, connection: ConnectionId, items: Sequence[InventoryItemId]) -> frozenset[Level]:
    """
    Return the levels of which the backend may have taken units on that nobody counts yet.

    It was asked, and either its answer or what the order wants is not on record.
    """
    rows = await tx.execute(_IN_BETWEEN, {"connection": connection, "items": list(items)})
    return frozenset((InventoryItemId(row.inventory_item), LocationId(row.location)) for row in rows)


TELLING_TAKES: Final = timedelta(minutes=5)
"""A telling that has come to no end by then is held or failing; its units stay off sale until it is settled."""

# Both sides must still hold a unit for the other: Shopify as committed, the backend as reserved or shipped. What
# Shopify was told of, or is just being told of, has left the one; what was given up or cancelled, the other. A package
# that was taken back counts as gone until Shopify is known to have cancelled it, and its order was read since: until
# then, what remains does not count its units either. Units that remain though a package took as many count as not told
# only while the order was not read since: later, an edit has added them, and nobody has them. What the backend may have
# given up since its order was looked at is all of it, for packages come back, too.
_AT_BACKEND = text("""
    WITH fresh AS (SELECT key FROM news WHERE connection = :connection AND flow = 'fulfillments')
    SELECT c.inventory_item, c.location,
           CAST(coalesce(sum(greatest(0, least(c.remaining, l.units - l.short - coalesce(gone.off, 0))))
                         FILTER (WHERE r.state <> 'cancelled'), 0) AS int) AS seen,
           CAST(coalesce(sum(least(gone.unread, greatest(0, c.remaining - l.units + gone.units)))
                         FILTER (WHERE r.key IS NOT NULL AND gone.lately), 0) AS int) AS telling,
           CAST(coalesce(sum(least(gone.unread, greatest(0, c.remaining - l.units + gone.units)))
                         FILTER (WHERE r.key IS NOT NULL), 0) AS int) AS untold,
           CAST(coalesce(sum(least(c.remaining, l.units - l.short))
                         FILTER (WHERE r.state <> 'cancelled'
                                   AND (r.asking OR waits.key IS NOT NULL
                                        OR c.order_id IN (SELECT key FROM fresh))), 0) AS int) AS unsettled,
           coalesce(bool_or(waits.key IS NOT NULL OR c.order_id IN (SELECT key FROM fresh)
                            OR r.asking AND asks.key IS NOT NULL), false) AS settling,
           CAST(sum(c.remaining) AS int) AS wanted,
           min(coalesce(o.looked_at, to_timestamp(0))) AS known_to
      FROM commitments c
      LEFT JOIN orders o ON o.connection = c.connection AND o.order_id = c.order_id
      LEFT JOIN pending waits ON waits.connection = c.connection AND waits.flow = 'fulfillments'
                             AND waits.key = c.order_id
      LEFT JOIN pending asks ON asks.connection = c.connection AND asks.flow = 'orders' AND asks.key = c.order_id
      LEFT JOIN request_lines l ON l.connection = c.connection AND l.line = c.line
      LEFT JOIN requests r ON r.connection = l.connection AND r.key = l.key AND r.location = c.location
                          AND r.accepted_at IS NOT NULL
      LEFT JOIN (
            SELECT p.connection, p.key, content ->> 0 AS line, sum((content ->> 1)::int) AS off,
                   coalesce(sum((content ->> 1)::int) FILTER (WHERE p.cancelled_at IS NULL), 0) AS units,
                   coalesce(bool_or(coalesce(p.told_at, p.tried_at) > hub_now() - :lately)
                            FILTER (WHERE p.cancelled_at IS NULL), false) AS lately,
                   coalesce(sum((content ->> 1)::int) FILTER (
                       WHERE p.cancelled_at IS NULL
                         AND (p.told_at IS NULL OR seen.looked_at IS NULL OR p.told_at > seen.looked_at)), 0) AS unread
              FROM packages p
             CROSS JOIN LATERAL jsonb_array_elements(p.contents) AS content
              LEFT JOIN orders seen ON seen.connection = p.connection AND seen.order_id = p.order_id
             WHERE p.connection = :connection
               AND (p.cancelled_at IS NULL OR seen.looked_at IS NULL OR p.cancelled_at > seen.looked_at)
               AND p.key IN (SELECT l.key FROM commitments c JOIN request_lines l USING (connection, line)
                              WHERE c.connection = :connection AND c.inventory_item = ANY(:items) AND c.remaining > 0)
             GROUP BY 1, 2, 3
      ) AS gone ON gone.connection = l.connection AND gone.key = l.key AND gone.line = l.line
     WHERE c.connection = :connection
       AND c.inventory_item = ANY(:items)
       AND c.remaining > 0
     GROUP BY 1, 2
""")


async def at_backend(
    tx: Tx, connection: ConnectionId, items: Sequence[InventoryItemId]
) -> Mapping[tuple[InventoryItemId, LocationId], AtBackend]:
    """
    Return, per item and location, how many of the sold units the backend knows of; what no order wants is left out.

    Never more than that, as far as both sides were last looked at. Units of a package whose telling has begun count
    as gone, whether or not Shopify has heard yet: it is better to think a unit unseen for one reading than to sell it
    twice.
    """
    asked = {"connection": connection, "items": list(items), "lately": TELLING_TAKES}
    rows = await tx.execute(_AT_BACKEND, asked)
    return {
        (InventoryItemId(row.inventory_item), LocationId(row.location)): AtBackend(
            Units(row.wanted),
            Units(row.seen),
            Units(row.telling),
            Units(row.untold),
            Units(row.unsettled),
            row.known_to,
            row.settling,
        )
        for row in rows
    }
