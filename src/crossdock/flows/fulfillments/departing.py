"""From which of Shopify's locations a package left, where the backend says from which warehouse. Pure."""

from crossdock.flows.fulfillments.room import Room
from crossdock.flows.fulfillments.sight import Due, Sight
from crossdock.model.answer import Word
from crossdock.model.names import LocationId
from crossdock.model.request import Package


def is_as_assigned(sight: Sight, title: str, package: Package) -> bool:
    """Tell whether a person wants a package told as if it had left from where Shopify has its goods."""
    said = sight.answered
    return said is not None and said.word is Word.AS_ASSIGNED and said.stands_for(left_from(title, package))


def left_from(title: str, package: Package) -> str:
    """Return the beginning of all that a hold says of a package that left from elsewhere."""
    return f"{title}, package {package.id}: it left from warehouse {package.warehouse}"


def departures(sight: Sight, one: Due) -> list[LocationId]:
    """
    Return the locations that a package may have left from: those that its warehouse serves.

    The location that its request was made for comes first where the very warehouse shipped it that was asked, whatever
    became of the map since.
    """
    known = next((known for known in sight.work if known.work.key == one.key), None)
    own = [known.location] if known is not None and known.warehouse == one.package.warehouse and known.location else []
    served = [location for location, codes in sorted(sight.warehouses.items()) if one.package.warehouse in codes]
    return [*own, *(location for location in served if location not in own)]


def departure(room: Room, locations: list[LocationId], package: Package) -> LocationId:
    """Return the one of these locations at which Shopify lacks the least of the package, the first of several."""
    return min(locations, key=lambda location: room.lacks(package, location))
