"""What a location is called where people read of it."""

from collections.abc import Mapping

from crossdock.model.names import LocationId


def called(location: LocationId, names: Mapping[LocationId, str]) -> str:
    """Return the location's name, and before it is known, its number."""
    return names.get(location) or f"location {location.rsplit('/', 1)[-1]}"
