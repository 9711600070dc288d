"""
The drain: fold the news of one flow, claim what is due, have the flow look at it, settle; until nothing is due.

Any number may run at once, for the same flow too, in any number of processes: the claims keep them apart.
"""

import asyncio
import random
from asyncio import Event
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from crossdock.kit import telemetry
from crossdock.kit.errors import HubError, Recovery
from crossdock.model.cause import Hold
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.model.plan import Wait
from crossdock.pending.lease import kept
from crossdock.pending.look import look_at
from crossdock.pending.settle import settle
from crossdock.pending.work import Blocked, Claim, Failed, Handler, Look
from crossdock.store import news, pending
from crossdock.store.complaints import DatabaseUnavailable
from crossdock.store.database import Database

BATCH: Final = 50
LARGER_BATCHES: Final = {Flow.INVENTORY: 250}
"""Many levels are written with one call; their looks are short."""

LEASE: Final = timedelta(seconds=60)
HANDLER_TIME: Final = timedelta(seconds=45)

_LEASES_PER_BATCH: Final = 4
"""A batch takes at most two handler times, then settles; a heartbeat that goes on longer keeps a hung loop's claims."""

_BREATH: Final = 0.5  # seconds before a database that went away is asked again


@dataclass(frozen=True, slots=True)
class Drained:
    """
    What a drain did: how many objects it looked at, and how many of them did not come to peace, by reason.

    `lost` looks did not count, for the lease had gone to another drain. `unusable` says that the store refuses every
    call: the drain stopped there and gave back what it had claimed. `next_due_in` is how long until the next object
    is due; None where none is.
    """

    looked_at: int = 0
    held: int = 0
    waiting: int = 0
    failed: int = 0
    lost: int = 0
    unusable: HubError | None = None
    next_due_in: timedelta | None = None


async def drain(
    database: Database,
    handler: Handler,
    connection: ConnectionId,
    flow: Flow,
    worker: str,
    *,
    batch: int | None = None,
    lease: timedelta = LEASE,
    handler_time: timedelta = HANDLER_TIME,
    stop: Event | None = None,
    chance: Callable[[], float] = random.random,
) -> Drained:
    """
    Look at everything of one flow that is due, batch by batch, and report.

    `worker` names who looks, for the pages. Once `stop` is set, it ends after the batch in hand; when cancelled, it
    gives that batch back. `chance` draws from [0, 1) for the back-off. Raises DatabaseUnavailable.
    """
    if handler_time >= lease:
        raise ValueError(f"The handler's time ({handler_time}) must be shorter than the lease ({lease}).")
    size = batch or LARGER_BATCHES.get(flow, BATCH)
    drained = Drained()
    while stop is None or not stop.is_set():
        more_news, claims = await _claim(database, connection, flow, worker, lease, size)
        if not claims:
            if more_news:
                continue
            break
        tokens = {claim.key: claim.token for claim in claims}
        try:
            with (
                _traced(claims),
                kept(database.url, connection, flow, tokens, lease, longest=lease * _LEASES_PER_BATCH),
            ):
                looks = await look_at(claims, handler, handler_time)
                settled = await settle(database, connection, flow, looks, chance)
        except BaseException:
            await _give_back(database, connection, flow, tokens, lease)
            raise
        drained = _with(drained, len(claims), settled)
        if drained.unusable is not None:
            return drained
    async with database.begin() as tx:
        return replace(drained, next_due_in=await pending.next_due_in(tx, connection, flow))


async def _claim(
    database: Database, connection: ConnectionId, flow: Flow, worker: str, lease: timedelta, batch: int
) -> tuple[bool, list[Claim]]:
    """Fold and claim; say whether there may be more news to fold."""
    async with database.begin() as tx:
        await news.spread(tx, connection)
        folded = await pending.fold(tx, connection, flow)
        claimed = await pending.claim(tx, connection, flow, worker, lease, batch)
    claims = [
        Claim(
            connection,
            flow,
            each.key,
            each.reason,
            each.attempts,
            each.generation,
            each.token,
            each.first_due_at,
            each.trace,
        )
        for each in claimed
    ]
    return folded == pending.FOLD_LIMIT, claims


def _traced(claims: Sequence[Claim]) -> AbstractContextManager[object]:
    """Be inside one span for the batch: it goes on with the trace of its one object, or is linked to those of all."""
    first = claims[0]
    return telemetry.span(
        f"look at {first.flow}",
        [claim.trace for claim in claims],
        connection=first.connection,
        flow=first.flow.value,
        keys=[claim.key for claim in claims],
    )


async def _give_back(
    database: Database, connection: ConnectionId, flow: Flow, tokens: dict[str, int], lease: timedelta
) -> None:
    """Free the claims; where the database went away, as soon as it is back, or with their leases."""
    with suppress(TimeoutError):
        async with asyncio.timeout(lease.total_seconds()):
            while True:
                try:
                    async with database.begin() as tx:
                        return await pending.give_back(tx, connection, flow, tokens)
                except DatabaseUnavailable:
                    await asyncio.sleep(_BREATH)


def _with(drained: Drained, claimed: int, settled: Sequence[Look]) -> Drained:
    def count(*rests: type[Hold | Wait | Failed | Blocked]) -> int:
        return sum(isinstance(look.rest, rests) for look in settled)

    errors = [look.rest.error for look in settled if isinstance(look.rest, Blocked)]

    return replace(
        drained,
        looked_at=drained.looked_at + claimed,
        held=drained.held + count(Hold),
        waiting=drained.waiting + count(Wait, Blocked),
        failed=drained.failed + count(Failed),
        lost=drained.lost + claimed - len(settled),
        unusable=next((error for error in errors if error.recovery is Recovery.PAUSE_STORE), None),
    )
