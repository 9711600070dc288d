"""Loads what a batch of orders looks like: one read of Shopify, one of the database, one of the backend if need be."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from crossdock.flows.orders.correcting import filled_by_hand, otherwise
from crossdock.flows.orders.filling import Filling
from crossdock.flows.orders.reading_extras import with_extras
from crossdock.flows.orders.sight import Left, Linked, Sent, Sight, Undone, Work
from crossdock.flows.orders.surveying import survey
from crossdock.model.flow import Flow
from crossdock.model.names import FulfillmentOrderLineId, OrderId, RequestKey, VariantId
from crossdock.model.order import FulfillmentOrderLine, Order
from crossdock.model.override import overridden
from crossdock.model.request import WorkOrder
from crossdock.model.withdrawal import Cancellation, JobId
from crossdock.pending.sources import Sources
from crossdock.store import (
    answers,
    cancellations,
    commitments,
    holds,
    links,
    mappings,
    overrides,
    packages,
    requests,
    returns,
    routes,
    watermarks,
)
from crossdock.store import orders as orders_kept
from crossdock.store.requests import Asked


async def observe(sources: Sources, ids: Sequence[OrderId]) -> Sequence[Sight]:
    """Return a sight per order, in the order of `ids`."""
    connection = sources.connection
    async with sources.database.begin() as tx:
        read_at = await watermarks.now(tx)
        cancelling = await cancellations.of_orders(tx, connection.id, ids)
        routed = await routes.latest(tx, connection.id, ids)
    # Before the orders: one that its job has cancelled then is seen to be cancelled.
    jobs = [one.job for one in cancelling.values() if one.job is not None]
    done = await sources.storefront.jobs_done(jobs) if jobs else ()
    orders = await sources.storefront.orders(ids)
    variants = sorted({line.variant for order in orders.values() for line in _lines(order) if line.variant})
    async with sources.database.begin() as tx:
        asked = await requests.of_orders(tx, connection.id, ids)
        back = await packages.asked_still(tx, connection.id, ids)
        gone = await packages.left(tx, connection.id, ids)
        said = await overrides.of_orders(tx, connection.id, ids)
        answered = await answers.of_orders(tx, connection.id, Flow.ORDERS, ids)
        expected = await returns.of_orders(tx, connection.id, ids)
        wanted = await commitments.of_orders(tx, connection.id, ids)
        found = await orders_kept.found_before(tx, connection.id, ids)
        newest, versions = await mappings.needed(tx, connection.id, _versions(asked))
        linked = await links.of_variants(tx, connection.id, variants)
        refused = await holds.held(tx, connection.id, Flow.CATALOG, keys=variants)
        held = {one.key: one for one in await holds.held(tx, connection.id, Flow.ORDERS, keys=ids)}
    # Tried, and the answer was lost: the backend is asked before anything is sent again.
    unsure = [one.key for some in asked.values() for one in some if one.reference is None]
    known = await sources.backend.work_orders(unsure) if unsure else {}
    filling = Filling(sources.fields, newest, versions)
    orders = await with_extras(sources.storefront, orders, filling.wishes)
    items = {variant: Linked(link.item, link.inventory_item) for variant, link in linked.items()}
    words = {id_: {name: one.value for name, one in some.items()} for id_, some in said.items()}
    sights = [
        Sight(
            id=id_,
            read_at=read_at,
            order=overridden(orders[id_], words.get(id_, {})) if id_ in orders else None,
            sent=[_sent(one, known, back) for one in asked.get(id_, ())],
            hold=held[id_].hold if id_ in held else None,
            resolved=id_ in held and held[id_].resolved,
            links=items,
            catalog_held=frozenset(VariantId(one.key) for one in refused),
            wanted=wanted.get(id_, ()),
            connection=connection,
            left=_left(orders.get(id_), gone.get(id_, ())),
            can=sources.can,
            filling=filled_by_hand(filling, words.get(id_, {})),
            overrides=said.get(id_, {}),
            otherwise=otherwise(orders[id_], words[id_], filling, connection) if id_ in orders and id_ in words else {},
            found_before=found.get(id_, ()),
            answered=answered.get(id_),
            expected_back=expected.get(id_, ()),
            cancellation=_begun(cancelling.get(id_), done),
            route=routed.get(id_),
        )
        for id_ in ids
    ]
    return await survey(sources, sights)


def _begun(cancellation: Cancellation | None, done: Collection[JobId]) -> Cancellation | None:
    return cancellation and replace(cancellation, done=cancellation.job in done)


def _versions(asked: Mapping[OrderId, Sequence[Asked]]) -> set[int]:
    """The mappings that requests of these orders were sent with."""
    return {one.terms.mapping for some in asked.values() for one in some if one.terms is not None}


def _lines(order: Order) -> Sequence[FulfillmentOrderLine]:
    return [line for fo in order.fulfillment_orders for line in fo.lines]


def _sent(one: Asked, known: Mapping[RequestKey, WorkOrder], back: Collection[RequestKey]) -> Sent:
    recorded = one.reference is not None
    work: Work | None = None
    if one.reference is not None and one.state is not None:
        work = Work(one.reference, one.state)
    elif one.key in known:
        work = Work(known[one.key].reference, known[one.key].state)
    return Sent(
        key=one.key,
        name=one.name,
        location=one.location,
        work=work,
        recorded=recorded,
        terms=one.terms,
        asking=one.asking,
        counted=one.counted,
        taken_back=one.key in back,
        stopping=one.stopping,
        asked=one.units,
        short=one.short,
    )


def _left(order: Order | None, gone: Sequence[packages.Left]) -> Left:
    standing = {one.id for one in order.fulfillments if one.status != "CANCELLED"} if order is not None else set()
    told: Counter[tuple[RequestKey, FulfillmentOrderLineId]] = Counter()
    for package in gone:
        for line, units in package.contents:
            told[package.key, line] += units
    cancelled = {one.id: one.name for one in order.fulfillments if one.cancelled} if order is not None else {}
    undone = [
        Undone(one.package, cancelled[one.fulfillment], one.contents)
        for one in gone
        if one.fulfillment is not None and one.fulfillment in cancelled and not one.taken_back
    ]
    return Left(told, all(package.fulfillment in standing for package in gone), undone)
