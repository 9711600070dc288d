"""`crossdock doctor`: is everything in order, and if not, what to do."""

import asyncio
from collections.abc import Sequence

import typer
from rich.console import Console
from rich.text import Text

from crossdock.edge.checks import Check, Verdict, examined
from crossdock.edge.cli.answer import AsJson, answer, installation

app = typer.Typer()

_STYLES = {Verdict.OK: "green", Verdict.WARN: "yellow", Verdict.FAIL: "bold red"}


@app.command("doctor")
def doctor(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Check the installation and both sides of every connection. Exits with 1 where something fails."""
    found = examined(asyncio.run(installation(ctx).examine()))
    answer(found, as_json, lambda console: _show(console, found.checks))
    if not found.healthy:
        raise typer.Exit(1)


def _show(console: Console, checks: Sequence[Check]) -> None:
    for check in checks:
        console.print(
            Text.assemble((f"{check.verdict:<5}", _STYLES[check.verdict]), f"{check.subject}: {check.finding}")
        )
        if check.remedy:
            console.print(Text(f"     {check.remedy}", style="dim"))
    counts = {verdict: sum(check.verdict is verdict for check in checks) for verdict in Verdict}
    console.print(", ".join(f"{count} {verdict}" for verdict, count in counts.items()))
