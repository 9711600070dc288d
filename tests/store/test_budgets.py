"""One bucket per store: never more granted than it holds, and the urgent before the patient."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from crossdock.model.names import ShopDomain
from crossdock.ports.calls import Lane, ThrottleStatus
from crossdock.store.budgets import PostgresBudget
from crossdock.store.database import Database, open_database

ACME, OTHER = ShopDomain("acme.myshopify.com"), ShopDomain("other.myshopify.com")
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


async def it_is(database: Database, seconds: float) -> None:
    """Set the hub's clock to so many seconds after noon."""
    moment = (NOON + timedelta(seconds=seconds)).isoformat()
    async with database.begin() as tx:
        await tx.execute(
            text(
                "CREATE OR REPLACE FUNCTION hub_now() RETURNS timestamptz LANGUAGE sql STABLE "
                f"AS 'SELECT ''{moment}''::timestamptz'"
            )
        )


def holding(available: float, *, maximum: float = 1000, rate: float = 50) -> ThrottleStatus:
    return ThrottleStatus(maximum, available, rate)


@pytest.fixture
async def budget(database: Database) -> PostgresBudget:
    """A budget at noon, of a store that has been called before."""
    await it_is(database, 0)
    made = PostgresBudget(database)
    await made.reserve(ACME, 0, Lane.TRACKING)
    return made


async def test_an_unknown_store_has_the_smallest_plans_bucket(budget: PostgresBudget) -> None:
    assert await budget.reserve(ACME, 1000, Lane.TRACKING) is None
    assert await budget.reserve(ACME, 50, Lane.TRACKING) == timedelta(seconds=1)


async def test_a_reservation_that_must_wait_takes_nothing(budget: PostgresBudget) -> None:
    await budget.settle(ACME, 0, holding(100))

    assert await budget.reserve(ACME, 150, Lane.TRACKING) == timedelta(seconds=1)
    assert await budget.reserve(ACME, 150, Lane.TRACKING) == timedelta(seconds=1)
    assert await budget.reserve(ACME, 100, Lane.TRACKING) is None


async def test_points_flow_back_with_time(budget: PostgresBudget, database: Database) -> None:
    await budget.settle(ACME, 0, holding(0))
    assert await budget.reserve(ACME, 100, Lane.TRACKING) == timedelta(seconds=2)

    await it_is(database, 2)

    assert await budget.reserve(ACME, 100, Lane.TRACKING) is None
    assert await budget.reserve(ACME, 1, Lane.TRACKING) is not None


async def test_the_bucket_never_holds_more_than_its_maximum(budget: PostgresBudget, database: Database) -> None:
    await budget.settle(ACME, 0, holding(900))

    await it_is(database, 3600)

    assert await budget.reserve(ACME, 1000, Lane.TRACKING) is None
    assert await budget.reserve(ACME, 1, Lane.TRACKING) is not None


@pytest.mark.parametrize(
    ("lane", "least"), [(Lane.TRACKING, 10), (Lane.STOCK, 110), (Lane.ORDERS, 210), (Lane.CATALOG, 410)]
)
async def test_a_less_urgent_lane_leaves_a_share_to_the_more_urgent(
    budget: PostgresBudget, lane: Lane, least: float
) -> None:
    await budget.settle(ACME, 0, holding(least - 1))
    assert await budget.reserve(ACME, 10, lane) is not None

    await budget.settle(ACME, 0, holding(least))
    assert await budget.reserve(ACME, 10, lane) is None


async def test_a_full_bucket_serves_the_last_lanes_dearest_call(budget: PostgresBudget) -> None:
    await budget.settle(ACME, 0, holding(1000))

    assert await budget.reserve(ACME, 900, Lane.CATALOG) is None


async def test_what_shopify_says_corrects_the_estimate(budget: PostgresBudget) -> None:
    assert await budget.reserve(ACME, 400, Lane.TRACKING) is None

    await budget.settle(ACME, 400, holding(19_990, maximum=20_000, rate=1000))

    assert await budget.reserve(ACME, 19_990, Lane.TRACKING) is None
    assert await budget.reserve(ACME, 500, Lane.TRACKING) == timedelta(seconds=0.5)


async def test_calls_in_flight_are_taken_off_what_shopify_says_is_left(budget: PostgresBudget) -> None:
    """The answer to one call may be older than the start of another."""
    await budget.reserve(ACME, 300, Lane.TRACKING)
    await budget.reserve(ACME, 300, Lane.TRACKING)

    await budget.settle(ACME, 300, holding(700))

    assert await budget.reserve(ACME, 401, Lane.TRACKING) is not None
    assert await budget.reserve(ACME, 400, Lane.TRACKING) is None


async def test_a_call_without_an_answer_leaves_its_points_spent(budget: PostgresBudget) -> None:
    await budget.reserve(ACME, 900, Lane.TRACKING)

    await budget.settle(ACME, 900, None)

    assert await budget.reserve(ACME, 200, Lane.TRACKING) == timedelta(seconds=2)


async def test_what_a_dead_process_left_in_flight_is_forgotten_however_busy_the_others_are(
    budget: PostgresBudget, database: Database
) -> None:
    await budget.reserve(ACME, 600, Lane.TRACKING)

    for second in range(1, 62):
        await it_is(database, second)
        await budget.reserve(ACME, 10, Lane.TRACKING)
        await budget.settle(ACME, 10, holding(1000))

    assert await budget.reserve(ACME, 980, Lane.TRACKING) is None


async def test_each_store_has_a_bucket_of_its_own(budget: PostgresBudget) -> None:
    await budget.reserve(ACME, 1000, Lane.TRACKING)

    assert await budget.reserve(OTHER, 1000, Lane.TRACKING) is None


async def test_processes_that_reserve_at_once_never_get_more_than_there_is(
    budget: PostgresBudget, database_url: str
) -> None:
    others = [open_database(database_url, pool_size=3) for _ in range(3)]
    await budget.settle(ACME, 0, holding(500))

    granted = await asyncio.gather(
        *(PostgresBudget(other).reserve(ACME, 30, Lane.TRACKING) for other in others for _ in range(10))
    )

    assert granted.count(None) == 500 // 30
    for other in others:
        await other.close()


async def test_a_store_first_used_by_many_at_once_is_granted_once_over(database_url: str) -> None:
    other = open_database(database_url, pool_size=6)
    await it_is(other, 0)

    granted = await asyncio.gather(*(PostgresBudget(other).reserve(ACME, 300, Lane.TRACKING) for _ in range(6)))

    assert granted.count(None) == 3
    await other.close()
