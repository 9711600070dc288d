"""What must hold when a storm is over, whatever happened in it."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import TypeVar

from sqlalchemy import text
from tests.storm.accounts import Accounts, Place
from tests.storm.diary import Diary
from tests.storm.goods_back import records
from tests.storm.held import amiss
from tests.storm.placed import strays
from tests.storm.returned import disagreements
from tests.storm.shop import Contents, Shipment, shipment
from tests.storm.store import Goods, LevelKey, StormStore
from tests.storm.warehouse import standing
from tests.storm.world import World

from crossdock.model.cause import CATALOGUE, Cause
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, InventoryItemId, LocationId, OrderId, RequestKey
from crossdock.model.request import WorkOrder
from crossdock.model.routing_rules import Mode
from crossdock.store import holds, requests, watermarks
from crossdock.store.database import Database
from crossdock.store.holds import Held
from shopify_standin.ids import gid
from shopify_standin.model.sales import Order
from shopify_standin.model.shipping import FulfillmentOrder


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that was not kept, and how that shows."""

    promise: str
    how: str

    def __str__(self) -> str:
        return f"{self.promise}: {self.how}"


ORDERS = "every eligible order is at the warehouse exactly once"
PACKAGES = "every package is on Shopify exactly once"
PLACED = "an order ships from where the hub decided, where it decides"
SHOWN = "Shopify shows a hold of ours where the warehouse holds, and nowhere else"
RETURNS = "what came back is processed on Shopify exactly once"
STOCK = "Shopify offers what the formula says"
OVERSOLD = "the hub never offers what the warehouse cannot promise"
DRIFT = "nobody is said to have edited a level that nobody edited"
TOLD = "what is told of an object is looked at after it was told"
PENDING = "nothing is pending without a cause"
HOLDS = "every hold names a cause that somebody gave, and a remedy"
PROOF = "the proof advances past the storm"
MISTAKES = "no look fails by a mistake of ours"

PROMISES = (ORDERS, PLACED, PACKAGES, SHOWN, RETURNS, STOCK, OVERSOLD, DRIFT, TOLD, PENDING, HOLDS, PROOF, MISTAKES)


