"""Every level of a connection, read from Shopify and compared: `crossdock stock drift`, and what `mode` begins with."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from crossdock.edge.cli.answer import AsJson, answer, ask, moment, table
from crossdock.edge.cli.connections import ConnectionName
from crossdock.edge.cli.hub import Hub
from crossdock.edge.mode_report import level_report
from crossdock.edge.stock_report import LevelReport
from crossdock.kit.wording import counted
from crossdock.model.called import called
from crossdock.model.names import ConnectionId, InventoryItemId, ItemCode, LocationId
from crossdock.store import links, locations
from crossdock.store.reads import stock as reads
from crossdock.store.reads.stock import FoundDrift

LATEST = 50
"""How many findings of drift are listed."""


def drift(
    ctx: typer.Context,
    connection: ConnectionName,
    every: Annotated[bool, typer.Option("--all", help="List levels that are as they should be, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read every level from Shopify, and say where it is not what it should be. Changes nothing."""
    id_ = ConnectionId(connection)

    async def work(
        hub: Hub,
    ) -> tuple[
        Sequence[LevelReport], Sequence[FoundDrift], Mapping[InventoryItemId, ItemCode], Mapping[LocationId, str]
    ]:
        levels = await report(hub, id_)
        async with hub.database.begin() as tx:
            found = await reads.drift_found(tx, id_, LATEST)
            places = await locations.names(tx, id_)
            linked = await links.of_inventory_items(tx, id_, sorted({one.drift.item for one in found}))
        return levels, found, {item: link.item for item, link in linked.items()}, places

    levels, found, codes, places = ask(ctx, work)
    listed = [one for one in levels if every or one.differs or one.moved]
    document = {
        "connection": id_,
        "levels": len(levels),
        "differing": sum(one.differs for one in levels),
        "listed": [level_data(one) for one in listed],
        "found_before": [asdict(one.drift) | {"found_at": one.found_at} for one in found],
    }

    def show(console: Console) -> None:
        show_levels(console, listed)
        console.print(f"{counted(len(levels), 'level')} read, {sum(one.differs for one in levels)} to be set right.")
        if not found:
            return
        console.print("\nFound before", style="bold")
        rows = [
            (
                moment(one.found_at),
                codes.get(one.drift.item, one.drift.item),
                called(one.drift.location, places),
                one.drift.done,
            )
            for one in found
        ]
        console.print(table(("At", "Item", "Location", "What"), rows, empty=""))

    answer(document, as_json, show)


async def report(hub: Hub, connection: ConnectionId) -> Sequence[LevelReport]:
    """Read every level of a connection's linked items from Shopify, and compare."""
    return await level_report(hub.database, hub.outside, connection)


def level_data(one: LevelReport) -> Mapping[str, object]:
    """Return a level as JSON has it."""
    account = one.account
    return {
        "item": one.item,
        "inventory_item": one.inventory_item,
        "location": one.location,
        "place": one.place,
        "shopify_has": one.at_shopify,
        "believed": None if account is None else account.ledger.believed,
        "publish": None if account is None else account.decided.publish,
        "explained": None if account is None else account.decided.explained,
        "differs": one.differs,
        "finding": one.finding,
    }


def show_levels(console: Console, levels: Sequence[LevelReport]) -> None:
    """Show levels as a table."""
    rows = [
        (
            one.item,
            one.place,
            one.at_shopify,
            None if one.account is None else one.account.ledger.believed,
            None if one.account is None else one.account.decided.publish,
            one.finding,
        )
        for one in levels
    ]
    columns = ("Item", "Location", "Shopify has", "Believed", "Should be", "What")
    console.print(table(columns, rows, empty="Every level is what it should be."))
