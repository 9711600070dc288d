"""The order that a mutation names."""

from shopify_standin.errors import Refused, user_error
from shopify_standin.ids import number_of
from shopify_standin.model.sales import Order
from shopify_standin.world import World


def order_named(world: World, value: str, path: list[str], code: str | None = None) -> Order:
    """The order with this global id; raises Refused where there is none."""
    order = world.orders.get(number_of(value, "Order"))
    if order is None:
        raise Refused(user_error(path, "Order does not exist", code))
    return order
