"""The demo's warehouse people: they release, pick, pack and ship; some orders in two packages, some short."""

import itertools
import random

from crossdock.app.demo.shop import GOODS
from crossdock.backends.builtin.floor import WarehouseFloor
from crossdock.backends.builtin.steps import Label, SalesOrder
from crossdock.model.catalog import Item
from crossdock.model.names import Barcode, FulfillmentOrderLineId, ItemCode, Sku, Units, WarehouseCode
from crossdock.model.request import WorkState
from crossdock.ports.backend import Warehouse

MAIN = Warehouse(WarehouseCode("MAIN"), "Main warehouse")
ANNEX = Warehouse(WarehouseCode("ANNEX"), "Annex")

SHORT_SHARE = 0.12
TWO_PACKAGES_SHARE = 0.35

CARRIERS = (("UPS", "1Z999AA1"), ("FedEx", "7712"), ("USPS", "9400111"))


async def fill(floor: WarehouseFloor, orders: int, seed: int) -> None:
    """Set the warehouse up with enough of everything for that many orders, unevenly spread over two places."""
    chance = random.Random(f"{seed} stock")  # noqa: S311 - made-up figures
    for warehouse in (MAIN, ANNEX):
        await floor.add_warehouse(warehouse)
    await floor.add_items(
        *(Item(ItemCode(good.sku), good.title, Sku(good.sku), (Barcode(good.barcode),)) for good in GOODS)
    )
    need = max(orders // 2, 12)
    # A third of the goods is at both places, a third at either: who buys of both has an order that ships from two.
    places = itertools.cycle([(MAIN, ANNEX), (MAIN,), (ANNEX,)])
    await floor.receive_all(
        {
            (ItemCode(good.sku), warehouse.code): Units(chance.randint(need // 2, need))
            for good, warehouses in zip(GOODS, places, strict=False)
            for warehouse in warehouses
        },
        "first delivery",
    )


async def work_off(floor: WarehouseFloor, seed: int) -> int:
    """Take every order that waits through to the truck; return how many that were."""
    waiting = await floor.orders(WorkState.NOT_RELEASED)
    for summary in waiting:
        # Seeded by name, not by turn: what happens to an order does not depend on when the crew gets to it.
        await _take(floor, summary.reference, random.Random(f"{seed} {summary.name}"))  # noqa: S311 - made-up people
    return len(waiting)


async def _take(floor: WarehouseFloor, reference: str, chance: random.Random) -> None:
    order = await floor.release(reference)
    wanted: dict[FulfillmentOrderLineId, int] = {line.reference: line.ordered for line in order.lines}
    units = sum(wanted.values())
    if units > 1 and chance.random() < SHORT_SHARE:
        damaged = chance.choice(sorted(wanted))
        wanted[damaged] -= 1
    await floor.pick(reference, {line: count for line, count in wanted.items() if count})
    order = await floor.pack(reference, _boxes(wanted, chance))
    await floor.ship(reference, _labels(order, chance))
    if sum(wanted.values()) < units:
        await floor.short_ship(reference)


def _boxes(wanted: dict[FulfillmentOrderLineId, int], chance: random.Random) -> list[dict[FulfillmentOrderLineId, int]]:
    pieces = [line for line, count in sorted(wanted.items()) for _ in range(count)]
    cut = len(pieces)
    if len(pieces) > 1 and chance.random() < TWO_PACKAGES_SHARE:
        cut = chance.randint(1, len(pieces) - 1)
    return [_count(box) for box in (pieces[:cut], pieces[cut:]) if box]


def _count(pieces: list[FulfillmentOrderLineId]) -> dict[FulfillmentOrderLineId, int]:
    return {line: pieces.count(line) for line in pieces}


def _labels(order: SalesOrder, chance: random.Random) -> list[Label]:
    labels = []
    for parcel in order.parcels:
        carrier, prefix = chance.choice(CARRIERS)
        labels.append(Label(parcel.id, carrier, f"{prefix}{chance.randint(10**9, 10**10 - 1)}"))
    return labels
