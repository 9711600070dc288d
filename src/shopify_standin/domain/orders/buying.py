"""Customers who buy: random orders over what the shop sells, by the same way that `orderCreate` goes."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from shopify_standin.domain.fulfillment_orders.routing import ROUTING_DELAY, route_later
from shopify_standin.domain.orders.extras import add_extras
from shopify_standin.domain.orders.placing import place_order
from shopify_standin.model.goods import Variant
from shopify_standin.model.sales import Order
from shopify_standin.world import World

FIRST_NAMES = ("Ada", "Bruno", "Chen", "Dalia", "Emil", "Fatou", "Greta", "Hugo", "Ines", "Jonas", "Kiran", "Lena")
LAST_NAMES = ("Abel", "Berger", "Costa", "Dubois", "Eriksen", "Fischer", "Gupta", "Haddad", "Ito", "Jensen")
STREETS = ("Mill Lane", "Station Road", "Harbour Street", "Oak Avenue", "Market Square", "Garden Walk")
TOWNS = (
    ("Ottawa", "ON", "CA", "K1A 0A6"), ("Montreal", "QC", "CA", "H2X 1Y4"), ("Vancouver", "BC", "CA", "V6B 1A1"),
    ("New York", "NY", "US", "10001"), ("Austin", "TX", "US", "73301"), ("Seattle", "WA", "US", "98101"),
    ("Berlin", None, "DE", "10115"), ("Lyon", None, "FR", "69001"), ("Leeds", None, "GB", "LS1 1UR"),
)  # fmt: skip
SHIPPING = (("Standard", "4.90"), ("Express", "12.00"))
MAX_LINES = 3
MAX_UNITS = 3


@dataclass(frozen=True, slots=True)
class Purchase:
    """How many orders to place, and of what; `variant_ids` empty means everything on sale."""

    orders: int
    seed: int = 0
    variant_ids: tuple[int, ...] = ()
    items: int | None = None
    """A flash sale: everybody wants the same few variants, this many, picked by chance."""
    paid: bool = True
    extras: bool = False
    """Taxes, discounts, currencies, duties, fees and tips, by chance; some pay on delivery, whatever `paid` says."""
    method: str = "SHIPPING"
    """How the customers get the goods, as a fulfillment order's delivery method says it."""


def buy(world: World, purchase: Purchase) -> list[Order]:
    """Place the orders; fewer where the shop runs out, since nobody buys what is not available."""
    random = Random(purchase.seed)  # noqa: S311 - repeatable, not secret
    on_sale = _on_sale(world, purchase, random)
    placed: list[Order] = []
    for _ in range(purchase.orders):
        basket = _basket(world, random, on_sale)
        if not basket:
            break
        order = place_order(world, _order_input(world, random, basket, purchase), "DECREMENT_OBEYING_POLICY")
        order.method_type = purchase.method
        if purchase.extras:
            add_extras(world, order, random)
        route_later(world, order, default=ROUTING_DELAY)
        placed.append(order)
        sold_out = {variant.id for variant, _ in basket if _buyable(world, variant) <= 0}
        if sold_out:
            on_sale = [variant for variant in on_sale if variant.id not in sold_out]
    return placed


def _on_sale(world: World, purchase: Purchase, random: Random) -> list[Variant]:
    wanted = set(purchase.variant_ids)
    found = [
        v
        for v in world.variants
        if (not wanted or v.id in wanted) and world.products[v.product_id].status == "ACTIVE" and _buyable(world, v) > 0
    ]
    return found if purchase.items is None else random.sample(found, min(purchase.items, len(found)))


def _buyable(world: World, variant: Variant) -> int:
    """Units that one customer could take now."""
    if not world.items[variant.item_id].tracked or variant.inventory_policy == "CONTINUE":
        return MAX_UNITS
    return world.available(variant.item_id)


def _basket(world: World, random: Random, on_sale: list[Variant]) -> list[tuple[Variant, int]]:
    lines = min(len(on_sale), random.randint(1, MAX_LINES))
    chosen = random.sample(on_sale, lines) if lines else []
    return [(v, min(_buyable(world, v), random.randint(1, MAX_UNITS))) for v in chosen]


def _order_input(world: World, random: Random, basket: list[tuple[Variant, int]], purchase: Purchase) -> dict[str, Any]:
    first, last = random.choice(FIRST_NAMES), random.choice(LAST_NAMES)
    city, province, country, postcode = random.choice(TOWNS)
    email = f"{first}.{last}.{random.randint(1, 9999)}@example.com".lower()
    address = {
        "firstName": first,
        "lastName": last,
        "address1": f"{random.randint(1, 240)} {random.choice(STREETS)}",
        "city": city,
        "provinceCode": province,
        "countryCode": country,
        "zip": postcode,
        "phone": f"+1555{random.randint(0, 9_999_999):07d}",
    }
    title, price = random.choice(SHIPPING)
    currency = world.shop.currency
    total = sum((v.price * units for v, units in basket), Decimal(price))
    paid = {"shopMoney": {"amount": str(total), "currencyCode": currency}}
    return {
        "email": email,
        "customer": {"toUpsert": {"firstName": first, "lastName": last, "email": email, "addresses": [address]}},
        "currency": currency,
        "sourceName": "web",
        "shippingAddress": address,
        "billingAddress": address,
        "lineItems": [{"variantId": v.gid, "quantity": units} for v, units in basket],
        "shippingLines": [
            {
                "title": title,
                "code": title.upper(),
                "priceSet": {"shopMoney": {"amount": price, "currencyCode": currency}},
            }
        ],
        "transactions": [{"kind": "SALE", "status": "SUCCESS", "gateway": "bogus", "amountSet": paid}]
        if purchase.paid and not purchase.extras
        else [],
        "financialStatus": "PAID" if purchase.paid and not purchase.extras else "PENDING",
    }
