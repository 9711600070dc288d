"""One comparison of both sides, what it makes of the differences, and the second look at those that were found."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from crossdock.edge.reconcile.accounts import accounts_of, orders_to_compare
from crossdock.edge.reconcile.compare import compare
from crossdock.model.called import called
from crossdock.model.difference import Difference
from crossdock.model.flow import Flow
from crossdock.model.ledger import News, Trust, moved
from crossdock.model.names import ConnectionId, InventoryItemId, OrderId
from crossdock.model.plan import Plan
from crossdock.pending.mark import mark
from crossdock.pending.sources import Sources
from crossdock.store import holds, level_news, links, locations, reconciliations, stock_ledger, watermarks
from crossdock.store.database import Tx
from crossdock.store.reads import unsettled
from crossdock.store.reconciliations import Compared

ORDERS_AT_ONCE = 50
ITEMS_AT_ONCE = 250
"""What one call of Shopify's answers for."""

AGAIN = "both sides differ about it"

SETTLE_STOCK = "Count the item in the warehouse, and see what else writes its stock on Shopify."

PlanStock: TypeAlias = Callable[[Sequence[InventoryItemId]], Awaitable[Sequence[Plan[Any]]]]
"""What the inventory flow would write for these items, by both sides as they are now."""

Sweep: TypeAlias = Callable[[], Awaitable[object]]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a comparison went through and found, as of `began_at`."""

    began_at: datetime
    compared: Compared
    differences: Sequence[Difference]


async def survey(sources: Sources, plan_stock: PlanStock, sweep: Sweep) -> Reconciled:
    """
    Compare all that is not at rest on either side, and name what differs.

    Both sides move on while they are read. So what seems to differ is compared a second time, after both were asked
    once more what changed: what is to be looked at then is on its way, and no difference.
    """
    connection = sources.connection
    async with sources.database.begin() as tx:
        began_at = await watermarks.now(tx)
    many, ids = await orders_to_compare(sources, began_at) if Flow.ORDERS in connection.flows else (0, ())
    async with sources.database.begin() as tx:
        items = await links.all_inventory_items(tx, connection.id) if Flow.INVENTORY in connection.flows else ()
    packages, differing = await _compare(sources, plan_stock, ids, items)
    if differing:
        await sweep()
        differing = await _again(sources, plan_stock, {one.object for one in differing})
        async with sources.database.begin() as tx:
            on_their_way = await unsettled.looks_to_come(tx, connection.id, {one.object for one in differing})
            known = await _known(tx, connection.id)
        differing = [one for one in differing if one.object not in on_their_way or one.object in known]
    return Reconciled(began_at, Compared(many, packages, len(items)), differing)


async def reconcile(sources: Sources, plan_stock: PlanStock, sweep: Sweep) -> Reconciled:
    """Compare both sides, keep what was found, and have every object about which they differ looked at again."""
    done = await survey(sources, plan_stock, sweep)
    id_ = sources.connection.id
    async with sources.database.begin() as tx:
        known = await _known(tx, id_)
        new = [one for one in done.differences if one.object not in known]
        await _judge(tx, id_, known, done.differences)
        await reconciliations.found(tx, id_, dict.fromkeys(new))
        for flow in Flow:
            await mark(tx, id_, flow, [one.key for one in done.differences if one.flow is flow], AGAIN)
        items = [InventoryItemId(one.key) for one in done.differences if one.flow is Flow.INVENTORY]
        # The look would go by what is believed; so much was heard that it has to read.
        levels = [(item, location) for item in items for location in sources.connection.warehouses]
        await level_news.append(tx, id_, News.HEARD, levels)
        await reconciliations.finished(tx, id_, done.began_at, done.compared, len(done.differences))
        await reconciliations.forget_old(tx)
    return done


async def look_back(sources: Sources, plan_stock: PlanStock) -> None:
    """Compare again what differed: settle what agrees now, and say why the rest outlived its look."""
    id_ = sources.connection.id
    async with sources.database.begin() as tx:
        known = await _known(tx, id_)
    if not known:
        return
    left = await _again(sources, plan_stock, set(known))
    async with sources.database.begin() as tx:
        await _judge(tx, id_, known, left)


Object: TypeAlias = tuple[Flow, str]


async def _known(tx: Tx, id_: ConnectionId) -> Mapping[Object, Difference]:
    return {one.difference.object: one.difference for one in await reconciliations.unsettled(tx, id_)}


async def _judge(tx: Tx, id_: ConnectionId, known: Mapping[Object, Difference], found: Sequence[Difference]) -> None:
    """
    Settle the known differences that were not found again, and write down why the others are still there.

    One whose object is held is not settled: it is explained.
    """
    held = {(one.flow, one.key): f"{one.hold.detail} {one.hold.remedy}" for one in await holds.held(tx, id_)}
    again = {one.object: one for one in found if one.object in known}
    explained = {object_: one for object_, one in known.items() if object_ in held} | again
    to_come = await unsettled.looks_to_come(tx, id_, set(explained))

    def cause(one: Difference) -> str | None:
        if one.object in to_come:
            return to_come[one.object]
        return held.get(one.object) or f"The hub looked again and found nothing to do. {one.remedy}"

    await reconciliations.settled(tx, id_, set(known) - set(explained))
    await reconciliations.found(tx, id_, {one: cause(one) for one in explained.values()})


async def _again(sources: Sources, plan_stock: PlanStock, objects: Collection[Object]) -> Sequence[Difference]:
    ids = sorted({OrderId(key) for flow, key in objects if flow is not Flow.INVENTORY})
    items = sorted(InventoryItemId(key) for flow, key in objects if flow is Flow.INVENTORY)
    _, differing = await _compare(sources, plan_stock, ids, items)
    return [one for one in differing if one.object in objects]


async def _compare(
    sources: Sources, plan_stock: PlanStock, ids: Sequence[OrderId], items: Sequence[InventoryItemId]
) -> tuple[int, Sequence[Difference]]:
    """Return how many packages the orders have, and what differs about the orders and the items."""
    packages = 0
    differing: list[Difference] = []
    for batch in _batches(ids, ORDERS_AT_ONCE):
        for account in await accounts_of(sources, batch):
            packages += sum(len(work.packages) for work in account.work.values())
            differing += [one for one in compare(account) if one.flow in sources.connection.flows]
    for some in _batches(items, ITEMS_AT_ONCE):
        differing += await _stock(sources, plan_stock, some)
    return packages, differing


async def _stock(sources: Sources, plan_stock: PlanStock, items: Sequence[InventoryItemId]) -> Sequence[Difference]:
    """What differs about items: what may be sold, what Shopify holds, and what the hub believes that it holds."""
    connection = sources.connection
    plans = await plan_stock(items)
    levels = await sources.storefront.levels(items)
    async with sources.database.begin() as tx:
        held = {one.key for one in await holds.held(tx, connection.id, Flow.INVENTORY, keys=items)}
        accounts = await stock_ledger.of_items(tx, connection.id, items)
        news = await level_news.of_items(tx, connection.id, items)
        names = await locations.names(tx, connection.id)
    said: dict[str, list[str]] = {plan.key: [step.sentence for step in plan.steps] for plan in plans}
    for level in levels:
        place = level.item, level.location
        if place not in accounts or not connection.warehouses.get(level.location):
            continue
        ledger = moved(accounts[place].ledger, news.get(place, ()))
        # What is in doubt already, the plan has read.
        sure = ledger.trust in {Trust.EXACT, Trust.FULFILLED} and ledger.push is None
        if sure and ledger.believed != level.available:
            at = called(level.location, names)
            said[level.item].append(f"{at}: Shopify has {level.available} for sale, {ledger.believed} expected.")
    return [
        Difference(Flow.INVENTORY, plan.key, plan.title, " ".join(said[plan.key]), SETTLE_STOCK)
        for plan in plans
        if said[plan.key] and plan.key not in held
    ]


def _batches(all_: Sequence[T], size: int) -> Sequence[Sequence[T]]:
    rest = iter(all_)
    return list(iter(lambda: list(islice(rest, size)), []))
