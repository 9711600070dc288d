"""
Carrier services: `carrierServiceCreate`, `…Update`, `…Delete` and reading them.

No checkout asks them for rates here. Refusals are worded as assumed.
"""

from shopify_standin.call import Call
from shopify_standin.connections import connection
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.places import Location
from shopify_standin.model.shipping_rates import CarrierService
from shopify_standin.registry import Args, Fields, mutation, node, query
from shopify_standin.search import filters
from shopify_standin.search.search import Search
from shopify_standin.world import World

node("DeliveryCarrierService", lambda world, number: world.carrier_services.get(number))

CARRIER = Fields("DeliveryCarrierService")
CARRIER.attributes("name", "formattedName", "callbackUrl", "active", "supportsServiceDiscovery", id="gid")

_SEARCH = Search(
    {"id": filters.number(lambda x, _: x.id), "active": filters.truth(lambda x, _: x.active)},
    filters.words(lambda x, _: x.name),
)
_SORT = {"ID": None, "CREATED_AT": lambda x: x.created_at, "UPDATED_AT": lambda x: x.updated_at}


@query("carrierService")
def carrier_service(world: World, args: Args) -> CarrierService | None:
    """One carrier service."""
    return world.carrier_services.get(number_of(args["id"], "DeliveryCarrierService"))


@query("carrierServices")
def carrier_services(world: World, args: Args, call: Call) -> JsonObject:
    """All carrier services."""
    found = _SEARCH.select(world.carrier_services, args.get("query"), call, ["carrierServices"])
    return connection(found, args, _SORT[args["sortKey"]])


@query("availableCarrierServices")
def available_carrier_services(world: World) -> list[JsonObject]:
    """Each with the locations that it could be asked for."""
    places: list[Location] = [x for x in world.locations if x.is_active]
    return [{"carrierService": x, "locations": places} for x in world.carrier_services if x.active]


@mutation("carrierServiceCreate")
def carrier_service_create(world: World, args: Args) -> JsonObject:
    """Add an app's rates to the checkout."""
    given, code = args["input"], "CARRIER_SERVICE_CREATE_FAILED"
    _check_name(world, given["name"], code, None)
    now = world.now()
    made = CarrierService(
        world.ids.next("DeliveryCarrierService"),
        given["name"],
        given["callbackUrl"],
        now,
        now,
        given["active"],
        given["supportsServiceDiscovery"],
    )
    return {"carrierService": world.carrier_services.add(made), "userErrors": []}


@mutation("carrierServiceUpdate")
def carrier_service_update(world: World, args: Args) -> JsonObject:
    """Change what is given."""
    given, code = args["input"], "CARRIER_SERVICE_UPDATE_FAILED"
    known = _known(world, given["id"], code)
    if given.get("name") is not None:
        _check_name(world, given["name"], code, known)
        known.name = given["name"]
    for name, attribute in _CHANGEABLE.items():
        if given.get(name) is not None:
            setattr(known, attribute, given[name])
    known.updated_at = world.now()
    return {"carrierService": known, "userErrors": []}


_CHANGEABLE = {
    "callbackUrl": "callback_url",
    "active": "active",
    "supportsServiceDiscovery": "supports_service_discovery",
}


@mutation("carrierServiceDelete")
def carrier_service_delete(world: World, args: Args) -> JsonObject:
    """Take an app's rates away."""
    known = _known(world, args["id"], "CARRIER_SERVICE_DELETE_FAILED", ["id"])
    world.carrier_services.remove(known.id)
    return {"deletedId": known.gid, "userErrors": []}


def _known(world: World, value: str, code: str, path: list[str] | None = None) -> CarrierService:
    known = world.carrier_services.get(number_of(value, "DeliveryCarrierService"))
    if known is None:
        raise Refused(user_error(path, "The carrier or app could not be found.", code))
    return known


def _check_name(world: World, name: str, code: str, known: CarrierService | None) -> None:
    if not name.strip():
        raise Refused(user_error(None, "Shipping rate provider name can't be blank", code))
    if any(x.name.casefold() == name.casefold() for x in world.carrier_services if x is not known):
        raise Refused(user_error(None, f"{name} is already configured", code))
