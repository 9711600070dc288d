"""`crossdock alerts …`: what people are told of, by which channel, and what became of it."""

from collections.abc import Sequence
from typing import Annotated

import typer

from crossdock.edge.alert_changes import NewAlert, add_alert, read_amount, remove_alert
from crossdock.edge.cli.answer import AsJson, answer, ask, moment, table
from crossdock.edge.cli.hub import Hub
from crossdock.kit.errors import TryAgain
from crossdock.model.alert import Alert, Topic
from crossdock.model.cause import Cause
from crossdock.model.people import UserId
from crossdock.store import alert_messages, users
from crossdock.store import alerts as kept
from crossdock.store.alert_messages import Sending

app = typer.Typer()
alerts = typer.Typer(help="Say what people are told of, and see what became of it.", no_args_is_help=True)
app.add_typer(alerts, name="alerts")

Name = Annotated[str, typer.Argument(help="The alert's name.")]


@alerts.command("add")
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="What you call it; messages begin with it.")],
    topic: Annotated[Topic, typer.Argument(metavar="TOPIC", help="holds, late, share, outage, failing or order.")],
    channel: Annotated[str, typer.Option(help="The channel by which it goes out.")],
    least: Annotated[
        int | None,
        typer.Option(
            "--from", help="From how many on: objects held or failing, minutes late or silent, percent of orders held."
        ),
    ] = None,
    store: Annotated[str, typer.Option(help="Only of this store.")] = "",
    cause: Annotated[list[Cause] | None, typer.Option(help="Only holds of this cause; may be repeated.")] = None,
    tag: Annotated[str, typer.Option(help="Only new orders with this tag.")] = "",
    amount: Annotated[str | None, typer.Option(help="Only new orders of this amount or more.")] = None,
    user: Annotated[str, typer.Option(help="Mail it to this user in place of the channel's recipients.")] = "",
    quiet: Annotated[str, typer.Option(help="When to leave people alone, like '22:00-07:00 Europe/Berlin'.")] = "",
    urgent: Annotated[bool, typer.Option("--urgent", help="Tell it in quiet hours, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Have people told of something: as it begins, again when it is worse, and when it is over."""
    wanted = NewAlert(
        name=name,
        topic=topic,
        channel=channel,
        least=least,
        store=store,
        causes=frozenset(cause or ()),
        tag=tag,
        amount=read_amount(amount or ""),
        user=user,
        quiet=quiet,
        urgent=urgent,
    )

    async def work(hub: Hub) -> Alert:
        async with hub.database.begin() as tx:
            return await add_alert(tx, hub.actor, wanted)

    added = ask(ctx, work)
    line = f"{added.name} tells of: {added.interest}. Try it: crossdock alerts test '{added.name}'."
    answer(added, as_json, lambda console: console.print(line, markup=False))


@alerts.command("list")
def list_alerts(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the alerts."""

    async def work(hub: Hub) -> tuple[Sequence[Alert], dict[UserId, str]]:
        async with hub.database.begin() as tx:
            return await kept.listed(tx), {user.id: user.email for user in await users.listed(tx)}

    found, emails = ask(ctx, work)
    shown = table(
        ("Name", "Tells of", "Channel", "To", "Quiet"),
        [
            (
                one.name,
                one.interest,
                one.channel,
                None if one.user is None else emails[one.user],
                "urgent" if one.urgent else one.quiet,
            )
            for one in found
        ],
        empty="There is no alert yet. Add one: crossdock alerts add NAME holds --channel CHANNEL.",
    )
    answer(found, as_json, lambda console: console.print(shown))


@alerts.command("test")
def try_out(ctx: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Send a message that says that it is a test, now, and say whether it arrived."""

    async def work(hub: Hub) -> Sending:
        return await hub.test_alert(name)

    sending = ask(ctx, work)
    if sending.sent_at is None:
        raise TryAgain(f"The test of {name} did not arrive. {sending.last_error or 'A worker is at it just now.'}")
    line = f"The test of {name} is sent by the channel {sending.channel}."
    answer(sending, as_json, lambda console: console.print(line, markup=False))


@alerts.command("remove")
def remove(ctx: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Forget an alert; what it sent stays in the log."""

    async def work(hub: Hub) -> None:
        async with hub.database.begin() as tx:
            await remove_alert(tx, hub.actor, name)

    ask(ctx, work)
    answer({"removed": name}, as_json, lambda console: console.print(f"{name} tells no more.", markup=False))


@alerts.command("log")
def log(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Say what was sent and what was not, newest first."""

    async def work(hub: Hub) -> Sequence[Sending]:
        async with hub.database.begin() as tx:
            return await alert_messages.latest(tx, limit)

    found = ask(ctx, work)
    shown = table(
        ("Written", "Alert", "Channel", "State", "Tries", "Message", "Trouble"),
        [
            (
                moment(one.written_at),
                one.alert,
                one.channel,
                one.state,
                one.attempts,
                "\n".join(one.message.lines),
                one.last_error,
            )
            for one in found
        ],
        empty="Nothing was sent yet.",
    )
    answer(found, as_json, lambda console: console.print(shown))
