"""The stand-in's clock: real time, moved forward on demand."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass(slots=True)
class Clock:
    """Tells aware UTC times; `frozen_at` stops it, `ahead` runs it before the machine's clock."""

    ahead: timedelta = field(default_factory=timedelta)
    frozen_at: datetime | None = None

    def now(self) -> datetime:
        """The present moment of this shop."""
        return (self.frozen_at or datetime.now(UTC)) + self.ahead

    def advance(self, by: timedelta) -> None:
        """Move on by `by`; the past cannot be had again."""
        self.ahead += max(by, timedelta())


def iso(moment: datetime | None) -> str | None:
    """Shopify's DateTime: UTC, whole seconds, `Z`."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
