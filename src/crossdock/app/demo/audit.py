"""Reads both sides back and compares them: the demo's figures come from here, not from what the hub believes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from crossdock.backends.builtin.floor import WarehouseFloor
from crossdock.backends.builtin.lists import OrderSheet
from crossdock.model.connection import Connection
from crossdock.model.names import ItemCode, OrderId, RequestKey, VariantId
from crossdock.model.order import Order
from crossdock.ports.storefront import Storefront

EVERYTHING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure as each side tells it."""

    what: str
    shopify: int
    warehouse: int

    @property
    def agrees(self) -> bool:
        """Whether both sides tell the same."""
        return self.shopify == self.warehouse


@dataclass(frozen=True, slots=True)
class Audit:
    """The figures, and each difference as a sentence."""

    rows: tuple[Row, ...]
    differences: tuple[str, ...]
    orders: int = 0
    """How many orders the shop has."""

    @property
    def agrees(self) -> bool:
        """Whether nothing differs."""
        return not self.differences and all(row.agrees for row in self.rows)


async def audit(storefront: Storefront, floor: WarehouseFloor, connection: Connection) -> Audit:
    """Read every order, package and level from both sides and compare them one by one."""
    orders = await _all_orders(storefront)
    sheets = [await floor.order(summary.reference) for summary in await floor.orders(limit=100_000)]
    differences = [*_compare_requests(orders, sheets), *_compare_packages(orders, sheets)]
    stock, stock_rows = await _compare_stock(storefront, floor, connection)
    return Audit((*_rows(orders, sheets), *stock_rows), (*differences, *stock), len(orders))


async def _all_orders(storefront: Storefront) -> Sequence[Order]:
    ids: list[OrderId] = []
    after: str | None = None
    while True:
        page = await storefront.orders_updated(EVERYTHING, after)
        ids += [id_ for id_, _ in page.objects]
        after = page.after
        if after is None:
            return list((await storefront.orders(ids)).values())


def _compare_requests(orders: Sequence[Order], sheets: Sequence[OrderSheet]) -> Sequence[str]:
    """Every fulfillment order is at the warehouse exactly once, and nothing else is."""
    asked = Counter(sheet.order.key for sheet in sheets)
    there = {RequestKey(fo.id): order.name for order in orders for fo in order.fulfillment_orders}
    missing = [
        f"{name}: the warehouse does not have {id_}." for id_, name in there.items() if not asked[RequestKey(id_)]
    ]
    twice = [f"The warehouse has {key} {count} times." for key, count in asked.items() if count > 1]
    strange = [f"The warehouse has {key}, which Shopify does not." for key in asked if key not in there]
    return [*missing, *twice, *strange]


def _compare_packages(orders: Sequence[Order], sheets: Sequence[OrderSheet]) -> Sequence[str]:
    """Every package is a fulfillment exactly once, with its tracking number and its contents."""
    lines = (line for order in orders for fo in order.fulfillment_orders for line in fo.lines)
    line_items = {line.id: line.line_item for line in lines}
    left: Counter[tuple[str | None, frozenset[tuple[str, int]]]] = Counter()
    for sheet in sheets:
        for parcel in sheet.order.parcels:
            contents: Counter[str] = Counter()
            for line, units in parcel.contents:
                contents[line_items[line]] += units
            left[parcel.tracking_number, frozenset(contents.items())] += 1
    told = Counter(
        (
            next(iter(fulfillment.tracking_numbers), None),
            frozenset((str(line), int(n)) for line, n in fulfillment.lines),
        )
        for order in orders
        for fulfillment in order.fulfillments
        if fulfillment.status != "CANCELLED"
    )
    untold = [f"Shopify was not told of package {number}." for (number, _) in (left - told)]
    invented = [f"Shopify has a fulfillment {number} that no package stands for." for (number, _) in (told - left)]
    return [*untold, *invented]


async def _compare_stock(
    storefront: Storefront, floor: WarehouseFloor, connection: Connection
) -> tuple[Sequence[str], Sequence[Row]]:
    page = await storefront.variants_updated(EVERYTHING)
    variants = await storefront.variants([VariantId(id_) for id_, _ in page.objects])
    codes = {variant.inventory_item: ItemCode(variant.sku or "") for variant in variants.values()}
    levels = await storefront.levels(sorted(codes))
    shelves = {(stock.item, stock.warehouse): stock.on_hand for stock in await floor.stock()}
    differences = []
    totals: Counter[str] = Counter()
    for level in sorted(levels, key=lambda level: (codes[level.item], level.location)):
        code, warehouses = codes[level.item], connection.warehouses.get(level.location, ())
        # Units that the warehouse gave up on are owed to a customer until Shopify is told otherwise: committed there,
        # free here. What is on hand, both sides have to say alike.
        sold_or_not, held = level.available + level.committed, sum(shelves.get((code, w), 0) for w in warehouses)
        totals["shopify"] += sold_or_not
        totals["warehouse"] += held
        if held != sold_or_not:
            differences.append(
                f"{code} at {level.location}: Shopify has {level.available} for sale and {level.committed} sold, "
                f"the warehouse {held} on hand."
            )
    return differences, [Row("units on hand", totals["shopify"], totals["warehouse"])]


def _rows(orders: Sequence[Order], sheets: Sequence[OrderSheet]) -> Sequence[Row]:
    fulfillments = [f for order in orders for f in order.fulfillments if f.status != "CANCELLED"]
    lines = [line for sheet in sheets for line in sheet.order.lines]
    parcels = [len(sheet.order.parcels) for sheet in sheets]
    remaining = sum(line.remaining for order in orders for fo in order.fulfillment_orders for line in fo.lines)
    several = Counter(len(order.fulfillments) > len(order.fulfillment_orders) for order in orders)
    two = _orders_with(sheets, parcels)
    return [
        Row("orders", len(orders), len({sheet.order.order for sheet in sheets})),
        Row("requests, one for each place", sum(len(order.fulfillment_orders) for order in orders), len(sheets)),
        Row("packages", len(fulfillments), sum(parcels)),
        Row("units shipped", sum(n for f in fulfillments for _, n in f.lines), sum(line.shipped for line in lines)),
        Row("units short", remaining, sum(line.short for line in lines)),
        Row("orders in more packages than places", several[True], two),
    ]


def _orders_with(sheets: Sequence[OrderSheet], parcels: Sequence[int]) -> int:
    packages: Counter[OrderId] = Counter()
    requests: Counter[OrderId] = Counter()
    for sheet, count in zip(sheets, parcels, strict=True):
        packages[sheet.order.order] += count
        requests[sheet.order.order] += 1
    return sum(packages[order] > requests[order] for order in packages)
