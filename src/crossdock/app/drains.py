"""The drains of one process: at most one per connection and flow, started by news, by a timer or by a job."""

import asyncio
import logging
from asyncio import Event, Semaphore, Task, TimerHandle
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final, TypeAlias

from crossdock.kit.errors import HubError
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.pending.drain import drain
from crossdock.pending.work import Handler
from crossdock.store.database import Database

_log = logging.getLogger(__name__)

HandlerFor: TypeAlias = Callable[[ConnectionId, Flow], Awaitable[Handler | None]]
"""Returns a flow over a connection as it is set now; None where that flow is off or the store is paused."""

Pause: TypeAlias = Callable[[ConnectionId, str], Awaitable[None]]
"""Stops all calls to a connection's store; the sentence says what Shopify said and what to do."""

_SOONEST: Final = timedelta(milliseconds=50)
"""Before a drain is tried again for something that another process has its hands on."""


class Drains:
    """
    Runs drains in this process, `at_once` at most.

    Nothing depends on one being started or coming to its end: what is pending stays so, and the next drain, here or
    elsewhere, takes it up.
    """

    def __init__(self, database: Database, handler_for: HandlerFor, pause: Pause, worker: str, *, at_once: int) -> None:
        self._database = database
        self._handler_for = handler_for
        self._pause = pause
        self._worker = worker
        self._slots = Semaphore(at_once)
        self._stop = Event()
        self._running: dict[tuple[ConnectionId, Flow], Task[None]] = {}
        self._timers: dict[tuple[ConnectionId, Flow], TimerHandle] = {}
        self._again: set[tuple[ConnectionId, Flow]] = set()

    def start(self, connection: ConnectionId, flow: Flow) -> None:
        """Start a drain; where one is running, let it go round once more, for it may just have seen nothing."""
        lane = connection, flow
        if self._stop.is_set():
            return
        if lane in self._running:
            self._again.add(lane)
            return
        task = asyncio.create_task(self._run(connection, flow), name=f"drain {connection} {flow}")
        self._running[lane] = task

    async def run(self, connection: ConnectionId, flow: Flow) -> None:
        """Start a drain and wait for its end."""
        self.start(connection, flow)
        task = self._running.get((connection, flow))
        if task is not None:
            await asyncio.wait([task])

    async def finish(self, within: timedelta) -> None:
        """Start no more, let those that run settle the batch in hand, and give back what takes longer."""
        self._stop.set()
        for timer in self._timers.values():
            timer.cancel()
        if not self._running:
            return
        _, late = await asyncio.wait(self._running.values(), timeout=within.total_seconds())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, connection: ConnectionId, flow: Flow) -> None:
        lane = connection, flow
        if lane in self._timers:
            self._timers.pop(lane).cancel()
        try:
            async with self._slots:
                next_due_in = await self._drain(connection, flow)
                while lane in self._again:
                    next_due_in = await self._drain(connection, flow)
        except HubError as error:
            _log.warning("%s %s: %s", connection, flow, error)
        except Exception:  # noqa: BLE001 - one connection's mistake must not end the process
            _log.exception("%s %s: the drain ended early; what is pending stays so", connection, flow)
        else:
            if next_due_in is not None and not self._stop.is_set():
                delay = max(next_due_in, _SOONEST).total_seconds()
                self._timers[lane] = asyncio.get_running_loop().call_later(delay, self.start, connection, flow)
        finally:
            # Not in a callback: between the last look at `_again` and this nothing may come in between.
            del self._running[lane]

    async def _drain(self, connection: ConnectionId, flow: Flow) -> timedelta | None:
        """Return in how long to come back, None where nothing waits."""
        self._again.discard((connection, flow))
        handler = await self._handler_for(connection, flow)
        if handler is None:
            return None
        drained = await drain(self._database, handler, connection, flow, self._worker, stop=self._stop)
        if drained.unusable is not None:
            await self._pause(connection, str(drained.unusable))
            return None
        return drained.next_due_in
