"""Where the shop is and who trades there: the address of its first location, and one business entity."""

from shopify_standin.call import Call
from shopify_standin.errors import JsonObject
from shopify_standin.ids import gid, number_of
from shopify_standin.model.places import Address, Location, Shop
from shopify_standin.registry import Args, Fields, query
from shopify_standin.world import World

SHOP = Fields("Shop")


def _home(world: World) -> Location:
    return next(iter(world.locations))


@SHOP.field("shopAddress", "billingAddress")
def shop_address(shop: Shop, call: Call) -> JsonObject:
    """The first location's address."""
    at: Address = _home(call.world).address
    return {
        "id": gid("ShopAddress", shop.id),
        "address1": at.address1,
        "address2": at.address2,
        "city": at.city,
        "company": shop.name,
        "coordinatesValidated": False,
        "country": at.country,
        "countryCode": at.country_code,
        "countryCodeV2": at.country_code,
        "firstName": None,
        "lastName": None,
        "name": None,
        "formatted": at.formatted,
        "formattedArea": at.formatted_area,
        "latitude": None,
        "longitude": None,
        "phone": at.phone,
        "province": at.province,
        "provinceCode": at.province_code,
        "zip": at.zip,
    }


@query("businessEntities")
def business_entities(world: World) -> list[JsonObject]:
    """Who trades here: one entity, of the shop's name."""
    at = _home(world).address
    return [
        {
            "__typename": "BusinessEntity",
            "id": gid("BusinessEntity", world.shop.id),
            "displayName": world.shop.name,
            "companyName": None,
            "primary": True,
            "archived": False,
            "address": {
                "address1": at.address1,
                "address2": at.address2,
                "city": at.city,
                "countryCode": at.country_code,
                "province": at.province_code,
                "zip": at.zip,
            },
        }
    ]


@query("businessEntity")
def business_entity(world: World, args: Args) -> JsonObject | None:
    """One entity; the primary without an id."""
    only = business_entities(world)[0]
    if args.get("id") is None:
        return only
    return only if number_of(args["id"], "BusinessEntity") == world.shop.id else None
