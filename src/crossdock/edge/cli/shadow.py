"""`crossdock shadow …`: a connection that runs and writes nothing, and what it would have written."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import typer
from rich.console import Console

from crossdock.edge.cli.answer import AsJson, answer, ask, moment, table
from crossdock.edge.cli.connections import ConnectionName
from crossdock.edge.cli.hub import Hub
from crossdock.edge.shadow_changes import CANNOT_SHOW, begin_shadow, end_shadow
from crossdock.model.cause import CATALOGUE
from crossdock.model.names import ConnectionId
from crossdock.store import holds, shadow_writes
from crossdock.store.holds import Held
from crossdock.store.shadow_writes import Kept

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
    id_ = ConnectionId(connection)

    async def work(hub: Hub) -> tuple[datetime | None, Sequence[Kept], Sequence[Held]]:
        async with hub.database.begin() as tx:
            return await shadow_writes.since(tx, id_), await shadow_writes.listed(tx, id_), await holds.held(tx, id_)

    since, kept, held = ask(ctx, work)
    document = {
        "connection": connection,
        "shadow_since": since,
        "would": [
            {
                "side": one.write.side,
                "act": one.write.act,
                "about": one.write.about,
                "order": one.write.order,
                "sentence": one.write.sentence,
                "there": one.write.there,
                "would": one.write.would,
                "first_at": one.first_at,
                "last_at": one.last_at,
                "times": one.times,
                "wanted": one.wanted,
            }
            for one in kept
        ],
        "held": [{"key": one.key, "cause": one.hold.cause, "detail": one.hold.detail} for one in held],
        "cannot_show": CANNOT_SHOW,
    }
    answer(document, as_json, lambda console: _show(console, connection, since, kept, held))


def _show(
    console: Console, connection: str, since: datetime | None, kept: Sequence[Kept], held: Sequence[Held]
) -> None:
    console.print(
        f"{connection} is no shadow." if since is None else f"{connection} is a shadow since {moment(since)} UTC.",
        markup=False,
    )
    wanted = [one for one in kept if one.wanted]
    rows = [(one.write.act, one.write.sentence, moment(one.first_at), one.times) for one in wanted]
    console.print(table(("Act", "What would be done", "Since (UTC)", "Seen"), rows, empty="It would write nothing."))
    causes = Counter(one.hold.cause for one in held)
    for cause, count in causes.most_common():
        console.print(f"{count} held: {CATALOGUE[cause].title}.", markup=False)
    if len(wanted) < len(kept):
        console.print(f"{len(kept) - len(wanted)} more would have been done, and are not wanted any more.", style="dim")
    console.print(CANNOT_SHOW, style="dim", markup=False)
