"""Reading products and variants."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection, count
from shopify_standin.errors import JsonObject
from shopify_standin.ids import number_of
from shopify_standin.model.goods import InventoryItem, Option, OptionValue, Product, Variant
from shopify_standin.money import decimal_text, money_text
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.search import filters
from shopify_standin.search.search import Search
from shopify_standin.world import World

node("Product", lambda world, number: world.products.get(number))
node("ProductVariant", lambda world, number: world.variants.get(number))

PRODUCT = Fields("Product")
PRODUCT.attributes(
    "title", "handle", "status", "vendor", "productType", "descriptionHtml", "tags", "templateSuffix", "isGiftCard",
    id="gid", legacyResourceId="id", bodyHtml="description_html",
)  # fmt: skip
PRODUCT.constant(
    category=None, featuredImage=None, featuredMedia=None, hasVariantsThatRequiresComponents=False,
    requiresSellingPlan=False, onlineStoreUrl=None, onlineStorePreviewUrl=None, combinedListingRole=None,
    seo={"title": None, "description": None},
)  # fmt: skip
VARIANT = Fields("ProductVariant")
VARIANT.attributes(
    "title", "barcode", "inventoryPolicy", "taxable", "taxCode", "position", id="gid", legacyResourceId="id"
)
VARIANT.constant(requiresComponents=False, showUnitPrice=False, unitPrice=None, unitPriceMeasurement=None, image=None)
OPTION = Fields("ProductOption")
OPTION.attributes("name", "position", "values", id="gid")
OPTION.constant(linkedMetafield=None)
OPTION_VALUE = Fields("ProductOptionValue")
OPTION_VALUE.attributes("name", id="gid")
OPTION_VALUE.constant(linkedMetafieldValue=None, swatch=None)


def item_of(variant: Variant, world: World) -> InventoryItem:
    """The inventory item behind a variant."""
    return world.items[variant.item_id]


def variants_of(product: Product, world: World) -> list[Variant]:
    """A product's variants in order."""
    return [world.variants[number] for number in product.variant_ids]


def _of_variants(read: Callable[[Variant, World], Any]) -> filters.Read:
    return lambda product, world: [read(variant, world) for variant in variants_of(product, world)]


def _total(product: Product, world: World) -> int:
    variants = variants_of(product, world)
    return sum(world.available(v.item_id) for v in variants if item_of(v, world).tracked)


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
        "inventory_total": filters.number(_total),
        "gift_card": filters.truth(lambda x, _: x.is_gift_card),
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

