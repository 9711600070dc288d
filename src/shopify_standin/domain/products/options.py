"""A product's options, and which values a variant has of them."""

from collections.abc import Sequence
from typing import Any

from shopify_standin.errors import Refused, user_error
from shopify_standin.model.goods import Option, OptionValue, Product
from shopify_standin.world import World

DEFAULT_OPTION, DEFAULT_VALUE = "Title", "Default Title"
MAX_OPTIONS = 3
SEPARATOR = " / "
"""What joins the values in a variant's title, so no name may hold it."""

Given = dict[str, Any]


def default_options(world: World, product_id: int) -> list[Option]:
    """The one option of a product that comes in one form."""
    return [new_option(world, product_id, DEFAULT_OPTION, 1, [DEFAULT_VALUE])]


def has_default_option(product: Product) -> bool:
    """Whether the product comes in one form only."""
    return [option.name for option in product.options] == [DEFAULT_OPTION] and product.options[0].values == [
        DEFAULT_VALUE
    ]


def new_option(world: World, product_id: int, name: str, position: int, values: Sequence[str]) -> Option:
    """An option with its values."""
    made = Option(world.ids.next("ProductOption"), product_id, name, position)
    for value in values:
        add_value(world, made, value)
    return made


def add_value(world: World, option: Option, name: str) -> None:
    """Let an option know a value, once."""
    if name not in option.values:
        number = world.ids.next("ProductOptionValue")
        option.option_values.append(OptionValue(number, name, option.product_id, option.id))


def options_from(world: World, product: Product, given: Sequence[Given] | None) -> list[Option]:
    """The options that an input describes, in order of position; one known by name or id keeps its id."""
    known = {key: option for option in product.options for key in (option.name, option.gid)}
    options: list[Option] = []
    for place, entry in enumerate(given or (), start=1):
        old = known.get(entry.get("id") or "") or known.get(entry.get("name") or "")
        option = old or new_option(world, product.id, entry.get("name") or f"Option {place}", place, [])
        option.name = entry.get("name") or option.name
        option.position = entry.get("position") or place
        for value in entry.get("values") or ():
            add_value(world, option, value["name"])
        options.append(option)
    return numbered(sorted(options, key=lambda option: option.position)) or default_options(world, product.id)


def numbered(options: list[Option]) -> list[Option]:
    """The options with positions from 1 on."""
    for position, option in enumerate(options, start=1):
        option.position = position
    return options


def chosen_values(
    world: World, product: Product, given: Sequence[Given], path: list[str], code: str = "OPTION_DOES_NOT_EXIST"
) -> list[tuple[str, str]]:
    """
    Option names and values of a variant, in the product's order; new values become the option's.

    Raises Refused, with `code`, for an option that the product does not have.
    """
    chosen: dict[str, str] = {}
    options = {key: option for option in product.options for key in (option.name, option.gid)}
    for index, entry in enumerate(given):
        option = options.get(entry.get("optionName") or entry.get("optionId") or "")
        if option is None:
            raise Refused(user_error([*path, "optionValues", str(index)], "Option does not exist", code))
        value = entry.get("name") or _named(option, entry.get("id"))
        add_value(world, option, value)
        chosen[option.name] = value
    return [(option.name, chosen[option.name]) for option in product.options if option.name in chosen]


def _named(option: Option, value_id: str | None) -> str:
    return next((value.name for value in option.option_values if value.gid == value_id), "")


def used_values(world: World, product_id: int, option_name: str) -> set[str]:
    """The values of an option that some variant has."""
    product = world.products.get(product_id)
    numbers = product.variant_ids if product else []
    return {value for number in numbers for name, value in world.variants[number].selected if name == option_name}
