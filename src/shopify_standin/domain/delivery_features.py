"""Delivery features that this shop does not use: customizations, constraint rules, delivery promises."""

from shopify_standin.connections import connection
from shopify_standin.errors import JsonObject
from shopify_standin.registry import Args, query
from shopify_standin.world import World


@query("deliveryCustomizations", "deliveryPromiseParticipants")
def none_of_them(_world: World, args: Args) -> JsonObject:
    """An empty list, as of every shop without the apps behind it."""
    return connection([], args)


@query("deliveryCustomization", "deliveryPromiseProvider")
def not_one(_world: World) -> None:
    """Nothing to be found."""
    return


@query("fulfillmentConstraintRules")
def fulfillment_constraint_rules(_world: World) -> list[JsonObject]:
    """No app limits from where orders are fulfilled."""
    return []


@query("deliveryPromiseSettings")
def delivery_promise_settings(_world: World) -> JsonObject:
    """Customers are shown no delivery dates."""
    return {"deliveryDatesEnabled": False, "processingTime": None}
