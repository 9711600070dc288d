"""How a person says from where orders ship, where Shopify's own assignment is not wanted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from crossdock.kit.errors import UsageError
from crossdock.model.names import LocationId


class Mode(StrEnum):
    """Whether the hub decides from where an order ships."""

    OFF = "off"
    """Shopify's assignment is followed."""

    WATCH = "watch"
    """The hub decides and writes down why, and Shopify's assignment is followed all the same."""

    ON = "on"
    """Shopify is told to move what is to ship from elsewhere."""


class By(StrEnum):
    """What a step goes by."""

    PREFER = "prefer"
    STOCK = "stock"
    NEAREST = "nearest"
    COUNTRY = "country"
    TAG = "tag"
    CAPACITY = "capacity"


class Otherwise(StrEnum):
    """What is done where the steps leave nobody, or Shopify refuses the move."""

    FOLLOW = "follow"
    """Shopify's assignment."""

    HOLD = "hold"
    """A person is asked."""


_NEEDED = {By.PREFER: ("locations",), By.COUNTRY: ("countries", "locations"), By.TAG: ("tags", "locations")}
_ALLOWED = {by: {*_NEEDED.get(by, ())} for by in By} | {
    By.STOCK: {"split", "must"},
    By.COUNTRY: {"countries", "locations", "outside", "must"},
    By.TAG: {"tags", "locations", "must"},
    By.CAPACITY: {"must"},
}


@dataclass(frozen=True, slots=True)
class RoutingStep:
    """
    One step: it leaves some of the locations that are left, or says which of them come first.

    `prefer` puts `locations` first, in this order; `nearest` the one that is nearest to the customer. `stock` leaves
    those that have everything; with `split` and nobody who has, the order is divided. `country` leaves `locations`
    where the order goes to one of `countries` (ISO 3166, two letters), or to any other with `outside`; `tag` leaves
    them where the order has one of `tags`. `capacity` leaves those that were asked for less than their capacity. A step
    that would leave nobody is passed over; with `must` nobody is chosen then.
    """

    by: By
    locations: tuple[LocationId, ...] = ()
    countries: tuple[str, ...] = ()
    outside: bool = False
    tags: tuple[str, ...] = ()
    split: bool = False
    must: bool = False

    def __post_init__(self) -> None:
        """Refuse a step that says too little, or what does nothing."""
        for name in _NEEDED.get(self.by, ()):
            if not getattr(self, name):
                raise UsageError(f"A step by {self.by} in routing.steps names no {name}. Give it some.")
        for name in ("locations", "countries", "outside", "tags", "split", "must"):
            if getattr(self, name) and name not in _ALLOWED[self.by]:
                raise UsageError(f"A step by {self.by} in routing.steps does not go by {name}. Leave that out.")
        for country in self.countries:
            if len(country) != 2 or not country.isalpha() or not country.isupper():
                raise UsageError(f"routing.steps: {country!r} is no country. Write two capital letters: DE.")


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where a location is, and how much it can do.

    `latitude` and `longitude` are in degrees, north and east; `country` (ISO 3166, two letters) and `zip` serve where
    they, or the customer's, are not known. `capacity` is how many requests it takes within 24 hours; None for any
    number.
    """

    latitude: float | None = None
    longitude: float | None = None
    country: str | None = None
    zip: str | None = None
    capacity: int | None = None

    def __post_init__(self) -> None:
        """Refuse a place that is nowhere."""
        if (self.latitude is None) != (self.longitude is None):
            raise UsageError("routing.places: a place has a latitude and a longitude, or neither of them.")
        if abs(self.latitude or 0) > 90 or abs(self.longitude or 0) > 180:
            raise UsageError(
                f"routing.places: nothing is at {self.latitude}, {self.longitude}. Give degrees, latitude first."
            )
        if self.capacity is not None and self.capacity < 0:
            raise UsageError(f"routing.places: a capacity cannot be {self.capacity}. Give 0 requests or more.")


@dataclass(frozen=True, slots=True)
class RoutingRules:
    """
    From where orders ship.

    `steps` are gone through in their order; what they leave open, Shopify's assignment decides. `otherwise` says what
    becomes of an order for which they leave nobody, `if_refused` of one that Shopify does not let move. With
    `reroute` what one warehouse refused, cancelled or shipped short is asked of the next.
    """

    mode: Mode = Mode.OFF
    steps: tuple[RoutingStep, ...] = ()
    places: Mapping[LocationId, Place] = field(default_factory=dict)
    otherwise: Otherwise = Otherwise.FOLLOW
    if_refused: Otherwise = Otherwise.HOLD
    reroute: bool = False
