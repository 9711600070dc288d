"""Asking a connection's store in this process, on a person's word: not while it is paused, and paused if it refuses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from crossdock.app.hub import Hub
from crossdock.kit.errors import HubError, Recovery, UsageError
from crossdock.model.names import ConnectionId
from crossdock.store import stores


@asynccontextmanager
async def working_store(hub: Hub, id_: ConnectionId) -> AsyncIterator[None]:
    """
    Pause the store where it refuses every call within the block; the error goes on.

    Raises UsageError where the store is paused already.
    """
    store = (await hub.connection(id_)).store
    async with hub.database.begin() as tx:
        kept = await stores.get(tx, store)
    if kept.paused is not None:
        then = "" if kept.uninstalled_at else f" Then: crossdock store resume {store}."
        raise UsageError(f"{store} is paused: {kept.paused}{then}")
    try:
        yield
    except HubError as error:
        if error.recovery is Recovery.PAUSE_STORE:
            await hub.pause(id_, str(error))
        raise
