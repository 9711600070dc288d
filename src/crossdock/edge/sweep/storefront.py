"""What changed at Shopify since the last sweep: orders by `updated_at`, and variants."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from crossdock.kit.errors import TryAgain
from crossdock.model.connection import Connection
from crossdock.model.flow import Flow
from crossdock.model.names import OrderId
from crossdock.pending.mark import mark
from crossdock.ports.storefront import Storefront, Updated
from crossdock.store import orders, unheard, watermarks
from crossdock.store.database import Database
from crossdock.store.orders import LookedAt
from crossdock.store.unheard import Change

LAG = timedelta(minutes=5)
"""
What changed less than this ago, a sweep may not have been shown, so it does not count as complete and is asked for
again: Shopify's search index follows by a time that is not documented, and its clock and the hub's differ.
"""

SETTLED = timedelta(seconds=10)
"""
`updated_at` has whole seconds: an order that was read within its second, give or take two clocks' difference, may have
changed again since, and is looked at once more.
"""

ROWS = 20_000
"""After so many rows the question is asked anew, from the last row's time on: Shopify pages a sorted list to 25,000."""

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
"""Before the first order of any store."""

IdT = TypeVar("IdT", bound=str)


class StoreStuck(TryAgain):
    """A store that says there is more, and answers with the same page."""

    def __init__(self, connection: Connection, stream: str) -> None:
        super().__init__(
            f"{connection.id}: Shopify says that more {stream} changed, but its cursor stands still. The sweep begins "
            "again from its last mark."
        )


async def sweep_orders(
    database: Database, storefront: Storefront, connection: Connection, *, by_webhook: bool = False
) -> int:
    """
    Mark the orders that changed since the watermark and were not looked at since; return how many they are.

    `by_webhook` says that webhooks should have told of them, so that what they did not tell is written down.
    """
    beginning = connection.rules.orders.placed_from or BEGINNING

    async def unseen(found: Sequence[tuple[OrderId, datetime]]) -> Mapping[OrderId, str]:
        async with database.begin() as tx:
            last = await orders.looked_at(tx, connection.id, [id_ for id_, _ in found])
        new = {id_: "orders/create" for id_, _ in found if id_ not in last}
        changed = {id_: "orders/updated" for id_, at in found if id_ in last and _may_differ(last[id_], at)}
        return new | changed

    return await _sweep(
        database,
        connection,
        watermarks.ORDERS,
        Flow.ORDERS,
        beginning,
        storefront.orders_updated,
        unseen,
        oldest_first=True,
        by_webhook=by_webhook,
    )


def _may_differ(last: LookedAt, updated_at: datetime) -> bool:
    # Shopify's clock is compared with itself; only an order that was read while it changed is left to the hub's.
    return updated_at > last.updated_at or last.looked_at < updated_at + SETTLED


async def sweep_variants(
    database: Database, storefront: Storefront, connection: Connection, *, by_webhook: bool = False
) -> int:
    """Mark the variants that changed since the watermark; return how many they are."""

    async def all_of_them(found: Sequence[tuple[IdT, datetime]]) -> Mapping[IdT, str]:
        return {id_: "products/update" for id_, _ in found}

    return await _sweep(
        database,
        connection,
        watermarks.VARIANTS,
        Flow.CATALOG,
        BEGINNING,
        storefront.variants_updated,
        all_of_them,
        oldest_first=False,
        by_webhook=by_webhook,
    )


async def _sweep(
    database: Database,
    connection: Connection,
    stream: str,
    flow: Flow,
    beginning: datetime,
    ask: Callable[[datetime, str | None], Awaitable[Updated[IdT]]],
    worth_a_look: Callable[[Sequence[tuple[IdT, datetime]]], Awaitable[Mapping[IdT, str]]],
    *,
    oldest_first: bool,
    by_webhook: bool,
) -> int:
    """`worth_a_look` returns the objects to mark, each with the topic that should have told of it."""
    async with database.begin() as tx:
        began_at = await watermarks.now(tx)
        mark_ = await watermarks.read(tx, connection.id, stream)
    since = beginning if mark_.complete_to is None else mark_.complete_to
    after: str | None = None
    count = rows = 0
    while True:
        page = await ask(since, after)
        if page.after is not None and page.after == after:
            raise StoreStuck(connection, stream)
        found = await worth_a_look(page.objects)
        async with database.begin() as tx:
            await mark(tx, connection.id, flow, sorted(found), "the sweep found it changed")
            if by_webhook and mark_.complete_to is not None:
                # What changed before the last sweep began is no news. Before the first one, nobody promised to tell.
                news_from = mark_.complete_to + LAG - unheard.CLOCKS
                changes = [Change(found[id_], id_, at) for id_, at in page.objects if id_ in found and at >= news_from]
                await unheard.found(tx, connection.store, changes)
            if page.after is None:
                await watermarks.advance(tx, connection.id, stream, complete_to=began_at - LAG)
        count += len(found)
        if page.after is None:
            return count
        rows += len(page.objects)
        after = page.after
        if oldest_first and rows >= ROWS and page.objects[-1][1] > since:
            since, after, rows = page.objects[-1][1], None, 0
