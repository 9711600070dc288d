"""`crossdock routing …`: why an order ships from where it does, and from where it would under other rules."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from crossdock.edge.cli.answer import AsJson, answer, ask, moment, table
from crossdock.edge.cli.connections import ConnectionName
from crossdock.edge.cli.hub import Hub
from crossdock.edge.cli.rules import loaded
from crossdock.edge.naming import order_named
from crossdock.edge.routing_replay import Replayed, differing
from crossdock.edge.written_rules import with_document
from crossdock.kit.errors import UsageError
from crossdock.kit.wording import counted
from crossdock.model.names import ConnectionId
from crossdock.model.routing_rules import RoutingRules
from crossdock.store import connections, routes
from crossdock.store.routes import Kept

app = typer.Typer()
routing = typer.Typer(help="Say why orders ship from where they do.", no_args_is_help=True)
app.add_typer(routing, name="routing")


@routing.command("explain")
def explain(
    ctx: typer.Context,
    connection: ConnectionName,
    order: Annotated[str, typer.Argument(help="The order's name (#1001 or 1001), or its gid.")],
    as_json: AsJson = False,
) -> None:
    """Say from where an order is to ship, why, and what was known of each location."""

    async def work(hub: Hub) -> Sequence[Kept]:
        id_ = ConnectionId(connection)
        async with hub.database.begin() as tx:
            await connections.get(tx, id_)
            found = await routes.of_order(tx, id_, await order_named(tx, id_, order))
        if not found:
            raise UsageError(
                f"Nobody decided from where {order} is to ship: Shopify's assignment is followed. Have the hub decide: "
                f"crossdock rules {connection} --set routing.mode=on."
            )
        return found

    found = ask(ctx, work)
    answer(found, as_json, lambda console: _explain(console, found))


@routing.command("replay")
def replay(
    ctx: typer.Context,
    connection: ConnectionName,
    last: Annotated[int, typer.Option(min=1, max=100_000, help="How many decisions, from the newest on.")] = 100,
    rules: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A TOML or JSON file with other rules; without, the present.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Decide past orders again by the present rules, or by others, and list what would differ. Changes nothing."""
    document = None if rules is None else loaded(rules)

    async def work(hub: Hub) -> tuple[Sequence[Kept], RoutingRules]:
        id_ = ConnectionId(connection)
        async with hub.database.begin() as tx:
            present = (await connections.get(tx, id_)).rules
            return await routes.last(tx, id_, last), with_document(present, document or {}).routing

    kept, by = ask(ctx, work)
    found = differing(kept, by)
    shown = {"replayed": len(kept), "differing": found}
    answer(shown, as_json, lambda console: _show(console, len(kept), found))


def _explain(console: Console, found: Sequence[Kept]) -> None:
    for one in found:
        places = " and ".join(one.routed.places)
        console.print(f"{one.name}, decided at {moment(one.decided_at)} UTC: {places}", style="bold", markup=False)
        for sentence in one.routed.why:
            console.print(f"  {sentence}", markup=False)
    latest = found[-1].facts
    rows = [
        (
            place.name,
            ", ".join(f"{max(0, place.stock.get(item, 0))} of {units} {item}" for item, units in latest.needs.items()),
            place.busy,
            place.barred,
        )
        for place in latest.candidates
    ]
    console.print(f"\nTo {latest.destination}. What was known of each location", style="bold", markup=False)
    console.print(table(("Location", "In stock", "Asked for in 24 h", "Out of the question"), rows, empty=""))


def _show(console: Console, replayed: int, others: Sequence[Replayed]) -> None:
    rows = [
        (one.order, moment(one.decided_at), one.decided, one.replayed, " ".join(one.why)) for one in others
    ]  # fmt: skip
    columns = ("Order", "Decided at", "Then", "By these rules", "Why")
    console.print(table(columns, rows, empty="Every order would ship from where it did."))
    console.print(f"{counted(replayed, 'decision')} replayed, {len(others)} would differ.")
