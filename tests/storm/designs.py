"""Two designs that connectors use for stock, beside which ours can be held."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tests.storm.build import Build

from crossdock.kit.keys import Plain, effect_key
from crossdock.model.names import InventoryItemId, Units
from crossdock.model.stock import SetAvailable
from crossdock.pending.sources import Sources
from crossdock.pending.work import Claim, Look
from crossdock.store import links


@dataclass(frozen=True, slots=True)
class BackendsFigure:
    """
    Writes the backend's own figure: what is sold on Shopify and not known there yet goes back on sale.

    Shopify's quantity is read just before it is written. What the write says of it is up to the build: it may compare,
    so that no sale falls between the read and the write, or not.
    """

    sources: Sources

    async def __call__(self, claims: Sequence[Claim]) -> Sequence[Look]:
        sources, connection = self.sources, self.sources.connection
        ids = [InventoryItemId(claim.key) for claim in claims]
        async with sources.database.begin() as tx:
            linked = await links.of_inventory_items(tx, connection.id, ids)
        known = sorted(linked)
        reading = await sources.backend.stock([linked[id_].item for id_ in known])
        writes = []
        for level in await sources.storefront.levels(known) if known else ():
            houses = connection.warehouses.get(level.location, ())
            figure = sum(reading.available.get((linked[level.item].item, house), 0) for house in houses)
            figure -= connection.rules.inventory.buffer
            if houses and figure != level.available:
                writes.append(SetAvailable(level.item, level.location, Units(figure), level.available))
        if writes:
            said: list[Plain] = [[row.item, row.location, row.quantity, row.change_from] for row in writes]
            key = effect_key("design", connection.id, claims[0].token, said)
            await sources.storefront.set_available(writes, key, "gid://crossdock/Design/1")
        return [Look(claim) for claim in claims]


DESIGNS: Final = {
    "overwrite": Build("the backend's figure, written over whatever is there", BackendsFigure, compares=False),
    "read-then-set": Build("the backend's figure, if Shopify still holds what was just read", BackendsFigure),
}
