"""One shop, tied to one warehouse system, and what is true of both together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tests.storm.shop import StormShop
from tests.storm.warehouse import House, standing

from crossdock.model.connection import Connection, OnDrift, StockMode
from crossdock.model.names import (
    FulfillmentOrderLineId,
    InventoryItemId,
    LocationId,
    RequestKey,
    ReturnKey,
    WarehouseCode,
)
from crossdock.model.request import FulfillmentRequest, WorkOrder, WorkState
from crossdock.model.returning import ReturnRequest
from crossdock.store.links import Link
from shopify_standin.ids import gid
from shopify_standin.model.sales import Order

LevelKey = tuple[InventoryItemId, LocationId]
Goods = tuple[int, LocationId]
"""An order line, and where its units leave from."""


@dataclass(frozen=True, slots=True)
class Truth:
    """
    One level as it is on both sides. Units.

    `unseen` of the `committed` were sold at Shopify and are not off the warehouse's figure; `promise` is that figure.
    `again` are off that figure, though the hub may not say so: the warehouse has them under another fulfillment order
    than Shopify, which made a new one of what came back, was split off, or was put together.
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
    announced: dict[ReturnKey, ReturnRequest] = field(default_factory=dict)
    """What the warehouse was told to expect back, as it was told last."""
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

    def location_of(self, warehouse: WarehouseCode) -> LocationId:
        """Return the location that a warehouse serves."""
        return next(location for location, codes in self.connection.warehouses.items() if warehouse in codes)

    def accept(self, request: FulfillmentRequest) -> None:
        """Note that the warehouse took a request on."""
        self.asked[request.key] = request
        if self.shop.order_of(request.key).cancelled_at is not None:
            self.too_late.add(request.key)

    def accepted_too_late(self) -> Counter[LevelKey]:
        """Return the units that the warehouse took on for orders that were cancelled by then."""
        found: Counter[LevelKey] = Counter()
        for key in self.too_late:
            found.update(self.levels(self.goods(self.asked[key], _units(self.asked[key]))))
        return found

    def takes(self, order: Order) -> bool:
        """Whether the rules let an order go to the warehouse, as far as it is paid."""
        return order.financial_status in self.connection.rules.orders.financial

    async def work(self) -> Mapping[RequestKey, WorkOrder]:
        """Return what the warehouse has of this shop's orders."""
        return await self.house.backend.work_orders(list(self.asked))

    def open_units(self, work: WorkOrder) -> Mapping[FulfillmentOrderLineId, int]:
        """Return what has not left of a work order and is not given up, by line; lines of none are left out."""
        if not work.state.may_still_ship:
            return {}
        left = _units(self.asked[work.key])
        left.subtract(dict(work.short))
        for package in standing(work):
            left.subtract(dict(package.contents))
        return +left

    def goods(self, asked: FulfillmentRequest, units: Mapping[FulfillmentOrderLineId, int]) -> Counter[Goods]:
        """Return units of a request by what was bought, whatever fulfillment orders its lines are in by now."""
        found: Counter[Goods] = Counter()
        for row, some in units.items():
            found[self.shop.bought_by(row), self.location_of(asked.warehouse)] += some
        return found

    def levels(self, goods: Counter[Goods]) -> Counter[LevelKey]:
        """Return what was bought by the levels that it is off."""
        found: Counter[LevelKey] = Counter()
        for (bought, location), units in goods.items():
            found[self.shop.item_of(bought), location] += units
        return found

    def wanted(self, order: Order) -> Counter[Goods]:
        """Return what Shopify waits for of an order, and lets ship now; the hub's own holds only show what it knows."""
        held = {one.fulfillment_order_id for one in self.shop.holds(ours=False)}
        parts = [
            part
            for part in self.shop.parts()
            if part.order_id == order.id
            and (part.status in SHIPPABLE or (part.status == "ON_HOLD" and part.id not in held))
        ]
        found: Counter[Goods] = Counter()
        for part in parts:
            for line in part.lines:
                found[line.line_item_id, LocationId(gid("Location", part.assigned.location_id))] += line.remaining
        return +found

    def to_ship(self, order: Order, work: Mapping[RequestKey, WorkOrder]) -> Counter[Goods]:
        """Return what the warehouse is about to ship of an order."""
        found: Counter[Goods] = Counter()
        for known in self.of_order(order, work):
            found.update(self.goods(self.asked[known.key], self.open_units(known)))
        return +found

    def short_so_far(self, order: Order, work: Mapping[RequestKey, WorkOrder]) -> Counter[Goods]:
        """Return what the warehouse gave up on of orders that it goes on with: it is asked about once they are over."""
        found: Counter[Goods] = Counter()
        for known in self.of_order(order, work):
            if known.state.may_still_ship:
                found.update(self.goods(self.asked[known.key], Counter(dict(known.short))))
        return +found

    def at_the_warehouse(self, order: Order, work: Mapping[RequestKey, WorkOrder]) -> Counter[int]:
        """Return the units of each order line that have left, or are about to."""
        found: Counter[int] = Counter()
        for known in self.of_order(order, work):
            for row, units in self.open_units(known).items():
                found[self.shop.bought_by(row)] += units
            for row, left in (content for package in standing(known) for content in package.contents):
                found[self.shop.bought_by(row)] += int(left)
        return found

    def of_order(self, order: Order, work: Mapping[RequestKey, WorkOrder]) -> Sequence[WorkOrder]:
        """Return the work orders of one order."""
        return [known for key, known in work.items() if self.asked[key].order == order.gid]

    def left_elsewhere(self, work: Mapping[RequestKey, WorkOrder]) -> Counter[LevelKey]:
        """Return the units that left from another location than Shopify had them ship from when it was told."""
        off: Counter[tuple[FulfillmentOrderLineId, LocationId]] = Counter()
        for known in work.values():
            location = self.location_of(self.asked[known.key].warehouse)
            for row, left in (content for package in standing(known) for content in package.contents):
                off[row, location] += int(left)
        off.subtract(self.shop.fulfilled_for_the_warehouse())
        found: Counter[LevelKey] = Counter()
        for (row, location), units in off.items():
            found[self.shop.item_of(self.shop.bought_by(row)), location] += abs(units)
        return found

    async def truth(self) -> Mapping[LevelKey, Truth]:
        """Return every level as it is on both sides."""
        seen, again = self._matched(await self.work())
        codes = {link.inventory_item: link.item for link in self.links}
        stock = await self.house.backend.stock(list(codes.values()))
        found: dict[LevelKey, Truth] = {}
        for one in self.shop.world.levels:
            level = InventoryItemId(gid("InventoryItem", one.item_id)), LocationId(gid("Location", one.location_id))
            houses = self.connection.warehouses[level[1]]
            promise = sum(stock.available.get((codes[level[0]], house), 0) for house in houses)
            committed = one.of("committed")
            unseen = max(0, committed - seen[level] - again[level])
            found[level] = Truth(one.available, committed, unseen, promise, again[level])
        return found

    def _matched(self, work: Mapping[RequestKey, WorkOrder]) -> tuple[Counter[LevelKey], Counter[LevelKey]]:
        """
        Return which units that Shopify waits for the warehouse has taken off its figure, by level.

        First those that it has under the very line that waits for them, then those that it has under another line of
        the same goods. What left under one line may be told under another: it has no more than all lines come to.
        """
        has = self._off_the_figure(work)
        spare: Counter[Goods] = Counter()
        anywhere: Counter[int] = Counter()
        for (row, location), units in has.items():
            spare[self.shop.bought_by(row), location] += units
            anywhere[self.shop.bought_by(row)] += units
        for (row, location), units in self.shop.fulfilled_by_hand().items():
            spare[self.shop.bought_by(row), location] -= units
        waiting: Counter[Goods] = Counter()
        seen: Counter[LevelKey] = Counter()
        for part in self.shop.parts():
            location = LocationId(gid("Location", part.assigned.location_id))
            for line in part.lines if part.is_open else ():
                goods = line.line_item_id, location
                has_it = min(has[FulfillmentOrderLineId(line.gid), location], anywhere[line.line_item_id])
                own = max(0, min(line.remaining, has_it))
                anywhere[line.line_item_id] -= own
                seen[self.shop.item_of(line.line_item_id), location] += own
                spare[goods] -= own
                waiting[goods] += line.remaining - own
        return seen, self.levels(waiting & spare)

    def _off_the_figure(
        self, work: Mapping[RequestKey, WorkOrder]
    ) -> Counter[tuple[FulfillmentOrderLineId, LocationId]]:
        """Return what the warehouse took on, or shipped, and Shopify was not told of; below zero: told of elsewhere."""
        found: Counter[tuple[FulfillmentOrderLineId, LocationId]] = Counter()
        for known in work.values():
            if known.state is WorkState.CANCELLED:
                continue
            units, location = _units(self.asked[known.key]), self.location_of(self.asked[known.key].warehouse)
            units.subtract(dict(known.short))
            for row, some in units.items():
                found[row, location] += some
        found.subtract(self.shop.fulfilled_for_the_warehouse())
        return found


SHIPPABLE = frozenset({"OPEN", "IN_PROGRESS", "INCOMPLETE"})
"""States of a fulfillment order in which Shopify lets it be fulfilled."""


def _units(asked: FulfillmentRequest) -> Counter[FulfillmentOrderLineId]:
    return Counter({line.reference: int(line.units) for line in asked.lines})
