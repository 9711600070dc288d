"""Writes levels, many in one call; a row that Shopify refuses is cut out and the rest goes through."""

from collections.abc import Sequence
from dataclasses import dataclass

from crossdock.flows.inventory.decide import Publish
from crossdock.kit.keys import Plain, effect_key
from crossdock.model.names import ConnectionId
from crossdock.ports.storefront import RowRefused, Storefront

ROWS_PER_CALL = 250
"""Shopify takes at most 250 entries in an input array (Shopify docs, 2026-07)."""

ROUNDS = 4
"""Shopify may name only some bad rows at a time; after this many rounds the rest waits for the next look."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one row: `refused` is None where Shopify holds it now."""

    step: Publish
    refused: RowRefused | None


async def act(
    storefront: Storefront, connection: ConnectionId, steps: Sequence[Publish], nonce: int
) -> Sequence[Written]:
    """
    Write the levels and return what became of each row, in order.

    `nonce` is new at each claim: a key used twice within 24 hours would make Shopify answer as if it had written
    (Shopify docs, 2026-04), and a repeat is caught by `change_from` anyway. What is written is part of the key, for
    one claim may be looked at twice: with its batch, then alone.
    """
    written: list[Written] = []
    for start in range(0, len(steps), ROWS_PER_CALL):
        written += await _write(storefront, connection, steps[start : start + ROWS_PER_CALL], (nonce, start))
    return written


async def _write(
    storefront: Storefront, connection: ConnectionId, steps: Sequence[Publish], nonce: tuple[int, int]
) -> Sequence[Written]:
    refused: dict[int, RowRefused] = {}
    left = list(range(len(steps)))
    for round_ in range(ROUNDS):
        if not left:
            break
        rows = [steps[index].write for index in left]
        said: list[Plain] = [[row.item, row.location, row.quantity, row.change_from] for row in rows]
        key = effect_key("inventory", connection, *nonce, round_, said)
        # All or none: rows come back refused, or everything that was sent is written.
        refusals = await storefront.set_available(rows, key, f"gid://crossdock/StockReading/{nonce[0]}")
        if not refusals:
            return [Written(step, refused.get(index)) for index, step in enumerate(steps)]
        refused |= {left[refusal.index]: refusal for refusal in refusals}
        left = [index for index in left if index not in refused]
    unwritten = RowRefused(0, "UNWRITTEN", "The rows beside it were refused.", stale=True)
    return [Written(step, refused.get(index, unwritten)) for index, step in enumerate(steps)]
