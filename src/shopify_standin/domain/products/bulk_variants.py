"""The mutations over several variants of one product: create, update, delete, reorder."""

from decimal import Decimal
from functools import partial
from typing import Any

from shopify_standin.domain.media.making import add_media, check_choice, check_media, show_variant
from shopify_standin.domain.metafields.writing import set_inline
from shopify_standin.domain.products.options import chosen_values, has_default_option
from shopify_standin.domain.products.variants import (
    check_locations,
    describe,
    drop_variant,
    known_variant,
    metafield_problems,
    new_variant,
    renumber,
)
from shopify_standin.domain.products.writing import known_product, tell_product
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.goods import Product, Variant
from shopify_standin.registry import Args, mutation
from shopify_standin.webhooks.events import emit
from shopify_standin.webhooks.payloads.inventory import item_payload
from shopify_standin.world import World

Given = dict[str, Any]


@mutation("productVariantsBulkCreate")
def product_variants_bulk_create(world: World, args: Args) -> JsonObject:
    """Add variants, all or none; the default one gives way unless the strategy keeps it."""
    product = known_product(world, args)
    given = args["variants"]
    errors = [e for i, v in enumerate(given) for e in _problems(world, v, ["variants", str(i)])]
    errors = errors or _new_value_errors(world, product, given)
    if errors:
        raise Refused(*errors)
    check_media(args.get("media"), ["media"])
    for index, entry in enumerate(given):
        check_choice(world, product, args.get("media"), entry, ["variants", str(index)])
    add_media(world, product, args.get("media"))
    standalone = product.variant_ids[0] if len(product.variant_ids) == 1 and has_default_option(product) else None
    made: list[Variant] = []
    for index, entry in enumerate(given):
        path = ["variants", str(index)]
        values = entry.get("optionValues") or []
        selected = chosen_values(world, product, values, path, "OPTION_VALUES_FOR_NUMBER_OF_UNKNOWN_OPTIONS")
        variant = new_variant(world, product, selected, entry)
        made.append(variant)
        set_inline(world, variant, entry.get("metafields"), [*path, "metafields"])
        show_variant(world, product, variant, entry)
    keeps = args.get("strategy") == "PRESERVE_STANDALONE_VARIANT"
    removes = args.get("strategy") == "REMOVE_STANDALONE_VARIANT" and len(product.variant_ids) > len(made)
    if standalone is None and removes:
        standalone = product.variant_ids[0]
    if standalone is not None and not keeps:
        drop_variant(world, product, world.variants[standalone])
    product_changed(world, product)
    return {"product": product, "productVariants": made, "userErrors": []}


def _new_value_errors(world: World, product: Product, given: list[Given]) -> list[JsonObject]:
    """Every option must have a value, and no two variants the same values."""
    taken = {tuple(value for _, value in world.variants[n].selected) for n in product.variant_ids}
    if has_default_option(product):
        taken = set()
    errors: list[JsonObject] = []
    for index, entry in enumerate(given):
        values = entry.get("optionValues") or []
        named = {value.get("optionName") or value.get("optionId") for value in values}
        missing = [o.name for o in product.options if o.name not in named and o.gid not in named]
        if missing and not has_default_option(product):
            message = f"You need to add option values for {', '.join(missing)}"
            errors.append(user_error(["variants", str(index)], message, "NEED_TO_ADD_OPTION_VALUES"))
            continue
        names = tuple(value.get("name") or "" for value in values)
        if names in taken:
            message = f"The variant '{' / '.join(names)}' already exists. Please change at least one option value."
            errors.append(user_error(["variants", str(index)], message, "VARIANT_ALREADY_EXISTS_CHANGE_OPTION_VALUE"))
        taken.add(names)
    return errors


@mutation("productVariantsBulkUpdate")
def product_variants_bulk_update(world: World, args: Args) -> JsonObject:
    """Change variants of one product: all or none, or all that can be where partial updates are allowed."""
    product = known_product(world, args)
    check_media(args.get("media"), ["media"])
    pairs: list[tuple[Variant, Given]] = []
    errors: list[JsonObject] = []
    for index, entry in enumerate(args["variants"]):
        try:
            check_choice(world, product, args.get("media"), entry, ["variants", str(index)])
            pairs.append((_updatable(world, product, entry, ["variants", str(index)]), entry))
        except Refused as refused:
            errors += refused.errors
    if errors and not args.get("allowPartialUpdates"):
        raise Refused(*errors)
    add_media(world, product, args.get("media"))
    for index, (variant, entry) in enumerate(pairs):
        _update(world, product, variant, entry, ["variants", str(index)])
    product_changed(world, product)
    return {"product": product, "productVariants": [variant for variant, _ in pairs], "userErrors": errors}


