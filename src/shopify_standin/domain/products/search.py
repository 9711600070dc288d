"""What `products` and `productVariants` can be searched and sorted by (Shopify docs, 2026-07)."""

from collections.abc import Callable
from typing import Any

from shopify_standin.domain.collections.membership import collections_of
from shopify_standin.model.goods import InventoryItem, Product, Variant
from shopify_standin.search import filters
from shopify_standin.search.search import Search
from shopify_standin.world import World


def item_of(variant: Variant, world: World) -> InventoryItem:
    """The inventory item behind a variant."""
    return world.items[variant.item_id]


def variants_of(product: Product, world: World) -> list[Variant]:
    """A product's variants in order."""
    return [world.variants[number] for number in product.variant_ids]


def _of_variants(read: Callable[[Variant, World], Any]) -> filters.Read:
    return lambda product, world: [read(variant, world) for variant in variants_of(product, world)]


def total_available(product: Product, world: World) -> int:
    """Units of a product's tracked variants that can be sold, over all locations."""
    variants = variants_of(product, world)
    return sum(world.available(v.item_id) for v in variants if item_of(v, world).tracked)


def is_plain(product: Product, world: World) -> bool:
    """Whether it comes in one form only."""
    rows = variants_of(product, world)
    return len(rows) == 1 and rows[0].title == "Default Title"


def _out_of_stock_somewhere(product: Product, world: World) -> bool:
    return any(
        level.is_active and level.available <= 0
        for variant in variants_of(product, world)
        for level in world.levels.where("item_id", variant.item_id)
    )


def _variants_with_sku(world: World, value: str) -> list[Variant]:
    items = world.items.where("sku_key", value.casefold())
    return [world.variants[x.variant_id] for x in items if x.variant_id in world.variants.rows]


def _variants_of_product(world: World, value: str) -> list[Variant]:
    return world.variants.where("product_id", int(value)) if value.isdigit() else []


PRODUCT_SEARCH = Search(
    {
        "id": filters.number(lambda x, _: x.id),
        "title": filters.words(lambda x, _: x.title),
        "handle": filters.text(lambda x, _: x.handle),
        "status": filters.choice(
            lambda x, _: x.status, active=["ACTIVE"], archived=["ARCHIVED"], draft=["DRAFT"], unlisted=["UNLISTED"]
        ),
        "vendor": filters.text(lambda x, _: x.vendor),
        "product_type": filters.text(lambda x, _: x.product_type),
        "tag": filters.text(lambda x, _: x.tags),
        "tag_not": lambda term: lambda row, _: term.value.casefold() not in {tag.casefold() for tag in row.tags},
        "created_at": filters.moment(lambda x, _: x.created_at),
        "updated_at": filters.moment(lambda x, _: x.updated_at),
        "published_at": filters.moment(lambda x, _: x.published_at),
        "sku": filters.text(_of_variants(lambda v, world: item_of(v, world).sku)),
        "barcode": filters.text(_of_variants(lambda v, _: v.barcode)),
        "variant_id": filters.number(lambda x, _: x.variant_ids),
        "variant_title": filters.text(_of_variants(lambda v, _: v.title)),
        "price": filters.number(_of_variants(lambda v, _: v.price)),
        "inventory_total": filters.number(total_available),
        "gift_card": filters.truth(lambda x, _: x.is_gift_card),
        "collection_id": filters.number(lambda x, world: [row.id for row in collections_of(world, x)]),
        "category_id": filters.text(lambda x, _: x.category_id),
        "combined_listing_role": filters.text(lambda x, _: x.combined_listing_role),
        "has_only_default_variant": filters.truth(is_plain),
        "tracks_inventory": filters.truth(
            lambda x, world: any(item_of(v, world).tracked for v in variants_of(x, world))
        ),
        "out_of_stock_somewhere": filters.truth(_out_of_stock_somewhere),
        "is_price_reduced": filters.truth(
            lambda x, world: any((v.compare_at_price or 0) > v.price for v in variants_of(x, world))
        ),
    },
    filters.words(lambda x, _: [x.title, x.vendor, x.product_type, *x.tags]),
    {
        "handle": lambda world, value: world.products.where("handle", value.casefold()),
        "sku": lambda world, value: {
            v.product_id: world.products[v.product_id] for v in _variants_with_sku(world, value)
        }.values(),
    },
)
VARIANT_SEARCH = Search(
    {
        "id": filters.number(lambda x, _: x.id),
        "sku": filters.text(lambda x, world: item_of(x, world).sku),
        "barcode": filters.text(lambda x, _: x.barcode),
        "product_id": filters.number(lambda x, _: x.product_id),
        "product_ids": lambda term: (
            lambda row, _: str(row.product_id) in {part.strip() for part in term.value.split(",")}
        ),
        "title": filters.words(lambda x, _: x.title),
        "vendor": filters.text(lambda x, world: world.products[x.product_id].vendor),
        "product_type": filters.text(lambda x, world: world.products[x.product_id].product_type),
        "product_status": filters.text(lambda x, world: world.products[x.product_id].status),
        "tag": filters.text(lambda x, world: world.products[x.product_id].tags),
        "created_at": filters.moment(lambda x, _: x.created_at),
        "updated_at": filters.moment(lambda x, _: x.updated_at),
        "inventory_quantity": filters.number(lambda x, world: world.available(x.item_id)),
        "taxable": filters.truth(lambda x, _: x.taxable),
        "managed": filters.truth(lambda x, world: item_of(x, world).tracked),
        "location_id": filters.number(
            lambda x, world: [y.location_id for y in world.levels.where("item_id", x.item_id) if y.is_active]
        ),
        "option1": filters.text(lambda x, _: [value for _, value in x.selected[:1]]),
        "option2": filters.text(lambda x, _: [value for _, value in x.selected[1:2]]),
        "option3": filters.text(lambda x, _: [value for _, value in x.selected[2:3]]),
    },
    filters.words(lambda x, world: [world.products[x.product_id].title, x.title, item_of(x, world).sku, x.barcode]),
    {
        "sku": _variants_with_sku,
        "barcode": lambda world, value: world.variants.where("barcode_key", value.casefold()),
        "product_id": _variants_of_product,
    },
)

PRODUCT_SORT: dict[str, Callable[[Product, World], Any] | None] = {
    "ID": None,
    "RELEVANCE": None,
    "TITLE": lambda x, _: x.title,
    "VENDOR": lambda x, _: x.vendor,
    "PRODUCT_TYPE": lambda x, _: x.product_type,
    "CREATED_AT": lambda x, _: x.created_at,
    "UPDATED_AT": lambda x, _: x.updated_at,
    "PUBLISHED_AT": lambda x, _: x.published_at,
    "INVENTORY_TOTAL": total_available,
}
VARIANT_SORT: dict[str, Callable[[Variant, World], Any] | None] = {
    "ID": None,
    "RELEVANCE": None,
    "POPULAR": None,
    "POSITION": lambda x, _: x.position,
    "TITLE": lambda x, _: x.title,
    "NAME": lambda x, world: f"{world.products[x.product_id].title} {x.title}",
    "FULL_TITLE": lambda x, world: f"{world.products[x.product_id].title} {x.title}",
    "SKU": lambda x, world: item_of(x, world).sku,
    "INVENTORY_QUANTITY": lambda x, world: world.available(x.item_id),
    "INVENTORY_LEVELS_AVAILABLE": lambda x, world: world.available(x.item_id),
    "INVENTORY_POLICY": lambda x, _: x.inventory_policy,
    "INVENTORY_MANAGEMENT": lambda x, world: item_of(x, world).tracked,
}
