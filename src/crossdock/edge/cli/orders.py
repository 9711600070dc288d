"""`crossdock orders list` and `show`: the list, and one order's story; what is done about one stands beside."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

from crossdock.edge.cli.answer import AsJson, answer, ask, lasting, moment, plain, table
from crossdock.edge.cli.hub import Hub
from crossdock.edge.cli.order_changes import order_changes
from crossdock.edge.cli.order_refunds import order_refunds
from crossdock.edge.cli.which_order import OrderName, WhoseOrder, the_story
from crossdock.edge.decision import decision
from crossdock.edge.said import SaidOfOrder, said_of_order
from crossdock.model.cause import CATALOGUE
from crossdock.model.names import ConnectionId
from crossdock.model.state import OrderState
from crossdock.store import connections
from crossdock.store.reads.order import Header, Story
from crossdock.store.reads.orders import Filter, Listed, Page, Placed, page

app = typer.Typer()
orders = typer.Typer(help="List orders, tell one order's story, and act on it.", no_args_is_help=True)
app.add_typer(orders, name="orders")
orders.add_typer(order_changes)
orders.add_typer(order_refunds)


@orders.command("list")
def list_orders(
    ctx: typer.Context,
    state: Annotated[OrderState | None, typer.Option(help="Only orders in this state.")] = None,
    connection: Annotated[str | None, typer.Option(help="Only orders of this connection.")] = None,
    search: Annotated[
        str | None,
        typer.Option(
            help="Only orders with this in their name, or as tracking number, SKU, item, e-mail or last name."
        ),
    ] = None,
    placed: Annotated[
        Placed | None, typer.Option(help="Only orders placed within the last day, week or month.")
    ] = None,
    late: Annotated[bool, typer.Option("--late", help="Only orders that are in their state for too long.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List orders, newest first."""
    wanted = Filter(
        connection=None if connection is None else ConnectionId(connection),
        state=state,
        text=(search or "").replace("\0", "").strip() or None,
        placed=placed,
        late=late,
    )

    async def work(hub: Hub) -> Page:
        async with hub.database.begin() as tx:
            if wanted.connection is not None:
                await connections.get(tx, wanted.connection)
            return await page(tx, wanted, limit=limit)

    found = ask(ctx, work)
    shown = table(
        ("Order", "Connection", "State", "For", "Age", "Units", "Last event", "Needs"),
        [_row(order, found.at) for order in found.orders],
        empty="There is no such order.",
    )

    def show(console: Console) -> None:
        console.print(shown)
        if found.after is not None:
            console.print(f"There are more; --limit {limit * 2} shows more of them.", style="dim")

    answer(found.orders, as_json, show)


@orders.command("show")
def show_order(
    ctx: typer.Context,
    name: OrderName,
    connection: WhoseOrder = None,
    calls: Annotated[bool, typer.Option("--calls", help="Add what was asked and answered, redacted.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell one order's story: what was asked, what left, what happened, and what it waits for."""

    async def work(hub: Hub) -> tuple[Story, SaidOfOrder]:
        async with hub.database.begin() as tx:
            told = await the_story(tx, name, connection)
        specs = await hub.fields_of(told.order.connection)
        async with hub.database.begin() as tx:
            return told, await said_of_order(tx, told.order.connection, told.order.order_id, specs)

    found, said = ask(ctx, work)
    document = {**plain(found if calls else replace(found, exchanges=())), "said": said}
    answer(document, as_json, lambda console: _show(console, found, said, calls))


def _row(order: Listed, at: datetime) -> Sequence[object]:
    needs = f"a look since {moment(order.waits_since)}" if order.waits_since else None
    if order.cause is not None:
        needs = CATALOGUE[order.cause].title
    last = order.hold_detail or order.last_event
    clock = lasting(at - order.state_since) + (", late" if order.late else "")
    age = lasting(at - order.placed_at)
    return order.name, order.connection, order.state.label, clock, age, order.units, last, needs


def _show(console: Console, found: Story, said: SaidOfOrder, calls: bool) -> None:
    _show_header(console, found.order, found.at)
    decided = decision(found)
    console.print(f"{decided.what}. {decided.why}", markup=False)
    for held in found.holds:
        console.print(f"Held since {moment(held.since)} ({held.flow}): {held.hold.detail}", style="red", markup=False)
        console.print(held.hold.remedy, markup=False)
    for wait in found.waiting:
        tries = f"{wait.attempts} tries failed: " if wait.attempts else ""
        error = f" {tries}{wait.last_error}" if wait.last_error else ""
        console.print(
            f"Waits for the {wait.flow} flow until {moment(wait.due_at)}: {wait.reason}.{error}", markup=False
        )
    _section(
        console,
        "Asked of the warehouse",
        ("Request", "Warehouse", "Its reference", "State", "Units", "Accepted", "Comes to", "To collect"),
        [
            (
                one.name,
                one.warehouse,
                one.reference,
                one.state,
                one.units,
                moment(one.accepted_at),
                one.total,
                one.to_collect,
            )
            for one in found.requests
        ],
    )
    for request in said.requests:
        rows = [(row.title, row.value, row.who.value) for row in request.fields if row.value is not None]
        _section(console, f"What {request.name} says", ("Field", "Says", "By"), rows)
    _section(
        console,
        "Set by hand",
        ("Field", "Says", "Else", "By", "Why", "Else it changed"),
        [
            (
                one.override.field,
                one.override.value or "nothing",
                one.override.otherwise if one.override.seen_at else "not looked at yet",
                one.override.author,
                one.override.why,
                one.override.contradicted_at and moment(one.override.contradicted_at),
            )
            for one in said.set_by_hand
        ],
    )
    for one in found.routes[-1:]:
        console.print(f"\nWhy {' and '.join(one.routed.places)}", style="bold", markup=False)
        console.print(" ".join(one.routed.why), markup=False)
    if found.order.money is not None:
        _section(console, "What it costs", ("", "Amount"), found.order.money.rows)
        for finding in found.order.money.findings:
            console.print(finding, style="yellow", markup=False)
    _section(
        console,
        "Packages that left",
        ("Package", "Request", "Tracking", "Units", "Told to Shopify", "Cancelled there"),
        [
            (
                one.package,
                one.request,
                one.tracking_number,
                one.units,
                moment(one.told_at),
                one.cancelled_at and moment(one.cancelled_at),
            )
            for one in found.packages
        ],
    )
    _section(console, "What happened", ("At", "What"), [(moment(one.at), one.sentence) for one in found.told])
    if calls:
        _section(
            console,
            "Calls",
            ("At", "Operation", "Outcome", "Took"),
            [(moment(one.began_at), one.operation, one.outcome, f"{one.took_ms} ms") for one in found.exchanges],
        )


def _show_header(console: Console, order: Header, at: datetime) -> None:
    clock = f"for {lasting(at - order.state_since)}{', late' if order.late else ''}"
    console.print(f"{order.name}: {order.state.label} {clock}", style="bold", markup=False)
    console.print(
        f"{order.connection} ({order.store} → {order.backend}), {order.units} units, {order.total}, placed "
        f"{moment(order.placed_at)} UTC",
        markup=False,
    )
    statuses = f"{order.financial_status or 'NO FINANCIAL STATUS'}, {order.fulfillment_status}"
    console.print(f"Shopify: {statuses}; looked at {moment(order.looked_at)} UTC", markup=False)


def _section(console: Console, title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    if rows:
        console.print(f"\n{title}", style="bold", markup=False)
        console.print(table(columns, rows, empty=""))
