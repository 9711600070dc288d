"""A backend is told what an order costs, and people what of it does not sum up, each once."""

from dataclasses import replace

from tests.flows.flow_bench import ACME, HAMBURG, MUG, FlowBench

from crossdock.model.flow import Flow
from crossdock.model.names import OrderId, RequestKey
from crossdock.model.order import Order
from crossdock.store.reads.order import Story, story
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


async def told_of(bench: FlowBench, order: Order) -> Story:
    async with bench.database.begin() as tx:
        found = await story(tx, ACME, order.name)
    assert found is not None
    return found


async def test_a_request_carries_what_it_costs_and_pages_show_it(bench: FlowBench) -> None:
    await bench.link()
    order = priced(bench, bench.store.buy(HAMBURG, (MUG, 2)))

    await bench.look(Flow.ORDERS, order.id)

    booked = await bench.backend.booked(RequestKey(order.fulfillment_orders[0].id))
    shown = await told_of(bench, order)
    assert booked.total == order.money.totals.total == an_amount("27.51")
    assert [one.total for one in shown.requests] == ["27.51 EUR"]
    assert shown.order.money is not None
    assert ("Total", "27.51 EUR") in shown.order.money.rows
    assert shown.order.money.findings == ()


async def test_what_does_not_sum_up_is_told_once_and_goes_along(bench: FlowBench) -> None:
    await bench.link()
    order = priced(bench, bench.store.buy(HAMBURG, (MUG, 2)), more="0.02")

    for _ in range(3):
        await bench.look(Flow.ORDERS, order.id)

    shown = await told_of(bench, order)
    booked = await bench.backend.booked(RequestKey(order.fulfillment_orders[0].id))
    [event] = [one.sentence for one in shown.told if "All that Shopify lists" in one.sentence]
    assert event.endswith("0.02 EUR more.")
    assert shown.order.money is not None
    assert shown.order.money.findings == (event,)
    assert booked.total == order.money.totals.total


async def test_a_price_that_changed_after_it_was_told_is_told_of_and_does_not_ask_for_more(bench: FlowBench) -> None:
    await bench.link()
    order = priced(bench, bench.store.buy(HAMBURG, (MUG, 2)))
    await bench.look(Flow.ORDERS, order.id)
    cheaper = [a_sold_line(line, discount="3.00", taxes=[a_tax("3.23")]) for line in order.lines]
    bench.store.put(replace(order, money=an_order_money(cheaper, a_charge("4.90"))))

    for _ in range(2):
        await bench.look(Flow.ORDERS, order.id)

    told = (await told_of(bench, order)).told
    assert [one.sentence for one in told if "was told as" in one.sentence] == [
        f"{order.name}: 2 of “{order.lines[0].title}” was told as 22.61 EUR, and is 20.23 EUR now."
    ]
