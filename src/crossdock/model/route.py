"""From where an order is to ship: what that is decided from, and what was decided."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from crossdock.model.names import ItemCode, LineItemId, LocationId, Units
from crossdock.model.order import Address
from crossdock.model.point import Point


@dataclass(frozen=True, slots=True)
class Destination:
    """
    Where an order goes, only as closely as routing needs: it is kept for replays, and is not to name a household.

    `area` are the first two characters of the zip, `point` is rounded to a tenth of a degree (some 10 km).
    """

    country: str | None = None
    area: str | None = None
    point: Point | None = None

    def __str__(self) -> str:
        """Return it as a person reads it: `DE-04`."""
        return "-".join(part for part in (self.country, self.area) if part) or "an unknown place"


def destination_of(address: Address | None, point: Point | None) -> Destination:
    """Return where an address is, roughly; `point` is where Shopify thinks that it is."""
    if address is None:
        return Destination()
    area = (address.zip or "").replace(" ", "").upper()[:2] or None
    near = None if point is None else Point(round(point.latitude, 1), round(point.longitude, 1))
    return Destination(address.country, area, near)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units of one order line that are to ship, and the location at which Shopify has them now."""

    line: LineItemId
    item: ItemCode
    title: str
    units: Units
    location: LocationId


@dataclass(frozen=True, slots=True)
class Candidate:
    """
    A location that may ship.

    `stock` is what its warehouse can still promise; an item that is not there has none. `busy` is how many requests it
    was asked for within 24 hours. `barred` says why it is out of the question, None where it is not.
    """

    location: LocationId
    name: str
    stock: Mapping[ItemCode, Units] = field(default_factory=dict)
    busy: int = 0
    barred: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a route is decided from besides the rules; names nobody."""

    tags: tuple[str, ...]
    destination: Destination
    wanted: tuple[Wanted, ...]
    candidates: tuple[Candidate, ...]

    @property
    def needs(self) -> Counter[ItemCode]:
        """How many units of each item are to ship."""
        found = Counter[ItemCode]()
        for one in self.wanted:
            found[one.item] += one.units
        return found

    @property
    def rejected(self) -> frozenset[LocationId]:
        """The locations that were out of the question."""
        return frozenset(one.location for one in self.candidates if one.barred is not None)

    def without(self, taken: Mapping[tuple[LocationId, ItemCode], int]) -> "Facts":
        """Return the facts less the stock that other orders were just promised."""

        def left(one: Candidate) -> Mapping[ItemCode, Units]:
            return {item: Units(units - taken.get((one.location, item), 0)) for item, units in one.stock.items()}

        return replace(self, candidates=tuple(replace(one, stock=left(one)) for one in self.candidates))


@dataclass(frozen=True, slots=True)
class Share:
    """Units of one order line that one location is to ship."""

    line: LineItemId
    location: LocationId
    units: Units


@dataclass(frozen=True, slots=True)
class Routed:
    """
    From where everything is to ship, and why: one sentence per step that had something to say.

    `places` are the names of the locations, the one with the most units first. Without `shares` nobody may ship it.
    """

    shares: tuple[Share, ...]
    places: tuple[str, ...]
    why: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The choice and its reasons."""
        return f"{' and '.join(self.places) or 'Nobody'}: {' '.join(self.why) or 'there is no other.'}"


@dataclass(frozen=True, slots=True)
class Route:
    """
    A decision as it was written down, before Shopify was told of it.

    `number` counts the decisions for one order, from 1. It is `settled` once Shopify has everything where it was
    decided, or will not have it so; from then on wherever Shopify has it is followed. `moving` is how long ago a move
    was tried whose answer is not known. `told` says that the time line has it.
    """

    number: int
    facts: Facts
    routed: Routed
    settled: bool = False
    moving: timedelta | None = None
    told: bool = False
    rejected: frozenset[LocationId] = frozenset()
    """The locations whose warehouse refused it, or gave it up."""
