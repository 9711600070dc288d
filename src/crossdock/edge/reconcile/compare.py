"""
Where the three accounts of an order differ. Pure.

It shares no rule with the flows: what a flow's decision overlooks, a comparison made of the same decision would too.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from crossdock.edge.reconcile.account import Account
from crossdock.kit.wording import counted
from crossdock.model.connection import OrderRules
from crossdock.model.difference import Difference
from crossdock.model.flow import Flow
from crossdock.model.generation import fulfillment_order_of
from crossdock.model.names import FulfillmentOrderLineId, LineItemId, RequestKey
from crossdock.model.order import FulfillmentOrder, Order
from crossdock.model.request import Package
from crossdock.model.service_request import is_to_ship

SETTLE_ORDER = "Compare the order on Shopify with the warehouse, and correct the side that is wrong."
SETTLE_SHIPPING = "Compare the order's fulfillments on Shopify with the warehouse's packages, and correct Shopify."


def compare(account: Account) -> Sequence[Difference]:
    """Return at most one difference per flow, in which all that differs is said."""
    found = []
    for flow, sentences, remedy in (
        (Flow.ORDERS, list(_order(account)), SETTLE_ORDER),
        (Flow.FULFILLMENTS, list(_shipping(account)), SETTLE_SHIPPING),
    ):
        if sentences:
            found.append(Difference(flow, account.id, account.title, " ".join(sentences), remedy))
    return found


def _order(account: Account) -> Iterator[str]:
    order = account.order
    if order is not None and account.seen_as_of is None:
        yield f"{order.name} is on Shopify, and the hub has never looked at it."
    elif order is not None and account.seen_as_of is not None and order.updated_at > account.seen_as_of:
        yield (
            f"{order.name} changed on Shopify at {order.updated_at:%Y-%m-%d %H:%M:%S} UTC; "
            f"the hub last saw it as of {account.seen_as_of:%Y-%m-%d %H:%M:%S}."
        )
    yield from _at_the_warehouse(account)
    if order is not None and not account.held and order.cancelled_at is None and _takes(account.rules, order):
        yield from _not_asked(account, order)
    if not account.held:
        yield from _no_longer_wanted(account)


def _at_the_warehouse(account: Account) -> Iterator[str]:
    """Everything that was asked is there, and everything that is there was asked."""
    for one in account.asked:
        if one.key in account.work:
            continue
        if one.reference is not None:
            yield f"The warehouse accepted {one.name} as {one.reference}, and does not know it any more."
        elif not account.held:
            yield f"{one.name} was sent to the warehouse, which does not have it."
    known = {one.key for one in account.asked}
    for key, work in account.work.items():
        if key not in known:
            yield f"The warehouse has {work.reference} for {account.title}, of which the hub has no record."


def _not_asked(account: Account, order: Order) -> Iterator[str]:
    """Everything that is to be shipped was asked for."""
    tried = {one.key for one in account.asked}
    spare = _to_spare(account, order)
    for fo in order.fulfillment_orders:
        left = sum(line.remaining for line in fo.lines)
        again = all(line.remaining <= spare[line.line_item] for line in fo.lines)
        if left and not again and is_to_ship(fo) and RequestKey(fo.id) not in {*account.work, *tried}:
            units = counted(left, "unit")
            yield f"{order.name} has {units} to ship from {fo.location_name}, and no warehouse was asked."


def _no_longer_wanted(account: Account) -> Iterator[str]:
    """The warehouse works on nothing that Shopify no longer waits for."""
    order = account.order
    wanted = {fo.id for fo in order.fulfillment_orders if _waits(fo)} if order is not None else set()
    for one in account.asked:
        work = account.work.get(one.key)
        if work is None or not work.state.may_still_ship or fulfillment_order_of(one.key) in wanted:
            continue
        if order is not None and _waits_for_the_same(order, one.units):
            continue
        if order is None:
            why = "Shopify does not show the order any more"
        elif order.cancelled_at is not None:
            why = "the order is cancelled on Shopify"
        else:
            why = "Shopify waits for nothing more of it"
        yield f"The warehouse still has {one.name} ({work.reference}, {work.state.value}), but {why}."


def _to_spare(account: Account, order: Order) -> Counter[LineItemId]:
    """
    Units that the warehouse has in hand beyond what their own fulfillment orders wait for.

    Of goods that came back, and of what was split or merged since it was asked, others wait for them.
    """
    lines = {line.id: line for fo in order.fulfillment_orders for line in fo.lines}
    spare: Counter[LineItemId] = Counter()
    for one in account.asked:
        work = account.work.get(one.key)
        if work is None or not work.state.may_still_ship:
            continue
        in_hand: Counter[FulfillmentOrderLineId] = Counter()
        in_hand.update(one.units)
        in_hand.subtract(dict(work.short))
        for package in work.packages:
            for reference, left in () if package.cancelled else package.contents:
                in_hand[reference] -= left
        for reference, number in in_hand.items():
            if reference in lines:
                spare[lines[reference].line_item] += max(0, number - lines[reference].remaining)
    return spare


def _waits_for_the_same(order: Order, asked: Iterable[FulfillmentOrderLineId]) -> bool:
    """Whether the same goods are wanted in another fulfillment order by now."""
    lines = [line for fo in order.fulfillment_orders for line in fo.lines]
    items = {line.line_item for line in lines if line.id in set(asked)}
    return order.cancelled_at is None and any(line.remaining > 0 and line.line_item in items for line in lines)


def _waits(fo: FulfillmentOrder) -> bool:
    return any(line.remaining > 0 for line in fo.lines)


def _takes(rules: OrderRules, order: Order) -> bool:
    """Whether the connection's rules send the order to the warehouse as it stands."""
    if order.test and not rules.test_orders:
        return False
    if rules.placed_from is not None and order.created_at < rules.placed_from:
        return False
    return order.financial_status in rules.financial and order.fulfillment_status in rules.fulfillment


