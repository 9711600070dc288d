"""Each package that left is at Shopify exactly once, whatever was lost on the way."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests.flows.flow_bench import ACME, HAMBURG, MUG, FlowBench

from crossdock.flows.fulfillments.decide import IN_FLIGHT
from crossdock.kit.errors import Refused, StoreUnusable, TryAgain
from crossdock.model.cause import Cause
from crossdock.model.flow import Flow
from crossdock.model.names import FulfillmentId, FulfillmentOrderLineId, OrderId, RequestKey, Units
from crossdock.model.telling import Told
from crossdock.pending.work import Blocked, Claim, Failed
from crossdock.ports.storefront import FulfillmentDraft
from crossdock.store import packages
from crossdock.testing.floor import Parcel
from crossdock.testing.storefront import FakeStorefront


async def at_the_warehouse(bench: FlowBench, units: int = 3) -> OrderId:
    """An order for mugs that the backend has accepted; nothing is left to look at."""
    await bench.link()
    order = bench.store.buy(HAMBURG, (MUG, units))
    await bench.look(Flow.ORDERS, order)
    await bench.settle()
    return order


def key_of(bench: FlowBench, order: OrderId) -> RequestKey:
    return RequestKey(bench.store.order(order).fulfillment_orders[0].id)


def line_of(bench: FlowBench, order: OrderId) -> FulfillmentOrderLineId:
    return bench.store.order(order).fulfillment_orders[0].lines[0].id


async def ship(bench: FlowBench, order: OrderId, *parcels: tuple[int, str | None]) -> None:
    """Let packages of so many mugs leave, each with its tracking number."""
    line = line_of(bench, order)
    await bench.backend.ship(
        key_of(bench, order), [Parcel({line: units}, tracking_number=number) for units, number in parcels]
    )


def at_shopify(bench: FlowBench, order: OrderId) -> Sequence[tuple[tuple[str, ...], int]]:
    """Tracking numbers and units of each fulfillment."""
    return [
        (one.tracking_numbers, sum(units for _, units in one.lines)) for one in bench.store.order(order).fulfillments
    ]


async def test_two_packages_become_two_fulfillments_with_their_tracking(bench: FlowBench) -> None:
    order = await at_the_warehouse(bench)
    await ship(bench, order, (1, "T-1"), (2, "T-2"))

    for _ in range(3):
        await bench.look(Flow.FULFILLMENTS, order)

    assert at_shopify(bench, order) == [(("T-1",), 1), (("T-2",), 2)]
    assert bench.store.calls["create_fulfillment"] == 2
    assert (await bench.story(order)).count("told") == 2


async def test_a_short_order_is_told_with_what_left_and_its_story_says_so(bench: FlowBench) -> None:
    order = await at_the_warehouse(bench)
    await ship(bench, order, (1, "T-1"))
    await bench.backend.close_short(key_of(bench, order))

    await bench.look(Flow.FULFILLMENTS, order)

    assert at_shopify(bench, order) == [(("T-1",), 1)]
    assert "short" in await bench.story(order)


@pytest.mark.parametrize("tracking", ["T-1", None])
async def test_a_telling_whose_answer_was_lost_is_adopted_and_not_doubled(
    bench: FlowBench, tracking: str | None
) -> None:
    order = await at_the_warehouse(bench)
    await ship(bench, order, (2, tracking))
    bench.store.lose_next_answer("create_fulfillment")

    await bench.look(Flow.FULFILLMENTS, order)

    assert [units for _, units in at_shopify(bench, order)] == [2]
    (told,) = await told_of(bench, order)
    assert told.fulfillment == bench.store.order(order).fulfillments[0].id
    assert "found" in await bench.story(order)


async def told_of(bench: FlowBench, order: OrderId) -> Sequence[Told]:
    async with bench.database.begin() as tx:
        return (await packages.of_orders(tx, ACME, [order])).get(order, ())


async def test_a_telling_that_was_never_heard_is_told_once(bench: FlowBench) -> None:
    order = await at_the_warehouse(bench)
    await ship(bench, order, (2, None))
    bench.store.lose_next_question("create_fulfillment")

    await bench.look(Flow.FULFILLMENTS, order)
    await bench.pass_time(IN_FLIGHT)
    await bench.drain(Flow.FULFILLMENTS)

    assert at_shopify(bench, order) == [((), 2)]


async def test_a_telling_that_arrives_late_is_waited_for_and_not_doubled(bench: FlowBench) -> None:
    order = await at_the_warehouse(bench)
    await ship(bench, order, (1, "T-1"))
    late: list[FulfillmentDraft] = []

    async def break_off(draft: FulfillmentDraft) -> None:
        late.append(draft)
        raise TryAgain("The connection broke.")

    bench.store.create_fulfillment = break_off  # type: ignore[method-assign, assignment]  # answers nothing
    await bench.look(Flow.FULFILLMENTS, order)
    del bench.store.create_fulfillment
    await bench.look(Flow.FULFILLMENTS, order)
    assert at_shopify(bench, order) == []

    await bench.store.create_fulfillment(late[0])
    await bench.pass_time(IN_FLIGHT)
    await bench.drain(Flow.FULFILLMENTS)

    assert at_shopify(bench, order) == [(("T-1",), 1)]
    assert len(late) == 1


async def test_a_number_that_changed_between_two_lost_tellings_doubles_nothing(bench: FlowBench) -> None:
    order = await at_the_warehouse(bench)
    await ship(bench, order, (1, "T-1"))
    bench.store.lose_next_question("create_fulfillment")
    await bench.look(Flow.FULFILLMENTS, order)
    shipped = bench.backend._orders[key_of(bench, order)].packages
    shipped[0] = replace(shipped[0], tracking_number="T-2")
    bench.store.lose_next_answer("create_fulfillment")

    await bench.pass_time(IN_FLIGHT)
    await bench.look(Flow.FULFILLMENTS, order)

    assert at_shopify(bench, order) == [(("T-2",), 1)]


class Killed(BaseException):
    """Nobody handles it, as nobody handles a kill."""


@pytest.mark.parametrize("after", [False, True])
async def test_a_worker_killed_at_the_telling_leaves_exactly_one_fulfillment(bench: FlowBench, *, after: bool) -> None:
    order = await at_the_warehouse(bench)
    await ship(bench, order, (2, "T-1"))
    create = FakeStorefront.create_fulfillment

    async def die(draft: FulfillmentDraft) -> None:
        if after:
            await create(bench.store, draft)
        raise Killed

    bench.store.create_fulfillment = die  # type: ignore[method-assign, assignment]  # dies instead of answering
    await bench.mark(Flow.FULFILLMENTS, order)
    with pytest.raises(BaseExceptionGroup, match="unhandled"):
        await bench.drain(Flow.FULFILLMENTS)
    intent = await told_of(bench, order)
    del bench.store.create_fulfillment
    await bench.pass_time(IN_FLIGHT)
    await bench.drain(Flow.FULFILLMENTS)

    assert [one.fulfillment for one in intent] == [None]
    assert at_shopify(bench, order) == [(("T-1",), 2)]


async def test_a_worker_that_lost_its_lease_tells_nothing(bench: FlowBench) -> None:
    order = await at_the_warehouse(bench)
    await ship(bench, order, (3, "T-1"))
    slept = Claim(ACME, Flow.FULFILLMENTS, order, "slept", 0, 1, 1_000_001, bench.store.now())

    (look,) = await bench.flow(Flow.FULFILLMENTS)([slept])

    assert isinstance(look.rest, Blocked | Failed)
    assert at_shopify(bench, order) == []
    async with bench.database.begin() as tx:
        assert await packages.of_orders(tx, ACME, [order]) == {}


async def test_a_package_that_does_not_fit_is_held_until_shopify_is_put_right(bench: FlowBench) -> None:
    order = await at_the_warehouse(bench)
    fulfilled_by_hand = FulfillmentDraft(
        {bench.store.order(order).fulfillment_orders[0].id: ((line_of(bench, order), Units(2)),)},
        None,
        "BY-HAND",
        None,
        notify_customer=False,
    )
    await bench.store.create_fulfillment(fulfilled_by_hand)
    await ship(bench, order, (3, "T-1"))

    await bench.look(Flow.FULFILLMENTS, order)

    held = await bench.held(Flow.FULFILLMENTS)
    assert held[order].cause is Cause.PACKAGE_UNMATCHED
    assert at_shopify(bench, order) == [(("BY-HAND",), 2)]


async def test_what_shopify_refuses_is_held_with_its_words(bench: FlowBench) -> None:
    order, other = await at_the_warehouse(bench), await at_the_warehouse(bench)
    await ship(bench, order, (1, "T-1"))
    await ship(bench, other, (1, "T-2"))
    bench.store.refuse_next("create_fulfillment", Refused("Shopify says: tracking company is too long."))

    await bench.look(Flow.FULFILLMENTS, order, other)

    held = await bench.held(Flow.FULFILLMENTS)
    assert [(hold.cause, hold.detail) for hold in held.values()] == [
        (Cause.SHOPIFY_REFUSED, "Shopify says: tracking company is too long.")
    ]
    assert len(at_shopify(bench, order)) + len(at_shopify(bench, other)) == 1


async def test_a_store_that_turns_unusable_at_one_package_is_paused_and_blames_no_order(bench: FlowBench) -> None:
    first, second = [await at_the_warehouse(bench, 1) for _ in range(2)]
    await ship(bench, first, (1, "T-1"))
    await ship(bench, second, (1, "T-2"))
    create = FakeStorefront.create_fulfillment

    async def refuse_the_second(draft: FulfillmentDraft) -> FulfillmentId:
        if draft.tracking_number == "T-2":
            raise StoreUnusable("acme.myshopify.com: the token was revoked.")
        return await create(bench.store, draft)

    bench.store.create_fulfillment = refuse_the_second  # type: ignore[method-assign]  # as of a sudden
    drained = await bench.look(Flow.FULFILLMENTS, first, second)

    assert isinstance(drained.unusable, StoreUnusable)
    assert drained.failed == 0
    assert [one.fulfillment is not None for one in await told_of(bench, first)] == [True]
    assert await bench.pending(Flow.FULFILLMENTS) == {second}


async def test_shopify_is_not_asked_while_there_is_nothing_to_tell(bench: FlowBench) -> None:
    order = await at_the_warehouse(bench)
    bench.store.calls.clear()

    await bench.look(Flow.FULFILLMENTS, order)

    assert bench.store.calls["orders"] == 0


async def test_a_told_package_has_its_stock_and_its_order_looked_at(bench: FlowBench) -> None:
    order = await at_the_warehouse(bench)
    await ship(bench, order, (1, "T-1"))

    await bench.look(Flow.FULFILLMENTS, order)

    assert await bench.pending(Flow.INVENTORY) == {MUG.inventory_item}
    assert await bench.pending(Flow.ORDERS) == {order}
