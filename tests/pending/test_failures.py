"""A failed look is tried again with back-off, and one bad object harms only itself."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text
from tests.pending.toy_flow import Lane, ToyFlow

from crossdock.kit.errors import NoAnswer, NotNow, TryAgain
from crossdock.pending.backoff import FIRST, backoff
from crossdock.pending.work import Blocked, Claim, Failed, Look, Write
from crossdock.store.complaints import DatabaseUnavailable
from crossdock.store.database import Database, Tx
from crossdock.store.pending import failing


async def test_a_failed_object_is_tried_again_after_its_backoff_and_not_before(database: Database) -> None:
    lane, flow = Lane(database), ToyFlow(Failed("The backend did not answer."))
    await lane.mark("a")
    await lane.drain(flow)
    await lane.drain(flow)
    assert flow.batches == [["a"]]

    await lane.pass_time(FIRST)
    await lane.drain(flow)

    assert [claim.attempts for claim in flow.claims] == [0, 1]


async def test_fresh_news_is_looked_at_in_spite_of_backoff_and_failures_still_count(database: Database) -> None:
    lane, flow = Lane(database), ToyFlow(Failed("The backend did not answer."))
    await lane.mark("a")
    await lane.drain(flow)
    await lane.mark("a")

    await lane.drain(flow)

    assert [claim.attempts for claim in flow.claims] == [0, 1]


async def test_a_look_that_ends_well_forgets_the_failures(database: Database) -> None:
    lane, flow = Lane(database), ToyFlow()
    await lane.mark("a")
    await lane.drain(ToyFlow(Failed("The backend did not answer.")))
    await lane.mark("a")
    await lane.drain(flow)

    assert await lane.rows() == {}
    await lane.mark("a")
    await lane.drain(flow)
    assert flow.claims[-1].attempts == 0


async def test_pages_see_what_fails_and_why(database: Database) -> None:
    lane = Lane(database)
    await lane.mark("a")
    await lane.drain(ToyFlow(Failed("The backend did not answer.")))

    async with database.begin() as tx:
        [failure] = await failing(tx)

    assert (failure.key, failure.attempts, failure.error) == ("a", 1, "The backend did not answer.")
    assert failure.next_at > failure.since


async def test_a_failed_look_is_told_in_the_errors_own_words(database: Database) -> None:
    lane = Lane(database)

    async def unanswered(claims: Sequence[Claim]) -> Sequence[Look]:
        raise TryAgain("The warehouse does not answer.")

    await lane.mark("a", "b")
    drained = await lane.drain(unanswered)

    assert drained.failed == 2
    assert {row["last_error"] for row in (await lane.rows()).values()} == {"The warehouse does not answer."}


async def test_one_object_that_a_system_fails_over_delays_none_of_its_neighbours_and_is_found_in_few_looks(
    database: Database,
) -> None:
    lane, looks = Lane(database), list[int]()

    async def fails_over_33(claims: Sequence[Claim]) -> Sequence[Look]:
        looks.append(len(claims))
        if any(claim.key == "33" for claim in claims):
            raise NoAnswer("Shopify failed inside while it answered Orders.")
        return [Look(claim) for claim in claims]

    await lane.mark(*(str(number) for number in range(50)))
    drained = await lane.drain(fails_over_33)

    assert (drained.looked_at, drained.failed) == (50, 1)
    assert list(await lane.rows()) == ["33"]
    assert len(looks) <= 1 + 2 * 6  # halves of 50: six levels


async def test_a_poisonous_object_delays_none_that_comes_later(database: Database) -> None:
    lane, clean = Lane(database), list[str]()

    async def stumbles_over_poison(claims: Sequence[Claim]) -> Sequence[Look]:
        if any(claim.key == "poison" for claim in claims):
            raise KeyError
        clean.extend(claim.key for claim in claims)
        return [Look(claim) for claim in claims]

    for day in range(5):
        await lane.mark("poison", f"order {day}")
        await lane.drain(stumbles_over_poison)
        assert clean[-1] == f"order {day}"

    assert list(await lane.rows()) == ["poison"]


async def test_where_a_system_cannot_be_asked_no_object_is_blamed(database: Database) -> None:
    lane, flow = Lane(database), ToyFlow()

    async def out_of_reach(claims: Sequence[Claim]) -> Sequence[Look]:
        raise NotNow("acme.myshopify.com does not answer since 18:58.", timedelta(minutes=4))

    await lane.mark("a", "b")
    drained = await lane.drain(out_of_reach)
    await lane.drain(flow)
    rows = await lane.rows()

    assert (drained.failed, drained.waiting) == (0, 2)
    assert {row["last_error"] for row in rows.values()} == {"acme.myshopify.com does not answer since 18:58."}
    assert flow.claims == []

    await lane.pass_time(timedelta(minutes=4))
    await lane.drain(flow)

    assert [claim.attempts for claim in flow.claims] == [0, 0]


async def test_a_system_that_cannot_be_asked_is_asked_once_for_a_batch_and_not_for_its_parts(
    database: Database,
) -> None:
    lane, looks = Lane(database), list[int]()

    async def out_of_reach(claims: Sequence[Claim]) -> Sequence[Look]:
        looks.append(len(claims))
        raise NotNow("The warehouse does not answer.", timedelta(minutes=1))

    await lane.mark("a", "b", "c", "d")
    await lane.drain(out_of_reach)

    assert looks == [4]


async def test_an_object_that_is_blocked_keeps_the_backoff_of_its_own_failures(database: Database) -> None:
    lane, flow = Lane(database), ToyFlow()
    await lane.mark("a")
    await lane.drain(ToyFlow(Failed("The address is not readable.")))
    await lane.pass_time(FIRST)

    await lane.drain(ToyFlow(Blocked(NotNow("The warehouse does not answer.", timedelta(minutes=1)))))
    await lane.pass_time(timedelta(minutes=1))
    await lane.drain(flow)

    assert [claim.attempts for claim in flow.claims] == [1]


async def test_a_poisonous_object_fails_alone(database: Database) -> None:
    lane = Lane(database)

    async def stumbles_over_b(claims: Sequence[Claim]) -> Sequence[Look]:
        if any(claim.key == "b" for claim in claims):
            raise KeyError("b@example.com")
        return [Look(claim) for claim in claims]

    await lane.mark("a", "b", "c")
    drained = await lane.drain(stumbles_over_b)

    assert (drained.looked_at, drained.failed) == (3, 1)
    [row] = (await lane.rows()).values()
    assert (row["key"], row["attempts"]) == ("b", 1)
    assert "KeyError" in row["last_error"]
    assert "example.com" not in row["last_error"]


async def test_a_batch_that_takes_too_long_is_broken_off_and_what_is_quick_alone_goes_through(
    database: Database,
) -> None:
    lane = Lane(database)

    async def hangs_at_b(claims: Sequence[Claim]) -> Sequence[Look]:
        if any(claim.key == "b" for claim in claims):
            await asyncio.Event().wait()
        return [Look(claim) for claim in claims]

    await lane.mark("a")
    await lane.mark("b")
    drained = await lane.drain(hangs_at_b, handler_time=timedelta(milliseconds=100))

    assert (drained.looked_at, drained.failed) == (2, 1)
    assert list(await lane.rows()) == ["b"]


async def test_a_claim_that_the_flow_says_nothing_of_has_failed(database: Database) -> None:
    lane = Lane(database)

    async def forgetful(claims: Sequence[Claim]) -> Sequence[Look]:
        return [Look(claim) for claim in claims if claim.key != "b"]

    await lane.mark("a", "b")
    drained = await lane.drain(forgetful)

    assert drained.failed == 1
    assert list(await lane.rows()) == ["b"]


async def test_a_bad_write_harms_only_its_own_look(database: Database) -> None:
    lane = Lane(database)

    def note(key: str) -> Write:
        async def write(tx: Tx) -> None:
            await tx.execute(
                text(
                    "INSERT INTO timeline (connection, order_id, flow, kind, sentence) "
                    "VALUES ('acme-wms', :key, 'orders', 'seen', 'Seen.')"
                ),
                {"key": key},
            )
            if key == "b":
                await tx.execute(text("SELECT 1/0"))

        return write

    async def notes(claims: Sequence[Claim]) -> Sequence[Look]:
        return [Look(claim, write=note(claim.key)) for claim in claims]

    await lane.mark("a", "b", "c")
    drained = await lane.drain(notes)

    assert drained.failed == 1
    assert list(await lane.rows()) == ["b"]
    async with database.begin() as tx:
        assert set(await tx.scalars(text("SELECT order_id FROM timeline"))) == {"a", "c"}


async def test_looks_are_written_in_the_order_of_their_keys_so_that_flows_cannot_wait_in_a_circle(
    database: Database,
) -> None:
    lane, written = Lane(database), list[str]()

    async def flow(claims: Sequence[Claim]) -> Sequence[Look]:
        def write_of(claim: Claim) -> Write:
            async def write(_tx: Tx) -> None:
                written.append(claim.key)

            return write

        return [Look(claim, write=write_of(claim)) for claim in claims]

    for key in ("c", "a", "b"):
        await lane.mark(key)
    await lane.drain(flow)

    assert written == ["a", "b", "c"]


async def test_looks_that_the_database_undid_because_two_waited_for_each_other_are_settled_again(
    database: Database,
) -> None:
    lane, tries = Lane(database), list[str]()

    async def entangled_at_first(tx: Tx) -> None:
        tries.append("a try")
        if len(tries) == 1:
            await tx.execute(text("DO $$ BEGIN RAISE SQLSTATE '40P01' USING MESSAGE = 'deadlock detected'; END $$"))

    async def flow(claims: Sequence[Claim]) -> Sequence[Look]:
        return [Look(claim, write=entangled_at_first) for claim in claims]

    await lane.mark("a")
    drained = await lane.drain(flow)

    assert (drained.failed, len(tries)) == (0, 2)
    assert await lane.rows() == {}


async def test_claims_are_given_back_as_soon_as_a_database_that_went_away_is_there_again(database: Database) -> None:
    class Flickering(Database):
        away = False

        @asynccontextmanager
        async def begin(self) -> AsyncIterator[Tx]:
            if self.away:
                raise DatabaseUnavailable("The database does not answer.")
            async with super().begin() as tx:
                yield tx

    flickering = Flickering(database._engine, database.url)
    lane = Lane(database)

    async def flow(claims: Sequence[Claim]) -> Sequence[Look]:
        flickering.away = True
        asyncio.get_running_loop().call_later(0.2, setattr, flickering, "away", False)
        return [Look(claim) for claim in claims]

    await lane.mark("a")
    with pytest.raises(DatabaseUnavailable):
        await Lane(flickering).drain(flow)

    assert (await lane.rows())["a"]["claimed_by"] is None


@pytest.mark.parametrize(("attempts", "ceiling"), [(1, 2), (2, 4), (3, 8), (9, 512), (10, 900), (1_000, 900)])
def test_backoff_doubles_from_two_seconds_to_fifteen_minutes(attempts: int, ceiling: int) -> None:
    assert backoff(attempts, 0.0) == timedelta(0)
    assert backoff(attempts, 0.5) == timedelta(seconds=ceiling / 2)
