"""
Keeping what was claimed: leases are extended while a batch is looked at, by a thread of its own.

A thread, because a handler that computes for long would hold up a heartbeat in its event loop. A lease that is lost
all the same (the machine slept, the database was away) does no harm: the fence in the settling transaction throws the
result away, and whoever claimed the object since has looked at it afresh.
"""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from typing import Final

import psycopg

from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.store.pending import extend

_log = logging.getLogger(__name__)

BEATS_PER_LEASE: Final = 3
"""So that one beat may fail and the next still comes in time."""


@contextmanager
def kept(
    url: str,
    connection: ConnectionId,
    flow: Flow,
    tokens: Mapping[str, int],
    lease: timedelta,
    longest: timedelta,
) -> Iterator[None]:
    """
    Extend the leases of these tokens (by key) until the block ends, and for no longer than `longest`.

    The bound is for an event loop that hangs: its thread would beat for ever, and nobody else could take over.
    """
    done = Event()

    def beat() -> None:
        end = time.monotonic() + longest.total_seconds()
        while not done.wait(lease.total_seconds() / BEATS_PER_LEASE) and time.monotonic() < end:
            try:
                extend(url, connection, flow, tokens, lease)
            except psycopg.Error as error:
                _log.warning("%s %s: could not extend the leases, trying again: %s", connection, flow, error)

    thread = Thread(target=beat, name=f"lease {connection} {flow}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
