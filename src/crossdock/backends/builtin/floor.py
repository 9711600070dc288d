"""What people do in the built-in warehouse: keep items, move stock, work orders through to the truck."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from decimal import Decimal

from sqlalchemy import text

from crossdock.backends.builtin import credit_book, lists, order_book, refund_desk, return_book, returns, steps
from crossdock.backends.builtin import stock as shelves
from crossdock.backends.builtin.books import UNKNOWN_ITEMS, UNKNOWN_WAREHOUSES, Books, post, stock_of
from crossdock.backends.builtin.credit_book import BookedCredit
from crossdock.backends.builtin.kits import KITS, Kit, kits, put_kit
from crossdock.backends.builtin.lists import LedgerEntry, OrderSheet, OrderSummary
from crossdock.backends.builtin.plugin import open_books
from crossdock.backends.builtin.refund_desk import AskedRefund
from crossdock.backends.builtin.returns import GoodsReturn, ReturnStep
from crossdock.backends.builtin.steps import Kits, Label, SalesOrder, Sent, Step, Wanted
from crossdock.backends.builtin.stock import Movement, Stock
from crossdock.kit.errors import UsageError
from crossdock.model.catalog import Item
from crossdock.model.credit import RefundRequest
from crossdock.model.money import Money
from crossdock.model.names import ItemCode, PackageId, ReturnKey, Units, WarehouseCode
from crossdock.model.request import DeliveryStatus, WorkState
from crossdock.model.returning import Disposition, ReturnTracking
from crossdock.ports.backend import Warehouse
from crossdock.store.database import Tx

_UNKNOWN = text(f"SELECT {UNKNOWN_ITEMS}, {UNKNOWN_WAREHOUSES}, {KITS}")
_NOW = text("SELECT builtin_warehouse.warehouse_now()")


@asynccontextmanager
async def open_floor(database_url: str) -> AsyncIterator["WarehouseFloor"]:
    """Open the warehouse in this database; its tables are made at the first time."""
    async with open_books(database_url) as books:
        yield WarehouseFloor(books)


class WarehouseFloor:
    """
    Every act of the people in the warehouse.

    Each act happens whole or not at all, and returns what it left. Each raises UsageError, with a sentence that says
    what would work, where it cannot be done. An order is named by its reference (`SO-000123`) or by its key; a line by
    its reference or by its item's code.
    """

    def __init__(self, books: Books) -> None:
        self._books = books

    async def add_warehouse(self, warehouse: Warehouse) -> None:
        """Add a warehouse, or rename the one of this code."""
        async with self._books.writing() as tx:
            await lists.put_warehouse(tx, warehouse)

    async def warehouses(self) -> Sequence[Warehouse]:
        """Return all warehouses, by code."""
        async with self._books.reading() as tx:
            return await lists.warehouses(tx)

    async def add_items(self, *items: Item) -> None:
        """Add items, or change title, SKU and barcodes of those whose code is known."""
        async with self._books.writing() as tx:
            await lists.put_items(tx, items)

    async def items(self) -> Sequence[Item]:
        """Return all items, by code."""
        async with self._books.reading() as tx:
            return await lists.items(tx)

    async def put_kit(self, kit: ItemCode, components: Mapping[ItemCode, int]) -> None:
        """Say what a kit is assembled from, in units a kit; without components the item is a kit no longer."""
        async with self._books.writing() as tx:
            await _demand_known(tx, [kit, *components], [])
            await put_kit(tx, kit, components)

    async def kits(self) -> Sequence[Kit]:
        """Return all kits, by code, with how many could be assembled where."""
        async with self._books.reading() as tx:
            return await kits(tx)

    async def receive(self, item: ItemCode, warehouse: WarehouseCode, units: Units, note: str | None = None) -> Stock:
        """Put goods that arrived on the shelf."""
        await self.receive_all({(item, warehouse): units}, note)
        return (await self.stock(item, warehouse))[0]

    async def receive_all(
        self, delivery: Mapping[tuple[ItemCode, WarehouseCode], Units], note: str | None = None
    ) -> None:
        """Put a whole delivery on the shelves."""
        movements = [shelves.receive(item, warehouse, units, note) for (item, warehouse), units in delivery.items()]
        async with self._books.writing() as tx:
            await _demand_stocked(tx, [item for item, _ in delivery], [warehouse for _, warehouse in delivery])
            await post(tx, movements)

    async def count(self, item: ItemCode, warehouse: WarehouseCode, counted: Units, note: str | None = None) -> Stock:
        """Set what is on hand to what was counted, units on carts and in packages included."""
        return await self._correct(item, warehouse, lambda held: shelves.count(held, counted, note))

    async def adjust(self, item: ItemCode, warehouse: WarehouseCode, units: int, note: str | None = None) -> Stock:
        """Add units that were found, or take away (negative) units that are lost."""
        return await self._correct(item, warehouse, lambda held: shelves.change(held, units, note))

    async def transfer(
        self, item: ItemCode, leave: WarehouseCode, reach: WarehouseCode, units: Units, note: str | None = None
    ) -> tuple[Stock, Stock]:
        """Carry units from one warehouse's shelf to another's; return the stock of both."""
        async with self._books.writing() as tx:
            await _demand_stocked(tx, [item], [leave, reach])
            held = await stock_of(tx, [item], [leave, reach])
            out, into = shelves.transfer(held[item, leave], reach, units, note)
            await post(tx, [out, into])
        return held[item, leave].after(out), held[item, reach].after(into)

    async def stock(self, item: ItemCode | None = None, warehouse: WarehouseCode | None = None) -> Sequence[Stock]:
        """Return the stock of all items at all warehouses, or of these, by item and warehouse."""
        async with self._books.reading() as tx:
            return await lists.stock(tx, item, warehouse)

    async def ledger(self, item: ItemCode, limit: int = 100) -> Sequence[LedgerEntry]:
        """Return the latest movements of an item, newest first."""
        async with self._books.reading() as tx:
            return await lists.ledger(tx, item, limit)

    async def orders(self, state: WorkState | None = None, limit: int = 100) -> Sequence[OrderSummary]:
        """Return the latest orders, or those in one state, newest first."""
        async with self._books.reading() as tx:
            return await lists.orders(tx, state, limit)

    async def order(self, name: str) -> OrderSheet:
        """Return one order with its request."""
        async with self._books.reading() as tx:
            order = await _find(tx, name)
            return await lists.sheet(tx, order)

    async def release(self, order: str) -> SalesOrder:
        """Hand an order to the floor."""
        return await self._step(order, lambda found, _: steps.release(found))

    async def hold(self, order: str, reason: str) -> SalesOrder:
        """Let nobody go on with an order, and say why."""
        return await self._step(order, lambda found, _: steps.hold(found, reason))

    async def resume(self, order: str) -> SalesOrder:
        """Let an order go on that was on hold."""
        return await self._step(order, lambda found, _: steps.resume(found))

    async def pick(self, order: str, units: Wanted | None = None) -> SalesOrder:
        """Take units of an order's lines from the shelf onto a cart; all that wait where none are named."""
        async with self._books.writing() as tx:
            found = await _find(tx, order)
            held = await stock_of(tx, [item for line in found.lines for item in line.stocked], [found.warehouse])
            on_shelf = {item: stock.on_shelf for (item, _), stock in held.items()}
            return await _write(tx, steps.pick(found, units, on_shelf))

    async def pack(self, order: str, boxes: Sequence[Wanted] | None = None) -> SalesOrder:
        """Put picked units into packages, one per box; all that is picked into one where no boxes are given."""
        return await self._step(order, lambda found, _: steps.pack(found, boxes))

    async def ship(self, order: str, labels: Sequence[Label] | None = None) -> SalesOrder:
        """Hand packages to their carriers; all packed ones, without tracking, where no labels are given."""
        return await self._step(order, lambda found, now: steps.ship(found, _labels(found, labels), now))

    async def ship_from(
        self, order: str, warehouse: WarehouseCode, units: Wanted | None = None, sent: Sent | None = None
    ) -> SalesOrder:
        """Let units leave from another warehouse's shelf in a package of their own; all that wait if none are named."""
        async with self._books.writing() as tx:
            found = await _find(tx, order)
            await _demand_known(tx, [], [warehouse])
            held = await stock_of(tx, [item for line in found.lines for item in line.stocked], [warehouse])
            on_shelf = {item: stock.on_shelf for (item, _), stock in held.items()}
            now = (await tx.execute(_NOW)).scalar_one()
            return await _write(tx, steps.ship_from(found, warehouse, units, sent or Sent(), on_shelf, now))

    async def track(self, order: str, label: Label) -> SalesOrder:
        """Change carrier and tracking of a package that has left."""
        return await self._step(order, lambda found, _: steps.track(found, label))

    async def take_back(self, order: str, package: PackageId) -> SalesOrder:
        """Put the goods of a package that has left back on the shelf, to be shipped in another one."""
        return await self._step(order, lambda found, now: steps.take_back(found, package, now))

    async def report(self, order: str, package: PackageId, status: DeliveryStatus) -> SalesOrder:
        """Note what happened to a package on its way, just now."""
        return await self._step(order, lambda found, now: steps.report(found, package, status, now))

    async def short_ship(self, order: str, units: Wanted | None = None) -> SalesOrder:
        """Give up on units that will not ship; on all that nobody has picked where none are named."""
        return await self._step(order, lambda found, _: steps.short_ship(found, units))

    async def cancel(self, order: str) -> SalesOrder:
        """Put everything back and free what was reserved."""
        return await self._step(order, lambda found, _: steps.cancel(found))

    async def returns(self, limit: int = 100) -> Sequence[GoodsReturn]:
        """Return the latest returns, newest first."""
        async with self._books.reading() as tx:
            return await return_book.latest(tx, limit)

    async def receive_return(
        self,
        name: str,
        units: Mapping[str, int],
        disposition: Disposition | None = None,
        warehouse: WarehouseCode | None = None,
    ) -> GoodsReturn:
        """
        Take in units of an announced return; or, where `name` is an order's, units of it that nobody announced.

        Without a disposition they wait for inspection. They come to the warehouse where they are expected, or from
        which the order left, unless another is named.
        """
        async with self._books.writing() as tx:
            record = await return_book.named(tx, name) or await _unannounced(tx, name)
            place = warehouse or record.warehouse
            kits = await _demand_known(tx, _items(record, units), [place])
            return await _write_return(tx, returns.receive(record, units, disposition, place, kits))

    async def inspect_return(self, name: str, units: Mapping[str, int], disposition: Disposition) -> GoodsReturn:
        """Decide what becomes of units that have arrived."""
        async with self._books.writing() as tx:
            record = await _find_return(tx, name)
            kits = await _demand_known(tx, _items(record, units), [])
            return await _write_return(tx, returns.inspect(record, units, disposition, kits))

    async def track_return(self, name: str, parcel: PackageId, tracking: ReturnTracking) -> GoodsReturn:
        """Note how a parcel on its way back is followed that the warehouse sent a label for; once more corrects it."""
        async with self._books.writing() as tx:
            record = await _find_return(tx, name)
            return await _write_return(tx, ReturnStep(returns.track(record, parcel, tracking)))

    async def close_return(self, name: str) -> GoodsReturn:
        """Expect nothing more of a return: what has not come is missing."""
        async with self._books.writing() as tx:
            record = await _find_return(tx, name)
            return await _write_return(tx, ReturnStep(returns.close(record)))

    async def credits(self, limit: int = 100) -> Sequence[BookedCredit]:
        """Return the latest credit documents, newest first."""
        async with self._books.reading() as tx:
            return await credit_book.latest(tx, limit)

    async def ask_refund(self, name: str, amount: Decimal, reason: str) -> AskedRefund:
        """
        Ask that so much goes back to an order's customer, in the currency in which they paid.

        The shop hears of it by itself; what becomes of it is in `refunds`.
        """
        if amount <= 0:
            raise UsageError(f"{amount} is nothing that could go back. Give an amount of more than 0.")
        async with self._books.writing() as tx:
            order = await _find(tx, name)
            request = await order_book.request_of(tx, order.key)
            currency = request.money.currencies.presentment if request.money else request.to_collect.currency
            money = Money(amount, currency)
            key = await refund_desk.ask(tx, order.order, order.name, money, reason)
            return AskedRefund(RefundRequest(key, order.order, money, reason), order.name, None)

    async def refunds(self, limit: int = 100) -> Sequence[AskedRefund]:
        """Return the latest refunds that were asked for, newest first."""
        async with self._books.reading() as tx:
            return await refund_desk.latest(tx, limit)

    async def _step(self, name: str, decide: Callable[[SalesOrder, datetime], Step]) -> SalesOrder:
        async with self._books.writing() as tx:
            now = (await tx.execute(_NOW)).scalar_one()
            return await _write(tx, decide(await _find(tx, name), now))

    async def _correct(self, item: ItemCode, warehouse: WarehouseCode, decide: Callable[[Stock], Movement]) -> Stock:
        async with self._books.writing() as tx:
            await _demand_stocked(tx, [item], [warehouse])
            held = (await stock_of(tx, [item], [warehouse]))[item, warehouse]
            movement = decide(held)
            await post(tx, [movement])
        return held.after(movement)


