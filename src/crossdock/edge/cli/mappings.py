"""`crossdock mappings …`: how a connection fills its backend's fields: show, try out, compare, save, roll back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from crossdock.edge.cli.answer import AsJson, answer, ask, moment, table
from crossdock.edge.cli.connections import ConnectionName
from crossdock.edge.cli.hub import Hub
from crossdock.edge.cli.rules import loaded
from crossdock.edge.mapping_changes import (
    LAST,
    Tried,
    newest_orders,
    refuse_mistakes,
    roll_back,
    save_mapping,
)
from crossdock.edge.naming import order_named
from crossdock.edge.written_mappings import document_of, lines_of, read_document
from crossdock.kit.errors import UsageError
from crossdock.model.field_mapping import NOTHING_MAPPED, FieldMapping, FieldSource
from crossdock.model.names import ConnectionId
from crossdock.model.request_field import FieldKind, FieldSpec, spelled
from crossdock.store import mappings as kept
from crossdock.store.mappings import Version

app = typer.Typer()
mappings = typer.Typer(help="Say what goes into a backend's own fields, by expressions.", no_args_is_help=True)
app.add_typer(mappings, name="mappings")

Draft = Annotated[
    Path | None, typer.Option("--file", metavar="FILE", help="A TOML or JSON file with a mapping that is not saved.")
]


@mappings.command("show")
def show(
    ctx: typer.Context,
    connection: ConnectionName,
    version: Annotated[int | None, typer.Option(help="An earlier version; else the one in force.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show which fields the backend takes and how they are filled. With --json it can be given back to save."""
    id_ = ConnectionId(connection)

    async def work(hub: Hub) -> tuple[Sequence[FieldSpec], Version | None, Sequence[Version]]:
        specs = await hub.fields_of(id_)
        async with hub.database.begin() as tx:
            found = await kept.newest(tx, id_) if version is None else await kept.get(tx, id_, version)
            return specs, found, await kept.listed(tx, id_, limit=20)

    specs, found, versions = ask(ctx, work)
    mapping = NOTHING_MAPPED if found is None else found.mapping
    answer(document_of(mapping), as_json, lambda console: _show(console, specs, mapping, versions))


@mappings.command("preview")
def preview(
    ctx: typer.Context,
    connection: ConnectionName,
    order: Annotated[str, typer.Argument(help="The order's name (#1001 or 1001), or its gid.")],
    file: Draft = None,
    as_json: AsJson = False,
) -> None:
    """Show what the fields of one order say, as Shopify has it now. Nothing is sent."""
    id_ = ConnectionId(connection)
    draft = _draft(file)

    async def work(hub: Hub) -> Sequence[Tried]:
        if draft is not None:
            refuse_mistakes(draft, await hub.fields_of(id_))
        async with hub.database.begin() as tx:
            found = await order_named(tx, id_, order)
        return await hub.try_mapping(id_, [found], draft)

    tried = ask(ctx, work)
    if not tried:
        raise UsageError(f"Shopify does not show {order}: deleted, or older than the token may see.")
    answer([_previewed(one) for one in tried], as_json, lambda console: _show_tried(console, tried))


@mappings.command("diff")
def diff(
    ctx: typer.Context,
    connection: ConnectionName,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A TOML or JSON file with a mapping.")],
    last: Annotated[int, typer.Option(min=1, max=5000, help="On how many of the newest orders.")] = LAST,
    as_json: AsJson = False,
) -> None:
    """Say which of the newest orders would be sent with other fields. Nothing is saved, nothing is sent."""
    id_ = ConnectionId(connection)
    draft = read_document(loaded(file))

    async def work(hub: Hub) -> tuple[int, Sequence[Tried]]:
        refuse_mistakes(draft, await hub.fields_of(id_))
        async with hub.database.begin() as tx:
            orders = await newest_orders(tx, id_, last)
        return len(orders), await hub.try_mapping(id_, orders, draft)

    count, tried = ask(ctx, work)
    differing = [one for one in tried if one.differences]
    document = {
        "orders": count,
        "differing": [{"order": one.name, "warehouse": one.warehouse, "fields": one.differences} for one in differing],
    }
    shown = table(
        ("Order", "Field", "As it is", "As it would be"),
        [(one.name, *difference) for one in differing for difference in one.differences],
        empty=f"All of the newest {count} orders would be sent as they are now.",
    )
    answer(document, as_json, lambda console: console.print(shown))


