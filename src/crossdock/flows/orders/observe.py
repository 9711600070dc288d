"""Loads what a batch of orders looks like: one read of Shopify, one of the database, one of the backend if need be."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from crossdock.flows.orders.sight import Left, Linked, Sent, Sight, Work
from crossdock.model.flow import Flow
from crossdock.model.names import FulfillmentOrderId, FulfillmentOrderLineId, OrderId, RequestKey, Units, VariantId
from crossdock.model.order import FulfillmentOrderLine, Order
from crossdock.model.request import WorkOrder
from crossdock.pending.sources import Sources
from crossdock.store import answers, commitments, holds, links, packages, requests, watermarks
from crossdock.store import orders as orders_kept
from crossdock.store.requests import Asked


async def observe(sources: Sources, ids: Sequence[OrderId]) -> Sequence[Sight]:
    """Return a sight per order, in the order of `ids`."""
    connection = sources.connection
    async with sources.database.begin() as tx:
        read_at = await watermarks.now(tx)
    orders = await sources.storefront.orders(ids)
    variants = sorted({line.variant for order in orders.values() for line in _lines(order) if line.variant})
    async with sources.database.begin() as tx:
        asked = await requests.of_orders(tx, connection.id, ids)
        back = await packages.asked_still(tx, connection.id, ids)
        gone = await packages.left(tx, connection.id, ids)
        given_up = await requests.given_up(tx, connection.id, ids)
        answered = await answers.of_orders(tx, connection.id, ids)
        wanted = await commitments.of_orders(tx, connection.id, ids)
        found = await orders_kept.found_before(tx, connection.id, ids)
        linked = await links.of_variants(tx, connection.id, variants)
        refused = await holds.held(tx, connection.id, Flow.CATALOG, keys=variants)
        held = {one.key: one.hold for one in await holds.held(tx, connection.id, Flow.ORDERS, keys=ids)}
    # Tried, and the answer was lost: the backend is asked before anything is sent again.
    unsure = [one.key for some in asked.values() for one in some if one.reference is None]
    known = await sources.backend.work_orders(unsure) if unsure else {}
    items = {variant: Linked(link.item, link.inventory_item) for variant, link in linked.items()}
    return [
        Sight(
            id=id_,
            read_at=read_at,
            order=orders.get(id_),
            sent=[_sent(one, known, back) for one in asked.get(id_, ())],
            hold=held.get(id_),
            links=items,
            catalog_held=frozenset(VariantId(one.key) for one in refused),
            wanted=wanted.get(id_, ()),
            connection=connection,
            left=_left(orders.get(id_), gone.get(id_, ()), given_up),
            can=sources.can,
            found_before=found.get(id_, ()),
            answered=answered.get(id_),
        )
        for id_ in ids
    ]


def _lines(order: Order) -> Sequence[FulfillmentOrderLine]:
    return [line for fo in order.fulfillment_orders for line in fo.lines]


def _sent(one: Asked, known: Mapping[RequestKey, WorkOrder], back: Collection[RequestKey]) -> Sent:
    recorded = one.reference is not None
    work: Work | None = None
    if one.reference is not None and one.state is not None:
        work = Work(one.reference, one.state)
    elif one.key in known:
        work = Work(known[one.key].reference, known[one.key].state)
    return Sent(FulfillmentOrderId(one.key), one.name, work, recorded, one.terms, one.asking, one.key in back)


def _left(order: Order | None, gone: Sequence[packages.Left], given_up: Mapping[FulfillmentOrderLineId, Units]) -> Left:
    standing = {one.id for one in order.fulfillments if one.status != "CANCELLED"} if order is not None else set()
    told: Counter[FulfillmentOrderLineId] = Counter()
    for package in gone:
        told.update(dict(package.contents))
    return Left(told, given_up, all(package.fulfillment in standing for package in gone))
