"""Loads what the shipping of a batch of orders looks like: the backend first, then Shopify, then what was done."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from crossdock.flows.fulfillments.showing import to_show
from crossdock.flows.fulfillments.sight import Due, Known, Sight, due
from crossdock.model.announced import KnownReturn
from crossdock.model.flow import Flow
from crossdock.model.names import FulfillmentId, OrderId, RequestKey
from crossdock.model.request import DeliveryEvent
from crossdock.pending.sources import Sources
from crossdock.store import answers, holds, packages, requests, returns


async def observe(sources: Sources, ids: Sequence[OrderId]) -> Sequence[Sight]:
    """Return a sight per order, in the order of `ids`. Shopify is asked only about orders with something to tell."""
    connection = sources.connection
    async with sources.database.begin() as tx:
        asked = await requests.of_orders(tx, connection.id, ids)
        told = await packages.of_orders(tx, connection.id, ids)
        known_back = await returns.of_orders(tx, connection.id, ids)
        held = {one.key: one.hold for one in await holds.held(tx, connection.id, Flow.FULFILLMENTS, keys=ids)}
        answered = await answers.of_orders(tx, connection.id, Flow.FULFILLMENTS, ids)
    found = await sources.backend.work_orders([one.key for some in asked.values() for one in some])
    work = {
        id_: [
            Known(found[one.key], one.name, one.state, one.shown, one.units, one.warehouse, one.location)
            for one in asked.get(id_, ())
            if one.key in found
        ]
        for id_ in ids
    }
    to_tell = {id_: due([known.work for known in work[id_]], told.get(id_, ())) for id_ in ids}
    rules = connection.rules.fulfillments
    wanted = [id_ for id_, some in to_tell.items() if some or any(to_show(known, rules) for known in work[id_])]
    orders = await sources.storefront.orders(wanted) if wanted else {}
    events = await _events(sources, [one for some in to_tell.values() for one in some])
    return [
        Sight(
            id=id_,
            order=orders.get(id_),
            work=work[id_],
            told=told.get(id_, ()),
            hold=held.get(id_),
            rules=rules,
            events=events,
            expected_back=_expected_back(known_back.get(id_, ())),
            warehouses=connection.warehouses,
            answered=answered.get(id_),
        )
        for id_ in ids
    ]


def _expected_back(known: Sequence[KnownReturn]) -> Mapping[RequestKey, Counter[str]]:
    found: dict[RequestKey, Counter[str]] = defaultdict(Counter)
    for one in known:
        if one.request is not None:
            found[one.request].update({str(line): int(units) for line, units in one.announced or ()})
    return found


async def _events(sources: Sources, some: Sequence[Due]) -> Mapping[FulfillmentId, Sequence[DeliveryEvent]]:
    """Return what Shopify has of the fulfillments that have something new to report."""
    known = [one.told.fulfillment for one in some if one.told is not None and one.told.fulfillment and one.events]
    return await sources.storefront.delivery_events(known) if known else {}
