"""A person or a program asks for another look, and the hub remembers who."""

from collections.abc import Mapping, Sequence

from crossdock.kit.errors import UsageError
from crossdock.model.deed import Deed
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, OrderId
from crossdock.model.people import Actor
from crossdock.pending.mark import mark
from crossdock.store import audit, connections, reconciliations, stores, timeline
from crossdock.store.database import Tx
from crossdock.store.reconciliations import Asked
from crossdock.store.timeline import Event

_NAMED_AT_MOST = 20  # a thousand keys would say no more than how many there are
_ORDER = "gid://shopify/Order/"


async def look_at_order(tx: Tx, by: Actor, connection: ConnectionId, order: OrderId) -> None:
    """Have all flows of an order look at it again."""
    await look_again(
        tx, by, connection, {flow: [order] for flow in (Flow.ORDERS, Flow.FULFILLMENTS, Flow.RETURNS, Flow.MONEY)}
    )


async def look_again(tx: Tx, by: Actor, connection: ConnectionId, keys: Mapping[Flow, Sequence[str]]) -> None:
    """
    Have each flow look at its objects again, and write down who asked: in the audit trail, and on orders' time lines.

    Nothing is written where there are none.
    """
    asked = {flow: list(some) for flow, some in keys.items() if some}
    if not asked:
        return
    for flow, some in asked.items():
        await mark(tx, connection, flow, some, f"{by.name} asked")
    orders = {key: flow for flow, some in asked.items() for key in some if key.startswith(_ORDER)}
    sentence = f"{by.name} asked for another look."
    await timeline.tell_many(
        tx, [Event(connection, OrderId(key), flow, "asked", sentence) for key, flow in orders.items()]
    )
    what = {
        flow.value: some if len(some) <= _NAMED_AT_MOST else [*some[:_NAMED_AT_MOST], f"… {len(some)} in all"]
        for flow, some in asked.items()
    }
    await audit.record(tx, by, Deed.ASKED_FOR_A_LOOK, connection, after=what)


async def ask_to_compare(tx: Tx, by: Actor, connection: ConnectionId) -> Asked:
    """
    Have a worker compare both sides within a minute, and have what differs looked at again.

    Raises UnknownConnection, and UsageError where the hub does not work for the connection now.
    """
    found = await connections.get(tx, connection)
    if not found.started:
        raise UsageError(f"{connection} is being set up. Start it first; both sides are compared then.")
    store = await stores.get(tx, found.store)
    if store.paused is not None:
        raise UsageError(f"{store.domain} is paused: {store.paused} Resume it first; then ask again.")
    await audit.record(tx, by, Deed.REPAIR_ASKED, connection)
    return await reconciliations.ask(tx, connection)