_PRODUCT_SORT: dict[str, Callable[[Product, World], Any] | None] = {
    "ID": None,
    "RELEVANCE": None,
    "TITLE": lambda x, _: x.title,
    "VENDOR": lambda x, _: x.vendor,
    "PRODUCT_TYPE": lambda x, _: x.product_type,
    "CREATED_AT": lambda x, _: x.created_at,
    "UPDATED_AT": lambda x, _: x.updated_at,
    "PUBLISHED_AT": lambda x, _: x.published_at,
    "INVENTORY_TOTAL": _total,
}
_VARIANT_SORT: dict[str, Callable[[Variant, World], Any] | None] = {
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


@query("product")
def product(world: World, args: Args) -> Product | None:
    """One product."""
    return world.products.get(number_of(args["id"], "Product"))


@query("productByIdentifier")
def product_by_identifier(world: World, args: Args) -> Product | None:
    """One product by id or handle."""
    identifier = args["identifier"]
    if identifier.get("id"):
        return world.products.get(number_of(identifier["id"], "Product"))
    return next(iter(world.products.where("handle", identifier.get("handle"))), None)


@query("products")
def products(world: World, args: Args, call: Call) -> JsonObject:
    """Products, by id unless asked otherwise."""
    found = PRODUCT_SEARCH.select(world.products, args.get("query"), call, ["products"])
    key = _PRODUCT_SORT[args["sortKey"]]
    return connection(found, args, None if key is None else lambda row: key(row, world))


@query("productsCount")
def products_count(world: World, args: Args, call: Call) -> JsonObject:
    """How many products a query selects."""
    found = PRODUCT_SEARCH.select(world.products, args.get("query"), call, ["productsCount"])
    return count(found, args.get("limit"))


@query("productVariant")
def product_variant(world: World, args: Args) -> Variant | None:
    """One variant."""
    return world.variants.get(number_of(args["id"], "ProductVariant"))


@query("productVariants")
def product_variants(world: World, args: Args, call: Call) -> JsonObject:
    """Variants of all products."""
    found = VARIANT_SEARCH.select(world.variants, args.get("query"), call, ["productVariants"])
    return _variant_page(found, args, world)


@query("productVariantsCount")
def product_variants_count(world: World, args: Args, call: Call) -> JsonObject:
    """How many variants a query selects."""
    found = VARIANT_SEARCH.select(world.variants, args.get("query"), call, ["productVariantsCount"])
    return count(found, args.get("limit"))


def _variant_page(rows: list[Variant], args: Args, world: World) -> JsonObject:
    key = _VARIANT_SORT[args.get("sortKey") or "POSITION"]
    return connection(rows, args, None if key is None else lambda row: key(row, world))


@PRODUCT.field("createdAt")
@VARIANT.field("createdAt")
def created_at(thing: Product | Variant) -> str | None:
    """When it came to be."""
    return iso(thing.created_at)


@PRODUCT.field("updatedAt")
@VARIANT.field("updatedAt")
def updated_at(thing: Product | Variant) -> str | None:
    """When it last changed."""
    return iso(thing.updated_at)


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
    return _variant_page(variants_of(product, call.world), args, call.world)


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
    rows = variants_of(product, call.world)
    return len(rows) == 1 and rows[0].title == "Default Title"


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
    return _total(product, call.world)


@PRODUCT.field("options")
def options(product: Product, args: Args) -> list[Option]:
    """Its options in order."""
    return product.options[: args.get("first")]


@PRODUCT.field("priceRangeV2")
def price_range(product: Product, call: Call) -> JsonObject:
    """Lowest and highest price."""
    prices = [v.price for v in variants_of(product, call.world)] or [Decimal(0)]
    currency = call.world.shop.currency
    return {
        "minVariantPrice": {"amount": decimal_text(min(prices)), "currencyCode": currency},
        "maxVariantPrice": {"amount": decimal_text(max(prices)), "currencyCode": currency},
    }


@PRODUCT.field("images", "media", "collections", "sellingPlanGroups")
def nothing_of(_product: Product, args: Args) -> JsonObject:
    """Things that no mutation modelled here can add."""
    return connection([], args)


@PRODUCT.field("mediaCount")
def media_count(_product: Product) -> JsonObject:
    """No pictures are modelled."""
    return count([])


@OPTION.field("optionValues")
def option_values(option: Option) -> list[OptionValue]:
    """The values in order."""
    return option.option_values


@OPTION_VALUE.field("hasVariants")
def has_variants(value: OptionValue, call: Call) -> bool:
    """Whether any variant has this value."""
    return any(name == value.name for v in call.world.variants for _, name in v.selected)


@VARIANT.field("price")
def price(variant: Variant) -> str:
    """What it costs."""
    return money_text(variant.price)


@VARIANT.field("compareAtPrice")
def compare_at_price(variant: Variant) -> str | None:
    """What it cost before."""
    return None if variant.compare_at_price is None else money_text(variant.compare_at_price)


@VARIANT.field("displayName")
def display_name(variant: Variant, call: Call) -> str:
    """Product and variant title together."""
    return f"{call.world.products[variant.product_id].title} - {variant.title}"


@VARIANT.field("sku")
def sku(variant: Variant, call: Call) -> str | None:
    """The stock-keeping unit, which the inventory item holds."""
    return item_of(variant, call.world).sku


@VARIANT.field("inventoryItem")
def inventory_item(variant: Variant, call: Call) -> InventoryItem:
    """The stock behind it."""
    return item_of(variant, call.world)


@VARIANT.field("inventoryQuantity", "sellableOnlineQuantity")
def inventory_quantity(variant: Variant, call: Call) -> int:
    """Units that can be sold, over all locations."""
    return call.world.available(variant.item_id)


@VARIANT.field("availableForSale")
def available_for_sale(variant: Variant, call: Call) -> bool:
    """Whether a customer can buy one now."""
    tracked = item_of(variant, call.world).tracked
    return not tracked or variant.inventory_policy == "CONTINUE" or call.world.available(variant.item_id) > 0


@VARIANT.field("product")
def product_of(variant: Variant, call: Call) -> Product:
    """What it is a form of."""
    return call.world.products[variant.product_id]


@VARIANT.field("selectedOptions")
def selected_options(variant: Variant, call: Call) -> list[JsonObject]:
    """Option by option, the value it has."""
    product = call.world.products[variant.product_id]
    values = {o.name: {v.name: v for v in o.option_values} for o in product.options}
    return [
        {"name": name, "value": value, "optionValue": values.get(name, {}).get(value)}
        for name, value in variant.selected
    ]
