"""Reading fulfillment services."""

from shopify_standin.call import Call
from shopify_standin.domain.fulfillment_services.serving import merchant
from shopify_standin.ids import number_of
from shopify_standin.model.places import Location, Shop
from shopify_standin.model.shipping import FulfillmentService
from shopify_standin.registry import Args, Fields, node, query
from shopify_standin.world import World

node("FulfillmentService", lambda world, number: world.services.get(number))

SERVICE = Fields("FulfillmentService")
SERVICE.attributes(
    "handle", "serviceName", "callbackUrl", "inventoryManagement", "trackingSupport", "requiresShippingMethod",
    id="gid", type="kind",
)  # fmt: skip
SERVICE.constant(fulfillmentOrdersOptIn=True)
SHOP = Fields("Shop")


@query("fulfillmentService")
def fulfillment_service(world: World, args: Args) -> FulfillmentService | None:
    """One service."""
    if args["id"] == "gid://shopify/FulfillmentService/manual":
        return merchant(world)
    return world.services.get(number_of(args["id"], "FulfillmentService"))


@SHOP.field("fulfillmentServices")
def fulfillment_services(_shop: Shop, call: Call) -> list[FulfillmentService]:
    """The merchant, then the others."""
    return [merchant(call.world), *call.world.services]


@SERVICE.field("location")
def location(service: FulfillmentService, call: Call) -> Location | None:
    """Where it works."""
    return call.world.locations.get(service.location_id)