@mappings.command("save")
def save(
    ctx: typer.Context,
    connection: ConnectionName,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A TOML or JSON file with the whole mapping.")],
    note: Annotated[str, typer.Option(help="Why, for whoever reads the versions.")] = "",
    as_json: AsJson = False,
) -> None:
    """Put a mapping in force for orders that are not sent yet; those that were sent stay as they are."""
    draft = read_document(loaded(file))

    async def work(hub: Hub) -> int:
        specs = await hub.fields_of(ConnectionId(connection))
        async with hub.database.begin() as tx:
            return await save_mapping(tx, hub.actor, ConnectionId(connection), draft, specs, note)

    version = ask(ctx, work)
    line = f"{connection} goes by version {version} of its mapping from now on."
    answer({"version": version}, as_json, lambda console: console.print(line, markup=False))


@mappings.command("rollback")
def rollback(
    ctx: typer.Context,
    connection: ConnectionName,
    version: Annotated[int, typer.Argument(help="The version to go back to.")],
    as_json: AsJson = False,
) -> None:
    """Put an earlier version in force again, as a new one."""

    async def work(hub: Hub) -> int:
        specs = await hub.fields_of(ConnectionId(connection))
        async with hub.database.begin() as tx:
            return await roll_back(tx, hub.actor, ConnectionId(connection), version, specs)

    now = ask(ctx, work)
    line = f"{connection} goes by version {now} of its mapping from now on, which is version {version} again."
    answer({"version": now}, as_json, lambda console: console.print(line, markup=False))


def _draft(file: Path | None) -> FieldMapping | None:
    return None if file is None else read_document(loaded(file))


def _show(console: Console, specs: Sequence[FieldSpec], mapping: FieldMapping, versions: Sequence[Version]) -> None:
    rows = []
    for spec in specs:
        source = mapping.fields.get(spec.name, FieldSource())
        required = "yes" if spec.required or source.required else ""
        rows.append((spec.name, spec.title, takes(spec), required, source.value, lines_of(source)))
    console.print(
        table(
            ("Field", "Is", "Takes", "Required", "From", "Else"),
            rows,
            empty="This backend takes no fields of its own.",
        )
    )
    console.print(
        table(
            ("Version", "Saved (UTC)", "By", "Note"),
            [(one.version, moment(one.at), one.author, one.note) for one in versions],
            empty="No mapping was saved yet.",
        )
    )


def takes(spec: FieldSpec) -> str:
    """Return what a field takes, as a person reads it."""
    kind = f"text, {spec.longest}" if spec.kind is FieldKind.TEXT else spec.kind.value
    what = ", ".join(spec.choices) or kind
    return f"{what}, of each line" if spec.of_line else what


def _previewed(one: Tried) -> dict[str, object]:
    return {
        "order": one.name,
        "warehouse": one.warehouse,
        "fields": {name: field.value for name, field in one.says},
        "missing": list(one.after.missing.values()),
        "left_out": one.after.left_out,
    }


def _show_tried(console: Console, tried: Sequence[Tried]) -> None:
    for one in tried:
        console.print(f"{one.name}, from {one.warehouse or 'no warehouse yet'}:", markup=False)
        console.print(
            table(
                ("Field", "Says"),
                [(name, spelled(field.value)) for name, field in one.says],
                empty="No field says anything.",
            )
        )
        for sentence in one.after.missing.values():
            console.print(f"Held: {sentence}", style="red", markup=False)
        for sentence in one.after.left_out:
            console.print(f"Sent without it: {sentence}", style="yellow", markup=False)
