"""Working orders through to the truck: release, pick, pack, ship, and what to do when that is not possible."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Final

import typer
from rich.console import Console

from crossdock.app.warehouse.floor import on_the_floor
from crossdock.app.warehouse.prices import show_money
from crossdock.backends.builtin.fields import FIELDS
from crossdock.backends.builtin.floor import WarehouseFloor
from crossdock.backends.builtin.lists import OrderSheet
from crossdock.backends.builtin.steps import Label, Parcel, SalesOrder, Sent
from crossdock.edge.cli.answer import AsJson, answer, moment, table
from crossdock.kit.errors import UsageError
from crossdock.model.names import ItemCode, PackageId, WarehouseCode
from crossdock.model.request import DeliveryStatus, WorkState
from crossdock.model.request_field import spelled

work = typer.Typer()

_BROUGHT: Final = {
    "LOCAL": "Local delivery: it is brought to the customer, not given to a parcel carrier.",
    "PICK_UP": "Pick-up: the customer collects it.",
}
"""What is said of orders that no parcel carrier takes, by how the customer gets them."""

Order = Annotated[str, typer.Argument(metavar="ORDER", help="The warehouse's own reference, like SO-000123.")]
UnitsOption = Annotated[
    list[str] | None, typer.Option("--units", metavar="ITEM=UNITS", help="Only these; may be repeated.")
]
Carrier = Annotated[str | None, typer.Option(help="Who carries it.")]
Tracking = Annotated[str | None, typer.Option(help="The tracking number.")]
TrackingUrl = Annotated[str | None, typer.Option(help="Where it can be followed.")]


@work.command("orders")
def list_orders(
    ctx: typer.Context,
    state: Annotated[WorkState | None, typer.Option(help="Only orders in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List the warehouse's orders, newest first."""
    found = on_the_floor(ctx, lambda floor: floor.orders(state, limit))
    rows = [
        (one.reference, one.name, one.warehouse, one.state, one.units, one.shipped, one.short, moment(one.accepted_at))
        for one in found
    ]
    columns = ("Order", "Shop's name", "Warehouse", "State", "Units", "Shipped", "Short", "Accepted")
    shown = table(columns, rows, empty="The warehouse has no such order.")
    answer(found, as_json, lambda console: console.print(shown))


@work.command("order")
def show_order(ctx: typer.Context, order: Order, as_json: AsJson = False) -> None:
    """Show one order: where it goes, its lines and its packages."""
    found = on_the_floor(ctx, lambda floor: floor.order(order))
    answer(found, as_json, lambda console: _show_sheet(console, found))


@work.command("release")
def release(ctx: typer.Context, order: Order, as_json: AsJson = False) -> None:
    """Hand an order to the floor."""
    _step(ctx, as_json, lambda floor: floor.release(order))


@work.command("hold")
def hold(
    ctx: typer.Context,
    order: Order,
    reason: Annotated[str, typer.Argument(help="Why nobody goes on with it; the shop reads it in Shopify.")],
    as_json: AsJson = False,
) -> None:
    """Let nobody go on with an order. Shopify shows the hold, with its reason, by itself."""
    _step(ctx, as_json, lambda floor: floor.hold(order, reason))


@work.command("resume")
def resume(ctx: typer.Context, order: Order, as_json: AsJson = False) -> None:
    """Let an order go on that was on hold."""
    _step(ctx, as_json, lambda floor: floor.resume(order))


@work.command("pick")
def pick(ctx: typer.Context, order: Order, units: UnitsOption = None, as_json: AsJson = False) -> None:
    """Take units from the shelf onto a cart; all that wait, unless some are named."""
    wanted = _units(units)
    _step(ctx, as_json, lambda floor: floor.pick(order, wanted))


