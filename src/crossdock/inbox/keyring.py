"""The secrets that may sign each store's webhooks, at hand without a query and an opened seal per request."""

import asyncio
import time
from collections.abc import Callable, Mapping

from crossdock.kit.sealing import Sealer
from crossdock.model.names import ShopDomain
from crossdock.store import stores
from crossdock.store.database import Database

LIFETIME_SECONDS = 10.0
"""How old the ring may be. A secret that was taken away works this much longer."""

GRACE_SECONDS = 1.0
"""How often, at most, a miss asks the database: strangers who guess at stores must not become its load."""


class Keyring:
    """
    All stores' secrets as the database had them some seconds ago.

    A store or a secret that the ring does not know yet is found by `afresh`, so that it works as soon as it is added.
    """

    def __init__(self, database: Database, sealer: Sealer, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._sealer = sealer
        self._monotonic = monotonic
        self._turn = asyncio.Lock()
        self._sealed: Mapping[ShopDomain, tuple[bytes, ...]] = {}
        self._opened: dict[tuple[bytes, ...], tuple[str, ...]] = {}
        self._read_at: float | None = None

    async def secrets(self, store: ShopDomain) -> tuple[str, ...] | None:
        """Return the store's secrets, newest first, None where no such store is known."""
        await self._no_older_than(LIFETIME_SECONDS)
        return self._of(store)

    async def afresh(self, store: ShopDomain) -> tuple[str, ...] | None:
        """Return the secrets as of now, after the ones at hand did not fit."""
        await self._no_older_than(GRACE_SECONDS)
        return self._of(store)

    def _of(self, store: ShopDomain) -> tuple[str, ...] | None:
        sealed = self._sealed.get(store)
        if sealed is None:
            return None
        # Each seal is opened once in its life: that takes far longer than to check a signature.
        if sealed not in self._opened:
            self._opened[sealed] = tuple(self._sealer.open(one) for one in sealed)
        return self._opened[sealed]

    async def _no_older_than(self, seconds: float) -> None:
        if self._is_younger_than(seconds):
            return
        async with self._turn:
            if self._is_younger_than(seconds):
                return
            async with self._database.begin() as tx:
                self._sealed = await stores.sealed_secrets(tx)
            kept = set(self._sealed.values())
            self._opened = {sealed: secrets for sealed, secrets in self._opened.items() if sealed in kept}
            self._read_at = self._monotonic()

    def _is_younger_than(self, seconds: float) -> bool:
        return self._read_at is not None and self._monotonic() - self._read_at < seconds
