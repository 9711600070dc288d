"""Orders in the books: found, opened and written back whole."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, text

from crossdock.backends.builtin.books import UNKNOWN_ITEMS, UNKNOWN_WAREHOUSES
from crossdock.backends.builtin.kits import KITS
from crossdock.backends.builtin.steps import Kits, Line, Parcel, SalesOrder
from crossdock.model.names import FulfillmentOrderLineId, ItemCode, OrderId, PackageId, RequestKey, Units, WarehouseCode
from crossdock.model.request import DeliveryEvent, DeliveryStatus, FulfillmentRequest, WorkState
from crossdock.store.database import Tx

_request = TypeAdapter(FulfillmentRequest)

# A whole order in one row, so that its state, lines and packages are of one moment.
_ORDER = """
    SELECT o.key, o.reference, o.name, o.order_id, o.warehouse, o.state, o.on_hold,
        (
            SELECT coalesce(jsonb_agg(
                jsonb_build_array(
                    l.line, l.item, l.ordered, l.picked, l.packed, l.shipped, l.short, l.components
                ) ORDER BY l.position
            ), '[]') FROM builtin_warehouse.order_lines AS l WHERE l.key = o.key
        ) AS lines,
        (
            SELECT coalesce(jsonb_agg(jsonb_build_array(
                p.id, p.carrier, p.tracking_number, p.tracking_url, p.shipped_at, p.cancelled_at, p.warehouse,
                (
                    SELECT coalesce(jsonb_agg(jsonb_build_array(e.status, e.happened_at) ORDER BY e.happened_at), '[]')
                    FROM builtin_warehouse.package_events AS e WHERE e.package = p.id
                ),
                (
                    SELECT jsonb_agg(jsonb_build_array(c.line, c.units) ORDER BY l.position)
                    FROM builtin_warehouse.package_lines AS c
                    JOIN builtin_warehouse.order_lines AS l ON l.key = c.key AND l.line = c.line
                    WHERE c.package = p.id
                )
            ) ORDER BY p.position), '[]') FROM builtin_warehouse.packages AS p WHERE p.key = o.key
        ) AS parcels
    FROM builtin_warehouse.orders AS o
"""
_BY_KEYS = text(_ORDER + "WHERE o.key = ANY(:keys)")
_BY_NAME = text(_ORDER + "WHERE o.reference = :name OR o.key = :name")

# All that an order's acceptance depends on, in one look. Numbers have no gaps, as only one writes.
_OPENING = text(f"""
    SELECT EXISTS (SELECT FROM builtin_warehouse.orders WHERE key = :key) AS known,
        (SELECT coalesce(max(number), 0) + 1 FROM builtin_warehouse.orders) AS number,
        {UNKNOWN_ITEMS}, {UNKNOWN_WAREHOUSES}, {KITS}
""")  # noqa: S608 (the fragments are constants of ours)

_INSERT = text("""
    WITH accepted AS (
        INSERT INTO builtin_warehouse.orders (key, number, reference, name, order_id, warehouse, state, request)
        VALUES (:key, :number, :reference, :name, :order_id, :warehouse, :state, CAST(:request AS jsonb))
        RETURNING key
    )
    INSERT INTO builtin_warehouse.order_lines
        (key, line, position, item, ordered, picked, packed, shipped, short, components)
    SELECT accepted.key, reference, position, item, ordered, 0, 0, 0, 0, components
    FROM accepted, jsonb_to_recordset(CAST(:lines AS jsonb)) AS line (
        reference text, position int, item text, ordered int, components jsonb
    )
