"""The world of one storm: stores, warehouses, and the people in both."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tests.storm.clock import StormClock
from tests.storm.script import Happening, What
from tests.storm.shop import StormShop
from tests.storm.warehouse import House, a_house

from crossdock.model.connection import Connection, InventoryRules, OnDrift, Rules, StockMode
from crossdock.model.flow import Flow
from crossdock.model.generation import fulfillment_order_of
from crossdock.model.names import (
    ConnectionId,
    FulfillmentOrderLineId,
    InventoryItemId,
    ItemCode,
    LocationId,
    RequestKey,
    ShopDomain,
    VariantId,
    WarehouseCode,
)
from crossdock.model.request import FulfillmentRequest, Package, WorkOrder, WorkState
from crossdock.ports.backend import Warehouse
from crossdock.store.database import Database
from crossdock.store.links import Link
from crossdock.testing.builders import an_item
from crossdock.testing.floor import Parcel
from shopify_standin.ids import gid

LevelKey = tuple[InventoryItemId, LocationId]


@dataclass(frozen=True, slots=True)
class Setting:
    """What a seed decides once and for all."""

    stores: int
    locations: int
    backend: str
    mode: StockMode
    drift: OnDrift
    buffer: int
    units: int

    def __str__(self) -> str:
        return (
            f"{self.stores} stores, {self.locations} locations, {self.backend} warehouse, {self.mode} mode, "
            f"drift {self.drift}, buffer {self.buffer}"
        )


def setting_for(seed: int) -> Setting:
    """Return the setting of a seed."""
    chance = random.Random(f"setting {seed}")
    return Setting(
        stores=chance.choice([1, 1, 2]),
        locations=chance.choice([1, 1, 2]),
        backend=chance.choice(["fake", "builtin"]),
        mode=chance.choice([StockMode.ABSOLUTE, StockMode.ABSOLUTE, StockMode.DELTA]),
        drift=chance.choice([OnDrift.REVERT, OnDrift.REVERT, OnDrift.REVERT, OnDrift.ACCEPT, OnDrift.ASK]),
        buffer=chance.choice([0, 0, 1, 2]),
        units=chance.randint(3, 12),
    )


@dataclass(frozen=True, slots=True)
class Truth:
    """
    One level as it is on both sides. Units.

    `unseen` of the `committed` were sold at Shopify and are not off the warehouse's figure; `promise` is that figure.
    `again` came back to the warehouse and are to leave for a new fulfillment order: they are off that figure, though
    the hub may not say so.
    """

    available: int
    committed: int
    unseen: int
    promise: int
    again: int = 0

    @property
    def excess(self) -> int:
        """How many more Shopify offers than the warehouse can still promise; below zero: fewer."""
        return self.available + self.unseen - self.promise


@dataclass
class StormStore:
    """One shop, tied to one warehouse system."""

    shop: StormShop
    house: House
    connection: Connection
    links: Sequence[Link]
    asked: dict[RequestKey, FulfillmentRequest] = field(default_factory=dict)
    """What the warehouse accepted, as it was asked for and then changed."""
    too_late: set[RequestKey] = field(default_factory=set)
    """What the warehouse accepted though its order had been cancelled by then."""
    down_until: datetime | None = None
    """Until when the warehouse does not answer."""
    gave_up: set[str] = field(default_factory=set)
    """Orders of which the warehouse gave up on units."""

    @property
    def name(self) -> str:
        """What the trace calls it."""
        return self.shop.name

    @property
    def adds(self) -> bool:
        """Whether levels are added to; then what Shopify and the warehouse count differently stays so."""
        return self.connection.rules.inventory.mode is StockMode.DELTA

    @property
    def people_stand(self) -> bool:
        """Whether the rules let stand what people change in the shop by hand; in delta mode everything does."""
        return self.adds or self.connection.rules.inventory.drift is not OnDrift.REVERT

    def accept(self, request: FulfillmentRequest) -> None:
        """Note that the warehouse took a request on."""
        self.asked[request.key] = request
        if self.shop.order_of(request.key).cancelled_at is not None:
            self.too_late.add(request.key)

    def accepted_too_late(self) -> Counter[LevelKey]:
        """Return the units that the warehouse took on for orders that were cancelled by then."""
        found: Counter[LevelKey] = Counter()
        for part in self.shop.parts():
            items = {line.gid: self.shop.item_of(line.line_item_id) for line in part.lines}
            location = LocationId(gid("Location", part.assigned.location_id))
            for key in self.too_late:
                if fulfillment_order_of(key) == part.gid:
                    found.update({(items[line.reference], location): int(line.units) for line in self.asked[key].lines})
        return found

    async def work(self) -> Mapping[RequestKey, WorkOrder]:
        """Return what the warehouse has of this shop's fulfillment orders."""
        return await self.house.backend.work_orders(list(self.asked))

    def open_units(self, work: WorkOrder) -> Mapping[FulfillmentOrderLineId, int]:
        """Return what has not left of a work order and is not given up, by line; lines of none are left out."""
        if not work.state.may_still_ship:
            return {}
        left = Counter({line.reference: int(line.units) for line in self.asked[work.key].lines})
        left.subtract(dict(work.short))
        for package in standing(work):
            left.subtract(dict(package.contents))
        return +left

    def came_back(self, work: Mapping[RequestKey, WorkOrder], *, given_up: bool = False) -> Counter[int]:
        """
        Return the units of packages that were taken back, by order line, where Shopify has closed what they were of.

        It has made a new fulfillment order of them, and the warehouse has them under the old one's key, or has
        `given_up` on them.
        """
        found: Counter[int] = Counter()
        for part in self.shop.parts():
            known = work.get(RequestKey(part.gid))
            if known is None or part.is_open or not any(package.cancelled for package in known.packages):
                continue
            items = {line.gid: line.line_item_id for line in part.lines}
            found.update({items[line]: units for line, units in self.open_units(known).items()})
            if given_up:
                found.update({items[line]: int(units) for line, units in known.short})
        return found

    def left_untold(self, work: Mapping[RequestKey, WorkOrder]) -> Counter[int]:
        """Return the units that left and that no fulfillment stands for, by order line, where Shopify closed theirs."""
        found: Counter[int] = Counter()
        for part in self.shop.parts():
            known = work.get(RequestKey(part.gid))
            if known is None or part.is_open:
                continue
            items = {line.gid: line.line_item_id for line in part.lines}
            for package in standing(known):
                for line, units in package.contents:
                    found[items[line]] += int(units)
        for order in self.shop.world.orders:
            for one in self.shop.told(order, by_hand=False):
                found.subtract(dict(one.contents))
        return +found

    async def truth(self) -> Mapping[LevelKey, Truth]:
        """Return every level as it is on both sides."""
        work = await self.work()
        codes = {link.inventory_item: link.item for link in self.links}
        stock = await self.house.backend.stock(list(codes.values()))
        seen: dict[LevelKey, int] = {}
        by_hand = self.shop.fulfilled_by_hand()
        for part in self.shop.parts():
            known = work.get(RequestKey(part.gid))
            if known is None or known.state is WorkState.CANCELLED or not part.is_open:
                continue
            ordered = Counter({line.reference: int(line.units) for line in self.asked[known.key].lines})
            ordered.subtract(dict(known.short))
            for line in part.lines:
                row = FulfillmentOrderLineId(line.gid)
                told = line.total - line.remaining - by_hand[row]
                at_backend = ordered[row] - told
                level = self.shop.item_of(line.line_item_id), LocationId(gid("Location", part.assigned.location_id))
                seen[level] = seen.get(level, 0) + max(0, min(line.remaining, at_backend))
        again: Counter[LevelKey] = Counter()
        back = self.came_back(work) + self.left_untold(work)
        for part in self.shop.parts():
            for line in part.lines if part.is_open and RequestKey(part.gid) not in work else ():
                units = min(line.remaining, back[line.line_item_id])
                back[line.line_item_id] -= units
                again[self.shop.item_of(line.line_item_id), LocationId(gid("Location", part.assigned.location_id))] += (
                    units
                )
        found: dict[LevelKey, Truth] = {}
        for one in self.shop.world.levels:
            level = InventoryItemId(gid("InventoryItem", one.item_id)), LocationId(gid("Location", one.location_id))
            promise = sum(
                stock.available.get((codes[level[0]], house), 0) for house in self.connection.warehouses[level[1]]
            )
            committed = one.of("committed")
            unseen = max(0, committed - seen.get(level, 0) - again[level])
            found[level] = Truth(one.available, committed, unseen, promise, again[level])
        return found


