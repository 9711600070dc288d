"""The leaky bucket of points that each app has at each shop (Shopify docs, 2026)."""

from dataclasses import dataclass
from datetime import datetime

from shopify_standin.errors import JsonObject

RATES = {"standard": 100, "advanced": 200, "plus": 1000, "enterprise": 2000}
"""Points restored per second, by plan."""

ROOM = 20
"""Seconds of restoring that fill a bucket: 2000 at 100/s, 20000 at 1000/s were observed (recorded 2026-04)."""


@dataclass(slots=True)
class Bucket:
    """Points at hand for one token at one shop; `at` is when `level` was true."""

    maximum: float
    rate: float
    level: float
    at: datetime

    @classmethod
    def of_plan(cls, plan: str, now: datetime) -> "Bucket":
        """A full bucket of the plan's size."""
        rate = RATES[plan]
        return cls(maximum=rate * ROOM, rate=rate, level=rate * ROOM, at=now)

    def refill(self, now: datetime) -> None:
        """Bring the level up to `now`."""
        passed = max(0.0, (now - self.at).total_seconds())
        self.level = min(self.maximum, self.level + passed * self.rate)
        self.at = now

    def take(self, points: int, now: datetime) -> bool:
        """Take `points` if they are there; False leaves the bucket as it was."""
        self.refill(now)
        if self.level < points:
            return False
        self.level -= points
        return True

    def give_back(self, points: int) -> None:
        """Return what was asked for and not used."""
        self.level = min(self.maximum, self.level + points)

    def status(self) -> JsonObject:
        """`throttleStatus` as answers carry it."""
        return {
            "maximumAvailable": self.maximum,
            "currentlyAvailable": int(self.level),
            "restoreRate": self.rate,
        }