@dataclass
class Judge:
    """Looks at what a storm left behind."""

    database: Database
    world: World
    accounts: Accounts
    diary: Diary
    storm_ended: datetime
    mistakes: Sequence[str]
    checked: Counter[str] = field(default_factory=Counter)

    async def judge_before_both_sides_are_compared(self) -> Sequence[Broken]:
        """Return what news and sweeps alone did not bring about, though they should: levels edited by hand excepted."""
        early = "before both sides were compared, "
        async with self.database.begin() as tx:
            held = {(one.connection, one.flow, one.key): one for one in await holds.held(tx)}
        found: list[Broken] = []
        for store in self.world.stores:
            of_store = {key: one for (name, _, key), one in held.items() if name == store.connection.id}
            found += [Broken(ORDERS, early + one) async for one in self._orders(store, of_store)]
            found += [Broken(PACKAGES, early + one) async for one in self._packages(store, held)]
            found += [Broken(SHOWN, early + one) for one in await self._shown(store)]
            found += [Broken(RETURNS, early + one) for one in await self._returns(store, held)]
            found += [
                Broken(STOCK, early + one)
                async for place, one in self._stock(store)
                if not self.accounts.meddled[place]
            ]
        return found

    async def judge(self) -> Sequence[Broken]:
        """Return every promise that was broken."""
        self.checked[OVERSOLD] += self.accounts.writes
        self.checked.update([TOLD, PENDING, MISTAKES])
        found = [Broken(OVERSOLD, f"{one}") for one in self.accounts.oversold]
        found += [Broken(MISTAKES, one) for one in self.mistakes]
        found += [Broken(TOLD, one) async for one in self.diary.forgotten(self.database)]
        found += [Broken(PENDING, one) async for one in self._pending()]
        async with self.database.begin() as tx:
            held = {(one.connection, one.flow, one.key): one for one in await holds.held(tx)}
        for store in self.world.stores:
            of_store = {key: one for (name, _, key), one in held.items() if name == store.connection.id}
            found += [Broken(ORDERS, one) async for one in self._orders(store, of_store)]
            found += [Broken(PACKAGES, one) async for one in self._packages(store, held)]
            found += [Broken(PLACED, one) for one in await self._placed(store, of_store)]
            found += [Broken(SHOWN, one) for one in await self._shown(store)]
            found += [Broken(RETURNS, one) for one in await self._returns(store, held)]
            found += [Broken(STOCK, one) async for _, one in self._stock(store)]
            found += [Broken(DRIFT, one) async for one in self._drift(store)]
            found += [Broken(HOLDS, one) for one in self._holds(store, held.values())]
            found += [Broken(PROOF, one) async for one in self._proof(store)]
        return found

    async def _orders(self, store: StormStore, held: Mapping[str, Held]) -> AsyncIterator[str]:
        """
        What Shopify waits for, the warehouse is about to ship, from where it is to ship; or a hold says why not.

        No hold excuses what ships twice.
        """
        work = await store.work()
        for order in store.shop.world.orders:
            self.checked[ORDERS] += 1
            for line, units in store.at_the_warehouse(order, work).items():
                if units > store.shop.world.lines[line].quantity:
                    yield f"{store.name} {order.name}: the warehouse ships {units} of line {line}, a part of it twice"
            if order.gid in held:
                continue
            wanted, there = store.wanted(order), store.to_ship(order, work)
            if store.takes(order) and (more := wanted - there - store.short_so_far(order, work)):
                yield f"{store.name} {order.name}: {_listed(more)} never came to the warehouse"
            if more := there - wanted:
                yield f"{store.name} {order.name}: the warehouse would ship {_listed(more)}, and nobody wants it"

    async def _packages(
        self, store: StormStore, held: Mapping[tuple[ConnectionId, Flow, str], Held]
    ) -> AsyncIterator[str]:
        """What left is told once, as it is now; where people shipped or cancelled, a package may be held instead."""
        work = await store.work()
        for order in store.shop.world.orders:
            parts = [part for part in store.shop.parts() if part.order_id == order.id]
            left = _left(store, order, work)
            self.checked[PACKAGES] += len(left)
            missing, more = _difference(left, store.shop.told(order, by_hand=False))
            unheard, _ = _difference([one.contents for one in missing], _theirs(store, order))
            hold = held.get((store.connection.id, Flow.FULFILLMENTS, order.gid))
            if more:
                yield f"{store.name} {order.name}: Shopify has {more} of which the warehouse knows nothing"
            if unheard and (hold is None or order.id not in store.shop.touched):
                yield f"{store.name} {order.name}: Shopify never heard of {missing}; {_why(parts, hold)}"

    async def _placed(self, store: StormStore, held: Mapping[str, Held]) -> Sequence[str]:
        if store.connection.rules.routing.mode is not Mode.ON:
            return ()
        self.checked[PLACED] += len(store.shop.world.orders)
        async with self.database.begin() as tx:
            return [one async for one in strays(tx, store, held)]

    async def _shown(self, store: StormStore) -> Sequence[str]:
        self.checked[SHOWN] += len(store.shop.parts())
        return [*amiss(store, await store.work())]

    async def _returns(self, store: StormStore, held: Mapping[tuple[ConnectionId, Flow, str], Held]) -> Sequence[str]:
        found = await records(store)
        self.checked[RETURNS] += len(found)
        of_store = {key for name, flow, key in held if (name, flow) == (store.connection.id, Flow.RETURNS)}
        return [*disagreements(store, found, of_store)]

    async def _stock(self, store: StormStore) -> AsyncIterator[tuple[Place, str]]:
        """
        What people did may stand where the rules say so. Additions never make up for what Shopify counts otherwise. A
        package that Shopify does not take, and that is held for it, keeps its units from being offered, but where the
        hub only adds: there the sale took them off, though Shopify wants them still. So does one that was taken for
        what somebody told by hand. What the warehouse took on for an order that was cancelled by then, it may keep or
        give back: additions know only of what was sold. Nor do they know of goods that left from another location than
        Shopify had them ship from by then, or of which warehouse took what was tried at two. Goods that came back may
        be kept from being offered, too, until they leave again. An item that waits for a person to answer is not raised
        anywhere.
        """
        buffer = store.connection.rules.inventory.buffer
        async with self.database.begin() as tx:
            some = await holds.held(tx, store.connection.id, Flow.INVENTORY, cause=Cause.STOCK_EDITED)
        waiting = {one.key for one in some}
        kept_back = await self._held_packages(store) + await self._mistaken_packages(store)
        too_late = store.accepted_too_late() + store.left_elsewhere(await store.work())
        too_late += await self._tried_elsewhere(store)
        for level, truth in (await store.truth()).items():
            self.checked[STOCK] += 1
            publish = truth.promise - truth.unseen - buffer
            place = store.name, level
            theirs = self.accounts.meddled[place] if store.people_stand else 0
            most = theirs
            if store.adds:
                theirs = max(theirs, self.accounts.taken[place]) + too_late[level]
                most = theirs + min(truth.unseen, kept_back[level])
            least = -theirs - kept_back[level] - truth.again
            off = truth.available - publish
            if off > most or (off < least and level[0] not in waiting):
                what = store.shop.sku(store.shop.level(*level))
                yield place, f"{what}: Shopify has {truth.available}, the formula says {publish} ({truth})"

    async def _drift(self, store: StormStore) -> AsyncIterator[str]:
        self.checked[DRIFT] += 1
        async with self.database.begin() as tx:
            rows = await tx.execute(
                text("SELECT inventory_item, location, units, done FROM stock_drift WHERE connection = :id"),
                {"id": store.connection.id},
            )
        for item, location, units, done in rows:
            level = InventoryItemId(item), LocationId(location)
            if not self.accounts.meddled[store.name, level]:
                yield f"{store.shop.sku(store.shop.level(*level))}: {units:+}, {done}"

    async def _held_packages(self, store: StormStore) -> Counter[LevelKey]:
        async with self.database.begin() as tx:
            held = {one.key for one in await holds.held(tx, store.connection.id, Flow.FULFILLMENTS)}
        units: Counter[LevelKey] = Counter()
        for key, known in (await store.work()).items():
            for package in standing(known) if store.asked[key].order in held else ():
                units.update(store.levels(store.goods(store.asked[key], dict(package.contents))))
        return units

    async def _mistaken_packages(self, store: StormStore) -> Counter[LevelKey]:
        work = await store.work()
        units: Counter[LevelKey] = Counter()
        for order in store.shop.world.orders:
            missing, _ = _difference(_left(store, order, work), store.shop.told(order, by_hand=False))
            contents = [one.contents for one in missing]
            unheard, _ = _difference(contents, _theirs(store, order))
            taken, _ = _difference(contents, unheard)
            parts = [part for part in store.shop.parts() if part.order_id == order.id]
            places = {line.line_item_id: part.assigned.location_id for part in parts for line in part.lines}
            for line, count in chain.from_iterable(taken):
                units[store.shop.item_of(line), LocationId(gid("Location", places[line]))] += count
        return units

    async def _tried_elsewhere(self, store: StormStore) -> Counter[LevelKey]:
        """
        Return what was tried for one location without an answer, moved by hand, and taken on for another.

        Nobody knows which try the warehouse took, so the hub keeps the first, and sees the difference when it looks
        again: where all has left by then, it stays.
        """
        ids = [OrderId(order.gid) for order in store.shop.world.orders]
        async with self.database.begin() as tx:
            tried = chain.from_iterable((await requests.of_orders(tx, store.connection.id, ids)).values())
        units: Counter[LevelKey] = Counter()
        for one in tried:
            asked = store.asked.get(one.key)
            places = {one.location, store.location_of(asked.warehouse)} if asked else set()
            for row, count in one.units.items() if len(places) > 1 else ():
                units.update({(store.shop.item_of(store.shop.bought_by(row)), place): count for place in places})
        return units

    async def _pending(self) -> AsyncIterator[str]:
        async with self.database.begin() as tx:
            rows = await tx.execute(
                text(
                    "SELECT connection, flow, key, reason, last_error FROM pending UNION ALL "
                    "SELECT connection, flow, key, reason, NULL FROM news ORDER BY 1, 2, 3"
                )
            )
            for row in rows:
                yield f"{row.connection} {row.flow} {row.key}: {row.reason}; {row.last_error}"

    def _holds(self, store: StormStore, held: Iterable[Held]) -> Sequence[str]:
        found: list[str] = []
        touched = {store.shop.world.orders[number].gid for number in store.shop.touched}
        touched |= {level[0] for (name, level), units in self.accounts.meddled.items() if name == store.name and units}
        for one in held:
            if one.connection != store.connection.id:
                continue
            self.checked[HOLDS] += 1
            if not one.hold.detail or not CATALOGUE[one.hold.cause].remedy:
                found.append(f"{one.key}: says too little: {one.hold}")
            given = store.gave_up if one.hold.cause in {Cause.SHORT_THERE, Cause.CANCELLED_THERE} else touched
            if one.key not in given or one.hold.cause is Cause.STOCK_REFUSED:
                found.append(f"{one.key}: nobody gave cause for {one.hold.cause}: {one.hold.detail}")
        return found

    async def _proof(self, store: StormStore) -> AsyncIterator[str]:
        async with self.database.begin() as tx:
            for stream in ("orders", "variants", "backend"):
                self.checked[PROOF] += 1
                mark = await watermarks.read(tx, store.connection.id, stream)
                if mark.complete_to is None or mark.complete_to < self.storm_ended:
                    yield f"{store.name} {stream}: complete to {mark.complete_to}, the storm ended {self.storm_ended}"


