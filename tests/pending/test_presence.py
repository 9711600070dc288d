"""What a killed worker was looking at is taken over as soon as it is known to be gone; the living keep theirs."""

import asyncio
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing
from datetime import timedelta

from sqlalchemy import text
from tests.pending.toy_flow import ACME, Lane

from crossdock.model.flow import Flow
from crossdock.store import news, pending
from crossdock.store.database import Database
from crossdock.store.presence import present

HOUR = timedelta(hours=1)
GRACE = timedelta(milliseconds=300)
SOON = timedelta(milliseconds=20)


def _present(database: Database, name: str) -> AbstractAsyncContextManager[asyncio.Event]:
    return present(database.url, name, grace=GRACE, look_every=SOON)


async def _claim_one(lane: Lane, key: str, worker: str) -> None:
    await lane.mark(key)
    async with lane.database.begin() as tx:
        await pending.fold(tx, ACME, Flow.ORDERS)
        assert [one.key for one in await pending.claim(tx, ACME, Flow.ORDERS, worker, HOUR, 1)] == [key]


async def _freed(database: Database) -> set[str]:
    """Wait until any claims are free; return which."""
    async with asyncio.timeout(20):
        while True:
            async with database.begin() as tx:
                free = set(await tx.scalars(text("SELECT key FROM pending WHERE claimed_until <= hub_now()")))
            if free:
                return free
            await asyncio.sleep(0.01)


async def test_the_claims_of_a_worker_that_is_gone_are_free_and_those_of_the_others_are_not(
    database: Database,
) -> None:
    lane = Lane(database)
    async with _present(database, "living") as here:
        await here.wait()
        async with _present(database, "killed") as there:
            await there.wait()
            await _claim_one(lane, "a", "killed")
            await _claim_one(lane, "b", "living")

        assert await _freed(database) == {"a"}


async def test_who_comes_first_after_all_were_killed_frees_what_they_left(database: Database) -> None:
    lane = Lane(database)
    await _claim_one(lane, "a", "killed")

    async with _present(database, "next"):
        assert await _freed(database) == {"a"}


async def test_a_worker_whose_session_broke_is_back_before_its_claims_are_free(database: Database) -> None:
    lane = Lane(database)
    async with AsyncExitStack() as workers:
        for name in ("unlucky", "other"):
            here = await workers.enter_async_context(_present(database, name))
            await here.wait()
        await _claim_one(lane, "a", "unlucky")
        await _claim_one(lane, "b", "long gone")
        async with database.begin() as tx:
            await tx.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks"
                    " WHERE locktype = 'advisory' AND objsubid = 2 AND CAST(objid AS bigint) = "
                    "(hashtext('unlucky') + 4294967296) % 4294967296"
                )
            )

        assert await _freed(database) == {"b"}


async def test_workers_hear_of_what_was_freed_as_of_any_news(database: Database) -> None:
    lane = Lane(database)
    await _claim_one(lane, "a", "killed")
    async with aclosing(news.listen(database.url)) as heard, asyncio.timeout(20):
        assert await anext(heard) is None

        async with _present(database, "next"):
            assert await anext(heard) == (ACME, Flow.ORDERS)
