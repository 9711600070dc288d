"""
The shop's one delivery profile: everything is shipped from every location that fulfils online orders.

A new shop has its general profile alone, with a zone for its own country and one for the rest of the world; the
rates of zero are assumed. Profiles cannot be changed here.
"""

from dataclasses import dataclass
from typing import ClassVar

from shopify_standin.call import Call
from shopify_standin.connections import connection, count
from shopify_standin.errors import JsonObject
from shopify_standin.ids import gid, number_of
from shopify_standin.model.goods import Product, Variant
from shopify_standin.model.places import Location
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.world import World

NUMBER = 1
ZONES = 2
"""The shop's own country, and the rest of the world; each has one rate."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The general profile."""

    TYPE: ClassVar = "DeliveryProfile"
    id: int = NUMBER


@dataclass(frozen=True, slots=True)
class Group:
    """The locations that ship by it."""

    TYPE: ClassVar = "DeliveryLocationGroup"
    id: int = NUMBER


@dataclass(frozen=True, slots=True)
class Item:
    """A product in it."""

    TYPE: ClassVar = "DeliveryProfileItem"
    id: int
    product: Product


GENERAL, LOCATIONS = Profile(), Group()

node("DeliveryProfile", lambda _world, number: GENERAL if number == NUMBER else None)
node("DeliveryLocationGroup", lambda _world, number: LOCATIONS if number == NUMBER else None)

PROFILE = Fields("DeliveryProfile")
PROFILE.constant(
    id=gid("DeliveryProfile", NUMBER), name="General profile", default=True, version=1, coversAllItems=True,
    locationsWithoutRatesCount=0, activeMethodDefinitionsCount=ZONES, zoneCountryCount=ZONES,
)  # fmt: skip
GROUP = Fields("DeliveryLocationGroup")
GROUP.constant(id=gid("DeliveryLocationGroup", NUMBER))
ITEM = Fields("DeliveryProfileItem")
ITEM.attributes("product")


@query("deliveryProfile")
def delivery_profile(_world: World, args: Args) -> Profile | None:
    """The profile, by its id."""
    return GENERAL if number_of(args["id"], "DeliveryProfile") == NUMBER else None


@query("deliveryProfiles")
def delivery_profiles(_world: World, args: Args) -> JsonObject:
    """The one there is, which is the merchant's own."""
    return connection([GENERAL], args)


Fields("ProductVariant").field("deliveryProfile")(lambda _variant: GENERAL)


def _shipping(world: World) -> list[Location]:
    return [place for place in world.locations if place.is_active and place.fulfills_online_orders]


def _resting(world: World) -> list[Location]:
    return [place for place in world.locations if place.is_active and not place.fulfills_online_orders]


@PROFILE.field("profileLocationGroups")
def profile_location_groups(_profile: Profile, args: Args) -> list[Group]:
    """The one group of locations, with the zones that it ships to."""
    wanted = args.get("locationGroupId")
    return [LOCATIONS] if wanted is None or number_of(wanted, "DeliveryLocationGroup") == NUMBER else []


@PROFILE.field("originLocationCount")
def origin_location_count(_profile: Profile, call: Call) -> int:
    """How many locations ship."""
    return len(_shipping(call.world))


@PROFILE.field("unassignedLocations")
def unassigned_locations(_profile: Profile, call: Call) -> list[Location]:
    """Active locations that do not ship online orders."""
    return _resting(call.world)


@PROFILE.field("unassignedLocationsPaginated")
def unassigned_page(_profile: Profile, args: Args, call: Call) -> JsonObject:
    """The same, by the page."""
    return connection(_resting(call.world), args)


@PROFILE.field("productVariantsCount")
def variants_count(_profile: Profile, call: Call) -> JsonObject:
    """Everything the shop sells."""
    return count(list(call.world.variants))


@PROFILE.field("productVariantsCountV2")
def variants_count_v2(_profile: Profile, call: Call) -> JsonObject:
    """The same, under its old name."""
    return {"count": len(call.world.variants), "capped": False}


@PROFILE.field("sellingPlanGroups")
def selling_plan_groups(_profile: Profile, args: Args) -> JsonObject:
    """None."""
    return connection([], args)


@PROFILE.field("profileItems")
def profile_items(_profile: Profile, args: Args, call: Call) -> JsonObject:
    """All products."""
    return connection([Item(product.id, product) for product in call.world.products], args)


@ITEM.field("id")
def item_id(item: Item) -> str:
    """Global id."""
    return gid("DeliveryProfileItem", item.id)


@ITEM.field("variants")
def item_variants(item: Item, args: Args, call: Call) -> JsonObject:
    """All variants of the product."""
    rows: list[Variant] = [call.world.variants[number] for number in item.product.variant_ids]
    return connection(rows, args)


@GROUP.field("locations")
def group_locations(_group: Group, args: Args, call: Call) -> JsonObject:
    """Where it is shipped from."""
    return connection(_shipping(call.world), args, lambda place: place.name)


@GROUP.field("locationsCount")
def group_locations_count(_group: Group, call: Call) -> JsonObject:
    """How many these are."""
    return count(_shipping(call.world))
