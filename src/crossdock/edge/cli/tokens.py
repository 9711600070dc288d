"""`crossdock tokens …`: what programs may do."""

from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console

from crossdock.edge import user_changes
from crossdock.edge.cli.answer import AsJson, answer, ask, moment, table
from crossdock.edge.cli.hub import Hub
from crossdock.model.people import Scope
from crossdock.store import api_tokens
from crossdock.store.api_tokens import ApiToken

app = typer.Typer()
tokens = typer.Typer(help="Say what programs may do, by tokens.", no_args_is_help=True)
app.add_typer(tokens, name="tokens")


@tokens.command("add")
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="The program that uses it.")],
    scope: Annotated[list[Scope], typer.Option(help="What it may do; may be repeated.")],
    days: Annotated[int, typer.Option(min=0, max=3650, help="How long it is good; 0 until it is revoked.")] = 365,
    as_json: AsJson = False,
) -> None:
    """Make a token and print it, this once: only its fingerprint is kept."""

    async def work(hub: Hub) -> str:
        async with hub.database.begin() as tx:
            return await user_changes.add_token(tx, hub.actor, name, scope, timedelta(days=days) if days else None)

    token = ask(ctx, work)

    def show(console: Console) -> None:
        console.print(token, markup=False, soft_wrap=True)
        console.print("Copy it now; it is not shown again. Send it as: Authorization: Bearer …", markup=False)

    answer({"name": name, "scopes": scope, "days": days, "token": token}, as_json, show)


@tokens.command("list")
def list_tokens(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the tokens, and when each was last used."""

    async def work(hub: Hub) -> list[ApiToken]:
        async with hub.database.begin() as tx:
            return list((await api_tokens.listed(tx))[1])

    found = ask(ctx, work)
    shown = table(
        ("Name", "Scopes", "Made by", "Made", "Last used", "Ends"),
        [
            (
                one.name,
                ", ".join(one.scopes),
                one.added_by,
                moment(one.added_at),
                moment(one.used_at),
                f"{moment(one.ends_at)}{' (over)' if one.expired else ''}",
            )
            for one in found
        ],
        empty="No program has a token. Make one: crossdock tokens add NAME --scope read.",
    )
    answer(found, as_json, lambda console: console.print(shown))


@tokens.command("revoke")
def revoke(
    ctx: typer.Context, name: Annotated[str, typer.Argument(help="The token's name.")], as_json: AsJson = False
) -> None:
    """Let a token open nothing any longer, from this moment on."""

    async def work(hub: Hub) -> None:
        async with hub.database.begin() as tx:
            await user_changes.revoke_token(tx, hub.actor, name)

    ask(ctx, work)
    answer({"revoked": name}, as_json, lambda console: console.print(f"{name} opens nothing now.", markup=False))
