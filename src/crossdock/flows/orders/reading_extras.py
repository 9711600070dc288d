"""Orders together with what their connection's mapping asks of Shopify beyond them."""

from collections.abc import Mapping
from dataclasses import replace

from crossdock.model.extras import NO_EXTRAS, NO_WISHES, Wishes
from crossdock.model.names import OrderId
from crossdock.model.order import Order
from crossdock.ports.storefront import Storefront


async def with_extras(
    storefront: Storefront, orders: Mapping[OrderId, Order], wishes: Wishes
) -> Mapping[OrderId, Order]:
    """Return the orders with all that `wishes` name; no call is made where they name nothing, as in most shops."""
    if wishes == NO_WISHES or not orders:
        return orders
    found = await storefront.extras(list(orders.values()), wishes)
    return {id_: replace(order, extras=found.get(id_, NO_EXTRAS)) for id_, order in orders.items()}
