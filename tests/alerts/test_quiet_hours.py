"""Quiet hours go by the clock on the wall, in the nights in which it is changed, too."""

from datetime import UTC, datetime

import pytest

from crossdock.kit.errors import UsageError
from crossdock.model.quiet_hours import quiet_hours

NIGHT = quiet_hours("22:00-07:00 Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-03-28 20:59", False),  # 21:59 in winter
        ("2026-03-28 21:00", True),
        ("2026-03-29 00:59", True),  # 01:59, and a minute later it is 03:00
        ("2026-03-29 04:59", True),  # 06:59 in summer
        ("2026-03-29 05:00", False),
        ("2026-03-29 19:59", False),  # 21:59 in summer
        ("2026-03-29 20:00", True),
    ],
)
def test_the_night_in_which_summer_begins_is_an_hour_shorter(moment: str, quiet: bool) -> None:
    assert NIGHT.cover(at(moment)) is quiet


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-10-24 20:00", True),  # 22:00 in summer
        ("2026-10-25 00:30", True),  # 02:30 for the first time
        ("2026-10-25 01:30", True),  # and again
        ("2026-10-25 05:59", True),  # 06:59 in winter
        ("2026-10-25 06:00", False),
    ],
)
def test_the_night_in_which_winter_begins_is_an_hour_longer(moment: str, quiet: bool) -> None:
    assert NIGHT.cover(at(moment)) is quiet


def test_hours_within_one_day_do_not_reach_over_midnight() -> None:
    lunch = quiet_hours("12:00-13:30 America/New_York")

    assert [lunch.cover(at(f"2026-07-01 {time}")) for time in ("15:59", "16:00", "17:29", "17:30", "04:30")] == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_without_a_zone_they_are_utc_and_they_are_written_as_they_are_read() -> None:
    assert str(quiet_hours(" 22:00-07:00 ")) == "22:00-07:00 UTC"
    assert quiet_hours(str(NIGHT)) == NIGHT


@pytest.mark.parametrize("text", ["", "22-07-3", "22:00", "25:00-07:00", "22:00-22:00", "22:00-07:00+01:00", "night"])
def test_what_are_no_hours_is_refused_with_what_would_be(text: str) -> None:
    with pytest.raises(UsageError, match="22:00-07:00"):
        quiet_hours(text)


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "../../etc/passwd", "/etc/localtime"])
def test_a_zone_that_is_not_there_is_refused(zone: str) -> None:
    with pytest.raises(UsageError, match="no time zone"):
        quiet_hours(f"22:00-07:00 {zone}")
