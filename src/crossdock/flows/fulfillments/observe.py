"""Loads what the shipping of a batch of orders looks like: the backend first, then Shopify, then what was done."""

from collections.abc import Sequence

from crossdock.flows.fulfillments.sight import Known, Sight, Told, untold
from crossdock.model.flow import Flow
from crossdock.model.names import OrderId
from crossdock.pending.sources import Sources
from crossdock.store import holds, packages, requests


async def observe(sources: Sources, ids: Sequence[OrderId]) -> Sequence[Sight]:
    """Return a sight per order, in the order of `ids`. Shopify is asked only about orders with something to tell."""
    connection = sources.connection
    async with sources.database.begin() as tx:
        asked = await requests.of_orders(tx, connection.id, ids)
        done = await packages.of_orders(tx, connection.id, ids)
        held = {one.key: one.hold for one in await holds.held(tx, connection.id, Flow.FULFILLMENTS, keys=ids)}
    found = await sources.backend.work_orders([one.key for some in asked.values() for one in some])
    work = {
        id_: [Known(found[one.key], one.name, one.state) for one in asked.get(id_, ()) if one.key in found]
        for id_ in ids
    }
    told = {
        id_: [Told(one.package, one.tracking_number, one.fulfillment, one.ago) for one in done.get(id_, ())]
        for id_ in ids
    }
    to_tell = [id_ for id_ in ids if untold([known.work for known in work[id_]], told[id_])]
    orders = await sources.storefront.orders(to_tell) if to_tell else {}
    return [
        Sight(
            id=id_,
            order=orders.get(id_),
            work=work[id_],
            told=told[id_],
            hold=held.get(id_),
            rules=connection.rules.fulfillments,
        )
        for id_ in ids
    ]
