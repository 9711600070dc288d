"""How often which operation was asked, what it cost and how often it had to wait; in sum and by the second."""

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime

from shopify_standin.errors import JsonObject

SECONDS_KEPT = 600


@dataclass(slots=True)
class Second:
    """What one second of the shop's clock saw; `level` is what the asking app's bucket held at its end."""

    at: datetime
    calls: int = 0
    points: int = 0
    throttles: int = 0
    level: float = 0.0


@dataclass(slots=True)
class Counters:
    """Tallies per operation name; calls without a name count under their first root field."""

    calls: Counter[str] = field(default_factory=Counter)
    points: Counter[str] = field(default_factory=Counter)
    throttles: Counter[str] = field(default_factory=Counter)
    seconds: deque[Second] = field(default_factory=lambda: deque(maxlen=SECONDS_KEPT))
    """The last seconds in which anything was asked."""

    def note_call(self, name: str, points: int, level: float, now: datetime) -> None:
        """A call was answered."""
        self.calls[name] += 1
        self.points[name] += points
        second = self._second(now, level)
        second.calls += 1
        second.points += points

    def note_throttle(self, name: str, level: float, now: datetime) -> None:
        """A call was told to wait."""
        self.throttles[name] += 1
        self._second(now, level).throttles += 1

    def _second(self, now: datetime, level: float) -> Second:
        at = now.replace(microsecond=0)
        if not self.seconds or self.seconds[-1].at != at:
            self.seconds.append(Second(at))
        self.seconds[-1].level = level
        return self.seconds[-1]

    def as_json(self) -> JsonObject:
        """Totals and a row per operation."""
        return {
            "calls": self.calls.total(),
            "points": self.points.total(),
            "throttles": self.throttles.total(),
            "operations": {
                name: {
                    "calls": self.calls[name],
                    "points": self.points[name],
                    "throttles": self.throttles[name],
                }
                for name in sorted(self.calls | self.throttles)
            },
        }
