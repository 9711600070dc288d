"""The hours in which flows work, by the clock on a wall: outside of them what is pending waits, and nothing is lost."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NewType
from zoneinfo import ZoneInfo

from crossdock.kit.errors import UsageError
from crossdock.model.flow import Flow
from crossdock.model.quiet_hours import QuietHours, quiet_hours

Hours = NewType("Hours", str)
"""Hours of each day and their time zone, as a person writes them: `06:00-20:00 Europe/Berlin`."""


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
        hours = self._hours(flow)
        if hours is None or hours.cover(now):
            return None
        return _next_start(hours, now) - now

    def sentence(self, flow: Flow, now: datetime) -> str | None:
        """Say until when the flow waits; None where it may work now."""
        hours = self._hours(flow)
        if hours is None or hours.cover(now):
            return None
        return f"waits until {hours.start:%H:%M} {hours.zone} by schedule"

    def hours(self, flow: Flow) -> Hours | None:
        """Return a flow's hours as they were written; None for always."""
        return self._texts().get(flow)

    def _hours(self, flow: Flow) -> QuietHours | None:
        text = self.hours(flow)
        return None if text is None else _read(flow, text)

    def _texts(self) -> dict[Flow, Hours | None]:
        return {
            Flow.ORDERS: self.orders,
            Flow.FULFILLMENTS: self.fulfillments,
            Flow.INVENTORY: self.inventory,
            Flow.RETURNS: self.returns,
        }


def _read(flow: Flow, text: Hours) -> QuietHours:
    try:
        return quiet_hours(text)
    except UsageError as error:
        raise UsageError(
            f"schedule.{flow} cannot be {text!r}. It takes hours of the day and a time zone: 06:00-20:00 Europe/Berlin."
        ) from error


def _next_start(hours: QuietHours, now: datetime) -> datetime:
    local = now.astimezone(ZoneInfo(hours.zone))
    start = datetime.combine(local.date(), hours.start, local.tzinfo)
    if start <= local:
        start = datetime.combine(local.date() + timedelta(days=1), hours.start, local.tzinfo)
    return start.astimezone(UTC)
