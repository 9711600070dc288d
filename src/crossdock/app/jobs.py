"""
The jobs: few, coarse, and each safe to lose, to repeat and to overlap, for `pending` alone decides who works on what.

Procrastinate keeps them in PostgreSQL and runs them in any number of processes. None has a retry: whatever is lost
comes with the next tick. (A retry beside a queued twin hangs their queueing lock for ever: Procrastinate's issues
1446 and 1543.) A drain has no `lock` either; a sweep has one, so that a long one is not overtaken by the next.
"""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeAlias

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import JobDeferrer, Status

from crossdock.app.drains import Drains, HandlerFor, Pause
from crossdock.kit.errors import HubError, Recovery
from crossdock.model.connection import Connection
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.store import pending, reconciliations
from crossdock.store.database import Database
from crossdock.store.procrastinate_schema import CONNECT_OPTIONS

_log = logging.getLogger(__name__)

Sweep: TypeAlias = Callable[[ConnectionId], Awaitable[object]]
Among: TypeAlias = Callable[[], Awaitable[Collection[ConnectionId]]]


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to be done for the whole installation, at the ticks of a cron line (seconds last), once at a time."""

    name: str
    at: str
    do: Callable[[], Awaitable[object]]


RECONCILE_EVERY: Final = timedelta(hours=23, minutes=30)
"""Once a day, whichever hourly tick finds it due."""

_KEEP_FAILED_JOBS: Final = timedelta(days=3)

_DEAD_AFTER: Final = timedelta(seconds=15)
"""A worker that has not said for so long that it lives (it does every few seconds) has lost its jobs."""


@dataclass(frozen=True, slots=True)
class Work:
    """
    What a worker process works with.

    `connections` returns those whose store is not paused. The sweeps run at their intervals, whole seconds below a
    minute and whole minutes above.
    """

    database: Database
    connections: Callable[[], Awaitable[Sequence[Connection]]]
    handler_for: HandlerFor
    pause: Pause
    sweep_storefront: Sweep
    sweep_backend: Sweep
    watch_subscriptions: Callable[[], Awaitable[object]]
    reconcile: Sweep
    look_back: Sweep
    sweep_levels: Sweep
    alert: Callable[[], Awaitable[object]]
    storefront_every: timedelta = timedelta(seconds=30)
    backend_every: timedelta = timedelta(seconds=5)
    chores: Sequence[Chore] = ()


async def due(work: Work) -> list[tuple[ConnectionId, Flow]]:
    """Return where a drain would find something to do now."""
    flows = {connection.id: connection.flows for connection in await work.connections()}
    async with work.database.begin() as tx:
        return [(id_, flow) for id_, flow in await pending.due(tx, list(flows)) if flow in flows[id_]]


def jobs_of(work: Work, drains: Drains) -> App:
    """Return the Procrastinate app with all jobs of the hub, not yet opened."""
    app = App(
        connector=PsycopgConnector(
            conninfo=work.database.url, kwargs={"options": CONNECT_OPTIONS}, min_size=1, max_size=4
        ),
        # At the first start, what is due once an hour is done now and not in an hour.
        periodic_defaults={"max_delay": timedelta(hours=1).total_seconds()},
    )
    _drains(app, work, drains)
    _sweeps(app, work)
    _reconciliations(app, work)
    _housekeeping(app, work)
    for chore in work.chores:
        _chore(app, chore)
    return app


@asynccontextmanager
async def opened(app: App) -> AsyncIterator[App]:
    """
    Open the app for the length of the block.

    Unlike Procrastinate's own `async with app.open_async()` this closes the pool also where the opening was cut short:
    the tasks of a pool that nobody closed may outlive their cancellation, and the process with them.
    """
    try:
        await app.open_async()
        yield app
    finally:
        await app.close_async()


def _drains(app: App, work: Work, drains: Drains) -> None:
    @app.task(name="drain")
    async def drain(connection: str, flow: str) -> None:
        await drains.run(ConnectionId(connection), Flow(flow))

    @app.periodic(cron="* * * * *")
    @app.task(name="kick", queueing_lock="kick")
    async def kick(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate hands over the tick's time
        """Queue a drain wherever something is due: news that nobody heard, timers and leases of the dead."""
        for connection, flow in await due(work):
            lock = f"drain:{connection}:{flow}"
            await _defer(drain.configure(queueing_lock=lock), connection=connection, flow=flow)


def _sweeps(app: App, work: Work) -> None:
    _everywhere(app, work, "sweep_storefront", work.sweep_storefront, cron(work.storefront_every))
    _everywhere(app, work, "sweep_backend", work.sweep_backend, cron(work.backend_every))
    _everywhere(app, work, "sweep_levels", work.sweep_levels, "*/10 * * * *")


def _reconciliations(app: App, work: Work) -> None:
    async def those_due() -> Collection[ConnectionId]:
        async with work.database.begin() as tx:
            return await reconciliations.due(tx, RECONCILE_EVERY)

    async def those_asked() -> Collection[ConnectionId]:
        async with work.database.begin() as tx:
            return (await reconciliations.asked(tx)).keys()

    async def those_that_differ() -> Collection[ConnectionId]:
        async with work.database.begin() as tx:
            return {one.connection for one in await reconciliations.unsettled(tx)}

    # Asked every hour, so that a worker that was down at any one time of the day skips no day.
    queue = _everywhere(app, work, "reconcile", work.reconcile, "17 * * * *", those_due)
    _tick(app, work, "reconcile_asked", queue, "* * * * *", those_asked)
    _everywhere(app, work, "look_back", work.look_back, "*/10 * * * *", those_that_differ)


def _everywhere(app: App, work: Work, name: str, do: Sweep, at: str, among: Among | None = None) -> Sweep:
    """
    Do something for every connection whose store is not paused, or those `among` them, once at a time for each.

    Returns what queues it for one connection.
    """

    @app.task(name=name)
    async def one(connection: str) -> None:
        try:
            await do(ConnectionId(connection))
        except HubError as error:
            # Whoever found out that a system answers nobody has said so; not every sweep has to.
            level = logging.INFO if error.recovery is Recovery.WAIT else logging.WARNING
            _log.log(level, "%s %s: %s", name, connection, error)
            if error.recovery is Recovery.PAUSE_STORE:
                await work.pause(ConnectionId(connection), str(error))

    async def queue(connection: ConnectionId) -> None:
        lock = f"{name}:{connection}"
        await _defer(one.configure(lock=lock, queueing_lock=lock), connection=connection)

    _tick(app, work, f"{name}_everywhere", queue, at, among)
    return queue


def _tick(app: App, work: Work, name: str, queue: Sweep, at: str, among: Among | None) -> None:
    @app.periodic(cron=at)
    @app.task(name=name, queueing_lock=name)
    async def everywhere(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate hands over the tick's time
        wanted = None if among is None else await among()
        for connection in await work.connections():
            if wanted is None or connection.id in wanted:
                await queue(connection.id)


def _chore(app: App, chore: Chore) -> None:
    @app.periodic(cron=chore.at)
    @app.task(name=chore.name, lock=chore.name, queueing_lock=chore.name)
    async def do(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate hands over the tick's time
        try:
            await chore.do()
        except HubError as error:
            _log.warning("%s: %s", chore.name, error)


def _housekeeping(app: App, work: Work) -> None:
    @app.periodic(cron="0 * * * *")
    @app.task(name="watch_subscriptions", queueing_lock="watch_subscriptions")
    async def watch_subscriptions(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate hands over the tick's time
        await work.watch_subscriptions()

    @app.periodic(cron="* * * * *")
    @app.task(name="alert", lock="alert", queueing_lock="alert")
    async def alert(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate hands over the tick's time
        """One at a time: mail servers that keep silent must not take up every job's place."""
        await work.alert()

    @app.periodic(cron="* * * * * */10")
    @app.task(name="bury_the_dead", queueing_lock="bury_the_dead")
    async def bury_the_dead(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate hands over the tick's time
        """End the jobs of workers that stopped without a word, so that their locks are free again."""
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_DEAD_AFTER.total_seconds()):
            _log.warning("job %s was left behind by a worker that stopped", job.call_string)
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)

    @app.periodic(cron="30 * * * *")
    @app.task(name="forget_old_jobs", queueing_lock="forget_old_jobs")
    async def forget_old_jobs(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate hands over the tick's time
        hours = int(_KEEP_FAILED_JOBS.total_seconds()) // 3600
        await app.job_manager.delete_old_jobs(hours, include_failed=True, include_cancelled=True, include_aborted=True)


async def _defer(deferrer: JobDeferrer, **arguments: str) -> None:
    """Queue a job, unless its like is waiting already."""
    try:
        await deferrer.defer_async(**arguments)
    except AlreadyEnqueued:
        _log.debug("%s is waiting already", deferrer.job.queueing_lock)


def cron(every: timedelta) -> str:
    """Return the cron line (seconds last) that comes nearest to an interval of a second to an hour."""
    seconds = max(1, round(every.total_seconds()))
    return f"* * * * * */{seconds}" if seconds < 60 else f"*/{min(seconds // 60, 59)} * * * *"
