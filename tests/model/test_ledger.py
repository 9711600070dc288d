"""How news moves what is believed of a level, and when a reading adds up."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from crossdock.model.ledger import Ledger, LevelNews, News, Trust, doubted, moved, proven, read_anew
from crossdock.model.names import InventoryItemId, LocationId, Units
from crossdock.model.stock import InventoryLevel
from crossdock.testing.builders import NOON

MUG, HAMBURG = InventoryItemId("gid://shopify/InventoryItem/1"), LocationId("gid://shopify/Location/1")
LONG = timedelta(minutes=1)
A_MOMENT = timedelta(seconds=3)


def a_ledger(believed: int = 10, committed: int = 2, trust: Trust = Trust.EXACT) -> Ledger:
    return Ledger(
        item=MUG,
        location=HAMBURG,
        believed=Units(believed),
        committed=Units(committed),
        trust=trust,
        read_from=NOON,
        read_to=NOON + timedelta(seconds=1),
    )


def news(kind: News, units: int | None = None, at: datetime | None = None, number: int = 1) -> LevelNews:
    return LevelNews(number, MUG, HAMBURG, kind, units, at)


def level(available: int, committed: int) -> InventoryLevel:
    return InventoryLevel(MUG, HAMBURG, Units(available), Units(committed))


def again(before: Ledger | None, available: int, committed: int, seen: int = 0) -> Ledger:
    return read_anew(before, level(available, committed), Units(seen), NOON + LONG, NOON + LONG)


def test_a_sale_after_the_reading_takes_its_units_off_once() -> None:
    after = moved(a_ledger(), [news(News.SOLD, 3, NOON + LONG)])

    assert (after.believed, after.committed, after.trust) == (7, 5, Trust.EXACT)


def test_a_sale_before_the_reading_is_in_it_already() -> None:
    assert moved(a_ledger(), [news(News.SOLD, 3, NOON - LONG)]) == a_ledger()


@pytest.mark.parametrize("at", [NOON - A_MOMENT, NOON, NOON + A_MOMENT, None])
def test_a_sale_about_when_it_was_read_may_or_may_not_be_in_it(at: datetime | None) -> None:
    after = moved(a_ledger(), [news(News.SOLD, 3, at)])

    assert (after.believed, after.trust) == (10, Trust.DOUBTED)
    assert again(after, 10, 2) == again(a_ledger(), 10, 2)
    assert again(after, 7, 5).unproven is None


def test_a_shipment_leaves_the_belief_right_and_asks_for_a_reading_before_a_write() -> None:
    after = moved(a_ledger(), [news(News.FULFILLED)])

    assert (after.believed, after.trust) == (10, Trust.FULFILLED)


def test_any_other_change_of_an_order_makes_the_belief_worthless_for_good() -> None:
    after = moved(a_ledger(), [news(News.CHANGED), news(News.FULFILLED, number=2)])

    assert after.trust is Trust.LOST


def test_hearing_what_is_believed_is_an_echo() -> None:
    heard = [news(News.SOLD, 3, NOON + LONG), news(News.HEARD, 7, NOON + LONG, number=2)]

    assert moved(a_ledger(), heard).trust is Trust.EXACT


def test_hearing_something_else_casts_doubt() -> None:
    assert moved(a_ledger(), [news(News.HEARD, 9, NOON)]).trust is Trust.DOUBTED


def test_the_latest_word_counts_in_whatever_order_the_words_arrive() -> None:
    late = [news(News.HEARD, 10, NOON + LONG, number=1), news(News.HEARD, 12, NOON, number=2)]

    assert moved(a_ledger(), late).trust is Trust.EXACT


def test_a_level_of_which_shopify_says_nothing_any_more_is_doubted() -> None:
    assert moved(a_ledger(), [news(News.HEARD)]).trust is Trust.DOUBTED


def test_what_the_backend_took_on_and_gave_back_is_counted() -> None:
    assert moved(a_ledger(), [news(News.ACCEPTED, 5), news(News.ACCEPTED, -2, number=2)]).accepted == 3


@pytest.mark.parametrize(("kind", "kept"), [(News.KEEP, 4), (News.REVERT, 0)])
def test_a_person_lets_an_edit_stand_or_has_it_undone(kind: News, kept: int) -> None:
    edited = replace(a_ledger(), unproven=NOON, suspect=4)

    after = moved(edited, [news(kind)])

    assert (after.kept, after.suspect) == (kept, None)


def test_the_first_reading_is_proven_where_nothing_can_hide_in_it() -> None:
    assert again(None, 10, 2).unproven is None
    assert again(None, 10, 2, seen=1).unproven == NOON + LONG


@pytest.mark.parametrize(("available", "committed"), [(10, 2), (8, 4), (10, 1)])
def test_sales_and_shipments_explain_a_reading(available: int, committed: int) -> None:
    after = again(a_ledger(), available, committed)

    assert (after.believed, after.committed, after.trust) == (available, committed, Trust.EXACT)
    assert (after.unproven, after.suspect) == (None, None)


@pytest.mark.parametrize(("available", "committed"), [(12, 0), (11, 1), (11, 0)])
def test_what_an_order_let_go_before_anybody_looked_at_it_is_nobodys_edit(available: int, committed: int) -> None:
    after = again(a_ledger(), available, committed)

    assert (after.unproven, after.suspect) == (None, None)
    assert again(a_ledger(), 13, committed).suspect == committed + 1


@pytest.mark.parametrize(("available", "committed", "clear"), [(10, 2, True), (8, 4, False), (10, 1, False)])
def test_what_was_not_expected_may_hide_a_sale_where_the_backend_has_goods(
    available: int, committed: int, *, clear: bool
) -> None:
    after = again(a_ledger(), available, committed, seen=2)

    assert (after.unproven is None, after.suspect) == (clear, None)


@pytest.mark.parametrize(("available", "committed", "suspect"), [(13, 2, 3), (9, 2, -1), (9, 1, -1), (11, 3, 2)])
def test_what_neither_explains_is_suspected_by_so_many_units(available: int, committed: int, suspect: int) -> None:
    after = again(a_ledger(), available, committed)

    assert (after.trust, after.unproven, after.suspect) == (Trust.EXACT, NOON + LONG, suspect)


def test_what_did_not_add_up_stays_so_though_the_next_reading_does() -> None:
    odd = again(a_ledger(), 13, 2, seen=2)

    after = again(odd, 12, 3)

    assert (after.unproven, after.suspect) == (odd.unproven, 3)


@pytest.mark.parametrize(
    ("known_to", "enough"), [(None, True), (NOON, False), (NOON + LONG, True), (NOON + 2 * LONG, True)]
)
def test_it_is_proven_once_every_order_there_was_looked_at_since(known_to: datetime | None, *, enough: bool) -> None:
    assert proven(again(a_ledger(), 13, 2), known_to) is enough
    assert proven(a_ledger(), NOON - LONG)


def test_shipments_that_were_learned_of_may_hide_as_many_sales_and_suspect_nobody() -> None:
    shipped = moved(a_ledger(), [news(News.FULFILLED, 2)])

    after = again(shipped, 7, 3, seen=1)  # three sold, two shipped

    assert (after.unproven, after.suspect, after.shipped) == (NOON + LONG, None, 0)
    assert again(shipped, 7, 3).unproven is None
    assert again(shipped, 6, 3).suspect == -1


def test_our_own_write_is_known_again_though_its_answer_was_lost() -> None:
    pushing = replace(a_ledger(), push="a key", pushing=25)

    after = again(pushing, 23, 4)

    assert (after.unproven, after.push, after.pushing) == (None, None, None)


@pytest.mark.parametrize("available", [9, 12, 26])
def test_what_a_hand_did_beside_a_write_of_unknown_end_is_known_by_no_number(available: int) -> None:
    pushing = replace(a_ledger(), push="a key", pushing=25)

    after = again(pushing, available, 2)

    assert (after.unproven, after.suspect) == (NOON + LONG, None)


def test_a_worthless_belief_explains_nothing_and_suspects_nobody() -> None:
    after = again(a_ledger(trust=Trust.LOST), 30, 2, seen=1)

    assert (after.trust, after.unproven, after.suspect) == (Trust.EXACT, NOON + LONG, None)


def test_a_refused_write_casts_doubt_and_is_over() -> None:
    after = doubted(replace(a_ledger(), push="a key", pushing=25))

    assert (after.trust, after.push) == (Trust.DOUBTED, None)


def test_a_late_sale_or_a_changed_order_may_be_what_did_not_add_up() -> None:
    suspected = replace(a_ledger(), unproven=NOON, suspect=-1)

    assert moved(suspected, [news(News.SOLD, 1, NOON - LONG)]).suspect is None
    assert moved(suspected, [news(News.FULFILLED)]).suspect is None
