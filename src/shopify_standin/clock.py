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

    def freeze(self) -> None:
        """Stand still from now on, but for `advance`."""
        if self.frozen_at is None:
            self.frozen_at = datetime.now(UTC)

    def thaw(self) -> None:
        """Run on from where it stands."""
        if self.frozen_at is not None:
            self.ahead -= datetime.now(UTC) - self.frozen_at
            self.frozen_at = None


def iso(moment: datetime | None) -> str | None:
    """Shopify's DateTime: UTC, whole seconds, `Z`."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_from(value: str | datetime | None) -> datetime | None:
    """A DateTime as it is given in an input; without an offset it is UTC."""
    if value is None or isinstance(value, datetime):
        return value
    at = datetime.fromisoformat(value)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
