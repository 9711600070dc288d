"""One look at a time: a claim keeps others away while it lasts, and a lost one writes nothing."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from tests.pending.toy_flow import ACME, Lane, ToyFlow

from crossdock.model.flow import Flow
from crossdock.pending.lease import kept
from crossdock.pending.work import Claim, Look, Write
from crossdock.store import pending
from crossdock.store.database import Database, Tx

MINUTE = timedelta(minutes=1)


def _says(sentence: str) -> Write:
    async def write(tx: Tx) -> None:
        await tx.execute(
            text(
                "INSERT INTO timeline (connection, order_id, flow, kind, sentence) "
                "VALUES ('acme-wms', 'a', 'orders', 'seen', :sentence)"
            ),
            {"sentence": sentence},
        )

    return write


async def _said(database: Database) -> list[str]:
    async with database.begin() as tx:
        return list(await tx.scalars(text("SELECT sentence FROM timeline ORDER BY id")))


async def test_a_claimed_object_is_left_to_its_claimant_even_when_news_comes(database: Database) -> None:
    lane, other = Lane(database), ToyFlow()

    async def meanwhile() -> None:
        await lane.mark("a")
        await lane.drain(other)

    first = ToyFlow(meanwhile=meanwhile)
    await lane.mark("a")
    await lane.drain(first)

    assert other.claims == []
    assert first.batches == [["a"], ["a"]]


async def test_a_look_whose_lease_was_lost_writes_nothing(database: Database) -> None:
    lane = Lane(database)

    async def second(claims: Sequence[Claim]) -> Sequence[Look]:
        return [Look(claim, write=_says("second")) for claim in claims]

    async def first(claims: Sequence[Claim]) -> Sequence[Look]:
        await lane.pass_time(2 * MINUTE)  # the machine slept
        await lane.drain(second)
        return [Look(claim, write=_says("first")) for claim in claims]

    await lane.mark("a")
    drained = await lane.drain(first, lease=MINUTE)

    assert await _said(database) == ["second"]
    assert drained.lost == 1


async def test_an_object_whose_worker_died_is_looked_at_by_another_and_counts_as_failed_once(
    database: Database,
) -> None:
    lane, flow = Lane(database), ToyFlow()
    await _claim(database, lane, MINUTE)
    await lane.drain(flow)
    assert flow.claims == []

    await lane.pass_time(MINUTE)
    await lane.drain(flow)

    assert [(claim.key, claim.attempts) for claim in flow.claims] == [("a", 1)]


async def test_heartbeats_extend_a_lease_while_the_look_lasts(database: Database) -> None:
    lane, lease = Lane(database), timedelta(milliseconds=300)
    token, first_end = await _claim(database, lane, lease)

    with kept(database.url, ACME, Flow.ORDERS, {"a": token}, lease, longest=MINUTE):
        await _until(lambda: _ends_after(lane, first_end + lease))


async def test_heartbeats_end_after_a_while_so_that_a_hung_process_loses_its_claims(database: Database) -> None:
    lane, lease = Lane(database), timedelta(milliseconds=30)
    token, first_end = await _claim(database, lane, lease)

    with kept(database.url, ACME, Flow.ORDERS, {"a": token}, lease, longest=timedelta(0)):
        await _until(_nothing_beats)

    assert (await lane.rows())["a"]["claimed_until"] == first_end


async def test_a_heartbeat_leaves_alone_what_another_has_claimed_since(database: Database) -> None:
    lane = Lane(database)
    token, _ = await _claim(database, lane, MINUTE)
    await lane.pass_time(2 * MINUTE)
    _, end_of_other = await _claim(database, lane, MINUTE)

    await asyncio.to_thread(pending.extend, database.url, ACME, Flow.ORDERS, {"a": token}, 2 * MINUTE)

    assert (await lane.rows())["a"]["claimed_until"] == end_of_other


async def _ends_after(lane: Lane, moment: datetime) -> bool:
    end: datetime = (await lane.rows())["a"]["claimed_until"]
    return end > moment


async def _nothing_beats() -> bool:
    return all(thread.name != "lease acme-wms orders" for thread in threading.enumerate())


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    while not await condition():  # noqa: ASYNC110 - rows and threads tell nobody when they change
        await asyncio.sleep(0.02)


async def _claim(database: Database, lane: Lane, lease: timedelta) -> tuple[int, datetime]:
    """Claim `a` as a worker would; return the token and the end of the lease."""
    await lane.mark("a")
    async with database.begin() as tx:
        await pending.fold(tx, ACME, Flow.ORDERS)
        [claimed] = await pending.claim(tx, ACME, Flow.ORDERS, "a worker", lease, limit=1)
    return claimed.token, (await lane.rows())["a"]["claimed_until"]


async def test_a_handler_may_not_take_as_long_as_its_lease(database: Database) -> None:
    with pytest.raises(ValueError, match="shorter than the lease"):
        await Lane(database).drain(ToyFlow(), lease=MINUTE, handler_time=MINUTE)
