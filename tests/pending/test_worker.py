"""A worker hears of news, comes back by itself to what is due later, runs the sweeps, and stops when told."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import psycopg
import pytest
from tests.pending.toy_flow import ACME, Lane, ToyFlow

from crossdock.app.drains import Drains
from crossdock.app.jobs import Work, cron, due, jobs_of, opened
from crossdock.app.worker import run_worker
from crossdock.kit.errors import StoreUnusable, TryAgain
from crossdock.model.connection import Connection, Rules
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, ShopDomain
from crossdock.model.plan import Wait
from crossdock.pending.work import Claim, Handler, Look
from crossdock.store import reconciliations
from crossdock.store.database import Database, open_database
from crossdock.store.procrastinate_schema import ensure_procrastinate_schema

REVOKED = StoreUnusable("acme.myshopify.com: the token was revoked.")


@dataclass
class Installation:
    """One connection whose only flow is the given one; remembers its sweeps and its pauses."""

    database: Database
    orders: Handler = field(default_factory=ToyFlow)
    sweep: Callable[[ConnectionId], Awaitable[object]] | None = None
    paused: list[str] = field(default_factory=list)
    swept: asyncio.Event = field(default_factory=asyncio.Event)
    alerted: asyncio.Event = field(default_factory=asyncio.Event)
    compared: asyncio.Event = field(default_factory=asyncio.Event)

    def work(self) -> Work:
        return Work(
            database=self.database,
            connections=self._connections,
            handler_for=self._handler_for,
            pause=self._pause,
            sweep_storefront=self._nothing,
            sweep_backend=self.sweep or self._swept,
            watch_subscriptions=self._watch,
            reconcile=self._compared,
            look_back=self._nothing,
            sweep_levels=self._nothing,
            alert=self._alert,
            backend_every=timedelta(seconds=1),
        )

    async def _connections(self) -> Sequence[Connection]:
        acme = Connection(ACME, ShopDomain("acme.myshopify.com"), "toy", frozenset({Flow.ORDERS}), Rules(), {})
        return [] if self.paused else [acme]

    async def _handler_for(self, _connection: ConnectionId, flow: Flow) -> Handler | None:
        return self.orders if flow is Flow.ORDERS and not self.paused else None

    async def _pause(self, _connection: ConnectionId, said: str) -> None:
        self.paused.append(said)

    async def _nothing(self, _connection: ConnectionId) -> None:
        pass

    async def _swept(self, _connection: ConnectionId) -> None:
        self.swept.set()

    async def _compared(self, _connection: ConnectionId) -> None:
        self.compared.set()

    async def _watch(self) -> None:
        pass

    async def _alert(self) -> None:
        self.alerted.set()


@asynccontextmanager
async def _working(installation: Installation) -> AsyncIterator[None]:
    stop = asyncio.Event()
    worker = asyncio.create_task(run_worker(installation.work(), stop))
    try:
        yield
    finally:
        stop.set()
        await worker


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - lists tell nobody when they grow
            await asyncio.sleep(0.01)


async def test_what_is_marked_while_a_worker_runs_is_looked_at_at_once(database: Database) -> None:
    flow = ToyFlow()
    async with _working(Installation(database, flow)):
        await Lane(database).mark("before it listens")
        await _until(lambda: len(flow.claims) == 1)
        await Lane(database).mark("after")
        await _until(lambda: len(flow.claims) == 2)

    assert [claim.key for claim in flow.claims] == ["before it listens", "after"]


async def test_what_was_marked_while_no_worker_ran_is_looked_at_when_one_starts(database: Database) -> None:
    flow = ToyFlow()
    await Lane(database).mark("a")

    async with _working(Installation(database, flow)):
        await _until(lambda: bool(flow.claims))


async def test_a_worker_comes_back_to_a_waiting_object_with_nobody_calling(database: Database) -> None:
    flow = ToyFlow(Wait(timedelta(milliseconds=100), "something is under way"))
    await Lane(database).mark("a")

    async with _working(Installation(database, flow)):
        await _until(lambda: len(flow.claims) >= 3)


async def test_a_worker_that_is_told_to_stop_settles_the_batch_in_hand(database: Database) -> None:
    lane, begun, go_on = Lane(database), asyncio.Event(), asyncio.Event()

    async def slow(claims: Sequence[Claim]) -> Sequence[Look]:
        begun.set()
        await go_on.wait()
        return [Look(claim) for claim in claims]

    stop = asyncio.Event()
    worker = asyncio.create_task(run_worker(Installation(database, slow).work(), stop))
    await lane.mark("a")
    await begun.wait()
    stop.set()
    go_on.set()
    await worker

    assert await lane.rows() == {}


async def test_two_workers_look_at_each_object_once(database: Database) -> None:
    flow = ToyFlow()
    installation = Installation(database, flow)
    async with _working(installation), _working(installation):
        await Lane(database).mark(*(str(number) for number in range(200)))
        await _until(lambda: len(flow.claims) >= 200)

    assert len(flow.claims) == len({claim.key for claim in flow.claims}) == 200


async def test_a_store_that_refuses_every_call_is_paused_and_nothing_is_tried_again(database: Database) -> None:
    async def refused(claims: Sequence[Claim]) -> Sequence[Look]:
        raise REVOKED

    installation = Installation(database, refused)
    await Lane(database).mark("a")

    async with _working(installation):
        await _until(lambda: bool(installation.paused))

    assert installation.paused == [str(REVOKED)]
    assert await due(installation.work()) == []


async def test_sweeps_run_by_the_clock_for_every_connection(database: Database) -> None:
    installation = Installation(database)

    async with _working(installation):
        await asyncio.wait_for(installation.swept.wait(), 20)


async def test_people_are_told_as_soon_as_a_worker_runs(database: Database) -> None:
    installation = Installation(database)

    async with _working(installation):
        await asyncio.wait_for(installation.alerted.wait(), 20)


async def test_a_sweep_that_the_store_refuses_pauses_it_too(database: Database) -> None:
    async def sweep(_connection: ConnectionId) -> None:
        raise REVOKED

    installation = Installation(database, sweep=sweep)

    async with _working(installation):
        await _until(lambda: bool(installation.paused))


async def test_a_sweep_that_fails_says_why_and_is_run_again(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    count = 0

    async def sweep(_connection: ConnectionId) -> None:
        nonlocal count
        count += 1
        raise TryAgain("The warehouse does not answer.")

    with caplog.at_level(logging.WARNING):
        async with _working(Installation(database, sweep=sweep)):
            await _until(lambda: count >= 2)

    assert "sweep_backend acme-wms: The warehouse does not answer." in caplog.text


async def test_jobs_that_are_stopped_while_they_connect_leave_nothing_running(database: Database) -> None:
    """What is left would keep the process from ending: a pool goes on connecting, cancelled or not."""
    connecting, stopped = asyncio.Event(), asyncio.Event()

    async def accept_and_say_nothing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connecting.set()
        await stopped.wait()
        writer.close()

    async def run(work: Work) -> None:
        async with opened(jobs_of(work, Drains(database, work.handler_for, work.pause, "tester", at_once=1))):
            await asyncio.Event().wait()

    async with await asyncio.start_server(accept_and_say_nothing, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        mute = open_database(f"postgresql://somebody@127.0.0.1:{port}/hub")
        running = asyncio.create_task(run(replace(Installation(database).work(), database=mute)))
        await asyncio.wait_for(connecting.wait(), 20)
        running.cancel()
        stopped.set()
        await asyncio.wait([running])

    assert [task.get_name() for task in asyncio.all_tasks() if "pool" in task.get_name()] == []


async def test_the_kick_job_drains_what_nobody_heard_of(database: Database) -> None:
    """No listener, no timer: only the jobs run."""
    flow = ToyFlow()
    work = Installation(database, flow).work()
    app = jobs_of(work, Drains(database, work.handler_for, work.pause, "tester", at_once=1))
    ensure_procrastinate_schema(database.url)
    await Lane(database).mark("a")

    async with opened(app):
        await app.configure_task("kick").defer_async(timestamp=0)
        await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    assert [claim.key for claim in flow.claims] == ["a"]


async def test_a_job_of_a_worker_that_died_is_ended_so_that_its_lock_is_free(database: Database) -> None:
    work = Installation(database).work()
    app = jobs_of(work, Drains(database, work.handler_for, work.pause, "tester", at_once=1))
    ensure_procrastinate_schema(database.url)

    async with opened(app):
        lost = await app.configure_task("sweep_backend", lock="sweep").defer_async(connection=ACME)
        dead = await app.job_manager.register_worker()
        await app.job_manager.fetch_job(None, dead)
        await app.job_manager.unregister_worker(dead)
        await app.configure_task("bury_the_dead").defer_async(timestamp=0)
        await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)
        [job] = await app.job_manager.list_jobs_async(id=lost)

    assert job.status == "failed"


def test_procrastinate_has_a_schema_of_its_own_and_is_made_once(database_url: str) -> None:
    ensure_procrastinate_schema(database_url)
    ensure_procrastinate_schema(database_url)

    with psycopg.connect(database_url) as connection:
        schemas = connection.execute(
            "SELECT DISTINCT schemaname FROM pg_tables WHERE tablename LIKE 'procrastinate%'"
        ).fetchall()
    assert schemas == [("procrastinate",)]


@pytest.mark.parametrize(
    ("every", "line"),
    [
        (timedelta(milliseconds=200), "* * * * * */1"),
        (timedelta(seconds=5), "* * * * * */5"),
        (timedelta(seconds=30), "* * * * * */30"),
        (timedelta(minutes=15), "*/15 * * * *"),
    ],
)
def test_an_interval_becomes_the_nearest_cron_line(every: timedelta, line: str) -> None:
    assert cron(every) == line


async def test_a_comparison_that_was_asked_for_is_made_before_it_is_due(database: Database) -> None:
    async with database.begin() as tx:
        await reconciliations.ask(tx, ACME)
        assert await reconciliations.due(tx, timedelta(hours=1)) == frozenset()
    installation = Installation(database)

    async with _working(installation):
        await asyncio.wait_for(installation.compared.wait(), 20)
