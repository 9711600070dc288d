"""What is sold and what is stocked."""

from dataclasses import dataclass

from crossdock.model.names import Barcode, InventoryItemId, ItemCode, LocationId, Sku, VariantId


@dataclass(frozen=True, slots=True)
class Variant:
    """A product variant as Shopify tells it. SKUs are case-sensitive there and not unique (Shopify docs, 2026-07)."""

    id: VariantId
    inventory_item: InventoryItemId
    title: str
    sku: Sku | None
    barcode: Barcode | None
    tracked: bool


@dataclass(frozen=True, slots=True)
class SeenVariant:
    """A variant as the catalog flow last saw it: what people know it by."""

    id: VariantId
    inventory_item: InventoryItemId
    title: str
    sku: Sku | None
    barcode: Barcode | None


@dataclass(frozen=True, slots=True)
class Good:
    """A variant as it is looked over before a store is tied to a backend; `archived` ones are not sold."""

    inventory_item: InventoryItemId
    title: str
    sku: Sku | None
    barcode: Barcode | None
    tracked: bool
    archived: bool


@dataclass(frozen=True, slots=True)
class Item:
    """A thing as a backend stocks it."""

    code: ItemCode
    title: str
    sku: Sku | None
    barcodes: tuple[Barcode, ...]


@dataclass(frozen=True, slots=True)
class Location:
    """A place as Shopify knows it."""

    id: LocationId
    name: str
    active: bool
    ships: bool
    is_service: bool = False
    """Whether it is a fulfillment service's."""
