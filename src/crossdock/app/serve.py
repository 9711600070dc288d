"""The processes: web, worker, or both in one; stopped by SIGTERM or SIGINT, or by whoever started them."""

import asyncio
import logging
import signal
import socket
from asyncio import Event
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from typing import Final, TypeVar

import uvicorn

from crossdock.app.hub import Hub
from crossdock.app.jobs import Chore, Work
from crossdock.app.mapping_trial import Trial
from crossdock.app.outside import BothSides
from crossdock.app.replay import Replays
from crossdock.app.set_up_desk import SetUpDesk
from crossdock.app.settings import http_url
from crossdock.app.warehouse.api import warehouse_api
from crossdock.app.worker import DRAINS_AT_ONCE, run_worker
from crossdock.backends.builtin.floor import open_floor
from crossdock.edge.desk import Desk
from crossdock.edge.privacy.take_up import take_up
from crossdock.edge.retention import retain
from crossdock.edge.web import web_app
from crossdock.inbox.accept import Acceptance
from crossdock.inbox.keyring import Keyring
from crossdock.kit.errors import HubError, TryAgain, UsageError
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.pending.within_hours import put_off
from crossdock.pending.work import Claim, Handler, Look

_log = logging.getLogger(__name__)

T = TypeVar("T")

_BREATH: Final = 1.0  # seconds before a database that went away is asked again


def listen(host: str, port: int) -> socket.socket:
    """
    Return a socket that listens, port 0 for any free one.

    Raises UsageError where the port is taken or not this user's to take, before anything else is started.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's delay (40 ms an answer) off only for a socket that says it is TCP.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise UsageError(
            f"Cannot listen on {host}:{port}: {(error.strerror or str(error)).lower()}. "
            "Stop what uses it, or choose another with --port (0 takes a free one)."
        ) from error
    listener.listen(1024)
    return listener


def address_of(listener: socket.socket) -> str:
    """Return the URL by which this machine reaches a listening socket."""
    host, port = listener.getsockname()[:2]
    return http_url(host, port)


async def run_web(hub: Hub, listener: socket.socket, stop: Event) -> None:
    """Serve webhooks, pages and health until `stop` is set, then let the requests in hand finish."""
    desk = Desk(
        hub.database,
        Keyring(hub.database, hub.sealer),
        Acceptance(hub.database),
        hub.settings.doors,
        hub.dossier,
        hub.sealer,
        lambda actor: SetUpDesk(hub, actor),
        BothSides(hub),
        Trial(hub),
        Replays(hub),
        hub.settings.private_webhooks,
    )
    async with AsyncExitStack() as resources:
        floor = await _patiently(lambda: resources.enter_async_context(open_floor(hub.database.url)))
        app = web_app(desk, {"/api/warehouse": warehouse_api(floor)})
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="on",
            timeout_graceful_shutdown=10,
            forwarded_allow_ips=hub.settings.proxies,
            server_header=False,
        )
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
        await app.state.overview.close()  # its streams have no end of their own, and would be waited for
        server.should_exit = True
        stopping.cancel()
        await serving


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """Return what `ask` returns, once the database answers."""
    while True:
        try:
            return await ask()
        except TryAgain as error:
            _log.warning("not serving yet: %s", error)
            await asyncio.sleep(_BREATH)


class _Server(uvicorn.Server):
    """A server that leaves the signals to whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def run_hub_worker(hub: Hub, stop: Event, *, drains_at_once: int = DRAINS_AT_ONCE) -> None:
    """Drain, sweep and watch until `stop` is set, then settle what is in hand."""
    await run_worker(_work(hub), stop, drains_at_once=drains_at_once)


def _work(hub: Hub) -> Work:
    async def handler_for(connection: ConnectionId, flow: Flow) -> Handler | None:
        working = {one.id: one for one in await hub.working_connections()}
        if connection not in working or flow not in working[connection].flows:
            return None

        async def look(claims: Sequence[Claim]) -> Sequence[Look]:
            # Anew for each batch: a long drain must not go on writing once the connection is a shadow.
            rules = (await hub.connection(connection)).rules
            waiting = put_off(rules.schedule, flow, claims, hub.clock.now())
            return waiting if waiting is not None else await (await hub.flow(connection, flow))(claims)

        return look

    async def watch_subscriptions() -> None:
        for domain in sorted({one.store for one in await hub.working_connections()}):
            try:
                await hub.watch_subscriptions(domain)
            except HubError as error:  # one store's trouble must not keep the others' subscriptions unwatched
                _log.warning("webhooks of %s: %s", domain, error)

    return Work(
        database=hub.database,
        connections=hub.working_connections,
        handler_for=handler_for,
        pause=hub.pause,
        sweep_storefront=hub.sweep_storefront,
        sweep_backend=hub.sweep_backend,
        watch_subscriptions=watch_subscriptions,
        reconcile=hub.reconcile,
        look_back=hub.look_back,
        sweep_levels=hub.sweep_levels,
        alert=hub.alert,
        storefront_every=timedelta(seconds=hub.settings.sweep_seconds),
        backend_every=timedelta(seconds=hub.settings.backend_seconds),
        chores=(
            Chore("take_up", "* * * * * */10", lambda: take_up(hub.database)),
            Chore("carry_out", "*/10 * * * *", hub.carry_out),
            Chore("retain", "41 * * * *", lambda: retain(hub.database, hub.backend)),
        ),
    )


@asynccontextmanager
async def serving(hub: Hub, listener: socket.socket) -> AsyncIterator[None]:
    """
    Run web and worker beside the block, in this process; at its end, however it ends, let both settle what is in hand.

    Raises what either of them raised.
    """
    stop = Event()
    parts = [asyncio.create_task(run_web(hub, listener, stop)), asyncio.create_task(run_hub_worker(hub, stop))]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*parts)


@contextmanager
def stopped_by_signals() -> Iterator[Event]:
    """Return an event that SIGTERM or SIGINT sets; a second one ends the process at once."""
    stop = Event()
    loop = asyncio.get_running_loop()
    caught = (signal.SIGINT, signal.SIGTERM)

    def end(number: int) -> None:
        stop.set()
        loop.remove_signal_handler(number)

    for number in caught:
        loop.add_signal_handler(number, end, number)
    try:
        yield stop
    finally:
        for number in caught:
            loop.remove_signal_handler(number)
