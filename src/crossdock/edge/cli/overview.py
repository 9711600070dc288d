"""`overview`: what needs a person, then how each connection stands."""

from collections.abc import Iterator, Sequence

import typer
from rich.console import Console

from crossdock.edge.cli.answer import AsJson, answer, ask, lasting, moment, table
from crossdock.edge.cli.hub import Hub
from crossdock.model.cause import CATALOGUE
from crossdock.model.lateness import LATE_AFTER
from crossdock.store.reads.health import Standing
from crossdock.store.reads.overview import Overview, Stage, overview

app = typer.Typer()


@app.command("overview")
def show_overview(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Say what needs a person, how complete each flow is, what waits, and how long each stage takes."""

    async def work(hub: Hub) -> Overview:
        async with hub.database.begin() as tx:
            return await overview(tx)

    seen = ask(ctx, work)
    answer(seen, as_json, lambda console: _show(console, seen))


def _show(console: Console, seen: Overview) -> None:
    if not seen.standings:
        console.print("No store is connected yet: crossdock store add DOMAIN, then crossdock connect DOMAIN.")
        return
    if seen.needs_nobody:
        console.print("Nothing needs you.", style="green")
    else:
        console.print("Needs a person", style="bold")
        for line in _needs(seen):
            console.print(f"- {line}", style="yellow", markup=False)
    for standing in seen.standings:
        console.print(f"\n{standing.connection} ({standing.store})", style="bold", markup=False)
        console.print(
            table(
                ("Flow", "Complete up to", "Behind", "Waiting", "Due", "Oldest due", "Held"),
                list(_flows(standing)),
                empty="No flow is switched on.",
            )
        )
        console.print(
            table(
                ("Stage, last 24 hours", "Half within", "95 % within", "Of"),
                list(_stages(seen, standing)),
                empty="Nothing went its way in the last 24 hours.",
            )
        )
        for line in _facts(seen, standing):
            console.print(line, markup=False)


def _needs(seen: Overview) -> Iterator[str]:
    for standing in seen.standings:
        if standing.paused:
            yield f"{standing.store} is paused: {standing.paused}"
        yield from (f"{standing.connection}: {outage.sentence}" for outage in standing.outages)
    for one in seen.holds:
        yield f"{one.connection} {one.flow}: {one.many} held: {CATALOGUE[one.cause].title} (--cause {one.cause})"
    for late in seen.late:
        most = lasting(LATE_AFTER[late.state])
        what = f"{late.many} late: {late.state.label.lower()} for more than {most}"
        yield f"{late.connection}: {what} (orders list --late)"
    yield from (f"{silence.store}: {silence.sentence}" for silence in seen.silences)


def _flows(standing: Standing) -> Iterator[Sequence[object]]:
    backlog = {one.flow: one for one in standing.backlog}
    for one in standing.proofs:
        waits = backlog.get(one.flow)
        oldest = lasting(waits.oldest_due) if waits is not None and waits.due else None
        behind = None if one.behind is None else lasting(one.behind)
        counts = (0, 0) if waits is None else (waits.waiting, waits.due)
        yield one.flow, moment(one.complete_to), behind, *counts, oldest, one.held


def _stages(seen: Overview, standing: Standing) -> Iterator[Sequence[object]]:
    whole = {one.stage: one for one in seen.latencies if one.connection == standing.connection and one.hour is None}
    for stage in Stage:
        if stage in whole:
            one = whole[stage]
            yield stage, lasting(one.half), lasting(one.most), one.many


def _facts(seen: Overview, standing: Standing) -> Iterator[str]:
    for closed in (one for one in seen.closed if one.connection == standing.connection):
        yield f"{closed.flow.capitalize()} {closed.sentence}"
    placed = sum(one.many for one in seen.placed if one.connection == standing.connection)
    yield f"Orders placed in the last 24 hours: {placed}"
    for level in (one for one in seen.levels if one.store == standing.store):
        spent = sum(one.points for one in seen.spent if one.store == standing.store)
        used = 100 * (1 - level.available / level.maximum)
        yield f"Shopify's budget: {used:.0f} % of the bucket in use, {spent} points within the hour"
    drifted = [one for one in seen.drifted if one.connection == standing.connection]
    drift = f"{drifted[0].many} times, {drifted[0].units} units" if drifted else "never"
    yield f"Stock changed by others in the last day: {drift}"
    for heard in (one for one in seen.heard if one.store == standing.store):
        yield f"Last webhook: {moment(heard.last_at)}, {heard.last_hour} within the hour"
