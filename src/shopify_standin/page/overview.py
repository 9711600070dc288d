"""What the page shows, gathered from a shop: plain rows of text, so that the template decides nothing."""

import heapq
from collections.abc import Reversible
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar

from shopify_standin.domain.orders.status import fulfillment_status
from shopify_standin.house.bucket import Bucket
from shopify_standin.model.goods import Variant
from shopify_standin.model.sales import Order
from shopify_standin.money import money_text
from shopify_standin.page.chart import Chart, chart_of
from shopify_standin.schema import VERSIONS
from shopify_standin.standin import Standin
from shopify_standin.world import World

Row = TypeVar("Row")

ROWS = 12
GOOD = frozenset({"delivered", "handed over", "PAID", "FULFILLED"})
BAD = frozenset({"given up", "dropped", "retrying", "VOIDED", "ON_HOLD"})


@dataclass(frozen=True, slots=True)
class Tile:
    """One big number."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Badge:
    """A word with a mood: good, bad or plain."""

    word: str
    mood: str = "plain"


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole page."""

    shop: str
    plan: str
    now: str
    frozen: bool
    tiles: list[Tile]
    chart: Chart
    orders: list[tuple[str, str, str, str, Badge, Badge]]
    stock: list[tuple[str, str, int, int, int]]
    deliveries: list[tuple[str, str, Badge, int, str]]
    operations: list[tuple[str, int, int, int]]
    faults: list[str]


def overview_of(standin: Standin) -> Overview:
    """The page of a shop as it is now; no list is longer than `ROWS`."""
    world = standin.world
    now = world.now()
    bucket = world.bucket(standin.client_id)
    bucket.refill(now)
    return Overview(
        shop=world.shop.domain,
        plan=world.shop.plan,
        now=f"{now:%Y-%m-%d %H:%M:%S} UTC",
        frozen=world.clock.frozen_at is not None,
        tiles=_tiles(world, bucket),
        chart=chart_of(world.counters.seconds, bucket, now),
        orders=[_order(world, order) for order in _last(world.orders.rows.values())],
        stock=_stock(world),
        deliveries=[
            (d.topic, d.uri, _badge(d.fate), d.attempts, _clock(d.triggered_at)) for d in _last(world.deliveries)
        ],
        operations=_operations(world),
        faults=_faults(standin),
    )


def _last(rows: Reversible[Row]) -> list[Row]:
    return list(islice(reversed(rows), ROWS))


def _tiles(world: World, bucket: Bucket) -> list[Tile]:
    fates = [delivery.fate for delivery in world.deliveries]
    arrived = fates.count("delivered") + fates.count("handed over")
    trouble = sum(fate in BAD for fate in fates)
    counters = world.counters
    throttles = counters.throttles.total()
    return [
        Tile("Orders", f"{len(world.orders):,}", f"{len(world.fulfillments):,} shipments"),
        Tile("Products", f"{len(world.products):,}", f"{len(world.variants):,} variants"),
        Tile("Webhooks", f"{arrived:,}", f"{trouble:,} in trouble, {len(fates):,} in all"),
        Tile("Calls", f"{counters.calls.total():,}", f"{throttles:,} throttled"),
        Tile("Budget", f"{int(bucket.level):,}", f"of {bucket.maximum:,}, {bucket.rate}/s back"),
    ]


def _order(world: World, order: Order) -> tuple[str, str, str, str, Badge, Badge]:
    customer = world.customers.get(order.customer_id)
    total = f"{money_text(order.current_total.shop)} {order.currencies.shop}"
    paid = "CANCELLED" if order.cancelled_at else order.financial_status or "—"
    shipped = fulfillment_status(world, order, VERSIONS[-1])
    return (
        order.name,
        _clock(order.created_at),
        customer.display_name if customer else "—",
        total,
        _badge(paid),
        _badge(shipped),
    )


def _stock(world: World) -> list[tuple[str, str, int, int, int]]:
    """The items that changed last: SKU, name, available, committed, on hand."""
    levels = heapq.nlargest(ROWS * 4, world.levels, key=lambda level: level.updated_at)
    items = list(dict.fromkeys(level.item_id for level in levels))[:ROWS]
    return [_stock_row(world, world.variants[world.items[number].variant_id]) for number in items]


def _stock_row(world: World, variant: Variant) -> tuple[str, str, int, int, int]:
    levels = [level for level in world.levels.where("item_id", variant.item_id) if level.is_active]
    title = world.products[variant.product_id].title
    name = title if variant.title == "Default Title" else f"{title}, {variant.title}"
    sums = (sum(level.of(state) for level in levels) for state in ("available", "committed", "on_hand"))
    available, committed, on_hand = sums
    return world.items[variant.item_id].sku or "—", name, available, committed, on_hand


def _operations(world: World) -> list[tuple[str, int, int, int]]:
    counters = world.counters
    names = sorted(counters.calls | counters.throttles, key=lambda name: -counters.points[name])
    return [(name, counters.calls[name], counters.points[name], counters.throttles[name]) for name in names[:ROWS]]


def _faults(standin: Standin) -> list[str]:
    calls = [
        f"{fault.kind} for the next {fault.times} of {fault.operation}"
        for fault in standin.faults.calls
        if fault.times > 0
    ]
    webhooks = [f"webhooks of {fault.topic} spoiled" for fault in standin.faults.webhooks if fault.times != 0]
    return calls + webhooks


def _badge(word: str) -> Badge:
    mood = "good" if word in GOOD else "bad" if word in BAD else "plain"
    return Badge(word.replace("_", " ").lower(), mood)


def _clock(at: datetime) -> str:
    return f"{at:%H:%M:%S}"
