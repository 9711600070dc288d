"""Making a connection a shadow, and letting it write again from a fresh look."""

from typing import Final

from crossdock.model.deed import Deed
from crossdock.model.flow import Flow
from crossdock.model.ledger import News
from crossdock.model.names import ConnectionId
from crossdock.model.people import Actor
from crossdock.pending.mark import mark
from crossdock.store import (
    audit,
    connections,
    level_news,
    links,
    news,
    pending,
    requests,
    shadow_writes,
    stock_pushes,
)
from crossdock.store.database import Tx

REASON: Final = "the connection is no shadow any more"

CANNOT_SHOW: Final = (
    "A shadow shows the next step of each object, not the one after: a package of an order that was never sent, or a "
    "level that follows from it, comes only once something is written."
)


async def begin_shadow(tx: Tx, by: Actor, connection: ConnectionId) -> bool:
    """Let a connection only note what it would write; False where it does so already. Raises UnknownConnection."""
    began = await shadow_writes.begin(tx, connection)
    if began:
        await audit.record(tx, by, Deed.SHADOW_BEGUN, connection)
    return began


async def end_shadow(tx: Tx, by: Actor, connection: ConnectionId) -> bool:
    """
    Let a connection write again; False where it does so already. Raises UnknownConnection.

    What it tried as a shadow has no answer and never happened: requests and additions to stock that were never sent
    are forgotten, every level is read before it is written, and all that rested is looked at anew.
    """
    began = await shadow_writes.end(tx, connection)
    if began is None:
        return False
    await requests.never_happened(tx, connection, began)
    items = await links.all_inventory_items(tx, connection)
    for push in await stock_pushes.unended(tx, connection, items):
        if push.tried_at >= began:
            await stock_pushes.gave_up(tx, connection, push.key)
    mapped = (await connections.get(tx, connection)).warehouses
    await level_news.append(tx, connection, News.HEARD, [(item, location) for item in items for location in mapped])
    await mark(tx, connection, Flow.INVENTORY, items, REASON)
    await pending.begin_anew(tx, connection)
    await news.wake(tx, connection)
    await audit.record(tx, by, Deed.SHADOW_ENDED, connection, before={"since": began})
    return True
