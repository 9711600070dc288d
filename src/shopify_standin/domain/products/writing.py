"""`productCreate`, `productUpdate`, `productDelete`, `productSet` and the bulk mutations of variants."""

from functools import partial
from typing import Any

from shopify_standin.domain.products.making import check_title, describe_product, make_product
from shopify_standin.domain.products.options import DEFAULT_OPTION, chosen_values, options_from
from shopify_standin.domain.products.variants import (
    check_locations,
    describe,
    describe_item,
    drop_variant,
    known_variant,
    new_variant,
)
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.goods import Product
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.inventory import item_payload
from shopify_standin.webhooks.payloads.products import product_payload
from shopify_standin.world import World

Given = dict[str, Any]


@mutation("productCreate")
def product_create(world: World, args: Args) -> JsonObject:
    """A product with its options and its first variant."""
    given = args.get("product") or args.get("input") or {}
    check_title(given, ["title"])
    product = make_product(world, given)
    product.options = options_from(world, given.get("productOptions"), [])
    first = [(o.name, o.values[0]) for o in product.options if o.values]
    new_variant(world, product, first, {})
    _tell(world, product, "PRODUCTS_CREATE")
    return {"product": product, "shop": world.shop, "userErrors": []}


@mutation("productUpdate")
def product_update(world: World, args: Args) -> JsonObject:
    """Change what a product says of itself."""
    given = args.get("product") or args.get("input") or {}
    product = world.products.get(number_of(given["id"], "Product"))
    if product is None:
        raise Refused(user_error(["id"], "Product does not exist"))
    if "title" in given:
        check_title(given, ["title"])
    describe_product(world, product, given)
    _tell(world, product, "PRODUCTS_UPDATE")
    return {"product": product, "userErrors": []}


@mutation("productDelete")
def product_delete(world: World, args: Args) -> JsonObject:
    """Delete a product with its variants."""
    product = world.products.get(number_of(args["input"]["id"], "Product"))
    if product is None:
        raise Refused(user_error(["id"], "Product does not exist"))
    for number in list(product.variant_ids):
        drop_variant(world, product, world.variants[number])
    world.products.remove(product.id)
    emit(world, "PRODUCTS_DELETE", lambda: {"id": product.id})
    return {"deletedProductId": product.gid, "shop": world.shop, "userErrors": []}


@mutation("productSet")
def product_set(world: World, args: Args) -> JsonObject:
    """Bring a product to the state described: variants given are made or changed, absent ones are deleted."""
    given = args["input"]
    product = _find_for_set(world, args)
    errors = [
        error
        for index, variant in enumerate(given.get("variants") or ())
        for error in check_locations(world, variant, ["input", "variants", str(index)])
    ]
    for index, option in enumerate(given.get("productOptions") or ()):
        if " / " in (option.get("name") or ""):
            at = ["input", "productOptions", str(index), "name"]
            errors.append(user_error(at, "The name contains unsupported sequence ' / '", "INVALID_INPUT"))
    if errors:
        raise Refused(*errors)
    topic = "PRODUCTS_UPDATE"
    if product is None:
        check_title(given, ["input", "title"])
        product, topic = make_product(world, given), "PRODUCTS_CREATE"
    else:
        describe_product(world, product, given)
    if "productOptions" in given or not product.options:
        product.options = options_from(world, given.get("productOptions"), product.options)
    if "variants" in given or not product.variant_ids:
        _set_variants(world, product, given.get("variants") or [])
    _tell(world, product, topic)
    return {"product": product, "productSetOperation": None, "userErrors": []}


def _find_for_set(world: World, args: Args) -> Product | None:
    identifier = args.get("identifier") or {}
    wanted = identifier.get("id") or args["input"].get("id")
    if wanted is None:
        handle = identifier.get("handle")
        return None if handle is None else next(iter(world.products.where("handle", handle)), None)
    product = world.products.get(number_of(wanted, "Product"))
    if product is None:
        raise Refused(user_error(["input", "id"], "Product does not exist", "PRODUCT_DOES_NOT_EXIST"))
    return product


