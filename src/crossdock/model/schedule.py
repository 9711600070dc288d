"""The hours in which flows work, by the clock on a wall: outside of them what is pending waits, and nothing is lost."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, NewType
from zoneinfo import ZoneInfo

from crossdock.kit.errors import UsageError
from crossdock.model.flow import Flow
from crossdock.model.quiet_hours import QuietHours, quiet_hours

Hours = NewType("Hours", str)
"""
Hours and their time zone, as a person writes them: `06:00-20:00 Europe/Berlin`, `Mo-Fr 06:00-20:00 UTC`.

The days are those on which the hours begin: one, several with commas, or from one to another; without any, each day.
"""

_DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


@dataclass(frozen=True, slots=True)
class ScheduleRules:
    """
    When each flow works; None for always.

    Outside of its hours the orders flow sends no new request, and goes on following what was sent; the other flows do
    nothing at all. The catalog has none, for all others rest on it.
    """

    orders: Hours | None = None
    fulfillments: Hours | None = None
    inventory: Hours | None = None
    returns: Hours | None = None

    def __post_init__(self) -> None:
        """Refuse what are no hours."""
        for flow, text in self._texts().items():
            if text is not None:
                _read(flow, text)

    def opens_in(self, flow: Flow, now: datetime) -> timedelta | None:
        """Return how long until the flow's hours begin; None where it may work now."""
        week = self._week(flow)
        if week is None or week.covers(now):
            return None
        return week.next_start(now).astimezone(UTC) - now

    def sentence(self, flow: Flow, now: datetime) -> str | None:
        """Say until when the flow waits; None where it may work now."""
        week = self._week(flow)
        if week is None or week.covers(now):
            return None
        start = week.next_start(now)
        day = f"{_DAYS[start.weekday()]} " if len(week.days) < len(_DAYS) else ""
        return f"waits until {day}{start:%H:%M} {week.hours.zone} by schedule"

    def hours(self, flow: Flow) -> Hours | None:
        """Return a flow's hours as they were written; None for always."""
        return self._texts().get(flow)

    def _week(self, flow: Flow) -> "_Week | None":
        text = self.hours(flow)
        return None if text is None else _read(flow, text)

    def _texts(self) -> dict[Flow, Hours | None]:
        return {
            Flow.ORDERS: self.orders,
            Flow.FULFILLMENTS: self.fulfillments,
            Flow.INVENTORY: self.inventory,
            Flow.RETURNS: self.returns,
        }


@dataclass(frozen=True, slots=True)
class _Week:
    """Hours of the day, and the days on which they begin; Monday is 0."""

    days: frozenset[int]
    hours: QuietHours

    def covers(self, now: datetime) -> bool:
        """Tell whether the moment lies in them."""
        local = now.astimezone(ZoneInfo(self.hours.zone))
        began = local if local.time() >= self.hours.start else local - timedelta(days=1)
        return self.hours.cover(now) and began.weekday() in self.days

    def next_start(self, now: datetime) -> datetime:
        """Return when they begin next, after now, in their own time zone."""
        local = now.astimezone(ZoneInfo(self.hours.zone))
        days = (local.date() + timedelta(days=ahead) for ahead in range(len(_DAYS) + 1))
        starts = (datetime.combine(day, self.hours.start, local.tzinfo) for day in days)
        return next(start for start in starts if start > local and start.weekday() in self.days)


def _read(flow: Flow, text: Hours) -> _Week:
    first, _, rest = text.strip().partition(" ")
    try:
        if first[:1].isalpha():
            return _Week(_days(first), quiet_hours(rest))
        return _Week(frozenset(range(len(_DAYS))), quiet_hours(text))
    except (UsageError, ValueError) as error:
        raise UsageError(
            f"schedule.{flow} cannot be {text!r}. It takes hours of the day and a time zone, and days before them "
            f"where not each is meant: 06:00-20:00 Europe/Berlin, or Mo-Fr 06:00-20:00 Europe/Berlin. The days are "
            f"{', '.join(_DAYS)}."
        ) from error


def _days(text: str) -> frozenset[int]:
    """Read `Mo-Fr` or `Mo,We,Sa`; over the week's end where the first is the later. Raises ValueError."""
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        begin, end = _DAYS.index(first), _DAYS.index(last or first)
        found |= {(begin + ahead) % len(_DAYS) for ahead in range((end - begin) % len(_DAYS) + 1)}
    return frozenset(found)
