"""What a stand-in's shop has none of, since nothing modelled can make one: checkouts left, companies."""

from shopify_standin.connections import connection, count
from shopify_standin.errors import JsonObject
from shopify_standin.ids import parse_gid
from shopify_standin.registry import Args, query
from shopify_standin.world import World


@query("abandonedCheckouts", "companies", "companyLocations")
def none_of_them(_world: World, args: Args) -> JsonObject:
    """An empty page."""
    return connection([], args)


@query("abandonedCheckoutsCount", "companiesCount")
def counted(_world: World) -> JsonObject:
    """None."""
    return count([])


@query("company", "companyLocation", "customerPaymentMethod")
def no_such(_world: World, args: Args) -> None:
    """No object has the id; raises InvalidId for one that is malformed."""
    parse_gid(args["id"])


@query("pendingOrdersCount")
def pending_orders_count(world: World) -> JsonObject:
    """How many orders wait for their payment."""
    return count([order for order in world.orders if order.financial_status == "PENDING"])
