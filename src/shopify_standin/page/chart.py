"""Calls and budget over the last two minutes, as the points of one small drawing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopify_standin.house.bucket import Bucket
from shopify_standin.house.counters import Second

SPAN = 120
"""Seconds shown."""
HEIGHT = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """One second's calls: its left edge, its height, and whether any call had to wait."""

    x: int
    height: float
    throttled: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing `SPAN` wide and `HEIGHT` high, the present at its right edge."""

    bars: list[Bar]
    budget: str
    """The points of the line of what the bucket held."""
    most_calls: int


def chart_of(seconds: Iterable[Second], bucket: Bucket, now: datetime) -> Chart:
    """Draw the seconds that were noted; between them the bucket fills at its rate."""
    first = now.replace(microsecond=0) - timedelta(seconds=SPAN - 1)
    seen = {int((second.at - first).total_seconds()): second for second in seconds if second.at >= first}
    most = max((second.calls + second.throttles for second in seen.values()), default=0)
    bars = [
        Bar(x, HEIGHT * (second.calls + second.throttles) / most, second.throttles > 0)
        for x, second in sorted(seen.items())
        if most
    ]
    level, points = float(bucket.maximum), []
    for x in range(SPAN):
        level = seen[x].level if x in seen else min(bucket.maximum, level + bucket.rate)
        points.append(f"{x + 0.5},{HEIGHT - HEIGHT * level / bucket.maximum:.1f}")
    return Chart(bars, " ".join(points), most)
