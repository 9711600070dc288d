"""What changed at Shopify since the last sweep: orders by `updated_at`, and variants."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from crossdock.model.connection import Connection
from crossdock.model.flow import Flow
from crossdock.model.names import OrderId
from crossdock.pending.mark import mark
from crossdock.ports.storefront import Storefront, Updated
from crossdock.store import orders, watermarks
from crossdock.store.database import Database
from crossdock.store.orders import LookedAt

ORDERS = "orders"
VARIANTS = "variants"

OVERLAP = timedelta(minutes=5)
"""Looked at again at every sweep: Shopify's search index lags by an unknown time, and clocks differ."""

SETTLED = timedelta(seconds=10)
"""
`updated_at` has whole seconds: an order that was read within its second, give or take two clocks' difference, may have
changed again since, and is looked at once more.
"""

ROWS = 20_000
"""After so many rows the question is asked anew, from the last row's time on: Shopify pages a sorted list to 25,000."""

IdT = TypeVar("IdT", bound=str)


async def sweep_orders(database: Database, storefront: Storefront, connection: Connection) -> int:
    """Mark the orders that changed since the watermark and were not looked at since; return how many they are."""
    beginning = connection.rules.orders.placed_from or datetime(2000, 1, 1, tzinfo=UTC)

    async def unseen(found: Sequence[tuple[OrderId, datetime]]) -> Collection[OrderId]:
        async with database.begin() as tx:
            last = await orders.looked_at(tx, connection.id, [id_ for id_, _ in found])
        return [id_ for id_, updated_at in found if id_ not in last or _may_differ(last[id_], updated_at)]

    return await _sweep(
        database, connection, ORDERS, Flow.ORDERS, beginning, storefront.orders_updated, unseen, oldest_first=True
    )


def _may_differ(last: LookedAt, updated_at: datetime) -> bool:
    # Shopify's clock is compared with itself; only an order that was read while it changed is left to the hub's.
    return updated_at > last.updated_at or last.looked_at < updated_at + SETTLED


async def sweep_variants(database: Database, storefront: Storefront, connection: Connection) -> int:
    """Mark the variants that changed since the watermark; return how many they are."""

    async def all_of_them(found: Sequence[tuple[IdT, datetime]]) -> Collection[IdT]:
        return [id_ for id_, _ in found]

    beginning = datetime(2000, 1, 1, tzinfo=UTC)
    return await _sweep(
        database,
        connection,
        VARIANTS,
        Flow.CATALOG,
        beginning,
        storefront.variants_updated,
        all_of_them,
        oldest_first=False,
    )


async def _sweep(
    database: Database,
    connection: Connection,
    stream: str,
    flow: Flow,
    beginning: datetime,
    ask: Callable[[datetime, str | None], Awaitable[Updated[IdT]]],
    worth_a_look: Callable[[Sequence[tuple[IdT, datetime]]], Awaitable[Collection[IdT]]],
    *,
    oldest_first: bool,
) -> int:
    async with database.begin() as tx:
        began_at = await watermarks.now(tx)
        mark_ = await watermarks.read(tx, connection.id, stream)
    since = beginning if mark_.complete_to is None else mark_.complete_to - OVERLAP
    after: str | None = None
    count = rows = 0
    while True:
        page = await ask(since, after)
        found = await worth_a_look(page.objects)
        async with database.begin() as tx:
            await mark(tx, connection.id, flow, sorted(found), "the sweep found it changed")
            if page.after is None:
                await watermarks.advance(tx, connection.id, stream, complete_to=began_at)
        if page.after is None:
            return count + len(found)
        count += len(found)
        rows += len(page.objects)
        after = page.after
        if oldest_first and rows >= ROWS and page.objects[-1][1] > since:
            since, after, rows = page.objects[-1][1], None, 0
