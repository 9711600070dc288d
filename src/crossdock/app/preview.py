"""What a flow would do now, for a person who asks before it does."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, assert_never

from crossdock.app.hub import Hub
from crossdock.kit.errors import UsageError
from crossdock.model.connection import Connection
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.model.plan import Plan
from crossdock.store import holds, links, watermarks

RECENT = timedelta(days=1)
MOST = 250
"""Objects planned at once where a person names none: one page of Shopify's, and of a person's patience."""


async def plan(hub: Hub, id_: ConnectionId, flow: Flow, keys: Sequence[str]) -> Sequence[Plan[Any]]:
    """
    Return what would be done about these objects, and do nothing.

    Without keys: what is held, then what changed at the store in the last day (for stock: every linked item), at
    most 250 in all. Raises UsageError where the flow is switched off.
    """
    connection = await hub.connection(id_)
    if flow not in connection.flows:
        on = ", ".join(sorted(connection.flows))
        raise UsageError(f"{id_} does not run the {flow} flow. It runs: {on}.")
    handler = await hub.flow(id_, flow)
    return await handler.plan(keys or await _likely(hub, connection, flow))


async def _likely(hub: Hub, connection: Connection, flow: Flow) -> Sequence[str]:
    async with hub.database.begin() as tx:
        held: list[str] = [one.key for one in await holds.held(tx, connection.id, flow)]
        linked = await links.all_inventory_items(tx, connection.id)
        since = await watermarks.now(tx) - RECENT
    storefront = await hub.storefront(connection.store)
    found: Sequence[str]
    match flow:
        case Flow.INVENTORY:
            found = linked
        case Flow.ORDERS | Flow.FULFILLMENTS | Flow.RETURNS | Flow.MONEY:
            found = [order for order, _ in (await storefront.orders_updated(since)).objects]
        case Flow.CATALOG:
            found = [variant for variant, _ in (await storefront.variants_updated(since)).objects]
        case _:
            assert_never(flow)
    return list(dict.fromkeys([*held, *found]))[:MOST]
