"""Has everything looked at again that changed at the backend: orders that moved on, items whose stock moved."""

from crossdock.kit.errors import TryAgain
from crossdock.model.cause import UNLINKED_ITEMS
from crossdock.model.connection import Connection
from crossdock.model.flow import Flow
from crossdock.pending.mark import mark, release
from crossdock.ports.backend import Backend
from crossdock.store import links, requests, watermarks
from crossdock.store.database import Database


class BackendStuck(TryAgain):
    """A backend that says there is more, and does not move on."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(
            f"{connection.id}: the backend {connection.backend} says that more changed, but its cursor stands still. "
            "This is a mistake in the backend; its conformance suite shows it."
        )


async def hear_backend(database: Database, backend: Backend, connection: Connection) -> int:
    """
    Mark what the backend says may have changed since it was last heard; return how many objects that is.

    Complete is what was there before the last page was asked for: the port promises that a change shows at once.
    An item that has no variant yet may be the one that a held variant waits for, so those are looked at again.
    """
    count = 0
    while True:
        async with database.begin() as tx:
            began_at = await watermarks.now(tx)
            bookmark = await watermarks.read(tx, connection.id, watermarks.BACKEND)
        changes = await backend.changes(bookmark.cursor)
        if changes.more and changes.cursor == bookmark.cursor:
            raise BackendStuck(connection)
        async with database.begin() as tx:
            orders = await requests.orders_of(tx, connection.id, changes.orders)
            linked = await links.of_items(tx, connection.id, changes.items)
            shipped = sorted(set(orders.values()))
            moved = sorted(link.inventory_item for link in linked.values())
            await mark(tx, connection.id, Flow.FULFILLMENTS, shipped, "the warehouse worked on it")
            await mark(tx, connection.id, Flow.RETURNS, changes.returns, "something came back, or is to")
            await mark(tx, connection.id, Flow.MONEY, changes.refunds, "the backend asks for a refund")
            await mark(tx, connection.id, Flow.INVENTORY, moved, "its stock moved at the warehouse")
            if any(item not in linked for item in changes.items):
                await release(tx, connection.id, [UNLINKED_ITEMS], "an item was added or changed at the warehouse")
            await watermarks.advance(
                tx,
                connection.id,
                watermarks.BACKEND,
                complete_to=None if changes.more else began_at,
                cursor=changes.cursor,
            )
        count += len(shipped) + len(changes.returns) + len(changes.refunds) + len(moved)
        if not changes.more:
            return count
