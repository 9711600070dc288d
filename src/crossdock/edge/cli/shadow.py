"""`crossdock shadow …`: a connection that runs and writes nothing, and what it would have written."""

from collections import Counter

import typer
from rich.console import Console

from crossdock.edge.cli.answer import AsJson, answer, ask, moment, table
from crossdock.edge.cli.connections import ConnectionName
from crossdock.edge.cli.hub import Hub
from crossdock.edge.shadow_changes import begin_shadow, end_shadow
from crossdock.edge.shadow_report import ShadowReport, shadow_report
from crossdock.model.cause import CATALOGUE
from crossdock.model.names import ConnectionId

app = typer.Typer()
shadow = typer.Typer(help="Let a connection only say what it would write, and report it.", no_args_is_help=True)
app.add_typer(shadow, name="shadow")


@shadow.command("on")
def on(ctx: typer.Context, connection: ConnectionName, as_json: AsJson = False) -> None:
    """Write nothing for a connection any more, on either side, and note what would be written."""

    async def work(hub: Hub) -> bool:
        async with hub.database.begin() as tx:
            return await begin_shadow(tx, hub.actor, ConnectionId(connection))

    changed = ask(ctx, work)
    line = (
        f"{connection} is a shadow: it reads, decides and writes nothing, once the batches in hand are done. "
        f"See what it would do: crossdock shadow report {connection}."
        if changed
        else f"{connection} is a shadow already."
    )
    answer({"connection": connection, "shadow": True}, as_json, lambda console: console.print(line, markup=False))


@shadow.command("off")
def off(ctx: typer.Context, connection: ConnectionName, as_json: AsJson = False) -> None:
    """Let a connection write again, from a fresh look at everything; nothing of the shadow counts."""

    async def work(hub: Hub) -> bool:
        async with hub.database.begin() as tx:
            return await end_shadow(tx, hub.actor, ConnectionId(connection))

    changed = ask(ctx, work)
    line = (
        f"{connection} writes from now on. All that waited is looked at again."
        if changed
        else f"{connection} is no shadow."
    )
    answer({"connection": connection, "shadow": False}, as_json, lambda console: console.print(line, markup=False))


@shadow.command("report")
def report(ctx: typer.Context, connection: ConnectionName, as_json: AsJson = False) -> None:
    """Say what a shadow would have written, and what it would have held."""

    async def work(hub: Hub) -> ShadowReport:
        async with hub.database.begin() as tx:
            return await shadow_report(tx, ConnectionId(connection))

    found = ask(ctx, work)
    answer(found, as_json, lambda console: _show(console, found))


def _show(console: Console, found: ShadowReport) -> None:
    since = found.shadow_since
    console.print(
        f"{found.connection} is no shadow."
        if since is None
        else f"{found.connection} is a shadow since {moment(since)} UTC.",
        markup=False,
    )
    wanted = [one for one in found.would if one.wanted]
    rows = [(one.act, one.sentence, moment(one.first_at), one.times) for one in wanted]
    console.print(table(("Act", "What would be done", "Since (UTC)", "Seen"), rows, empty="It would write nothing."))
    causes = Counter(one.cause for one in found.held)
    for cause, count in causes.most_common():
        console.print(f"{count} held: {CATALOGUE[cause].title}.", markup=False)
    if len(wanted) < len(found.would):
        console.print(
            f"{len(found.would) - len(wanted)} more would have been done, and are not wanted any more.", style="dim"
        )
    console.print(found.cannot_show, style="dim", markup=False)
