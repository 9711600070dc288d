"""`crossdock store …`: which shops there are, and whether the hub calls them."""

import os
import sys
from typing import Annotated

import typer
from rich.console import Console

from crossdock.edge.cli.answer import AsJson, answer, ask, moment, table
from crossdock.edge.cli.hub import Hub
from crossdock.edge.store_changes import BY_HAND, pause_store, resume_store
from crossdock.edge.tying import AddedStore, NewStore
from crossdock.kit.errors import UsageError
from crossdock.model.names import ShopDomain
from crossdock.model.outage import Party, store_party
from crossdock.store import outages, stores
from crossdock.store.stores import Store

TOKEN_VARIABLE = "CROSSDOCK_TOKEN"  # noqa: S105 - a variable's name
SECRET_VARIABLE = "CROSSDOCK_SECRET"  # noqa: S105 - a variable's name

app = typer.Typer()
store = typer.Typer(help="Add, list, pause and resume stores.", no_args_is_help=True)
app.add_typer(store, name="store")

Domain = Annotated[str, typer.Argument(help="The store's own domain, like acme.myshopify.com.")]


@store.command("add")
def add(
    ctx: typer.Context,
    domain: Annotated[
        str, typer.Argument(help="The store's own domain, like acme.myshopify.com, or its admin's address.")
    ],
    token: Annotated[
        str | None, typer.Option(help=f"Admin API access token; else {TOKEN_VARIABLE}, else you are asked.")
    ] = None,
    secret: Annotated[
        list[str] | None,
        typer.Option(
            help=f"Client secret that signs webhooks, newest first, may be repeated; else {SECRET_VARIABLE}, else you "
            "are asked."
        ),
    ] = None,
    client_id: Annotated[
        str | None,
        typer.Option(help="Client id of an app of the Dev Dashboard: tokens are asked for with it and its secret."),
    ] = None,
    endpoint: Annotated[
        str | None, typer.Option(help="Call this in place of the store, for a stand-in: http://127.0.0.1:8100.")
    ] = None,
    api_version: Annotated[str | None, typer.Option(help="Admin API version, like 2026-10.")] = None,
    as_json: AsJson = False,
) -> None:
    """Add a store, or give a known one new credentials. The shop is asked first; nothing is kept unless it answers."""
    given = tuple(secret or ()) or _split(os.environ.get(SECRET_VARIABLE))
    if client_id is None:
        token = token or os.environ.get(TOKEN_VARIABLE) or _typed("Admin API access token", "--token", TOKEN_VARIABLE)
    elif token is not None:
        raise UsageError("An app with a client id has no lasting token. Leave --token or --client-id out.")
    wanted = NewStore(
        domain,
        token,
        given or (_typed("Client secret", "--secret", SECRET_VARIABLE),),
        endpoint,
        api_version,
        client_id,
    )

    async def work(hub: Hub) -> AddedStore:
        return await hub.add_store(wanted)

    added = ask(ctx, work)

    def show(console: Console) -> None:
        how = "has new credentials" if added.known else "is added"
        console.print(f"{added.domain} {how}: {added.name}, {added.currency}, plan {added.plan}.", markup=False)
        console.print(f"Next: crossdock connect {added.domain}", markup=False)

    answer(added, as_json, show)


@store.command("list")
def list_stores(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the stores, and which are paused and why."""

    async def work(hub: Hub) -> tuple[list[Store], dict[Party, str]]:
        async with hub.database.begin() as tx:
            silent = {one.party: one.sentence for one in await outages.listed(tx)}
            return list(await stores.listed(tx)), silent

    found, silent = ask(ctx, work)
    rows = [
        (
            one.domain,
            one.api_version,
            moment(one.added_at),
            one.endpoint,
            one.paused or silent.get(store_party(one.domain), "works"),
        )
        for one in found
    ]
    shown = table(
        ("Store", "API version", "Added", "Endpoint", "State"),
        rows,
        empty="There is no store yet. Add one: crossdock store add DOMAIN.",
    )
    answer(found, as_json, lambda console: console.print(shown))


@store.command("pause")
def pause(
    ctx: typer.Context,
    domain: Domain,
    reason: Annotated[str, typer.Option(help="What people read as the cause.")] = BY_HAND,
    as_json: AsJson = False,
) -> None:
    """Stop calling a store. Its webhooks are still kept, and followed once it is resumed."""
    known = _as_kept(domain)

    async def work(hub: Hub) -> Store:
        async with hub.database.begin() as tx:
            return await pause_store(tx, hub.actor, known, reason)

    paused = ask(ctx, work)
    line = f"{known} is paused: {paused.paused} Resume it: crossdock store resume {known}"
    answer(paused, as_json, lambda console: console.print(line, markup=False))


@store.command("resume")
def resume(ctx: typer.Context, domain: Domain, as_json: AsJson = False) -> None:
    """Call a paused store again."""
    known = _as_kept(domain)

    async def work(hub: Hub) -> Store:
        async with hub.database.begin() as tx:
            return await resume_store(tx, hub.actor, known)

    resumed = ask(ctx, work)
    line = f"{resumed.domain} works again. What waited meanwhile is looked at by the next worker, or by crossdock sync."
    answer(resumed, as_json, lambda console: console.print(line, markup=False))


def _as_kept(domain: str) -> ShopDomain:
    return ShopDomain(domain.strip().lower())


def _split(variable: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (variable or "").split(",") if part.strip())


def _typed(what: str, option: str, variable: str) -> str:
    if not sys.stdin.isatty():
        raise UsageError(f"{what} is missing. Give it with {option}, or set {variable}.")
    typed: str = typer.prompt(what, hide_input=True, err=True)
    return typed
