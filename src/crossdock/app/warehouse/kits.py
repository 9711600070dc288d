"""Kits: items that are assembled from others when they are ordered."""

from typing import Annotated

import typer

from crossdock.app.warehouse.floor import on_the_floor
from crossdock.app.warehouse.goods import ItemArgument
from crossdock.app.warehouse.work import units_of
from crossdock.edge.cli.answer import AsJson, answer, table
from crossdock.model.names import ItemCode

kits = typer.Typer(help="Say which items are assembled from others.", no_args_is_help=True)


@kits.command("set")
def set_kit(
    ctx: typer.Context,
    item: ItemArgument,
    components: Annotated[list[str], typer.Argument(metavar="COMPONENT=UNITS...", help="What one kit is made of.")],
    as_json: AsJson = False,
) -> None:
    """Make an item a kit, or change what it is made of. Orders that were accepted already keep what they have."""
    parts = units_of(",".join(components))
    on_the_floor(ctx, lambda floor: floor.put_kit(ItemCode(item), parts))
    line = f"{item} is made of {', '.join(f'{units} {code}' for code, units in parts.items())}."
    answer({"item": item, "components": parts}, as_json, lambda console: console.print(line, markup=False))


@kits.command("drop")
def drop_kit(ctx: typer.Context, item: ItemArgument, as_json: AsJson = False) -> None:
    """Let an item be a kit no longer: it has stock of its own from then on."""
    on_the_floor(ctx, lambda floor: floor.put_kit(ItemCode(item), {}))
    answer(
        {"item": item, "components": {}},
        as_json,
        lambda console: console.print(f"{item} is no kit, and has no stock yet.", markup=False),
    )


@kits.command("list")
def list_kits(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the kits, and how many could be assembled at each warehouse."""
    found = on_the_floor(ctx, lambda floor: floor.kits())
    rows = [
        (
            kit.item,
            ", ".join(f"{code}={units}" for code, units in kit.components.items()),
            ", ".join(f"{code} {units}" for code, units in kit.available.items()) or "nowhere",
        )
        for kit in found
    ]
    shown = table(
        ("Kit", "Made of", "Could be assembled"),
        rows,
        empty="There is no kit yet. Make one: crossdock warehouse kits set GIFT-SET MUG=2 LAMP=1.",
    )
    answer(found, as_json, lambda console: console.print(shown))
