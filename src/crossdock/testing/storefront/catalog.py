"""The places that the store has, and the variants that it sells."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from crossdock.kit.clock import Clock
from crossdock.model.catalog import Location, Variant
from crossdock.model.names import LocationId, VariantId


class Catalog:
    """Locations and variants by their ids, and when each variant changed last."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._locations: dict[LocationId, Location] = {}
        self._variants: dict[VariantId, Variant] = {}
        self._updated: dict[VariantId, datetime] = {}

    def open_location(self, location: Location) -> None:
        """Have a location, as it is given."""
        self._locations[location.id] = location

    def open_service(self, id_: LocationId) -> None:
        """Let a location be a fulfillment service's."""
        self._locations[id_] = replace(self._locations[id_], is_service=True)

    def location(self, id_: LocationId) -> Location | None:
        """Return a location, where there is such a one."""
        return self._locations.get(id_)

    def locations(self) -> tuple[Location, ...]:
        """Return all locations."""
        return tuple(self._locations.values())

    def put(self, variant: Variant) -> None:
        """Have a variant, as it is given, changed just now."""
        self._variants[variant.id] = variant
        self._updated[variant.id] = self._clock.now()

    def variant(self, id_: VariantId) -> Variant:
        """Return a variant that there is."""
        return self._variants[id_]

    def variants(self, ids: Sequence[VariantId]) -> Mapping[VariantId, Variant]:
        """Return those of the variants that there are."""
        return {id_: self._variants[id_] for id_ in ids if id_ in self._variants}

    def variants_of(self, products: Sequence[str]) -> Mapping[str, tuple[VariantId, ...]]:
        """Return the variants of each product: here the one that has the product's number."""
        found = {product: VariantId(product.replace("/Product/", "/ProductVariant/")) for product in products}
        return {product: (variant,) for product, variant in found.items() if variant in self._variants}

    def changed(self) -> Sequence[tuple[VariantId, datetime]]:
        """Return all variants, and when each changed last."""
        return list(self._updated.items())
