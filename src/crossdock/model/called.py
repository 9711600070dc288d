"""What a location is called where people read of it."""

from collections.abc import Mapping
from typing import Final

from crossdock.model.names import LocationId

GID: Final = "gid://shopify/Location/"
"""What the id of every location begins with; its number follows."""


def number_of(location: LocationId) -> str:
    """Return the number of a location, as people type it."""
    return location.removeprefix(GID)


def called(location: LocationId, names: Mapping[LocationId, str]) -> str:
    """Return the location's name, and before it is known, its number."""
    return names.get(location) or f"location {number_of(location)}"
