"""`crossdock stock mode`: between setting levels and adding to them, with a look at what differs first."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console

from crossdock.edge.cli.answer import AsJson, answer, ask
from crossdock.edge.cli.connections import ConnectionName
from crossdock.edge.cli.hub import Again, Hub
from crossdock.edge.cli.stock_levels import show_levels
from crossdock.edge.drift_report import seen_level
from crossdock.edge.mode_changes import Switched
from crossdock.edge.mode_report import level_report
from crossdock.edge.stock_changes import differing_of, publish_differing, switch_mode
from crossdock.edge.stock_report import LevelReport
from crossdock.kit.errors import UsageError
from crossdock.kit.wording import counted
from crossdock.model.connection import StockMode
from crossdock.model.names import ConnectionId
from crossdock.store import connections

_MEANS = {
    StockMode.ABSOLUTE: "each level is set to its figure; what others change in Shopify does not last",
    StockMode.DELTA: "what the warehouse gains or loses is added to each level; what others change in Shopify stays",
}


def mode(
    ctx: typer.Context,
    connection: ConnectionName,
    wanted: Annotated[StockMode, typer.Argument(metavar="MODE", help="absolute or delta.")],
    repair: Annotated[bool, typer.Option("--repair", help="Publish what differs first, then switch.")] = False,
    adopt: Annotated[bool, typer.Option("--adopt", help="To delta: begin from what Shopify has now.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Switch how stock is written, after a look at what differs. In absolute mode what differs is published anew."""
    id_ = ConnectionId(connection)
    if repair and adopt:
        raise UsageError("--repair and --adopt cannot go together. Leave one out.")
    if adopt and wanted is StockMode.ABSOLUTE:
        raise UsageError("--adopt is for delta mode: in absolute mode every level is set to its figure.")

    async def work(hub: Hub) -> tuple[Sequence[LevelReport], bool]:
        async with hub.database.begin() as tx:
            if (await connections.get(tx, id_)).rules.inventory.mode is wanted:
                return (), False
        differing = await _differing(hub, id_)
        if not as_json:
            _show(Console(stderr=True, highlight=False), differing, wanted)
        adopting = adopt or (bool(differing) and wanted is StockMode.DELTA and not repair and _adopts(id_, yes=yes))
        _confirm(wanted, yes=yes)
        if differing and wanted is StockMode.DELTA and not adopting:
            await _repair(hub, id_, differing)
        async with hub.database.begin() as tx:
            await switch_mode(tx, hub.actor, id_, wanted, differing)
        return differing, True

    differing, switched = ask(ctx, work)
    document = Switched(id_, wanted, switched, [seen_level(one) for one in differing])
    line = f"{id_} {'is now' if switched else 'was already'} in {wanted} mode: {_MEANS[wanted]}."
    answer(document, as_json, lambda console: console.print(line, markup=False))


async def _differing(hub: Hub, connection: ConnectionId) -> Sequence[LevelReport]:
    return differing_of(await level_report(hub.database, hub.outside, connection))


async def _repair(hub: Hub, connection: ConnectionId, differing: Sequence[LevelReport]) -> None:
    """Publish what differs. Raises UsageError where something is left: it is not switched then."""
    async with hub.database.begin() as tx:
        await publish_differing(tx, hub.actor, connection, differing)
    await hub.catch_up(connection, Again(stock=True), lambda _stage, _count: None)
    left = await _differing(hub, connection)
    if left:
        raise UsageError(
            f"{counted(len(left), 'level')} of {connection} still {'differs' if len(left) == 1 else 'differ'}, so the "
            f"mode is as it was. See why: crossdock stock drift {connection}. Then try again, or switch with --adopt."
        )


def _adopts(connection: ConnectionId, *, yes: bool) -> bool:
    if yes or not sys.stdin.isatty():
        raise UsageError(
            f"Some levels differ: crossdock stock drift {connection}. Say --repair to publish them first, or --adopt "
            "to begin from what Shopify has."
        )
    answered: str = typer.prompt(
        "Publish what differs first (repair), or begin from what Shopify has (adopt)?", err=True
    )
    if answered not in {"repair", "adopt"}:
        raise UsageError(f"{answered!r} is neither repair nor adopt. Nothing was changed.")
    return answered == "adopt"


def _confirm(wanted: StockMode, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(f"Say --yes to switch to {wanted} mode without being asked.")
    typer.confirm(f"Switch to {wanted} mode?", abort=True, err=True)


def _show(console: Console, differing: Sequence[LevelReport], wanted: StockMode) -> None:
    show_levels(console, [seen_level(one) for one in differing])
    console.print(f"In {wanted} mode {_MEANS[wanted]}.", markup=False)
