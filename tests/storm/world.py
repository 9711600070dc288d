"""The world of one storm: stores, warehouses, and the people in both."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tests.storm.changes import IN_THE_SHOP, make_a_change
from tests.storm.clock import StormClock
from tests.storm.goods_back import goods_back, inspect
from tests.storm.script import WIDE_FROM, Happening, What
from tests.storm.shop import StormShop
from tests.storm.store import StormStore
from tests.storm.warehouse import House, a_house, standing

from crossdock.model.connection import (
    Connection,
    GivenUpRules,
    InventoryRules,
    OnDrift,
    OnGivenUp,
    OrderRules,
    RefundAt,
    ReturnRules,
    Rules,
    StockMode,
)
from crossdock.model.flow import Flow
from crossdock.model.names import (
    ConnectionId,
    InventoryItemId,
    ItemCode,
    LocationId,
    RequestKey,
    ShopDomain,
    VariantId,
    WarehouseCode,
)
from crossdock.model.request import Package, WorkOrder
from crossdock.model.routing_rules import By, Mode, RoutingRules, RoutingStep
from crossdock.ports.backend import Warehouse
from crossdock.store.database import Database
from crossdock.store.links import Link
from crossdock.testing.builders import an_item
from crossdock.testing.floor import Parcel
from shopify_standin.ids import gid

REASONS = ("The address is a hotel.", "It needs a signature.")
"""Why a warehouse does not go on with an order."""


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
    wide: bool = False
    """Whether people change what they ordered, and send it back."""
    given_up: GivenUpRules = field(default_factory=GivenUpRules)
    returns: ReturnRules = field(default_factory=ReturnRules)
    routed: bool = False
    """Whether the hub decides from where an order ships: whoever has all of it, the last location first."""
    split: bool = False
    """Whether an order that nobody has whole is divided."""
    reroute: bool = False
    """Whether what one warehouse gave up is asked of the next."""

    def __str__(self) -> str:
        routed = ", routed" + ", divided" * self.split + ", rerouted" * self.reroute if self.routed else ""
        return (
            f"{self.stores} stores, {self.locations} locations, {self.backend} warehouse, {self.mode} mode, "
            f"drift {self.drift}, buffer {self.buffer}{routed}"
        )

    def routing(self, places: Sequence[LocationId]) -> RoutingRules:
        """Return the rules of routing for a store with these locations."""
        if not self.routed:
            return RoutingRules()
        steps = (RoutingStep(By.STOCK, split=self.split), RoutingStep(By.PREFER, locations=tuple(reversed(places))))
        return RoutingRules(Mode.ON, steps, reroute=self.reroute)


def setting_for(seed: int) -> Setting:
    """Return the setting of a seed."""
    chance = random.Random(f"setting {seed}")
    found = Setting(
        stores=chance.choice([1, 1, 2]),
        locations=chance.choice([1, 1, 2]),
        backend=chance.choice(["fake", "builtin"]),
        mode=chance.choice([StockMode.ABSOLUTE, StockMode.ABSOLUTE, StockMode.DELTA]),
        drift=chance.choice([OnDrift.REVERT, OnDrift.REVERT, OnDrift.REVERT, OnDrift.ACCEPT, OnDrift.ASK]),
        buffer=chance.choice([0, 0, 1, 2]),
        units=chance.randint(3, 12),
    )
    return found if seed < WIDE_FROM else _wide(found, chance)


def _wide(setting: Setting, chance: random.Random) -> Setting:
    return replace(
        setting,
        locations=chance.choice([1, 2, 2]),
        wide=True,
        # Where levels are only added to, what is taken off and not put back stays off sale.
        given_up=GivenUpRules(
            chance.choice([OnGivenUp.ASK, OnGivenUp.CANCEL]),
            restock=chance.random() < 0.5 or setting.mode is StockMode.DELTA,
        ),
        returns=ReturnRules(
            approve=chance.random() < 0.5, refund=chance.choice([*RefundAt]), create=chance.random() < 0.5
        ),
        routed=chance.random() < 0.5,
        split=chance.random() < 0.3,
        reroute=chance.random() < 0.5,
    )


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
        if how.what in IN_THE_SHOP:
            return make_a_change(shop, how)
        in_the_warehouse = {
            What.RECEIVE: self._receive,
            What.COUNT: self._count,
            What.SHIP: self._ship,
            What.CLOSE_SHORT: self._close_short,
            What.TAKE_BACK: self._take_back,
            What.TRACK: self._track,
            What.WORK_ON: self._work_on,
            What.CALL_OFF: self._call_off,
            What.HOLD_THERE: self._hold_there,
            What.RESUME_THERE: self._resume_there,
            What.GOODS_BACK: goods_back,
            What.INSPECT: inspect,
        }
        return await in_the_warehouse[how.what](store, how)

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

    async def _receive(self, store: StormStore, how: Happening) -> str | None:
        item, house = self._shelf(store, how)
        units = 1 + how.among(4, of=1)
        await store.house.receive(item, house, units)
        return f"{units} {item}"

    async def _count(self, store: StormStore, how: Happening) -> str | None:
        item, house = self._shelf(store, how)
        change = (1 + how.among(3, of=1)) * (1 if how.among(2, of=2) else -1)
        return f"{change:+} {item}" if await store.house.count(item, house, change) else None

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

    async def _work_on(self, store: StormStore, how: Happening) -> str | None:
        work = await self._open_work(store, how)
        if work is None or not await store.house.work_on(work):
            return None
        return f"{work.reference} for {self._name(store, work.key)}, which was {work.state}"

    async def _call_off(self, store: StormStore, how: Happening) -> str | None:
        work = await self._open_work(store, how)
        if work is None or not await store.house.call_off(work.key):
            return None
        store.gave_up.add(store.shop.order_of(work.key).gid)
        return f"{work.reference} for {self._name(store, work.key)}"

    async def _hold_there(self, store: StormStore, how: Happening) -> str | None:
        work, reason = await self._open_work(store, how), REASONS[how.among(len(REASONS), of=1)]
        if work is None or not await store.house.hold(work.key, reason):
            return None
        return f"{work.reference} for {self._name(store, work.key)}: {reason}"

    async def _resume_there(self, store: StormStore, how: Happening) -> str | None:
        works = sorted((await store.work()).values(), key=lambda one: one.key)
        waiting = [work for work in works if work.on_hold is not None]
        if not waiting:
            return None
        work = waiting[how.among(len(waiting))]
        if not await store.house.resume(work.key):
            return None
        return f"{work.reference} for {self._name(store, work.key)}"

    async def _left(self, store: StormStore, how: Happening) -> tuple[RequestKey, Package] | None:
        works = sorted((await store.work()).values(), key=lambda one: one.key)
        kept = [work for work in works if not store.shop.order_of(work.key).return_ids]
        left = [(work.key, package) for work in kept for package in standing(work)]
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
        rules=Rules(
            orders=OrderRules(given_up=setting.given_up),
            inventory=InventoryRules(mode=setting.mode, drift=setting.drift, buffer=setting.buffer),
            returns=setting.returns,
            routing=setting.routing(places),
        ),
        warehouses=warehouses,
    )
    return StormStore(shop, house, connection, links)
