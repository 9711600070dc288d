"""A point on the earth."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """A point on the earth, in degrees, north and east."""

    latitude: float
    longitude: float
