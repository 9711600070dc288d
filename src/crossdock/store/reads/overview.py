"""Everything that the overview shows, read in one round: what needs a person, how connections stand, and graphs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import text

from crossdock.model.cause import Cause
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.store import budgets, connections, unheard
from crossdock.store.budgets import Level
from crossdock.store.database import Tx
from crossdock.store.holds import IS_OPEN
from crossdock.store.reads import health, orders
from crossdock.store.reads.health import Standing
from crossdock.store.reads.orders import Late
from crossdock.store.unheard import Silence

HOURS: Final = 24
"""How far graphs go back. The last hour is the one that runs."""


class Stage(StrEnum):
    """One stretch of an order's way; each ends with the moment that it is named for."""

    HEARD = "heard"
    """From being placed to the moment at which the hub knew of it."""

    ACCEPTED = "accepted"
    """From there to the backend's word that it has the order; waiting for payment and holds are in it."""

    SHIPPED = "shipped"
    """From there to the moment at which a package left, by the backend's clock."""

    TOLD = "told"
    """From there to Shopify's word that it has the fulfillment."""


@dataclass(frozen=True, slots=True)
class HeldCause:
    """How many objects one flow of a connection holds for one cause, the first of them since `since`."""

    connection: ConnectionId
    flow: Flow
    cause: Cause
    many: int
    since: datetime


@dataclass(frozen=True, slots=True)
class PlacedInHour:
    """How many of a connection's orders were placed in the hour that begins at `hour`; hours without any have none."""

    connection: ConnectionId
    hour: datetime
    many: int


@dataclass(frozen=True, slots=True)
class Latency:
    """
    How long a stage took: of what ended in the hour that begins at `hour`, None for all hours shown together.

    Half of `many` took at most `half`, 95 of 100 at most `most`.
    """

    connection: ConnectionId
    stage: Stage
    hour: datetime | None
    many: int
    half: timedelta
    most: timedelta


@dataclass(frozen=True, slots=True)
class Drifted:
    """Where others changed a connection's stock at Shopify in the last day: how often, and by how many units in all."""

    connection: ConnectionId
    many: int
    units: int


@dataclass(frozen=True, slots=True)
class Heard:
    """When a store's last webhook came, and how many came within the last hour."""

    store: ShopDomain
    last_at: datetime | None
    last_hour: int


@dataclass(frozen=True, slots=True)
class Spent:
    """How many points of Shopify's budget calls for a store have used within the last hour, and how many calls."""

    store: ShopDomain
    points: int
    calls: int


@dataclass(frozen=True, slots=True)
class Closed:
    """A flow that does not work at this hour, and the sentence that says until when."""

    connection: ConnectionId
    flow: Flow
    sentence: str


@dataclass(frozen=True, slots=True)
class Overview:
    """How everything stands as of `at` by the database's clock; graphs begin at `since`, on a full hour."""

    at: datetime
    since: datetime
    standings: Sequence[Standing]
    holds: Sequence[HeldCause]
    late: Sequence[Late]
    silences: Sequence[Silence]
    placed: Sequence[PlacedInHour]
    latencies: Sequence[Latency]
    levels: Sequence[Level]
    spent: Sequence[Spent]
    drifted: Sequence[Drifted]
    heard: Sequence[Heard]
    closed: Sequence[Closed] = ()

    @property
    def held(self) -> int:
        """How many objects are held, over all connections."""
        return sum(one.held for one in self.standings)

    @property
    def needs_nobody(self) -> bool:
        """Whether all goes by itself: nothing held or late, no store paused, everybody answers, every topic speaks."""
        stopped = any(one.paused or one.outages for one in self.standings)
        return not (self.holds or self.late or self.silences or stopped)


_TIMES = text(
    "SELECT hub_now() AS at, date_trunc('hour', hub_now(), 'UTC') - CAST(:span AS interval) AS since",
)

_HOLDS = text(
    f"""
    SELECT connection, flow, cause, count(*) AS many, min(since) AS since FROM holds
     WHERE {IS_OPEN}
     GROUP BY connection, flow, cause ORDER BY many DESC, connection, flow, cause
    """  # noqa: S608 - all of it is written in the code
)

_PLACED = text(
    """
    SELECT connection, date_trunc('hour', placed_at, 'UTC') AS hour, count(*) AS many FROM orders
     WHERE placed_at >= :since GROUP BY 1, 2 ORDER BY 1, 2
    """
)

