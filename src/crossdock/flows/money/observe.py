"""Loads what the money of a batch of orders looks like: what was done, then the backend, then Shopify."""

import asyncio
from collections.abc import Mapping, Sequence

from crossdock.flows.money.sight import Sight
from crossdock.model.capability import Capability
from crossdock.model.credit import RefundRequest
from crossdock.model.flow import Flow
from crossdock.model.names import OrderId
from crossdock.model.settlement import Settlement
from crossdock.pending.sources import Sources
from crossdock.ports.backend import Credits, RefundRequests
from crossdock.store import credit_documents, holds, links, money_moves, watermarks

SIDE_BY_SIDE = 4
"""Settlements read at once: each is a call of its own, and the store's budget decides how fast they go."""


async def observe(sources: Sources, ids: Sequence[OrderId]) -> Sequence[Sight]:
    """
    Return a sight per order, in the order of `ids`.

    Shopify is not asked about orders of which this backend was never asked to ship anything.
    """
    connection = sources.connection
    async with sources.database.begin() as tx:
        now = await watermarks.now(tx)
        asked = await credit_documents.first_asked(tx, connection.id, ids)
        moves = await money_moves.of_orders(tx, connection.id, ids)
        dealt = await credit_documents.of_orders(tx, connection.id, ids)
        held = {one.key: one.hold for one in await holds.held(tx, connection.id, Flow.MONEY, keys=ids)}
    wanted = await _wanted(sources, ids)
    ours = [id_ for id_ in ids if id_ in asked]
    orders = await sources.storefront.orders(ours) if ours else {}
    # After the orders: what is captured for goods that left was still open then.
    settled = await _settlements(sources, ours)
    variants = {line.variant for order in orders.values() for line in order.lines}
    async with sources.database.begin() as tx:
        linked = await links.of_variants(tx, connection.id, sorted(one for one in variants if one is not None))
    return [
        Sight(
            connection=connection.id,
            backend=connection.backend,
            id=id_,
            name=settlement.name if (settlement := settled.get(id_)) is not None else id_,
            order=orders.get(id_),
            settlement=settlement,
            asked_at=asked.get(id_),
            now=now,
            moves=moves.get(id_, {}),
            dealt=dealt.get(id_, {}),
            requests=wanted.get(id_, ()),
            items={variant: link.item for variant, link in linked.items()},
            rules=connection.rules.money,
            credits=Capability.CREDITS in sources.can and isinstance(sources.backend, Credits),
            hold=held.get(id_),
        )
        for id_ in ids
    ]


async def _wanted(sources: Sources, ids: Sequence[OrderId]) -> Mapping[OrderId, Sequence[RefundRequest]]:
    backend = sources.backend
    if Capability.REFUND_REQUESTS not in sources.can or not isinstance(backend, RefundRequests):
        return {}
    return await backend.refund_requests(ids)


async def _settlements(sources: Sources, ids: Sequence[OrderId]) -> Mapping[OrderId, Settlement]:
    gate = asyncio.Semaphore(SIDE_BY_SIDE)

    async def read(id_: OrderId) -> Settlement | None:
        async with gate:
            return await sources.storefront.settlement(id_)

    found = await asyncio.gather(*(read(id_) for id_ in ids))
    return {id_: one for id_, one in zip(ids, found, strict=True) if one is not None}
