"""A newcomer's first hour, typed: from nothing to one order there and back."""

import pytest
from tests.cli.terminal import GOODS, Terminal, add_location, locations_of, put_goods_on_sale

from shopify_standin.testing import RunningStandin


def test_a_newcomer_walks_one_order_there_and_back(terminal: Terminal, shop: RunningStandin) -> None:
    put_goods_on_sale(shop)
    terminal.read("warehouse", "add", "MAIN", "Main warehouse")
    for code, title in GOODS:
        terminal.read("warehouse", "items", "add", code, title)
        terminal.read("warehouse", "receive", code, "MAIN", "9")
    terminal.add_store(shop)

    connected = terminal.data_of("connect", shop.shop_domain, "--orders-from", "all")
    first = terminal.data_of("sync", "standin")
    [order] = shop.buy(1)
    shop.advance(60)
    second = terminal.data_of("sync", "standin")

    [location] = locations_of(shop).values()
    assert connected["connection"]["warehouses"] == {location: ["MAIN"]}
    assert first["flows"]["catalog"]["looked_at"] == len(GOODS)
    assert second["flows"]["orders"]["looked_at"] >= 1
    [listed] = terminal.data_of("orders", "list")
    assert (listed["order_id"], listed["state"]) == (order, "at_warehouse")

    [asked] = terminal.data_of("orders", "show", listed["name"])["requests"]
    reference = asked["reference"]
    for step in ("release", "pick", "pack"):
        terminal.read("warehouse", step, reference)
    terminal.read("warehouse", "ship", reference, "--carrier", "UPS", "--tracking", "1Z999")
    terminal.read("sync", "standin")

    story = terminal.data_of("orders", "show", listed["name"].removeprefix("#"))
    assert [package["tracking_number"] for package in story["packages"]] == ["1Z999"]
    assert story["packages"][0]["fulfillment"].startswith("gid://shopify/Fulfillment/")
    shown = terminal.read("orders", "show", order)
    assert f"{listed['name']}: Shipped for" in shown
    assert "Nothing is left to do. All that was asked for has left in 1 package, and Shopify knows." in shown
    assert "1Z999" in shown
    measured = {one["stage"] for one in terminal.data_of("overview")["latencies"]}
    assert measured == {"heard", "accepted", "shipped", "told"}


def test_with_two_locations_connect_prints_the_commands_that_map_them(terminal: Terminal, shop: RunningStandin) -> None:
    annex = add_location(shop, "Annex")
    terminal.read("warehouse", "add", "MAIN", "Main warehouse")
    terminal.add_store(shop)

    said = terminal.read("connect", shop.shop_domain, "--name", "acme")

    assert f"crossdock map-location acme {annex.rsplit('/', 1)[-1]} MAIN" in said
    assert terminal.data_of("connections")[0]["warehouses"] == {}


def test_mapping_a_location_lets_the_orders_go_that_were_held_for_it(terminal: Terminal, shop: RunningStandin) -> None:
    put_goods_on_sale(shop)
    [(name, location)] = locations_of(shop).items()
    for code, title in GOODS:
        terminal.read("warehouse", "items", "add", code, title)
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain, "--orders-from", "all")
    shop.buy(1)
    shop.advance(60)
    terminal.read("sync", "standin")
    [held] = [group for group in terminal.data_of("holds") if group["cause"] == "location_unmapped"]
    said = terminal.read("holds")

    terminal.read("warehouse", "add", "MAIN", "Main warehouse")
    terminal.read("map-location", "standin", name.lower(), "MAIN")
    terminal.read("sync", "standin")

    [one] = held["objects"]
    assert one["detail"].endswith(f"is to ship from {name}, which no warehouse serves.")
    assert location in one["needs"]
    assert f"{name}: crossdock map-location standin {location.rsplit('/', 1)[-1]} WAREHOUSE" in said
    assert terminal.data_of("holds") == []
    assert [order["state"] for order in terminal.data_of("orders", "list")] == ["at_warehouse"]


@pytest.mark.parametrize(
    ("address", "subscribed"), [("https://hub.example", True), ("http://hub.example", False)], ids=["https", "http"]
)
def test_connect_has_the_store_send_webhooks_where_shopify_may_reach_the_hub(
    terminal: Terminal, shop: RunningStandin, monkeypatch: pytest.MonkeyPatch, address: str, *, subscribed: bool
) -> None:
    monkeypatch.setenv("CROSSDOCK_PUBLIC_URL", address)
    terminal.add_store(shop)

    connected = terminal.data_of("connect", shop.shop_domain)

    uri = f"{address}/webhooks/shopify/{shop.shop_domain}"
    kept = shop.graphql("{ webhookSubscriptions(first: 50) { nodes { uri } } }")["data"]["webhookSubscriptions"]
    assert connected["webhooks_to"] == (uri if subscribed else None)
    assert {one["uri"] for one in kept["nodes"]} == ({uri} if subscribed else set())
    assert (connected["no_webhooks"] is None) == subscribed