# A request is tried moments before it is accepted, and packages are heard of at latest when they are told: so the day's
# are found by the moments that have an index. Who was forgotten within the day is not counted.
_LATENCIES = text(
    """
    WITH stretches AS (
        SELECT connection, 'heard' AS stage, heard_at AS ended, heard_at - placed_at AS took
          FROM orders WHERE heard_at >= :since
        UNION ALL
        SELECT requests.connection, 'accepted', accepted_at, accepted_at - heard_at
          FROM requests JOIN orders USING (connection, order_id)
         WHERE tried_at >= :since AND erased_at IS NULL AND accepted_at IS NOT NULL AND heard_at IS NOT NULL
        UNION ALL
        SELECT packages.connection, 'shipped', shipped_at, shipped_at - accepted_at
          FROM packages JOIN requests USING (connection, key)
         WHERE shipped_at >= :since AND accepted_at IS NOT NULL
        UNION ALL
        SELECT connection, 'told', told_at, told_at - shipped_at
          FROM packages WHERE shipped_at >= :since AND told_at IS NOT NULL
    ), hourly AS (
        SELECT connection, stage, date_trunc('hour', ended, 'UTC') AS hour, greatest(took, interval '0') AS took
          FROM stretches
    )
    SELECT connection, stage, hour, grouping(hour) = 1 AS whole, count(*) AS many,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY took) AS half,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY took) AS most
      FROM hourly
     GROUP BY GROUPING SETS ((connection, stage), (connection, stage, hour))
     ORDER BY connection, stage, hour NULLS FIRST
    """
)

_DRIFTED = text(
    """
    SELECT connection, count(*) AS many, sum(abs(units)) AS units FROM stock_drift
     WHERE found_at >= hub_now() - interval '1 day' GROUP BY connection ORDER BY connection
    """
)

_HEARD = text(
    """
    SELECT domain AS store,
           (SELECT max(received_at) FROM inbox WHERE store = domain) AS last_at,
           (SELECT count(*) FROM inbox
             WHERE store = domain AND received_at >= hub_now() - interval '1 hour') AS last_hour
      FROM stores ORDER BY domain
    """
)

_SPENT = text(
    """
    SELECT store, coalesce(sum(actual_cost), 0) AS points, count(*) AS calls
      FROM stores JOIN exchanges ON store = domain
     WHERE began_at >= hub_now() - interval '1 hour' GROUP BY store ORDER BY store
    """
)


async def overview(tx: Tx) -> Overview:
    """Return how everything stands."""
    times = (await tx.execute(_TIMES, {"span": timedelta(hours=HOURS - 1)})).one()
    return Overview(
        at=times.at,
        since=times.since,
        standings=await health.standings(tx),
        holds=[
            HeldCause(ConnectionId(row.connection), Flow(row.flow), Cause(row.cause), row.many, row.since)
            for row in await tx.execute(_HOLDS)
        ],
        late=await orders.late(tx),
        silences=await unheard.silences(tx),
        placed=[
            PlacedInHour(ConnectionId(row.connection), row.hour, row.many)
            for row in await tx.execute(_PLACED, {"since": times.since})
        ],
        latencies=await _latencies(tx, times.since),
        levels=await budgets.levels(tx),
        spent=[Spent(ShopDomain(row.store), row.points, row.calls) for row in await tx.execute(_SPENT)],
        drifted=[Drifted(ConnectionId(row.connection), row.many, row.units) for row in await tx.execute(_DRIFTED)],
        heard=[Heard(ShopDomain(row.store), row.last_at, row.last_hour) for row in await tx.execute(_HEARD)],
        closed=await _closed(tx, times.at),
    )


async def _closed(tx: Tx, now: datetime) -> Sequence[Closed]:
    return [
        Closed(one.id, flow, sentence)
        for one in await connections.listed(tx)
        for flow in Flow
        if flow in one.flows and (sentence := one.rules.schedule.sentence(flow, now)) is not None
    ]


async def _latencies(tx: Tx, since: datetime) -> Sequence[Latency]:
    return [
        Latency(
            ConnectionId(row.connection),
            Stage(row.stage),
            None if row.whole else row.hour,
            row.many,
            row.half,
            row.most,
        )
        for row in await tx.execute(_LATENCIES, {"since": since})
        # What ended before, such as a package that left in the hour before and was told in this one, has no place.
        if row.whole or row.hour >= since
    ]
