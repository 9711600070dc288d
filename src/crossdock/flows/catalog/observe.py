"""Loads what a batch of variants looks like: Shopify's variants, the backend's items by their codes, the links."""

from collections.abc import Sequence

from crossdock.flows.catalog.decide import Sight
from crossdock.model.names import VariantId
from crossdock.pending.sources import Sources
from crossdock.store import links, unlinked


async def observe(sources: Sources, ids: Sequence[VariantId]) -> Sequence[Sight]:
    """Return a sight per variant, in the order of `ids`."""
    connection = sources.connection.id
    variants = await sources.storefront.variants(ids)
    skus = sorted({variant.sku for variant in variants.values() if variant.sku})
    barcodes = sorted({variant.barcode for variant in variants.values() if variant.barcode})
    items = await sources.backend.find_items(skus, barcodes) if skus or barcodes else []
    async with sources.database.begin() as tx:
        linked = await links.of_variants(tx, connection, ids)
        taken = await links.of_items(tx, connection, [item.code for item in items])
        apart = await unlinked.of_variants(tx, connection, ids)

    def sight(id_: VariantId) -> Sight:
        variant = variants.get(id_)
        sku, barcode = (variant.sku, variant.barcode) if variant is not None else (None, None)
        return Sight(
            id=id_,
            variant=variant,
            linked=linked[id_].item if id_ in linked else None,
            by_sku=[item for item in items if sku and item.sku == sku],
            by_barcode=[item for item in items if barcode and barcode in item.barcodes],
            taken={code: link.variant for code, link in taken.items()},
            unlinked=apart.get(id_),
        )

    return [sight(id_) for id_ in ids]