def _why(parts: Sequence[FulfillmentOrder], hold: Held | None) -> str:
    there = ", ".join(f"{part.status} with {part.remaining} left" for part in parts)
    return f"{there}; " + ("no hold" if hold is None else hold.hold.detail)


def _left(store: StormStore, order: Order, work: Mapping[RequestKey, WorkOrder]) -> Sequence[Shipment]:
    """Return what left of an order and was not taken back."""
    return [
        shipment(((store.shop.bought_by(row), int(units)) for row, units in package.contents), package.tracking_number)
        for known in store.of_order(order, work)
        for package in standing(known)
    ]


def _listed(goods: Counter[Goods]) -> str:
    return ", ".join(f"{units} of line {line} at {location}" for (line, location), units in goods.items())


def _theirs(store: StormStore, order: Order) -> Sequence[Contents]:
    """Return what somebody told by hand: in the same words it may be taken for a package."""
    return [one.contents for one in store.shop.told(order, by_hand=True)]


ThingT = TypeVar("ThingT")


def _difference(left: Sequence[ThingT], told: Sequence[ThingT]) -> tuple[Sequence[ThingT], Sequence[ThingT]]:
    """Return what is in one list and not in the other, each as often as it is there."""
    more = list(told)
    missing: list[ThingT] = []
    for one in left:
        if one in more:
            more.remove(one)
        else:
            missing.append(one)
    return missing, more