@work.command("pack")
def pack(
    ctx: typer.Context,
    order: Order,
    box: Annotated[
        list[str] | None,
        typer.Option(metavar="ITEM=UNITS,…", help="What goes into one package; once for each package."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Put picked units into packages; all of them into one, unless boxes are named."""
    boxes = None if not box else [units_of(one) for one in box]
    _step(ctx, as_json, lambda floor: floor.pack(order, boxes))


@work.command("ship")
def ship(
    ctx: typer.Context,
    order: Order,
    package: Annotated[str | None, typer.Option(help="Only this package; else all that are packed.")] = None,
    carrier: Carrier = None,
    tracking: Tracking = None,
    tracking_url: TrackingUrl = None,
    as_json: AsJson = False,
) -> None:
    """Hand packages to the carrier. Shopify hears of them, with their tracking, by itself."""

    async def act(floor: WarehouseFloor) -> SalesOrder:
        if package is not None:
            return await floor.ship(order, [Label(PackageId(package), carrier, tracking, tracking_url)])
        packed = [one.id for one in (await floor.order(order)).order.parcels if one.shipped_at is None]
        if tracking is not None and len(packed) > 1:
            raise UsageError(
                f"{order} has {len(packed)} packages, and a tracking number belongs to one. Ship them one by one, with "
                f"--package: {', '.join(packed)}."
            )
        return await floor.ship(order, [Label(one, carrier, tracking, tracking_url) for one in packed])

    _step(ctx, as_json, act)


@work.command("ship-from")
def ship_from(
    ctx: typer.Context,
    order: Order,
    warehouse: Annotated[str, typer.Argument(help="The warehouse that the goods leave from, by its code.")],
    units: UnitsOption = None,
    carrier: Carrier = None,
    tracking: Tracking = None,
    tracking_url: TrackingUrl = None,
    as_json: AsJson = False,
) -> None:
    """Let goods leave from another warehouse than the order's, in a package of their own; Shopify has them moved."""
    wanted, sent = _units(units), Sent(carrier, tracking, tracking_url)
    _step(ctx, as_json, lambda floor: floor.ship_from(order, WarehouseCode(warehouse), wanted, sent))


@work.command("track")
def track(
    ctx: typer.Context,
    order: Order,
    package: Annotated[str, typer.Argument(help="The package, like SO-000123-1.")],
    carrier: Carrier = None,
    tracking: Tracking = None,
    tracking_url: TrackingUrl = None,
    as_json: AsJson = False,
) -> None:
    """Change carrier and tracking of a package that has left."""
    label = Label(PackageId(package), carrier, tracking, tracking_url)
    _step(ctx, as_json, lambda floor: floor.track(order, label))


@work.command("take-back")
def take_back(
    ctx: typer.Context,
    order: Order,
    package: Annotated[str, typer.Argument(help="The package, like SO-000123-1.")],
    as_json: AsJson = False,
) -> None:
    """Put the goods of a package that has left back on the shelf; Shopify waits for them again by itself."""
    _step(ctx, as_json, lambda floor: floor.take_back(order, PackageId(package)))


@work.command("report")
def report(
    ctx: typer.Context,
    order: Order,
    package: Annotated[str, typer.Argument(help="The package, like SO-000123-1.")],
    status: Annotated[DeliveryStatus, typer.Argument(help="What happened to it, just now.")],
    as_json: AsJson = False,
) -> None:
    """Note what happened to a package on its way: in transit, delivered, … Shopify hears of it by itself."""
    _step(ctx, as_json, lambda floor: floor.report(order, PackageId(package), status))


@work.command("short-ship")
def short_ship(ctx: typer.Context, order: Order, units: UnitsOption = None, as_json: AsJson = False) -> None:
    """Give up on units that will not ship; on all that nobody has picked, unless some are named."""
    wanted = _units(units)
    _step(ctx, as_json, lambda floor: floor.short_ship(order, wanted))


@work.command("cancel")
def cancel(ctx: typer.Context, order: Order, as_json: AsJson = False) -> None:
    """Put everything back and free what was reserved, while nothing has left."""
    _step(ctx, as_json, lambda floor: floor.cancel(order))


def _step(ctx: typer.Context, as_json: bool, act: Callable[[WarehouseFloor], Awaitable[SalesOrder]]) -> None:
    order = on_the_floor(ctx, act)
    answer(order, as_json, lambda console: _show_order(console, order))


def _units(given: Sequence[str] | None) -> Mapping[ItemCode, int] | None:
    return None if not given else units_of(",".join(given))


def units_of(text: str) -> Mapping[ItemCode, int]:
    """Read `MUG=2,LAMP=1`. Raises UsageError."""
    units: dict[ItemCode, int] = {}
    for part in text.split(","):
        item, _, number = part.strip().rpartition("=")
        if not item or not number.isdecimal():
            raise UsageError(f"{part.strip()!r} does not say how many of what. It should look like MUG=2.")
        units[ItemCode(item)] = units.get(ItemCode(item), 0) + int(number)
    return units


def _show_order(console: Console, order: SalesOrder) -> None:
    on_hold = f", on hold: {order.on_hold}" if order.on_hold else ""
    title = f"{order.reference} ({order.name}) at {order.warehouse}: {order.state}{on_hold}"
    console.print(title, style="bold", markup=False)
    console.print(
        table(
            ("Item", "Of which each is", "Ordered", "Waiting", "Picked", "Packed", "Shipped", "Short"),
            [
                (
                    line.item,
                    _listed(line.components),
                    line.ordered,
                    line.waiting,
                    line.picked,
                    line.packed,
                    line.shipped,
                    line.short,
                )
                for line in order.lines
            ],
            empty="It has no lines.",
        )
    )
    if order.parcels:
        items = {line.reference: line.item for line in order.lines}
        console.print(
            table(
                ("Package", "Contents", "From", "Carrier", "Tracking", "Left", "Since then"),
                [
                    (
                        one.id,
                        ", ".join(f"{items[line]}={units}" for line, units in one.contents),
                        one.warehouse or order.warehouse,
                        one.carrier,
                        one.tracking_number,
                        moment(one.shipped_at) if one.shipped_at else "not yet",
                        _since(one),
                    )
                    for one in order.parcels
                ],
                empty="",
            )
        )


def _since(parcel: Parcel) -> str | None:
    if parcel.cancelled_at is not None:
        return f"taken back {moment(parcel.cancelled_at)}"
    return parcel.events[-1].status.value.replace("_", " ") if parcel.events else None


def _listed(components: Mapping[ItemCode, int] | None) -> str:
    return ", ".join(f"{item}={units}" for item, units in (components or {}).items())


def _show_sheet(console: Console, sheet: OrderSheet) -> None:
    _show_order(console, sheet.order)
    if sheet.request.method in _BROUGHT:
        console.print(_BROUGHT[sheet.request.method], style="bold", markup=False)
    to = sheet.request.ship_to
    if to is not None:
        parts = (to.first_name, to.last_name, to.company, to.address1, to.address2, to.zip, to.city, to.country)
        console.print(f"To: {', '.join(part for part in parts if part)}", markup=False)
    titles = {spec.name: spec.title for spec in FIELDS}
    for one in sheet.request.fields:
        console.print(f"{titles.get(one.name, one.name)}: {spelled(one.value)}", markup=False)
    for line in sheet.request.lines:
        for one in line.fields:
            console.print(f"{line.item}: {titles.get(one.name, one.name)}: {spelled(one.value)}", markup=False)
    if sheet.request.money is not None:
        show_money(console, sheet.request.money, {line.reference: line.item for line in sheet.order.lines})
    if sheet.request.payment is not None:
        console.print(f"Payment: {sheet.request.payment.method.words}", markup=False)
    if sheet.request.to_collect.amount:
        console.print(f"To collect on delivery: {sheet.request.to_collect}", markup=False)
    console.print(
        f"Accepted {moment(sheet.accepted_at)} UTC, last changed {moment(sheet.changed_at)} UTC", markup=False
    )
