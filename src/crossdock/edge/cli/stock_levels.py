"""Every level of a connection, read from Shopify and compared: `crossdock stock drift`, and what `mode` begins with."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console

from crossdock.edge.cli.answer import AsJson, answer, ask, moment, table
from crossdock.edge.cli.connections import ConnectionName
from crossdock.edge.cli.hub import Hub
from crossdock.edge.drift_report import DriftReport, SeenLevel, drift_report
from crossdock.kit.wording import counted
from crossdock.model.names import ConnectionId


def drift(
    ctx: typer.Context,
    connection: ConnectionName,
    every: Annotated[bool, typer.Option("--all", help="List levels that are as they should be, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read every level from Shopify, and say where it is not what it should be. Changes nothing."""
    id_ = ConnectionId(connection)

    async def work(hub: Hub) -> DriftReport:
        return await drift_report(hub.database, hub.outside, id_, every=every)

    report = ask(ctx, work)

    def show(console: Console) -> None:
        show_levels(console, report.listed)
        console.print(f"{counted(report.levels, 'level')} read, {report.differing} to be set right.")
        if not report.found_before:
            return
        console.print("\nFound before", style="bold")
        rows = [(moment(one.found_at), one.code or one.item, one.place, one.done) for one in report.found_before]
        console.print(table(("At", "Item", "Location", "What"), rows, empty=""))

    answer(report, as_json, show)


def show_levels(console: Console, levels: Sequence[SeenLevel]) -> None:
    """Show levels as a table."""
    rows = [(one.item, one.place, one.shopify_has, one.believed, one.publish, one.finding) for one in levels]
    columns = ("Item", "Location", "Shopify has", "Believed", "Should be", "What")
    console.print(table(columns, rows, empty="Every level is what it should be."))
