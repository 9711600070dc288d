"""The built-in warehouse over HTTP: what people and machines on the floor do, as JSON. `openapi.json` describes it."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from crossdock.backends.builtin.floor import WarehouseFloor
from crossdock.backends.builtin.kits import Kit
from crossdock.backends.builtin.lists import LedgerEntry, OrderSheet, OrderSummary
from crossdock.backends.builtin.returns import GoodsReturn
from crossdock.backends.builtin.steps import Label, SalesOrder, Sent
from crossdock.backends.builtin.stock import Stock
from crossdock.edge.visitors import NeedsByMethod
from crossdock.kit.errors import HubError, Recovery
from crossdock.model.catalog import Item
from crossdock.model.names import Barcode, ItemCode, PackageId, Sku, Units, WarehouseCode
from crossdock.model.people import Role
from crossdock.model.request import DeliveryStatus, WorkState
from crossdock.model.returning import Disposition, ReturnTracking
from crossdock.ports.backend import Warehouse


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewItem(_Body):
    """An item to add, or to change where its code is known."""

    code: str = Field(min_length=1)
    title: str
    sku: str | None = None
    barcodes: list[str] = []

    def item(self) -> Item:
        """Return it in the hub's words."""
        sku = None if self.sku is None else Sku(self.sku)
        return Item(ItemCode(self.code), self.title, sku, tuple(Barcode(code) for code in self.barcodes))


class NewKit(_Body):
    """What a kit is assembled from, in units by item code; without components it is a kit no longer."""

    item: str
    components: dict[str, int]


class NewWarehouse(_Body):
    """A warehouse to add, or to rename where its code is known."""

    code: str = Field(min_length=1)
    name: str


class Movement(_Body):
    """Units of an item at a warehouse, with a word on why."""

    item: str
    warehouse: str
    units: int
    note: str | None = None


class Transfer(_Body):
    """Units to carry from one warehouse to another."""

    item: str
    leave: str
    reach: str
    units: int
    note: str | None = None


class Some(_Body):
    """Units by line reference or item code; all that applies where it is left out."""

    units: dict[str, int] | None = None


class Elsewhere(Some):
    """Units that leave from another warehouse, in a package of their own; who carries it, how it can be followed."""

    warehouse: str
    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None

    def sent(self) -> Sent:
        """Return how it leaves, in the warehouse's words."""
        return Sent(self.carrier, self.tracking_number, self.tracking_url)


class Reason(_Body):
    """Why an order does not go on."""

    reason: str


class Boxes(_Body):
    """Packages to make, each as units by line reference or item code; one with all that is picked where left out."""

    boxes: list[dict[str, int]] | None = None


class PackageLabel(_Body):
    """Who carries a package, and how it can be followed."""

    package: str
    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None

    def label(self) -> Label:
        """Return it in the warehouse's words."""
        return Label(PackageId(self.package), self.carrier, self.tracking_number, self.tracking_url)


class PackageNamed(_Body):
    """One package."""

    package: str


class PackageEvent(PackageNamed):
    """What happened to a package on its way, just now."""

    status: DeliveryStatus


class Labels(_Body):
    """Packages that leave; all packed ones, without tracking, where it is left out."""

    labels: list[PackageLabel] | None = None


class Inspected(_Body):
    """Units of a return, by item code or line, and what becomes of them."""

    units: dict[str, int]
    disposition: Disposition


class TrackedReturn(_Body):
    """A parcel on its way back that the warehouse sent a label for; the same one again corrects it."""

    number: str
    parcel: str = "1"
    carrier: str | None = None
    url: str | None = None
    label: str | None = None

    def tracking(self) -> ReturnTracking:
        """Return it in the hub's words."""
        return ReturnTracking(self.carrier, self.number, self.url, self.label)


class Arrived(_Body):
    """Units that came back; without a disposition they wait for inspection."""

    units: dict[str, int]
    disposition: Disposition | None = None
    warehouse: str | None = None


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    waits = isinstance(error, HubError) and error.recovery is Recovery.RETRY
    return JSONResponse({"error": str(error)}, 503 if waits else 422)


def warehouse_api(floor: WarehouseFloor) -> FastAPI:
    """
    Return the application that acts on this floor; 422 with a sentence where an act is not possible.

    It stands beside the web application (`web_app`), whose users and tokens are let in.
    """
    app = FastAPI(
        title="Crossdock's built-in warehouse",
        docs_url=None,  # its pages come from a host that is not ours
        redoc_url=None,
        openapi_url=None,  # a route of ours, as it is not for everybody
        dependencies=[Depends(NeedsByMethod(to_read=Role.VIEWER, to_change=Role.OPERATOR))],
        exception_handlers={HubError: _refused},
    )

    @app.get("/openapi.json", include_in_schema=False)
    async def description() -> dict[str, Any]:
        return app.openapi()

    _lists(app, floor)
    _stock(app, floor)
    _orders(app, floor)
    _holds(app, floor)
    _packages_that_left(app, floor)
    _returns(app, floor)
    return app


def _lists(app: FastAPI, floor: WarehouseFloor) -> None:
    @app.get("/items")
    async def items() -> Sequence[Item]:
        return await floor.items()

    @app.post("/items", status_code=204)
    async def add_items(added: list[NewItem]) -> None:
        await floor.add_items(*(one.item() for one in added))

    @app.get("/kits")
    async def kits() -> Sequence[Kit]:
        return await floor.kits()

    @app.post("/kits", status_code=204)
    async def put_kit(put: NewKit) -> None:
        await floor.put_kit(ItemCode(put.item), {ItemCode(code): units for code, units in put.components.items()})

    @app.get("/warehouses")
    async def warehouses() -> Sequence[Warehouse]:
        return await floor.warehouses()

    @app.post("/warehouses", status_code=204)
    async def add_warehouse(added: NewWarehouse) -> None:
        await floor.add_warehouse(Warehouse(WarehouseCode(added.code), added.name))


