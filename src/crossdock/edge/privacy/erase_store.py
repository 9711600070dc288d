"""Forgets a store that left, two days after it did: its people at the backends, then every row of it."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeAlias

from crossdock.edge.privacy.erase import BATCH, BackendOf, Left, forget_at_backend
from crossdock.kit.errors import StoreUnusable, TryAgain
from crossdock.model.connection import Connection
from crossdock.model.names import RequestKey, ShopDomain
from crossdock.model.privacy import REINSTALLED_WITHIN, PrivacyRequest, Standing
from crossdock.store import connections, privacy, requests, stores, watermarks
from crossdock.store.database import Database
from crossdock.store.departure import forget_store

AskStore: TypeAlias = Callable[[ShopDomain], Awaitable[object]]
"""Asks the shop who it is; raises StoreUnusable where it refuses every call."""


async def erase_store(database: Database, request: PrivacyRequest, backend_of: BackendOf, ask_store: AskStore) -> None:
    """
    Delete everything of the request's store, and write down what came of it; or why it cannot be done yet.

    A store that came back keeps its rows. One that never said that it left is asked: a message of its end may be lost.
    """
    async with database.begin() as tx:
        store = await stores.find(tx, request.store)
        now = await watermarks.now(tx)
    if store is None:
        await _settle(database, request, Standing.DONE, "There was nothing left of the store.")
        return
    left_at = store.uninstalled_at or await _left(database, request, ask_store)
    if left_at is not None and left_at + REINSTALLED_WITHIN <= now:
        await _erase(database, request, backend_of, now)


async def _left(database: Database, request: PrivacyRequest, ask_store: AskStore) -> datetime | None:
    try:
        await ask_store(request.store)
    except StoreUnusable:
        # Shopify says so two days after it (Shopify docs, 2026-07).
        left_at = request.received_at - REINSTALLED_WITHIN
        async with database.begin() as tx:
            known = await stores.leave(tx, request.store, left_at)
        if known:
            return left_at
    except TryAgain as error:
        async with database.begin() as tx:
            await privacy.say(tx, request.id, str(error))
        return None
    await _settle(database, request, Standing.DECLINED, "The store had come back by then, so nothing was erased.")
    return None


async def _erase(database: Database, request: PrivacyRequest, backend_of: BackendOf, now: datetime) -> None:
    left = Left()
    async with database.begin() as tx:
        tied = await connections.of_store(tx, request.store)
    for connection in tied:
        await _forget_people(database, connection, backend_of, left)
    if left.silent or (left.open and now < request.due_at):
        waits = [f"Goods may still leave for {', '.join(left.open)}."] if left.open else []
        async with database.begin() as tx:
            await privacy.say(tx, request.id, " ".join([*left.silent, *waits]))
        return
    await forget_store(database, request.store)
    by_hand = [*left.by_hand.values()]
    if left.open:
        by_hand.append(f"Goods had not left for {', '.join(left.open)}: erase there by hand where they were to go.")
    done = "All rows of the store are deleted, and its customers forgotten at the backends."
    await _settle(database, request, Standing.BY_HAND if by_hand else Standing.DONE, " ".join([done, *by_hand]))


async def _forget_people(database: Database, connection: Connection, backend_of: BackendOf, left: Left) -> None:
    after: RequestKey | None = None
    while True:
        async with database.begin() as tx:
            asked = await requests.with_people(tx, connection.id, after, BATCH)
        if not asked:
            return
        await forget_at_backend(database, connection, asked, backend_of, left)
        if left.silent:
            return
        after = asked[-1].key


async def _settle(database: Database, request: PrivacyRequest, standing: Standing, said: str) -> None:
    async with database.begin() as tx:
        await privacy.settle(tx, request.id, standing, said)
