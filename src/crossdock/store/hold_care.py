"""
Columns of `holds` that people write: whose task it is, until when it may rest, and that it is done with.

What is snoozed or resolved stays so only while a look finds what the person read: the table's other owner,
`store/holds`, ends it with the first that says something else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text

from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.model.people import UserId
from crossdock.store.database import Tx


@dataclass(frozen=True, slots=True)
class HoldKey:
    """Which held object."""

    connection: ConnectionId
    flow: Flow
    key: str


_OF_THESE = """
    FROM unnest(CAST(:connections AS text[]), CAST(:flows AS text[]), CAST(:keys AS text[])) AS row (c, f, k)
   WHERE holds.connection = row.c AND holds.flow = row.f AND holds.key = row.k
   RETURNING holds.connection, holds.flow, holds.key
"""


async def assign(tx: Tx, these: Sequence[HoldKey], user: UserId | None) -> Sequence[HoldKey]:
    """Make these a user's task, or nobody's; return those that are still held."""
    return await _write(tx, these, "assigned_to = CAST(:user AS bigint)", {"user": user})


async def snooze(tx: Tx, these: Sequence[HoldKey], lasting: timedelta) -> Sequence[HoldKey]:
    """Let these rest for so long; return those that are still held."""
    return await _write(tx, these, "snoozed_until = hub_now() + :lasting, resolved_at = NULL", {"lasting": lasting})


async def resolve(tx: Tx, these: Sequence[HoldKey], note: str) -> Sequence[HoldKey]:
    """Take a person's word that these are done with; return those that are still held."""
    changed = "resolved_at = hub_now(), snoozed_until = NULL, note = :note"
    return await _write(tx, these, changed, {"note": note})


async def reopen(tx: Tx, these: Sequence[HoldKey]) -> Sequence[HoldKey]:
    """Undo snoozing and resolving; return those that are still held."""
    return await _write(tx, these, "resolved_at = NULL, snoozed_until = NULL, note = NULL", {})


async def _write(tx: Tx, these: Sequence[HoldKey], changed: str, values: Mapping[str, object]) -> Sequence[HoldKey]:
    statement = text(f"UPDATE holds SET {changed} {_OF_THESE}")  # noqa: S608 - all of it is written above
    rows = await tx.execute(
        statement,
        {
            **values,
            "connections": [one.connection for one in these],
            "flows": [one.flow.value for one in these],
            "keys": [one.key for one in these],
        },
    )
    return [HoldKey(ConnectionId(row.connection), Flow(row.flow), row.key) for row in rows]
