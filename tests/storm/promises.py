"""What must hold when a storm is over, whatever happened in it."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import text
from tests.storm.accounts import Accounts, Place
from tests.storm.world import LevelKey, StormStore, World

from crossdock.model.cause import CATALOGUE, Cause
from crossdock.model.flow import Flow
from crossdock.model.names import ConnectionId, FulfillmentOrderLineId, LocationId, RequestKey
from crossdock.store import holds, watermarks
from crossdock.store.database import Database
from crossdock.store.holds import Held
from shopify_standin.ids import gid
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
STOCK = "Shopify offers what the formula says"
OVERSOLD = "the hub never offers what the warehouse cannot promise"
PENDING = "nothing is pending without a cause"
HOLDS = "every hold names a cause that somebody gave, and a remedy"
PROOF = "the proof advances past the storm"
MISTAKES = "no look fails by a mistake of ours"

PROMISES = (ORDERS, PACKAGES, STOCK, OVERSOLD, PENDING, HOLDS, PROOF, MISTAKES)


@dataclass
class Judge:
    """Looks at what a storm left behind."""

    database: Database
    world: World
    accounts: Accounts
    storm_ended: datetime
    mistakes: Sequence[str]
    checked: Counter[str] = field(default_factory=Counter)

    async def stock_before_both_sides_are_compared(self) -> Sequence[Broken]:
        """Return what is wrong with levels that nobody meddled with: news and sweeps are enough for those."""
        return [
            Broken(STOCK, f"before both sides were compared, {one}")
            for store in self.world.stores
            async for place, one in self._stock(store)
            if not self.accounts.meddled[place]
        ]

    async def judge(self) -> Sequence[Broken]:
        """Return every promise that was broken."""
        self.checked[OVERSOLD] += self.accounts.writes
        self.checked.update([PENDING, MISTAKES])
        found = [Broken(OVERSOLD, f"{one}") for one in self.accounts.oversold]
        found += [Broken(MISTAKES, one) for one in self.mistakes]
        found += [Broken(PENDING, one) async for one in self._pending()]
        async with self.database.begin() as tx:
            held = {(one.connection, one.flow, one.key): one for one in await holds.held(tx)}
        for store in self.world.stores:
            of_store = {key: one for (name, _, key), one in held.items() if name == store.connection.id}
            found += [Broken(ORDERS, one) async for one in self._orders(store, of_store)]
            found += [Broken(PACKAGES, one) async for one in self._packages(store, held)]
            found += [Broken(STOCK, one) async for _, one in self._stock(store)]
            found += [Broken(HOLDS, one) for one in self._holds(store, held.values())]
            found += [Broken(PROOF, one) async for one in self._proof(store)]
        return found

    async def _orders(self, store: StormStore, held: dict[str, Held]) -> AsyncIterator[str]:
        """A part that Shopify still wants shipped is at the warehouse, for as many units as it wants."""
        work = await store.work()
        for part in store.shop.parts():
            order = store.shop.world.orders[part.order_id]
            known = work.get(RequestKey(part.gid))
            self.checked[ORDERS] += 1
            if known is None and part.is_open and part.remaining and order.gid not in held:
                yield f"{store.name} {order.name}: {part.gid} never came to the warehouse"
            if known is not None and part.order_id not in store.shop.touched:
                asked = Counter({line.reference: int(line.units) for line in store.asked[known.key].lines})
                wanted = Counter({line.gid: line.total for line in part.lines})
                if dict(asked) != dict(wanted):
                    yield f"{store.name} {order.name}: the warehouse was asked for {asked}, Shopify wants {wanted}"

    async def _packages(
        self, store: StormStore, held: Mapping[tuple[ConnectionId, Flow, str], Held]
    ) -> AsyncIterator[str]:
        """What left is told once; where people shipped or cancelled, a package may be held instead."""
        work = await store.work()
        for part in store.shop.parts():
            known = work.get(RequestKey(part.gid))
            order = store.shop.world.orders[part.order_id]
            self.checked[PACKAGES] += len(known.packages) if known else 0
            left = [Counter(dict(package.contents)) for package in known.packages] if known else []
            missing, more = _difference(left, store.shop.told(part))
            hold = held.get((store.connection.id, Flow.FULFILLMENTS, order.gid))
            if more:
                yield f"{store.name} {order.name}: Shopify has {more} of which the warehouse knows nothing"
            if missing and (hold is None or part.order_id not in store.shop.touched):
                yield f"{store.name} {order.name}: Shopify never heard of {missing}; {_why(part, hold)}"

    async def _stock(self, store: StormStore) -> AsyncIterator[tuple[Place, str]]:
        """
        What people did may stand where the rules say so.

        A package that Shopify does not take, and that is held for it, keeps its units from being offered.
        """
        buffer = store.connection.rules.inventory.buffer
        kept_back = await self._held_packages(store)
        for level, truth in (await store.truth()).items():
            self.checked[STOCK] += 1
            publish = truth.promise - truth.unseen - buffer
            place = store.name, level
            theirs = self.accounts.meddled[place] if store.people_stand else 0
            if not -theirs - kept_back[level] <= truth.available - publish <= theirs:
                what = store.shop.sku(store.shop.level(*level))
                yield place, f"{what}: Shopify has {truth.available}, the formula says {publish} ({truth})"

    async def _held_packages(self, store: StormStore) -> Counter[LevelKey]:
        async with self.database.begin() as tx:
            held = {one.key for one in await holds.held(tx, store.connection.id, Flow.FULFILLMENTS)}
        work = await store.work()
        units: Counter[LevelKey] = Counter()
        for part in store.shop.parts():
            known = work.get(RequestKey(part.gid))
            if known is None or store.shop.world.orders[part.order_id].gid not in held:
                continue
            location = LocationId(gid("Location", part.assigned.location_id))
            items = {line.gid: store.shop.item_of(line.line_item_id) for line in part.lines}
            for package in known.packages:
                for line, count in package.contents:
                    units[items[line], location] += count
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
            if one.key not in touched or one.hold.cause is Cause.STOCK_REFUSED:
                found.append(f"{one.key}: nobody gave cause for {one.hold.cause}: {one.hold.detail}")
        return found

    async def _proof(self, store: StormStore) -> AsyncIterator[str]:
        async with self.database.begin() as tx:
            for stream in ("orders", "variants", "backend"):
                self.checked[PROOF] += 1
                mark = await watermarks.read(tx, store.connection.id, stream)
                if mark.complete_to is None or mark.complete_to < self.storm_ended:
                    yield f"{store.name} {stream}: complete to {mark.complete_to}, the storm ended {self.storm_ended}"


def _why(part: FulfillmentOrder, hold: Held | None) -> str:
    return f"{part.status}, {part.remaining} left; " + ("no hold" if hold is None else hold.hold.detail)


Contents = Counter[FulfillmentOrderLineId]


def _difference(left: Sequence[Contents], told: Sequence[Contents]) -> tuple[Sequence[Contents], Sequence[Contents]]:
    """Return what is in one list of contents and not in the other, each as often as it is there."""
    more = list(told)
    missing: list[Contents] = []
    for one in left:
        if one in more:
            more.remove(one)
        else:
            missing.append(one)
    return missing, more
