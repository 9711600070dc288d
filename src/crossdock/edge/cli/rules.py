"""`crossdock rules`: show a connection's rules, and change them."""

import dataclasses
import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from crossdock.edge.cli.answer import AsJson, answer, ask, moment, table
from crossdock.edge.cli.connections import ConnectionName
from crossdock.edge.cli.hub import Hub
from crossdock.edge.rule_changes import Changed, change_rules
from crossdock.edge.rule_texts import document_of
from crossdock.edge.written_rules import refuse_other_mode, with_document, with_settings
from crossdock.kit.errors import UsageError
from crossdock.model.connection import Rules
from crossdock.model.names import ConnectionId

app = typer.Typer()


@app.command("rules")
def rules(
    ctx: typer.Context,
    connection: ConnectionName,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Set one rule; may be repeated.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--apply", metavar="FILE", help="Set the rules that a TOML or JSON file names.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the rules of a connection, or change them. With --json they can be given back to --apply."""
    document = None if file is None else loaded(file)

    def change(before: Rules) -> Rules:
        after = before if document is None else with_document(before, document)
        after = with_settings(after, settings or ())
        refuse_other_mode(connection, before, after)
        return after

    async def work(hub: Hub) -> Changed:
        async with hub.database.begin() as tx:
            return await change_rules(tx, hub.actor, ConnectionId(connection), change)

    changed = ask(ctx, work)
    asked_to_change = file is not None or bool(settings)
    answer(
        document_of(changed.after),
        as_json,
        lambda console: _show_change(console, changed) if asked_to_change else _show(console, changed.after),
    )


def loaded(file: Path) -> object:
    """Return the document in a TOML or JSON file. Raises UsageError."""
    try:
        text = file.read_text(encoding="utf-8")
        return tomllib.loads(text) if file.suffix == ".toml" else json.loads(text)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, json.JSONDecodeError, UnicodeDecodeError) as error:
        kind = "TOML" if file.suffix == ".toml" else "JSON"
        raise UsageError(f"{file} is not {kind}: {error}. A TOML file's name ends in .toml.") from error


def _show(console: Console, found: Rules) -> None:
    usual = dict(_flat(Rules()))
    rows = [
        (name, value, None if value == usual.get(name) else usual.get(name, "none")) for name, value in _flat(found)
    ]
    console.print(table(("Rule", "Value", "Default, where it differs"), rows, empty=""))


def _show_change(console: Console, changed: Changed) -> None:
    before, after = dict(_flat(changed.before)), dict(_flat(changed.after))
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    for name in names:
        console.print(f"{name}: {before.get(name, 'none')} → {after.get(name, 'none')}", markup=False)
    if not names:
        console.print("The rules were like that already.")
    if changed.items:
        console.print(f"{changed.items} {'item is' if changed.items == 1 else 'items are'} looked at again.")
    if changed.orders:
        console.print(f"{changed.orders} held {'order is' if changed.orders == 1 else 'orders are'} looked at again.")


def _flat(part: Any, under: str = "") -> Iterator[tuple[str, str]]:
    for field in dataclasses.fields(part):
        name, value = f"{under}{field.name}", getattr(part, field.name)
        if dataclasses.is_dataclass(value):
            yield from _flat(value, f"{name}.")
        elif isinstance(value, Mapping | tuple) and value:
            yield from _each(name, value)
        else:
            yield name, _said(value)


def _each(name: str, value: Mapping[str, object] | tuple[Any, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        yield from ((f"{name}.{key}", _said(one)) for key, one in value.items())
        return
    for number, one in enumerate(value):
        yield f"{name}[{number}]", _said(one)


def _set(part: Any) -> Mapping[str, object]:
    """Return what of a part was said: the rest is as it is where nobody says anything."""
    said = {field.name: (getattr(part, field.name), field.default) for field in dataclasses.fields(part)}
    return {name: value for name, (value, default) in said.items() if value != default}


def _said(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case timedelta():
            return f"{value.total_seconds():g} s"
        case frozenset():
            return ", ".join(sorted(value)) or "none"
        case Mapping():
            return ", ".join(f"{key} {_said(one)}" for key, one in value.items()) or "none"
        case tuple() if value:
            return " ".join(_said(one) for one in value)
        case datetime():
            return f"{moment(value)} UTC"
        case None | ():
            return "none"
        case _ if dataclasses.is_dataclass(value):
            return _said(_set(value))
        case _:
            return str(value)
