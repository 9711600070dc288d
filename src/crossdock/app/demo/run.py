"""Runs the demo: opens everything, plays the story, shows the figures, and closes everything."""

import asyncio
import json
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from crossdock.app.demo.screen import Screen, table
from crossdock.app.demo.shop import running_shop
from crossdock.app.demo.story import Cast, play, prepare
from crossdock.app.demo.visitor import VISITOR, add_visitor
from crossdock.app.hub import open_hub
from crossdock.app.serve import address_of, listen, serving
from crossdock.app.settings import settings_from
from crossdock.backends.builtin.floor import open_floor


async def run_demo(*, orders: int, seed: int, keep: bool, data: Path | None, as_json: bool) -> bool:
    """
    Play the demo and print what both sides say; return whether they agree.

    `data` keeps the database; without it, it goes to a temporary folder. With `keep`, portal and shop stay up until
    the process is told to stop. SIGTERM ends it as Ctrl-C does: everything that was started is stopped.
    """
    myself = asyncio.current_task()
    assert myself is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, myself.cancel)
    console = Console(stderr=as_json)
    with _folder(data) as folder:
        listener = listen("127.0.0.1", 0)
        given = settings_from(data=folder, public_url=address_of(listener), sweep_seconds=5, backend_seconds=1)
        # A demo plays in a database of its own, whatever DATABASE_URL says.
        settings = given.model_copy(update={"database_url": None})
        async with (
            running_shop() as shop,
            open_hub(settings, lambda sentence: console.print(f"[dim]{sentence}[/]")) as hub,
            open_floor(hub.database.url) as floor,
        ):
            screen = Screen(console)
            cast = Cast(shop, hub, floor, screen)
            password = await add_visitor(hub.database)
            connection = await prepare(cast, orders, seed)
            async with serving(hub, listener):
                with screen.progress:
                    audit = await play(cast, connection, orders, seed)
                console.print(table(audit))
                for difference in audit.differences:
                    console.print(f"[red]✗[/] {difference}")
                if as_json:
                    print(json.dumps(asdict(audit)))  # noqa: T201 - the document that was asked for
                if keep:
                    await _stay(console, address_of(listener), password, shop.url, folder)
    return audit.agrees


async def _stay(console: Console, portal: str, password: str, shop: str, folder: Path) -> None:
    console.print(f"\nPortal: [link={portal}]{portal}[/]   Shop: {shop}/_standin/")
    console.print(f"Log in as {VISITOR} with the password {password}")
    console.print(f"One order's story: crossdock --data {folder} orders show '#1001'")
    console.print("Ctrl-C ends it.")
    await asyncio.Event().wait()


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="crossdock-demo-") as folder:
        path = Path(folder)
        # PostgreSQL runs as another user where this one is root, and has to pass through here.
        path.chmod(0o755)
        yield path
