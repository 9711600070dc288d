"""`crossdock stock …`: why a level is what it is, and what a person decides where Shopify and the figures differ."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console

from crossdock.edge.cli.answer import AsJson, answer, ask, lasting, moment, plain, table
from crossdock.edge.cli.connections import ConnectionName
from crossdock.edge.cli.hub import Hub
from crossdock.edge.cli.stock_levels import drift
from crossdock.edge.cli.stock_mode import mode
from crossdock.edge.cli.sync import as_data
from crossdock.edge.stock_changes import approve_pushes, decide_edit, item_named
from crossdock.edge.written_rules import duration
from crossdock.kit.wording import counted
from crossdock.model.called import called
from crossdock.model.cause import Hold
from crossdock.model.flow import Flow
from crossdock.model.ledger import Account, News, Trust
from crossdock.model.names import ConnectionId, LocationId
from crossdock.model.plan import Plan, Wait
from crossdock.store import connections, locations, stock_history, stock_ledger
from crossdock.store.links import Link
from crossdock.store.reads import levels
from crossdock.store.reads.levels import Filter, Show, StockedItem
from crossdock.store.stock_history import Noted

app = typer.Typer()
stock = typer.Typer(help="Say why stock is what it is, and decide where Shopify differs.", no_args_is_help=True)
app.add_typer(stock, name="stock")

ItemName = Annotated[str, typer.Argument(metavar="ITEM", help="The item: its code, its SKU, or its gid.")]

_TRUST = {
    Trust.EXACT: "known",
    Trust.FULFILLED: "known, less what was shipped since",
    Trust.DOUBTED: "to be read again",
    Trust.LOST: "to be read again",
}


@stock.command("show")
def show_stock(ctx: typer.Context, connection: ConnectionName, item: ItemName, as_json: AsJson = False) -> None:
    """Explain an item's stock: what the warehouse has, what was sold and not seen, what is published, and why."""
    id_ = ConnectionId(connection)

    async def work(hub: Hub) -> tuple[Link, Sequence[Account], Plan[Any], Mapping[LocationId, str]]:
        async with hub.database.begin() as tx:
            found = await item_named(tx, id_, item)
            accounts = await stock_ledger.of_items(tx, id_, [found.inventory_item])
            places = await locations.names(tx, id_)
        [plan] = await hub.plan(id_, Flow.INVENTORY, [found.inventory_item])
        return found, [accounts[level] for level in sorted(accounts)], plan, places

    found, accounts, plan, places = ask(ctx, work)
    document = {
        "item": found.item,
        "sku": found.sku,
        "inventory_item": found.inventory_item,
        "levels": [
            plain(account.ledger) | plain(account.decided) | {"place": called(account.ledger.location, places)}
            for account in accounts
        ],
        "now": as_data(plan),
    }
    answer(document, as_json, lambda console: _show(console, found, accounts, plan, places))


