import time
from typing import Any

import httpx
import pytest
from tests.standin.standin_asking import Shop
from tests.standin.standin_hooks import subscribe

from shopify_standin.receiving import Receiver
from shopify_standin.testing import RunningStandin

CREATE = """mutation Make($product: ProductCreateInput!) { productCreate(product: $product) {
  product { id } userErrors { message } } }"""
COUNT = "{ productsCount { count } }"


def create(standin: RunningStandin) -> httpx.Response:
    return standin.client.post(
        "/admin/api/2026-07/graphql.json",
        json={"query": CREATE, "variables": {"product": {"title": "Mug"}}},
        headers={"X-Shopify-Access-Token": standin.token},
    )


def products(shop: Shop) -> int:
    found: int = shop.ask(COUNT)["productsCount"]["count"]
    return found


@pytest.mark.parametrize("status", ["429", "500", "502", "503", "504"])
def test_an_http_fault_spoils_as_many_calls_as_ordered(shop: Shop, standin: RunningStandin, status: str) -> None:
    standin.faults(calls=[{"kind": status, "times": 2, "operation": "productCreate"}])

    assert [create(standin).status_code for _ in range(3)] == [int(status), int(status), 200]
    assert products(shop) == 1


def test_a_429_says_when_to_come_back(standin: RunningStandin) -> None:
    standin.faults(calls=[{"kind": "429"}])

    assert create(standin).headers["Retry-After"] == "2.0"


def test_a_throttled_answer_is_a_200_without_data(shop: Shop, standin: RunningStandin) -> None:
    standin.faults(calls=[{"kind": "throttled", "operation": "Make"}])

    answer = create(standin).json()
    assert answer["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert "data" not in answer
    assert products(shop) == 0


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_a_timeout_comes_before_or_after_the_call_took_effect(
    shop: Shop, standin: RunningStandin, when: str, made: int
) -> None:
    standin.faults(calls=[{"kind": "timeout", "when": when, "seconds": 0, "operation": "productCreate"}])

    assert create(standin).status_code == 504
    assert products(shop) == made


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_a_line_may_break_before_or_after_the_call_took_effect(
    shop: Shop, standin: RunningStandin, when: str, made: int
) -> None:
    standin.faults(calls=[{"kind": "close", "when": when, "operation": "productCreate"}])

    with pytest.raises(httpx.RemoteProtocolError):
        create(standin)
    assert products(shop) == made


def test_a_slow_answer_is_a_good_one(shop: Shop, standin: RunningStandin) -> None:
    standin.faults(calls=[{"kind": "slow", "seconds": 0.2, "operation": "productCreate"}])

    start = time.perf_counter()
    assert create(standin).json()["data"]["productCreate"]["userErrors"] == []
    assert time.perf_counter() - start >= 0.2


def names(receiver: Receiver, number: int) -> list[str]:
    bodies: list[dict[str, Any]] = [receiver.next()[1] for _ in range(number)]
    return [body["name"] for body in bodies]


def test_delayed_webhooks_come_when_the_shop_s_clock_says_so(
    shop: Shop, standin: RunningStandin, receiver: Receiver
) -> None:
    mug = shop.variant("MUG", default=5)
    subscribe(shop, receiver, "ORDERS_CREATE")
    standin.control("clock", frozen=True)
    try:
        standin.faults(webhooks=[{"topic": "orders/create", "delay": 3600, "times": 1}])
        shop.order((mug, 1))
        shop.order((mug, 1))
        assert names(receiver, 1) == ["#1002"]

        standin.advance(3600)
        assert names(receiver, 1) == ["#1001"]
    finally:
        standin.control("clock", frozen=False)


def test_shuffled_webhooks_all_come_in_another_order(shop: Shop, standin: RunningStandin, receiver: Receiver) -> None:
    mug = shop.variant("MUG", default=50)
    subscribe(shop, receiver, "ORDERS_CREATE")
    standin.faults(seed=1, webhooks=[{"topic": "orders/create", "shuffle": 6}])

    for _ in range(6):
        shop.order((mug, 1))

    told = names(receiver, 6)
    assert sorted(told) == [f"#{number}" for number in range(1001, 1007)]
    assert told != sorted(told)


def test_gathered_webhooks_are_let_go_with_the_fault(shop: Shop, standin: RunningStandin, receiver: Receiver) -> None:
    mug = shop.variant("MUG", default=5)
    subscribe(shop, receiver, "ORDERS_CREATE")
    standin.faults(webhooks=[{"topic": "*", "shuffle": 100}])
    shop.order((mug, 1))

    standin.faults(clear=True)
    assert names(receiver, 1) == ["#1001"]


def test_a_fault_that_the_stand_in_does_not_know_is_refused(standin: RunningStandin) -> None:
    answer = standin.client.post("/_standin/faults", json={"calls": [{"kind": "flood"}]})

    assert answer.status_code == 422
