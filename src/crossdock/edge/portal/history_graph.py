"""The figure of one level over the last weeks, as the steps of a line. Pure; the template draws it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from crossdock.model.names import LocationId
from crossdock.store.stock_history import Noted

WIDTH: Final = 640
HEIGHT: Final = 120
"""Of the drawing, in its own units; it is shown as wide as there is room."""


@dataclass(frozen=True, slots=True)
class Graph:
    """
    One level's line. `line` is a path of SVG, `writes` where it was written to Shopify, `zero` the height of nought.

    `sentence` says the same to who does not see it.
    """

    location: LocationId
    line: str
    writes: tuple[tuple[float, float], ...]
    zero: float
    least: int
    most: int
    since: datetime
    sentence: str


def graphs(noted: Sequence[Noted], at: datetime) -> Sequence[Graph]:
    """Return a line for each location of which more than one figure is known; `noted` is newest first."""
    locations = sorted({one.location for one in noted})
    lines = [(location, [one for one in reversed(noted) if one.location == location]) for location in locations]
    return [_graph(location, steps, at) for location, steps in lines if len(steps) > 1]


def _graph(location: LocationId, steps: Sequence[Noted], at: datetime) -> Graph:
    least, most = min(0, *(one.publish for one in steps)), max(1, *(one.publish for one in steps))
    since = steps[0].at
    lasting = max((at - since).total_seconds(), 1.0)

    def across(moment: datetime) -> float:
        return round(WIDTH * (moment - since).total_seconds() / lasting, 1)

    def high(units: int) -> float:
        return round(HEIGHT * (most - units) / (most - least), 1)

    path = f"M0 {high(steps[0].publish)}"
    path += "".join(f"H{across(one.at)}V{high(one.publish)}" for one in steps[1:])
    writes = tuple((across(one.at), high(one.publish)) for one in steps if one.wrote)
    return Graph(
        location=location,
        line=f"{path}H{WIDTH}",
        writes=writes,
        zero=high(0),
        least=least,
        most=most,
        since=since,
        sentence=f"From {steps[0].publish} to {steps[-1].publish} units in {len(steps) - 1} changes, "
        f"{len(writes)} writes to Shopify; at least {min(one.publish for one in steps)}, at most "
        f"{max(one.publish for one in steps)}.",
    )
