"""Catching up in one process: sweep both sides of a connection, then drain its flows until nothing is due."""

import asyncio
import os
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from crossdock.app.hub import Hub
from crossdock.app.working_store import working_store
from crossdock.edge.cli.hub import Again, CaughtUp, Tally
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.pending.drain import drain
from crossdock.pending.mark import mark
from crossdock.pending.work import Claim, Handler, Look
from crossdock.store import links, pending
from crossdock.store.presence import present

BY_HAND = "a person asked for it"

_ORDER_OF_FLOWS = (Flow.CATALOG, Flow.ORDERS, Flow.FULFILLMENTS, Flow.RETURNS, Flow.MONEY, Flow.INVENTORY)
"""What an earlier flow learns is news to a later one; any order comes to the same end, this one soonest."""

WORKERS_SECONDS = 10.0
"""How long a catch-up waits for workers to settle what they hold; one that was killed holds it as long."""

BETWEEN_LOOKS_SECONDS = 0.05

Tell = Callable[[Flow | str, int], None]


async def catch_up(hub: Hub, id_: ConnectionId, again: Again, tell: Tell) -> CaughtUp:
    """
    Sweep both sides and look at all that is due, until nothing is; what rests in a wait or a back-off stays pending.

    Workers may run meanwhile. Raises UsageError where the store is paused; a store that refuses every call is paused
    and its error raised.
    """
    async with working_store(hub, id_):
        at_store = at_backend = 0
        if not again.orders:
            at_store = await hub.sweep_storefront(id_)
            tell("changed at the store", at_store)
            at_backend = await hub.sweep_backend(id_)
            tell("changed at the backend", at_backend)
        await _mark_again(hub, id_, again)
        return CaughtUp(id_, at_store, at_backend, await drain_all(hub, id_, tell))


async def _mark_again(hub: Hub, id_: ConnectionId, again: Again) -> None:
    async with hub.database.begin() as tx:
        await mark(tx, id_, Flow.ORDERS, again.orders, BY_HAND)
        await mark(tx, id_, Flow.FULFILLMENTS, again.orders, BY_HAND)
        await mark(tx, id_, Flow.RETURNS, again.orders, BY_HAND)
        await mark(tx, id_, Flow.MONEY, again.orders, BY_HAND)
        if again.stock:
            await mark(tx, id_, Flow.INVENTORY, await links.all_inventory_items(tx, id_), BY_HAND)
    if again.catalog:
        await _mark_catalog(hub, id_)


async def _mark_catalog(hub: Hub, id_: ConnectionId) -> None:
    storefront = await hub.storefront((await hub.connection(id_)).store)
    after: str | None = None
    while True:
        page = await storefront.variants_updated(datetime(2000, 1, 1, tzinfo=UTC), after)
        async with hub.database.begin() as tx:
            await mark(tx, id_, Flow.CATALOG, [variant for variant, _ in page.objects], BY_HAND)
        after = page.after
        if after is None:
            return


async def drain_all(hub: Hub, id_: ConnectionId, tell: Tell) -> dict[Flow, Tally]:
    """Look at all that is due, until nothing is; return what came of it, by flow."""
    flows = (await hub.connection(id_)).flows
    worker = f"sync on {socket.gethostname()}, process {os.getpid()}"
    tallies: dict[Flow, Tally] = {}
    patience = time.monotonic() + WORKERS_SECONDS
    async with present(hub.database.url, worker) as here:
        await here.wait()
        while True:
            async with hub.database.begin() as tx:
                due = {flow for _, flow in await pending.due(tx, [id_])} & flows
                elsewhere = sum(one.looked_at for one in await pending.waiting(tx) if one.connection == id_)
            if not due and elsewhere and time.monotonic() < patience:
                # A worker has its hands on something that we would have looked at: it is news, too, when it is done.
                await asyncio.sleep(BETWEEN_LOOKS_SECONDS)
                continue
            if not due:
                return {flow: tally for flow, tally in tallies.items() if tally.looked_at}
            for flow in (flow for flow in _ORDER_OF_FLOWS if flow in due):
                handler = _telling(await hub.flow(id_, flow), flow, tell)
                drained = await drain(hub.database, handler, id_, flow, worker)
                if drained.unusable is not None:
                    raise drained.unusable
                tally = tallies.get(flow, Tally())
                tallies[flow] = replace(
                    tally,
                    looked_at=tally.looked_at + drained.looked_at,
                    held=tally.held + drained.held,
                    waiting=tally.waiting + drained.waiting,
                    failed=tally.failed + drained.failed,
                )


def _telling(handler: Handler, flow: Flow, tell: Tell) -> Handler:
    async def look(claims: Sequence[Claim]) -> Sequence[Look]:
        looks = await handler(claims)
        tell(flow, len(claims))
        return looks

    return look
