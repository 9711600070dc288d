"""One order's whole story: what was asked, what left, what happened, what it waits for, what was said about it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from crossdock.model.account import Account
from crossdock.model.cause import Hold
from crossdock.model.flow import Flow
from crossdock.model.lateness import is_late
from crossdock.model.names import ConnectionId, OrderId, ShopDomain
from crossdock.model.state import OrderState
from crossdock.store import holds, routes, timeline
from crossdock.store.database import Tx
from crossdock.store.orders import account_from
from crossdock.store.requests import terms_from
from crossdock.store.routes import Kept
from crossdock.store.timeline import Told

LATEST_EXCHANGES = 40


@dataclass(frozen=True, slots=True)
class Header:
    """The order as of the last look."""

    connection: ConnectionId
    store: ShopDomain
    backend: str
    order_id: OrderId
    name: str
    placed_at: datetime
    updated_at: datetime
    looked_at: datetime
    financial_status: str | None
    fulfillment_status: str
    state: OrderState
    state_since: datetime
    late: bool
    units: int
    total: str
    money: Account | None


@dataclass(frozen=True, slots=True)
class Request:
    """One request to the backend. Without `accepted_at` it was tried, and what came of it is not known yet."""

    name: str
    fulfillment_order: str
    warehouse: str
    location: str
    reference: str | None
    state: str | None
    units: int
    tried_at: datetime
    accepted_at: datetime | None
    total: str | None
    """What its goods and charges come to, as it was told; None where it was not told yet, or not kept."""
    to_collect: str | None
    """What the carrier collects; None where it is nothing."""
    forgotten: bool = False
    """Whether the people behind it were forgotten."""


@dataclass(frozen=True, slots=True)
class Package:
    """One package that left. Without `fulfillment` Shopify does not know it yet, as far as we know."""

    package: str
    request: str
    tracking_number: str | None
    units: int
    fulfillment: str | None
    adopted: bool
    told_at: datetime | None
    cancelled_at: datetime | None
    """Since when Shopify does not count it; the goods may have left all the same."""
    taken_back_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A look that the order waits for in one flow; `due_at` may be ahead, after failed attempts or on purpose."""

    flow: Flow
    reason: str
    since: datetime
    due_at: datetime
    attempts: int
    last_error: str | None
    being_looked_at: bool


@dataclass(frozen=True, slots=True)
class HeldFor:
    """A hold on the order in one flow, and since when; `resolved` where a person said that it is done with."""

    flow: Flow
    hold: Hold
    since: datetime
    resolved: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call about the order and its answer, redacted when they were kept, as indented JSON."""

    operation: str
    began_at: datetime
    took_ms: int
    status: int | None
    outcome: str
    request_id: str | None
    request: str | None
    response: str | None
    trace_id: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """Everything about one order, as of `at` by the database's clock."""

    at: datetime
    order: Header
    told: Sequence[Told]
    requests: Sequence[Request]
    packages: Sequence[Package]
    waiting: Sequence[Waiting]
    holds: Sequence[HeldFor]
    exchanges: Sequence[Exchange]
    routes: Sequence[Kept] = ()
    """From where it was to ship, decision by decision."""


_HEADER = """
    SELECT orders.*, connections.store, connections.backend, hub_now() AS at
      FROM orders JOIN connections ON connections.id = orders.connection
     WHERE orders.connection = :connection AND {which}
     ORDER BY placed_at DESC LIMIT 1
"""
_BY_ID = text(_HEADER.format(which="orders.order_id = :order_id"))

# Names are not unique by Shopify's promise: the newest order of that name is meant. A leading # may be left out.
_BY_NAME = text(_HEADER.format(which="orders.name IN (:name, '#' || :name)"))

_REQUESTS = text(
    """
    SELECT requests.*, coalesce(lines.units, 0) AS units
      FROM requests
      LEFT JOIN LATERAL (
          SELECT sum(units) AS units FROM request_lines
           WHERE request_lines.connection = requests.connection AND request_lines.key = requests.key
      ) AS lines ON true
     WHERE requests.connection = :connection AND order_id = :order_id
     ORDER BY tried_at, name
    """
)

_PACKAGES = text(
    """
    SELECT packages.*, requests.name AS request,
           (SELECT coalesce(sum(CAST(line ->> 1 AS integer)), 0) FROM jsonb_array_elements(contents) AS line) AS units
      FROM packages
      LEFT JOIN requests ON requests.connection = packages.connection AND requests.key = packages.key
     WHERE packages.connection = :connection AND packages.order_id = :order_id
     ORDER BY packages.tried_at, package
    """
)

