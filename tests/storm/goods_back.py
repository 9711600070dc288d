"""What people in a warehouse do with goods that come back: take them in, announced or not, and look at them."""

from collections import Counter

from tests.storm.script import Happening
from tests.storm.store import StormStore
from tests.storm.warehouse import standing

from crossdock.model.names import ItemCode, OrderId
from crossdock.model.returning import Disposition, ReturnOrder, ReturnRequestLine

BECOMES = (Disposition.RESTOCK, Disposition.RESTOCK, Disposition.SCRAP, Disposition.REPAIR)
UNANNOUNCED = 5
"""Of so many arrivals one was announced by nobody."""


async def records(store: StormStore) -> list[ReturnOrder]:
    """Return the warehouse's records of all that came back, or is to come back."""
    orders = [OrderId(order.gid) for order in store.shop.world.orders]
    found = await store.house.backend.return_orders(orders)
    return [one for order in orders for one in sorted(found.get(order, ()), key=lambda one: one.key)]


def to_come(store: StormStore, record: ReturnOrder) -> list[tuple[ReturnRequestLine, int]]:
    """Return the lines of an announced return of which something is still to come, and how many units."""
    lines = store.announced[record.key].lines if record.announced else ()
    came = Counter[str | None]()
    for arrival in record.arrivals:
        came[arrival.line] += int(arrival.units)
    return [(line, left) for line in lines if (left := line.units - came[line.reference]) > 0]


async def goods_back(store: StormStore, how: Happening) -> str | None:
    """Goods arrive, inspected or not."""
    if how.among(UNANNOUNCED, of=4) == 0:
        return await _unannounced(store, how)
    open_ = [(one, line, left) for one in await records(store) for line, left in to_come(store, one)]
    if not open_:
        return None
    record, line, left = open_[how.among(len(open_))]
    return await _take_in(store, record.key, line.item, 1 + how.among(left, of=2), how, record.reference)


async def _unannounced(store: StormStore, how: Happening) -> str | None:
    shipped = [
        (work, line)
        for work in sorted((await store.work()).values(), key=lambda one: one.key)
        for package in standing(work)
        for line in package.contents
    ]
    if not shipped:
        return None
    work, (row, units) = shipped[how.among(len(shipped))]
    item = next(line.item for line in store.asked[work.key].lines if line.reference == row)
    store.shop.touched.add(store.shop.order_of(work.key).id)
    return await _take_in(store, work.key, item, 1 + how.among(int(units), of=2), how, work.reference)


async def _take_in(
    store: StormStore, name: str, item: ItemCode, units: int, how: Happening, reference: str
) -> str | None:
    disposition = None if how.among(3, of=3) == 0 else BECOMES[how.among(len(BECOMES), of=5)]
    if not await store.house.goods_back(name, item, units, disposition):
        return None
    return f"{units} {item} of {reference}: {disposition or 'to be inspected'}"


async def inspect(store: StormStore, how: Happening) -> str | None:
    """Somebody decides what becomes of goods."""
    waiting = [
        (one, arrival) for one in await records(store) for arrival in one.arrivals if arrival.disposition is None
    ]
    if not waiting:
        return None
    record, arrival = waiting[how.among(len(waiting))]
    units, disposition = 1 + how.among(int(arrival.units), of=1), BECOMES[how.among(len(BECOMES), of=2)]
    await store.house.inspect(record, arrival.item, units, disposition)
    return f"{units} {arrival.item} of {record.reference}: {disposition}"
