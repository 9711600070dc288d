"""Goods that come back to the built-in warehouse: expected, taken in, inspected."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
from rich.console import Console

from crossdock.app.warehouse.floor import on_the_floor
from crossdock.app.warehouse.work import units_of
from crossdock.backends.builtin.floor import WarehouseFloor
from crossdock.backends.builtin.returns import GoodsReturn
from crossdock.edge.cli.answer import AsJson, answer, table
from crossdock.model.names import PackageId, WarehouseCode
from crossdock.model.returning import Disposition, ReturnTracking

returns = typer.Typer(help="Take in what customers send back.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="RETURN", help="The warehouse's own reference, like RMA-000123.")]
Units = Annotated[list[str], typer.Argument(metavar="ITEM=UNITS...", help="How many of what.")]


@returns.command("list")
def list_returns(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List what comes back, newest first."""
    found = on_the_floor(ctx, lambda floor: floor.returns(limit))
    rows = [(one.reference, one.name, one.warehouse, _expected(one), _arrived(one), _state(one)) for one in found]
    columns = ("Return", "Shop's name", "Warehouse", "Expected", "Arrived", "State")
    shown = table(columns, rows, empty="Nothing has come back, and nothing is expected.")
    answer(found, as_json, lambda console: console.print(shown))


@returns.command("receive")
def receive(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="RETURN", help="Like RMA-000123; the order, SO-000123, where nobody announced it.")
    ],
    units: Units,
    became: Annotated[
        Disposition | None, typer.Option("--as", help="What becomes of them; left out, they wait for inspection.")
    ] = None,
    warehouse: Annotated[str | None, typer.Option(help="Where they came to, if not where they are expected.")] = None,
    as_json: AsJson = False,
) -> None:
    """Take units in. What is restocked can be sold again; Shopify hears of all of it by itself."""
    place = None if warehouse is None else WarehouseCode(warehouse)
    wanted = _units(units)
    _act(ctx, as_json, lambda floor: floor.receive_return(name, wanted, became, place))


@returns.command("inspect")
def inspect(
    ctx: typer.Context,
    name: Name,
    became: Annotated[Disposition, typer.Argument(help="What becomes of the units.")],
    units: Units,
    as_json: AsJson = False,
) -> None:
    """Decide what becomes of units that have arrived and wait for inspection."""
    wanted = _units(units)
    _act(ctx, as_json, lambda floor: floor.inspect_return(name, wanted, became))


@returns.command("track")
def track(
    ctx: typer.Context,
    name: Name,
    number: Annotated[str, typer.Argument(help="The carrier's number of the parcel.")],
    parcel: Annotated[
        str, typer.Option(help="The warehouse's own name for the parcel; the same again corrects it.")
    ] = ("1"),
    carrier: Annotated[str | None, typer.Option(help="Who carries it.")] = None,
    url: Annotated[str | None, typer.Option(help="Where it can be followed.")] = None,
    label: Annotated[str | None, typer.Option(help="Where its label is found.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say how a parcel on its way back is followed that the warehouse sent a label for; Shopify hears of it."""
    tracking = ReturnTracking(carrier, number, url, label)
    _act(ctx, as_json, lambda floor: floor.track_return(name, PackageId(parcel), tracking))


@returns.command("close")
def close(ctx: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Expect nothing more of a return: what has not come is missing."""
    _act(ctx, as_json, lambda floor: floor.close_return(name))


def _units(given: list[str]) -> dict[str, int]:
    return {str(item): number for item, number in units_of(",".join(given)).items()}


def _act(ctx: typer.Context, as_json: bool, act: Callable[[WarehouseFloor], Awaitable[GoodsReturn]]) -> None:
    record = on_the_floor(ctx, act)
    answer(record, as_json, lambda console: _show(console, record))


def _show(console: Console, record: GoodsReturn) -> None:
    console.print(f"{record.reference} ({record.name}) at {record.warehouse}: {_state(record)}", markup=False)
    followed = [*record.announced_parcels, *(parcel.tracking for parcel in record.parcels)]
    parcels = [(one.carrier, one.number, one.url, one.label) for one in followed]
    if parcels:
        console.print(table(("Carrier", "Tracking", "Followed at", "Label"), parcels, empty=""))
    rows = [
        (one.item, one.units, one.disposition.value if one.disposition else "to be inspected", one.warehouse)
        for one in record.arrivals
    ]
    console.print(table(("Item", "Units", "Became", "Where"), rows, empty="Nothing has arrived."))


def _expected(record: GoodsReturn) -> str:
    left = record.expected
    return ", ".join(f"{line.item}={left[line.reference]}" for line in record.lines if left[line.reference])


def _arrived(record: GoodsReturn) -> str:
    return ", ".join(
        f"{one.item}={one.units} {one.disposition.value if one.disposition else 'to be inspected'}"
        for one in record.arrivals
    )


def _state(record: GoodsReturn) -> str:
    if record.done:
        return "done" if record.announced else "done, unannounced"
    return "to be inspected" if record.to_inspect else "expected"
