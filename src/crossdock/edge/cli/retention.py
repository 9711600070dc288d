"""`crossdock retention …`: how long what is not needed any more is kept."""

from collections.abc import Mapping
from typing import Annotated

import typer

from crossdock.edge.cli.answer import AsJson, answer, ask, table
from crossdock.edge.cli.hub import Hub
from crossdock.edge.retention_changes import keep
from crossdock.model.retention import KEEPING, Kind
from crossdock.store.retention import days as kept

app = typer.Typer()
retention = typer.Typer(help="Say how long things are kept.", no_args_is_help=True)
app.add_typer(retention, name="retention")


@retention.command("show")
def show(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Say for how many days what is kept, and what the default is."""

    async def work(hub: Hub) -> Mapping[Kind, int]:
        async with hub.database.begin() as tx:
            return await kept(tx)

    _show(ask(ctx, work), as_json)


@retention.command("set")
def set_(
    ctx: typer.Context,
    kind: Annotated[Kind, typer.Argument(help="What is kept.")],
    days: Annotated[int, typer.Argument(help="For how many days, from when it came or was closed.")],
    as_json: AsJson = False,
) -> None:
    """Keep something for so many days; a worker throws older ones away within the hour."""

    async def work(hub: Hub) -> Mapping[Kind, int]:
        async with hub.database.begin() as tx:
            return await keep(tx, hub.actor, {kind: days})

    _show(ask(ctx, work), as_json)


@retention.command("run")
def run(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Throw away now what is too old, in small batches beside the running hub; a worker does so every hour."""

    async def work(hub: Hub) -> None:
        await hub.retain()

    ask(ctx, work)
    answer({"done": True}, as_json, lambda console: console.print("What was too old is gone."))


def _show(days: Mapping[Kind, int], as_json: bool) -> None:
    rows = [(kind, days[kind], keeping.days, keeping.what) for kind, keeping in KEEPING.items()]
    shown = table(("Kind", "Days", "Default", "What it is"), rows, empty="")
    answer(days, as_json, lambda console: console.print(shown))
