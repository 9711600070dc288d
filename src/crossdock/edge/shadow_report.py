"""What a shadow would have written, and what it holds, as programs are told: by command and over HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from crossdock.edge.shadow_changes import CANNOT_SHOW
from crossdock.model.cause import Cause
from crossdock.model.names import ConnectionId, OrderId
from crossdock.ports.shadow import Side
from crossdock.store import holds, shadow_writes
from crossdock.store.database import Tx
from crossdock.store.holds import Held
from crossdock.store.shadow_writes import Kept

MOST: Final = 10_000
"""How many writes a report says at most."""


@dataclass(frozen=True, slots=True)
class Would:
    """
    A write that was kept back: when first, when last and how often. `wanted`: it would be written now, too.

    `there` and `would` are units of a stock level, as Shopify was last seen to have it and as it would be.
    """

    side: Side
    act: str
    about: str
    order: OrderId | None
    sentence: str
    there: int | None
    would: int | None
    first_at: datetime
    last_at: datetime
    times: int
    wanted: bool


@dataclass(frozen=True, slots=True)
class HeldToo:
    """An object that the shadow holds, as the connection would."""

    key: str
    cause: Cause
    detail: str


@dataclass(frozen=True, slots=True)
class ShadowReport:
    """
    All that is known of a connection's shadow, the latest write first.

    `shadow_since` is None where the connection writes; what was kept back stays until it is a shadow again.
    """

    connection: ConnectionId
    shadow_since: datetime | None
    would: Sequence[Would]
    held: Sequence[HeldToo]
    cannot_show: str = CANNOT_SHOW


async def shadow_report(tx: Tx, connection: ConnectionId, limit: int = MOST) -> ShadowReport:
    """Return the report, up to `limit` writes of it. Raises UnknownConnection."""
    since = await shadow_writes.since(tx, connection)
    kept = await shadow_writes.listed(tx, connection, limit)
    held = await holds.held(tx, connection)
    return ShadowReport(connection, since, [_would(one) for one in kept], [_held(one) for one in held])


def _would(kept: Kept) -> Would:
    write = kept.write
    return Would(
        side=write.side,
        act=write.act,
        about=write.about,
        order=write.order,
        sentence=write.sentence,
        there=write.there,
        would=write.would,
        first_at=kept.first_at,
        last_at=kept.last_at,
        times=kept.times,
        wanted=kept.wanted,
    )


def _held(held: Held) -> HeldToo:
    return HeldToo(held.key, held.hold.cause, held.hold.detail)
