"""A turn is one process's at a time, and given on when its holder is done, or dead."""

import asyncio
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text

from crossdock.kit.errors import TryAgain
from crossdock.store.complaints import DatabaseUnavailable
from crossdock.store.database import Database
from crossdock.store.turns import turn

AT_ONCE = timedelta(milliseconds=20)
_HERE = """FROM pg_locks WHERE locktype = 'advisory'
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
WAITING = f"SELECT count(*) {_HERE} AND NOT granted"
END_THE_HOLDER = f"SELECT pg_terminate_backend(pid) {_HERE} AND granted"


async def _until_one_waits(database: Database) -> None:
    async with asyncio.timeout(20), database.statements() as session:
        while True:
            if await session.scalar(text(WAITING)):
                return
            await asyncio.sleep(0.01)


async def test_who_comes_second_begins_when_the_first_is_done(database: Database) -> None:
    steps = []

    async def second() -> None:
        async with turn(database.url, "acme"):
            steps.append("the second begins")

    async with turn(database.url, "acme"):
        waiting = asyncio.create_task(second())
        await _until_one_waits(database)
        steps.append("the first ends")
    await waiting

    assert steps == ["the first ends", "the second begins"]


async def test_the_turn_of_a_holder_that_was_killed_is_free(database: Database) -> None:
    async with turn(database.url, "acme"):
        async with database.begin() as tx:
            await tx.execute(text(END_THE_HOLDER))

        async with turn(database.url, "acme"):
            pass


async def test_turns_at_something_else_are_not_waited_for(database: Database) -> None:
    async with turn(database.url, "acme"), turn(database.url, "other", patience=AT_ONCE):
        pass


async def test_a_holder_that_is_stuck_is_not_waited_for_without_end(database: Database) -> None:
    async with turn(database.url, "the books"):
        with pytest.raises(TryAgain, match=r"Another process was at the books for .* and still is"):
            async with turn(database.url, "the books", patience=AT_ONCE):
                pass

    async with turn(database.url, "the books", patience=AT_ONCE):
        pass


async def test_a_turn_that_raises_is_given_on(database: Database) -> None:
    with pytest.raises(psycopg.DataError, match="ours"):
        async with turn(database.url, "acme"):
            raise psycopg.DataError("ours")

    async with turn(database.url, "acme", patience=AT_ONCE):
        pass


async def test_a_database_that_is_away_is_told_as_such() -> None:
    with pytest.raises(DatabaseUnavailable, match="does not answer"):
        async with turn("postgresql://127.0.0.1:9/crossdock", "acme"):
            pass
