"""A system that answers nobody is asked the smallest question now and then, by one of all who would ask."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from crossdock.kit.errors import NoAnswer, NotNow, Recovery, Refused
from crossdock.model.outage import LONGEST, Party, begun, patience
from crossdock.store import outages
from crossdock.store.database import Database
from crossdock.store.outages import PostgresBreaker

ACME, OTHER = Party("acme.myshopify.com"), Party("other.myshopify.com")
DOWN = NoAnswer("acme.myshopify.com: Shopify answered with HTTP 503.")


@dataclass
class Shop:
    """Answers, or not; counts what it was asked."""

    error: Exception | None = None
    small_error: Exception | None = None
    asked: int = 0
    asked_little: int = 0

    async def ask(self) -> str:
        self.asked += 1
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        return "an answer"

    async def ask_little(self) -> str:
        self.asked_little += 1
        await asyncio.sleep(0)
        if self.small_error is not None:
            raise self.small_error
        return "all is well"


def down() -> Shop:
    return Shop(DOWN, DOWN)


async def pass_time(database: Database, time: timedelta) -> None:
    async with database.begin() as tx:
        await tx.execute(
            text(
                "CREATE OR REPLACE FUNCTION hub_now() RETURNS timestamptz LANGUAGE sql STABLE AS "
                f"'SELECT statement_timestamp() + interval ''{time.total_seconds()} seconds'''"
            )
        )


async def known(database: Database) -> list[Party]:
    async with database.begin() as tx:
        return [one.party for one in await outages.listed(tx)]


def attentive(database: Database) -> PostgresBreaker:
    """A breaker that looks at the database at each call, as if a second had passed."""
    return PostgresBreaker(database, ACME, fresh_seconds=0)


async def tried(database: Database, times: int) -> None:
    """Wait until so many small questions were asked of the system, or are being asked."""
    async with asyncio.timeout(10):
        while True:
            async with database.begin() as tx:
                if max(one.tries for one in await outages.listed(tx)) == times:
                    return
            await asyncio.sleep(0.01)


async def test_while_all_is_well_calls_go_through_and_no_small_question_is_asked(database: Database) -> None:
    shop, breaker = Shop(), PostgresBreaker(database, ACME)

    assert await breaker.call(shop.ask, shop.ask_little) == "an answer"

    assert shop.asked_little == 0


async def test_a_question_without_an_answer_is_no_outage_where_the_smallest_one_is_answered(
    database: Database,
) -> None:
    shop, breaker = Shop(error=DOWN), PostgresBreaker(database, ACME)

    with pytest.raises(NoAnswer, match="HTTP 503"):
        await breaker.call(shop.ask, shop.ask_little)

    assert await known(database) == []
    shop.error = None
    assert await breaker.call(shop.ask, shop.ask_little) == "an answer"


async def test_a_refusal_of_the_smallest_question_is_an_answer(database: Database) -> None:
    shop = Shop(DOWN, Refused("acme.myshopify.com: the app lacks a scope."))

    with pytest.raises(NoAnswer):
        await PostgresBreaker(database, ACME).call(shop.ask, shop.ask_little)

    assert await known(database) == []


async def test_an_outage_says_since_when_and_until_when_and_blames_nobody(database: Database) -> None:
    shop = down()

    with pytest.raises(NotNow, match=r"^acme.myshopify.com does not answer since \d\d:\d\d UTC; next try ") as caught:
        await PostgresBreaker(database, ACME).call(shop.ask, shop.ask_little)

    assert "HTTP 503" in str(caught.value)
    assert caught.value.recovery is Recovery.WAIT
    assert timedelta(0) < caught.value.after <= patience(1)


async def test_during_an_outage_nobody_asks_until_the_time_and_then_one_asks_little(database: Database) -> None:
    shop, here, elsewhere = down(), attentive(database), attentive(database)
    for breaker in (here, elsewhere, here, elsewhere):
        with pytest.raises(NotNow):
            await breaker.call(shop.ask, shop.ask_little)
    assert (shop.asked, shop.asked_little) == (1, 1)

    await pass_time(database, patience(1))
    results = await asyncio.gather(
        *(breaker.call(shop.ask, shop.ask_little) for breaker in (here, elsewhere) * 3), return_exceptions=True
    )

    assert all(isinstance(result, NotNow) for result in results)
    assert (shop.asked, shop.asked_little) == (1, 2)


async def test_calls_that_fail_side_by_side_ask_little_once_for_all(database: Database) -> None:
    shop, breaker = down(), PostgresBreaker(database, ACME)

    results = await asyncio.gather(*(breaker.call(shop.ask, shop.ask_little) for _ in range(8)), return_exceptions=True)

    assert all(isinstance(result, NotNow) for result in results)
    assert shop.asked_little == 1


async def test_the_first_answer_ends_the_outage_for_all(database: Database) -> None:
    shop, here, elsewhere = down(), attentive(database), attentive(database)
    with pytest.raises(NotNow):
        await here.call(shop.ask, shop.ask_little)
    shop.error = shop.small_error = None
    await pass_time(database, patience(1))

    assert await elsewhere.call(shop.ask, shop.ask_little) == "an answer"
    assert await here.call(shop.ask, shop.ask_little) == "an answer"

    assert await known(database) == []
    assert shop.asked_little == 2


async def test_who_asks_puts_the_next_try_off_first_so_that_nobody_waits_for_it_should_it_be_killed(
    database: Database,
) -> None:
    shop, killed, other = down(), attentive(database), attentive(database)

    async def never() -> None:
        await asyncio.Event().wait()

    with pytest.raises(NotNow):
        await killed.call(shop.ask, shop.ask_little)
    await pass_time(database, patience(1))
    asking = asyncio.create_task(killed.call(shop.ask, never))
    await tried(database, 2)
    with pytest.raises(NotNow):
        await other.call(shop.ask, shop.ask_little)
    assert shop.asked_little == 1

    asking.cancel()
    await pass_time(database, patience(1) + patience(2))
    with pytest.raises(NotNow):
        await other.call(shop.ask, shop.ask_little)

    assert shop.asked_little == 2


async def test_one_systems_outage_is_nothing_to_another(database: Database) -> None:
    broken, fine = down(), Shop()
    with pytest.raises(NotNow):
        await PostgresBreaker(database, ACME).call(broken.ask, broken.ask_little)

    assert await PostgresBreaker(database, OTHER).call(fine.ask, fine.ask_little) == "an answer"


def test_a_silent_system_is_asked_ever_more_seldom_but_within_two_minutes() -> None:
    outage = begun(ACME, "HTTP 503.", datetime(2026, 11, 27, 18, 58, tzinfo=UTC))
    waits = []
    for _ in range(12):
        now = outage.next_try_at
        assert outage.is_worth_a_try(now)
        outage = outage.prolonged(now)
        waits.append(outage.next_try_at - now)

    assert waits[:3] == [timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=40)]
    assert waits[-1] == LONGEST
