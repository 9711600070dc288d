"""The inventory flow as the drain calls it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from crossdock.flows.inventory.act import Written, act
from crossdock.flows.inventory.decide import Publish, decide
from crossdock.flows.inventory.observe import observe
from crossdock.flows.inventory.sight import Sight
from crossdock.model.cause import Cause, Hold
from crossdock.model.names import InventoryItemId
from crossdock.model.plan import Plan, Wait
from crossdock.pending.sources import Sources
from crossdock.pending.work import Claim, Look, Rest
from crossdock.store import stock_ledger
from crossdock.store.database import Tx
from crossdock.store.stock_ledger import Published

AFTER_A_SALE = timedelta(milliseconds=200)
"""How soon to look again where Shopify's stock moved between our look and our write."""


@dataclass(frozen=True, slots=True)
class InventoryFlow:
    """Looks at the stock of one connection's items."""

    sources: Sources

    async def plan(self, keys: Sequence[str]) -> Sequence[Plan[Publish]]:
        """Return what would be written for these items, and write nothing."""
        return [decide(sight) for sight in await observe(self.sources, [InventoryItemId(key) for key in keys])]

    async def __call__(self, claims: Sequence[Claim]) -> Sequence[Look]:
        """Look at the claimed items."""
        sources = self.sources
        sights = await observe(sources, [InventoryItemId(claim.key) for claim in claims])
        plans = [decide(sight) for sight in sights]
        steps = [step for plan in plans for step in plan.steps]
        written = await act(sources.storefront, sources.connection.id, steps, claims[0].token) if steps else []
        of_item: dict[InventoryItemId, list[Written]] = {}
        for one in written:
            of_item.setdefault(one.step.figure.item, []).append(one)
        return [_settled(claim, sight, of_item.get(sight.id, [])) for claim, sight in zip(claims, sights, strict=True)]


def _settled(claim: Claim, sight: Sight, written: Sequence[Written]) -> Look:
    async def write(tx: Tx) -> None:
        await stock_ledger.believe(tx, claim.connection, _published(sight, written))

    return Look(claim, _rest(sight, written), write)


def _published(sight: Sight, written: Sequence[Written]) -> Sequence[Published]:
    return [
        Published(
            item=sight.id,
            location=one.step.figure.location,
            believed=one.step.figure.publish,
            backend_available=one.step.figure.backend,
            unseen=one.step.figure.unseen,
            sequence=sight.sequence,
        )
        for one in written
        if one.refused is None
    ]


def _rest(sight: Sight, written: Sequence[Written]) -> Rest:
    refused = [one for one in written if one.refused is not None]
    for one in refused:
        if one.refused is not None and not one.refused.stale:
            location = one.step.figure.location
            return Hold(Cause.STOCK_REFUSED, f"{sight.item} at {location}: {one.refused.message}", (sight.id,))
    if refused:
        return Wait(AFTER_A_SALE, "Shopify's stock moved while we looked; look again.")
    return None