def _updatable(world: World, product: Product, entry: Given, path: list[str]) -> Variant:
    """The variant that an entry is about; raises Refused where it cannot be changed so."""
    if entry.get("inventoryQuantities"):
        message = "Inventory quantities can only be provided during create."
        code = "NO_INVENTORY_QUANTITIES_ON_VARIANTS_UPDATE"
        raise Refused(user_error([*path, "inventoryQuantities"], message, code))
    variant = known_variant(world, product, entry.get("id"), path)
    problems = _problems(world, entry, path, variant)
    if problems:
        raise Refused(*problems)
    return variant


def _update(world: World, product: Product, variant: Variant, entry: Given, path: list[str]) -> None:
    if entry.get("optionValues"):
        changed = dict(chosen_values(world, product, entry["optionValues"], path))
        variant.selected = [(name, changed.get(name, value)) for name, value in variant.selected]
    describe(world, variant, entry)
    set_inline(world, variant, entry.get("metafields"), [*path, "metafields"])
    show_variant(world, product, variant, entry)
    if entry.get("inventoryItem"):
        emit(world, "INVENTORY_ITEMS_UPDATE", partial(item_payload, world.items[variant.item_id]))


def _problems(world: World, given: Given, path: list[str], variant: Variant | None = None) -> list[JsonObject]:
    errors = check_locations(world, given, path)
    errors += [{**error, "code": "INVALID_INPUT"} for error in metafield_problems(world, given, path, variant)]
    for name, label in (("price", "Price"), ("compareAtPrice", "Compare at price")):
        if given.get(name) is not None and Decimal(str(given[name])) < 0:
            message = f"{label} must be greater than or equal to 0"
            errors.append(user_error([*path, name], message, "GREATER_THAN_OR_EQUAL_TO"))
    return errors


@mutation("productVariantsBulkDelete")
def product_variants_bulk_delete(world: World, args: Args) -> JsonObject:
    """Delete variants, but never all."""
    product = known_product(world, args)
    wanted = [number_of(value, "ProductVariant") for value in args["variantsIds"]]
    errors = [
        user_error(
            ["variantsIds", str(index)],
            "At least one variant does not belong to the product",
            "AT_LEAST_ONE_VARIANT_DOES_NOT_BELONG_TO_THE_PRODUCT",
        )
        for index, number in enumerate(wanted)
        if number not in product.variant_ids
    ]
    if errors:
        raise Refused(*errors)
    if set(wanted) >= set(product.variant_ids):
        raise Refused(user_error(["variantsIds"], "Cannot delete the last variant", "CANNOT_DELETE_LAST_VARIANT"))
    for number in dict.fromkeys(wanted):
        drop_variant(world, product, world.variants[number])
    product_changed(world, product)
    return {"product": product, "userErrors": []}


@mutation("productVariantsBulkReorder")
def product_variants_bulk_reorder(world: World, args: Args) -> JsonObject:
    """Move variants to positions, counted from 1."""
    product = known_product(world, args)
    wanted = {number_of(entry["id"], "ProductVariant"): entry["position"] for entry in args["positions"]}
    if len(wanted) < len(args["positions"]):
        raise Refused(user_error(["positions"], "Variant ids must be unique", "DUPLICATED_VARIANT_ID"))
    for index, (number, position) in enumerate(wanted.items()):
        if number not in product.variant_ids:
            raise Refused(user_error(["positions", str(index), "id"], "Variant does not exist", "MISSING_VARIANT"))
        if position < 1:
            message = "Position must be greater than 0"
            raise Refused(user_error(["positions", str(index), "position"], message, "INVALID_POSITION"))
    for number, position in sorted(wanted.items(), key=lambda entry: entry[1]):
        product.variant_ids.remove(number)
        product.variant_ids.insert(position - 1, number)
    renumber(world, product)
    product_changed(world, product)
    return {"product": product, "userErrors": []}


def product_changed(world: World, product: Product) -> None:
    """Note that a product is another now, and tell subscribers."""
    product.updated_at = world.now()
    world.products.reindex(product)
    tell_product(world, product, "PRODUCTS_UPDATE")
