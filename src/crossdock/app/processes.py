"""The commands that stay: `serve`, `web`, `worker`, and `demo`."""

import asyncio
import logging
from asyncio import Event
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from crossdock.app.demo.run import run_demo
from crossdock.app.first_admin import first_admin_link
from crossdock.app.hub import Hub, open_hub
from crossdock.app.installation import LazyInstallation
from crossdock.app.serve import address_of, listen, run_hub_worker, run_web, stopped_by_signals
from crossdock.app.settings import Settings
from crossdock.app.worker import DRAINS_AT_ONCE
from crossdock.edge.cli.answer import AsJson, answer, say
from crossdock.kit.logs import set_up_logs
from crossdock.kit.telemetry import set_up_traces
from crossdock.store.complaints import unavailable

app = typer.Typer()

Host = Annotated[str | None, typer.Option(help="Address to listen on; keep it on loopback, behind a proxy.")]
Port = Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")]
PublicUrl = Annotated[
    str | None, typer.Option(help="The https address by which Shopify reaches this hub, for its webhooks.")
]
AtOnce = Annotated[int, typer.Option(min=1, max=64, help="How many drains run at once.")]


@app.command("serve")
def serve(
    ctx: typer.Context,
    host: Host = None,
    port: Port = None,
    public_url: PublicUrl = None,
    concurrency: AtOnce = DRAINS_AT_ONCE,
    as_json: AsJson = False,
) -> None:
    """Run everything in this process: database, webhooks, pages and worker. Ctrl-C stops it, and nothing is lost."""
    settings = _installation(ctx).settings(host=host, port=port, public_url=public_url)
    listener = listen(settings.host, settings.port)

    async def run(hub: Hub, stop: Event) -> None:
        await _announce_web("serve", hub, address_of(listener), as_json)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(run_web(hub, listener, stop))
                group.create_task(run_hub_worker(hub, stop, drains_at_once=concurrency))
        except ExceptionGroup as both:
            raise both.exceptions[0] from both  # what went wrong first is what a person should read

    asyncio.run(_run(settings, run))


@app.command("web")
def web(
    ctx: typer.Context, host: Host = None, port: Port = None, public_url: PublicUrl = None, as_json: AsJson = False
) -> None:
    """Run the web process only: webhooks are kept and pages shown; workers elsewhere do the rest."""
    settings = _installation(ctx).settings(host=host, port=port, public_url=public_url)
    listener = listen(settings.host, settings.port)

    async def run(hub: Hub, stop: Event) -> None:
        await _announce_web("web", hub, address_of(listener), as_json)
        await run_web(hub, listener, stop)

    asyncio.run(_run(settings, run))


@app.command("worker")
def worker(
    ctx: typer.Context,
    public_url: PublicUrl = None,
    concurrency: AtOnce = DRAINS_AT_ONCE,
    as_json: AsJson = False,
) -> None:
    """Run a worker only. Any number may run, on any number of machines that share the database."""
    settings = _installation(ctx).settings(public_url=public_url)

    async def run(hub: Hub, stop: Event) -> None:
        line = "Crossdock worker is running. Ctrl-C stops it."
        answer({"running": "worker", "url": None}, as_json, lambda console: console.print(line, markup=False))
        await run_hub_worker(hub, stop, drains_at_once=concurrency)

    asyncio.run(_run(settings, run))


@app.command("demo")
def demo(
    orders: Annotated[int, typer.Option(min=1, max=5000, help="How many orders customers place.")] = 50,
    seed: Annotated[int, typer.Option(help="The same seed tells the same story.")] = 7,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the portal and the shop open at the end.")] = False,
    data: Annotated[
        Path | None, typer.Option(help="Keep the demo's database here; else it is thrown away.", file_okay=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Play a day between a stand-in shop and the built-in warehouse, and compare both sides at the end."""
    set_up_logs(logging.WARNING)
    try:
        agrees = asyncio.run(run_demo(orders=orders, seed=seed, keep=keep, data=data, as_json=as_json))
    except asyncio.CancelledError as told_to_stop:
        raise typer.Exit(143) from told_to_stop
    if not agrees:
        raise typer.Exit(1)


async def _run(settings: Settings, run: Callable[[Hub, Event], Awaitable[None]]) -> None:
    set_up_logs(plainly=_plainly)
    why_not = set_up_traces()
    if why_not is not None:
        say(why_not)
    with stopped_by_signals() as stop:
        async with open_hub(settings, say) as hub:
            await run(hub, stop)


def _plainly(error: BaseException) -> str | None:
    """What to log in place of an error's trace: a database that is away is an outage and no mistake of ours."""
    found = unavailable(error)
    return None if found is None else str(found)


async def _announce_web(role: str, hub: Hub, url: str, as_json: bool) -> None:
    link = await first_admin_link(hub.database, url)

    def show(console: Console) -> None:
        console.print(f"Crossdock {role} is running. Portal: {url} Ctrl-C stops it.", markup=False)
        if link is not None:
            console.print("Nobody can log in yet. Make the first admin, within an hour:", markup=False)
            console.print(f"  {link}", markup=False, soft_wrap=True)

    answer({"running": role, "url": url, "first_admin": link}, as_json, show)


def _installation(ctx: typer.Context) -> LazyInstallation:
    found: LazyInstallation = ctx.obj
    return found