_WAITING = text(
    """
    SELECT flow, reason, first_due_at AS since, due_at, attempts, last_error,
           claimed_by IS NOT NULL AS claimed
      FROM pending
     WHERE connection = :connection AND flow IN ('orders', 'fulfillments') AND key = :order_id
     ORDER BY flow
    """
)

# The calls name the order or one of its fulfillment orders among their subjects.
_EXCHANGES = text(
    """
    SELECT operation, began_at, took_ms, status, outcome, request_id, request, response, trace_id
      FROM exchanges
     WHERE store = :store AND subjects && CAST(:subjects AS text[])
     ORDER BY id DESC LIMIT :limit
    """
)


async def story(tx: Tx, connection: ConnectionId, name: str) -> Story | None:
    """Return the story of the order with this name, None where there is none."""
    named = {"connection": connection, "name": name.replace("\0", "")}
    return await _story(tx, (await tx.execute(_BY_NAME, named)).one_or_none())


async def story_by_id(tx: Tx, connection: ConnectionId, order_id: OrderId) -> Story | None:
    """Return the story of this order, None where there is none."""
    known = {"connection": connection.replace("\0", ""), "order_id": order_id.replace("\0", "")}
    return await _story(tx, (await tx.execute(_BY_ID, known)).one_or_none())


async def _story(tx: Tx, row: Row[Any] | None) -> Story | None:
    if row is None:
        return None
    connection = ConnectionId(row.connection)
    scope = {"connection": connection, "order_id": row.order_id}
    requests = (await tx.execute(_REQUESTS, scope)).all()
    held = await holds.held(tx, connection, keys=[row.order_id])
    return Story(
        at=row.at,
        order=Header(
            connection=connection,
            store=ShopDomain(row.store),
            backend=row.backend,
            order_id=OrderId(row.order_id),
            name=row.name,
            placed_at=row.placed_at,
            updated_at=row.updated_at,
            looked_at=row.looked_at,
            financial_status=row.financial_status,
            fulfillment_status=row.fulfillment_status,
            state=OrderState(row.state),
            state_since=row.state_since,
            late=is_late(OrderState(row.state), row.state_since, row.at),
            units=row.units,
            total=row.total,
            money=account_from(row.money),
        ),
        told=await timeline.read(tx, connection, OrderId(row.order_id)),
        requests=[
            Request(
                name=one.name,
                fulfillment_order=one.key,
                warehouse=one.warehouse,
                location=one.location,
                reference=one.reference,
                state=one.state,
                units=one.units,
                tried_at=one.tried_at,
                accepted_at=one.accepted_at,
                total=_total(one.terms),
                to_collect=_to_collect(one.terms),
                forgotten=one.erased_at is not None,
            )
            for one in requests
        ],
        packages=[
            Package(
                package=one.package,
                request=one.request or one.key,
                tracking_number=one.tracking_number,
                units=one.units,
                fulfillment=one.fulfillment,
                adopted=one.adopted,
                told_at=one.told_at,
                cancelled_at=one.cancelled_at,
                taken_back_at=one.taken_back_at,
            )
            for one in await tx.execute(_PACKAGES, scope)
        ],
        waiting=[
            Waiting(
                flow=Flow(one.flow),
                reason=one.reason,
                since=one.since,
                due_at=one.due_at,
                attempts=one.attempts,
                last_error=one.last_error,
                being_looked_at=one.claimed,
            )
            for one in await tx.execute(_WAITING, scope)
        ],
        holds=[HeldFor(one.flow, one.hold, one.since, one.resolved) for one in held],
        routes=await routes.of_order(tx, connection, OrderId(row.order_id)),
        exchanges=await _exchanges(tx, row.store, [row.order_id, *(one.key for one in requests)]),
    )


def _total(terms: Any) -> str | None:
    money = None if terms is None else terms_from(terms).request.money
    return None if money is None else money.total.written(money.currencies)


def _to_collect(terms: Any) -> str | None:
    collected = None if terms is None else terms_from(terms).request.to_collect
    return str(collected) if collected is not None and collected.amount else None


async def _exchanges(tx: Tx, store: str, subjects: Sequence[str]) -> Sequence[Exchange]:
    rows = await tx.execute(_EXCHANGES, {"store": store, "subjects": list(subjects), "limit": LATEST_EXCHANGES})
    return [
        Exchange(
            operation=row.operation,
            began_at=row.began_at,
            took_ms=row.took_ms,
            status=row.status,
            outcome=row.outcome,
            request_id=row.request_id,
            request=_indented(row.request),
            response=_indented(row.response),
            trace_id=row.trace_id,
        )
        for row in rows
    ]


def _indented(value: Any) -> str | None:
    return None if value is None else json.dumps(value, indent=2, ensure_ascii=False)
