"""Whether both sides agree on what came back."""

from collections import Counter
from collections.abc import Container, Iterator, Sequence

from tests.storm.goods_back import to_come
from tests.storm.store import StormStore

from crossdock.model.connection import RefundAt
from crossdock.model.names import InventoryItemId, ItemCode, ReturnKey
from crossdock.model.returning import Disposition, ReturnOrder
from shopify_standin.model.returning import Return


def disagreements(store: StormStore, records: Sequence[ReturnOrder], held: Container[str]) -> Iterator[str]:
    """
    Yield what differs of each order's returns, but where a hold says why; of what the warehouse was never asked for,
    nothing.

    What the warehouse received, Shopify has processed, each unit once; what is to come, the warehouse expects; a return
    of which nothing is missing is closed, and without a rule no money has gone back.
    """
    for order in store.shop.world.orders:
        of_order = [one for one in records if one.order == order.gid]
        if order.gid in held:
            continue
        ours = {line.item for asked in store.asked.values() if asked.order == order.gid for line in asked.lines}
        returns = [one for number in order.return_ids if ours & _items(store, one := store.shop.world.returns[number])]
        who = f"{store.name} {order.name}"
        processed, came = _processed(store, returns), _came(store, of_order)
        if processed != came:
            yield f"{who}: {_listed(came)} came back, Shopify has processed {_listed(processed)}"
        for one in returns:
            yield from (f"{who}: return {one.name} {how}" for how in _of_return(store, one, of_order))


def _of_return(store: StormStore, one: Return, records: Sequence[ReturnOrder]) -> Iterator[str]:
    known = store.announced.get(ReturnKey(one.gid))
    if one.refund_ids and store.connection.rules.returns.refund is RefundAt.NONE:
        yield "was refunded, and no rule says so"
    if one.status == "REQUESTED" and store.connection.rules.returns.approve:
        yield "is not approved"
    if one.status != "OPEN":
        return
    if known is None:
        if all(record.announced for record in records):
            yield "was never announced"
        return
    wanted = {line.gid: line.quantity for line in one.lines}
    if {line.reference: int(line.units) for line in known.lines} != wanted:
        yield f"was announced as {known.lines}, Shopify has {wanted}"
    record = next(record for record in records if record.key == known.key)
    if not to_come(store, record) and record.done:
        yield "is still open, though all of it came back"


def _items(store: StormStore, one: Return) -> set[ItemCode]:
    world = store.shop.world
    bought = [world.fulfillment_lines[line.fulfillment_line_id].line_item_id for line in one.lines]
    return {_code(store, store.shop.item_of(line)) for line in bought}


def _processed(store: StormStore, returns: Sequence[Return]) -> Counter[ItemCode]:
    found: Counter[ItemCode] = Counter()
    for one in returns:
        for line in one.lines:
            bought = store.shop.world.fulfillment_lines[line.fulfillment_line_id].line_item_id
            found[_code(store, store.shop.item_of(bought))] += line.processed
    return +found


def _came(store: StormStore, records: Sequence[ReturnOrder]) -> Counter[ItemCode]:
    found: Counter[ItemCode] = Counter()
    for arrival in (arrival for record in records for arrival in record.arrivals):
        waits = arrival.disposition is None and store.connection.rules.returns.refund is not RefundAt.AT_RECEIPT
        if not waits and arrival.disposition is not Disposition.MISSING:
            found[arrival.item] += int(arrival.units)
    return found


def _code(store: StormStore, item: InventoryItemId) -> ItemCode:
    return next(link.item for link in store.links if link.inventory_item == item)


def _listed(units: Counter[ItemCode]) -> str:
    return ", ".join(f"{some} {item}" for item, some in sorted(units.items())) or "nothing"
