"""`sync` and `plan`: look at both sides now, or only say what would be done."""

import dataclasses
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from crossdock.edge.cli.answer import AsJson, answer, ask, plain, table
from crossdock.edge.cli.connections import ConnectionName
from crossdock.edge.cli.hub import Again, CaughtUp, Hub
from crossdock.edge.naming import order_named
from crossdock.model.cause import Hold
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.model.plan import Plan, Wait
from crossdock.store import connections

app = typer.Typer()


@app.command("sync")
def sync(
    ctx: typer.Context,
    connection: ConnectionName,
    order: Annotated[
        list[str] | None,
        typer.Option(help="Look at this order only, by name (#1001) or gid; may be repeated. Sweeps nothing."),
    ] = None,
    stock: Annotated[bool, typer.Option("--stock", help="Compare the stock of every linked item too.")] = False,
    catalog: Annotated[bool, typer.Option("--catalog", help="Look at every variant of the store too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Ask both sides what changed and look at all that is due, in this process. Safe beside running workers."""
    id_ = ConnectionId(connection)
    console = Console(stderr=True)

    async def work(hub: Hub) -> CaughtUp:
        async with hub.database.begin() as tx:
            await connections.get(tx, id_)
            orders = [await order_named(tx, id_, name) for name in order or ()]
        with Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TextColumn("{task.completed:.0f}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=as_json or not console.is_terminal,
        ) as progress:
            lines: dict[str, TaskID] = {}

            def tell(stage: Flow | str, count: int) -> None:
                if stage not in lines:
                    lines[stage] = progress.add_task(stage, total=None)
                progress.advance(lines[stage], count)

            return await hub.catch_up(id_, Again(orders, stock, catalog), tell)

    done = ask(ctx, work)
    answer(done, as_json, lambda console: _show_caught_up(console, done))


@app.command("plan")
def plan(
    ctx: typer.Context,
    connection: ConnectionName,
    flow: Annotated[Flow | None, typer.Argument(help="One flow; all of them where none is named.")] = None,
    keys: Annotated[
        list[str] | None,
        typer.Argument(help="The objects: an order's name, or gids. Without any: what waits, else all that is known."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what would be done now, and do nothing."""
    id_ = ConnectionId(connection)

    async def work(hub: Hub) -> list[Plan[Any]]:
        async with hub.database.begin() as tx:
            named = [await order_named(tx, id_, key) if _is_order(flow) else key for key in keys or ()]
        return await _plans(hub, id_, list(Flow) if flow is None else [flow], named)

    plans = ask(ctx, work)
    answer([as_data(one) for one in plans], as_json, lambda console: _show_plans(console, plans, in_full=bool(keys)))


@app.command("prepare")
def prepare(
    ctx: typer.Context,
    connection: ConnectionName,
    do: Annotated[bool, typer.Option("--do", help="Then do it, and all that follows from it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say what would be linked, sent, published and held now; with --do, do it."""
    id_ = ConnectionId(connection)

    async def work(hub: Hub) -> tuple[list[Plan[Any]], CaughtUp | None]:
        plans = await _plans(hub, id_, list(Flow), [])
        done = await hub.catch_up(id_, Again(stock=True, catalog=True), lambda _what, _count: None) if do else None
        return plans, done

    plans, done = ask(ctx, work)

    def show(console: Console) -> None:
        _show_plans(console, plans, in_full=False)
        if done is not None:
            _show_caught_up(console, done)

    answer({"plans": [as_data(one) for one in plans], "done": done}, as_json, show)


async def _plans(hub: Hub, id_: ConnectionId, flows: Sequence[Flow], keys: Sequence[str]) -> list[Plan[Any]]:
    async with hub.database.begin() as tx:
        known = await connections.get(tx, id_)
    plans: list[Plan[Any]] = []
    for one in flows:
        if one in known.flows:
            plans += await hub.plan(id_, one, keys)
    return plans


def as_data(plan: Plan[Any]) -> dict[str, Any]:
    """Return a plan as JSON has it; each step says its kind and its sentence besides its fields."""
    rest = plan.rest
    return {
        "flow": plan.flow,
        "key": plan.key,
        "title": plan.title,
        "steps": [
            {"step": type(step).__name__, "sentence": step.sentence, **plain(_fields(step))} for step in plan.steps
        ],
        "hold": {"cause": rest.cause, "detail": rest.detail, "remedy": rest.remedy} if isinstance(rest, Hold) else None,
        "wait": {"seconds": rest.after.total_seconds(), "why": rest.why} if isinstance(rest, Wait) else None,
        "notes": list(plan.notes),
    }


def _fields(step: Any) -> dict[str, Any]:
    return {field.name: getattr(step, field.name) for field in dataclasses.fields(step)}


def _is_order(flow: Flow | None) -> bool:
    return flow in {Flow.ORDERS, Flow.FULFILLMENTS, Flow.RETURNS, Flow.MONEY}


def _show_caught_up(console: Console, done: CaughtUp) -> None:
    console.print(
        f"Changed at the store: {done.changed_at_store}. Changed at the backend: {done.changed_at_backend}.",
        markup=False,
    )
    console.print(
        table(
            ("Flow", "Looked at", "Held", "Waiting", "Failed"),
            [(flow, one.looked_at, one.held, one.waiting, one.failed) for flow, one in done.flows.items()],
            empty="Nothing was due.",
        )
    )
    if any(one.held for one in done.flows.values()):
        console.print(f"What is held, and what to do: crossdock holds --connection {done.connection}", markup=False)


def _show_plans(console: Console, plans: Sequence[Plan[Any]], *, in_full: bool) -> None:
    idle = [] if in_full else [plan for plan in plans if not plan.steps and plan.rest is None]
    for plan in plans:
        if plan in idle:
            continue
        console.print(f"{plan.title} ({plan.flow})", style="bold", markup=False)
        if not plan.steps:
            console.print("  would do nothing")
        for step in plan.steps:
            console.print(f"  would: {step.sentence}", markup=False)
        if isinstance(plan.rest, Hold):
            console.print(f"  held: {plan.rest.detail} {plan.rest.remedy}", markup=False)
        if isinstance(plan.rest, Wait):
            console.print(f"  then wait: {plan.rest.why}", markup=False)
        for note in plan.notes:
            console.print(f"  note: {note}", style="dim", markup=False)
    if idle:
        console.print(f"{len(idle)} of {len(plans)} looked at: nothing to do.")
    if not plans:
        console.print("There is nothing to look at.")
