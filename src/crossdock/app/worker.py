"""
A worker process: runs the jobs, and hears of news as it commits.

News starts a drain right here rather than by way of a job. That takes a few milliseconds where a job takes three
transactions and writes seven rows, and a job for each webhook would have every worker collide on its queueing lock.
Nothing rests on hearing it: a timer in the process comes back to what is due later, and once a minute the `kick` job
queues a drain wherever something is due all the same.
"""

import asyncio
import logging
import os
import secrets
import socket
from asyncio import Event
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Final

from crossdock.app.drains import Drains
from crossdock.app.jobs import Work, due, jobs_of, opened
from crossdock.model.flow import Flow
from crossdock.store import news
from crossdock.store.presence import present
from crossdock.store.procrastinate_schema import ensure_procrastinate_schema

_log = logging.getLogger(__name__)

DRAINS_AT_ONCE: Final = 8
JOBS_AT_ONCE: Final = 10

_GRACE: Final = timedelta(seconds=20)
"""How long a stopping worker waits for what is in hand before it gives it back."""

_BREATH: Final = 1.0  # seconds before what broke (mostly: the database went away) is begun again

_HEARTBEAT_SECONDS: Final = 3.0
"""How often a worker says to Procrastinate that it lives; whoever misses a few beats loses the jobs it was at."""


async def run_worker(
    work: Work, stop: Event, *, drains_at_once: int = DRAINS_AT_ONCE, jobs_at_once: int = JOBS_AT_ONCE
) -> None:
    """
    Work until `stop` is set, then settle what is in hand. Any number may run at once, on any number of machines.

    `drains_at_once` should leave some of the database's pool (10 + 10) to the flows themselves.
    """
    # Host and process alone would not do: the first process of a container has the number of the one before it.
    name = f"{socket.gethostname()}:{os.getpid()}-{secrets.token_hex(2)}"
    drains = Drains(work.database, work.handler_for, work.pause, name, at_once=drains_at_once)
    async with present(work.database.url, name) as here:
        parts = [
            asyncio.create_task(_for_ever("jobs", here, partial(_run_jobs, work, drains, name, jobs_at_once))),
            asyncio.create_task(_for_ever("news", here, partial(_hear_news, work, drains))),
        ]
        try:
            await stop.wait()
        finally:
            # The drains first: jobs that are being cancelled may be waiting for them.
            await drains.finish(_GRACE)
            for part in parts:
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)


async def _run_jobs(work: Work, drains: Drains, name: str, at_once: int) -> None:
    await asyncio.to_thread(ensure_procrastinate_schema, work.database.url)
    app = jobs_of(work, drains)
    async with opened(app):
        await app.run_worker_async(
            name=name,
            concurrency=at_once,
            install_signal_handlers=False,  # whoever runs us sets `stop`
            shutdown_graceful_timeout=_GRACE.total_seconds(),
            delete_jobs="successful",
            update_heartbeat_interval=_HEARTBEAT_SECONDS,
        )


async def _hear_news(work: Work, drains: Drains) -> None:
    async for heard in news.listen(work.database.url):
        if heard is None:
            for connection, flow in await due(work):
                drains.start(connection, flow)
        else:
            connection, named = heard
            for flow in Flow if named is None else (named,):
                drains.start(connection, flow)


async def _for_ever(name: str, here: Event, part: Callable[[], Awaitable[None]]) -> None:
    await here.wait()
    while True:
        try:
            await part()
        except Exception:  # noqa: BLE001 - whatever it was, the worker has to go on
            _log.exception("the worker's %s broke off; they begin again", name)
        await asyncio.sleep(_BREATH)
