"""A backend that lives in memory, held to the same suite as real ones, and able to fail at will."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from crossdock.kit.clock import Clock, SystemClock
from crossdock.kit.errors import Refused, TryAgain
from crossdock.model.catalog import Item
from crossdock.model.credit import Credit, RefundAnswer, RefundRequest
from crossdock.model.money import NOTHING, Money
from crossdock.model.names import (
    Barcode,
    FulfillmentOrderLineId,
    ItemCode,
    OrderId,
    PackageId,
    RefundId,
    RefundKey,
    RequestKey,
    ReturnKey,
    Sku,
    Units,
    WarehouseCode,
)
from crossdock.model.request import (
    DeliveryEvent,
    DeliveryStatus,
    FulfillmentRequest,
    Package,
    RequestLine,
    Verdict,
    WorkOrder,
    WorkState,
)
from crossdock.model.returning import (
    Arrival,
    Disposition,
    ReturnOrder,
    ReturnParcel,
    ReturnRequest,
    ReturnRequestLine,
    ReturnTracking,
)
from crossdock.model.stock import StockReading
from crossdock.ports.backend import Changes, Warehouse
from crossdock.testing.fake_books import FakeBooks
from crossdock.testing.floor import Booked, Parcel

PAGE = 100

LINES_UNTIL = frozenset({WorkState.NOT_RELEASED, WorkState.RELEASED})
PARTICULARS_UNTIL = LINES_UNTIL | {WorkState.PICKING}


@dataclass(slots=True)
class _Accepted:
    request: FulfillmentRequest
    reference: str
    state: WorkState = WorkState.NOT_RELEASED
    packages: list[Package] = field(default_factory=list)
    short: Counter[FulfillmentOrderLineId] = field(default_factory=Counter)
    on_hold: str | None = None

    def open_units(self) -> Counter[FulfillmentOrderLineId]:
        left = Counter({line.reference: int(line.units) for line in self.request.lines})
        for package in self.packages:
            if not package.cancelled:
                left.subtract(dict(package.contents))
        left.subtract(self.short)
        return left

    def has_left(self) -> bool:
        return any(not package.cancelled for package in self.packages)

    def seen(self) -> WorkOrder:
        short = tuple((line, Units(units)) for line, units in self.short.items())
        on_hold = self.on_hold if self.state.may_still_ship else None
        return WorkOrder(self.request.key, self.reference, self.state, tuple(self.packages), short, on_hold)


@dataclass(slots=True)
class _Expected:
    key: ReturnKey
    reference: str
    order: OrderId
    warehouse: WarehouseCode
    announced: bool = True
    lines: tuple[ReturnRequestLine, ...] = ()
    announced_parcels: tuple[ReturnTracking, ...] = ()
    parcels: dict[PackageId, ReturnTracking] = field(default_factory=dict)
    arrivals: list[Arrival] = field(default_factory=list)

    def to_come(self, line: ReturnRequestLine) -> int:
        return line.units - sum(one.units for one in self.arrivals if one.line == line.reference)

    def seen(self) -> ReturnOrder:
        waits = any(one.disposition is None for one in self.arrivals)
        done = not waits and not any(self.to_come(line) > 0 for line in self.lines)
        parcels = tuple(ReturnParcel(id_, tracking) for id_, tracking in self.parcels.items())
        return ReturnOrder(self.key, self.reference, self.order, self.announced, done, tuple(self.arrivals), parcels)


class FakeBackend:
    """
    A warehouse without walls: implements `Backend`, and the floor on which a test receives and ships.

    No method awaits anything, so each is one act to every other task.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._warehouses: dict[WarehouseCode, Warehouse] = {}
        self._items: dict[ItemCode, Item] = {}
        self._on_hand: Counter[tuple[ItemCode, WarehouseCode]] = Counter()
        self._reserved: Counter[tuple[ItemCode, WarehouseCode]] = Counter()
        self._orders: dict[RequestKey, _Accepted] = {}
        self._sequence = 0
        self._returns: dict[ReturnKey, _Expected] = {}
        self._log: list[RequestKey | Item | _Expected | RefundRequest] = []
        self._faults: list[bool] = []
        self._refusals: list[Refused] = []
        self.books = FakeBooks()

    def lose_next_submit(self) -> None:
        """Let the next submit, amend or stop raise TryAgain before anything is done: the question got lost."""
        self._faults.append(False)

    def lose_next_answer(self) -> None:
        """Let the next submit, amend or stop raise TryAgain after all is done: the answer got lost."""
        self._faults.append(True)

    def refuse_next_submit(self, error: Refused) -> None:
        """Let the next submit that is heard raise `error` before anything is done."""
        self._refusals.append(error)

    async def warehouses(self) -> Sequence[Warehouse]:
        """Return the places that hold stock."""
        return list(self._warehouses.values())

    async def find_items(self, skus: Sequence[Sku], barcodes: Sequence[Barcode]) -> Sequence[Item]:
        """Return the items that carry any of these SKUs or barcodes."""
        return [item for item in self._items.values() if item.sku in skus or set(item.barcodes) & set(barcodes)]

    async def items(self, codes: Sequence[ItemCode]) -> Sequence[Item]:
        """Return the items of these codes."""
        return [item for item in self._items.values() if item.code in codes]

    async def items_like(self, words: Sequence[str], limit: int) -> Sequence[Item]:
        """Return items with one of these words in their title, those with most of them first."""
        many = {code: sum(word in item.title.lower() for word in words) for code, item in self._items.items()}
        best = sorted((code for code in many if many[code]), key=lambda code: (-many[code], code))
        return [self._items[code] for code in best[:limit]]

    async def stock(self, items: Sequence[ItemCode]) -> StockReading:
        """Return what is available of the items."""
        places = {place for place in (*self._on_hand, *self._reserved) if place[0] in items}
        available = {place: Units(self._on_hand[place] - self._reserved[place]) for place in places}
        return StockReading(self._clock.now(), self._sequence, available)

    async def submit(self, request: FulfillmentRequest) -> WorkOrder:
        """Accept a request and reserve its goods, once per key."""
        after = self._faults.pop(0) if self._faults else None
        if after is False:
            raise TryAgain(f"{request.name}: the fake backend did not get the question. Ask again.")
        if self._refusals:
            raise self._refusals.pop(0)
        accepted = self._orders.get(request.key) or self._accept(request)
        if after:
            raise TryAgain(f"{request.name}: the fake backend's answer got lost. Ask again.")
        return accepted.seen()

    async def amend(self, request: FulfillmentRequest) -> Verdict:
        """Make an accepted order what the request says now, until it is packed; its lines until it is picked."""
        return self._change(request.key, lambda order: self._amend(order, request))

    async def stop(self, key: RequestKey) -> Verdict:
        """Cancel an accepted order, until it is packed."""
        return self._change(key, self._stop)

    async def work_orders(self, keys: Sequence[RequestKey]) -> Mapping[RequestKey, WorkOrder]:
        """Return the orders as they stand; unknown keys are left out."""
        return {key: self._orders[key].seen() for key in keys if key in self._orders}

    async def announce_return(self, request: ReturnRequest) -> ReturnOrder:
        """Expect these goods back, and no others."""
        after = self._faults.pop(0) if self._faults else None
        if after is False:
            raise TryAgain(f"{request.name}: the fake backend did not get the question. Ask again.")
        missing = [f"item {line.item}" for line in request.lines if line.item not in self._items]
        missing += [] if request.warehouse in self._warehouses else [f"warehouse {request.warehouse}"]
        if missing:
            raise Refused(f"{request.name}: the fake backend has no {', no '.join(missing)}. Add it there.")
        blank = _Expected(request.key, f"RETURN-{len(self._returns) + 1}", request.order, request.warehouse)
        known = self._returns.setdefault(request.key, blank)
        if known is blank or (known.lines, known.announced_parcels) != (request.lines, request.parcels):
            known.lines, known.announced_parcels = request.lines, request.parcels
            self._log.append(known)
        if after:
            raise TryAgain(f"{request.name}: the fake backend's answer got lost. Ask again.")
        return known.seen()

    async def return_orders(self, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[ReturnOrder]]:
        """Return all that came back, or is to come back, of these orders."""
        found: dict[OrderId, list[ReturnOrder]] = {}
        for one in self._returns.values():
            if one.order in orders:
                found.setdefault(one.order, []).append(one.seen())
        return found

    async def credit(self, document: Credit) -> str:
        """Keep a credit document, once per key."""
        after = self._faults.pop(0) if self._faults else None
        if after is False:
            raise TryAgain(f"{document.name}: the fake backend did not get the question. Ask again.")
        name = self.books.keep(document)
        if after:
            raise TryAgain(f"{document.name}: the fake backend's answer got lost. Ask again.")
        return name

    async def refund_requests(self, orders: Sequence[OrderId]) -> Mapping[OrderId, Sequence[RefundRequest]]:
        """Return all that was ever asked for of these orders."""
        return {order: asked for order in orders if (asked := self.books.asked(order))}

    async def answer_refund_request(self, key: RefundKey, answer: RefundAnswer) -> None:
        """Take note of what became of a refund that was asked for."""
        self.books.answer(key, answer)

    async def changes(self, cursor: str | None) -> Changes:
        """Return what may have changed since `cursor`."""
        start = int(cursor or 0)
        page = self._log[start : start + PAGE]
        end = start + len(page)
        return Changes(
            orders=tuple(dict.fromkeys(entry for entry in page if isinstance(entry, str))),
            items=tuple(dict.fromkeys(entry.code for entry in page if isinstance(entry, Item))),
            cursor=str(end),
            more=end < len(self._log),
            returns=tuple(dict.fromkeys(entry.order for entry in page if isinstance(entry, _Expected))),
            refunds=tuple(dict.fromkeys(entry.order for entry in page if isinstance(entry, RefundRequest))),
        )

    async def personal_data(self, keys: Sequence[RequestKey]) -> Mapping[RequestKey, Mapping[str, Any]]:
        """Return where these orders go."""
        found = {key: self._orders[key].request for key in keys if key in self._orders}
        return {key: {"email": one.email, "ship_to": str(one.ship_to)} for key, one in found.items() if one.ship_to}

    async def redact(self, keys: Sequence[RequestKey]) -> Sequence[RequestKey]:
        """Forget where these orders went, but for those whose goods may still leave."""
        known = {key: self._orders[key] for key in keys if key in self._orders}
        for order in known.values():
            if not order.state.may_still_ship:
                order.request = replace(
                    order.request,
                    ship_to=None,
                    bill_to=None,
                    email=None,
                    phone=None,
                    note=None,
                    fields=(),
                    lines=tuple(replace(line, fields=()) for line in order.request.lines),
                )
        return [key for key, order in known.items() if order.state.may_still_ship]

    async def add_warehouse(self, warehouse: Warehouse) -> None:
        """Add a warehouse."""
        self._warehouses[warehouse.code] = warehouse

    async def add_item(self, item: Item) -> None:
        """Add an item, or change it."""
        self._items[item.code] = item
        self._log.append(item)

    async def receive(self, item: ItemCode, warehouse: WarehouseCode, units: int) -> None:
        """Put goods on the shelf."""
        self._move(item, warehouse, on_hand=units)

    async def ship(self, key: RequestKey, parcels: Sequence[Parcel]) -> None:
        """Let packages leave; the order is shipped once nothing is open."""
        order = self._orders[key]
        for parcel in parcels:
            name = PackageId(f"{order.reference}-{len(order.packages) + 1}")
            contents = tuple((line, Units(units)) for line, units in parcel.contents.items())
            if any(units > order.open_units()[line] for line, units in contents):
                raise Refused(f"{order.reference}: more than was ordered cannot leave. Ship what is open.")
            left = Package(name, self._clock.now(), parcel.carrier, parcel.tracking_number, None, contents)
            order.packages.append(replace(left, warehouse=parcel.warehouse))
            self._leave(order, order.packages[-1], -1)
        self._settle(order)

    async def advance(self, key: RequestKey, state: WorkState) -> None:
        """Take the order to a state before any package leaves."""
        self._orders[key].state = state
        self._log.append(key)

    async def booked(self, key: RequestKey) -> Booked:
        """Say what an order comes to."""
        request = self._orders[key].request
        total = NOTHING if request.money is None else request.money.total
        return Booked(
            total, request.to_collect, request.said, {one.reference: one.said for one in request.lines if one.fields}
        )

    async def hold(self, key: RequestKey, reason: str) -> None:
        """Let nobody go on with an order."""
        self._orders[key].on_hold = reason
        self._log.append(key)

    async def resume(self, key: RequestKey) -> None:
        """Let an order go on."""
        self._orders[key].on_hold = None
        self._log.append(key)

    async def close_short(self, key: RequestKey) -> None:
        """Give up on all units that have not left."""
        order = self._orders[key]
        for line, units in (+order.open_units()).items():
            order.short[line] += units
            self._move(self._item(order, line), order.request.warehouse, reserved=-units)
        self._settle(order)

    async def track(
        self, key: RequestKey, package: PackageId, carrier: str | None, tracking_number: str | None
    ) -> None:
        """Write another label for a package that left."""
        self._relabel(key, replace(self._package(key, package), carrier=carrier, tracking_number=tracking_number))

    async def take_back(self, key: RequestKey, package: PackageId) -> None:
        """Cancel a package that left: its goods are on the shelf again, and still wanted."""
        order, found = self._orders[key], self._package(key, package)
        self._leave(order, found, 1)
        self._relabel(key, replace(found, cancelled=True))
        self._settle(order)

    async def report(self, key: RequestKey, package: PackageId, status: DeliveryStatus) -> None:
        """Note that this happened to a package that left, just now."""
        found = self._package(key, package)
        self._relabel(key, replace(found, events=(*found.events, DeliveryEvent(status, self._clock.now()))))

    async def receive_return(self, name: str, units: Mapping[ItemCode, int], disposition: Disposition | None) -> None:
        """Take in units of an announced return, or of an order of which nobody announced any."""
        known = self._returns.get(ReturnKey(name)) or self._unannounced(RequestKey(name))
        for item, number in units.items():
            lines = [line for line in known.lines if line.item == item and known.to_come(line) >= number]
            line = lines[0].reference if known.announced else None
            known.arrivals.append(Arrival(line, item, Units(number), disposition, known.warehouse))
            self._put_back(known, item, number, disposition)

    async def inspect_return(self, name: str, units: Mapping[ItemCode, int], disposition: Disposition) -> None:
        """Decide about units that wait for inspection."""
        known = self._returns[ReturnKey(name)]
        for item, number in units.items():
            at = next(n for n, one in enumerate(known.arrivals) if (one.item, one.disposition) == (item, None))
            found = known.arrivals.pop(at)
            if found.units > number:
                known.arrivals.append(replace(found, units=Units(found.units - number)))
            known.arrivals.append(replace(found, units=Units(number), disposition=disposition))
            self._put_back(known, item, number, disposition)

    def announced_parcels(self, key: ReturnKey) -> tuple[ReturnTracking, ...]:
        """Return the parcels that it was told of with a return."""
        return self._returns[key].announced_parcels

    async def track_return(self, name: str, parcel: PackageId, tracking: ReturnTracking) -> None:
        """Say how a parcel on its way back is followed; the same parcel again corrects it."""
        known = self._returns[ReturnKey(name)]
        known.parcels[parcel] = tracking
        self._log.append(known)

    async def ask_refund(self, key: RequestKey, amount: Decimal, reason: str) -> RefundKey:
        """Ask that so much of an order goes back to its customer, in the currency in which they paid."""
        request = self._orders[key].request
        currency = request.money.currencies.presentment if request.money else request.total.currency
        asked = self.books.ask(request.order, Money(amount, currency), reason)
        self._log.append(self.books.requests[asked])
        return asked

    async def credited(self, refund: RefundId) -> Credit | None:
        """Look up the document of a refund."""
        return self.books.credits.get(refund)

    async def close_return(self, name: str) -> None:
        """Expect nothing more: what has not come is missing."""
        known = self._returns[ReturnKey(name)]
        for line in known.lines:
            if known.to_come(line):
                left = Units(known.to_come(line))
                known.arrivals.append(Arrival(line.reference, line.item, left, Disposition.MISSING, known.warehouse))
        self._log.append(known)

    def _unannounced(self, key: RequestKey) -> _Expected:
        request = self._orders[key].request
        name = f"RETURN-{len(self._returns) + 1}"
        made = _Expected(ReturnKey(name), name, request.order, request.warehouse, announced=False)
        self._returns[made.key] = made
        return made

    def _put_back(self, known: _Expected, item: ItemCode, units: int, disposition: Disposition | None) -> None:
        if disposition is Disposition.RESTOCK:
            self._move(item, known.warehouse, on_hand=units)
        self._log.append(known)

    def _package(self, key: RequestKey, name: PackageId) -> Package:
        return next(package for package in self._orders[key].packages if package.id == name)

    def _relabel(self, key: RequestKey, changed: Package) -> None:
        packages = self._orders[key].packages
        packages[:] = [changed if package.id == changed.id else package for package in packages]
        self._log.append(key)

    def _accept(self, request: FulfillmentRequest) -> _Accepted:
        self._refuse_unknown(request)
        accepted = _Accepted(request, f"FAKE-{len(self._orders) + 1}")
        self._orders[request.key] = accepted
        for line in request.lines:
            self._move(line.item, request.warehouse, reserved=line.units)
        self._log.append(request.key)
        return accepted

    def _refuse_unknown(self, request: FulfillmentRequest) -> None:
        missing = [f"item {line.item}" for line in request.lines if line.item not in self._items]
        if request.warehouse not in self._warehouses:
            missing.append(f"warehouse {request.warehouse}")
        if missing:
            raise Refused(f"{request.name}: the fake backend has no {', no '.join(missing)}. Add it there.")

    def _change(self, key: RequestKey, change: Callable[[_Accepted], bool]) -> Verdict:
        after = self._faults.pop(0) if self._faults else None
        if after is False:
            raise TryAgain(f"{key}: the fake backend did not get the question. Ask again.")
        order = self._orders.get(key)
        if order is None:
            raise Refused(f"The fake backend has no order for {key}. Look for it there.")
        done = change(order)
        if after:
            raise TryAgain(f"{order.reference}: the fake backend's answer got lost. Ask again.")
        return Verdict(done, order.seen())

    def _amend(self, order: _Accepted, request: FulfillmentRequest) -> bool:
        before = order.request
        if order.state is WorkState.CANCELLED or request == before:
            return order.state is not WorkState.CANCELLED
        same_goods = _goods(request) == _goods(before)
        latest = PARTICULARS_UNTIL if same_goods else LINES_UNTIL
        if order.state not in latest or order.has_left() or order.short or request.warehouse != before.warehouse:
            return False
        if order.packages and not same_goods:  # they name the lines, though they are back
            return False
        self._refuse_unknown(request)
        for lines, sign in ((before.lines, -1), (request.lines, 1)):
            for line in () if same_goods else lines:
                self._move(line.item, request.warehouse, reserved=sign * line.units)
        order.request = request
        self._log.append(request.key)
        return True

    def _stop(self, order: _Accepted) -> bool:
        if order.state is WorkState.CANCELLED:
            return True
        if order.state not in PARTICULARS_UNTIL or order.has_left():
            return False
        for line, units in (+order.open_units()).items():
            self._move(self._item(order, line), order.request.warehouse, reserved=-units)
        order.state = WorkState.CANCELLED
        self._log.append(order.request.key)
        return True

    def _move(self, item: ItemCode, warehouse: WarehouseCode, *, on_hand: int = 0, reserved: int = 0) -> None:
        self._on_hand[item, warehouse] += on_hand
        self._reserved[item, warehouse] += reserved
        self._sequence += 1
        self._log.append(self._items[item])

    def _leave(self, order: _Accepted, package: Package, sign: int) -> None:
        """Take a package's goods off the shelf that they leave from, and off what is promised; or put them back."""
        asked = order.request.warehouse
        for line, units in package.contents:
            item = self._item(order, line)
            if package.warehouse in {None, asked}:
                self._move(item, asked, on_hand=sign * units, reserved=sign * units)
            else:
                self._move(item, asked, reserved=sign * units)
                self._move(item, package.warehouse or asked, on_hand=sign * units)

    def _item(self, order: _Accepted, reference: FulfillmentOrderLineId) -> ItemCode:
        return next(line.item for line in order.request.lines if line.reference == reference)

    def _settle(self, order: _Accepted) -> None:
        order.state = WorkState.PICKING if any((+order.open_units()).values()) else WorkState.SHIPPED
        self._log.append(order.request.key)


def _goods(request: FulfillmentRequest) -> Sequence[RequestLine]:
    """Return the lines without what is said in their fields, which is a particular."""
    return [replace(line, fields=()) for line in request.lines]
