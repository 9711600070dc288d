"""The command `shopify-standin`."""

import socket
from typing import Annotated

import typer
import uvicorn

from shopify_standin.house.bucket import RATES
from shopify_standin.schema import VERSIONS
from shopify_standin.server import listen, make_app
from shopify_standin.standin import CLIENT_ID, Standin

DEFAULT_SECRET = "standin-secret"  # noqa: S105 - signs made-up webhooks only

app = typer.Typer(help="A local Shopify you can break.", no_args_is_help=True, add_completion=False)


@app.callback()
def describe() -> None:
    """A local Shopify you can break: the Admin API, its webhooks and its bad days."""


@app.command()
def serve(
    token: Annotated[str, typer.Option(help="Access token that calls must carry.")],
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 8100,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    shop: Annotated[str, typer.Option(help="Name before .myshopify.com.")] = "standin",
    secret: Annotated[str, typer.Option(help="App secret that signs webhooks.")] = DEFAULT_SECRET,
    plan: Annotated[str, typer.Option(help="standard, advanced, plus or enterprise.")] = "standard",
    currency: Annotated[str, typer.Option(help="The shop's currency.")] = "CAD",
    client_id: Annotated[str, typer.Option(help="Client id of the first app.")] = CLIENT_ID,
    scopes: Annotated[str, typer.Option(help="Comma-separated scopes of the first app; none named means all.")] = "",
) -> None:
    """Serve one shop until interrupted."""
    if plan not in RATES:
        typer.echo(f"There is no plan {plan!r}; take one of {', '.join(RATES)}.", err=True)
        raise typer.Exit(2)
    named = frozenset(part.strip() for part in scopes.split(",") if part.strip())
    standin = Standin(shop, token, secret, plan, client_id, named or None, currency)
    listener = _listen(host, port)
    bound = listener.getsockname()[1]
    typer.echo(f"{shop}.myshopify.com listens on http://{host}:{bound}/admin/api/{VERSIONS[-1]}/graphql.json")
    typer.echo(f"Control API: http://{host}:{bound}/_standin/")
    config = uvicorn.Config(make_app(standin), log_level="warning", access_log=False, lifespan="on")
    uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as error:
        reason = error.strerror or str(error)
        typer.echo(
            f"Cannot listen on {host}:{port} ({reason}). Choose another with --port, or 0 for a free one.", err=True
        )
        raise typer.Exit(1) from None


def main() -> None:
    """Entry point of the command."""
    app()


if __name__ == "__main__":
    main()
