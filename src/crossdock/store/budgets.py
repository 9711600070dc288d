"""The owner of `budgets`: one bucket of points per store, shared by all processes, filled by the database's clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from sqlalchemy import ColumnElement, DateTime, Double, cast, extract, func, select, update
from sqlalchemy.dialects.postgresql import insert

from crossdock.model.names import ShopDomain
from crossdock.ports.calls import Lane, ThrottleStatus
from crossdock.store.database import Database, Tx
from crossdock.store.schema import budgets

KEPT_BACK = MappingProxyType({Lane.TRACKING: 0.0, Lane.STOCK: 0.1, Lane.ORDERS: 0.2, Lane.CATALOG: 0.4})
"""The share of the bucket that a lane leaves to the more urgent ones."""

# Until Shopify has told the real numbers: less than the smallest plan has (Shopify docs, 2026).
_FIRST = ThrottleStatus(maximum=1000, available=1000, restore_rate=50)

# What is in flight is forgotten little by little: a call ends within a second or so and hardly notices, and what a
# process had reserved when it was killed comes back within a minute, however busy the others keep the bucket.
_FORGOTTEN_IN = timedelta(seconds=15)

# Asking again at once would only load the database.
_SHORTEST_WAIT = 0.05

_now = func.hub_now(type_=DateTime(timezone=True))

# What the bucket holds now: what it held when it was last looked at, and what has flowed in since. Another
# process may have looked later than this statement began; then nothing has flowed in.
_elapsed = func.greatest(extract("epoch", _now - budgets.c.measured_at), 0)
_level: ColumnElement[float] = func.least(
    budgets.c.maximum, budgets.c.available + cast(_elapsed, Double) * budgets.c.restore_rate
)
_unasked = func.greatest(extract("epoch", _now - budgets.c.reserved_at), 0)
_in_flight: ColumnElement[float] = budgets.c.in_flight * func.exp(
    -func.least(cast(_unasked, Double) / _FORGOTTEN_IN.total_seconds(), 100.0)
)
_measured_at = func.greatest(budgets.c.measured_at, _now)


class PostgresBudget:
    """
    Grants points of Shopify's bucket before a call, so that calls are seldom throttled; satisfies the `Budget` port.

    The level is an estimate that every answer corrects. It errs low: calls in flight are taken off what Shopify
    says is left, though Shopify may have taken some of them off itself already.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reserve(self, store: ShopDomain, points: float, lane: Lane) -> timedelta | None:
        """Take `points` out and return None, or take nothing and return how long to wait before asking again."""
        # A full bucket serves every lane, however dear the call; else a dear call of the last lane would never go.
        needed: ColumnElement[float] = func.least(points + KEPT_BACK[lane] * budgets.c.maximum, budgets.c.maximum)
        take = (
            update(budgets)
            .where(budgets.c.store == store, _level >= needed)
            .values(
                available=_level - points,
                in_flight=_in_flight + points,
                measured_at=_measured_at,
                reserved_at=_now,
            )
            .returning(budgets.c.store)
        )
        short = select((needed - _level) / budgets.c.restore_rate).where(budgets.c.store == store)
        async with self._database.begin() as tx:
            while True:
                if (await tx.execute(take)).first():
                    return None
                seconds = (await tx.execute(short)).scalar()
                if seconds is not None:
                    return timedelta(seconds=max(seconds, _SHORTEST_WAIT))
                await _first_use(tx, store)

    async def settle(self, store: ShopDomain, points: float, status: ThrottleStatus | None) -> None:
        """
        Report that a call that had reserved `points` ended, with what Shopify said, None where it said nothing.

        Where it said nothing the points stay spent: Shopify may have taken them.
        """
        left = func.greatest(_in_flight - points, 0.0)
        ended = update(budgets).where(budgets.c.store == store).values(in_flight=left, reserved_at=_now)
        if status is not None:
            ended = ended.values(
                maximum=status.maximum,
                restore_rate=status.restore_rate,
                available=status.available - left,
                measured_at=_measured_at,
            )
        async with self._database.begin() as tx:
            await tx.execute(ended)


async def _first_use(tx: Tx, store: ShopDomain) -> None:
    """Make the row of a store that has none."""
    row = insert(budgets).values(
        store=store, maximum=_FIRST.maximum, available=_FIRST.available, restore_rate=_FIRST.restore_rate
    )
    await tx.execute(row.on_conflict_do_nothing())


@dataclass(frozen=True, slots=True)
class Level:
    """How full a store's bucket is by our estimate, in points; `restore_rate` is in points per second."""

    store: ShopDomain
    available: float
    maximum: float
    restore_rate: float


async def levels(tx: Tx) -> Sequence[Level]:
    """Return the bucket of every store that was ever called."""
    rows = await tx.execute(
        select(budgets.c.store, _level.label("available"), budgets.c.maximum, budgets.c.restore_rate).order_by(
            budgets.c.store
        )
    )
    return [Level(ShopDomain(row.store), row.available, row.maximum, row.restore_rate) for row in rows]
