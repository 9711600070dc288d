"""Saying that objects need a look, in the caller's own transaction: it commits with what was learned."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from operator import attrgetter

from crossdock.model.cause import Cause
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.store import holds, news
from crossdock.store.database import Tx
from crossdock.store.holds import Held


async def mark(
    tx: Tx,
    connection: ConnectionId,
    flow: Flow,
    keys: Sequence[str],
    reason: str,
    due_in: timedelta = news.AT_ONCE,
) -> None:
    """
    Have a flow look at these objects, at once or in a while; a drain starts when `tx` commits.

    `reason` is what a person reads as the cause of the look. An object that is being looked at now is looked at once
    more afterwards. It is looked at when the most urgent of all its marks says, once for all of them.
    """
    await news.append(tx, connection, flow, keys, reason, due_in)


async def release(tx: Tx, connection: ConnectionId, needs: Sequence[str], reason: str) -> None:
    """
    Have every object looked at again that is held for want of one of `needs` (ids of locations, variants, …).

    Call it in the transaction that changes them. A look that is under way and ends in such a hold only later is not
    missed.
    """
    await news.append_needs(tx, connection, needs, reason)


async def retry_like(tx: Tx, connection: ConnectionId, cause: Cause, reason: str) -> int:
    """Have every object of a connection looked at again that is held for `cause`; return how many they are."""
    alike = await holds.held(tx, connection, cause=cause)
    await retry(tx, alike, reason)
    return len(alike)


async def retry(tx: Tx, held: Sequence[Held], reason: str) -> None:
    """Have these held objects looked at again."""
    lane = attrgetter("connection", "flow")
    for (connection, flow), some in groupby(sorted(held, key=lane), key=lane):
        await mark(tx, connection, flow, [one.key for one in some], reason)
