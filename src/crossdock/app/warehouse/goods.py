"""Warehouses, items and what is on the shelves."""

from collections.abc import Sequence
from typing import Annotated

import typer

from crossdock.app.warehouse.floor import on_the_floor
from crossdock.backends.builtin.stock import Movement, Stock
from crossdock.edge.cli.answer import AsJson, answer, moment, table
from crossdock.kit.errors import UsageError
from crossdock.model.catalog import Item
from crossdock.model.names import Barcode, ItemCode, Sku, Units, WarehouseCode
from crossdock.ports.backend import Warehouse

goods = typer.Typer()
items = typer.Typer(help="Add and list items.", no_args_is_help=True)
goods.add_typer(items, name="items")

ItemArgument = Annotated[str, typer.Argument(help="The item's code.")]
WarehouseArgument = Annotated[str, typer.Argument(help="The warehouse's code.")]
UnitsArgument = Annotated[int, typer.Argument(min=1, help="How many.")]
Note = Annotated[str | None, typer.Option(help="What the stock ledger is to say about it.")]


@goods.command("add")
def add(
    ctx: typer.Context,
    code: WarehouseArgument,
    name: Annotated[str, typer.Argument(help="What people call it.")],
    as_json: AsJson = False,
) -> None:
    """Add a warehouse, or rename the one of this code."""
    new = Warehouse(WarehouseCode(_filled(code, "A warehouse's code")), _filled(name, "A warehouse's name"))
    on_the_floor(ctx, lambda floor: floor.add_warehouse(new))
    answer(new, as_json, lambda console: console.print(f"Warehouse {code} is {name}.", markup=False))


