"""Which products a collection holds, and which collections a product is in."""

from collections.abc import Callable, Iterable
from typing import Any

from shopify_standin.errors import InvalidId
from shopify_standin.ids import parse_gid
from shopify_standin.model.goods import Product
from shopify_standin.model.products import Collection, Rule
from shopify_standin.world import World

_READ: dict[str, Callable[[World, Product], list[Any]]] = {
    "TITLE": lambda _, product: [product.title],
    "TYPE": lambda _, product: [product.product_type],
    "VENDOR": lambda _, product: [product.vendor],
    "TAG": lambda _, product: list(product.tags),
    "VARIANT_TITLE": lambda world, product: [world.variants[n].title for n in product.variant_ids],
    "VARIANT_PRICE": lambda world, product: [world.variants[n].price for n in product.variant_ids],
    "VARIANT_INVENTORY": lambda world, product: [
        world.available(world.variants[n].item_id) for n in product.variant_ids
    ],
}
"""What a rule's column reads; the other columns are not modelled."""

COLUMNS = frozenset(_READ)

_HOLDS: dict[str, Callable[[str, str], bool]] = {
    "EQUALS": lambda value, wanted: value == wanted,
    "NOT_EQUALS": lambda value, wanted: value != wanted,
    "CONTAINS": lambda value, wanted: wanted in value,
    "NOT_CONTAINS": lambda value, wanted: wanted not in value,
    "STARTS_WITH": lambda value, wanted: value.startswith(wanted),
    "ENDS_WITH": lambda value, wanted: value.endswith(wanted),
    "GREATER_THAN": lambda value, wanted: float(value) > float(wanted),
    "LESS_THAN": lambda value, wanted: float(value) < float(wanted),
    "IS_SET": lambda value, _: value != "",
    "IS_NOT_SET": lambda value, _: value == "",
}


def members(world: World, collection: Collection) -> list[Product]:
    """The products of a collection, in the order picked, or of creation where rules pick."""
    if collection.rules is None:
        return [world.products[n] for n in collection.product_ids if n in world.products.rows]
    return [product for product in world.products if _fits(world, product, collection)]


def collections_of(world: World, product: Product) -> list[Collection]:
    """The collections that a product is in."""
    return [row for row in world.collections if holds(world, row, product)]


def holds(world: World, collection: Collection, product: Product) -> bool:
    """Whether a collection holds a product."""
    if collection.rules is None:
        return product.id in collection.product_ids
    return _fits(world, product, collection)


def join(world: World, product: Product, ids: Iterable[str]) -> None:
    """Put a product into collections; ids that are none are ignored (recorded 2025-01)."""
    for collection in _picked_by_hand(world, ids):
        if product.id not in collection.product_ids:
            collection.product_ids.append(product.id)


def leave(world: World, product: Product, ids: Iterable[str]) -> None:
    """Take a product out of collections."""
    for collection in _picked_by_hand(world, ids):
        if product.id in collection.product_ids:
            collection.product_ids.remove(product.id)


def set_memberships(world: World, product: Product, ids: list[str]) -> None:
    """Let a product be in just these collections, of those picked by hand."""
    for collection in world.collections:
        if product.id in collection.product_ids and collection.gid not in ids:
            collection.product_ids.remove(product.id)
    join(world, product, ids)


def _picked_by_hand(world: World, ids: Iterable[str]) -> list[Collection]:
    found: list[Collection] = []
    for value in ids:
        try:
            _, number = parse_gid(value)
        except InvalidId:
            continue
        collection = world.collections.get(number)
        if collection is not None and collection.rules is None:
            found.append(collection)
    return found


def _fits(world: World, product: Product, collection: Collection) -> bool:
    answers = (_holds_rule(world, product, rule) for rule in collection.rules or ())
    return any(answers) if collection.any_rule else all(answers)


def _holds_rule(world: World, product: Product, rule: Rule) -> bool:
    values = [str(value).casefold() for value in _READ[rule.column](world, product)]
    wanted, test = rule.condition.casefold(), _HOLDS[rule.relation]
    if rule.relation.startswith(("NOT_", "IS_NOT_")):
        return all(test(value, wanted) for value in values)
    return any(test(value, wanted) for value in values)
