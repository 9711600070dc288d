"""A flow works within its hours, by the clock on the wall of their time zone."""

from datetime import UTC, datetime, timedelta

import pytest

from crossdock.edge.rule_texts import rule_texts
from crossdock.edge.written_rules import with_settings
from crossdock.kit.errors import UsageError
from crossdock.model.connection import Rules
from crossdock.model.flow import Flow
from crossdock.model.schedule import Hours, ScheduleRules

DAY = ScheduleRules(orders=Hours("06:00-20:00 Europe/Berlin"))
NIGHT = ScheduleRules(inventory=Hours("22:00-06:00 UTC"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "opens_in"),
    [
        ("2026-07-01T04:00", None),  # 06:00 in Berlin
        ("2026-07-01T17:59", None),
        ("2026-07-01T18:00", timedelta(hours=10)),
        ("2026-07-01T03:30", timedelta(minutes=30)),
        ("2026-01-01T04:30", timedelta(minutes=30)),  # an hour later in winter
        ("2026-10-24T18:30", timedelta(hours=10, minutes=30)),  # the night has an hour more: the clocks go back
    ],
)
def test_it_waits_until_its_hours_begin_in_their_time_zone(now: str, opens_in: timedelta | None) -> None:
    assert DAY.opens_in(Flow.ORDERS, at(now)) == opens_in


@pytest.mark.parametrize(
    ("now", "opens_in"),
    [
        ("2026-07-01T23:00", None),
        ("2026-07-01T05:59", None),
        ("2026-07-01T06:00", timedelta(hours=16)),
    ],
)
def test_hours_may_go_over_midnight(now: str, opens_in: timedelta | None) -> None:
    assert NIGHT.opens_in(Flow.INVENTORY, at(now)) == opens_in


WEEK = ScheduleRules(orders=Hours("Mo-Fr 06:00-20:00 UTC"), returns=Hours("Fr,Su 22:00-06:00 UTC"))


@pytest.mark.parametrize(
    ("now", "opens_in"),
    [
        ("2026-07-03T19:59", None),  # a Friday
        ("2026-07-03T20:00", timedelta(days=2, hours=10)),
        ("2026-07-05T12:00", timedelta(hours=18)),
        ("2026-07-06T06:00", None),
    ],
)
def test_hours_may_be_those_of_some_days(now: str, opens_in: timedelta | None) -> None:
    assert WEEK.opens_in(Flow.ORDERS, at(now)) == opens_in


@pytest.mark.parametrize(
    ("now", "opens_in"),
    [
        ("2026-07-04T05:59", None),  # Saturday morning still is Friday's night
        ("2026-07-04T22:00", timedelta(days=1)),
        ("2026-07-06T05:59", None),
        ("2026-07-06T06:00", timedelta(days=4, hours=16)),
    ],
)
def test_a_night_counts_for_the_day_on_which_it_begins(now: str, opens_in: timedelta | None) -> None:
    assert WEEK.opens_in(Flow.RETURNS, at(now)) == opens_in


def test_who_waits_over_a_weekend_is_told_the_day() -> None:
    assert WEEK.sentence(Flow.ORDERS, at("2026-07-04T12:00")) == "waits until Mo 06:00 UTC by schedule"


def test_days_may_go_over_the_weeks_end() -> None:
    rules = ScheduleRules(orders=Hours("Sa-Mo 06:00-20:00 UTC"))

    working = [day for day in range(1, 8) if rules.opens_in(Flow.ORDERS, at(f"2026-07-{day:02}T12:00")) is None]

    assert working == [4, 5, 6]


def test_a_flow_without_hours_always_works_and_says_nothing() -> None:
    assert {DAY.opens_in(flow, at("2026-07-01T23:00")) for flow in Flow if flow is not Flow.ORDERS} == {None}
    assert DAY.sentence(Flow.RETURNS, at("2026-07-01T23:00")) is None
    assert DAY.sentence(Flow.ORDERS, at("2026-07-01T23:00")) == "waits until 06:00 Europe/Berlin by schedule"


def test_hours_are_set_as_texts_and_read_back() -> None:
    rules = with_settings(Rules(), ["schedule.orders=06:00-20:00 Europe/Berlin"])

    assert rules.schedule == DAY
    assert rule_texts(rules)["schedule.orders"] == "06:00-20:00 Europe/Berlin"
    assert with_settings(rules, ["schedule.orders=none"]) == Rules()


@pytest.mark.parametrize(
    "text", ["6 to 8", "06:00-20:00 Berlin", "06:00-06:00 UTC", "06:00", "Xx 06:00-20:00 UTC", "Mo-"]
)
def test_what_are_no_hours_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(UsageError, match=r"schedule\.orders cannot be .* 06:00-20:00 Europe/Berlin"):
        with_settings(Rules(), [f"schedule.orders={text}"])
