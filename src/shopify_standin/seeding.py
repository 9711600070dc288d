"""
Fill a shop fast: many products with stock, and orders of the past, without a word to subscribers.

Everything is made by the same functions as by calls, so it differs from a grown shop in nothing but speed.
"""

from dataclasses import dataclass

from shopify_standin.domain.orders.buying import Purchase, buy
from shopify_standin.domain.products.making import make_product
from shopify_standin.domain.products.variants import new_variant
from shopify_standin.world import World

TYPES = ("Shirt", "Jacket", "Mug", "Lamp", "Notebook", "Bag", "Cap", "Scarf", "Bottle", "Poster")
VENDORS = ("North & Pine", "Atelier Bleu", "Kite Works", "Harbour Goods")


@dataclass(frozen=True, slots=True)
class Seed:
    """How much of what; `stock` is the units of each product at the first location."""

    products: int = 0
    orders: int = 0
    stock: int = 100
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Filled:
    """How many of each were made."""

    products: int
    orders: int


def fill(world: World, seed: Seed) -> Filled:
    """Make the products, then the orders: fewer where the goods run out."""
    with world.silence():
        first = len(world.products)
        place = next(location.gid for location in world.locations if location.is_active)
        for number in range(first + 1, first + seed.products + 1):
            _product(world, number, place, seed.stock)
        placed = buy(world, Purchase(seed.orders, seed.seed)) if seed.orders else []
    return Filled(seed.products, len(placed))


def _product(world: World, number: int, place: str, stock: int) -> None:
    kind = TYPES[number % len(TYPES)]
    product = make_product(
        world,
        {
            "title": f"{kind} {number:06d}",
            "productType": kind,
            "vendor": VENDORS[number % len(VENDORS)],
            "tags": [kind],
        },
    )
    new_variant(
        world,
        product,
        [(option.name, option.values[0]) for option in product.options],
        {
            "price": f"{5 + number % 95}.00",
            "barcode": f"40{number:011d}",
            "inventoryItem": {"sku": f"{kind[:2].upper()}-{number:06d}", "tracked": True},
            "inventoryQuantities": [{"locationId": place, "name": "available", "quantity": stock}],
        },
    )
