"""What was asked of a backend is kept once, and what both sides hold of it is never counted too high."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from crossdock.model.change import Terms
from crossdock.model.commitment import Commitment, Learned
from crossdock.model.flow import Flow
from crossdock.model.ledger import AtBackend, News
from crossdock.model.names import (
    ConnectionId,
    FulfillmentId,
    FulfillmentOrderLineId,
    InventoryItemId,
    ItemCode,
    LocationId,
    OrderId,
    PackageId,
    RequestKey,
    Units,
    WarehouseCode,
)
from crossdock.model.request import WorkState
from crossdock.model.state import OrderState
from crossdock.pending.mark import mark
from crossdock.store import both_sides, commitments, level_news, orders, packages, pending, requests, taken_on
from crossdock.store.database import Database
from crossdock.store.orders import OrderRow
from crossdock.store.requests import Asked, AskedLine
from crossdock.testing.builders import NOON, a_package, a_request, a_request_line

ACME, OTHER = ConnectionId("acme"), ConnectionId("other")
ORDER, KEY = OrderId("gid://shopify/Order/1"), RequestKey("gid://shopify/FulfillmentOrder/1")
MUGS, LAMPS = FulfillmentOrderLineId("line-1"), FulfillmentOrderLineId("line-2")
MUG, LAMP = InventoryItemId("gid://shopify/InventoryItem/1"), InventoryItemId("gid://shopify/InventoryItem/2")
HAMBURG, LEIPZIG = LocationId("gid://shopify/Location/1"), LocationId("gid://shopify/Location/2")


def asked(name: str = "#1001") -> Asked:
    return Asked(KEY, ORDER, name, WarehouseCode("NORTH"), HAMBURG, None, None)


async def ask(database: Database, mugs: int = 5, lamps: int = 1, connection: ConnectionId = ACME) -> None:
    lines = [
        AskedLine(MUGS, MUG, ItemCode("MUG"), Units(mugs)),
        AskedLine(LAMPS, LAMP, ItemCode("LAMP"), Units(lamps)),
    ]
    async with database.begin() as tx:
        await requests.tried(tx, connection, [(asked(), lines)])
    if connection == ACME:
        await remain(database, mugs)


def an_order_row() -> OrderRow:
    return OrderRow(
        ACME, ORDER, "#1", NOON, NOON, "PAID", "UNFULFILLED", OrderState.WAITING, Units(6), "1.00 EUR", NOON
    )


async def accept(database: Database, state: WorkState = WorkState.NOT_RELEASED) -> None:
    async with database.begin() as tx:
        await taken_on.accepted(tx, ACME, KEY, "SO-1", state)


async def remain(database: Database, mugs: int, *, location: LocationId = HAMBURG) -> None:
    """Let a look at the order find so many mugs left to fulfill."""
    wanted = (
        Commitment(MUGS, MUG, location, Units(5), Units(mugs)),
        Commitment(LAMPS, LAMP, location, Units(1), Units(1)),
    )
    async with database.begin() as tx:
        await commitments.learn(tx, ACME, ORDER, Learned(wanted=wanted))
        await orders.remember(tx, an_order_row())


async def leave(database: Database, name: str, mugs: int) -> None:
    async with database.begin() as tx:
        await packages.tried(tx, ACME, ORDER, KEY, a_package(name, (MUGS, mugs)))


async def seen(database: Database) -> int:
    """How many mugs both sides hold."""
    async with database.begin() as tx:
        found = await both_sides.at_backend(tx, ACME, [MUG])
    return sum(there.seen for there in found.values())


async def test_a_request_is_kept_as_it_was_first_tried_with_what_both_tries_ask_for(database: Database) -> None:
    await ask(database)
    async with database.begin() as tx:
        await requests.tried(tx, ACME, [(asked("#1001-2"), [AskedLine(MUGS, MUG, ItemCode("MUG"), Units(9))])])
        await requests.tried(tx, ACME, [])

    async with database.begin() as tx:
        found = await requests.of_orders(tx, ACME, [ORDER, OrderId("gid://shopify/Order/404")])

    assert found == {ORDER: [replace(asked(), units={MUGS: Units(5), LAMPS: Units(0)})]}


async def test_an_accepted_request_has_the_backends_reference_and_latest_state(database: Database) -> None:
    await ask(database)
    await accept(database)
    await accept(database, WorkState.PICKING)

    async with database.begin() as tx:
        (found,) = (await requests.of_orders(tx, ACME, [ORDER]))[ORDER]

    assert (found.reference, found.state) == ("SO-1", WorkState.PICKING)


@pytest.mark.parametrize(("again", "counted"), [(1, 1), (9, 5)])
async def test_of_two_tries_without_an_answer_only_the_fewer_units_are_counted_on(
    database: Database, again: int, counted: int
) -> None:
    await ask(database)
    async with database.begin() as tx:
        await requests.tried(tx, ACME, [(asked(), [AskedLine(MUGS, MUG, ItemCode("MUG"), Units(again))])])
    await accept(database)
    async with database.begin() as tx:
        await requests.tried(tx, ACME, [(asked(), [AskedLine(MUGS, MUG, ItemCode("MUG"), Units(0))])])

    assert await seen(database) == counted


async def test_of_two_tries_without_an_answer_a_line_that_one_of_them_lacks_is_not_counted_on(
    database: Database,
) -> None:
    other = FulfillmentOrderLineId("gid://shopify/FulfillmentOrderLineItem/99")
    await ask(database)
    async with database.begin() as tx:
        await requests.tried(tx, ACME, [(asked(), [AskedLine(other, MUG, ItemCode("MUG"), Units(2))])])

    async with database.begin() as tx:
        (kept,) = (await requests.of_orders(tx, ACME, [asked().order]))[asked().order]

    assert kept.units == {MUGS: 0, LAMPS: 0, other: 0}


async def test_connections_do_not_see_each_others_requests(database: Database) -> None:
    await ask(database, connection=OTHER)

    async with database.begin() as tx:
        assert await requests.of_orders(tx, ACME, [ORDER]) == {}
        assert await requests.orders_of(tx, ACME, [KEY]) == {}
        assert await requests.orders_of(tx, OTHER, [KEY, RequestKey("another hub's")]) == {KEY: ORDER}
        assert await requests.items_of(tx, ACME, [KEY]) == []
        assert await requests.items_of(tx, OTHER, [KEY]) == [MUG, LAMP]


async def test_units_that_were_only_tried_are_not_seen(database: Database) -> None:
    await ask(database)

    assert await seen(database) == 0


async def test_accepted_units_are_seen_as_whole_numbers(database: Database) -> None:
    await ask(database)
    await accept(database)

    async with database.begin() as tx:
        found = await both_sides.at_backend(tx, ACME, [MUG])

    assert found == {(MUG, HAMBURG): AtBackend(wanted=Units(5), seen=Units(5), known_to=NOON)}
    assert all(isinstance(there.seen, int) for there in found.values())


async def test_units_of_an_order_that_waits_to_be_looked_at_for_the_backend_are_not_settled(database: Database) -> None:
    await ask(database)
    await accept(database)
    async with database.begin() as tx:
        await mark(tx, OTHER, Flow.FULFILLMENTS, [ORDER], "another hub's")
        await mark(tx, ACME, Flow.ORDERS, [ORDER], "another flow's")
        before = await both_sides.at_backend(tx, ACME, [MUG])
        await mark(tx, ACME, Flow.FULFILLMENTS, [ORDER], "the warehouse worked on it")
        marked = await both_sides.at_backend(tx, ACME, [MUG])
        await pending.fold(tx, ACME, Flow.FULFILLMENTS)
        folded = await both_sides.at_backend(tx, ACME, [MUG])

    level = MUG, HAMBURG
    assert (before[level].unsettled, marked[level].unsettled, folded[level].unsettled) == (0, 5, 5)


async def test_units_in_a_package_are_not_settled_either_for_it_may_have_come_back(database: Database) -> None:
    await ask(database)
    await accept(database)
    await leave(database, "SO-1-1", mugs=3)
    async with database.begin() as tx:
        await mark(tx, ACME, Flow.FULFILLMENTS, [ORDER], "the warehouse worked on it")
        there = (await both_sides.at_backend(tx, ACME, [MUG]))[MUG, HAMBURG]

    assert (there.seen, there.unsettled) == (2, 5)


async def test_units_of_a_request_whose_change_has_no_known_end_are_unsettled(database: Database) -> None:
    await ask(database)
    await accept(database)

    async with database.begin() as tx:
        await requests.asking(tx, ACME, [KEY])
        asking = await both_sides.at_backend(tx, ACME, [MUG])
        await requests.asking(tx, ACME, [KEY], known=True)
        known = await both_sides.at_backend(tx, ACME, [MUG])

    level = MUG, HAMBURG
    assert (asking[level].unsettled, known[level].unsettled) == (5, 0)


async def test_units_of_a_package_whose_telling_has_begun_are_gone(database: Database) -> None:
    await ask(database)
    await accept(database)
    await leave(database, "P-1", 2)
    await leave(database, "P-2", 1)

    async with database.begin() as tx:
        found = await both_sides.at_backend(tx, ACME, [MUG])
    assert found == {
        (MUG, HAMBURG): AtBackend(wanted=Units(5), seen=Units(2), telling=Units(3), untold=Units(3), known_to=NOON)
    }


async def test_units_that_shopify_no_longer_waits_for_are_gone(database: Database) -> None:
    await ask(database)
    await accept(database)

    await remain(database, 1)

    assert await seen(database) == 1


async def test_a_package_that_shopify_knows_of_is_not_taken_off_twice(database: Database) -> None:
    await ask(database)
    await accept(database)
    await leave(database, "P-1", 2)
    await remain(database, 3)

    async with database.begin() as tx:
        found = await both_sides.at_backend(tx, ACME, [MUG])
    assert found == {(MUG, HAMBURG): AtBackend(wanted=Units(3), seen=Units(3), known_to=NOON)}


async def test_a_package_that_shopify_just_cancelled_counts_as_gone_until_its_order_was_read_since(
    database: Database,
) -> None:
    await ask(database)
    await accept(database)
    await leave(database, "P-1", 5)
    async with database.begin() as tx:
        await packages.told(tx, ACME, PackageId("P-1"), FulfillmentId("gid://shopify/Fulfillment/1"), adopted=False)
    await remain(database, 2)  # as it was read before the package was cancelled
    async with database.begin() as tx:
        await packages.cancelled(tx, ACME, PackageId("P-1"))
        await tx.execute(text("UPDATE orders SET looked_at = hub_now() - interval '1 minute'"))

    before = await seen(database)
    async with database.begin() as tx:
        await tx.execute(text("UPDATE orders SET looked_at = hub_now() + interval '1 second'"))

    assert (before, await seen(database)) == (0, 2)


async def test_units_that_moved_to_another_location_are_gone_from_the_one_that_was_asked(database: Database) -> None:
    await ask(database)
    await accept(database)

    await remain(database, 5, location=LEIPZIG)

    assert await seen(database) == 0


async def test_a_cancelled_order_has_nothing_left(database: Database) -> None:
    await ask(database)
    await accept(database)

    async with database.begin() as tx:
        await commitments.learn(tx, ACME, ORDER, Learned(gone=(MUGS, LAMPS)))

    assert await seen(database) == 0


async def test_units_that_the_backend_gave_up_on_are_gone(database: Database) -> None:
    await ask(database)
    await accept(database)

    async with database.begin() as tx:
        news = await taken_on.gave_up(tx, ACME, KEY, {MUGS: Units(3)})
        again = await taken_on.gave_up(tx, ACME, KEY, {MUGS: Units(3)})

    assert (news, again, await seen(database)) == ([MUG], [], 2)


async def test_what_the_backend_cancelled_it_does_not_hold(database: Database) -> None:
    await ask(database)
    await accept(database, WorkState.CANCELLED)

    assert await seen(database) == 0


async def test_more_told_than_asked_is_not_less_than_nothing(database: Database) -> None:
    await ask(database, mugs=1)
    await accept(database)
    await leave(database, "P-1", 3)

    assert await seen(database) == 0


async def counted(database: Database) -> int:
    """How many mugs the levels have heard that the backend took on, less what it gave back."""
    async with database.begin() as tx:
        news = (await level_news.of_items(tx, ACME, [MUG])).get((MUG, HAMBURG), ())
    return sum(one.units or 0 for one in news if one.kind is News.ACCEPTED)


async def test_units_count_as_taken_on_once_however_often_the_request_is_confirmed(database: Database) -> None:
    await ask(database)
    await accept(database)
    await accept(database, WorkState.PICKING)

    assert await counted(database) == 5


async def test_what_is_given_up_or_cancelled_counts_as_given_back_once(database: Database) -> None:
    await ask(database)
    await accept(database)
    await leave(database, "P-1", 1)
    async with database.begin() as tx:
        await taken_on.gave_up(tx, ACME, KEY, {MUGS: Units(1)})
        await taken_on.gave_up(tx, ACME, KEY, {MUGS: Units(2)})
    short = await counted(database)
    await accept(database, WorkState.CANCELLED)
    await accept(database, WorkState.CANCELLED)

    assert (short, await counted(database)) == (3, 1)


async def amend(database: Database, mugs: int) -> None:
    """Let the backend take on so many mugs, and no lamp any more."""
    lines = [a_request_line("MUG", mugs, reference=MUGS)] if mugs else []
    request = replace(a_request(key=KEY), lines=tuple(lines))
    async with database.begin() as tx:
        await taken_on.amended(tx, ACME, Terms(request, HAMBURG), {MUGS: MUG})


@pytest.mark.parametrize("mugs", [0, 2, 5, 9])
async def test_an_amended_request_counts_as_what_it_says_now_however_often_that_is_written_down(
    database: Database, mugs: int
) -> None:
    await ask(database)
    await accept(database)

    await amend(database, mugs)
    await amend(database, mugs)

    assert await counted(database) == mugs


async def test_what_was_amended_is_given_back_whole_at_a_cancellation(database: Database) -> None:
    await ask(database)
    await accept(database)
    await amend(database, 2)

    await accept(database, WorkState.CANCELLED)

    assert await counted(database) == 0


async def test_terms_are_kept_as_they_were_agreed_and_an_open_question_until_it_is_answered(database: Database) -> None:
    terms = Terms(
        replace(a_request(key=KEY, to_collect="12.50"), tags=("vip",), attributes=(("gift", None),), fulfill_by=NOON),
        HAMBURG,
        "PAID",
    )
    async with database.begin() as tx:
        await requests.tried(
            tx, ACME, [(replace(asked(), terms=terms), [AskedLine(MUGS, MUG, ItemCode("MUG"), Units(5))])]
        )
        await requests.asking(tx, ACME, [KEY])
        (open_,) = (await requests.of_orders(tx, ACME, [ORDER]))[ORDER]
        await requests.agreed(tx, ACME, replace(terms, held=True))
        (closed,) = (await requests.of_orders(tx, ACME, [ORDER]))[ORDER]

    assert (open_.terms, open_.asking) == (terms, True)
    assert (closed.terms, closed.asking) == (replace(terms, held=True), False)


async def test_units_that_an_edit_added_after_all_left_are_not_being_told(database: Database) -> None:
    await ask(database)
    await accept(database)
    await leave(database, "P-1", 5)
    async with database.begin() as tx:
        await packages.told(tx, ACME, PackageId("P-1"), FulfillmentId("gid://shopify/Fulfillment/1"), adopted=False)
    await remain(database, 2)
    async with database.begin() as tx:
        await tx.execute(text("UPDATE orders SET looked_at = hub_now() + interval '1 second'"))
        found = await both_sides.at_backend(tx, ACME, [MUG])

    assert [(there.seen, there.telling) for there in found.values()] == [(0, 0)]


async def test_correcting_the_tracking_of_a_package_does_not_make_it_untold(database: Database) -> None:
    await ask(database)
    await accept(database)
    await leave(database, "P-1", 5)
    async with database.begin() as tx:
        await packages.told(tx, ACME, PackageId("P-1"), FulfillmentId("gid://shopify/Fulfillment/1"), adopted=False)
    await remain(database, 2)
    async with database.begin() as tx:
        await tx.execute(text("UPDATE orders SET looked_at = hub_now()"))

    async with database.begin() as tx:
        await packages.correcting(tx, ACME, a_package("P-1", (MUGS, 5)))
        await packages.corrected(tx, ACME, PackageId("P-1"))
    async with database.begin() as tx:
        found = await both_sides.at_backend(tx, ACME, [MUG])

    assert [(there.telling, there.untold) for there in found.values()] == [(0, 0)]


async def test_a_telling_that_comes_to_no_end_is_not_waited_for(database: Database) -> None:
    await ask(database)
    await accept(database)
    await leave(database, "P-1", 2)
    async with database.begin() as tx:
        await tx.execute(text("UPDATE packages SET tried_at = hub_now() - :ago"), {"ago": 2 * both_sides.TELLING_TAKES})
        found = await both_sides.at_backend(tx, ACME, [MUG])

    assert found == {(MUG, HAMBURG): AtBackend(wanted=Units(5), seen=Units(3), untold=Units(2), known_to=NOON)}


async def test_a_level_is_in_between_until_the_answer_and_what_the_order_wants_are_on_record(
    database: Database,
) -> None:
    async def in_between() -> frozenset[tuple[InventoryItemId, LocationId]]:
        async with database.begin() as tx:
            return await both_sides.in_between(tx, ACME, [MUG])

    assert await in_between() == frozenset()
    await ask(database)
    assert await in_between() == {(MUG, HAMBURG)}
    await count(database)
    assert await in_between() == {(MUG, HAMBURG)}, "nobody knows whether the backend has it"
    await accept(database)
    assert await in_between() == {(MUG, HAMBURG)}, "nobody knows what is still wanted of it"
    await count(database)
    assert await in_between() == frozenset()
    async with database.begin() as tx:
        await requests.asking(tx, ACME, [KEY])
    assert await in_between() == {(MUG, HAMBURG)}, "a change may have been made"


async def count(database: Database) -> None:
    async with database.begin() as tx:
        await requests.counted(tx, ACME, ORDER)
