"""A Shopify shop in a storm: the stand-in's own engine, what people do in it, and what is true there."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeAlias

from tests.storm.clock import StormClock
from tests.storm.script import Happening

from crossdock.app.topics import wanted_topics
from crossdock.model.flow import Flow
from crossdock.model.generation import fulfillment_order_of
from crossdock.model.names import FulfillmentOrderLineId, InventoryItemId, LocationId, RequestKey
from shopify_standin.auth.apps import Grant
from shopify_standin.clock import Clock
from shopify_standin.domain.fulfillments.creating import fulfillment_create
from shopify_standin.domain.inventory.stock import change
from shopify_standin.domain.orders.buying import Purchase
from shopify_standin.domain.orders.buying import buy as let_buy
from shopify_standin.domain.orders.cancelling import order_cancel
from shopify_standin.domain.products.making import make_product
from shopify_standin.domain.products.variants import new_variant
from shopify_standin.errors import Refused
from shopify_standin.ids import gid, parse_gid
from shopify_standin.model.goods import InventoryItem, Level
from shopify_standin.model.notices import Delivery, Subscription
from shopify_standin.model.places import Address, Location
from shopify_standin.model.sales import Order
from shopify_standin.model.shipping import FulfillmentOrder, Hold
from shopify_standin.standin import Standin
from shopify_standin.world import World

TOKEN = "storm-token"
VERSION = "2026-07"
ANOTHER_APP = "another-app"
NUMBERS_APART = 1_000
"""Each shop's ids begin that much higher than the last one's: real ids are unique over all of Shopify."""


class _NumbersFrom(Counter[str]):
    """Counts from somewhere other than 0."""

    def __init__(self, first: int, used: Counter[str]) -> None:
        super().__init__({type_name: first + numbers for type_name, numbers in used.items()})
        self._first = first

    def __missing__(self, key: str) -> int:
        return self._first


@dataclass(slots=True)
class _StormTime(Clock):
    """The shop's clock follows the storm's."""

    tell: Callable[[], datetime] = datetime.now

    def now(self) -> datetime:
        return self.tell()


Contents: TypeAlias = tuple[tuple[int, int], ...]
"""Units, by order line."""


@dataclass(frozen=True, slots=True)
class Shipment:
    """What left in one package, by order line, and its tracking number."""

    contents: Contents
    number: str | None


def shipment(contents: Iterable[tuple[int, int]], number: str | None) -> Shipment:
    """Return a package; an order line may be in it by several fulfillment order lines."""
    units: Counter[int] = Counter()
    for line, some in contents:
        units[line] += some
    return Shipment(tuple(sorted(units.items())), number)


@dataclass
class StormShop:
    """
    One shop.

    `news` are webhooks on their way. `by_hand` are fulfillments that people made, `touched` the orders that they
    cancelled or fulfilled themselves. `let_go` are the fulfillment orders that people took the hub's own hold off, with
    what it said, and `torn_off` holds of others that went by a call of the hub's.
    """

    name: str
    number: int
    clock: StormClock
    news: list[Delivery] = field(default_factory=list)
    by_hand: set[int] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)
    let_go: set[tuple[int, str | None]] = field(default_factory=set)
    torn_off: list[Hold] = field(default_factory=list)
    down_until: datetime | None = None

    def __post_init__(self) -> None:
        self.standin = Standin(self.name, TOKEN, "storm-secret", plan="plus")
        world = self.world
        world.clock = _StormTime(tell=self.clock.now)
        world.ids.used = _NumbersFrom(self.number * NUMBERS_APART, world.ids.used)
        for topic in wanted_topics(Flow):
            at = world.now()
            name = topic.upper().replace("/", "_")
            world.subscriptions.add(
                Subscription(world.ids.next("WebhookSubscription"), name, "https://hub.example", at, at, VERSION)
            )

    @property
    def world(self) -> World:
        """The shop's objects."""
        return self.standin.world

    @property
    def another_app(self) -> Grant:
        """Who holds what is to wait: its holds are not the hub's own."""
        registrar = self.standin.registrar
        app = registrar.apps.get(ANOTHER_APP) or registrar.add_app(ANOTHER_APP, "another-secret", "fraud-check")
        return Grant("another-token", app)

    @property
    def is_down(self) -> bool:
        """Whether nobody answers there now."""
        return self.down_until is not None and self.clock.at < self.down_until

    # --- before the storm -----------------------------------------------------------------------------------------

    def locations(self, count: int) -> Sequence[LocationId]:
        """Open so many locations in all; return them."""
        for number in range(len(self.world.locations), count):
            at, name = self.world.now(), f"Location {number + 1}"
            place = Location(
                self.world.ids.next("Location"), name, Address(country_code="CA"), at, at, ships_inventory=True
            )
            self.world.locations.add(place)
        return [LocationId(place.gid) for place in self.world.locations]

    def offer(self, sku: str, units: dict[LocationId, int]) -> InventoryItem:
        """Sell a product of one variant, with so many units at each location; say nothing of it."""
        with self.world.silence():
            product = make_product(self.world, {"title": sku})
            variant = new_variant(
                self.world,
                product,
                [(option.name, option.values[0]) for option in product.options],
                {
                    "price": "10.00",
                    "inventoryItem": {"sku": sku, "tracked": True},
                    "inventoryQuantities": [
                        {"locationId": place, "name": "available", "quantity": count} for place, count in units.items()
                    ],
                },
            )
        return self.world.items[variant.item_id]

    # --- what people do -------------------------------------------------------------------------------------------

    def buy(self, how: Happening) -> str | None:
        """A customer buys what is offered, and no more."""
        placed = let_buy(self.world, Purchase(1, how.among(1_000_000)))
        if not placed:
            return None
        order = placed[0]
        return f"{order.name}: " + ", ".join(f"{line.quantity} {line.sku}" for line in order.lines)

    def cancel(self, how: Happening) -> str | None:
        """Somebody cancels an order of which nothing has been shipped."""
        orders = [
            one
            for one in self.world.orders
            if one.cancelled_at is None
            and not any(self.world.fulfillments[number].status == "SUCCESS" for number in one.fulfillment_ids)
        ]
        if not orders:
            return None
        order, restock = orders[how.among(len(orders))], bool(how.among(2, of=1))
        try:
            order_cancel(self.world, {"orderId": order.gid, "reason": "CUSTOMER", "restock": restock})
        except Refused:
            return None  # it has a return
        self.touched.add(order.id)
        self.catch_up()
        return f"{order.name}, {'back in stock' if restock else 'not put back'}"

    def hand_fulfill(self, how: Happening) -> str | None:
        """Somebody ships from the admin what the hub may be shipping too."""
        parts = [part for part in self.world.fulfillment_orders if part.is_open and part.remaining]
        if not parts:
            return None
        part = parts[how.among(len(parts))]
        row = next(line for line in part.lines if line.remaining)
        units = 1 + how.among(row.remaining, of=1)
        lines = [{"id": row.gid, "quantity": units}]
        asked = [{"fulfillmentOrderId": part.gid, "fulfillmentOrderLineItems": lines}]
        try:
            made = fulfillment_create(self.world, {"fulfillment": {"lineItemsByFulfillmentOrder": asked}})
        except Refused:
            return None
        self.by_hand.add(made["fulfillment"].id)
        self.touched.add(part.order_id)
        return f"{self.world.orders[part.order_id].name}: {units} of {row.gid}"

    def hand_edit(self, how: Happening) -> str | None:
        """Somebody changes a level in the admin, up or down."""
        levels = list(self.world.levels)
        level = levels[how.among(len(levels))]
        units = 1 + how.among(4, of=1)
        delta = units if how.among(2, of=2) else -units
        change(self.world, level, available=delta)
        return f"{self.sku(level)} {delta:+}"

    def catch_up(self) -> None:
        """Do what is due by now, and collect the webhooks of all that happened."""
        self.standin.catch_up()
        while self.world.outbox:
            self.news.append(self.world.outbox.popleft())

    def lose(self, how: Happening) -> str | None:
        """A webhook never arrives, or none of those that are on their way."""
        if not self.news:
            return None
        if how.among(2, of=1):
            lost, self.news = self.news, []
            return f"all {len(lost)}"
        return self.news.pop(how.among(len(self.news))).topic

    def repeat(self, how: Happening) -> str | None:
        """A webhook is sent twice."""
        if not self.news:
            return None
        self.news.append(replace(self.news[how.among(len(self.news))]))
        return self.news[-1].topic

    # --- what is true ---------------------------------------------------------------------------------------------

    def sku(self, level: Level) -> str:
        """Return what a level holds and where, as a person would say it."""
        return f"{self.world.items[level.item_id].sku} at {self.world.locations[level.location_id].name}"

    def level(self, item: InventoryItemId, location: LocationId) -> Level:
        """Return one level."""
        return next(
            level
            for level in self.world.levels
            if gid("InventoryItem", level.item_id) == item and gid("Location", level.location_id) == location
        )

    def parts(self) -> Sequence[FulfillmentOrder]:
        """Return all fulfillment orders."""
        return list(self.world.fulfillment_orders)

    def item_of(self, line_item: int) -> InventoryItemId:
        """Return the inventory item of an order line."""
        item = self.world.lines[line_item].item_id
        assert item is not None
        return InventoryItemId(gid("InventoryItem", item))

    def holds(self, *, ours: bool) -> Sequence[Hold]:
        """Return the hub's own holds, or those of others."""
        return [one for one in self.world.holds if (one.app == self.standin.client_id) is ours]

    def bought_by(self, row: FulfillmentOrderLineId) -> int:
        """Return the order line that a fulfillment order line is of, wherever that line is by now."""
        return self.world.fulfillment_order_lines[parse_gid(row)[1]].line_item_id

    def fulfilled_by_hand(self) -> Counter[tuple[FulfillmentOrderLineId, LocationId]]:
        """Return how many units of each fulfillment order line people shipped themselves, and from where."""
        return self._fulfilled(by_hand=True)

    def fulfilled_for_the_warehouse(self) -> Counter[tuple[FulfillmentOrderLineId, LocationId]]:
        """Return how many units of each fulfillment order line Shopify was told of by the hub, and from where."""
        return self._fulfilled(by_hand=False)

    def _fulfilled(self, *, by_hand: bool) -> Counter[tuple[FulfillmentOrderLineId, LocationId]]:
        found: Counter[tuple[FulfillmentOrderLineId, LocationId]] = Counter()
        for one in self.world.fulfillments:
            if one.status == "SUCCESS" and (one.id in self.by_hand) is by_hand:
                location = LocationId(gid("Location", one.location_id))
                for line in one.lines:
                    row = self.world.fulfillment_order_lines[line.fulfillment_order_line_id]
                    found[FulfillmentOrderLineId(row.gid), location] += line.quantity
        return found

    def told(self, order: Order, *, by_hand: bool) -> list[Shipment]:
        """Return the fulfillments of an order that stand, and that people made themselves, or did not."""
        return [
            shipment(
                ((line.line_item_id, line.quantity) for line in one.lines),
                one.tracking[0].number if one.tracking else None,
            )
            for number in order.fulfillment_ids
            if (number in self.by_hand) is by_hand and (one := self.world.fulfillments[number]).status == "SUCCESS"
        ]

    def order_of(self, key: RequestKey) -> Order:
        """Return the order of a fulfillment order."""
        part = next(part for part in self.world.fulfillment_orders if part.gid == fulfillment_order_of(key))
        return self.world.orders[part.order_id]


def summary(variables: dict[str, Any]) -> str:
    """Return a call's variables, short enough to read."""
    text = ", ".join(f"{name}={value}" for name, value in variables.items())
    return text.replace("gid://shopify/", "")[:300]
