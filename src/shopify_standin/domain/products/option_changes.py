"""Options of a product that is there: add, change, delete and reorder them (codes documented, messages assumed)."""

from collections.abc import Callable
from itertools import product as combinations
from typing import Any

from shopify_standin.domain.products.bulk_variants import product_changed
from shopify_standin.domain.products.options import (
    MAX_OPTIONS,
    SEPARATOR,
    add_value,
    default_options,
    has_default_option,
    new_option,
    numbered,
    used_values,
)
from shopify_standin.domain.products.variants import drop_variant, new_variant, renumber
from shopify_standin.domain.products.writing import known_product
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.model.goods import Option, OptionValue, Product
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World

Given = dict[str, Any]


@mutation("productOptionsCreate")
def product_options_create(world: World, args: Args) -> JsonObject:
    """Add options; variants there are get the first value of each, and with CREATE every combination is made."""
    product = known_product(world, args)
    _check_new_options(product, args["options"])
    if has_default_option(product):
        product.options = []
        for number in product.variant_ids:
            world.variants[number].selected = []
    for given in args["options"]:
        names = [value["name"] for value in given["values"]]
        position = given.get("position") or len(product.options) + 1
        made = new_option(world, product.id, given["name"], position, names)
        product.options.insert(position - 1, made)
        for number in product.variant_ids:
            world.variants[number].selected.append((made.name, names[0]))
    numbered(product.options)
    _in_order(world, product)
    if args.get("variantStrategy") == "CREATE":
        _create_combinations(world, product)
    product_changed(world, product)
    return {"product": product, "userErrors": []}


def _check_new_options(product: Product, given: list[Given]) -> None:
    kept = [] if has_default_option(product) else [option.name.casefold() for option in product.options]
    if len(kept) + len(given) > MAX_OPTIONS:
        message = f"Can only specify a maximum of {MAX_OPTIONS} options"
        raise Refused(user_error(["options"], message, "OPTIONS_OVER_LIMIT"))
    for index, option in enumerate(given):
        path, name = ["options", str(index)], option.get("name") or ""
        if not name:
            raise Refused(user_error([*path, "name"], "Each option must have a name.", "OPTION_NAME_MISSING"))
        if SEPARATOR in name:
            message = f"The name contains unsupported sequence '{SEPARATOR}'"
            raise Refused(user_error([*path, "name"], message, "INVALID_NAME"))
        if name.casefold() in kept:
            raise Refused(user_error(path, f"Option '{name}' already exists.", "OPTION_ALREADY_EXISTS"))
        if not option.get("values"):
            message = f"Each option must have at least one value. '{name}' has none."
            raise Refused(user_error([*path, "values"], message, "OPTION_VALUES_MISSING"))
        kept.append(name.casefold())


@mutation("productOptionUpdate")
def product_option_update(world: World, args: Args) -> JsonObject:
    """Rename or move one option, and rename, add or delete its values."""
    product = known_product(world, args)
    given = args["option"]
    option = next((o for o in product.options if o.gid == given["id"]), None)
    if option is None:
        raise Refused(user_error(["option"], "Option does not exist", "OPTION_DOES_NOT_EXIST"))
    managed = args.get("variantStrategy") == "MANAGE"
    doomed = _values_by_id(option, args.get("optionValuesToDelete") or (), "optionValuesToDelete")
    used = used_values(world, product.id, option.name)
    if not managed and any(value.name in used for value in doomed):
        message = "Cannot delete option values that are linked to variants"
        raise Refused(user_error(["optionValuesToDelete"], message, "OPTION_VALUE_HAS_VARIANTS"))
    changed = [(value["id"], value.get("name")) for value in args.get("optionValuesToUpdate") or ()]
    renamed = _values_by_id(option, [number for number, _ in changed], "optionValuesToUpdate")
    if given.get("name") and any(o is not option and o.name == given["name"] for o in product.options):
        message = f"Option '{given['name']}' already exists."
        raise Refused(user_error(["option", "name"], message, "OPTION_ALREADY_EXISTS"))
    for value, (_, name) in zip(renamed, changed, strict=True):
        _rename_value(world, product, option, value, name or value.name)
    for value in doomed:
        _delete_value(world, product, option, value)
    for value in args.get("optionValuesToAdd") or ():
        add_value(world, option, value["name"])
    if given.get("name"):
        _rename_option(world, product, option, given["name"])
    if given.get("position"):
        product.options.remove(option)
        product.options.insert(given["position"] - 1, option)
        numbered(product.options)
        _in_order(world, product)
    if managed and args.get("optionValuesToAdd"):
        _create_combinations(world, product)
    product_changed(world, product)
    return {"product": product, "userErrors": []}