def _set_variants(world: World, product: Product, given: list[Given]) -> None:
    kept: set[int] = set()
    by_values = {tuple(world.variants[n].selected): n for n in product.variant_ids}
    for index, entry in enumerate(given):
        path = ["input", "variants", str(index)]
        selected = chosen_values(world, product, entry["optionValues"], path)
        if entry.get("id"):
            variant = known_variant(world, product, entry["id"], path)
        elif tuple(selected) in by_values:
            variant = world.variants[by_values[tuple(selected)]]
        else:
            variant = new_variant(world, product, selected, entry)
            kept.add(variant.id)
            continue
        variant.selected = selected
        describe(world, variant, entry)
        kept.add(variant.id)
    if not given and not product.variant_ids:
        kept.add(new_variant(world, product, [(o.name, o.values[0]) for o in product.options if o.values], {}).id)
    for number in [n for n in product.variant_ids if given and n not in kept]:
        drop_variant(world, product, world.variants[number])


@mutation("productVariantsBulkCreate")
def product_variants_bulk_create(world: World, args: Args) -> JsonObject:
    """Add variants; the default one gives way unless the strategy keeps it."""
    product = _bulk_product(world, args)
    given = args["variants"]
    errors = [e for i, v in enumerate(given) for e in check_locations(world, v, ["variants", str(i)])]
    if errors:
        raise Refused(*errors)
    default = _default_variant(product)
    made = []
    for index, entry in enumerate(given):
        selected = chosen_values(world, product, entry.get("optionValues") or [], ["variants", str(index)])
        made.append(new_variant(world, product, selected, entry))
    if default is not None and args.get("strategy") != "PRESERVE_STANDALONE_VARIANT":
        drop_variant(world, product, world.variants[default])
    _tell(world, product, "PRODUCTS_UPDATE")
    return {"product": product, "productVariants": made, "userErrors": []}


def _default_variant(product: Product) -> int | None:
    if len(product.variant_ids) == 1 and [o.name for o in product.options] == [DEFAULT_OPTION]:
        return product.variant_ids[0]
    return None


@mutation("productVariantsBulkUpdate")
def product_variants_bulk_update(world: World, args: Args) -> JsonObject:
    """Change variants of one product, all or none."""
    product = _bulk_product(world, args)
    pairs = []
    for index, entry in enumerate(args["variants"]):
        path = ["variants", str(index)]
        if entry.get("inventoryQuantities"):
            message = "Inventory quantities can only be provided during create."
            code = "NO_INVENTORY_QUANTITIES_ON_VARIANTS_UPDATE"
            raise Refused(user_error([*path, "inventoryQuantities"], message, code))
        pairs.append((known_variant(world, product, entry.get("id"), path), entry))
    for index, (variant, entry) in enumerate(pairs):
        if entry.get("optionValues"):
            changed = dict(chosen_values(world, product, entry["optionValues"], ["variants", str(index)]))
            variant.selected = [(name, changed.get(name, value)) for name, value in variant.selected]
        describe(world, variant, entry)
        if entry.get("inventoryItem"):
            item = world.items[variant.item_id]
            emit(world, "INVENTORY_ITEMS_UPDATE", partial(item_payload, item))
    product.updated_at = world.now()
    _tell(world, product, "PRODUCTS_UPDATE")
    return {"product": product, "productVariants": [variant for variant, _ in pairs], "userErrors": []}


@mutation("inventoryItemUpdate")
def inventory_item_update(world: World, args: Args) -> JsonObject:
    """Change an item's SKU, cost, tracking or customs data."""
    item = world.items.get(number_of(args["id"], "InventoryItem"))
    if item is None:
        raise Refused(user_error(["id"], "The product couldn't be updated because it does not exist."))
    describe_item(world, item, args["input"])
    variant = world.variants[item.variant_id]
    variant.updated_at = world.now()
    product = world.products[variant.product_id]
    product.updated_at = world.now()
    emit(world, "INVENTORY_ITEMS_UPDATE", lambda: item_payload(item))
    _tell(world, product, "PRODUCTS_UPDATE")
    return {"inventoryItem": item, "userErrors": []}


def _bulk_product(world: World, args: Args) -> Product:
    product = world.products.get(number_of(args["productId"], "Product"))
    if product is None:
        raise Refused(user_error(["productId"], "Product does not exist", "PRODUCT_DOES_NOT_EXIST"))
    return product


def _tell(world: World, product: Product, topic: str) -> None:
    emit(world, topic, lambda: product_payload(world, product))
