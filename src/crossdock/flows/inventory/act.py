"""Writes levels, many in one call; a row that Shopify refuses is cut out and the rest goes through."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from crossdock.flows.inventory.decide import Push
from crossdock.kit.errors import NotNow
from crossdock.kit.keys import Plain, effect_key
from crossdock.model.connection import StockMode
from crossdock.model.names import ConnectionId
from crossdock.model.stock import AdjustAvailable, SetAvailable
from crossdock.ports.storefront import RowRefused, Storefront

ROWS_PER_CALL = 250
"""Shopify takes at most 250 entries in an input array (Shopify docs, 2026-07)."""

ROUNDS = 4
"""Shopify may name only some bad rows at a time; after this many rounds the rest waits for the next look."""


def reference_of(key: str) -> str:
    """Return what Shopify's history calls a call; a repeat under its key says the same (Shopify docs, 2026-07)."""
    return f"gid://crossdock/StockPush/{key}"


class Intents(Protocol):
    """Where calls are written down."""

    async def tried(self, key: str, pushes: Sequence[Push]) -> None:
        """Write a call down by its key before it is tried."""
        ...

    async def refused(self, key: str, pushes: Sequence[Push]) -> None:
        """Write down that it was refused as a whole: nothing of it happened."""
        ...


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one row: `refused` is None where Shopify holds it now."""

    push: Push
    refused: RowRefused | None


async def act(
    storefront: Storefront, connection: ConnectionId, pushes: Sequence[Push], nonce: int, intents: Intents
) -> Sequence[Written]:
    """
    Write the levels and return what became of each row. Each call is written down before it is tried.

    `nonce` is new at each claim: a key used twice within 24 hours would make Shopify answer as if it had written
    (Shopify docs, 2026-04), and a repeat is caught by `change_from` anyway. What is written is part of the key, for
    one claim may be looked at twice: with its batch, then alone. Raises NotNow once every call was tried.
    """
    written: list[Written] = []
    not_now: NotNow | None = None
    for mode in StockMode:
        alike = [push for push in pushes if push.mode is mode]
        for start in range(0, len(alike), ROWS_PER_CALL):
            call = _Call(storefront, connection, (nonce, start), intents)
            try:
                written += await call.write(alike[start : start + ROWS_PER_CALL])
            except NotNow as error:  # said at once, and of this call only
                not_now = error
    if not_now is not None:
        raise not_now
    return written


@dataclass(frozen=True, slots=True)
class _Call:
    storefront: Storefront
    connection: ConnectionId
    nonce: tuple[int, int]
    intents: Intents

    async def write(self, pushes: Sequence[Push]) -> Sequence[Written]:
        refused: dict[int, RowRefused] = {}
        left = list(range(len(pushes)))
        for round_ in range(ROUNDS):
            if not left:
                break
            refusals = await self._try([pushes[index] for index in left], round_)
            # All or none: rows come back refused, or everything that was sent is written.
            if not refusals:
                return [Written(push, refused.get(index)) for index, push in enumerate(pushes)]
            refused |= {left[refusal.index]: refusal for refusal in refusals}
            left = [index for index in left if index not in refused]
        unwritten = RowRefused(0, "UNWRITTEN", "The rows beside it were refused.", stale=True)
        return [Written(push, refused.get(index, unwritten)) for index, push in enumerate(pushes)]

    async def _try(self, pushes: Sequence[Push], round_: int) -> Sequence[RowRefused]:
        said: list[Plain] = [[*push.ledger.level, push.target, push.ledger.believed, push.mode] for push in pushes]
        key = effect_key("inventory", self.connection, *self.nonce, round_, said)
        await self.intents.tried(key, pushes)
        if pushes[0].mode is StockMode.DELTA:
            added = [AdjustAvailable(*push.ledger.level, push.units) for push in pushes]
            refusals = await self.storefront.adjust_available(added, key, reference_of(key))
        else:
            rows = [SetAvailable(*push.ledger.level, push.target, push.ledger.believed) for push in pushes]
            refusals = await self.storefront.set_available(rows, key, reference_of(key))
        if refusals:
            await self.intents.refused(key, pushes)
        return refusals