def _shipping(account: Account) -> Iterator[str]:
    order = account.order
    if order is None or account.shipping_held:
        return
    standing = {one.id: one for one in order.fulfillments}
    for package in _packages(account):
        units = counted(sum(units for _, units in package.contents), "unit")
        fulfillment = account.told.get(package.id)
        if fulfillment is None:
            yield f"Package {package.id} of {order.name} left with {units}, and Shopify was not told."
        elif fulfillment not in standing:
            yield f"Shopify no longer has the fulfillment of package {package.id} of {order.name}."
        elif standing[fulfillment].status == "CANCELLED":
            yield f"On Shopify, {standing[fulfillment].name} was cancelled; its package {package.id} left all the same."
    extra = _without_a_package(account, order)
    if extra:
        units = counted(extra, "unit")
        yield f"Shopify has {units} of {order.name} as fulfilled that left the warehouse in no package."


def _packages(account: Account) -> list[Package]:
    return [package for work in account.work.values() for package in work.packages if not package.cancelled]


def _without_a_package(account: Account, order: Order) -> int:
    """
    How many units Shopify counts as fulfilled beyond the packages that left for what this warehouse was asked.

    What other places shipped, their own fulfillment orders say.
    """
    items = {line.id: line.line_item for fo in order.fulfillment_orders for line in fo.lines}
    left: Counter[LineItemId] = Counter()
    for package in _packages(account):
        for reference, units in package.contents:
            if reference in items:
                left[items[reference]] += units
    asked: set[LineItemId] = set()
    for fo in order.fulfillment_orders:
        for line in fo.lines:
            if RequestKey(fo.id) in account.work:
                asked.add(line.line_item)
            else:
                left[line.line_item] += line.total - line.remaining
    fulfilled: Counter[LineItemId] = Counter()
    for fulfillment in order.fulfillments:
        if fulfillment.status != "CANCELLED":
            fulfilled.update(fulfillment.units)
    return sum(units for line_item, units in (fulfilled - left).items() if line_item in asked)