def standing(work: WorkOrder) -> Sequence[Package]:
    """Return the packages that left and were not taken back."""
    return [package for package in work.packages if not package.cancelled]


@dataclass
class World:
    """All stores of a storm, and what people do in them."""

    setting: Setting
    stores: Sequence[StormStore]
    tracked: int = 0

    async def act(self, how: Happening) -> str | None:
        """Let people do what the script says; return what it was, None where it could not be done."""
        store = self.stores[how.among(len(self.stores), of=9)]
        did = await self._act(store, how)
        return None if did is None else f"{store.name}: {did}"

    async def _act(self, store: StormStore, how: Happening) -> str | None:
        shop = store.shop
        in_the_shop = {
            What.BUY: shop.buy,
            What.CANCEL: shop.cancel,
            What.HAND_FULFILL: shop.hand_fulfill,
            What.HAND_EDIT: shop.hand_edit,
            What.LOSE: shop.lose,
            What.REPEAT: shop.repeat,
        }
        if how.what in in_the_shop:
            return in_the_shop[how.what](how)
        match how.what:
            case What.RECEIVE:
                item, house = self._shelf(store, how)
                units = 1 + how.among(4, of=1)
                await store.house.receive(item, house, units)
                return f"{units} {item}"
            case What.COUNT:
                item, house = self._shelf(store, how)
                change = (1 + how.among(3, of=1)) * (1 if how.among(2, of=2) else -1)
                return f"{change:+} {item}" if await store.house.count(item, house, change) else None
            case What.SHIP:
                return await self._ship(store, how)
            case What.CLOSE_SHORT:
                return await self._close_short(store, how)
            case What.TAKE_BACK:
                return await self._take_back(store, how)
            case What.TRACK:
                return await self._track(store, how)
            case _:
                raise AssertionError(f"{how.what} is nothing that people do.")

    async def move(self, store: StormStore, flow: Flow, key: str) -> str | None:
        """Let this very object change at the warehouse: an order's goods leave, or an item comes in."""
        if flow is Flow.INVENTORY:
            code = next(link.item for link in store.links if link.inventory_item == key)
            (house,) = next(iter(store.connection.warehouses.values()))
            await store.house.receive(code, house, 1)
            return f"1 {code} comes in"
        for work in sorted((await store.work()).values(), key=lambda one: one.key):
            units = store.open_units(work)
            if store.asked[work.key].order == key and units:
                self.tracked += 1
                left = await store.house.ship(work.key, [Parcel(units, "DHL", f"T{self.tracked}")])
                return f"{work.reference} leaves" if left else None
        return None

    def _shelf(self, store: StormStore, how: Happening) -> tuple[ItemCode, WarehouseCode]:
        places = list(store.connection.warehouses.values())
        item = store.links[how.among(len(store.links), of=3)].item
        return item, places[how.among(len(places), of=4)][0]

    async def _open_work(self, store: StormStore, how: Happening) -> WorkOrder | None:
        able = [work for work in (await store.work()).values() if store.open_units(work)]
        able.sort(key=lambda work: work.key)
        return able[how.among(len(able))] if able else None

    async def _ship(self, store: StormStore, how: Happening) -> str | None:
        """Let what is open leave: all of it or a part, in one package or in several."""
        work = await self._open_work(store, how)
        if work is None:
            return None
        parcels: list[Parcel] = []
        left = dict(store.open_units(work))
        for number in range(1 + how.among(2, of=1)):
            contents = {line: 1 + how.among(units, of=5 + number) for line, units in left.items() if units}
            if not contents:
                break
            self.tracked += 1
            parcels.append(Parcel(contents, "DHL", f"T{self.tracked}" if how.among(4, of=7) else None))
            left = {line: units - contents.get(line, 0) for line, units in left.items()}
        if not await store.house.ship(work.key, parcels):
            return None
        units = " and ".join(str(sum(parcel.contents.values())) for parcel in parcels)
        return f"{work.reference} for {self._name(store, work.key)}: {units} units"

    async def _close_short(self, store: StormStore, how: Happening) -> str | None:
        work = await self._open_work(store, how)
        if work is None or not await store.house.close_short(work.key):
            return None
        store.gave_up.add(store.shop.order_of(work.key).gid)
        return f"{work.reference} for {self._name(store, work.key)}"

    async def _left(self, store: StormStore, how: Happening) -> tuple[RequestKey, Package] | None:
        works = sorted((await store.work()).values(), key=lambda one: one.key)
        left = [(work.key, package) for work in works for package in standing(work)]
        return left[how.among(len(left))] if left else None

    async def _take_back(self, store: StormStore, how: Happening) -> str | None:
        found = await self._left(store, how)
        if found is None:
            return None
        key, package = found
        await store.house.take_back(key, package.id)
        return f"{package.id} of {self._name(store, key)}: {sum(units for _, units in package.contents)} units"

    async def _track(self, store: StormStore, how: Happening) -> str | None:
        found = await self._left(store, how)
        if found is None:
            return None
        key, package = found
        self.tracked += 1
        await store.house.track(key, package.id, f"T{self.tracked}")
        return f"{package.id} of {self._name(store, key)}: T{self.tracked}"

    @staticmethod
    def _name(store: StormStore, key: RequestKey) -> str:
        return store.shop.order_of(key).name


