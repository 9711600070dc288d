"""Marked objects are looked at once, in batches, and once more where news came meanwhile."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from tests.pending.toy_flow import ACME, Lane, ToyFlow

from crossdock.kit.errors import StoreUnusable
from crossdock.model.cause import Cause, Hold
from crossdock.model.flow import Flow
from crossdock.model.plan import Wait
from crossdock.pending.drain import drain
from crossdock.pending.mark import mark
from crossdock.pending.work import Blocked, Claim, Failed, Look, Rest
from crossdock.store.database import Database, Tx
from crossdock.store.pending import waiting

AN_HOUR = timedelta(hours=1)
A_HOLD = Hold(Cause.FIELD_MISSING, "The phone number is empty.")


async def test_an_object_marked_many_times_is_looked_at_once(database: Database) -> None:
    lane, flow = Lane(database), ToyFlow()
    for _ in range(3):
        await lane.mark("a", "b")

    drained = await lane.drain(flow)

    assert sorted(flow.batches[0]) == ["a", "b"]
    assert (len(flow.batches), drained.looked_at) == (1, 2)
    assert await lane.rows() == {}


async def test_what_is_rolled_back_is_never_looked_at(database: Database) -> None:
    lane, flow = Lane(database), ToyFlow()

    async def learn_and_stumble() -> None:
        async with database.begin() as tx:
            await mark(tx, ACME, Flow.ORDERS, ["a"], "never happened")
            raise KeyError

    with pytest.raises(KeyError):
        await learn_and_stumble()
    await lane.drain(flow)

    assert flow.claims == []


async def test_objects_come_in_batches_the_longest_waiting_first(database: Database) -> None:
    lane, flow = Lane(database), ToyFlow()
    for key in "abcde":
        await lane.mark(key)

    await lane.drain(flow, batch=2)

    assert flow.batches == [["a", "b"], ["c", "d"], ["e"]]


async def test_more_news_than_one_fold_takes_is_all_looked_at(database: Database) -> None:
    lane, flow = Lane(database), ToyFlow()
    keys = [str(number) for number in range(2_500)]
    await lane.mark(*keys)

    await lane.drain(flow, batch=1_000)

    assert sorted(claim.key for claim in flow.claims) == sorted(keys)


async def test_other_flows_and_connections_are_left_alone(database: Database) -> None:
    lane, flow = Lane(database), ToyFlow()
    async with database.begin() as tx:
        await mark(tx, ACME, Flow.INVENTORY, ["a"], "another flow")

    await lane.drain(flow)

    assert flow.claims == []


async def test_an_object_is_looked_at_when_its_most_urgent_mark_says(database: Database) -> None:
    lane, flow = Lane(database), ToyFlow()
    await lane.mark("a", "b", due_in=AN_HOUR)
    await lane.mark("b")

    drained = await lane.drain(flow)

    assert flow.batches == [["b"]]
    assert drained.next_due_in is not None
    assert timedelta(minutes=59) < drained.next_due_in <= AN_HOUR


async def test_a_claim_says_why_and_since_when(database: Database) -> None:
    lane, flow = Lane(database), ToyFlow()
    await lane.mark("a", reason="orders/create")
    await lane.mark("a", reason="orders/updated")

    await lane.drain(flow)

    [claim] = flow.claims
    assert (claim.connection, claim.flow, claim.reason, claim.attempts) == (ACME, Flow.ORDERS, "orders/updated", 0)


@pytest.mark.parametrize("rest", [None, A_HOLD, Wait(AN_HOUR, "a package is under way"), Failed("no answer")])
async def test_news_during_a_look_makes_one_more_look_however_the_first_ended(database: Database, rest: Rest) -> None:
    lane = Lane(database)
    flow = ToyFlow(rest, meanwhile=lambda: lane.mark("a"))
    await lane.mark("a")

    await lane.drain(flow)

    assert flow.batches == [["a"], ["a"]]


async def test_news_for_later_during_a_look_makes_one_more_look_then(database: Database) -> None:
    lane = Lane(database)
    flow = ToyFlow(meanwhile=lambda: lane.mark("a", due_in=timedelta(seconds=30)))
    await lane.mark("a")
    await lane.drain(flow)
    assert flow.batches == [["a"]]

    await lane.pass_time(timedelta(seconds=30))
    await lane.drain(flow)

    assert flow.batches == [["a"], ["a"]]


async def test_what_a_flow_writes_and_marks_commits_with_the_end_of_its_look(database: Database) -> None:
    lane, next_flow = Lane(database), ToyFlow()

    async def mark_the_next(tx: Tx) -> None:
        await mark(tx, ACME, Flow.FULFILLMENTS, ["a"], "the order went through")

    async def orders(claims: Sequence[Claim]) -> Sequence[Look]:
        return [Look(claim, write=mark_the_next) for claim in claims]

    await lane.mark("a")
    await lane.drain(orders)
    await drain(database, next_flow, ACME, Flow.FULFILLMENTS, "tester")

    assert next_flow.batches == [["a"]]


async def test_a_waiting_object_is_looked_at_after_its_time(database: Database) -> None:
    lane, flow = Lane(database), ToyFlow({"a": Wait(AN_HOUR, "a package is under way")})
    await lane.mark("a")
    waited = await lane.drain(flow)
    assert (waited.waiting, flow.batches) == (1, [["a"]])

    await lane.pass_time(AN_HOUR)
    await lane.drain(flow)

    assert flow.batches == [["a"], ["a"]]
    assert flow.claims[1].attempts == 0


async def test_an_unusable_store_ends_the_drain_and_fails_nothing(database: Database) -> None:
    lane, flow = Lane(database), ToyFlow()

    async def refused(claims: Sequence[Claim]) -> Sequence[Look]:
        raise StoreUnusable("acme.myshopify.com: the token was revoked.")

    await lane.mark("a", "b")
    drained = await lane.drain(refused)
    await lane.drain(flow)

    assert isinstance(drained.unusable, StoreUnusable)
    assert sorted((claim.key, claim.attempts) for claim in flow.claims) == [("a", 0), ("b", 0)]


async def test_a_store_that_turns_unusable_in_the_middle_of_a_batch_loses_nothing_of_what_was_done(
    database: Database,
) -> None:
    lane, flow = Lane(database), ToyFlow()
    unusable = StoreUnusable("acme.myshopify.com: the token was revoked.")

    await lane.mark("a", "b")
    drained = await lane.drain(ToyFlow({"b": Blocked(unusable)}))
    await lane.drain(flow)

    assert drained.unusable is unusable
    assert [(claim.key, claim.attempts) for claim in flow.claims] == [("b", 0)]


async def test_a_cancelled_drain_gives_its_claims_back_at_once(database: Database) -> None:
    lane, flow, begun = Lane(database), ToyFlow(), asyncio.Event()

    async def endless(claims: Sequence[Claim]) -> Sequence[Look]:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    await lane.mark("a")
    drain_of_endless = asyncio.create_task(lane.drain(endless))
    await begun.wait()
    drain_of_endless.cancel()
    await asyncio.wait([drain_of_endless])
    await lane.drain(flow)

    assert [(claim.key, claim.attempts) for claim in flow.claims] == [("a", 0)]


async def test_a_drain_that_is_told_to_stop_ends_after_the_batch_in_hand(database: Database) -> None:
    lane, stop = Lane(database), asyncio.Event()

    async def tell() -> None:
        stop.set()

    flow = ToyFlow(meanwhile=tell)
    await lane.mark("a", "b", "c")

    await lane.drain(flow, batch=2, stop=stop)

    assert flow.batches == [["a", "b"]]
    assert list(await lane.rows()) == ["c"]


async def test_pages_see_how_much_waits_whether_folded_or_not(database: Database) -> None:
    lane = Lane(database)
    seen = []

    async def meanwhile() -> None:
        await lane.mark("new", "being looked at")
        await lane.mark("later", due_in=AN_HOUR)
        async with database.begin() as tx:
            seen.extend(await waiting(tx))

    await lane.mark("being looked at")
    await lane.drain(ToyFlow(meanwhile=meanwhile))

    [orders] = seen
    assert (orders.connection, orders.flow) == (ACME, Flow.ORDERS)
    assert (orders.due, orders.later, orders.looked_at, orders.failing) == (1, 1, 1, 0)
    assert orders.oldest is not None
