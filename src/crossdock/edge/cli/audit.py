"""`crossdock audit`: who changed what, when, from where."""

import json
from collections.abc import Mapping
from typing import Annotated

import typer

from crossdock.edge.cli.answer import AsJson, answer, ask, moment, table
from crossdock.edge.cli.hub import Hub
from crossdock.store import audit as kept
from crossdock.store.audit import Entry

app = typer.Typer()


@app.command("audit")
def audit(
    ctx: typer.Context,
    by: Annotated[str, typer.Option(help="Only what somebody did: a part of their name.")] = "",
    about: Annotated[str, typer.Option(help="Only what was done to something: a part of the deed or the object.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Say who changed what, newest first, with what it was before and after."""

    async def work(hub: Hub) -> list[Entry]:
        async with hub.database.begin() as tx:
            return list((await kept.read(tx, by=by, about=about, limit=limit))[1])

    found = ask(ctx, work)
    shown = table(
        ("At", "Who", "From", "What", "Of", "Before", "After"),
        [
            (
                moment(one.at),
                one.actor.name,
                " ".join(filter(None, (one.actor.face, one.actor.address))),
                one.deed,
                one.object,
                _said(one.before),
                _said(one.after),
            )
            for one in found
        ],
        empty="Nothing like that was changed.",
    )
    answer(found, as_json, lambda console: console.print(shown))


def _said(document: Mapping[str, object] | None) -> str | None:
    return None if document is None else json.dumps(document, ensure_ascii=False)
