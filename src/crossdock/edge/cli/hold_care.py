"""What people do about what is held: `assign`, `snooze`, `resolve` and `reopen`; chosen as `retry` chooses."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, TypeAlias

import typer

from crossdock.edge import hold_changes
from crossdock.edge.cli.answer import AsJson, answer, ask, lasting
from crossdock.edge.cli.connections import ConnectionName
from crossdock.edge.cli.hub import Hub
from crossdock.edge.naming import order_named
from crossdock.edge.written_rules import duration
from crossdock.kit.errors import UsageError
from crossdock.kit.wording import counted
from crossdock.model.cause import Cause
from crossdock.model.names import ConnectionId
from crossdock.store import connections, holds
from crossdock.store.database import Tx
from crossdock.store.hold_care import HoldKey

app = typer.Typer()

OfCause = Annotated[Cause | None, typer.Option("--cause", help="What is held for this cause.")]
OfOrder = Annotated[str | None, typer.Option("--order", help="This order, by name (#1001) or gid.")]
OfKey = Annotated[str | None, typer.Option("--key", help="This object, by the gid that `holds` shows.")]

Do: TypeAlias = Callable[[Hub, Tx, Sequence[HoldKey]], Awaitable[int]]


@app.command("assign")
def assign(
    ctx: typer.Context,
    connection: ConnectionName,
    to: Annotated[str, typer.Option("--to", help="The user's e-mail address; empty for nobody.")],
    cause: OfCause = None,
    order: OfOrder = None,
    key: OfKey = None,
    as_json: AsJson = False,
) -> None:
    """Make what is held somebody's task."""

    async def do(hub: Hub, tx: Tx, these: Sequence[HoldKey]) -> int:
        return await hold_changes.assign(tx, hub.actor, these, to)

    _do(ctx, connection, (cause, order, key), do, f"the task of {to or 'nobody'}", as_json)


@app.command("snooze")
def snooze(
    ctx: typer.Context,
    connection: ConnectionName,
    lasting_: Annotated[str, typer.Option("--for", help="For how long: 4h, 48h, up to 90 days.")] = "24h",
    cause: OfCause = None,
    order: OfOrder = None,
    key: OfKey = None,
    as_json: AsJson = False,
) -> None:
    """Let what is held rest for a while. It comes back by itself, and at once where it says something else by then."""
    within = duration(lasting_, "--for")

    async def do(hub: Hub, tx: Tx, these: Sequence[HoldKey]) -> int:
        return await hold_changes.snooze(tx, hub.actor, these, within)

    _do(ctx, connection, (cause, order, key), do, f"snoozed for {lasting(within)}", as_json)


@app.command("resolve")
def resolve(
    ctx: typer.Context,
    connection: ConnectionName,
    note: Annotated[str, typer.Option("--note", help="How it was resolved; whoever comes next reads it.")],
    cause: OfCause = None,
    order: OfOrder = None,
    key: OfKey = None,
    as_json: AsJson = False,
) -> None:
    """Say that what is held is done with. It waits again where a look finds something else than it says now."""

    async def do(hub: Hub, tx: Tx, these: Sequence[HoldKey]) -> int:
        return await hold_changes.resolve(tx, hub.actor, these, note)

    _do(ctx, connection, (cause, order, key), do, "resolved", as_json)


@app.command("reopen")
def reopen(
    ctx: typer.Context,
    connection: ConnectionName,
    cause: OfCause = None,
    order: OfOrder = None,
    key: OfKey = None,
    as_json: AsJson = False,
) -> None:
    """Let what was snoozed or resolved wait for a person again."""

    async def do(hub: Hub, tx: Tx, these: Sequence[HoldKey]) -> int:
        return await hold_changes.reopen(tx, hub.actor, these)

    _do(ctx, connection, (cause, order, key), do, "open again", as_json)


def _do(
    ctx: typer.Context, name: str, which: tuple[Cause | None, str | None, str | None], do: Do, what: str, as_json: bool
) -> None:
    cause, order, key = which
    if sum(one is not None for one in which) != 1:
        raise UsageError("Say what it is about: one of --cause, --order and --key. See: crossdock holds.")
    connection = ConnectionId(name)

    async def work(hub: Hub) -> int:
        async with hub.database.begin() as tx:
            await connections.get(tx, connection)
            keys = [key] if key is not None else None if order is None else [await order_named(tx, connection, order)]
            found = await holds.held(tx, connection, cause=cause, keys=keys)
            if not found:
                raise UsageError(f"Nothing like that is held in {connection}. See: crossdock holds.")
            return await do(hub, tx, [HoldKey(one.connection, one.flow, one.key) for one in found])

    count = ask(ctx, work)
    line = f"{counted(count, 'held object')} {'is' if count == 1 else 'are'} {what}."
    document = {"connection": connection, "done": what, "total": count}
    answer(document, as_json, lambda console: console.print(line, markup=False))