""")

_REQUEST = text("SELECT request FROM builtin_warehouse.orders WHERE key = :key")

# What the order answers and what it holds, both anew. Only where nothing was ever packed: packages name their lines.
_AMEND = text("""
    WITH amended AS (
        UPDATE builtin_warehouse.orders
        SET request = CAST(:request AS jsonb), changed_at = builtin_warehouse.warehouse_now(),
            changed = nextval('builtin_warehouse.happenings')
        WHERE key = :key RETURNING key
    ), wanted AS (
        SELECT * FROM jsonb_to_recordset(CAST(:lines AS jsonb)) AS line (
            reference text, position int, item text, ordered int, components jsonb
        )
    ), gone AS (
        DELETE FROM builtin_warehouse.order_lines AS l USING amended
        WHERE l.key = amended.key AND l.line NOT IN (SELECT reference FROM wanted)
    )
    INSERT INTO builtin_warehouse.order_lines
        (key, line, position, item, ordered, picked, packed, shipped, short, components)
    SELECT amended.key, reference, position, item, ordered, 0, 0, 0, 0, components FROM amended, wanted
    ON CONFLICT (key, line) DO UPDATE SET
        position = excluded.position, item = excluded.item, ordered = excluded.ordered,
        components = excluded.components
""")

# State and lines at once. Nothing is compared: who writes has the books to himself.
_UPDATE = text("""
    WITH moved AS (
        UPDATE builtin_warehouse.orders
        SET state = :state, on_hold = :on_hold, changed_at = builtin_warehouse.warehouse_now(),
            changed = nextval('builtin_warehouse.happenings')
        WHERE key = :key RETURNING key
    )
    UPDATE builtin_warehouse.order_lines AS l
    SET picked = line.picked, packed = line.packed, shipped = line.shipped, short = line.short
    FROM moved, jsonb_to_recordset(CAST(:lines AS jsonb)) AS line (
        reference text, picked int, packed int, shipped int, short int
    )
    WHERE l.key = moved.key AND l.line = line.reference
""")

_DROP_PACKAGES = text("DELETE FROM builtin_warehouse.packages WHERE key = :key AND NOT id = ANY(:kept)")

_WRITE_PACKAGES = text("""
    WITH parcel AS (
        SELECT * FROM jsonb_to_recordset(CAST(:parcels AS jsonb)) AS parcel (
            id text, position int, carrier text, tracking_number text, tracking_url text, shipped_at timestamptz,
            cancelled_at timestamptz, warehouse text, events jsonb, contents jsonb
        )
    ), written AS (
        INSERT INTO builtin_warehouse.packages
            (id, key, position, carrier, tracking_number, tracking_url, shipped_at, cancelled_at, warehouse)
        SELECT id, :key, position, carrier, tracking_number, tracking_url, shipped_at, cancelled_at, warehouse
        FROM parcel
        ON CONFLICT (id) DO UPDATE SET
            carrier = excluded.carrier, tracking_number = excluded.tracking_number,
            tracking_url = excluded.tracking_url, shipped_at = excluded.shipped_at, cancelled_at = excluded.cancelled_at
        RETURNING id
    ), happened AS (
        INSERT INTO builtin_warehouse.package_events (package, status, happened_at)
        SELECT written.id, event ->> 0, (event ->> 1)::timestamptz
        FROM written JOIN parcel ON parcel.id = written.id, jsonb_array_elements(parcel.events) AS event
        ON CONFLICT DO NOTHING
    )
    INSERT INTO builtin_warehouse.package_lines (package, key, line, units)
    SELECT written.id, :key, content ->> 0, (content ->> 1)::int
    FROM written JOIN parcel ON parcel.id = written.id, jsonb_array_elements(parcel.contents) AS content
    ON CONFLICT DO NOTHING
""")


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known before a request is accepted: is its key taken, the next number, what is missing, what is a kit."""

    known: bool
    number: int
    unknown_items: Sequence[str]
    unknown_warehouses: Sequence[str]
    kits: Kits


async def opening(tx: Tx, request: FulfillmentRequest) -> Opening:
    """Return what the acceptance of `request` depends on."""
    items = [line.item for line in request.lines]
    row = (await tx.execute(_OPENING, {"key": request.key, "items": items, "warehouses": [request.warehouse]})).one()
    return Opening(row.known, row.number, row.unknown_items, row.unknown_warehouses, row.kits)


async def insert(tx: Tx, order: SalesOrder, number: int, request: FulfillmentRequest) -> None:
    """Write a new order with its lines and the request that it answers."""
    await tx.execute(
        _INSERT,
        {
            "key": order.key,
            "number": number,
            "reference": order.reference,
            "name": order.name,
            "order_id": order.order,
            "warehouse": order.warehouse,
            "state": order.state,
            "request": _request.dump_json(request).decode(),
            "lines": _ordered(order),
        },
    )


