"""`crossdock secrets …`: the key under which credentials are sealed, and another one in its place."""

import typer

from crossdock.edge.cli.answer import AsJson, answer, ask, table
from crossdock.edge.cli.hub import Hub, Sealed
from crossdock.kit.sealing import KEY_VARIABLE, new_key

app = typer.Typer()
secrets = typer.Typer(help="Seal all credentials anew, under another key.", no_args_is_help=True)
app.add_typer(secrets, name="secrets")


@secrets.command("status")
def status(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Say how many secrets are sealed under which key. Keys are named by their fingerprint."""

    async def work(hub: Hub) -> Sealed:
        return await hub.sealed()

    found = ask(ctx, work)
    shown = table(
        ("Key", "Seals", "Use"),
        [
            (key, count, "seals what is new" if number == 0 else "opens only" if count else "opens nothing: may go")
            for number, (key, count) in enumerate(found.by_key.items())
        ],
        empty="",
    )
    answer(found, as_json, lambda console: console.print(shown))


@secrets.command("rotate")
def rotate(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Make another key and seal everything anew under it, while the hub goes on. The last key still opens."""

    async def work(hub: Hub) -> Sealed:
        return await hub.rotate_secrets()

    done = ask(ctx, work)
    newest = next(iter(done.by_key))
    line = f"{done.by_key[newest]} secrets are sealed under key {newest} now."
    answer(done, as_json, lambda console: console.print(line, markup=False))


@secrets.command("key")
def key(as_json: AsJson = False) -> None:
    """Print a new key, for those who keep it in the environment. Nothing is changed by it."""
    made = new_key()
    answer({"variable": KEY_VARIABLE, "key": made}, as_json, lambda console: console.print(made, markup=False))
