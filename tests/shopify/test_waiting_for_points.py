"""Points are reserved before a call, throttling is waited out by Shopify's formula, and no call waits for ever."""

from collections import deque
from datetime import timedelta

import httpx
import pytest
from tests.shopify_answers import Bench, an_order, fails, gid, says, shop, throttles

from crossdock.kit.errors import TryAgain
from crossdock.model.names import OrderId, VariantId
from crossdock.ports.calls import Lane, ThrottleStatus
from crossdock.shopify.retry import Patience

ORDER = OrderId(gid("Order", 1))


async def test_points_are_reserved_before_and_settled_with_what_shopify_says(bench: Bench) -> None:
    bench.shopify.will("Orders", says({"nodes": []}, requested=151, available=1849))

    await bench.storefront.orders([ORDER])

    ((points, lane),) = bench.budget.reserved
    assert lane is Lane.ORDERS
    assert bench.budget.settled == [(points, ThrottleStatus(maximum=2000, available=1849, restore_rate=100))]


async def test_the_next_call_reserves_what_the_last_one_cost(bench: Bench) -> None:
    bench.shopify.always("Orders", lambda _: says({"nodes": []}, requested=151))

    await bench.storefront.orders([ORDER])
    await bench.storefront.orders([ORDER])

    assert bench.budget.reserved[1] == (151, Lane.ORDERS)


async def test_a_smaller_batch_reserves_what_a_larger_one_cost(bench: Bench) -> None:
    """Until it has been seen itself: too much is given back, too little is throttled."""
    bench.shopify.always("Orders", lambda asked: says({"nodes": []}, requested=100 + len(asked["ids"])))

    await bench.storefront.orders([OrderId(gid("Order", number)) for number in range(40)])
    await bench.storefront.orders([ORDER])
    await bench.storefront.orders([ORDER])

    assert [points for points, _ in bench.budget.reserved[1:]] == [140, 101]


async def test_nothing_is_sent_before_the_budget_grants_it(bench: Bench) -> None:
    bench.budget.waits = deque([timedelta(seconds=2), timedelta(seconds=0.5)])
    bench.shopify.will("Shop", says(shop()))

    await bench.storefront.shop()

    assert bench.slept == [2, 0.5]
    assert bench.shopify.operations() == ["Shop"]


async def test_a_budget_that_never_grants_gives_the_object_back(bench: Bench) -> None:
    bench.budget.waits = deque([timedelta(seconds=11)] * 10)

    with pytest.raises(TryAgain, match="budget of calls is used up"):
        await bench.storefront.shop()

    assert bench.shopify.asked == []
    assert sum(bench.slept) <= Patience().total.total_seconds()


async def test_throttling_is_waited_out_by_shopifys_formula(bench: Bench) -> None:
    bench.shopify.will("Orders", throttles(240, available=40, rate=100), says({"nodes": [an_order()]}))

    orders = await bench.storefront.orders([ORDER])

    assert list(orders) == [ORDER]
    assert bench.slept == [2.0]
    assert [points for points, _ in bench.budget.reserved][1] == 240


async def test_throttling_without_an_end_gives_the_object_back(bench: Bench) -> None:
    bench.shopify.always("Shop", lambda _: throttles(500, available=0, rate=50))

    with pytest.raises(TryAgain, match="did not get its turn in time"):
        await bench.storefront.shop()

    assert bench.slept == [10, 10, 10]


async def test_too_many_requests_wait_as_long_as_shopify_asks(bench: Bench) -> None:
    bench.shopify.will("Shop", fails(429, headers={"Retry-After": "2.5"}), fails(429), says(shop()))

    await bench.storefront.shop()

    assert bench.slept == [2.5, 1.0]


async def test_points_of_a_call_without_an_answer_are_settled_too(bench: Bench) -> None:
    bench.shopify.will("Variants", httpx.ReadTimeout("silent"), says({"nodes": []}))

    await bench.storefront.variants([VariantId(gid("ProductVariant", 1))])

    assert [status is None for _, status in bench.budget.settled] == [True, False]


async def test_time_lost_to_silence_counts_as_waiting() -> None:
    """Else a few silent answers would outlast the lease of the whole batch."""
    slow = Bench(seconds_per_look=16)
    slow.shopify.will("Shop", httpx.ReadTimeout("silent"), httpx.ReadTimeout("silent"), says(shop()))

    with pytest.raises(TryAgain, match="ReadTimeout"):
        await slow.storefront.shop()

    assert slow.shopify.operations() == ["Shop", "Shop"]
    await slow.http.aclose()
