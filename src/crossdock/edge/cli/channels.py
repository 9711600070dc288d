"""`crossdock channels …`: by which ways alerts go out."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console

from crossdock.edge.alert_changes import remove_channel, switch_channel
from crossdock.edge.cli.answer import AsJson, answer, ask, moment, table
from crossdock.edge.cli.hub import Hub
from crossdock.kit.errors import TryAgain, UsageError
from crossdock.kit.webhook_signature import new_secret
from crossdock.model.channel import Channel, Email, Security, Slack, Webhook
from crossdock.store import channels as kept
from crossdock.store.alert_messages import Sending
from crossdock.store.channels import NamedChannel

app = typer.Typer()
channels = typer.Typer(help="Say by which ways alerts go out.", no_args_is_help=True)
app.add_typer(channels, name="channels")

Name = Annotated[str, typer.Argument(help="What you call it. A channel of this name is changed.")]
Known = Annotated[str, typer.Argument(help="The channel's name.")]


@channels.command("email")
def email(
    ctx: typer.Context,
    name: Name,
    host: Annotated[str, typer.Option(help="The mail server.")],
    sender: Annotated[str, typer.Option(help="The address that the mail comes from.")],
    to: Annotated[list[str] | None, typer.Option(help="A recipient; may be repeated.")] = None,
    port: Annotated[int, typer.Option(help="The mail server's port.")] = 587,
    security: Annotated[Security, typer.Option(help="How the way there is encrypted.")] = Security.STARTTLS,
    user: Annotated[str | None, typer.Option(help="The login at the mail server, where it wants one.")] = None,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read its password from stdin.")] = False,
    as_json: AsJson = False,
) -> None:
    """Send alerts by mail. You are asked for the login's password, which is never an argument."""
    password = None if user is None else _secret("Password", "--password-stdin", from_stdin=password_stdin)
    channel = Email(host, port, sender, tuple(to or ()), security, user, password)
    called = _set(ctx, name, channel)
    document = {"channel": called, "to": channel.shown}
    answer(document, as_json, lambda console: console.print(f"{called} goes to {channel.shown}.", markup=False))


@channels.command("webhook")
def webhook(
    ctx: typer.Context,
    name: Name,
    url: Annotated[str, typer.Argument(help="The https address of the program.")],
    secret_stdin: Annotated[
        bool, typer.Option("--secret-stdin", help="Read the secret from stdin; else the hub makes one.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Send alerts to a program, signed as Standard Webhooks has it. The secret is printed this once."""
    made = None if secret_stdin else new_secret()
    secret = made or _secret("Secret", "--secret-stdin", from_stdin=True)
    channel = Webhook(url, secret)
    called = _set(ctx, name, channel)

    def show(console: Console) -> None:
        console.print(f"{called} goes to {channel.shown}.", markup=False)
        if made is not None:
            console.print("The program checks the signature by this secret; it is not shown again:", markup=False)
            console.print(f"  {made}", markup=False, soft_wrap=True)

    answer({"channel": called, "to": channel.shown, "secret": made}, as_json, show)


@channels.command("slack")
def slack(
    ctx: typer.Context,
    name: Name,
    url_stdin: Annotated[bool, typer.Option("--url-stdin", help="Read the webhook's URL from stdin.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write alerts into a chat by an incoming webhook: Slack's, or one of the same kind. Its URL is a secret."""
    channel = Slack(_secret("URL", "--url-stdin", from_stdin=url_stdin))
    called = _set(ctx, name, channel)
    document = {"channel": called, "to": channel.shown}
    answer(document, as_json, lambda console: console.print(f"{called} goes to {channel.shown}.", markup=False))


@channels.command("list")
def list_channels(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the channels, without what opens them."""

    async def work(hub: Hub) -> Sequence[NamedChannel]:
        async with hub.database.begin() as tx:
            return await kept.listed(tx)

    found = ask(ctx, work)
    shown = table(
        ("Name", "Kind", "To", "Added", "Off since"),
        [(one.name, one.kind, one.shown, moment(one.added_at), moment(one.off_since)) for one in found],
        empty="There is no channel yet. Add one: crossdock channels email, webhook or slack.",
    )
    answer(found, as_json, lambda console: console.print(shown))


@channels.command("on")
def switch_on(ctx: typer.Context, name: Known, as_json: AsJson = False) -> None:
    """Have alerts go out by a channel again: first what there is now, and what came and went meanwhile."""
    _switch(ctx, name, on=True)
    answer({"on": name}, as_json, lambda console: console.print(f"{name} is on.", markup=False))


@channels.command("off")
def switch_off(ctx: typer.Context, name: Known, as_json: AsJson = False) -> None:
    """Let nothing go out by a channel; its alerts forget nothing."""
    _switch(ctx, name, on=False)
    answer({"off": name}, as_json, lambda console: console.print(f"{name} is off.", markup=False))


@channels.command("test")
def try_out(
    ctx: typer.Context,
    name: Known,
    user: Annotated[str, typer.Option(help="Mail it to this user in place of the channel's recipients.")] = "",
    as_json: AsJson = False,
) -> None:
    """Send a message that says that it is a test, now, and say whether it arrived."""

    async def work(hub: Hub) -> Sending:
        return await hub.test_channel(name, user)

    sending = ask(ctx, work)
    if sending.sent_at is None:
        raise TryAgain(f"The test of {name} did not arrive. {sending.last_error or 'A worker is at it just now.'}")
    answer(sending, as_json, lambda console: console.print(f"A test is sent by {name}.", markup=False))


@channels.command("remove")
def remove(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="The channel's name.")],
    as_json: AsJson = False,
) -> None:
    """Forget a channel that no alert uses."""

    async def work(hub: Hub) -> None:
        async with hub.database.begin() as tx:
            await remove_channel(tx, hub.actor, name)

    ask(ctx, work)
    answer({"removed": name}, as_json, lambda console: console.print(f"{name} is removed.", markup=False))


def _set(ctx: typer.Context, name: str, channel: Channel) -> str:
    async def work(hub: Hub) -> str:
        return await hub.set_channel(name, channel)

    return ask(ctx, work)


def _switch(ctx: typer.Context, name: str, *, on: bool) -> None:
    async def work(hub: Hub) -> None:
        async with hub.database.begin() as tx:
            await switch_channel(tx, hub.actor, name, on=on)

    ask(ctx, work)


def _secret(what: str, option: str, *, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().strip()
    if not sys.stdin.isatty():
        raise UsageError(f"What opens the channel is missing. Give it with {option}.")
    typed: str = typer.prompt(what, hide_input=True, err=True)
    return typed.strip()
