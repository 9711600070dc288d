"""How far it is from a place to a customer, by what is known of both. Pure."""

import math
from collections.abc import Mapping, Sequence

from crossdock.model.names import LocationId
from crossdock.model.point import Point
from crossdock.model.route import Destination
from crossdock.model.routing_rules import Place

EARTH_KM = 6371.0


def distance(one: Point, other: Point) -> float:
    """Return the great-circle distance in kilometres."""
    south, north = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(other.longitude - one.longitude)
    half = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin(east / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def in_kilometres(
    destination: Destination, places: Mapping[LocationId, Place], locations: Sequence[LocationId]
) -> Mapping[LocationId, float] | None:
    """Return how far each location is; None where that is not known of all, so that they could not be compared."""
    found = {location: _point(places.get(location)) for location in locations}
    if destination.point is None or not all(found.values()):
        return None
    return {location: distance(destination.point, point) for location, point in found.items() if point is not None}


def by_area(destination: Destination, place: Place | None) -> tuple[float, float]:
    """Return how near a place is by country and the beginning of its zip; smaller is nearer."""
    if place is None or place.country is None or place.country != destination.country:
        return 1, 0
    zip_, area = (place.zip or "").upper(), destination.area or ""
    return 0, -_common(zip_, area)


def _point(place: Place | None) -> Point | None:
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return Point(place.latitude, place.longitude)


def _common(one: str, other: str) -> int:
    for at, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return at
    return min(len(one), len(other))
