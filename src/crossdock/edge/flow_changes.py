"""Switching a connection's flows, and having looked at what went unheard while one was off."""

from collections.abc import Collection

from crossdock.kit.errors import UsageError
from crossdock.model.deed import Deed
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.model.people import Actor
from crossdock.pending.mark import mark
from crossdock.store import audit, connections, links
from crossdock.store.database import Tx


async def switch_flows(
    tx: Tx, by: Actor, connection: ConnectionId, flows: Collection[Flow], possible: Collection[Flow]
) -> bool:
    """
    Have these flows on, and no others; return whether that changes anything.

    Orders and goods that changed while their flow was off are found by the next sweep, for it goes on where it was;
    all stock is looked at again. Raises UnknownConnection, and UsageError where the backend has no part in a flow.
    """
    impossible = [flow for flow in flows if flow not in possible]
    if impossible:
        raise UsageError(f"The backend of {connection} has no part in {impossible[0]}. Leave that flow off.")
    before = await connections.flows_to_change(tx, connection)
    after = frozenset(flows)
    if after == before:
        return False
    await connections.set_flows(tx, connection, after)
    was, is_ = {"flows": sorted(before)}, {"flows": sorted(after)}
    await audit.record(tx, by, Deed.FLOWS_CHANGED, connection, before=was, after=is_)
    if Flow.INVENTORY in after - before:
        linked = await links.all_inventory_items(tx, connection)
        await mark(tx, connection, Flow.INVENTORY, linked, "its flow was switched on")
    return True
