"""When a trouble is told: as it begins, again only when it is worse, and once more when it is over."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from crossdock.model.alert import Group

CALM: Final = timedelta(minutes=5)
"""How long a trouble has to be gone before it is over; what comes and goes within it is one trouble."""

WORSE: Final = 2
"""By what its count has grown, as a factor of what was last told, before a trouble is told again."""


@dataclass(frozen=True, slots=True)
class Course:
    """
    What an alert knows of one group's trouble.

    `told` is the count that people last read, None where they were not told yet; `worst` the highest since it began.
    """

    since: datetime
    worst: int
    told: int | None = None
    gone_at: datetime | None = None


class Turn(StrEnum):
    """What happened to a trouble, as people are told of it."""

    BEGAN = "began"
    WORSE = "worse"
    OVER = "over"
    PASSED = "passed"
    """It came and went while people were left alone."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One turn of one group's trouble; `count` as it is now, and when it is over, as it was at its worst."""

    turn: Turn
    group: Group
    count: int
    since: datetime


def follow(
    seen: Mapping[Group, int], known: Mapping[Group, Course], now: datetime, *, quiet: bool
) -> tuple[list[Notice], dict[Group, Course]]:
    """
    Return what to tell now and what to know from now on, given the count of each group that is in trouble.

    In `quiet` hours nothing is told and nothing forgotten; their end tells of what there is then, and of what was.
    """
    notices: list[Notice] = []
    after: dict[Group, Course] = {}
    for group in sorted({*seen, *known}, key=lambda one: (one.store, one.about)):
        count = seen.get(group)
        course = _seen(known.get(group), count, now)
        turn = None if quiet else _turn(course, count, now)
        if turn is not None:
            notices.append(Notice(turn, group, course.worst if count is None else count, course.since))
        if turn in {Turn.OVER, Turn.PASSED}:
            continue
        after[group] = course if turn is None else replace(course, told=count)
    return notices, after


def _seen(course: Course | None, count: int | None, now: datetime) -> Course:
    if course is None:
        return Course(since=now, worst=count or 0)
    if count is None:
        return replace(course, gone_at=course.gone_at or now)
    return replace(course, worst=max(course.worst, count), gone_at=None)


def _turn(course: Course, count: int | None, now: datetime) -> Turn | None:
    if count is None:
        if course.gone_at is None or now - course.gone_at < CALM:
            return None
        return Turn.PASSED if course.told is None else Turn.OVER
    if course.told is None:
        return Turn.BEGAN
    return Turn.WORSE if count >= WORSE * course.told else None
