"""The zones of the shop's delivery profile: its own country, and the rest of the world, each with one rate of zero."""

from dataclasses import dataclass
from typing import ClassVar

from shopify_standin.call import Call
from shopify_standin.connections import connection
from shopify_standin.domain.delivery_profiles import Group
from shopify_standin.errors import JsonObject
from shopify_standin.geography import PROVINCES, country_name
from shopify_standin.ids import gid
from shopify_standin.registry import Args, Fields
from shopify_standin.world import World

IN_PROFILE = Fields("DeliveryProfileLocationGroup")
IN_PROFILE.field("locationGroup")(lambda group: group)
ZONE = Fields("DeliveryLocationGroupZone")
ZONE.constant(methodDefinitionCounts={"rateDefinitionsCount": 1, "participantDefinitionsCount": 0})


@dataclass(frozen=True, slots=True)
class Zone:
    """Where goods go, and what that is called."""

    TYPE: ClassVar = "DeliveryLocationGroupZone"
    id: int
    name: str
    rate: str
    country_code: str | None
    """Null for all countries that no other zone names."""


def _zones(world: World) -> list[Zone]:
    home = next(iter(world.locations)).address.country_code
    return [Zone(1, "Domestic", "Standard", home), Zone(2, "International", "International", None)]


def _country(zone: Zone) -> JsonObject:
    code = zone.country_code
    provinces = PROVINCES.get(code or "", {})
    name = country_name(code) or "Rest of World"
    return {
        "id": gid("DeliveryCountry", zone.id),
        "code": {"countryCode": code, "restOfWorld": code is None},
        "name": name,
        "translatedName": name,
        "provinces": [
            {"id": gid("DeliveryProvince", number), "code": short, "name": long, "translatedName": long}
            for number, (short, long) in enumerate(provinces.items(), start=1)
        ],
    }


@IN_PROFILE.field("countriesInAnyZone")
def countries_in_any_zone(_group: Group, call: Call) -> list[JsonObject]:
    """All countries, each with its zone."""
    return [{"country": _country(zone), "zone": zone.name} for zone in _zones(call.world)]


@IN_PROFILE.field("locationGroupZones")
def location_group_zones(_group: Group, args: Args, call: Call) -> JsonObject:
    """Where the locations ship to."""
    return connection(_zones(call.world), args)


@ZONE.field("zone")
def zone_of(zone: Zone) -> JsonObject:
    """The zone itself."""
    return {"id": gid("DeliveryZone", zone.id), "name": zone.name, "countries": [_country(zone)]}


@ZONE.field("methodDefinitions")
def method_definitions(zone: Zone, args: Args, call: Call) -> JsonObject:
    """Its one rate, which costs nothing."""
    free = {"amount": "0.0", "currencyCode": call.world.shop.currency}
    rate = {"__typename": "DeliveryRateDefinition", "id": gid("DeliveryRateDefinition", zone.id), "price": free}
    method: JsonObject = {
        "id": gid("DeliveryMethodDefinition", zone.id),
        "name": zone.rate,
        "description": None,
        "active": True,
        "methodConditions": [],
        "rateProvider": rate,
    }
    return connection([method] if args.get("eligible") is not False else [], args)
