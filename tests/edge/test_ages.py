"""Ages read as a person would say them."""

from datetime import UTC, datetime, timedelta

import pytest

from crossdock.edge.portal.ages import age, exact, up_to

NOW = datetime(2026, 7, 2, 14, 32, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (timedelta(0), "a moment"),
        (timedelta(seconds=4.9), "a moment"),
        (timedelta(seconds=5), "5 seconds"),
        (timedelta(seconds=90), "90 seconds"),
        (timedelta(seconds=91), "1 minute"),
        (timedelta(minutes=2, seconds=59), "2 minutes"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(minutes=91), "1 hour"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(hours=37), "1 day"),
        (timedelta(days=14), "14 days"),
        (timedelta(days=15), "2 weeks"),
        (timedelta(days=800), "114 weeks"),
        (timedelta(seconds=-70), "70 seconds"),
    ],
)
def test_an_age_is_told_in_the_largest_unit_that_is_still_telling(gap: timedelta, words: str) -> None:
    assert age(NOW - gap, NOW) == words


def test_a_moment_of_today_needs_no_date() -> None:
    assert up_to(NOW - timedelta(hours=14), NOW) == "00:32:10"
    assert up_to(NOW - timedelta(hours=15), NOW) == "2026-07-01 23:32"


def test_the_exact_moment_names_its_zone() -> None:
    assert exact(NOW) == "2026-07-02 14:32:10 UTC"