@stock.command("list")
def list_stock(
    ctx: typer.Context,
    show: Annotated[Show, typer.Option(help="all, drifted, below_zero, or waiting for approval.")] = Show.ALL,
    connection: Annotated[str | None, typer.Option(help="Only items of one connection.")] = None,
    search: Annotated[str | None, typer.Option(help="A part of the code, the SKU or the title.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many items at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List linked items with what Shopify may sell of each, and the sum behind it."""
    wanted = Filter(None if connection is None else ConnectionId(connection), show, search)

    async def work(hub: Hub) -> Sequence[StockedItem]:
        async with hub.database.begin() as tx:
            if wanted.connection is not None:
                await connections.get(tx, wanted.connection)
            return (await levels.page(tx, wanted, limit=limit)).items

    found = ask(ctx, work)
    rows = [
        (
            one.connection,
            one.item,
            called(level.ledger.location, one.places),
            level.decided.publish,
            level.decided.explained,
        )
        for one in found
        for level in one.levels
    ]
    columns = ("Connection", "Item", "Location", "Publish", "The sum")
    answer(found, as_json, lambda console: console.print(table(columns, rows, empty="There is none.")))


@stock.command("history")
def history(ctx: typer.Context, connection: ConnectionName, item: ItemName, as_json: AsJson = False) -> None:
    """List how an item's figures changed and when they were written to Shopify, newest first."""
    id_ = ConnectionId(connection)

    async def work(hub: Hub) -> tuple[Sequence[Noted], Mapping[LocationId, str]]:
        async with hub.database.begin() as tx:
            found = await item_named(tx, id_, item)
            noted = await stock_history.of_item(tx, id_, found.inventory_item, levels.LATEST)
            return noted, await locations.names(tx, id_)

    noted, places = ask(ctx, work)
    rows = [
        (
            moment(one.at),
            called(one.location, places),
            one.publish,
            one.backend,
            one.unseen,
            "written" if one.wrote else "",
        )
        for one in noted
    ]
    columns = ("At", "Location", "Publish", "Warehouse", "Unseen", "")
    answer(noted, as_json, lambda console: console.print(table(columns, rows, empty="Nothing changed of late.")))


@stock.command("approve")
def approve(
    ctx: typer.Context,
    connection: ConnectionName,
    lasting_: Annotated[str, typer.Option("--for", help="How long pushes may empty many levels: 30min, 2h.")] = "1h",
    as_json: AsJson = False,
) -> None:
    """Let a push empty many levels at once, as after a real stocktaking. What was held for it goes on."""
    id_ = ConnectionId(connection)
    within = duration(lasting_, "--for")

    async def work(hub: Hub) -> int:
        async with hub.database.begin() as tx:
            return await approve_pushes(tx, hub.actor, id_, within)

    count = ask(ctx, work)
    line = f"For {lasting(within)}, pushes of {id_} may empty any number of levels. {_again(count)}"
    document = {"connection": id_, "for_seconds": within.total_seconds(), "marked": count}
    answer(document, as_json, lambda console: console.print(line, markup=False))


@stock.command("accept")
def accept(ctx: typer.Context, connection: ConnectionName, item: ItemName, as_json: AsJson = False) -> None:
    """Let stand what was edited in Shopify, until the warehouse's own stock of the item moves."""
    _decide(ctx, connection, item, News.KEEP, as_json)


@stock.command("revert")
def revert(ctx: typer.Context, connection: ConnectionName, item: ItemName, as_json: AsJson = False) -> None:
    """Undo what was edited in Shopify: the figure is published again."""
    _decide(ctx, connection, item, News.REVERT, as_json)


def _decide(ctx: typer.Context, connection: str, item: str, news: News, as_json: bool) -> None:
    id_ = ConnectionId(connection)

    async def work(hub: Hub) -> tuple[Link, Sequence[Account], Mapping[LocationId, str]]:
        async with hub.database.begin() as tx:
            found = await item_named(tx, id_, item)
            edited = await decide_edit(tx, hub.actor, id_, found, news)
            return found, edited, await locations.names(tx, id_)

    found, edited, places = ask(ctx, work)
    kept = news is News.KEEP
    document = {
        "item": found.item,
        "kept": kept,
        "levels": [{"location": one.ledger.location, "units": one.ledger.suspect} for one in edited],
    }

    def show(console: Console) -> None:
        for one in edited:
            what = "stand" if kept else "are undone with the next look"
            place = called(one.ledger.location, places)
            line = f"{found.item} at {place}: {one.ledger.suspect:+d} edited in Shopify {what}."
            console.print(line, markup=False)

    answer(document, as_json, show)


stock.command("drift")(drift)
stock.command("mode")(mode)


def _show(
    console: Console, found: Link, accounts: Sequence[Account], plan: Plan[Any], places: Mapping[LocationId, str]
) -> None:
    console.print(f"{found.item} (SKU {found.sku or 'unknown'}, {found.inventory_item})", style="bold", markup=False)
    console.print(
        table(
            ("Location", "Shopify has", "Publish", "Warehouse", "Unseen", "Buffer", "How sure", "Read", "Published"),
            [_row(account, places) for account in accounts],
            empty="It was never looked at.",
        )
    )
    for account in accounts:
        console.print(f"{called(account.ledger.location, places)}: {account.decided.explained}.", markup=False)
    console.print("\nNow", style="bold")
    for step in plan.steps:
        console.print(f"would publish: {step.sentence}", markup=False)
    if isinstance(plan.rest, Hold):
        console.print(f"held: {plan.rest.detail} {plan.rest.remedy}", markup=False)
    if isinstance(plan.rest, Wait):
        console.print(f"would wait: {plan.rest.why}", markup=False)
    if not plan.steps and plan.rest is None:
        console.print("nothing to publish: Shopify has what it should.")


def _row(account: Account, places: Mapping[LocationId, str]) -> Sequence[object]:
    ledger, decided = account.ledger, account.decided
    return (
        called(ledger.location, places),
        ledger.believed,
        decided.publish,
        decided.backend,
        decided.unseen,
        decided.buffer,
        "does not add up yet" if ledger.unproven is not None else _TRUST[ledger.trust],
        moment(ledger.read_to),
        moment(ledger.written_at),
    )


def _again(count: int) -> str:
    if not count:
        return "Nothing is held for it."
    return f"{counted(count, 'held item')} {'is' if count == 1 else 'are'} looked at again."
