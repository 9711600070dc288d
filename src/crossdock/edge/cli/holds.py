"""What waits for a person: `holds`, and `retry` once the person has acted."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Annotated

import typer
from rich.console import Console

from crossdock.edge.asking import look_again
from crossdock.edge.cli.answer import AsJson, answer, ask, moment, table
from crossdock.edge.cli.connections import ConnectionName
from crossdock.edge.cli.hub import Hub
from crossdock.edge.naming import order_named
from crossdock.kit.errors import UsageError
from crossdock.model.called import GID, called, number_of
from crossdock.model.cause import CATALOGUE, Cause
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, LocationId
from crossdock.store import connections, holds, locations
from crossdock.store.database import Tx
from crossdock.store.holds import Held

app = typer.Typer()


@app.command("holds")
def list_holds(
    ctx: typer.Context,
    connection: Annotated[str | None, typer.Option(help="Only those of one connection.")] = None,
    as_json: AsJson = False,
) -> None:
    """List what is held, by cause, with what to do about each."""

    async def work(hub: Hub) -> tuple[list[Held], list[str]]:
        async with hub.database.begin() as tx:
            if connection is not None:
                await connections.get(tx, ConnectionId(connection))
            found = await holds.held(tx, None if connection is None else ConnectionId(connection))
            return found, await _to_map(tx, found)

    listed, to_map = ask(ctx, work)
    found = sorted(listed, key=lambda held: held.hold.cause)
    groups = [(cause, list(alike)) for cause, alike in groupby(found, key=lambda held: held.hold.cause)]
    document = [
        {
            "cause": cause,
            "title": CATALOGUE[cause].title,
            "remedy": CATALOGUE[cause].remedy,
            "heals": CATALOGUE[cause].heals,
            "objects": [
                {
                    "connection": one.connection,
                    "flow": one.flow,
                    "key": one.key,
                    "detail": one.hold.detail,
                    "needs": one.hold.needs,
                    "since": one.since,
                    "open": one.open,
                }
                for one in alike
            ],
        }
        for cause, alike in groups
    ]
    answer(document, as_json, lambda console: _show(console, groups, to_map))


@app.command("retry")
def retry(
    ctx: typer.Context,
    connection: ConnectionName,
    cause: Annotated[Cause | None, typer.Option(help="Only what is held for this cause.")] = None,
    order: Annotated[str | None, typer.Option(help="Only this order, by name (#1001) or gid.")] = None,
    key: Annotated[str | None, typer.Option(help="Only this item or variant, by the gid that `holds` shows.")] = None,
    as_json: AsJson = False,
) -> None:
    """Have what is held looked at again: all of it, one cause, or one object. A worker does so within seconds."""
    given = [name for name, value in (("--cause", cause), ("--order", order), ("--key", key)) if value is not None]
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} cannot go together. Leave all but one out.")

    async def work(hub: Hub) -> Counter[Flow]:
        id_ = ConnectionId(connection)
        async with hub.database.begin() as tx:
            await connections.get(tx, id_)
            keys = [key] if key is not None else None if order is None else [await order_named(tx, id_, order)]
            found = await holds.held(tx, id_, cause=cause, keys=keys)
            by_flow = {flow: [one.key for one in found if one.flow is flow] for flow in Flow}
            await look_again(tx, hub.actor, id_, by_flow)
        return Counter(held.flow for held in found)

    marked = ask(ctx, work)
    count = marked.total()
    line = (
        f"{count} held {'object is' if count == 1 else 'objects are'} looked at again. No worker runs? "
        f"crossdock sync {connection}"
        if count
        else "Nothing like that is held."
    )
    document = {"connection": connection, "marked": dict(marked), "total": count}
    answer(document, as_json, lambda console: console.print(line, markup=False))


def _show(console: Console, groups: Sequence[tuple[Cause, Sequence[Held]]], to_map: Sequence[str]) -> None:
    if not groups:
        console.print("Nothing is held.")
    for cause, alike in groups:
        note = CATALOGUE[cause]
        console.print(f"{note.title} ({len(alike)}, --cause {cause})", style="bold", markup=False)
        console.print(note.remedy, markup=False)
        for line in to_map if cause is Cause.LOCATION_UNMAPPED else ():
            console.print(f"  {line}", markup=False, soft_wrap=True)
        if note.heals:
            console.print("Once that is done, the hub goes on by itself.", style="dim")
        console.print(
            table(
                ("Connection", "Flow", "Since", "What", "Key", ""),
                [
                    (
                        one.connection,
                        one.flow,
                        moment(one.since),
                        one.hold.detail,
                        one.key,
                        _aside(one),
                    )
                    for one in alike
                ],
                empty="",
            )
        )


async def _to_map(tx: Tx, found: Sequence[Held]) -> list[str]:
    """Return the command for each location that lacks a warehouse, by its number: two may share a name."""
    places = {
        (one.connection, LocationId(need))
        for one in found
        if one.hold.cause is Cause.LOCATION_UNMAPPED
        for need in one.hold.needs
        if need.startswith(GID)
    }
    names = {id_: await locations.names(tx, id_) for id_ in {id_ for id_, _ in places}}
    return [
        f"{called(place, names[id_])}: crossdock map-location {id_} {number_of(place)} WAREHOUSE"
        for id_, place in sorted(places)
    ]


def _aside(one: Held) -> str:
    return "" if one.open else "put aside"
