"""Pausing a store, and having what waited meanwhile looked at once it is called again."""

from crossdock.model.deed import Deed
from crossdock.model.names import ShopDomain
from crossdock.model.people import Actor
from crossdock.store import audit, connections, news, stores
from crossdock.store.database import Tx
from crossdock.store.stores import Store

BY_HAND = "Paused by hand."


async def pause_store(tx: Tx, by: Actor, domain: ShopDomain, reason: str = BY_HAND) -> Store:
    """Stop calling a store; its webhooks are still kept. The first reason stays. Raises UnknownStore."""
    await stores.get(tx, domain)
    await stores.pause(tx, domain, reason)
    await audit.record(tx, by, Deed.STORE_PAUSED, domain, after={"reason": reason})
    return await stores.get(tx, domain)


async def resume_store(tx: Tx, by: Actor, domain: ShopDomain) -> Store:
    """Call a paused store again. Raises UnknownStore, and UsageError where there is no token to call it with."""
    paused = await stores.get(tx, domain)
    await stores.resume(tx, domain)
    for connection in await connections.of_store(tx, domain):
        await news.wake(tx, connection.id)
    await audit.record(tx, by, Deed.STORE_RESUMED, domain, before={"reason": paused.paused})
    return await stores.get(tx, domain)
