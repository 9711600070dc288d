"""A trouble is told as it begins, again only when it is worse, and once more when it is over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossdock.model.alert import Group
from crossdock.model.alert_course import CALM, Course, Turn, follow
from crossdock.model.names import ShopDomain

ACME = Group(ShopDomain("acme.myshopify.com"), "item_missing")
OTHER_STORE = Group(ShopDomain("other.myshopify.com"), "item_missing")
OTHER_CAUSE = Group(ShopDomain("acme.myshopify.com"), "field_missing")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass
class Watcher:
    """Looks once a minute, and remembers what was told."""

    now: datetime = NOON
    known: Mapping[Group, Course] = field(default_factory=dict)
    quiet: bool = False

    def looks(self, seen: Mapping[Group, int]) -> list[tuple[Turn, Group, int]]:
        self.now += MINUTE
        notices, self.known = follow(seen, self.known, self.now, quiet=self.quiet)
        return [(one.turn, one.group, one.count) for one in notices]

    def looks_for(self, time: timedelta, seen: Mapping[Group, int]) -> list[tuple[Turn, Group, int]]:
        return [notice for _ in range(time // MINUTE) for notice in self.looks(seen)]


def test_what_begins_is_told_once_however_long_it_lasts() -> None:
    watcher = Watcher()

    assert watcher.looks({ACME: 3}) == [(Turn.BEGAN, ACME, 3)]
    assert watcher.looks_for(timedelta(hours=2), {ACME: 3}) == []


def test_a_little_more_is_not_told_and_twice_as_much_is() -> None:
    watcher = Watcher()
    watcher.looks({ACME: 3})

    assert watcher.looks({ACME: 5}) == []
    assert watcher.looks({ACME: 6}) == [(Turn.WORSE, ACME, 6)]
    assert watcher.looks({ACME: 11}) == []
    assert watcher.looks({ACME: 12}) == [(Turn.WORSE, ACME, 12)]


def test_what_gets_better_and_then_as_bad_as_before_is_not_told() -> None:
    watcher = Watcher()
    watcher.looks({ACME: 8})

    assert watcher.looks({ACME: 2}) == []
    assert watcher.looks({ACME: 8}) == []


def test_another_store_and_another_cause_are_troubles_of_their_own() -> None:
    watcher = Watcher()
    watcher.looks({ACME: 3})

    told = watcher.looks({ACME: 3, OTHER_STORE: 1, OTHER_CAUSE: 1})

    assert told == [(Turn.BEGAN, OTHER_CAUSE, 1), (Turn.BEGAN, OTHER_STORE, 1)]


def test_the_end_is_told_once_with_the_worst_after_some_calm() -> None:
    watcher = Watcher()
    watcher.looks({ACME: 3})
    watcher.looks({ACME: 5})

    assert watcher.looks_for(CALM, {}) == []
    assert watcher.looks({}) == [(Turn.OVER, ACME, 5)]
    assert watcher.looks_for(timedelta(hours=1), {}) == []


def test_what_comes_and_goes_from_minute_to_minute_is_told_once() -> None:
    watcher = Watcher()

    told = [notice for minute in range(60) for notice in watcher.looks({ACME: 1} if minute % 2 else {})]

    assert told == [(Turn.BEGAN, ACME, 1)]


def test_what_comes_back_after_its_end_begins_anew() -> None:
    watcher = Watcher()
    watcher.looks({ACME: 8})
    watcher.looks_for(2 * CALM, {})

    assert watcher.looks({ACME: 1}) == [(Turn.BEGAN, ACME, 1)]


def test_what_begins_in_quiet_hours_is_told_at_their_end() -> None:
    watcher = Watcher(quiet=True)
    assert watcher.looks_for(timedelta(hours=3), {ACME: 4}) == []

    watcher.quiet = False

    assert watcher.looks({ACME: 2}) == [(Turn.BEGAN, ACME, 2)]


def test_what_came_and_went_in_quiet_hours_is_told_as_that() -> None:
    watcher = Watcher(quiet=True)
    watcher.looks({ACME: 4})
    watcher.looks_for(timedelta(hours=3), {})

    watcher.quiet = False

    assert watcher.looks({}) == [(Turn.PASSED, ACME, 4)]
    assert watcher.looks({}) == []


def test_what_ends_and_what_gets_worse_in_quiet_hours_is_told_at_their_end() -> None:
    watcher = Watcher()
    watcher.looks({ACME: 1, OTHER_STORE: 1})
    watcher.quiet = True
    assert watcher.looks_for(timedelta(hours=3), {OTHER_STORE: 9}) == []

    watcher.quiet = False

    assert watcher.looks({OTHER_STORE: 9}) == [(Turn.OVER, ACME, 1), (Turn.WORSE, OTHER_STORE, 9)]


# On a busy machine the making of examples alone may take seconds; that says nothing about the rule.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=60))
def test_people_are_never_left_believing_what_is_not_so(looks: list[tuple[int, bool]]) -> None:
    """After an hour of nothing and no quiet, each beginning that was told has its end, and nothing is remembered."""
    watcher, told = Watcher(), []
    for count, quiet in looks:
        watcher.quiet = quiet
        told += watcher.looks({ACME: count} if count else {})
    watcher.quiet = False

    told += watcher.looks_for(timedelta(hours=1), {})

    turns = [turn for turn, _, _ in told if turn in {Turn.BEGAN, Turn.OVER}]
    assert turns == [Turn.BEGAN, Turn.OVER] * (len(turns) // 2)
    assert watcher.known == {}