async def _find(tx: Tx, name: str) -> SalesOrder:
    order = await order_book.order_named(tx, name)
    if order is None:
        raise UsageError(
            f"The built-in warehouse has no order {name}. Name it by its reference (like SO-000123); "
            "list the orders to find it."
        )
    return order


async def _write(tx: Tx, step: Step) -> SalesOrder:
    await order_book.write(tx, step.order)
    await post(tx, step.movements)
    return step.order


async def _find_return(tx: Tx, name: str) -> GoodsReturn:
    record = await return_book.named(tx, name)
    if record is None:
        raise UsageError(
            f"The built-in warehouse has no return {name}. Name it by its reference (like RMA-000123); "
            "list the returns to find it."
        )
    return record


async def _unannounced(tx: Tx, name: str) -> GoodsReturn:
    """Return a new record for goods of an order that nobody announced."""
    order = await order_book.order_named(tx, name)
    if order is None:
        raise UsageError(
            f"The built-in warehouse has neither a return nor an order {name}. Name it by its reference: RMA-000123 "
            "where it was announced, else the order it belongs to, SO-000123."
        )
    reference = await return_book.next_reference(tx)
    return GoodsReturn(ReturnKey(reference), reference, order.name, order.order, order.warehouse, announced=False)


async def _write_return(tx: Tx, step: ReturnStep) -> GoodsReturn:
    await return_book.write(tx, step.record)
    await post(tx, step.movements)
    return step.record


