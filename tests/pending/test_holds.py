"""A held object waits for a person, and is looked at again as soon as what it needs may be there."""

from collections.abc import Sequence
from datetime import timedelta

from tests.pending.toy_flow import ACME, Lane, ToyFlow

from crossdock.model.cause import Cause, Hold
from crossdock.model.plan import Wait
from crossdock.pending.mark import release, retry_like
from crossdock.pending.work import Claim, Failed, Look
from crossdock.store.database import Database

MAIN_STREET = "gid://shopify/Location/1"
UNMAPPED = Hold(Cause.LOCATION_UNMAPPED, "Main Street has no warehouse.", needs=(MAIN_STREET,))
EMPTY = Hold(Cause.FIELD_MISSING, "The phone number is empty.")


async def _release(database: Database, *needs: str) -> None:
    async with database.begin() as tx:
        await release(tx, ACME, needs, "a location was mapped")


async def test_a_held_object_leaves_pending_and_says_why(database: Database) -> None:
    lane = Lane(database)
    await lane.mark("a")

    drained = await lane.drain(ToyFlow(UNMAPPED))

    assert drained.held == 1
    assert await lane.rows() == {}
    assert (await lane.held())["a"].hold == UNMAPPED


async def test_the_same_cause_seen_again_keeps_its_date_and_another_cause_begins_anew(database: Database) -> None:
    lane = Lane(database)
    held = []
    for hold in (UNMAPPED, UNMAPPED, EMPTY):
        await lane.mark("a")
        await lane.drain(ToyFlow(hold))
        held.append((await lane.held())["a"])
        await lane.pass_time(timedelta(minutes=1))

    assert held[0].since == held[1].since < held[2].since
    assert held[0].looked_at < held[1].looked_at


async def test_a_look_that_ends_without_a_hold_lifts_the_old_one(database: Database) -> None:
    lane = Lane(database)
    await lane.mark("a", "b")
    await lane.drain(ToyFlow(UNMAPPED))

    await lane.mark("a", "b")
    await lane.drain(ToyFlow({"b": Wait(timedelta(hours=1), "a package is under way")}))

    assert await lane.held() == {}


async def test_a_failed_look_leaves_the_hold_for_it_has_not_seen_whether_it_still_stands(database: Database) -> None:
    lane = Lane(database)
    await lane.mark("a")
    await lane.drain(ToyFlow(UNMAPPED))

    await lane.mark("a")
    await lane.drain(ToyFlow(Failed("no answer")))

    assert (await lane.held())["a"].hold == UNMAPPED


async def test_news_of_what_it_needs_makes_a_held_object_be_looked_at_again(database: Database) -> None:
    lane, flow = Lane(database), ToyFlow()
    await lane.mark("needs main street", "needs a phone number")
    await lane.drain(ToyFlow({"needs main street": UNMAPPED, "needs a phone number": EMPTY}))

    await _release(database, MAIN_STREET, "gid://shopify/Location/2")
    await lane.drain(flow)

    assert [(claim.key, claim.reason) for claim in flow.claims] == [("needs main street", "a location was mapped")]


async def test_a_need_met_while_a_look_is_about_to_end_in_a_hold_is_not_missed(database: Database) -> None:
    lane = Lane(database)
    mapped = False

    async def orders(claims: Sequence[Claim]) -> Sequence[Look]:
        nonlocal mapped
        rest = None if mapped else UNMAPPED
        if not mapped:
            # The look has read that there is no warehouse. Only now a person maps one, before the hold is written.
            await _release(database, MAIN_STREET)
            mapped = True
        return [Look(claim, rest) for claim in claims]

    await lane.mark("a")
    await lane.drain(orders)

    assert await lane.held() == {}
    assert await lane.rows() == {}


async def test_all_that_are_held_for_one_cause_can_be_tried_again(database: Database) -> None:
    lane, flow = Lane(database), ToyFlow()
    await lane.mark("a", "b", "c")
    await lane.drain(ToyFlow({"a": EMPTY, "b": UNMAPPED, "c": EMPTY}))

    async with database.begin() as tx:
        count = await retry_like(tx, ACME, Cause.FIELD_MISSING, "a person asked")
    await lane.drain(flow)

    assert count == 2
    assert sorted(claim.key for claim in flow.claims) == ["a", "c"]
