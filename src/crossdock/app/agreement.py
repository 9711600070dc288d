"""Comparing both sides on a person's word: say what differs, or have it looked at and say what is left."""

from crossdock.app.catch_up import Tell, drain_all
from crossdock.app.hub import Hub
from crossdock.app.working_store import working_store
from crossdock.edge.cli.hub import Agreement, Remaining
from crossdock.model.names import ConnectionId
from crossdock.store import reconciliations


async def agree(hub: Hub, id_: ConnectionId, tell: Tell, *, repair: bool) -> Agreement:
    """
    Compare both sides of a connection.

    Without `repair` both sides are read and swept, and what differs is told and not kept. With it, all that differs
    is looked at again, in this process or by workers beside it, and what is left is told with its cause. Raises
    UsageError where the store is paused.
    """
    async with working_store(hub, id_):
        done = await (hub.reconcile(id_) if repair else hub.survey(id_))
        remaining = [Remaining(one, None) for one in done.differences]
        if repair:
            await drain_all(hub, id_, tell)
            await hub.look_back(id_)
            async with hub.database.begin() as tx:
                remaining = [Remaining(one.difference, one.cause) for one in await reconciliations.unsettled(tx, id_)]
    compared = done.compared
    return Agreement(
        id_, done.began_at, compared.orders, compared.packages, compared.items, done.differences, remaining
    )
