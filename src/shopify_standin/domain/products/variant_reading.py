"""Reading variants, and the options whose values they have."""

from shopify_standin.call import Call
from shopify_standin.clock import iso
from shopify_standin.connections import connection, count
from shopify_standin.domain.metafields.writing import by_custom_id
from shopify_standin.domain.products.options import used_values
from shopify_standin.domain.products.search import (
    VARIANT_SEARCH,
    VARIANT_SORT,
    item_of,
)
from shopify_standin.errors import JsonObject
from shopify_standin.ids import number_of
from shopify_standin.model.goods import InventoryItem, Option, OptionValue, Product, Variant
from shopify_standin.money import money_text
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.world import World

node("ProductVariant", lambda world, number: world.variants.get(number))

VARIANT = Fields("ProductVariant")
VARIANT.attributes(
    "title", "barcode", "inventoryPolicy", "taxable", "taxCode", "position", "requiresComponents", "showUnitPrice",
    id="gid", legacyResourceId="id",
)  # fmt: skip
VARIANT.constant(
    unitPrice=None, unitPriceMeasurement=None, sellingPlanGroupCount=0,
    sellingPlanGroupsCount={"count": 0, "precision": "EXACT"},
)  # fmt: skip
OPTION = Fields("ProductOption")
OPTION.attributes("name", "position", id="gid")
OPTION.constant(linkedMetafield=None)
OPTION_VALUE = Fields("ProductOptionValue")
OPTION_VALUE.attributes("name", id="gid")
OPTION_VALUE.constant(linkedMetafieldValue=None, swatch=None)


@VARIANT.field("createdAt")
def created_at(variant: Variant) -> str | None:
    """When it came to be."""
    return iso(variant.created_at)


@VARIANT.field("updatedAt")
def updated_at(variant: Variant) -> str | None:
    """When it last changed."""
    return iso(variant.updated_at)


@VARIANT.field("sellingPlanGroups", "productParents", "productVariantComponents")
def nothing_of(_variant: Variant, args: Args) -> JsonObject:
    """Things that no mutation modelled here can add."""
    return connection([], args)


@query("productVariantByIdentifier")
def product_variant_by_identifier(world: World, args: Args) -> Variant | None:
    """One variant by id or custom id."""
    identifier = args["identifier"]
    found = identifier.get("id") or by_custom_id(world, "PRODUCTVARIANT", identifier["customId"])
    return None if found is None else world.variants.get(number_of(found, "ProductVariant"))


@query("productVariant")
def product_variant(world: World, args: Args) -> Variant | None:
    """One variant."""
    return world.variants.get(number_of(args["id"], "ProductVariant"))


@query("productVariants")
def product_variants(world: World, args: Args, call: Call) -> JsonObject:
    """Variants of all products."""
    found = VARIANT_SEARCH.select(world.variants, args.get("query"), call, ["productVariants"])
    return variant_page(found, args, world)


@query("productVariantsCount")
def product_variants_count(world: World, args: Args, call: Call) -> JsonObject:
    """How many variants a query selects."""
    found = VARIANT_SEARCH.select(world.variants, args.get("query"), call, ["productVariantsCount"])
    return count(found, args.get("limit"))


def variant_page(rows: list[Variant], args: Args, world: World) -> JsonObject:
    """A page of variants, in order of position unless asked otherwise."""
    key = VARIANT_SORT[args.get("sortKey") or "POSITION"]
    return connection(rows, args, None if key is None else lambda row: key(row, world))


@OPTION.field("optionValues")
def option_values(option: Option) -> list[OptionValue]:
    """The values in order."""
    return option.option_values


@OPTION.field("values")
def values(option: Option, call: Call) -> list[str]:
    """The names of the values that variants have (recorded 2025-01)."""
    used = used_values(call.world, option.product_id, option.name)
    return [value for value in option.values if value in used]


@OPTION_VALUE.field("hasVariants")
def has_variants(value: OptionValue, call: Call) -> bool:
    """Whether any variant has this value."""
    product = call.world.products.get(value.product_id)
    option = next((o.name for o in product.options if o.id == value.option_id), "") if product else ""
    return value.name in used_values(call.world, value.product_id, option)


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
