"""The catalog flow as the drain calls it. Its only effects are the hub's own links, so it has no act step."""

from collections.abc import Sequence
from dataclasses import dataclass

from crossdock.flows.catalog.decide import Sight, Tie, decide
from crossdock.flows.catalog.observe import observe
from crossdock.model.flow import Flow
from crossdock.model.names import VariantId
from crossdock.model.plan import Plan
from crossdock.pending.mark import mark, release
from crossdock.pending.sources import Sources
from crossdock.pending.work import Claim, Look
from crossdock.store import links, unlinked, variants
from crossdock.store.database import Tx
from crossdock.store.links import Link

PRODUCT = "gid://shopify/Product/"


@dataclass(frozen=True, slots=True)
class CatalogFlow:
    """Looks at the variants of one connection's store."""

    sources: Sources

    async def plan(self, keys: Sequence[str]) -> Sequence[Plan[Tie]]:
        """Return what would be linked, and link nothing."""
        return [decide(sight) for sight in await observe(self.sources, [VariantId(key) for key in keys])]

    async def __call__(self, claims: Sequence[Claim]) -> Sequence[Look]:
        """Look at the claimed variants; products among them pass the word on to their variants."""
        products = [claim for claim in claims if claim.key.startswith(PRODUCT)]
        variants = [claim for claim in claims if not claim.key.startswith(PRODUCT)]
        return [*await self._pass_on(products), *await self._look(variants)]

    async def _pass_on(self, claims: Sequence[Claim]) -> Sequence[Look]:
        if not claims:
            return []
        found = await self.sources.storefront.variants_of([claim.key for claim in claims])

        def look(claim: Claim) -> Look:
            async def write(tx: Tx) -> None:
                await mark(tx, claim.connection, Flow.CATALOG, found.get(claim.key, ()), claim.reason)

            return Look(claim, None, write)

        return [look(claim) for claim in claims]

    async def _look(self, claims: Sequence[Claim]) -> Sequence[Look]:
        if not claims:
            return []
        sights = await observe(self.sources, [VariantId(claim.key) for claim in claims])
        return [_settled(claim, sight) for claim, sight in zip(claims, sights, strict=True)]


def _settled(claim: Claim, sight: Sight) -> Look:
    plan = decide(sight)

    async def write(tx: Tx) -> None:
        if sight.variant is None:
            await variants.forget(tx, claim.connection, sight.id)
            await unlinked.forget(tx, claim.connection, [sight.id])
        else:
            await variants.remember(tx, claim.connection, sight.variant)
        # Who unlinked it since it was looked at has it looked at again.
        steps = () if await unlinked.of_variants(tx, claim.connection, [sight.id]) else plan.steps
        for tie in steps:
            variant = tie.variant
            new = Link(variant.id, variant.inventory_item, tie.item.code, tie.matched_by, variant.sku)
            await links.link(tx, claim.connection, new)
            # Orders that waited for this variant go on, and its stock can be published.
            await release(tx, claim.connection, [variant.id], f"“{variant.title}” was linked")
            await mark(tx, claim.connection, Flow.INVENTORY, [variant.inventory_item], "it was linked")

    return Look(claim, plan.rest, write)
