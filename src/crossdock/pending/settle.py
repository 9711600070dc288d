"""Settling looks: the fence, what the flow writes, and how each object rests, in one transaction."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final, assert_never

from crossdock.kit.errors import NotNow
from crossdock.model.cause import Hold
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.model.plan import Wait
from crossdock.pending.backoff import backoff
from crossdock.pending.carrying_out import ours
from crossdock.pending.look import sentence
from crossdock.pending.work import Blocked, Failed, Look, nothing
from crossdock.store import holds, pending
from crossdock.store.complaints import DatabaseUnavailable, Entangled
from crossdock.store.database import Database, Tx

_log = logging.getLogger(__name__)

_BREATH: Final = timedelta(seconds=1)
"""The least that a blocked object waits: a drain must not go round and round over it."""

_TANGLES: Final = 3
"""How often a batch is settled anew that was undone because it and another waited for each other."""


async def settle(
    database: Database, connection: ConnectionId, flow: Flow, looks: Sequence[Look], chance: Callable[[], float]
) -> list[Look]:
    """
    Commit the looks and return those that counted; what is missing had lost its lease, and its writing is undone.

    Where a write raises, the looks are settled one by one, and the one that raises has failed: one object's bad write
    harms that object only.
    """
    for _ in range(_TANGLES):
        try:
            return await _commit(database, connection, flow, looks, chance)
        except DatabaseUnavailable:
            raise
        except Entangled:
            _log.info("%s %s: %d looks got in the way of others and are settled again", connection, flow, len(looks))
        except Exception:  # noqa: BLE001 - any mistake of a flow's write; found out one by one below
            _log.exception("%s %s: could not settle %d looks together", connection, flow, len(looks))
            break
    settled: list[Look] = []
    for look in looks:
        try:
            settled += await _commit(database, connection, flow, [look], chance)
        except DatabaseUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - logged above with its trace; here it becomes this look's failure
            failed = Look(look.claim, Failed(sentence(error)))
            settled += await _commit(database, connection, flow, [failed], chance)
    return settled


async def _commit(
    database: Database, connection: ConnectionId, flow: Flow, looks: Sequence[Look], chance: Callable[[], float]
) -> list[Look]:
    async with database.begin() as tx:
        held = await ours(tx, [look.claim for look in looks])
        # In the order of their keys: two flows that write of the same orders must not wait for each other in a circle.
        kept = sorted((look for look in looks if look.claim.key in held), key=lambda look: look.claim.key)
        for look in kept:
            if look.write is not nothing:
                await look.write(tx)
        await _rest(tx, connection, flow, kept, chance)
    return kept


async def _rest(
    tx: Tx, connection: ConnectionId, flow: Flow, looks: Sequence[Look], chance: Callable[[], float]
) -> None:
    at_peace = []
    held = {}
    waits = {}
    failures = {}
    blocked = {}
    for look in looks:
        key, rest = look.claim.key, look.rest
        match rest:
            case None:
                at_peace.append(key)
            case Hold():
                held[key] = rest
            case Wait():
                waits[key] = rest.after
            case Blocked(error):
                # A paused store is not drained; once a person resumed it, there is nothing to wait for.
                after = max(error.after, _BREATH) if isinstance(error, NotNow) else timedelta(0)
                blocked[key] = pending.Failure(str(error), after)
            case Failed():
                failures[key] = pending.Failure(rest.error, backoff(look.claim.attempts + 1, chance()))
            case _:
                assert_never(rest)
    await pending.settle(tx, connection, flow, [*at_peace, *held])
    await pending.postpone(tx, connection, flow, waits)
    await pending.fail(tx, connection, flow, failures)
    await pending.block(tx, connection, flow, blocked)
    await holds.hold(tx, connection, flow, held)
    # A failed or blocked look has not seen whether the hold still stands.
    await holds.lift(tx, connection, flow, [*at_peace, *waits])
