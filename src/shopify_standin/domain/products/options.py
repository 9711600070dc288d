"""A product's options, and which values a variant has of them."""

from collections.abc import Sequence
from typing import Any

from shopify_standin.errors import Refused, user_error
from shopify_standin.model.goods import Option, OptionValue, Product
from shopify_standin.world import World

DEFAULT_OPTION, DEFAULT_VALUE = "Title", "Default Title"


def default_options(world: World) -> list[Option]:
    """The one option of a product that comes in one form."""
    return [new_option(world, DEFAULT_OPTION, 1, [DEFAULT_VALUE])]


def new_option(world: World, name: str, position: int, values: Sequence[str]) -> Option:
    """An option with its values."""
    made = Option(world.ids.next("ProductOption"), name, position)
    for value in values:
        add_value(world, made, value)
    return made


def add_value(world: World, option: Option, name: str) -> None:
    """Let an option know a value, once."""
    if name not in option.values:
        option.option_values.append(OptionValue(world.ids.next("ProductOptionValue"), name))


def options_from(world: World, given: Sequence[dict[str, Any]] | None, before: Sequence[Option]) -> list[Option]:
    """The options that an input describes; one known by name keeps its id."""
    known = {option.name: option for option in before}
    options: list[Option] = []
    for position, entry in enumerate(given or (), start=1):
        name = entry.get("name") or f"Option {position}"
        option = known.get(name) or new_option(world, name, position, [])
        option.position = position
        for value in entry.get("values") or ():
            add_value(world, option, value["name"])
        options.append(option)
    return options or default_options(world)


def chosen_values(
    world: World, product: Product, given: Sequence[dict[str, Any]], path: list[str]
) -> list[tuple[str, str]]:
    """Option names and values of a variant, in the product's order; raises Refused for an unknown option."""
    chosen: dict[str, str] = {}
    options = {option.name: option for option in product.options}
    by_id = {option.gid: option.name for option in product.options}
    for index, entry in enumerate(given):
        name = entry.get("optionName") or by_id.get(entry.get("optionId") or "")
        if name not in options:
            at = [*path, "optionValues", str(index)]
            raise Refused(user_error(at, "Option does not exist", "OPTION_DOES_NOT_EXIST"))
        value = entry.get("name") or ""
        add_value(world, options[name], value)
        chosen[name] = value
    return [(option.name, chosen[option.name]) for option in product.options if option.name in chosen]
