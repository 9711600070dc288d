"""Exchanges are found again by what they were about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from crossdock.model.names import ShopDomain
from crossdock.ports.calls import Exchange
from crossdock.store.database import Database
from crossdock.store.exchanges import PostgresJournal, exchanges_about

ACME, OTHER = ShopDomain("acme.myshopify.com"), ShopDomain("other.myshopify.com")
ORDER = "gid://shopify/Order/1"
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def an_exchange(minute: int = 0, *, store: ShopDomain = ACME, subjects: tuple[str, ...] = (ORDER,)) -> Exchange:
    return Exchange(
        store=store,
        operation="Orders",
        subjects=subjects,
        began_at=NOON + timedelta(minutes=minute),
        took=timedelta(milliseconds=120),
        status=200,
        outcome="ok",
        request_id="req-1",
        requested_cost=150,
        actual_cost=40,
        request={"ids": list(subjects)},
        response={"data": {"nodes": [None]}},
    )


async def test_an_exchange_comes_back_as_it_was_kept(database: Database) -> None:
    kept = an_exchange(subjects=(ORDER, "gid://shopify/Order/2"))

    await PostgresJournal(database).record(kept)

    async with database.begin() as tx:
        assert await exchanges_about(tx, ACME, "gid://shopify/Order/2", limit=10) == (kept,)


async def test_a_call_that_was_never_answered_is_kept_too(database: Database) -> None:
    silent = replace(
        an_exchange(),
        status=None,
        outcome="failed",
        request_id=None,
        requested_cost=None,
        actual_cost=None,
        response=None,
    )

    await PostgresJournal(database).record(silent)

    async with database.begin() as tx:
        assert await exchanges_about(tx, ACME, ORDER, limit=10) == (silent,)


async def test_only_the_newest_of_this_store_about_this_object_are_read(database: Database) -> None:
    journal = PostgresJournal(database)
    for minute in (1, 3, 2):
        await journal.record(an_exchange(minute))
    await journal.record(an_exchange(4, store=OTHER))
    await journal.record(an_exchange(5, subjects=("gid://shopify/Order/2",)))

    async with database.begin() as tx:
        found = await exchanges_about(tx, ACME, ORDER, limit=2)

    assert [exchange.began_at.minute for exchange in found] == [3, 2]
