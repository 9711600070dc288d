"""Hours of the day in which people are left alone, by the clock on their own wall."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crossdock.kit.errors import UsageError


@dataclass(frozen=True, slots=True)
class QuietHours:
    """
    From `start` until before `end` of each day in `zone`, an IANA name; over midnight where `end` is the earlier.

    They go by the wall clock, so they are an hour shorter or longer in the night in which the clocks change.
    """

    start: time
    end: time
    zone: str

    def cover(self, now: datetime) -> bool:
        """Tell whether the moment `now` lies in them."""
        local = now.astimezone(ZoneInfo(self.zone)).time()
        if self.start <= self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M} {self.zone}"


def quiet_hours(text: str) -> QuietHours:
    """Read `22:00-07:00 Europe/Berlin`. Raises UsageError where it is none."""
    span, _, zone = text.strip().partition(" ")
    first, _, last = span.partition("-")
    try:
        hours = QuietHours(time.fromisoformat(first), time.fromisoformat(last), zone.strip() or "UTC")
    except ValueError as error:
        raise UsageError(f"{text!r} are no quiet hours. They look like this: 22:00-07:00 Europe/Berlin.") from error
    try:
        ZoneInfo(hours.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(f"There is no time zone {hours.zone!r}. Zones are named like Europe/Berlin or UTC.") from error
    if hours.start.tzinfo or hours.end.tzinfo or hours.start == hours.end:
        raise UsageError(f"{text!r} are no quiet hours: they begin and end at two times of the day, like 22:00-07:00.")
    return hours
