"""Where the rules would have an order ship from elsewhere, Shopify is told first, and then the warehouse there."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.flows.flow_bench import ACME, HAMBURG, ITEM, MUG, FlowBench

from crossdock.kit.errors import Refused
from crossdock.model.catalog import Variant
from crossdock.model.cause import Cause
from crossdock.model.connection import InventoryRules, Rules
from crossdock.model.flow import Flow
from crossdock.model.names import LocationId, OrderId, RequestKey, WarehouseCode
from crossdock.model.request import FulfillmentRequest, WorkOrder, WorkState
from crossdock.model.routing_rules import By, Mode, Otherwise, RoutingRules, RoutingStep
from crossdock.ports.backend import Warehouse
from crossdock.store import requests, routes, timeline
from crossdock.testing.builders import MAIN, a_location, a_variant, an_item
from crossdock.testing.fakes import FakeBackend
from crossdock.testing.floor import Parcel
from crossdock.testing.fulfillment_orders import move

BREMEN = a_location(2).id
NORTH = WarehouseCode("NORTH")
LAMP = a_variant(2, sku="LAMP")
STOCK, DIVIDE = RoutingStep(By.STOCK), RoutingStep(By.STOCK, split=True)
BREMEN_FIRST = RoutingStep(By.PREFER, locations=(BREMEN, HAMBURG))


async def two_warehouses(bench: FlowBench, rules: RoutingRules, *, north: int = 10) -> None:
    """Ten mugs in Hamburg, so many in Bremen, and an order goes where the rules say."""
    bench.store.add_location(a_location(2, name="Bremen"))
    bench.store.add_variant(MUG, {BREMEN: north})
    bench.map(BREMEN, NORTH)
    await bench.backend.add_warehouse(Warehouse(NORTH, "North"))
    await bench.backend.receive(ITEM, NORTH, north)
    follow(bench, rules)
    await bench.link()


def follow(bench: FlowBench, rules: RoutingRules) -> None:
    inventory = InventoryRules(window=timedelta())
    bench.connection = replace(bench.connection, rules=Rules(inventory=inventory, routing=rules))


def on(*steps: RoutingStep, reroute: bool = False, if_refused: Otherwise = Otherwise.HOLD) -> RoutingRules:
    return RoutingRules(mode=Mode.ON, steps=steps, reroute=reroute, if_refused=if_refused)


async def look(bench: FlowBench, order: OrderId) -> None:
    await bench.mark(Flow.ORDERS, order)
    await bench.settle()


async def asked(bench: FlowBench, order: OrderId) -> list[tuple[WarehouseCode, int, WorkState | None]]:
    """What each warehouse was asked for, as the hub knows it."""
    async with bench.database.begin() as tx:
        found = (await requests.of_orders(tx, ACME, [order])).get(order, ())
    return sorted((one.warehouse, sum(one.units.values()), one.state) for one in found)


def at_shopify(bench: FlowBench, order: OrderId) -> list[tuple[LocationId, int]]:
    parts = bench.store.order(order).fulfillment_orders
    found = [(fo.location, sum(line.remaining for line in fo.lines)) for fo in parts if fo.location is not None]
    return sorted(one for one in found if one[1])


async def said(bench: FlowBench, order: OrderId, kind: str) -> list[str]:
    async with bench.database.begin() as tx:
        return [one.sentence for one in await timeline.read(tx, ACME, order) if one.kind == kind]


async def lamps(bench: FlowBench, **stock: int) -> Variant:
    """Lamps on both sides, so many at each location."""
    await bench.backend.add_item(an_item("LAMP"))
    places = {"hamburg": (HAMBURG, MAIN), "bremen": (BREMEN, NORTH)}
    bench.store.add_variant(LAMP, {place: stock.get(name, 0) for name, (place, _) in places.items()})
    for name, units in stock.items():
        await bench.backend.receive(an_item("LAMP").code, places[name][1], units)
    await bench.link(LAMP, "LAMP")
    return LAMP


# --- moved before anybody is asked ---------------------------------------------------------------------------------


async def test_an_order_ships_from_where_the_rules_say_once_shopify_has_it_there(bench: FlowBench) -> None:
    await two_warehouses(bench, on(STOCK, BREMEN_FIRST))

    await look(bench, order := bench.store.buy(HAMBURG, (MUG, 3)))

    assert at_shopify(bench, order) == [(BREMEN, 3)]
    assert await asked(bench, order) == [(NORTH, 3, WorkState.NOT_RELEASED)]
    assert bench.store.calls["move_fulfillment_order"] == 1
    assert await said(bench, order, "routed") == [
        "To ship from Bremen: Has everything: Hamburg, Bremen. Preferred: Bremen, Hamburg."
    ]
    assert await bench.held(Flow.ORDERS) == {}


async def test_what_ships_from_elsewhere_is_for_sale_where_it_was_bought(bench: FlowBench) -> None:
    await two_warehouses(bench, on(BREMEN_FIRST))

    await look(bench, bench.store.buy(HAMBURG, (MUG, 3)))

    assert (bench.store.available(MUG, HAMBURG), bench.store.available(MUG, BREMEN)) == (10, 7)
    assert (bench.store.committed(MUG, HAMBURG), bench.store.committed(MUG, BREMEN)) == (0, 3)


async def test_what_is_where_it_belongs_is_asked_for_at_once(bench: FlowBench) -> None:
    await two_warehouses(bench, on(STOCK))
    order = bench.store.buy(HAMBURG, (MUG, 3))

    await bench.look(Flow.ORDERS, order)

    assert await asked(bench, order) == [(MAIN, 3, WorkState.NOT_RELEASED)]
    assert bench.store.calls["move_fulfillment_order"] == 0


async def test_without_rules_shopify_decides(bench: FlowBench) -> None:
    await two_warehouses(bench, RoutingRules(steps=(BREMEN_FIRST,)))

    await look(bench, order := bench.store.buy(HAMBURG, (MUG, 3)))

    assert await asked(bench, order) == [(MAIN, 3, WorkState.NOT_RELEASED)]
    async with bench.database.begin() as tx:
        assert await routes.last(tx, ACME, 10) == []


async def test_who_only_watches_reads_what_would_have_been_decided(bench: FlowBench) -> None:
    await two_warehouses(bench, replace(on(BREMEN_FIRST), mode=Mode.WATCH))

    await look(bench, order := bench.store.buy(HAMBURG, (MUG, 3)))

    assert at_shopify(bench, order) == [(HAMBURG, 3)]
    assert await asked(bench, order) == [(MAIN, 3, WorkState.NOT_RELEASED)]
    assert await said(bench, order, "routed") == ["Would ship from Bremen: Preferred: Bremen, Hamburg."]


async def test_what_nobody_has_whole_is_divided_where_the_rules_allow_it(bench: FlowBench) -> None:
    await two_warehouses(bench, on(DIVIDE))
    await lamps(bench, bremen=5)

    await look(bench, order := bench.store.buy(HAMBURG, (MUG, 9), (LAMP, 2)))
    far = bench.store.buy(HAMBURG, (MUG, 9), (LAMP, 1))
    await look(bench, far)

    assert at_shopify(bench, order) == [(BREMEN, 11)]
    assert at_shopify(bench, far) == [(HAMBURG, 9), (BREMEN, 1)]
    assert await asked(bench, far) == [(MAIN, 9, WorkState.NOT_RELEASED), (NORTH, 1, WorkState.NOT_RELEASED)]


async def test_two_orders_of_one_look_do_not_count_on_the_same_units(bench: FlowBench) -> None:
    await two_warehouses(bench, on(STOCK, BREMEN_FIRST), north=4)
    one, two = (bench.store.buy(HAMBURG, (MUG, 3)) for _ in range(2))

    await bench.mark(Flow.ORDERS, one, two)
    await bench.settle()

    assert sorted([*at_shopify(bench, one), *at_shopify(bench, two)]) == [(HAMBURG, 3), (BREMEN, 3)]


async def test_goods_to_be_picked_up_stay_where_the_customer_comes_for_them(bench: FlowBench) -> None:
    await two_warehouses(bench, on(BREMEN_FIRST))
    order = bench.store.order(bench.store.buy(HAMBURG, (MUG, 1)))
    (part,) = order.fulfillment_orders
    bench.store.put(replace(order, fulfillment_orders=(replace(part, method="PICK_UP"),)))

    await look(bench, order.id)

    assert await asked(bench, order.id) == [(MAIN, 1, WorkState.NOT_RELEASED)]


# --- answers that get lost, and refusals ---------------------------------------------------------------------------


@pytest.mark.parametrize("lose", ["lose_next_question", "lose_next_answer"])
@pytest.mark.parametrize("divided", [True, False])
async def test_a_move_that_got_lost_either_way_happens_once(bench: FlowBench, lose: str, *, divided: bool) -> None:
    await two_warehouses(bench, on(DIVIDE, BREMEN_FIRST), north=8 if divided else 12)
    getattr(bench.store, lose)("move_fulfillment_order")

    await look(bench, order := bench.store.buy(HAMBURG, (MUG, 12)))

    assert at_shopify(bench, order) == ([(HAMBURG, 10), (BREMEN, 2)] if divided else [(BREMEN, 12)])
    assert sum(units for _, units, _ in await asked(bench, order)) == 12
    assert await bench.held(Flow.ORDERS) == {}


async def test_units_whose_move_may_still_arrive_are_not_moved_again_for_a_minute(bench: FlowBench) -> None:
    await two_warehouses(bench, on(DIVIDE), north=8)
    bench.store.lose_next_question("move_fulfillment_order")
    order = bench.store.buy(HAMBURG, (MUG, 12))

    await bench.look(Flow.ORDERS, order)
    await bench.look(Flow.ORDERS, order)
    tried, nobody = bench.store.calls["move_fulfillment_order"], await asked(bench, order)
    await bench.settle()

    assert (tried, nobody) == (1, [])
    assert bench.store.calls["move_fulfillment_order"] == 2
    assert await asked(bench, order) == [(MAIN, 10, WorkState.NOT_RELEASED), (NORTH, 2, WorkState.NOT_RELEASED)]


async def test_where_shopify_refuses_the_move_a_person_is_asked(bench: FlowBench) -> None:
    await two_warehouses(bench, on(BREMEN_FIRST))
    bench.store.refuse_next("move_fulfillment_order", Refused("No items are stocked at this location."))

    await look(bench, order := bench.store.buy(HAMBURG, (MUG, 1)))
    held = await bench.held(Flow.ORDERS)
    nobody = await asked(bench, order)
    await look(bench, order)

    assert held[order].cause is Cause.MOVE_REFUSED
    assert held[order].detail == "No items are stocked at this location."
    assert nobody == []
    assert await asked(bench, order) == [(NORTH, 1, WorkState.NOT_RELEASED)]
    assert await bench.held(Flow.ORDERS) == {}


async def test_where_shopify_refuses_the_move_it_may_be_followed(bench: FlowBench) -> None:
    await two_warehouses(bench, on(BREMEN_FIRST, if_refused=Otherwise.FOLLOW))
    bench.store.refuse_next("move_fulfillment_order", Refused("No items are stocked at this location."))

    await look(bench, order := bench.store.buy(HAMBURG, (MUG, 1)))

    assert await asked(bench, order) == [(MAIN, 1, WorkState.NOT_RELEASED)]
    assert bench.store.calls["move_fulfillment_order"] == 1
    assert await said(bench, order, "rejected") == [
        "It ships from where Shopify has it. No items are stocked at this location."
    ]


async def test_what_a_person_moves_afterwards_stays_there(bench: FlowBench) -> None:
    await two_warehouses(bench, on(BREMEN_FIRST))
    await look(bench, order := bench.store.buy(HAMBURG, (MUG, 1)))
    known = bench.store.order(order)

    bench.store.put(move(known, known.fulfillment_orders[0].id, HAMBURG))
    await look(bench, order)

    assert at_shopify(bench, order) == [(HAMBURG, 1)]
    assert await asked(bench, order) == [(MAIN, 1, WorkState.NOT_RELEASED), (NORTH, 1, WorkState.CANCELLED)]


async def test_an_order_that_nobody_may_ship_waits_for_a_person(bench: FlowBench) -> None:
    rules = replace(on(RoutingStep(By.STOCK, must=True)), otherwise=Otherwise.HOLD)
    await two_warehouses(bench, rules)

    await look(bench, order := bench.store.buy(HAMBURG, (MUG, 11)))
    held = await bench.held(Flow.ORDERS)
    await bench.backend.receive(ITEM, NORTH, 1)
    await look(bench, order)

    assert held[order].cause is Cause.UNROUTED
    assert "Hamburg lacks 1 MUG, Bremen lacks 1 MUG" in held[order].detail
    assert await asked(bench, order) == [(NORTH, 11, WorkState.NOT_RELEASED)]


# --- the next one where a warehouse will not ----------------------------------------------------------------------


class Choosy(FakeBackend):
    """Refuses whatever one warehouse is asked for."""

    def __init__(self, backend: FakeBackend, *refusing: WarehouseCode) -> None:
        super().__init__()
        self._backend, self._refusing = backend, refusing
        for name in ("work_orders", "stock", "warehouses", "amend", "stop", "return_orders", "changes"):
            setattr(self, name, getattr(backend, name))

    async def submit(self, request: FulfillmentRequest) -> WorkOrder:
        if request.warehouse in self._refusing:
            raise Refused(f"{request.warehouse} does not ship glass.")
        return await self._backend.submit(request)


async def test_what_one_warehouse_refuses_the_next_is_asked_for(bench: FlowBench) -> None:
    await two_warehouses(bench, on(STOCK, reroute=True))
    bench.asked = Choosy(bench.backend, MAIN)

    await look(bench, order := bench.store.buy(HAMBURG, (MUG, 2)))

    assert at_shopify(bench, order) == [(BREMEN, 2)]
    assert await asked(bench, order) == [(NORTH, 2, WorkState.NOT_RELEASED)]
    assert await bench.held(Flow.ORDERS) == {}
    assert "held" not in await bench.story(order)
    assert await said(bench, order, "rejected") == ["The next location is asked. MAIN does not ship glass."]
    assert (await said(bench, order, "routed"))[1] == (
        "To ship from Bremen: Out of the question: Hamburg (it would not ship it). Has everything: Bremen."
    )


async def test_where_every_warehouse_refuses_a_person_is_asked_and_nobody_twice(bench: FlowBench) -> None:
    await two_warehouses(bench, on(reroute=True))
    bench.asked = Choosy(bench.backend, MAIN, NORTH)

    await look(bench, order := bench.store.buy(HAMBURG, (MUG, 2)))

    held = (await bench.held(Flow.ORDERS))[order]
    assert (held.cause, held.detail) == (Cause.BACKEND_REFUSED, "NORTH does not ship glass.")
    assert bench.store.calls["move_fulfillment_order"] == 1


async def test_without_the_rule_a_refusal_is_a_persons(bench: FlowBench) -> None:
    await two_warehouses(bench, on(STOCK))
    bench.asked = Choosy(bench.backend, MAIN)

    await look(bench, order := bench.store.buy(HAMBURG, (MUG, 2)))

    assert (await bench.held(Flow.ORDERS))[order].cause is Cause.BACKEND_REFUSED


async def test_what_a_warehouse_cancels_the_next_is_asked_for(bench: FlowBench) -> None:
    await two_warehouses(bench, on(STOCK, reroute=True))
    await look(bench, order := bench.store.buy(HAMBURG, (MUG, 2)))
    key = RequestKey(bench.store.order(order).fulfillment_orders[0].id)

    await bench.backend.advance(key, WorkState.CANCELLED)
    await bench.look(Flow.FULFILLMENTS, order)
    await look(bench, order)

    assert await asked(bench, order) == [(MAIN, 2, WorkState.CANCELLED), (NORTH, 2, WorkState.NOT_RELEASED)]
    assert await bench.held(Flow.ORDERS) == {}


async def test_what_a_warehouse_ships_short_the_next_ships(bench: FlowBench) -> None:
    await two_warehouses(bench, on(STOCK, reroute=True))
    await look(bench, order := bench.store.buy(HAMBURG, (MUG, 3)))
    (part,) = bench.store.order(order).fulfillment_orders
    key = RequestKey(part.id)

    await bench.backend.ship(key, [Parcel({part.lines[0].id: 1}, "DHL", "T-1")])
    await bench.backend.close_short(key)
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()

    assert at_shopify(bench, order) == [(BREMEN, 2)]
    assert await asked(bench, order) == [(MAIN, 3, WorkState.SHIPPED), (NORTH, 2, WorkState.NOT_RELEASED)]
    assert await bench.held(Flow.ORDERS) == {}