def _items(record: GoodsReturn, units: Mapping[str, int]) -> Sequence[ItemCode]:
    """Return the items that are meant; what is named is a line or an item."""
    of_line = {str(line.reference): line.item for line in record.lines}
    return [of_line.get(name, ItemCode(name)) for name in units]


async def _demand_stocked(tx: Tx, items: Sequence[ItemCode], warehouses: Sequence[WarehouseCode]) -> None:
    """Raise UsageError for what nobody has heard of, and for kits."""
    for kit, components in (await _demand_known(tx, items, warehouses)).items():
        raise UsageError(f"{kit} is a kit and has no stock. Move its components: {', '.join(components)}.")


async def _demand_known(tx: Tx, items: Sequence[ItemCode], warehouses: Sequence[WarehouseCode]) -> Kits:
    """Return those of the items that are kits. Raises UsageError for what nobody has heard of."""
    row = (await tx.execute(_UNKNOWN, {"items": items, "warehouses": warehouses})).one()
    missing = [f"item {item}" for item in row.unknown_items]
    missing += [f"warehouse {warehouse}" for warehouse in row.unknown_warehouses]
    if missing:
        raise UsageError(f"The built-in warehouse has no {', no '.join(missing)}. Add it first, or correct the name.")
    found: Kits = row.kits
    return found


def _labels(order: SalesOrder, given: Sequence[Label] | None) -> Sequence[Label]:
    if given is not None:
        return given
    return [Label(parcel.id) for parcel in order.parcels if parcel.shipped_at is None]
