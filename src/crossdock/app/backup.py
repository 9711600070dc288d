"""`crossdock backup` and `crossdock restore`: the whole database into a file, and back into an empty one."""

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from crossdock.app.installation import LazyInstallation, operating_system_user
from crossdock.app.settings import Settings
from crossdock.edge.cli.answer import AsJson, answer, say
from crossdock.kit.logs import set_up_logs
from crossdock.kit.sealing import KEY_FILE, KEY_VARIABLE
from crossdock.model.deed import Deed
from crossdock.model.people import Actor
from crossdock.store import audit, dump, restored
from crossdock.store.database import open_database
from crossdock.store.embedded import embedded_postgres
from crossdock.store.migrate import migrate
from crossdock.store.reads.health import is_migrated

app = typer.Typer()

File = Annotated[Path, typer.Argument(help="The file, of PostgreSQL's custom format.", dir_okay=False)]


@app.command("backup")
def backup(ctx: typer.Context, file: File, as_json: AsJson = False) -> None:
    """Write the whole database into a file, as of this moment, beside the running hub."""
    settings = _settings(ctx)
    with _database(settings) as url:
        asyncio.run(write(url, file, operating_system_user()))
    size = file.stat().st_size
    line = (
        f"Written to {file}: {size:,} bytes. It holds personal data. It does not hold the sealing key, without which "
        f"its tokens cannot be read: keep {settings.data / KEY_FILE} or {KEY_VARIABLE} too, in another place."
    )
    answer({"written": str(file), "bytes": size}, as_json, lambda console: console.print(line, markup=False))


@app.command("restore")
def restore(ctx: typer.Context, file: File, as_json: AsJson = False) -> None:
    """Read a backup into an empty database. The hub then looks at everything again before it acts."""
    with _database(_settings(ctx)) as url:
        asyncio.run(take_back(url, file, operating_system_user()))

    def show(console: Console) -> None:
        console.print(
            "Restored. Put the sealing key in its place, and see that no hub works on the old database any more. Then "
            "start this one: it looks at all that may have moved on, and repeats nothing. Customers who were forgotten "
            "since the backup are there again (crossdock privacy erase), and so are users and tokens that were taken "
            "away (crossdock users, crossdock tokens). Afterwards: crossdock reconcile CONNECTION.",
            markup=False,
        )

    answer({"restored": str(file)}, as_json, show)


async def write(url: str, file: Path, by: Actor) -> None:
    """
    Write the database at `url` into `file`, and who did into its audit trail once the file is whole.

    Before an upgrade the database may have no trail yet, or another one; it is backed up all the same.
    """
    database = open_database(url)
    try:
        async with database.begin() as tx:
            if await is_migrated(tx):
                await audit.record(tx, by, Deed.DATABASE_BACKED_UP, str(file))
            await asyncio.to_thread(dump.dump, url, file)
    finally:
        await database.close()


async def take_back(url: str, file: Path, by: Actor) -> None:
    """Read a backup into the empty database at `url`, bring it to this version, and have all of it looked at again."""
    await asyncio.to_thread(dump.restore, url, file)
    await asyncio.to_thread(migrate, url)
    database = open_database(url)
    try:
        async with database.begin() as tx:
            await restored.distrust(tx)
            await audit.record(tx, by, Deed.DATABASE_RESTORED, str(file))
    finally:
        await database.close()


@contextlib.contextmanager
def _database(settings: Settings) -> Iterator[str]:
    if settings.database_url is not None:
        yield settings.database_url
        return
    with embedded_postgres(settings.data, say) as url:
        yield url


def _settings(ctx: typer.Context) -> Settings:
    set_up_logs(logging.WARNING)
    found: LazyInstallation = ctx.obj
    return found.settings()
