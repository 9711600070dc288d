"""Whether orders ship from where the hub decided that they are to."""

from collections import Counter
from collections.abc import AsyncIterator, Container

from tests.storm.store import StormStore

from crossdock.model.names import LineItemId, LocationId, OrderId
from crossdock.store import routes
from crossdock.store.database import Tx
from shopify_standin.ids import gid
from shopify_standin.model.sales import Order

Placed = Counter[tuple[LineItemId, LocationId]]


async def strays(tx: Tx, store: StormStore, held: Container[str]) -> AsyncIterator[str]:
    """
    Yield the orders that ship from elsewhere than was decided for them, or for which nothing was.

    Those aside that wait for a person, that people changed, and of which the warehouse gave up: what people move stays
    where they put it, and what was given up is decided about anew.
    """
    known = await routes.latest(tx, store.connection.id, [OrderId(order.gid) for order in store.shop.world.orders])
    for order in store.shop.world.orders:
        if order.gid in held or order.id in store.shop.touched or order.gid in store.gave_up or not store.takes(order):
            continue
        route, there = known.get(OrderId(order.gid)), _there(store, order)
        decided = (
            Placed({(one.line, one.location): int(one.units) for one in route.routed.shares}) if route else Placed()
        )
        if there != decided:
            yield f"{store.name} {order.name}: Shopify has {_listed(there)}, decided was {_listed(decided)}"


def _there(store: StormStore, order: Order) -> Placed:
    """What Shopify has at each location of an order, or had shipped from there."""
    found = Placed()
    for part in store.shop.parts():
        for row in part.lines if part.is_open and part.order_id == order.id else ():
            found[_line(row.line_item_id), LocationId(gid("Location", part.assigned.location_id))] += row.remaining
    for number in order.fulfillment_ids:
        one = store.shop.world.fulfillments[number]
        for line in one.lines if one.status == "SUCCESS" else ():
            found[_line(line.line_item_id), LocationId(gid("Location", one.location_id))] += line.quantity
    return +found


def _line(number: int) -> LineItemId:
    return LineItemId(gid("LineItem", number))


def _listed(placed: Placed) -> str:
    return ", ".join(f"{units} of {line} at {location}" for (line, location), units in sorted(placed.items())) or "none"
