"""How a command gets its answer and shows it: text for people, or one JSON document and nothing else."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeVar

import typer
from pydantic_core import to_jsonable_python
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from crossdock.edge.cli.hub import Hub, Installation

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
"""The option that every command takes."""

_WIDE = 240

T = TypeVar("T")


def installation(ctx: typer.Context) -> Installation:
    """Return the installation that this command line is about."""
    found: Installation = ctx.obj
    return found


def ask(ctx: typer.Context, work: Callable[[Hub], Awaitable[T]]) -> T:
    """Open the hub, do `work`, close it, and return what `work` did."""

    async def asked() -> T:
        async with installation(ctx).hub(say) as hub:
            return await work(hub)

    return asyncio.run(asked())


def say(sentence: str) -> None:
    """Tell a person something beside the answer: on stderr, so that the answer can be piped on."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def answer(document: object, as_json: bool, show: Callable[[Console], None]) -> None:
    """Print the answer: `document` as JSON where that is asked for, else as `show` prints it."""
    if as_json:
        sys.stdout.write(json.dumps(plain(document), indent=2, ensure_ascii=False) + "\n")
    else:
        # A pipe has no width: what another program reads must not be folded to fit a screen.
        width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _WIDE
        show(Console(width=width, highlight=False))


def plain(document: object) -> Any:
    """Return dataclasses, enums, times and amounts as JSON has them; a duration is in seconds."""
    return to_jsonable_python(document, timedelta_mode="float")


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> Table | str:
    """Return a table of `rows`, or the sentence `empty` where there are none. None is shown as nothing."""
    grid = Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False)
    for column in grid.columns:
        column.overflow = "fold"
    for row in rows:
        grid.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    return grid if grid.row_count else empty


def moment(at: datetime | None) -> str:
    """Return a time as tables show it, in UTC."""
    return "never" if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def lasting(duration: timedelta) -> str:
    """Return a duration in its two largest units: `3 d 4 h`, `12 s`."""
    seconds = max(0, int(duration.total_seconds()))
    parts = [(seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s")]
    largest = next((index for index, (count, _) in enumerate(parts) if count), len(parts) - 1)
    return " ".join(f"{count} {unit}" for count, unit in parts[largest : largest + 2] if count or unit == "s")