def _stock(app: FastAPI, floor: WarehouseFloor) -> None:
    @app.get("/stock")
    async def stock(item: str | None = None, warehouse: str | None = None) -> Sequence[Stock]:
        return await floor.stock(ItemCode(item) if item else None, WarehouseCode(warehouse) if warehouse else None)

    @app.get("/items/{item}/ledger")
    async def ledger(item: str, limit: Annotated[int, Query(ge=1, le=10_000)] = 100) -> Sequence[LedgerEntry]:
        return await floor.ledger(ItemCode(item), limit)

    @app.post("/stock/receive")
    async def receive(moved: Movement) -> Stock:
        return await floor.receive(ItemCode(moved.item), WarehouseCode(moved.warehouse), Units(moved.units), moved.note)

    @app.post("/stock/count")
    async def count(moved: Movement) -> Stock:
        return await floor.count(ItemCode(moved.item), WarehouseCode(moved.warehouse), Units(moved.units), moved.note)

    @app.post("/stock/adjust")
    async def adjust(moved: Movement) -> Stock:
        return await floor.adjust(ItemCode(moved.item), WarehouseCode(moved.warehouse), moved.units, moved.note)

    @app.post("/stock/transfer")
    async def transfer(moved: Transfer) -> tuple[Stock, Stock]:
        leave, reach = WarehouseCode(moved.leave), WarehouseCode(moved.reach)
        return await floor.transfer(ItemCode(moved.item), leave, reach, Units(moved.units), moved.note)


def _orders(app: FastAPI, floor: WarehouseFloor) -> None:
    @app.get("/orders")
    async def orders(
        state: WorkState | None = None, limit: Annotated[int, Query(ge=1, le=10_000)] = 100
    ) -> Sequence[OrderSummary]:
        return await floor.orders(state, limit)

    @app.get("/orders/{order}")
    async def order(order: str) -> OrderSheet:
        return await floor.order(order)

    @app.post("/orders/{order}/release")
    async def release(order: str) -> SalesOrder:
        return await floor.release(order)

    @app.post("/orders/{order}/pick")
    async def pick(order: str, some: Some) -> SalesOrder:
        return await floor.pick(order, some.units)

    @app.post("/orders/{order}/pack")
    async def pack(order: str, packed: Boxes) -> SalesOrder:
        return await floor.pack(order, packed.boxes)

    @app.post("/orders/{order}/ship")
    async def ship(order: str, shipped: Labels) -> SalesOrder:
        return await floor.ship(order, None if shipped.labels is None else [one.label() for one in shipped.labels])

    @app.post("/orders/{order}/ship-from")
    async def ship_from(order: str, left: Elsewhere) -> SalesOrder:
        return await floor.ship_from(order, WarehouseCode(left.warehouse), left.units, left.sent())

    @app.post("/orders/{order}/short-ship")
    async def short_ship(order: str, some: Some) -> SalesOrder:
        return await floor.short_ship(order, some.units)

    @app.post("/orders/{order}/cancel")
    async def cancel(order: str) -> SalesOrder:
        return await floor.cancel(order)


def _holds(app: FastAPI, floor: WarehouseFloor) -> None:
    @app.post("/orders/{order}/hold")
    async def hold(order: str, held: Reason) -> SalesOrder:
        return await floor.hold(order, held.reason)

    @app.post("/orders/{order}/resume")
    async def resume(order: str) -> SalesOrder:
        return await floor.resume(order)


def _packages_that_left(app: FastAPI, floor: WarehouseFloor) -> None:
    @app.post("/orders/{order}/track")
    async def track(order: str, tracked: PackageLabel) -> SalesOrder:
        return await floor.track(order, tracked.label())

    @app.post("/orders/{order}/take-back")
    async def take_back(order: str, back: PackageNamed) -> SalesOrder:
        return await floor.take_back(order, PackageId(back.package))

    @app.post("/orders/{order}/report")
    async def report(order: str, reported: PackageEvent) -> SalesOrder:
        return await floor.report(order, PackageId(reported.package), reported.status)


def _returns(app: FastAPI, floor: WarehouseFloor) -> None:
    @app.get("/returns")
    async def returns(limit: Annotated[int, Query(ge=1, le=10_000)] = 100) -> Sequence[GoodsReturn]:
        return await floor.returns(limit)

    @app.post("/returns/{name}/receive")
    async def receive_return(name: str, arrived: Arrived) -> GoodsReturn:
        warehouse = None if arrived.warehouse is None else WarehouseCode(arrived.warehouse)
        return await floor.receive_return(name, arrived.units, arrived.disposition, warehouse)

    @app.post("/returns/{name}/inspect")
    async def inspect_return(name: str, inspected: Inspected) -> GoodsReturn:
        return await floor.inspect_return(name, inspected.units, inspected.disposition)

    @app.post("/returns/{name}/track")
    async def track_return(name: str, tracked: TrackedReturn) -> GoodsReturn:
        return await floor.track_return(name, PackageId(tracked.parcel), tracked.tracking())

    @app.post("/returns/{name}/close")
    async def close_return(name: str) -> GoodsReturn:
        return await floor.close_return(name)
