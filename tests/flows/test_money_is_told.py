"""A backend is told what an order costs, and people what of it does not sum up, each once."""

from collections.abc import Sequence
from dataclasses import replace

from tests.flows.flow_bench import ACME, HAMBURG, MUG, FlowBench

from crossdock.model.capability import Capability
from crossdock.model.flow import Flow
from crossdock.model.names import OrderId, RequestKey
from crossdock.model.order import Order
from crossdock.store import orders, timeline
from crossdock.testing.money_builders import a_charge, a_sold_line, a_tax, an_amount, an_order_money


def priced(bench: FlowBench, id_: OrderId, *, more: str = "0.00") -> Order:
    """Give the order taxes and shipping; Shopify's total is `more` than that."""
    order = bench.store.order(id_)
    lines = [a_sold_line(line, discount="1.00", taxes=[a_tax("3.61")]) for line in order.lines]
    money = an_order_money(lines, a_charge("4.90"))
    total = money.totals.total + an_amount(more)
    changed = replace(order, money=replace(money, totals=replace(money.totals, total=total)))
    bench.store.put(changed)
    return changed


async def sentences(bench: FlowBench, order: Order) -> list[str]:
    """What the time line says."""
    async with bench.database.begin() as tx:
        return [one.sentence for one in await timeline.read(tx, ACME, order.id)]


async def found(bench: FlowBench, order: Order) -> Sequence[str]:
    """What pages say of its money."""
    async with bench.database.begin() as tx:
        return (await orders.found_before(tx, ACME, [order.id]))[order.id]


async def test_a_request_carries_what_it_costs(bench: FlowBench) -> None:
    await bench.link()
    order = priced(bench, bench.store.buy(HAMBURG, (MUG, 2)))

    await bench.look(Flow.ORDERS, order.id)

    booked = await bench.backend.booked(RequestKey(order.fulfillment_orders[0].id))
    assert booked.total == order.money.totals.total == an_amount("27.51")
    assert await found(bench, order) == ()


async def test_what_does_not_sum_up_is_told_once_and_goes_along(bench: FlowBench) -> None:
    await bench.link()
    order = priced(bench, bench.store.buy(HAMBURG, (MUG, 2)), more="0.02")

    for _ in range(3):
        await bench.look(Flow.ORDERS, order.id)

    booked = await bench.backend.booked(RequestKey(order.fulfillment_orders[0].id))
    [sentence] = [one for one in await sentences(bench, order) if "All that Shopify lists" in one]
    assert sentence.endswith("0.02 EUR more.")
    assert await found(bench, order) == (sentence,)
    assert booked.total == order.money.totals.total


async def test_a_price_that_changed_and_that_the_backend_does_not_amend_is_told_of_once(bench: FlowBench) -> None:
    bench.can = frozenset({Capability.MONEY})
    await bench.link()
    order = priced(bench, bench.store.buy(HAMBURG, (MUG, 2)))
    await bench.look(Flow.ORDERS, order.id)
    cheaper = [a_sold_line(line, discount="3.00", taxes=[a_tax("3.23")]) for line in order.lines]
    bench.store.put(replace(order, money=an_order_money(cheaper, a_charge("4.90"))))

    for _ in range(2):
        await bench.look(Flow.ORDERS, order.id)

    assert [one for one in await sentences(bench, order) if "was told as" in one] == [
        f"{order.name}: 2 of “{order.lines[0].title}” was told as 22.61 EUR, and is 20.23 EUR now."
    ]
