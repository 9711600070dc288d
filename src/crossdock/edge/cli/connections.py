"""Tying stores to backends: `connect`, `connections`, `map-location`, `unmap-location`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from crossdock.edge.cli.answer import AsJson, answer, ask, moment, table
from crossdock.edge.cli.hub import Hub
from crossdock.edge.connection_list import ListedConnection, listed_connections
from crossdock.edge.orders_from import beginning
from crossdock.edge.tying import Connected, Mapped, NewConnection
from crossdock.model.connection import Connection, Sharing
from crossdock.model.names import ConnectionId
from crossdock.store import connections

app = typer.Typer()

ConnectionName = Annotated[str, typer.Argument(metavar="CONNECTION", help="The connection's name.")]


@app.command("connect")
def connect(
    ctx: typer.Context,
    store: Annotated[str, typer.Argument(metavar="DOMAIN", help="The store, like acme.myshopify.com.")],
    backend: Annotated[str, typer.Argument(help="The kind of backend.")] = "builtin",
    name: Annotated[str | None, typer.Option(help="The connection's name; else the domain's first part.")] = None,
    settings: Annotated[str, typer.Option(help="The backend's settings, as JSON.")] = "{}",
    orders_from: Annotated[
        str, typer.Option(help="Which orders to take: those placed from `now` on, `all`, or from a date on (UTC).")
    ] = "now",
    as_json: AsJson = False,
) -> None:
    """Tie a store to a backend, all flows on. The first sweep then looks at everything."""
    wanted = NewConnection(store, backend, name, settings, beginning(orders_from, datetime.now(UTC)))

    async def work(hub: Hub) -> Connected:
        return await hub.connect(wanted)

    connected = ask(ctx, work)
    answer(connected, as_json, lambda console: _show_connected(console, connected))


@app.command("connections")
def list_connections(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the connections: what is mapped, up to when nothing was missed, what waits, what is held."""

    async def work(hub: Hub) -> Sequence[ListedConnection]:
        async with hub.database.begin() as tx:
            return await listed_connections(tx)

    found = ask(ctx, work)
    shown = table(
        ("Connection", "Store", "Backend", "Locations → warehouses", "Flows", "Complete up to", "Waiting", "Held"),
        [_row(one) for one in found],
        empty="There is no connection yet. Make one: crossdock connect DOMAIN.",
    )

    def show(console: Console) -> None:
        console.print(shown)
        for sentence in dict.fromkeys(sentence for one in found for sentence in one.outages):
            console.print(sentence, style="red", markup=False)

    answer(found, as_json, show)


@app.command("map-location")
def map_location(
    ctx: typer.Context,
    connection: ConnectionName,
    location: Annotated[str, typer.Argument(help="The Shopify location: its name, number or gid.")],
    warehouse: Annotated[str, typer.Argument(help="The warehouse's code in the backend.")],
    as_json: AsJson = False,
) -> None:
    """Let a warehouse serve a location. Orders that were held for it go on by themselves."""

    async def work(hub: Hub) -> tuple[Mapped, Connection]:
        mapped = await hub.map_location(ConnectionId(connection), location, warehouse)
        async with hub.database.begin() as tx:
            return mapped, await connections.get(tx, mapped.connection)

    mapped, after = ask(ctx, work)
    how = "now serves" if mapped.changed else "already serves"
    line = f"Warehouse {mapped.warehouse} {how} {mapped.location_name} ({mapped.location}).{_shared(mapped, after)}"
    answer(mapped, as_json, lambda console: console.print(line, markup=False))


@app.command("unmap-location")
def unmap_location(
    ctx: typer.Context,
    connection: ConnectionName,
    location: Annotated[str, typer.Argument(help="The Shopify location: its name, number or gid.")],
    warehouse: Annotated[str, typer.Argument(help="The warehouse's code in the backend.")],
    as_json: AsJson = False,
) -> None:
    """Take a warehouse away from a location. Orders that it has already stay with it."""

    async def work(hub: Hub) -> Mapped:
        return await hub.unmap_location(ConnectionId(connection), location, warehouse)

    mapped = ask(ctx, work)
    line = f"Warehouse {mapped.warehouse} serves {mapped.location_name} ({mapped.location}) no longer."
    answer(mapped, as_json, lambda console: console.print(line, markup=False))


def _shared(mapped: Mapped, after: Connection) -> str:
    served = sum(mapped.warehouse in codes for codes in after.warehouses.values())
    if served < 2:
        return ""
    offered = {Sharing.SPLIT: "a part of its stock", Sharing.SHARE: "all of its stock"}[after.rules.inventory.sharing]
    return (
        f" {mapped.warehouse} serves {served} locations: each is offered {offered}. "
        f"To change that: crossdock rules {after.id} --set inventory.sharing=… or inventory.weights=…"
    )


def _show_connected(console: Console, connected: Connected) -> None:
    def say(line: str) -> None:
        console.print(line, markup=False)

    connection = connected.connection
    say(f"{connection.id} ties {connection.store} to {connection.backend}.")
    beginning = connection.rules.orders.placed_from
    say("It takes all orders." if beginning is None else f"It takes orders placed from {moment(beginning)} UTC on.")
    names = {location.id: location.name for location in connected.locations}
    for location, warehouses in connection.warehouses.items():
        say(f"Warehouse {', '.join(warehouses)} serves {names.get(location, location)}: there is one of each.")
    if not connection.warehouses:
        _show_places(console, connected)
    say(connected.no_webhooks or f"The store sends its webhooks to {connected.webhooks_to}.")
    say(f"Next: crossdock sync {connection.id}, or leave it to crossdock serve.")


def _show_places(console: Console, connected: Connected) -> None:
    console.print(
        table(
            ("Location", "Name"),
            [(one.id.rsplit("/", 1)[-1], one.name) for one in connected.locations],
            empty="The store has no active location. Add one in Shopify under Settings > Locations.",
        )
    )
    console.print(
        table(
            ("Warehouse", "Name"),
            [(one.code, one.name) for one in connected.warehouses],
            empty=f"The backend has no warehouse yet.{_first_warehouse(connected.connection)}",
        )
    )
    codes: Sequence[str] = [one.code for one in connected.warehouses] or ["WAREHOUSE"]
    console.print("Say which warehouse serves which location:", markup=False)
    for location in connected.locations:
        console.print(
            f"  crossdock map-location {connected.connection.id} {location.id.rsplit('/', 1)[-1]} {'|'.join(codes)}",
            markup=False,
        )


def _first_warehouse(connection: Connection) -> str:
    return " Add one: crossdock warehouse add MAIN 'Main warehouse'." if connection.backend == "builtin" else ""


def _row(one: ListedConnection) -> Sequence[object]:
    pairs = [f"{location.rsplit('/', 1)[-1]} → {', '.join(codes)}" for location, codes in one.warehouses.items()]
    marks = [f"{flow} {moment(at)}" for flow, at in one.complete_to.items()]
    return (
        one.id if one.shadow_since is None else f"{one.id} (shadow)",
        f"{one.store} (paused)" if one.paused else one.store,
        one.backend,
        "\n".join(pairs) or "none mapped",
        ", ".join(one.flows),
        "\n".join(marks),
        one.waiting,
        one.held,
    )
