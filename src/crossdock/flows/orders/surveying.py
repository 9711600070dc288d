"""Gathers what is known of the locations from which orders may ship, for those orders that are to be routed."""

from collections.abc import Sequence
from dataclasses import replace

from crossdock.flows.orders.placing import rejected, undecided
from crossdock.flows.orders.sight import Sight
from crossdock.model.catalog import Location
from crossdock.model.names import LocationId, Units
from crossdock.model.route import Candidate, Facts, destination_of
from crossdock.pending.sources import Sources
from crossdock.store import routes


async def survey(sources: Sources, sights: Sequence[Sight]) -> Sequence[Sight]:
    """Return the sights with their facts: one read of Shopify's locations and one of the backend's stock for all."""
    wanted = {sight.id: tuple(units) for sight in sights if (units := undecided(sight))}
    if not wanted:
        return sights
    locations = {one.id: one for one in await sources.storefront.locations()}
    async with sources.database.begin() as tx:
        # Before the stock: what is accepted meanwhile counts twice rather than not at all.
        promised = await routes.promised(tx, sources.connection.id, list(wanted))
        busy = await routes.busy(tx, sources.connection.id)
    items = sorted({one.item for units in wanted.values() for one in units})
    reading = await sources.backend.stock(items)
    served = {place: codes[0] for place, codes in sources.connection.warehouses.items() if codes}

    def candidate(sight: Sight, place: LocationId) -> Candidate:
        stock = {
            item: Units(reading.available.get((item, served[place]), 0) - promised.get((place, item), 0))
            for item in items
            if any(one.item == item for one in wanted[sight.id])
        }
        known = locations.get(place)
        name = known.name if known is not None else place.rsplit("/", 1)[-1]
        return Candidate(place, name, stock, busy.get(place, 0), _barred(sight, place, known))

    def facts(sight: Sight) -> Facts | None:
        if sight.order is None or sight.id not in wanted:
            return None
        return Facts(
            tags=sight.order.tags,
            destination=destination_of(sight.order.shipping_address, sight.order.goes_to),
            wanted=wanted[sight.id],
            candidates=tuple(candidate(sight, place) for place in sorted(served)),
        )

    return [replace(sight, facts=facts(sight)) for sight in sights]


def _barred(sight: Sight, place: LocationId, known: Location | None) -> str | None:
    if place in rejected(sight):
        return "it would not ship it"
    if known is None or not known.active:
        return "it is closed on Shopify"
    return None  # whether it may ship this very order is Shopify's to say, when it is told to move it
