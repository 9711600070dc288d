"""Which requests an order becomes, and why the rest waits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from crossdock.flows.orders.decide import Confirm, LinkFirst, OrderStep, Send, decide
from crossdock.flows.orders.sight import Left, Linked, Sent, Sight, Work
from crossdock.model.cause import Cause, Hold
from crossdock.model.connection import Connection, Field, OrderRules, Rules
from crossdock.model.flow import Flow
from crossdock.model.names import (
    ConnectionId,
    FulfillmentOrderLineId,
    InventoryItemId,
    ItemCode,
    LocationId,
    OrderId,
    RequestKey,
    ShopDomain,
    Units,
    VariantId,
    WarehouseCode,
)
from crossdock.model.order import Order
from crossdock.model.plan import Plan, Wait
from crossdock.model.request import WorkState
from crossdock.testing.builders import (
    NOON,
    a_fulfillment,
    a_fulfillment_order,
    a_fulfillment_order_line,
    a_line,
    an_order,
)
from crossdock.testing.money_builders import euros

KEY = "gid://shopify/FulfillmentOrder/1001"
HAMBURG, LEIPZIG = LocationId("gid://shopify/Location/1"), LocationId("gid://shopify/Location/2")
NORTH, EAST = WarehouseCode("NORTH"), WarehouseCode("EAST")
MUG, LAMP = VariantId("gid://shopify/ProductVariant/1"), VariantId("gid://shopify/ProductVariant/2")
BOTH_LINKED = {
    MUG: Linked(ItemCode("MUG"), InventoryItemId("gid://shopify/InventoryItem/1")),
    LAMP: Linked(ItemCode("LAMP"), InventoryItemId("gid://shopify/InventoryItem/2")),
}


def a_sight(
    order: Order | None,
    *,
    rules: OrderRules | None = None,
    sent: Sequence[Sent] = (),
    links: Mapping[VariantId, Linked] | None = None,
    catalog_held: Sequence[VariantId] = (),
    warehouses: Mapping[LocationId, tuple[WarehouseCode, ...]] | None = None,
) -> Sight:
    connection = Connection(
        ConnectionId("acme"),
        ShopDomain("acme.myshopify.com"),
        "fake",
        frozenset(Flow),
        Rules(orders=rules or OrderRules()),
        {HAMBURG: (NORTH,), LEIPZIG: (EAST,)} if warehouses is None else warehouses,
    )
    return Sight(
        id=OrderId("gid://shopify/Order/1001") if order is None else order.id,
        read_at=NOON,
        order=order,
        sent=sent,
        hold=None,
        links=BOTH_LINKED if links is None else links,
        catalog_held=frozenset(catalog_held),
        wanted=(),
        connection=connection,
    )


def a_sent(number: int, name: str, state: WorkState | None = None, *, recorded: bool = True) -> Sent:
    work = None if state is None else Work(f"SO-{number}", state)
    return Sent(RequestKey(f"gid://shopify/FulfillmentOrder/{number}"), name, HAMBURG, work, recorded)


def in_two_parts() -> Order:
    """Two mugs from Hamburg, one lamp from Leipzig."""
    mugs, lamp = a_line(1, quantity=2, variant=1), a_line(2, sku="LAMP", variant=2, unit_price=40)
    parts = [
        a_fulfillment_order(a_fulfillment_order_line(mugs), number=1, location=1),
        a_fulfillment_order(a_fulfillment_order_line(lamp), number=2, location=2),
    ]
    return an_order(lines=[mugs, lamp], fulfillment_orders=parts)


def sends(plan: Plan[OrderStep]) -> list[Send]:
    return [step for step in plan.steps if isinstance(step, Send)]


def held(plan: Plan[OrderStep]) -> Hold:
    assert isinstance(plan.rest, Hold)
    return plan.rest


# --- what is sent -------------------------------------------------------------------------------------------------


def test_a_paid_order_becomes_one_request_for_its_fulfillment_order() -> None:
    order = an_order(lines=[a_line(1, quantity=3, unit_price="12.50")], outstanding=5)

    plan = decide(a_sight(order), NOON)

    (send,) = sends(plan)
    (line,) = send.request.lines
    assert plan.rest is None
    assert (send.request.key, send.request.name, send.request.order) == (
        "gid://shopify/FulfillmentOrder/1001",
        "#1001",
        order.id,
    )
    assert (send.request.warehouse, send.location) == (NORTH, HAMBURG)
    assert (line.reference, line.item, line.units) == (order.fulfillment_orders[0].lines[0].id, "MUG", 3)
    assert line.unit_price == order.lines[0].unit_price
    assert send.inventory_items == ("gid://shopify/InventoryItem/1",)
    assert (send.request.to_collect, send.request.ship_to) == (euros(5), order.shipping_address)


def test_each_fulfillment_order_is_asked_of_the_warehouse_that_serves_its_location() -> None:
    plan = decide(a_sight(in_two_parts()), NOON)

    assert [(send.request.name, send.request.warehouse) for send in sends(plan)] == [
        ("#1001", NORTH),
        ("#1001-2", EAST),
    ]


def test_names_do_not_depend_on_the_order_in_which_shopify_lists_the_parts() -> None:
    order = in_two_parts()
    turned = replace(order, fulfillment_orders=order.fulfillment_orders[::-1])

    assert sends(decide(a_sight(order), NOON)) == sends(decide(a_sight(turned), NOON))


def test_fulfillment_order_10_comes_after_9() -> None:
    lines = [a_line(1), a_line(2)]
    parts = [
        a_fulfillment_order(a_fulfillment_order_line(line), number=number)
        for line, number in zip(lines, (10, 9), strict=True)
    ]

    plan = decide(a_sight(an_order(lines=lines, fulfillment_orders=parts), links={**BOTH_LINKED}), NOON)

    assert [(send.request.key.rsplit("/", 1)[-1], send.request.name) for send in sends(plan)] == [
        ("9", "#1001"),
        ("10", "#1001-2"),
    ]


def test_only_what_remains_to_be_fulfilled_is_asked_for() -> None:
    mugs, lamp = a_line(1, quantity=3), a_line(2, sku="LAMP", variant=2)
    part = a_fulfillment_order(a_fulfillment_order_line(mugs, remaining=1), a_fulfillment_order_line(lamp, remaining=0))
    order = an_order(lines=[mugs, lamp], fulfillment_orders=[part], fulfillment_status="PARTIALLY_FULFILLED")

    (send,) = sends(decide(a_sight(order), NOON))

    assert [(line.item, line.units) for line in send.request.lines] == [("MUG", 1)]


def test_what_the_backend_has_is_not_sent_again_and_its_sister_gets_the_next_name() -> None:
    plan = decide(a_sight(in_two_parts(), sent=[a_sent(1, "#1001", WorkState.PICKING)]), NOON)

    assert [(send.request.warehouse, send.request.name) for send in sends(plan)] == [(EAST, "#1001-2")]


def test_a_request_that_never_arrived_is_sent_again_under_its_name() -> None:
    plan = decide(a_sight(in_two_parts(), sent=[a_sent(2, "#1001", recorded=False)]), NOON)

    assert [(send.request.warehouse, send.request.name) for send in sends(plan)] == [
        (NORTH, "#1001-2"),
        (EAST, "#1001"),
    ]


def test_a_request_whose_answer_was_lost_is_confirmed_and_not_sent() -> None:
    sent = a_sent(1001, "#1001", WorkState.RELEASED, recorded=False)

    plan = decide(a_sight(an_order(), sent=[sent]), NOON)

    (confirm,) = plan.steps
    assert isinstance(confirm, Confirm)
    assert (confirm.key, confirm.name, confirm.work) == (KEY, "#1001", sent.work)
    assert plan.rest is None


def test_a_lost_answer_is_confirmed_though_the_order_was_cancelled_meanwhile() -> None:
    sent = a_sent(1001, "#1001", WorkState.RELEASED, recorded=False)

    plan = decide(a_sight(an_order(cancelled_at=NOON), sent=[sent]), NOON)

    assert [type(step) for step in plan.steps] == [Confirm]
    assert held(plan).cause is Cause.CANCELLED_LATE


# --- what is left alone -------------------------------------------------------------------------------------------


def test_an_order_that_shopify_does_not_show_is_left_alone() -> None:
    plan = decide(a_sight(None), NOON)

    assert (plan.steps, plan.rest) == ((), None)
    assert "does not show it" in plan.notes[0]


@pytest.mark.parametrize("status", [None, "PENDING", "AUTHORIZED", "REFUNDED", "VOIDED", "A_STATUS_OF_NEXT_YEAR"])
def test_an_order_in_another_financial_state_is_left_alone(status: str | None) -> None:
    plan = decide(a_sight(an_order(financial_status=status)), NOON)

    assert (plan.steps, plan.rest) == ((), None)
    assert plan.notes == (f"Payment is {status or 'unknown'}; this connection takes PAID, PARTIALLY_REFUNDED.",)


@pytest.mark.parametrize("status", ["FULFILLED", "RESTOCKED", "FULFILLMENT_NOT_REQUIRED", "A_STATUS_OF_NEXT_YEAR"])
def test_an_order_in_another_fulfillment_state_is_left_alone(status: str) -> None:
    plan = decide(a_sight(an_order(fulfillment_status=status)), NOON)

    assert (plan.steps, plan.rest) == ((), None)
    assert status in plan.notes[0]


def test_a_test_order_is_left_alone_where_the_rules_say_so() -> None:
    plan = decide(a_sight(an_order(test=True), rules=OrderRules(test_orders=False)), NOON)

    assert (plan.steps, plan.rest) == ((), None)


def test_an_order_placed_before_the_connection_takes_orders_is_left_alone() -> None:
    rules = OrderRules(placed_from=NOON + timedelta(seconds=1))

    plan = decide(a_sight(an_order(), rules=rules), NOON)

    assert (plan.steps, plan.rest) == ((), None)


def test_an_order_placed_in_the_first_moment_is_taken() -> None:
    plan = decide(a_sight(an_order(), rules=OrderRules(placed_from=NOON)), NOON)

    assert len(sends(plan)) == 1


def test_a_part_that_shopify_does_not_let_anyone_fulfill_is_left_alone_and_its_sister_goes() -> None:
    order = in_two_parts()
    first, second = order.fulfillment_orders
    on_hold = replace(first, status="ON_HOLD", supported_actions=frozenset({"RELEASE_HOLD"}))

    plan = decide(a_sight(replace(order, fulfillment_orders=(on_hold, second))), NOON)

    assert [send.request.warehouse for send in sends(plan)] == [EAST]
    assert plan.notes == ("Location 1: Shopify has it on hold.",)
    assert plan.rest is None


def test_a_part_in_an_unknown_status_goes_by_what_shopify_allows() -> None:
    part = a_fulfillment_order(number=1, status="A_STATUS_OF_NEXT_YEAR", actions=["CREATE_FULFILLMENT"])

    assert len(sends(decide(a_sight(an_order(fulfillment_orders=[part])), NOON))) == 1


def test_an_order_without_anything_to_ship_is_left_alone() -> None:
    card = a_line(1, requires_shipping=False)

    plan = decide(a_sight(an_order(lines=[card], fulfillment_orders=[])), NOON)

    assert (plan.steps, plan.rest) == ((), None)


@pytest.mark.parametrize(
    ("age", "after"),
    [
        (timedelta(0), timedelta(seconds=2)),
        (timedelta(minutes=1), timedelta(seconds=30)),
        (timedelta(hours=20), timedelta(minutes=10)),
    ],
)
def test_an_order_that_is_not_routed_yet_is_looked_at_again_ever_more_patiently(
    age: timedelta, after: timedelta
) -> None:
    plan = decide(a_sight(an_order(fulfillment_orders=[])), NOON + age)

    assert isinstance(plan.rest, Wait)
    assert plan.rest.after == after


def test_an_order_that_was_not_routed_in_a_day_waits_for_news() -> None:
    plan = decide(a_sight(an_order(fulfillment_orders=[])), NOON + timedelta(days=1, seconds=1))

    assert plan.rest is None


# --- what is held -------------------------------------------------------------------------------------------------


def test_a_location_without_a_warehouse_holds_the_order_until_it_is_mapped_and_the_sister_goes() -> None:
    plan = decide(a_sight(in_two_parts(), warehouses={LEIPZIG: (EAST,)}), NOON)

    assert [send.request.warehouse for send in sends(plan)] == [EAST]
    assert held(plan).cause is Cause.LOCATION_UNMAPPED
    assert held(plan).detail == "#1001 is to ship from Location 1, which no warehouse serves."
    assert held(plan).needs == (HAMBURG,)


def test_a_deleted_location_holds_the_order() -> None:
    part = a_fulfillment_order(location=None)

    plan = decide(a_sight(an_order(fulfillment_orders=[part])), NOON)

    assert (sends(plan), held(plan).cause) == ([], Cause.LOCATION_UNMAPPED)


def test_a_variant_that_the_catalog_has_not_seen_is_linked_first() -> None:
    plan = decide(a_sight(an_order(), links={}), NOON)

    assert plan.steps == (LinkFirst((MUG,)),)
    assert isinstance(plan.rest, Wait)


def test_a_variant_in_several_lines_is_linked_once() -> None:
    order = an_order(lines=[a_line(1), a_line(2)])

    assert decide(a_sight(order, links={}), NOON).steps == (LinkFirst((MUG,)),)


def test_a_variant_that_the_catalog_could_not_link_holds_the_order_until_it_is_linked() -> None:
    plan = decide(a_sight(an_order(), links={}, catalog_held=[MUG]), NOON)

    assert (plan.steps, held(plan).cause, held(plan).needs) == ((), Cause.ITEM_UNLINKED, (MUG,))


def test_a_line_whose_product_was_deleted_holds_the_order() -> None:
    plan = decide(a_sight(an_order(lines=[a_line(1, variant=None)])), NOON)

    assert (plan.steps, held(plan).cause, held(plan).needs) == ((), Cause.ITEM_UNLINKED, ())


def test_one_unlinked_line_keeps_back_its_whole_fulfillment_order() -> None:
    order = an_order(lines=[a_line(1), a_line(2, variant=2, sku="LAMP")])

    plan = decide(a_sight(order, links={MUG: BOTH_LINKED[MUG]}, catalog_held=[LAMP]), NOON)

    assert sends(plan) == []


@pytest.mark.parametrize(
    ("wanted", "order"),
    [
        (Field.SHIPPING_ADDRESS, replace(an_order(), shipping_address=None)),
        (Field.BILLING_ADDRESS, an_order()),
        (Field.EMAIL, an_order(email=None)),
        (Field.PHONE, an_order()),
        (Field.SKU, an_order(lines=[a_line(sku=None)])),
    ],
)
def test_a_mandatory_field_that_is_empty_holds_the_order(wanted: Field, order: Order) -> None:
    plan = decide(a_sight(order, rules=OrderRules(required=frozenset({wanted}))), NOON)

    assert (plan.steps, held(plan).cause) == ((), Cause.FIELD_MISSING)
    assert wanted.value.replace("_", " ") in held(plan).detail


def test_a_removed_line_needs_no_sku() -> None:
    order = an_order(lines=[a_line(1), a_line(2, sku=None, quantity=1, current_quantity=0)])
    part = a_fulfillment_order(a_fulfillment_order_line(order.lines[0]), number=1)

    plan = decide(a_sight(replace(order, fulfillment_orders=(part,))), NOON)

    assert (len(sends(plan)), plan.rest) == (1, None)


def test_an_empty_field_no_longer_matters_once_the_backend_has_everything() -> None:
    order = replace(an_order(), shipping_address=None)

    plan = decide(a_sight(order, sent=[a_sent(1001, "#1001", WorkState.PACKED)]), NOON)

    assert plan.rest is None


def test_several_problems_make_one_hold_with_everybodys_needs() -> None:
    plan = decide(a_sight(in_two_parts(), links={}, catalog_held=[MUG, LAMP], warehouses={}), NOON)

    assert held(plan).cause is Cause.LOCATION_UNMAPPED
    assert held(plan).needs == (HAMBURG, MUG, LEIPZIG, LAMP)
    assert all(word in held(plan).detail for word in ("Location 1", "Location 2", MUG, LAMP))


# --- cancellations ------------------------------------------------------------------------------------------------


def test_an_order_cancelled_before_it_went_to_the_backend_is_left_alone() -> None:
    plan = decide(a_sight(an_order(cancelled_at=NOON)), NOON)

    assert (plan.steps, plan.rest) == ((), None)


@pytest.mark.parametrize("state", [WorkState.NOT_RELEASED, WorkState.RELEASED, WorkState.PICKING, WorkState.PACKED])
def test_an_order_cancelled_while_the_warehouse_may_still_ship_it_is_held(state: WorkState) -> None:
    plan = decide(a_sight(an_order(cancelled_at=NOON), sent=[a_sent(1001, "#1001", state)]), NOON)

    assert (plan.steps, held(plan).cause) == ((), Cause.CANCELLED_LATE)


@pytest.mark.parametrize("state", [WorkState.SHIPPED, WorkState.CANCELLED])
def test_a_cancellation_needs_nobody_once_the_warehouse_is_through_with_the_order(state: WorkState) -> None:
    plan = decide(a_sight(an_order(cancelled_at=NOON), sent=[a_sent(1001, "#1001", state)]), NOON)

    assert (plan.steps, plan.rest) == ((), None)


def test_every_step_says_what_it_would_do() -> None:
    lost = a_sent(1, "#1001", WorkState.RELEASED, recorded=False)

    plan = decide(a_sight(in_two_parts(), sent=[lost]), NOON)
    unlinked = decide(a_sight(an_order(), links={}), NOON)

    assert [step.sentence for step in (*plan.steps, *unlinked.steps)] == [
        "Note that the warehouse has #1001 already, as SO-1.",
        "Ask warehouse EAST for #1001-2: 1 unit.",
        "Link 1 variant to items first.",
    ]


# --- what no warehouse ships ----------------------------------------------------------------------------------------


def test_an_order_of_gift_cards_rests_though_shopify_routed_it_and_it_has_no_address() -> None:
    card = a_line(1, requires_shipping=False)
    part = a_fulfillment_order(a_fulfillment_order_line(card), number=1001)

    plan = decide(a_sight(replace(an_order(lines=[card], fulfillment_orders=[part]), shipping_address=None)), NOON)

    assert (plan.steps, plan.rest, plan.notes) == ((), None, ("Nothing in it needs shipping.",))


def test_a_gift_card_beside_goods_is_not_asked_of_the_warehouse() -> None:
    mug, card = a_line(1), a_line(2, requires_shipping=False, variant=99)
    part = a_fulfillment_order(a_fulfillment_order_line(mug), a_fulfillment_order_line(card), number=1001)

    plan = decide(a_sight(an_order(lines=[mug, card], fulfillment_orders=[part])), NOON)

    (send,) = [step for step in plan.steps if isinstance(step, Send)]
    assert [line.item for line in send.request.lines] == ["MUG"]
    assert plan.rest is None


# --- packages that were taken back ----------------------------------------------------------------------------------


def taken_back(*, units: int = 2, location: int = 1) -> Order:
    """All left, and came back: Shopify has closed the fulfillment order, and made another one of so many units."""
    mugs = a_line(1, quantity=2)
    old = a_fulfillment_order(a_fulfillment_order_line(mugs, remaining=0), number=1001, status="CLOSED", actions=[])
    new = a_fulfillment_order(
        replace(a_fulfillment_order_line(mugs), id=FulfillmentOrderLineId("gid://shopify/FulfillmentOrderLineItem/77")),
        number=1002,
        location=location,
    )
    cancelled = a_fulfillment((mugs.id, units), status="CANCELLED")
    return an_order(lines=[mugs], fulfillment_orders=[old, new], fulfillments=[cancelled])


def test_goods_that_came_back_and_wait_at_the_warehouse_are_not_asked_for_again() -> None:
    for state in (WorkState.PICKING, WorkState.SHIPPED):  # shipped again, and Shopify has still to hear of it
        asked = replace(a_sent(1001, "#1001", state), taken_back=True)

        plan = decide(a_sight(taken_back(), sent=[asked]), NOON)

        assert (plan.steps, plan.rest) == ((), None)


OLD_LINE = a_fulfillment_order_line(a_line(1)).id
IN_HAND = replace(a_sent(1001, "#1001", WorkState.PICKING), taken_back=True)


@pytest.mark.parametrize(
    ("order", "asked"),
    [
        pytest.param(taken_back(), a_sent(1001, "#1001", WorkState.SHIPPED), id="a person cancelled it in Shopify"),
        pytest.param(
            taken_back(),
            replace(a_sent(1001, "#1001", WorkState.CANCELLED), taken_back=True),
            id="the warehouse cancelled its order",
        ),
        pytest.param(taken_back(units=1), IN_HAND, id="fewer came back than are wanted"),
        pytest.param(taken_back(location=2), IN_HAND, id="they are wanted from elsewhere"),
    ],
)
def test_goods_that_the_warehouse_does_not_have_in_hand_are_asked_for(order: Order, asked: Sent) -> None:
    plan = decide(a_sight(order, sent=[asked]), NOON)

    assert [step.request.name for step in plan.steps if isinstance(step, Send)] == ["#1001-2"]


def test_goods_that_shopify_has_counted_elsewhere_are_asked_for_once_what_came_back_has_left_again() -> None:
    asked = replace(a_sent(1001, "#1001", WorkState.SHIPPED), taken_back=True, asked={OLD_LINE: Units(2)})
    sight = a_sight(taken_back(), sent=[asked])

    waiting = decide(replace(sight, left=Left({(asked.key, OLD_LINE): 1})), NOON)
    told = decide(replace(sight, left=Left({(asked.key, OLD_LINE): 2})), NOON)

    assert sends(waiting) == []
    assert [send.request.name for send in sends(told)] == ["#1001-2"]
