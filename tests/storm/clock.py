"""
The storm's time: one clock for the hub's database, the warehouse, the shops and the adapters.

It stands still unless it is moved. The database reads it from a one-row table; leases that living processes hold are
extended on the way, as their heartbeats would.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import psycopg

from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.pending.lease import BEATS_PER_LEASE
from crossdock.store import pending

BEGINNING: Final = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@dataclass(eq=False)
class Lease:
    """What a drain has claimed, and whether somebody is there to extend it. `worker` is the process's name."""

    worker: str
    connection: ConnectionId
    flow: Flow
    tokens: dict[str, int]
    lease: timedelta
    ends_beating: datetime
    next_beat: datetime
    beats: Callable[[], bool]


@dataclass
class StormClock:
    """Tells the storm's time; satisfies `Clock`. `own` is a connection of its own, in autocommit mode."""

    own: psycopg.Connection
    at: datetime = BEGINNING
    leases: list[Lease] = field(default_factory=list)
    _told: datetime | None = None

    def now(self) -> datetime:
        """Return the present moment."""
        return self.at

    def move(self, by: timedelta) -> None:
        """Let time pass; heartbeats that fall into it are made."""
        end = self.at + by
        while (due := min(self.leases, key=lambda one: one.next_beat, default=None)) and due.next_beat <= end:
            self.at = max(self.at, due.next_beat)
            due.next_beat += due.lease / BEATS_PER_LEASE
            if due.beats() and self.at < due.ends_beating:
                self._extend(due)
        self.at = end

    def tell(self) -> None:
        """Let the database know what time it is."""
        if self._told != self.at:
            self.own.execute("UPDATE storm_clock SET at = %s", [self.at])
            self._told = self.at

    def _extend(self, lease: Lease) -> None:
        self.tell()
        self.own.execute(
            pending._EXTEND,
            {
                "connection": lease.connection,
                "flow": lease.flow,
                "keys": list(lease.tokens),
                "tokens": list(lease.tokens.values()),
                "lease": lease.lease,
            },
        )
