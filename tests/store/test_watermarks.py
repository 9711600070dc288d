"""A stream's mark says up to when nothing was missed, and never less than before."""

from datetime import timedelta

from crossdock.model.names import ConnectionId
from crossdock.store import watermarks
from crossdock.store.database import Database
from crossdock.store.watermarks import NONE_YET, Watermark
from crossdock.testing.builders import NOON

ACME, OTHER = ConnectionId("acme"), ConnectionId("other")


async def test_a_stream_that_was_never_checked_has_no_mark(database: Database) -> None:
    async with database.begin() as tx:
        assert await watermarks.read(tx, ACME, "orders") == NONE_YET


async def test_a_mark_moves_on_and_belongs_to_its_stream(database: Database) -> None:
    async with database.begin() as tx:
        await watermarks.advance(tx, ACME, "orders", complete_to=NOON)
        await watermarks.advance(tx, ACME, "orders", complete_to=NOON + timedelta(hours=1))

    async with database.begin() as tx:
        assert await watermarks.read(tx, ACME, "orders") == Watermark(NOON + timedelta(hours=1), None)
        assert await watermarks.read(tx, ACME, "variants") == NONE_YET
        assert await watermarks.read(tx, OTHER, "orders") == NONE_YET


async def test_a_mark_never_moves_back(database: Database) -> None:
    async with database.begin() as tx:
        await watermarks.advance(tx, ACME, "orders", complete_to=NOON)
        await watermarks.advance(tx, ACME, "orders", complete_to=NOON - timedelta(hours=1))

    async with database.begin() as tx:
        assert (await watermarks.read(tx, ACME, "orders")).complete_to == NOON


async def test_a_bookmark_moves_without_saying_that_all_was_checked(database: Database) -> None:
    async with database.begin() as tx:
        await watermarks.advance(tx, ACME, "backend", complete_to=NOON, cursor="1")
        await watermarks.advance(tx, ACME, "backend", complete_to=None, cursor="2")

    async with database.begin() as tx:
        assert await watermarks.read(tx, ACME, "backend") == Watermark(NOON, "2")
