"""`crossdock privacy …`: who asked to be told or to be forgotten, until when, and what came of it."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from crossdock.edge.cli.answer import AsJson, answer, ask, moment, plain, say, table
from crossdock.edge.cli.hub import Hub
from crossdock.edge.privacy import by_hand
from crossdock.edge.privacy.dossier import Dossier
from crossdock.model.names import ShopDomain
from crossdock.model.privacy import PrivacyRequest
from crossdock.store import privacy as kept

app = typer.Typer()
privacy = typer.Typer(help="Tell and forget what is held of customers.", no_args_is_help=True)
app.add_typer(privacy, name="privacy")

Number = Annotated[int, typer.Argument(help="The request's number, as `crossdock privacy requests` shows it.")]


@privacy.command("requests")
def show_requests(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List who asked to be told or to be forgotten, what is left to do, and until when."""

    async def work(hub: Hub) -> Sequence[PrivacyRequest]:
        async with hub.database.begin() as tx:
            return await kept.listed(tx)

    found = ask(ctx, work)
    rows = [
        (one.id, one.store, one.wish.label, moment(one.received_at), moment(one.due_at), one.standing, one.said)
        for one in found
    ]
    columns = ("Number", "Store", "Asks to", "Came", "Due", "State", "What is said of it")
    shown = table(columns, rows, empty="Nobody has asked for anything.")
    answer(found, as_json, lambda console: console.print(shown))


@privacy.command("export")
def export(
    ctx: typer.Context,
    number: Number,
    out: Annotated[
        Path | None,
        typer.Option(help="Write it to this file, readable by you only; else it is printed.", dir_okay=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print all that is held of a request's customer: orders, requests, packages, calls, webhooks, the time line."""

    async def work(hub: Hub) -> Dossier:
        return await by_hand.export(hub.database, hub.actor, number, hub.dossier)

    found = ask(ctx, work)
    document = json.dumps(plain(found), indent=2, ensure_ascii=False) + "\n"
    if out is None:
        sys.stdout.write(document)
        say(f"Handed it over? Then: crossdock privacy done {number}")
        return
    out.touch(mode=0o600)
    out.write_text(document)
    line = f"Written to {out}. Hand it over by {moment(found.due_at)}, then: crossdock privacy done {number}"
    answer({"written": str(out)}, as_json, lambda console: console.print(line, markup=False))


@privacy.command("erase")
def erase(
    ctx: typer.Context,
    domain: Annotated[str, typer.Argument(help="The store's own domain, like acme.myshopify.com.")],
    customer: Annotated[int | None, typer.Option(help="The customer's number at Shopify.")] = None,
    email: Annotated[str | None, typer.Option(help="The customer's e-mail.")] = None,
    order: Annotated[list[int] | None, typer.Option(help="An order's number at Shopify; may be repeated.")] = None,
    as_json: AsJson = False,
) -> None:
    """Forget a customer on a person's word, as when Shopify asks for it; also after an older backup was restored."""
    person = by_hand.person_named(customer, email, order or ())

    async def work(hub: Hub) -> PrivacyRequest:
        store = ShopDomain(domain.strip().lower())
        async with hub.database.begin() as tx:
            number = await by_hand.ask_to_erase(tx, hub.actor, store, person)
        await hub.carry_out()
        async with hub.database.begin() as tx:
            return await kept.get(tx, number)

    _tell(ask(ctx, work), as_json)


@privacy.command("done")
def done(
    ctx: typer.Context,
    number: Number,
    note: Annotated[str, typer.Option(help="What was done, without the person's data.")] = by_hand.DONE,
    as_json: AsJson = False,
) -> None:
    """Say that a person did what a request left to do: handed the export over, or erased at a backend by hand."""

    async def work(hub: Hub) -> PrivacyRequest:
        async with hub.database.begin() as tx:
            return await by_hand.finish(tx, hub.actor, number, note)

    _tell(ask(ctx, work), as_json)


def _tell(request: PrivacyRequest, as_json: bool) -> None:
    def show(console: Console) -> None:
        said = request.said or "It waits for its turn."
        console.print(f"Request {request.id} is {request.standing.value.replace('_', ' ')}. {said}", markup=False)

    answer(request, as_json, show)
