"""What the demo shows while it runs, and its table at the end."""

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from crossdock.app.demo.audit import Audit


class Screen:
    """A few live bars on a terminal; plain lines elsewhere."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._bars: dict[str, TaskID] = {}
        self.progress = Progress(
            TextColumn("{task.description:26}"),
            BarColumn(bar_width=40),
            TextColumn("{task.completed:>5.0f}{task.fields[of]}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )

    def say(self, sentence: str) -> None:
        """Print what begins now."""
        self.progress.console.print(f"[bold cyan]▸[/] {sentence}")

    def show(self, what: str, count: int, of: int | None = None) -> None:
        """Move a bar."""
        if what not in self._bars:
            self._bars[what] = self.progress.add_task(what, total=of, of="")
        self.progress.update(self._bars[what], completed=count, total=of, of="" if of is None else f" / {of}")


def table(audit: Audit) -> Table:
    """Return the figures of both sides beside each other."""
    drawn = Table(title="Read back from both sides", title_style="bold", min_width=60)
    drawn.add_column("")
    drawn.add_column("Shopify", justify="right")
    drawn.add_column("Warehouse", justify="right")
    drawn.add_column("")
    for row in audit.rows:
        drawn.add_row(row.what, str(row.shopify), str(row.warehouse), "[green]✓[/]" if row.agrees else "[red]✗[/]")
    return drawn
