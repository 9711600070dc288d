"""Reading products."""

import re
from collections.abc import Iterable
from decimal import Decimal

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection, count
from shopify_standin.domain.collections.membership import collections_of
from shopify_standin.domain.metafields.writing import by_custom_id
from shopify_standin.domain.products.search import (
    PRODUCT_SEARCH,
    PRODUCT_SORT,
    is_plain,
    item_of,
    total_available,
    variants_of,
)
from shopify_standin.domain.products.variant_reading import variant_page
from shopify_standin.errors import JsonObject
from shopify_standin.ids import number_of
from shopify_standin.model.goods import Option, Product
from shopify_standin.money import decimal_text
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.world import World

node("Product", lambda world, number: world.products.get(number))

PRODUCT = Fields("Product")
PRODUCT.attributes(
    "title", "handle", "status", "vendor", "productType", "descriptionHtml", "tags", "templateSuffix", "isGiftCard",
    "giftCardTemplateSuffix", "combinedListingRole", "requiresSellingPlan",
    id="gid", legacyResourceId="id", bodyHtml="description_html", customProductType="product_type",
)  # fmt: skip
PRODUCT.constant(
    onlineStoreUrl=None, onlineStorePreviewUrl=None, sellingPlanGroupCount=0,
    sellingPlanGroupsCount={"count": 0, "precision": "EXACT"},
)  # fmt: skip


@query("product")
def product(world: World, args: Args) -> Product | None:
    """One product."""
    return world.products.get(number_of(args["id"], "Product"))


@query("productByIdentifier")
def product_by_identifier(world: World, args: Args) -> Product | None:
    """One product by id, handle or custom id."""
    identifier = args["identifier"]
    if identifier.get("id"):
        return world.products.get(number_of(identifier["id"], "Product"))
    if identifier.get("customId"):
        owner = by_custom_id(world, "PRODUCT", identifier["customId"])
        return None if owner is None else world.products.get(number_of(owner, "Product"))
    return next(iter(world.products.where("handle", identifier.get("handle"))), None)


@query("productByHandle")
def product_by_handle(world: World, args: Args) -> Product | None:
    """One product."""
    return next(iter(world.products.where("handle", args["handle"])), None)


@query("productTags")
def product_tags(world: World, args: Args) -> JsonObject:
    """Every tag that a product has."""
    return _distinct((tag for row in world.products for tag in row.tags), args)


@query("productTypes")
def product_types(world: World, args: Args) -> JsonObject:
    """Every type that a product has."""
    return _distinct((row.product_type for row in world.products), args)


@query("productVendors")
def product_vendors(world: World, args: Args) -> JsonObject:
    """Every vendor that a product has."""
    return _distinct((row.vendor for row in world.products), args)


def _distinct(words: Iterable[str], args: Args) -> JsonObject:
    return connection(sorted({word for word in words if word}, key=str.casefold), args)


@query("products")
def products(world: World, args: Args, call: Call) -> JsonObject:
    """Products, by id unless asked otherwise."""
    found = PRODUCT_SEARCH.select(world.products, args.get("query"), call, ["products"])
    key = PRODUCT_SORT[args["sortKey"]]
    return connection(found, args, None if key is None else lambda row: key(row, world))


@query("productsCount")
def products_count(world: World, args: Args, call: Call) -> JsonObject:
    """How many products a query selects."""
    found = PRODUCT_SEARCH.select(world.products, args.get("query"), call, ["productsCount"])
    return count(found, args.get("limit"))


@PRODUCT.field("createdAt")
def created_at(product: Product) -> str | None:
    """When it came to be."""
    return iso(product.created_at)


@PRODUCT.field("updatedAt")
def updated_at(product: Product) -> str | None:
    """When it last changed."""
    return iso(product.updated_at)


@PRODUCT.field("publishedAt")
def published_at(product: Product) -> str | None:
    """When it went on sale."""
    return iso(product.published_at)