async def amend(tx: Tx, order: SalesOrder, request: FulfillmentRequest) -> None:
    """Write down the request that an order answers now, and its lines; nothing of it may be packed."""
    stored = _request.dump_json(request).decode()
    await tx.execute(_AMEND, {"key": order.key, "request": stored, "lines": _ordered(order)})


async def request_of(tx: Tx, key: RequestKey) -> FulfillmentRequest:
    """Return the request that an order answers."""
    return request_from((await tx.execute(_REQUEST, {"key": key})).scalar_one())


def _ordered(order: SalesOrder) -> str:
    return json.dumps(
        [
            {
                "reference": line.reference,
                "position": position,
                "item": line.item,
                "ordered": line.ordered,
                "components": line.components,
            }
            for position, line in enumerate(order.lines)
        ]
    )


async def orders_by_key(tx: Tx, keys: Sequence[RequestKey]) -> list[SalesOrder]:
    """Return the orders of these keys, as of one moment, in any order; unknown keys have none."""
    return [_order(row) for row in await tx.execute(_BY_KEYS, {"keys": list(keys)})]


async def order_named(tx: Tx, name: str) -> SalesOrder | None:
    """Return the order of this reference or key."""
    row = (await tx.execute(_BY_NAME, {"name": name})).first()
    return None if row is None else _order(row)


async def write(tx: Tx, order: SalesOrder) -> None:
    """Write back an order's state, its lines' units and its packages."""
    lines = [
        {
            "reference": line.reference,
            "picked": line.picked,
            "packed": line.packed,
            "shipped": line.shipped,
            "short": line.short,
        }
        for line in order.lines
    ]
    await tx.execute(
        _UPDATE, {"key": order.key, "state": order.state, "on_hold": order.on_hold, "lines": json.dumps(lines)}
    )
    await tx.execute(_DROP_PACKAGES, {"key": order.key, "kept": [parcel.id for parcel in order.parcels]})
    parcels = [
        {
            "id": parcel.id,
            "position": position,
            "carrier": parcel.carrier,
            "tracking_number": parcel.tracking_number,
            "tracking_url": parcel.tracking_url,
            "shipped_at": parcel.shipped_at and parcel.shipped_at.isoformat(),
            "cancelled_at": parcel.cancelled_at and parcel.cancelled_at.isoformat(),
            "warehouse": parcel.warehouse,
            "events": [[event.status.value, event.happened_at.isoformat()] for event in parcel.events],
            "contents": parcel.contents,
        }
        for position, parcel in enumerate(order.parcels)
    ]
    if parcels:
        await tx.execute(_WRITE_PACKAGES, {"key": order.key, "parcels": json.dumps(parcels)})


def request_from(stored: object) -> FulfillmentRequest:
    """Return a request as it was stored."""
    return _request.validate_python(stored)


def _order(row: Row[Any]) -> SalesOrder:
    return SalesOrder(
        RequestKey(row.key),
        row.reference,
        row.name,
        OrderId(row.order_id),
        WarehouseCode(row.warehouse),
        WorkState(row.state),
        tuple(Line(FulfillmentOrderLineId(line), ItemCode(item), *units) for line, item, *units in row.lines),
        tuple(_parcel(*parcel) for parcel in row.parcels),
        row.on_hold,
    )


def _parcel(
    name: str,
    carrier: str | None,
    number: str | None,
    url: str | None,
    shipped_at: str | None,
    cancelled_at: str | None,
    warehouse: str | None,
    events: Sequence[tuple[str, str]],
    contents: Sequence[tuple[str, int]],
) -> Parcel:
    return Parcel(
        PackageId(name),
        tuple((FulfillmentOrderLineId(line), Units(units)) for line, units in contents),
        carrier,
        number,
        url,
        _moment(shipped_at),
        _moment(cancelled_at),
        tuple(DeliveryEvent(DeliveryStatus(status), datetime.fromisoformat(at)) for status, at in events),
        None if warehouse is None else WarehouseCode(warehouse),
    )


def _moment(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored)
