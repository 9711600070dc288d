"""Where the bars of a small chart stand: pure geometry, in the units of the chart's own view box."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from crossdock.store.reads.overview import HOURS, Latency, PlacedInHour

STEP: Final = 10
BAR: Final = 8
HEIGHT: Final = 48
WIDTH: Final = HOURS * STEP


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour: a bar of `most` with one of `half` before it, from the bottom up; `says` is read out for it."""

    x: int
    half: float
    most: float
    says: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of the hours in which there is something, and the sentence that says the same."""

    bars: tuple[Bar, ...]
    says: str


def orders_per_hour(placed: Sequence[PlacedInHour], since: datetime) -> Chart:
    """Draw how many orders were placed in each hour."""
    most = max((one.many for one in placed), default=0)
    total = sum(one.many for one in placed)
    bars = tuple(
        Bar(_x(one.hour, since), 0, HEIGHT * one.many / most, f"{one.hour:%H}:00 UTC: {one.many:,}") for one in placed
    )
    if not total:
        return Chart((), "No order was placed in the last 24 hours.")
    return Chart(bars, f"{total:,} in the last 24 hours, at most {most:,} in one of them.")


def latency(hours: Sequence[Latency], since: datetime, lasting: Callable[[timedelta], str]) -> Chart:
    """
    Draw how long a stage took, hour by hour: the longest bar is the slowest hour's.

    `lasting` says a duration. An hour is drawn at one unit at least, so that a fast one is seen to be there.
    """
    whole = next((one for one in hours if one.hour is None), None)
    shown = [(one.hour, one) for one in hours if one.hour is not None]
    if whole is None:
        return Chart((), "None in the last 24 hours.")
    top = max((one.most for _, one in shown), default=timedelta()) or timedelta(seconds=1)
    bars = tuple(
        Bar(
            _x(hour, since),
            max(1.0, HEIGHT * (one.half / top)),
            max(1.0, HEIGHT * (one.most / top)),
            f"{hour:%H}:00 UTC: half within {lasting(one.half)}, 95 % within {lasting(one.most)} ({one.many:,})",
        )
        for hour, one in shown
    )
    return Chart(bars, f"Half within {lasting(whole.half)}, 95 % within {lasting(whole.most)}, of {whole.many:,}.")


def _x(hour: datetime, since: datetime) -> int:
    return STEP * ((hour - since) // timedelta(hours=1))
