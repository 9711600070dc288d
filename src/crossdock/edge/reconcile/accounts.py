"""Loads the three accounts of a batch of orders, and which orders are worth comparing at all."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from crossdock.edge.reconcile.account import Account
from crossdock.model.flow import Flow
from crossdock.model.names import OrderId, RequestKey
from crossdock.pending.sources import Sources
from crossdock.store import holds, orders, packages, reconciliations, requests
from crossdock.store.reads import unsettled

WINDOW = timedelta(days=60)
"""How far back Shopify is asked for its orders: older ones it does not show to every app (Shopify docs, 2026-07)."""

AT_LEAST = timedelta(days=2)
"""Orders at rest are compared once after they came to rest; at the first comparison, those of the last days."""


async def orders_to_compare(sources: Sources, began_at: datetime) -> tuple[int, Sequence[OrderId]]:
    """
    Return how many orders were gone through, and which of them to compare in full.

    Shopify lists every order of the window with the time of its last change, and the hub lists what it knows. In full
    are compared: those whose last change the hub has not seen, those not at rest, and those that came to rest since
    the last comparison.
    """
    connection = sources.connection
    async with sources.database.begin() as tx:
        last = (await reconciliations.latest(tx)).get(connection.id)
        looked_since = min(began_at - AT_LEAST, last.began_at if last else began_at)
        restless = set(await unsettled.orders_not_at_rest(tx, connection.id, looked_since))
    placed_from = connection.rules.orders.placed_from
    since = max(began_at - WINDOW, placed_from) if placed_from else began_at - WINDOW
    listed: set[OrderId] = set()
    after: str | None = None
    while True:
        page = await sources.storefront.orders_updated(since, after)
        async with sources.database.begin() as tx:
            seen = await orders.looked_at(tx, connection.id, [id_ for id_, _ in page.objects])
        listed.update(id_ for id_, _ in page.objects)
        restless.update(id_ for id_, at in page.objects if id_ not in seen or at > seen[id_].updated_at)
        if page.after is None or page.after == after:
            return len(listed | restless), sorted(restless)
        after = page.after


async def accounts_of(sources: Sources, ids: Sequence[OrderId]) -> Sequence[Account]:
    """Return what Shopify, the hub and the warehouse say of these orders, in the order of `ids`; up to 50."""
    connection = sources.connection
    at_shopify = await sources.storefront.orders(ids)
    async with sources.database.begin() as tx:
        asked = await requests.of_orders(tx, connection.id, ids)
        seen = await orders.looked_at(tx, connection.id, ids)
        told = await packages.of_orders(tx, connection.id, ids)
        held = {(one.flow, one.key) for one in await holds.held(tx, connection.id, keys=ids)}
    keys = {
        id_: {
            *(one.key for one in asked.get(id_, ())),
            *(RequestKey(fo.id) for fo in (at_shopify[id_].fulfillment_orders if id_ in at_shopify else ())),
        }
        for id_ in ids
    }
    # Asked by what Shopify has as well: the warehouse may know of requests that the hub has forgotten.
    work = await sources.backend.work_orders(sorted({key for some in keys.values() for key in some}))
    return [
        Account(
            id=id_,
            order=at_shopify.get(id_),
            seen_as_of=seen[id_].updated_at if id_ in seen else None,
            asked=asked.get(id_, ()),
            told={one.package: one.fulfillment for one in told.get(id_, ()) if one.fulfillment is not None},
            work={key: work[key] for key in sorted(keys[id_]) if key in work},
            held=(Flow.ORDERS, id_) in held,
            shipping_held=(Flow.FULFILLMENTS, id_) in held,
            rules=connection.rules.orders,
        )
        for id_ in ids
    ]
