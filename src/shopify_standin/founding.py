"""How a shop begins: empty, with one active location."""

from datetime import timedelta

from shopify_standin.clock import Clock
from shopify_standin.ids import Ids
from shopify_standin.model.places import Address, Location, Shop
from shopify_standin.model.products import Publication
from shopify_standin.world import World


def found_shop(name: str = "standin", plan: str = "standard", currency: str = "CAD") -> World:
    """A shop `<name>.myshopify.com` with no goods, no orders, and one location."""
    clock, ids = Clock(), Ids()
    now = clock.now()
    opened = now - timedelta(days=30)
    shop = Shop(ids.next("Shop"), f"{name}.myshopify.com", name, created_at=opened, plan=plan, currency=currency)
    world = World(shop, clock=clock, ids=ids)
    address = Address(address1="150 Elgin St", city="Ottawa", province_code="ON", country_code="CA", zip="K2P 1L4")
    world.locations.add(Location(ids.next("Location"), "Shop location", address, opened, opened, ships_inventory=True))
    world.publications.add(Publication(ids.next("Publication"), "Online Store"))
    return world