async def a_world(seed: int, clock: StormClock, database: Database) -> World:
    """Return the world of a seed as it is before the storm: both sides agree."""
    setting = setting_for(seed)
    shared = a_house("builtin", clock, database)
    stores = [
        await _store(
            number, setting, clock, shared if setting.backend == "builtin" else a_house("fake", clock, database)
        )
        for number in range(setting.stores)
    ]
    return World(setting, stores)


async def _store(number: int, setting: Setting, clock: StormClock, house: House) -> StormStore:
    name = ("acme", "bolt")[number]
    shop = StormShop(name, number, clock)
    places = shop.locations(setting.locations)
    skus = [f"{name.upper()}-{what}" for what in ("MUG", "LAMP")]
    warehouses = {place: (WarehouseCode(f"{name}-{index}"),) for index, place in enumerate(places)}
    for (code,) in warehouses.values():
        await house.open(Warehouse(code, code), [an_item(sku) for sku in skus], setting.units)
    offered = max(0, setting.units - setting.buffer)
    links = []
    for sku in skus:
        item = shop.offer(sku, dict.fromkeys(places, offered))
        variant = VariantId(gid("ProductVariant", item.variant_id))
        links.append(Link(variant, InventoryItemId(item.gid), ItemCode(sku), "sku"))
    connection = Connection(
        id=ConnectionId(name),
        store=ShopDomain(shop.world.shop.domain),
        backend=setting.backend,
        flows=frozenset(Flow),
        rules=Rules(inventory=InventoryRules(mode=setting.mode, drift=setting.drift, buffer=setting.buffer)),
        warehouses=warehouses,
    )
    return StormStore(shop, house, connection, links)
