"""
What people do about what is held, from whichever face; each written down with who did it.

Nothing of it decides anything: a hold is lifted by a look that finds nothing to hold for, and by nothing else.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from crossdock.edge.asking import look_again
from crossdock.kit.errors import UsageError
from crossdock.model.deed import Deed
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, OrderId
from crossdock.model.people import Actor
from crossdock.store import audit, hold_care, orders, users
from crossdock.store.database import Tx
from crossdock.store.hold_care import HoldKey

AT_ONCE: Final = 10_000
"""Held objects that one deed may be about."""

LONGEST_SNOOZE: Final = timedelta(days=90)
LONGEST_NOTE: Final = 500
_NAMED_AT_MOST: Final = 20


async def assign(tx: Tx, by: Actor, these: Sequence[HoldKey], to: str) -> int:
    """Make these the task of the user with this e-mail address, nobody's where it is empty; return how many."""
    user = await users.named(tx, to) if to.strip() else None
    if user is not None and user.disabled_at is not None:
        raise UsageError(f"{user.email} is disabled, and would never see it. Choose another user.")
    after = {"to": None if user is None else user.email}

    async def do(some: Sequence[HoldKey]) -> Sequence[HoldKey]:
        return await hold_care.assign(tx, some, None if user is None else user.id)

    return await _do(tx, by, Deed.HOLD_ASSIGNED, these, do, after)


async def snooze(tx: Tx, by: Actor, these: Sequence[HoldKey], lasting: timedelta) -> int:
    """Let these rest for so long; return how many. They come back by themselves, and sooner when they get worse."""
    if not timedelta(0) < lasting <= LONGEST_SNOOZE:
        raise UsageError(f"What is held can rest for up to {LONGEST_SNOOZE.days} days. Give a time like 4h or 48h.")

    async def do(some: Sequence[HoldKey]) -> Sequence[HoldKey]:
        done = await hold_care.snooze(tx, some, lasting)
        await _count_orders(tx, done, counts=True)
        return done

    return await _do(tx, by, Deed.HOLD_SNOOZED, these, do, {"lasting": lasting})


async def resolve(tx: Tx, by: Actor, these: Sequence[HoldKey], note: str) -> int:
    """Take a person's word that these are done with, and why; return how many."""
    said = note.strip()
    if not said or len(said) > LONGEST_NOTE:
        raise UsageError(f"Say in up to {LONGEST_NOTE} characters how it was resolved: whoever comes next reads it.")

    async def do(some: Sequence[HoldKey]) -> Sequence[HoldKey]:
        done = await hold_care.resolve(tx, some, said)
        await _count_orders(tx, done, counts=False)
        return done

    # The note is not repeated in the audit trail: it may name a customer, and goes when they are forgotten.
    return await _do(tx, by, Deed.HOLD_RESOLVED, these, do, {})


async def reopen(tx: Tx, by: Actor, these: Sequence[HoldKey]) -> int:
    """Undo snoozing and resolving; return how many."""

    async def do(some: Sequence[HoldKey]) -> Sequence[HoldKey]:
        done = await hold_care.reopen(tx, some)
        await _count_orders(tx, done, counts=True)
        return done

    return await _do(tx, by, Deed.HOLD_REOPENED, these, do, {})


async def retry(tx: Tx, by: Actor, these: Sequence[HoldKey]) -> int:
    """Have these looked at again; return how many."""
    for connection, some in _by_connection(_checked(these)).items():
        keys = {flow: [one.key for one in some if one.flow is flow] for flow in Flow}
        await look_again(tx, by, connection, keys)
    return len(these)


async def _do(
    tx: Tx,
    by: Actor,
    deed: Deed,
    these: Sequence[HoldKey],
    do: Callable[[Sequence[HoldKey]], Awaitable[Sequence[HoldKey]]],
    after: Mapping[str, object],
) -> int:
    done = await do(_checked(these))
    for connection, some in _by_connection(done).items():
        keys = sorted(one.key for one in some)
        named = keys if len(keys) <= _NAMED_AT_MOST else [*keys[:_NAMED_AT_MOST], f"… {len(keys)} in all"]
        await audit.record(tx, by, deed, connection, after={**after, "held": named})
    return len(done)


async def _count_orders(tx: Tx, these: Sequence[HoldKey], *, counts: bool) -> None:
    """Let the orders among these be shown as held, or as how far they are."""
    held = [one for one in these if one.flow is Flow.ORDERS]
    for connection, some in _by_connection(held).items():
        await orders.hold_counts(tx, connection, [OrderId(one.key) for one in some], counts=counts)


def _checked(these: Sequence[HoldKey]) -> Sequence[HoldKey]:
    if not these:
        raise UsageError("Nothing is chosen. Tick what it is about.")
    if len(these) > AT_ONCE:
        raise UsageError(f"{len(these):,} objects are too many at once. Choose up to {AT_ONCE:,}.")
    return these


def _by_connection(these: Sequence[HoldKey]) -> dict[ConnectionId, list[HoldKey]]:
    found: defaultdict[ConnectionId, list[HoldKey]] = defaultdict(list)
    for one in these:
        found[one.connection].append(one)
    return found
