"""`crossdock config …`: what is set of an installation, as a file to keep, compare and apply."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from crossdock.edge.cli.answer import AsJson, answer, ask
from crossdock.edge.cli.hub import Hub
from crossdock.edge.configuration.current import current
from crossdock.edge.configuration.differences import Step, differences
from crossdock.edge.configuration.document import Configuration, read, written
from crossdock.kit.errors import UsageError
from crossdock.model.names import ConnectionId

app = typer.Typer()
config = typer.Typer(help="Keep, compare and apply what is set, as a file without secrets.", no_args_is_help=True)
app.add_typer(config, name="config")

File = Annotated[Path, typer.Argument(help="A TOML file, as `crossdock config export` writes it.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before it is done.")]


@config.command("export")
def export(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Print what is set: connections with flows, locations, rules and fields, and alerts; no secrets."""

    async def work(hub: Hub) -> Configuration:
        return await _current(hub)

    found = ask(ctx, work)
    answer(found.model_dump(mode="json"), as_json, lambda console: console.out(written(found), end="", highlight=False))


@config.command("diff")
def diff(ctx: typer.Context, file: File, as_json: AsJson = False) -> None:
    """Say what applying a file would change, and change nothing."""
    wanted = _loaded(file)

    async def work(hub: Hub) -> Sequence[Step]:
        return differences(await _current(hub), wanted)

    steps = ask(ctx, work)
    answer([step.sentence for step in steps], as_json, lambda console: _show(console, steps))


@config.command("apply")
def apply(ctx: typer.Context, file: File, yes: Yes = False, as_json: AsJson = False) -> None:
    """Show what a file would change, and then do all of it, or nothing where a part of it cannot be."""
    wanted = _loaded(file)

    async def work(hub: Hub) -> Sequence[Step]:
        return await _shown_and_done(hub, wanted, yes=yes)

    steps = ask(ctx, work)
    answer([step.sentence for step in steps], as_json, lambda console: _show_done(console, steps))


@config.command("clone")
def clone(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FROM", help="The connection whose set-up is taken.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The connection that gets it; it has to be there.")],
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Give a connection another one's flows, rules, location map and fields; locations are found by their names."""

    async def work(hub: Hub) -> Sequence[Step]:
        wanted = await hub.cloned_configuration(ConnectionId(source), ConnectionId(target))
        return await _shown_and_done(hub, wanted, yes=yes)

    steps = ask(ctx, work)
    answer([step.sentence for step in steps], as_json, lambda console: _show_done(console, steps))


async def _shown_and_done(hub: Hub, wanted: Configuration, *, yes: bool) -> Sequence[Step]:
    steps = differences(await _current(hub), wanted)
    if not steps:
        return steps
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError(f"It would change {len(steps)} things: see crossdock config diff. To do them, add --yes.")
        _show(Console(stderr=True, highlight=False), steps)
        typer.confirm("Do all of it?", abort=True, err=True)
    await hub.apply_configuration(wanted, steps)
    return steps


async def _current(hub: Hub) -> Configuration:
    async with hub.database.begin() as tx:
        return await current(tx)


def _loaded(file: Path) -> Configuration:
    try:
        return read(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not a text in UTF-8. Write it anew: crossdock config export.") from error


def _show(console: Console, steps: Sequence[Step]) -> None:
    for step in steps:
        console.print(step.sentence, markup=False)
    if not steps:
        console.print("Nothing would change.")


def _show_done(console: Console, steps: Sequence[Step]) -> None:
    for step in steps:
        console.print(step.sentence, markup=False)
    console.print(f"{len(steps)} changed." if steps else "It was like that already.")
