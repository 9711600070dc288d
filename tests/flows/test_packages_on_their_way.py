"""What becomes of a package after Shopify was told: its tracking is corrected, it is taken back, it arrives."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests.flows.flow_bench import ACME, HAMBURG, ITEM, MUG, FlowBench
from tests.flows.test_shopify_hears_of_packages import at_shopify, at_the_warehouse, key_of, line_of, ship

from crossdock.flows.fulfillments.decide import IN_FLIGHT
from crossdock.kit.errors import Refused
from crossdock.model.cause import Cause
from crossdock.model.connection import FulfillmentRules
from crossdock.model.flow import Flow
from crossdock.model.names import OrderId, PackageId
from crossdock.model.order import Fulfillment
from crossdock.model.request import DeliveryStatus, Tracking, WorkState
from crossdock.store import timeline
from crossdock.testing.builders import MAIN
from crossdock.testing.floor import Parcel


async def told_of_a_package(bench: FlowBench, units: int = 3, of: int = 3, tracking: str | None = "T-1") -> OrderId:
    """An order of which a package has left, and Shopify knows."""
    order = await at_the_warehouse(bench, of)
    await ship(bench, order, (units, tracking))
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()
    return order


def package_of(bench: FlowBench, order: OrderId, number: int = 0) -> PackageId:
    return bench.backend._orders[key_of(bench, order)].packages[number].id


def the_fulfillment(bench: FlowBench, order: OrderId) -> Fulfillment:
    (fulfillment,) = bench.store.order(order).fulfillments
    return fulfillment


async def retrack(bench: FlowBench, order: OrderId, carrier: str | None, number: str | None) -> None:
    await bench.backend.track(key_of(bench, order), package_of(bench, order), carrier, number)


def rule(bench: FlowBench, rules: FulfillmentRules) -> None:
    bench.connection = replace(bench.connection, rules=replace(bench.connection.rules, fulfillments=rules))


async def sentences(bench: FlowBench, order: OrderId) -> Sequence[str]:
    async with bench.database.begin() as tx:
        return [event.sentence for event in await timeline.read(tx, ACME, order)]


# --- tracking -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [None, "T-1"], ids=["late", "wrong"])
async def test_tracking_that_comes_late_or_is_corrected_reaches_shopify_once(
    bench: FlowBench, first: str | None
) -> None:
    order = await told_of_a_package(bench, tracking=first)
    await retrack(bench, order, "UPS", "T-2")

    for _ in range(3):
        await bench.look(Flow.FULFILLMENTS, order)

    fulfillment = the_fulfillment(bench, order)
    assert (fulfillment.tracking_company, fulfillment.tracking_numbers) == ("UPS", ("T-2",))
    assert bench.store.calls["correct_tracking"] == 1
    assert bench.store.calls["create_fulfillment"] == 1
    package = package_of(bench, order)
    assert f"Shopify has the tracking of package {package} as it is now: UPS T-2." in await sentences(bench, order)


async def test_a_correction_whose_answer_was_lost_is_found_and_not_repeated(bench: FlowBench) -> None:
    order = await told_of_a_package(bench)
    await retrack(bench, order, "UPS", "T-2")
    bench.store.lose_next_answer("correct_tracking")

    await bench.look(Flow.FULFILLMENTS, order)

    assert the_fulfillment(bench, order).tracking_numbers == ("T-2",)
    assert bench.store.calls["correct_tracking"] == 1
    assert (await bench.story(order)).count("corrected") == 1


async def test_a_correction_that_was_never_heard_is_made_once_nothing_can_be_on_its_way(bench: FlowBench) -> None:
    order = await told_of_a_package(bench)
    await retrack(bench, order, "UPS", "T-2")
    bench.store.lose_next_question("correct_tracking")
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.look(Flow.FULFILLMENTS, order)
    early = bench.store.calls["correct_tracking"]

    await bench.pass_time(bench.ahead + IN_FLIGHT)
    await bench.drain(Flow.FULFILLMENTS)

    assert early == 1
    assert the_fulfillment(bench, order).tracking_numbers == ("T-2",)


async def test_what_somebody_corrected_in_shopify_already_is_only_noted(bench: FlowBench) -> None:
    order = await told_of_a_package(bench)
    await bench.store.correct_tracking(the_fulfillment(bench, order).id, Tracking("UPS", "T-2"), notify_customer=False)
    bench.store.calls.clear()
    await retrack(bench, order, "UPS", "T-2")

    await bench.look(Flow.FULFILLMENTS, order)

    assert bench.store.calls["correct_tracking"] == 0


async def test_the_customer_hears_of_another_number_and_not_of_another_carrier(bench: FlowBench) -> None:
    rule(bench, FulfillmentRules(notify_customer=True))
    order = await told_of_a_package(bench)
    bench.store.mails.clear()

    await retrack(bench, order, "UPS", "T-1")
    await bench.look(Flow.FULFILLMENTS, order)
    carrier = list(bench.store.mails)
    await retrack(bench, order, "UPS", "T-2")
    await bench.look(Flow.FULFILLMENTS, order)

    fulfillment = the_fulfillment(bench, order)
    assert (carrier, bench.store.mails) == ([], [fulfillment.id])
    assert (fulfillment.tracking_company, fulfillment.tracking_numbers) == ("UPS", ("T-2",))


async def test_a_number_that_the_backend_no_longer_says_stays_at_shopify(bench: FlowBench) -> None:
    order = await told_of_a_package(bench)
    await retrack(bench, order, None, None)

    await bench.look(Flow.FULFILLMENTS, order)

    assert the_fulfillment(bench, order).tracking_numbers == ("T-1",)
    assert bench.store.calls["correct_tracking"] == 0


async def test_other_rules_for_carriers_change_nothing_that_was_told(bench: FlowBench) -> None:
    order = await told_of_a_package(bench)
    rule(bench, FulfillmentRules(carriers={"DHL": "DHL Express"}))

    await bench.look(Flow.FULFILLMENTS, order)

    assert the_fulfillment(bench, order).tracking_company == "DHL"


# --- packages that are taken back ------------------------------------------------------------------------------------


@pytest.mark.parametrize("of", [3, 5], ids=["all that was ordered", "a part of it"])
async def test_a_package_that_was_taken_back_leaves_again_and_both_sides_agree(bench: FlowBench, of: int) -> None:
    order = await told_of_a_package(bench, 3, of=of)
    key, line = key_of(bench, order), line_of(bench, order)
    await bench.backend.take_back(key, package_of(bench, order))

    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()
    waiting = (bench.store.committed(MUG, HAMBURG), bench.store.available(MUG, HAMBURG))
    await bench.backend.ship(key, [Parcel({line: of}, tracking_number="T-2")])
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()

    assert at_shopify(bench, order) == [(("T-1",), 3), (("T-2",), of)]
    assert [one.status for one in bench.store.order(order).fulfillments] == ["CANCELLED", "SUCCESS"]
    assert waiting[0] == of
    assert waiting[1] <= 10 - of  # never more than there is
    assert (bench.store.committed(MUG, HAMBURG), bench.store.available(MUG, HAMBURG)) == (0, 10 - of)
    assert list(bench.backend._orders) == [key]
    assert await bench.held(Flow.FULFILLMENTS) == {}
    assert await bench.held(Flow.ORDERS) == {}


async def test_units_that_came_back_to_their_open_fulfillment_order_are_published_exactly(bench: FlowBench) -> None:
    order = await told_of_a_package(bench, 3, of=5)
    await bench.backend.take_back(key_of(bench, order), package_of(bench, order))

    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()

    assert (bench.store.committed(MUG, HAMBURG), bench.store.available(MUG, HAMBURG)) == (5, 5)


async def test_goods_that_came_back_are_not_offered_before_their_order_is_known_to_want_them(bench: FlowBench) -> None:
    order = await told_of_a_package(bench, 3)
    key = key_of(bench, order)
    await bench.look(Flow.ORDERS, order)
    await bench.look(Flow.INVENTORY, MUG.inventory_item)
    before = bench.store.available(MUG, HAMBURG)
    await bench.backend.take_back(key, package_of(bench, order))
    await bench.backend.close_short(key)

    await bench.look(Flow.FULFILLMENTS, order)
    await bench.look(Flow.INVENTORY, MUG.inventory_item)
    at_once = bench.store.available(MUG, HAMBURG)
    await bench.settle()

    assert (before, bench.store.committed(MUG, HAMBURG)) == (7, 3)
    assert at_once == 7
    assert bench.store.available(MUG, HAMBURG) == 7  # 10 on the shelf, of which the order wants 3


async def test_a_cancellation_whose_answer_was_lost_is_recognised(bench: FlowBench) -> None:
    order = await told_of_a_package(bench)
    await bench.backend.take_back(key_of(bench, order), package_of(bench, order))
    bench.store.lose_next_answer("cancel_fulfillment")

    for _ in range(3):
        await bench.look(Flow.FULFILLMENTS, order)

    assert bench.store.calls["cancel_fulfillment"] == 1
    assert (await bench.story(order)).count("cancelled") == 1


async def test_a_package_that_was_taken_back_before_shopify_heard_of_it_is_not_told(bench: FlowBench) -> None:
    order = await at_the_warehouse(bench)
    await ship(bench, order, (3, "T-1"))
    await bench.backend.take_back(key_of(bench, order), package_of(bench, order))
    bench.store.calls.clear()

    await bench.look(Flow.FULFILLMENTS, order)

    assert (bench.store.calls["orders"], at_shopify(bench, order)) == (0, [])


@pytest.mark.parametrize("heard", [True, False])
async def test_a_package_that_was_taken_back_while_its_telling_was_lost_counts_nowhere(
    bench: FlowBench, *, heard: bool
) -> None:
    order = await at_the_warehouse(bench)
    await ship(bench, order, (3, "T-1"))
    lose = bench.store.lose_next_answer if heard else bench.store.lose_next_question
    lose("create_fulfillment")
    taken_back: list[str] = []

    async def take_back_then(call: str) -> None:
        if call == "create_fulfillment" and not taken_back:
            taken_back.append(call)
            await bench.backend.take_back(key_of(bench, order), package_of(bench, order))

    bench.store.before = take_back_then
    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()

    assert [one.status for one in bench.store.order(order).fulfillments] == (["CANCELLED"] if heard else [])
    assert bench.store.committed(MUG, HAMBURG) == 3
    assert "cancelled" in await bench.story(order)


async def test_a_cancellation_that_shopify_refuses_is_held_with_its_words(bench: FlowBench) -> None:
    order = await told_of_a_package(bench)
    await bench.backend.take_back(key_of(bench, order), package_of(bench, order))
    bench.store.refuse_next("cancel_fulfillment", Refused("Shopify says: it has a return."))

    await bench.look(Flow.FULFILLMENTS, order)

    held = await bench.held(Flow.FULFILLMENTS)
    assert (held[order].cause, held[order].detail) == (Cause.SHOPIFY_REFUSED, "Shopify says: it has a return.")


async def test_a_package_that_was_taken_back_and_given_up_is_free_to_sell_again(bench: FlowBench) -> None:
    order = await told_of_a_package(bench)
    key = key_of(bench, order)
    await bench.backend.take_back(key, package_of(bench, order))
    await bench.backend.close_short(key)

    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()

    stock = (await bench.backend.stock([ITEM])).available[ITEM, MAIN]
    assert bench.store.available(MUG, HAMBURG) <= stock
    assert [one.status for one in bench.store.order(order).fulfillments] == ["CANCELLED"]
    assert (await bench.backend.work_orders([key]))[key].state is WorkState.SHIPPED


# --- what happens on the way ----------------------------------------------------------------------------------------


async def reported(bench: FlowBench, order: OrderId) -> Sequence[DeliveryStatus]:
    id_ = the_fulfillment(bench, order).id
    return [event.status for event in (await bench.store.delivery_events([id_]))[id_]]


async def test_each_thing_that_happens_is_reported_once_and_in_order(bench: FlowBench) -> None:
    order = await told_of_a_package(bench)
    key, package = key_of(bench, order), package_of(bench, order)
    for status in (DeliveryStatus.IN_TRANSIT, DeliveryStatus.DELIVERED):
        await bench.backend.report(key, package, status)
        for _ in range(2):
            await bench.look(Flow.FULFILLMENTS, order)

    assert await reported(bench, order) == [DeliveryStatus.IN_TRANSIT, DeliveryStatus.DELIVERED]
    assert [kind for kind in await bench.story(order) if kind in {"in_transit", "delivered"}] == [
        "in_transit",
        "delivered",
    ]


async def test_what_happened_before_shopify_heard_of_the_package_follows_it(bench: FlowBench) -> None:
    order = await at_the_warehouse(bench)
    await ship(bench, order, (3, "T-1"))
    await bench.backend.report(key_of(bench, order), package_of(bench, order), DeliveryStatus.DELIVERED)

    await bench.look(Flow.FULFILLMENTS, order)
    await bench.settle()

    assert await reported(bench, order) == [DeliveryStatus.DELIVERED]


async def test_a_report_whose_answer_was_lost_is_found_and_not_doubled(bench: FlowBench) -> None:
    order = await told_of_a_package(bench)
    await bench.backend.report(key_of(bench, order), package_of(bench, order), DeliveryStatus.DELIVERED)
    bench.store.lose_next_answer("report_event")

    for _ in range(3):
        await bench.look(Flow.FULFILLMENTS, order)

    assert await reported(bench, order) == [DeliveryStatus.DELIVERED]


async def test_a_report_that_was_never_heard_is_made_once_nothing_can_be_on_its_way(bench: FlowBench) -> None:
    order = await told_of_a_package(bench)
    await bench.backend.report(key_of(bench, order), package_of(bench, order), DeliveryStatus.DELIVERED)
    bench.store.lose_next_question("report_event")
    await bench.look(Flow.FULFILLMENTS, order)
    early = await reported(bench, order)

    await bench.pass_time(bench.ahead + IN_FLIGHT)
    await bench.drain(Flow.FULFILLMENTS)

    assert early == []
    assert await reported(bench, order) == [DeliveryStatus.DELIVERED]
