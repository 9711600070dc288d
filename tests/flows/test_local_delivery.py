"""Goods that are brought to the customer: the warehouse is told so, and Shopify hears how far they are."""

from dataclasses import replace

from tests.flows.flow_bench import HAMBURG, MUG, FlowBench
from tests.flows.test_packages_on_their_way import package_of, sentences, the_fulfillment
from tests.flows.test_shopify_hears_of_packages import at_shopify, key_of, line_of

from crossdock.model.flow import Flow
from crossdock.model.names import OrderId
from crossdock.model.request import DeliveryStatus
from crossdock.testing.floor import Parcel


async def to_be_brought(bench: FlowBench) -> OrderId:
    """An order for a local delivery that the warehouse has."""
    await bench.link()
    order = bench.store.order(bench.store.buy(HAMBURG, (MUG, 2)))
    (part,) = order.fulfillment_orders
    bench.store.put(replace(order, fulfillment_orders=(replace(part, method="LOCAL"),)))
    await bench.look(Flow.ORDERS, order.id)
    await bench.settle()
    return order.id


async def leave(bench: FlowBench, order: OrderId, carrier: str | None) -> None:
    await bench.backend.ship(key_of(bench, order), [Parcel({line_of(bench, order): 2}, carrier)])
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()


async def test_the_warehouse_is_told_how_the_customer_gets_the_goods(bench: FlowBench) -> None:
    order = await to_be_brought(bench)

    assert bench.backend._orders[key_of(bench, order)].request.method == "LOCAL"


async def test_a_delivery_without_carrier_or_number_is_told_and_followed_to_the_door(bench: FlowBench) -> None:
    order = await to_be_brought(bench)
    await leave(bench, order, None)

    for status in (DeliveryStatus.OUT_FOR_DELIVERY, DeliveryStatus.DELIVERED):
        await bench.backend.report(key_of(bench, order), package_of(bench, order), status)
        await bench.look(Flow.FULFILLMENTS, order)
        await bench.settle()

    assert at_shopify(bench, order) == [((), 2)]
    events = (await bench.store.delivery_events([the_fulfillment(bench, order).id])).values()
    assert [[event.status for event in some] for some in events] == [
        [DeliveryStatus.OUT_FOR_DELIVERY, DeliveryStatus.DELIVERED]
    ]
    assert "carried" not in await bench.story(order)


async def test_the_time_line_says_so_where_a_parcel_carrier_has_it_all_the_same(bench: FlowBench) -> None:
    order = await to_be_brought(bench)

    await leave(bench, order, "DHL")

    said = "Package FAKE-1-1 is a local delivery, and left with DHL. The customer was promised that it is brought."
    assert said in await sentences(bench, order)
