import socket
import subprocess
import sys

import httpx
import pytest
from tests.standin.standin_asking import ORDER_CREATE, Shop

from shopify_standin.testing import RunningStandin

COUNT = "{ ordersCount { count } }"


def orders_in(shop: Shop) -> int:
    found: int = shop.ask(COUNT)["ordersCount"]["count"]
    return found


def test_customers_buy_no_more_than_there_is(shop: Shop, standin: RunningStandin) -> None:
    mugs, lamps = shop.variant("MUG", default=20), shop.variant("LAMP", default=7)

    bought = standin.buy(100, seed=3)

    assert 0 < len(bought) < 100
    assert shop.stock(mugs) == {"available": 0, "committed": 20, "on_hand": 20}
    assert shop.stock(lamps) == {"available": 0, "committed": 7, "on_hand": 7}


def test_the_same_seed_buys_the_same(shop: Shop, standin: RunningStandin) -> None:
    query = "{ orders(first: 5, sortKey: ID) { nodes { name email totalPriceSet { shopMoney { amount } } } } }"

    def bought() -> object:
        standin.reset()
        shop.variant("MUG", "CONTINUE", default=0)
        standin.buy(5, seed=11)
        return shop.ask(query)

    assert bought() == bought()


def test_a_purchase_is_paid_addressed_and_routed_after_a_while(shop: Shop, standin: RunningStandin) -> None:
    shop.variant("MUG", default=50)

    order = standin.buy(1)[0]
    standin.advance(1)

    query = """query($id: ID!) { order(id: $id) { displayFinancialStatus shippingAddress { city countryCodeV2 }
      customer { email } shippingLine { title } fulfillmentOrders(first: 5) { nodes { status } } } }"""
    found = shop.ask(query, id=order)["order"]
    assert found["displayFinancialStatus"] == "PAID"
    assert found["shippingAddress"]["city"]
    assert found["customer"]["email"].endswith("@example.com")
    assert found["fulfillmentOrders"]["nodes"] == [{"status": "OPEN"}]


@pytest.mark.parametrize("method", ["SHIPPING", "LOCAL", "PICK_UP"])
def test_customers_say_how_they_get_the_goods(shop: Shop, standin: RunningStandin, method: str) -> None:
    shop.variant("MUG", default=50)

    order = standin.buy(1, method=method)[0]
    standin.advance(1)

    query = """query($id: ID!) { order(id: $id) {
      fulfillmentOrders(first: 5) { nodes { deliveryMethod { methodType } } } } }"""
    parts = shop.ask(query, id=order)["order"]["fulfillmentOrders"]["nodes"]
    assert parts == [{"deliveryMethod": {"methodType": method}}]


def test_a_snapshot_brings_the_shop_back(shop: Shop, standin: RunningStandin) -> None:
    mug = shop.variant("MUG", default=5)
    standin.control("snapshot", name="before")
    shop.order((mug, 2))

    standin.control("restore", name="before")

    assert orders_in(shop) == 0
    assert shop.stock(mug) == {"available": 5, "committed": 0, "on_hand": 5}


def test_resetting_leaves_one_active_location_and_nothing_else(shop: Shop, standin: RunningStandin) -> None:
    shop.order((shop.variant("MUG", default=5), 1))
    shop.another_location("Far")

    standin.reset()

    assert orders_in(shop) == 0
    assert len(shop.ask("{ locations(first: 9) { nodes { isActive } } }")["locations"]["nodes"]) == 1


@pytest.mark.parametrize(("when", "placed"), [("before", 0), ("after", 1)])
def test_a_call_fails_before_or_after_it_took_effect(
    shop: Shop, standin: RunningStandin, when: str, placed: int
) -> None:
    mug = shop.variant("MUG", default=5)
    standin.faults(calls=[{"operation": "orderCreate", "kind": "502", "when": when}])

    order = {"order": {"lineItems": [{"variantId": mug.id, "quantity": 1}]}}
    answer = httpx.post(
        f"{standin.url}/admin/api/2026-07/graphql.json",
        json={"query": ORDER_CREATE, "variables": order},
        headers={"X-Shopify-Access-Token": standin.token},
    )

    assert answer.status_code == 502
    assert orders_in(shop) == placed


def test_a_broken_line_looks_broken_to_the_client(standin: RunningStandin) -> None:
    standin.faults(calls=[{"kind": "close"}])

    with pytest.raises(httpx.RemoteProtocolError):
        standin.graphql(COUNT)


def test_a_wrong_order_to_the_control_api_is_explained(standin: RunningStandin) -> None:
    answer = httpx.post(f"{standin.url}/_standin/faults", json={"calls": [{"kind": "earthquake"}]})

    assert answer.status_code == 422
    assert "earthquake" in answer.text


def test_counters_tell_calls_and_points_by_operation(shop: Shop, standin: RunningStandin) -> None:
    shop.ask("query Greeting { shop { name } }")
    shop.ask("query Greeting { shop { name } }")

    assert standin.look("counters")["operations"]["Greeting"] == {"calls": 2, "points": 2, "throttles": 0}


def test_a_busy_port_is_told_in_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "shopify_standin.cli", "serve", "--port", str(port), "--token", "T"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 1
    assert done.stderr.startswith(f"Cannot listen on 127.0.0.1:{port}")
    assert "Traceback" not in done.stderr


def test_searches_may_lag_behind_while_lists_and_ids_do_not(shop: Shop, standin: RunningStandin) -> None:
    standin.control("settings", search_delay=30)
    order = shop.order((shop.variant("MUG", default=9), 1), email="ada@example.com")
    query = """query($id: ID!) { order(id: $id) { id } all: orders(first: 5) { nodes { id } }
      found: orders(first: 5, query: "email:ada@example.com") { nodes { id } } }"""

    at_once = shop.ask(query, id=order)
    standin.advance(31)
    later = shop.ask(query, id=order)

    assert at_once == {"order": {"id": order}, "all": {"nodes": [{"id": order}]}, "found": {"nodes": []}}
    assert later["found"] == {"nodes": [{"id": order}]}
