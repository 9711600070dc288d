"""Variants and locations."""

from crossdock.model.catalog import Location, Variant
from crossdock.model.names import Barcode, InventoryItemId, LocationId, Sku, VariantId
from crossdock.shopify.generated.fragments import LocationFields, VariantFields
from crossdock.shopify.mapping.text import filled


def to_variant(variant: VariantFields) -> Variant:
    """Return the variant; its title is the full one, with the product's."""
    sku, barcode = filled(variant.sku), filled(variant.barcode)
    return Variant(
        id=VariantId(variant.id),
        inventory_item=InventoryItemId(variant.inventory_item.id),
        title=variant.display_name,
        sku=Sku(sku) if sku else None,
        barcode=Barcode(barcode) if barcode else None,
        tracked=variant.inventory_item.tracked,
    )


def to_location(location: LocationFields) -> Location:
    """Return the location."""
    return Location(
        id=LocationId(location.id),
        name=location.name,
        active=location.is_active,
        ships=location.ships_inventory,
        is_service=location.is_fulfillment_service,
    )
