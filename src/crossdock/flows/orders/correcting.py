"""What people say of an order in the place of Shopify or of a mapping, taken in before anything is decided. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from crossdock.flows.orders.filling import Filling
from crossdock.model.connection import Connection
from crossdock.model.order import Order
from crossdock.model.override import FIELDS, said_of


def filled_by_hand(filling: Filling, said: Mapping[str, str]) -> Filling:
    """Return how the fields of one order are filled, given what people say in them."""
    own = {name.removeprefix(FIELDS): text for name, text in said.items() if name.startswith(FIELDS)}
    return replace(filling, by_hand=own) if own else filling


def otherwise(
    order: Order, said: Mapping[str, str], filling: Filling, connection: Connection
) -> Mapping[str, str | None]:
    """
    Return what would be said in these fields were it not for a person.

    A field of the backend's own is filled as for the first fulfillment order: its value may differ from place to place.
    """
    found = dict(said_of(order, said))
    if not any(name.startswith(FIELDS) for name in said):
        return found
    fo = next(iter(order.fulfillment_orders), None)
    served = connection.warehouses.get(fo.location, ()) if fo is not None and fo.location is not None else ()
    place = next(iter(served), None), None if fo is None else fo.location_name
    filled = filling.of(order, connection.rules.orders, filling.version, *place)
    own = {f"{FIELDS}{one.name}": one.text for one in filled.fields}
    return found | {name: own.get(name) for name in said if name.startswith(FIELDS)}
