"""`proof` and `reconcile`: up to when nothing was lost, and whether both sides agree."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console

from crossdock.edge.cli.answer import AsJson, answer, ask, lasting, moment, table
from crossdock.edge.cli.connections import ConnectionName
from crossdock.edge.cli.hub import Agreement, Hub
from crossdock.edge.proof_report import FlowProof, ProofReport, proof_report
from crossdock.model.deed import Deed
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId
from crossdock.store import audit, connections

app = typer.Typer()


@app.command("proof")
def show_proof(
    ctx: typer.Context,
    connection: Annotated[str | None, typer.Option(help="Only one connection.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say up to when nothing was lost, by connection and flow; which webhooks fell silent; and what differs."""
    id_ = None if connection is None else ConnectionId(connection)

    async def work(hub: Hub) -> ProofReport:
        async with hub.database.begin() as tx:
            return await proof_report(tx, id_)

    found = ask(ctx, work)
    answer(found, as_json, lambda console: _show(console, found))


@app.command("reconcile")
def reconcile(
    ctx: typer.Context,
    connection: ConnectionName,
    repair: Annotated[
        bool, typer.Option("--repair", help="Look again at what differs, now, and say what is left and why.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare both sides: orders, packages and stock, each difference named. Exits with 1 where some are left."""
    id_ = ConnectionId(connection)

    async def work(hub: Hub) -> Agreement:
        if repair:
            async with hub.database.begin() as tx:
                await connections.get(tx, id_)
                await audit.record(tx, hub.actor, Deed.REPAIR_ASKED, id_)
        return await hub.reconcile(id_, lambda _stage, _count: None, repair=repair)

    done = ask(ctx, work)
    answer(done, as_json, lambda console: _show_agreement(console, done, repair=repair))
    if done.remaining:
        raise typer.Exit(1)


def _show(console: Console, found: ProofReport) -> None:
    console.print(
        table(
            ("Connection", "Flow", "Complete up to", "Behind", "Due", "Held", "What holds it back"),
            [_row(one) for one in found.flows],
            empty="There is no connection yet. Make one: crossdock connect DOMAIN.",
        )
    )
    for silence in found.silent_topics:
        console.print(f"{silence.store}: {silence.sentence}", style="yellow", markup=False)
    for one in found.compared:
        console.print(f"{one.connection}: both sides were compared at {moment(one.began_at)} UTC.", markup=False)
    for wish in found.asked:
        line = f"{wish.connection}: a comparison was asked for at {moment(wish.asked_at)} UTC; a worker makes it."
        console.print(line, markup=False)
    for open_ in found.differences:
        console.print(f"{open_.connection}: {open_.difference.sentence}", style="yellow", markup=False)
        console.print(f"  {open_.cause or 'It is looked at again.'}", style="dim", markup=False)


def _row(one: FlowProof) -> Sequence[object]:
    behind = "" if one.behind_seconds is None else lasting(one.behind_seconds)
    return one.connection, one.flow, moment(one.complete_to), behind, one.due, one.held, _why(one)


def _why(one: FlowProof) -> str | None:
    if one.noticed_to is None:
        return f"never swept to the end: crossdock sync {one.connection}"
    if one.longest is None or one.longest.since >= one.noticed_to:
        return None
    name = one.longest.key.removeprefix("gid://shopify/")
    return f"{name}: {one.longest.error}" if one.longest.error else f"{name} is to be looked at"


def _show_agreement(console: Console, done: Agreement, *, repair: bool) -> None:
    console.print(
        f"Compared as of {moment(done.began_at)} UTC: {done.orders} orders, {done.packages} packages, stock of "
        f"{done.items} items.",
        markup=False,
    )
    if not done.differed and not done.remaining:
        console.print("Both sides agree.", style="green")
    for one in done.differed:
        console.print(f"{_KINDS[one.flow]}: {one.sentence}", markup=False)
    if not repair and done.differed:
        console.print(f"Have them looked at: crossdock reconcile {done.connection} --repair", markup=False)
    if repair and done.differed and not done.remaining:
        console.print("Looked at again: both sides agree now.", style="green")
    if repair and done.remaining:
        console.print("Still there after the look:", style="yellow")
        for left in done.remaining:
            console.print(f"{_KINDS[left.difference.flow]}: {left.difference.sentence}", markup=False)
            console.print(f"  {left.cause or 'It waits for its look: crossdock proof.'}", style="dim", markup=False)


_KINDS = {
    Flow.ORDERS: "Order",
    Flow.FULFILLMENTS: "Shipping",
    Flow.INVENTORY: "Stock",
    Flow.RETURNS: "Return",
    Flow.MONEY: "Money",
    Flow.CATALOG: "Catalog",
}