@mutation("productOptionsDelete")
def product_options_delete(world: World, args: Args) -> JsonObject:
    """Delete options; variants that become equal go, but for the first, where the strategy allows it."""
    product = known_product(world, args)
    strategy = args.get("strategy") or "DEFAULT"
    doomed: list[Option] = []
    for index, value in enumerate(args["options"]):
        option = next((o for o in product.options if o.gid == value), None)
        if option is None:
            raise Refused(user_error(["options", str(index)], "Option does not exist.", "OPTION_DOES_NOT_EXIST"))
        if strategy == "DEFAULT" and len(used_values(world, product.id, option.name)) > 1:
            message = "Options with multiple values cannot be deleted."
            raise Refused(user_error(["options", str(index)], message, "CANNOT_DELETE_OPTION_WITH_MULTIPLE_VALUES"))
        doomed.append(option)
    gone = {option.name for option in doomed}
    left = [tuple(p for p in world.variants[n].selected if p[0] not in gone) for n in product.variant_ids]
    if strategy == "NON_DESTRUCTIVE" and len(set(left)) < len(left):
        message = "This strategy would delete variants."
        raise Refused(user_error(["options"], message, "CANNOT_USE_NON_DESTRUCTIVE_STRATEGY"))
    product.options = numbered([option for option in product.options if option not in doomed])
    _strip(world, product, gone)
    product_changed(world, product)
    return {"deletedOptionsIds": [option.gid for option in doomed], "product": product, "userErrors": []}


def _strip(world: World, product: Product, gone: set[str]) -> None:
    """Take options out of the variants; of those that become equal the first stays."""
    seen: set[tuple[tuple[str, str], ...]] = set()
    for number in list(product.variant_ids):
        variant = world.variants[number]
        variant.selected = [pair for pair in variant.selected if pair[0] not in gone]
        if tuple(variant.selected) in seen:
            drop_variant(world, product, variant)
        seen.add(tuple(variant.selected))
    if not product.options:
        product.options = default_options(world, product.id)
        option = product.options[0]
        for number in product.variant_ids:
            world.variants[number].selected = [(option.name, option.values[0])]


@mutation("productOptionsReorder")
def product_options_reorder(world: World, args: Args) -> JsonObject:
    """Put options and their values in another order; variants follow."""
    product = known_product(world, args)
    ordered: list[Option] = []
    for index, given in enumerate(args["options"]):
        option = next((o for o in product.options if given.get("id") == o.gid or given.get("name") == o.name), None)
        if option is None:
            code = "OPTION_ID_DOES_NOT_EXIST" if given.get("id") else "OPTION_NAME_DOES_NOT_EXIST"
            raise Refused(user_error(["options", str(index)], "Option does not exist.", code))
        ordered.append(option)
    if len(ordered) < len(product.options):
        raise Refused(user_error(["options"], "All options must be named.", "MISSING_OPTION_NAME"))
    for option, given in zip(ordered, args["options"], strict=True):
        wanted = [value.get("id") or value.get("name") for value in given.get("values") or ()]
        option.option_values.sort(key=_place_in(wanted))
    product.options = numbered(ordered)
    _in_order(world, product)
    product.variant_ids.sort(key=lambda number: _rank(product, world.variants[number].selected))
    renumber(world, product)
    product_changed(world, product)
    return {"product": product, "userErrors": []}


def _place_in(wanted: list[Any]) -> Callable[[OptionValue], int]:
    """Named values first, in the order named; the others keep theirs behind them."""

    def place(value: OptionValue) -> int:
        return next((i for i, key in enumerate(wanted) if key in {value.gid, value.name}), len(wanted))

    return place


def _rank(product: Product, selected: list[tuple[str, str]]) -> tuple[int, ...]:
    values = dict(selected)
    return tuple(option.values.index(values[option.name]) for option in product.options if option.name in values)


def _in_order(world: World, product: Product) -> None:
    """Let the variants name their values in the order of the options."""
    places = {option.name: option.position for option in product.options}
    for number in product.variant_ids:
        world.variants[number].selected.sort(key=lambda pair: places[pair[0]])


def _create_combinations(world: World, product: Product) -> None:
    """Make every variant that the options allow and that is not there."""
    have = {tuple(world.variants[number].selected) for number in product.variant_ids}
    for values in combinations(*(option.values for option in product.options)):
        selected = [(option.name, value) for option, value in zip(product.options, values, strict=True)]
        if tuple(selected) not in have:
            new_variant(world, product, selected, {})


def _values_by_id(option: Option, ids: Any, argument: str) -> list[OptionValue]:
    known = {value.gid: value for value in option.option_values}
    for index, number in enumerate(ids):
        if number not in known:
            message = "Option value does not exist"
            raise Refused(user_error([argument, str(index)], message, "OPTION_VALUE_DOES_NOT_EXIST"))
    return [known[number] for number in ids]


def _rename_value(world: World, product: Product, option: Option, value: OptionValue, name: str) -> None:
    for number in product.variant_ids:
        variant = world.variants[number]
        variant.selected = [(o, name if (o, v) == (option.name, value.name) else v) for o, v in variant.selected]
    value.name = name


def _rename_option(world: World, product: Product, option: Option, name: str) -> None:
    for number in product.variant_ids:
        variant = world.variants[number]
        variant.selected = [(name if o == option.name else o, v) for o, v in variant.selected]
    option.name = name


def _delete_value(world: World, product: Product, option: Option, value: OptionValue) -> None:
    for number in list(product.variant_ids):
        variant = world.variants[number]
        if (option.name, value.name) in variant.selected:
            drop_variant(world, product, variant)
    option.option_values.remove(value)
