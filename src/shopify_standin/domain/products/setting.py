"""The variants of `productSet`: those given are made or changed, absent ones are deleted."""

from typing import Any

from shopify_standin.domain.metafields.writing import set_inline
from shopify_standin.domain.products.options import chosen_values
from shopify_standin.domain.products.variants import (
    check_locations,
    describe,
    drop_variant,
    known_variant,
    metafield_problems,
    new_variant,
    renumber,
)
from shopify_standin.errors import JsonObject, user_error
from shopify_standin.model.goods import Product
from shopify_standin.world import World

Given = dict[str, Any]
MAX_VARIANTS = 2_048


def check_variants(world: World, given: Given, product: Product | None) -> list[JsonObject]:
    """What is wrong with the variants of an input, before anything is changed."""
    variants = given.get("variants") or []
    errors = [
        error
        for index, variant in enumerate(variants)
        for error in check_locations(world, variant, ["input", "variants", str(index)])
    ]
    errors += [
        {**error, "code": "INVALID_METAFIELD"}
        for index, variant in enumerate(variants)
        for error in metafield_problems(world, variant, ["input", "variants", str(index)])
    ]
    if len(variants) > MAX_VARIANTS:
        message = f"The number of variants cannot exceed {MAX_VARIANTS}"
        errors.append(user_error(["input", "variants"], message, "VARIANTS_OVER_LIMIT"))
    if variants and product is None and not given.get("productOptions"):
        message = "Product options input is required when variants are given"
        errors.append(user_error(["input"], message, "PRODUCT_OPTIONS_INPUT_MISSING"))
    return errors


def set_variants(world: World, product: Product, given: list[Given]) -> None:
    """Let the product have the variants given and no others, in their order."""
    by_values = {tuple(world.variants[n].selected): n for n in product.variant_ids}
    order: list[int] = []
    for index, entry in enumerate(given):
        path = ["input", "variants", str(index)]
        selected = chosen_values(world, product, entry["optionValues"], path)
        if entry.get("id"):
            variant = known_variant(world, product, entry["id"], path)
        elif tuple(selected) in by_values:
            variant = world.variants[by_values[tuple(selected)]]
        else:
            variant = new_variant(world, product, selected, entry)
        variant.selected = selected
        describe(world, variant, entry)
        set_inline(world, variant, entry.get("metafields"), [*path, "metafields"])
        order.append(variant.id)
    if not given and not product.variant_ids:
        first = [(o.name, o.values[0]) for o in product.options if o.values]
        order.append(new_variant(world, product, first, {}).id)
    for number in [n for n in product.variant_ids if given and n not in order]:
        drop_variant(world, product, world.variants[number])
    if order:
        product.variant_ids = order
        renumber(world, product)