@PRODUCT.field("description")
def description(product: Product, args: Args) -> str:
    """The description without its markup."""
    plain = re.sub(r"<[^>]*>", "", product.description_html).strip()
    limit = args.get("truncateAt")
    return plain if limit is None or len(plain) <= limit else plain[: max(0, limit - 3)] + "..."


@PRODUCT.field("variants")
def variants(product: Product, call: Call, args: Args) -> JsonObject:
    """Its variants."""
    return variant_page(variants_of(product, call.world), args, call.world)


@PRODUCT.field("variantsCount")
def variants_count(product: Product) -> JsonObject:
    """How many variants it has."""
    return count(product.variant_ids)


@PRODUCT.field("totalVariants")
def total_variants(product: Product) -> int:
    """How many variants it has."""
    return len(product.variant_ids)


@PRODUCT.field("hasOnlyDefaultVariant")
def has_only_default_variant(product: Product, call: Call) -> bool:
    """Whether it comes in one form only."""
    return is_plain(product, call.world)


@PRODUCT.field("hasOutOfStockVariants")
def has_out_of_stock_variants(product: Product, call: Call) -> bool:
    """Whether any tracked variant has nothing to sell."""
    world = call.world
    return any(item_of(v, world).tracked and world.available(v.item_id) <= 0 for v in variants_of(product, world))


@PRODUCT.field("tracksInventory")
def tracks_inventory(product: Product, call: Call) -> bool:
    """Whether any variant's stock is counted."""
    return any(item_of(v, call.world).tracked for v in variants_of(product, call.world))


@PRODUCT.field("totalInventory")
def total_inventory(product: Product, call: Call) -> int:
    """Units that can be sold, of tracked variants, over all locations."""
    return total_available(product, call.world)


@PRODUCT.field("options")
def options(product: Product, args: Args) -> list[Option]:
    """Its options in order."""
    return product.options[: args.get("first")]


@PRODUCT.field("seo")
def seo(product: Product) -> JsonObject:
    """What search engines are told."""
    return {"title": product.seo_title, "description": product.seo_description}


@PRODUCT.field("priceRangeV2", "priceRange")
def price_range(product: Product, call: Call) -> JsonObject:
    """Lowest and highest price."""
    prices = [v.price for v in variants_of(product, call.world)] or [Decimal(0)]
    return {
        "minVariantPrice": _money(min(prices), call),
        "maxVariantPrice": _money(max(prices), call),
    }


@PRODUCT.field("compareAtPriceRange")
def compare_at_price_range(product: Product, call: Call) -> JsonObject | None:
    """Lowest and highest price of before."""
    prices = [v.compare_at_price for v in variants_of(product, call.world) if v.compare_at_price is not None]
    if not prices:
        return None
    return {
        "minVariantCompareAtPrice": _money(min(prices), call),
        "maxVariantCompareAtPrice": _money(max(prices), call),
    }


def _money(amount: Decimal, call: Call) -> JsonObject:
    return {"amount": decimal_text(amount), "currencyCode": call.world.shop.currency}


@PRODUCT.field("collections")
def collections(product: Product, args: Args, call: Call) -> JsonObject:
    """The collections it is in."""
    return connection(collections_of(call.world, product), args)


@PRODUCT.field("inCollection")
def in_collection(product: Product, args: Args, call: Call) -> bool:
    """Whether one collection holds it."""
    return any(row.gid == args["id"] for row in collections_of(call.world, product))


@PRODUCT.field("hasVariantsThatRequiresComponents")
def has_variants_that_require_components(product: Product, call: Call) -> bool:
    """Whether any variant is sold only with its components."""
    return any(variant.requires_components for variant in variants_of(product, call.world))


@PRODUCT.field("sellingPlanGroups", "productComponents", "productParents", "bundleComponents")
def nothing_of(_product: Product, args: Args) -> JsonObject:
    """Things that no mutation modelled here can add."""
    return connection([], args)


@PRODUCT.field("productComponentsCount")
def no_count(_product: Product) -> JsonObject:
    """How many things of a kind that is not modelled."""
    return count([])