@goods.command("list")
def list_warehouses(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the warehouses."""
    found = on_the_floor(ctx, lambda floor: floor.warehouses())
    shown = table(
        ("Code", "Name"),
        [(one.code, one.name) for one in found],
        empty="There is no warehouse yet. Add one: crossdock warehouse add MAIN 'Main warehouse'.",
    )
    answer(found, as_json, lambda console: console.print(shown))


@items.command("add")
def add_item(
    ctx: typer.Context,
    code: ItemArgument,
    title: Annotated[str, typer.Argument(help="What people call it.")],
    sku: Annotated[str | None, typer.Option(help="SKU that ties it to a variant; else the code.")] = None,
    barcode: Annotated[list[str] | None, typer.Option(help="A barcode; may be repeated.")] = None,
    as_json: AsJson = False,
) -> None:
    """Add an item, or change the one of this code."""
    barcodes = tuple(Barcode(one) for one in barcode or ())
    new = Item(ItemCode(_filled(code, "An item's code")), _filled(title, "An item's title"), Sku(sku or code), barcodes)
    on_the_floor(ctx, lambda floor: floor.add_items(new))
    answer(new, as_json, lambda console: console.print(f"Item {code} is {title}, SKU {new.sku}.", markup=False))


@items.command("list")
def list_items(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the items."""
    found = on_the_floor(ctx, lambda floor: floor.items())
    shown = table(
        ("Code", "Title", "SKU", "Barcodes"),
        [(one.code, one.title, one.sku, ", ".join(one.barcodes)) for one in found],
        empty="There is no item yet. Add one: crossdock warehouse items add CODE TITLE.",
    )
    answer(found, as_json, lambda console: console.print(shown))


@goods.command("receive")
def receive(
    ctx: typer.Context,
    item: ItemArgument,
    warehouse: WarehouseArgument,
    units: UnitsArgument,
    note: Note = None,
    as_json: AsJson = False,
) -> None:
    """Put goods that arrived on the shelf."""
    code, place = ItemCode(item), WarehouseCode(warehouse)
    _show_stock([on_the_floor(ctx, lambda floor: floor.receive(code, place, Units(units), note))], as_json)


@goods.command("count")
def count(
    ctx: typer.Context,
    item: ItemArgument,
    warehouse: WarehouseArgument,
    units: Annotated[int, typer.Argument(min=0, help="How many there are, on carts and in packages too.")],
    note: Note = None,
    as_json: AsJson = False,
) -> None:
    """Set what is on hand to what was counted."""
    code, place = ItemCode(item), WarehouseCode(warehouse)
    _show_stock([on_the_floor(ctx, lambda floor: floor.count(code, place, Units(units), note))], as_json)


@goods.command("adjust", context_settings={"ignore_unknown_options": True})
def adjust(
    ctx: typer.Context,
    item: ItemArgument,
    warehouse: WarehouseArgument,
    units: Annotated[int, typer.Argument(help="Units that were found, or (negative) lost.")],
    note: Note = None,
    as_json: AsJson = False,
) -> None:
    """Add units that were found, or take away units that are lost."""
    code, place = ItemCode(item), WarehouseCode(warehouse)
    _show_stock([on_the_floor(ctx, lambda floor: floor.adjust(code, place, units, note))], as_json)


@goods.command("transfer")
def transfer(
    ctx: typer.Context,
    item: ItemArgument,
    leave: Annotated[str, typer.Argument(metavar="FROM", help="The warehouse that gives.")],
    reach: Annotated[str, typer.Argument(metavar="TO", help="The warehouse that gets.")],
    units: UnitsArgument,
    note: Note = None,
    as_json: AsJson = False,
) -> None:
    """Carry units from one warehouse's shelf to another's."""
    code, source, target = ItemCode(item), WarehouseCode(leave), WarehouseCode(reach)
    _show_stock(on_the_floor(ctx, lambda floor: floor.transfer(code, source, target, Units(units), note)), as_json)


@goods.command("stock")
def stock(
    ctx: typer.Context,
    item: Annotated[str | None, typer.Argument(help="Only this item.")] = None,
    warehouse: Annotated[str | None, typer.Option(help="Only this warehouse.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say what is on hand, promised, and still available."""
    code = None if item is None else ItemCode(item)
    place = None if warehouse is None else WarehouseCode(warehouse)
    _show_stock(on_the_floor(ctx, lambda floor: floor.stock(code, place)), as_json)


@goods.command("ledger")
def ledger(
    ctx: typer.Context,
    item: ItemArgument,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List an item's stock movements, newest first."""
    found = on_the_floor(ctx, lambda floor: floor.ledger(ItemCode(item), limit))
    rows = [
        (
            moment(one.at),
            one.movement.warehouse,
            one.movement.reason,
            *(f"{units:+d}" if units else None for units in _places(one.movement)),
            one.movement.reference or one.movement.note,
        )
        for one in found
    ]
    columns = ("At", "Warehouse", "Reason", "On hand", "Reserved", "Picked", "Packed", "For")
    shown = table(columns, rows, empty=f"Item {item} never moved.")
    answer(found, as_json, lambda console: console.print(shown))


def _places(movement: Movement) -> tuple[int, int, int, int]:
    return movement.on_hand, movement.reserved, movement.picked, movement.packed


def _show_stock(found: Sequence[Stock], as_json: bool) -> None:
    rows = [
        (one.item, one.warehouse, one.on_hand, one.reserved, one.picked, one.packed, one.available) for one in found
    ]
    columns = ("Item", "Warehouse", "On hand", "Reserved", "Picked", "Packed", "Available")
    shown = table(
        columns, rows, empty="Nothing is in stock. Receive some: crossdock warehouse receive ITEM WAREHOUSE 10."
    )
    document = [
        {
            "item": one.item,
            "warehouse": one.warehouse,
            "on_hand": one.on_hand,
            "reserved": one.reserved,
            "picked": one.picked,
            "packed": one.packed,
            "available": one.available,
        }
        for one in found
    ]
    answer(document, as_json, lambda console: console.print(shown))


def _filled(text: str, what: str) -> str:
    if not text.strip():
        raise UsageError(f"{what} cannot be empty.")
    return text
