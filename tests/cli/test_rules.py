"""Rules are shown as they are, changed as asked, and what they decide is looked at again."""

import json
from pathlib import Path

import pytest
from tests.cli.terminal import Terminal, put_goods_on_sale

from shopify_standin.testing import RunningStandin

_A_VARIANT = "{ productVariants(first: 1) { nodes { id } } }"
_TAKE_ORDER = """
mutation TakeOrder($order: OrderCreateOrderInput!) {
  orderCreate(order: $order) { order { id } userErrors { field message } }
}"""


def take_an_order_by_letter(shop: RunningStandin) -> None:
    """Take a paid order of a customer who gave an address and nothing else."""
    [variant] = shop.graphql(_A_VARIANT)["data"]["productVariants"]["nodes"]
    address = {"countryCode": "US", "provinceCode": "NY", "city": "New York", "address1": "1 Dock St", "zip": "10001"}
    order = {
        "lineItems": [{"variantId": variant["id"], "quantity": 1, "requiresShipping": True}],
        "financialStatus": "PAID",
        "shippingAddress": address,
    }
    answer = shop.graphql(_TAKE_ORDER, {"order": order})
    assert answer["data"]["orderCreate"]["order"], answer


@pytest.fixture
def connected(terminal: Terminal, shop: RunningStandin) -> Terminal:
    """A terminal of an installation with one connection and two items that are linked."""
    put_goods_on_sale(shop)
    terminal.read("warehouse", "add", "MAIN", "Main warehouse")
    for code in ("MUG", "LAMP"):
        terminal.read("warehouse", "items", "add", code, code)
        terminal.read("warehouse", "receive", code, "MAIN", "10")
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain)
    terminal.read("sync", "standin", "--catalog")
    return terminal


def test_all_rules_are_shown_with_what_was_changed_of_them(terminal: Terminal, shop: RunningStandin) -> None:
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain, "--orders-from", "all")
    terminal.read("rules", "standin", "--set", "inventory.buffer=2", "--set", "inventory.kits.SET=MUG:2,LAMP:1")

    shown = {
        line.split()[0]: line.split()[1:] for line in terminal.read("rules", "standin").splitlines() if "." in line
    }

    assert shown["inventory.buffer"] == ["2", "0"]
    assert shown["inventory.window"] == ["30", "s"]
    assert shown["inventory.guard.share"] == ["0.3"]
    assert shown["inventory.kits.SET"] == ["MUG", "2,", "LAMP", "1", "none"]
    assert shown["orders.financial"] == ["PAID,", "PARTIALLY_REFUNDED"]
    assert shown["fulfillments.notify_customer"] == ["no"]


def test_other_rules_for_stock_are_at_work_with_the_next_look(connected: Terminal) -> None:
    said = connected.read("rules", "standin", "--set", "inventory.buffer=3", "--set", "inventory.window=0s")

    assert said.splitlines() == [
        "inventory.window: 30 s → 0 s",
        "inventory.buffer: 0 → 3",
        "2 items are looked at again.",
    ]
    assert connected.data_of("connections")[0]["waiting"] == 2


def test_rules_that_are_like_that_already_have_nothing_looked_at(connected: Terminal) -> None:
    connected.read("rules", "standin", "--set", "inventory.buffer=3", "--set", "inventory.window=0s")
    connected.read("sync", "standin")

    said = connected.read("rules", "standin", "--set", "inventory.buffer=3")

    assert said == "The rules were like that already.\n"
    assert connected.data_of("connections")[0]["waiting"] == 0


def test_an_order_that_is_held_for_a_field_goes_on_once_the_field_is_not_demanded(
    connected: Terminal, shop: RunningStandin
) -> None:
    connected.read("rules", "standin", "--set", "orders.required=sku,email", "--set", "orders.placed_from=none")
    connected.read("map-location", "standin", "Shop location", "MAIN")
    take_an_order_by_letter(shop)
    shop.advance(60)
    connected.read("sync", "standin")
    [held] = connected.data_of("holds")

    said = connected.read("rules", "standin", "--set", "orders.required=sku")
    connected.read("sync", "standin")

    assert held["cause"] == "field_missing"
    assert "1 held order is looked at again." in said
    assert connected.data_of("holds") == []


def test_rules_come_from_a_file_of_toml_or_of_json(terminal: Terminal, shop: RunningStandin, tmp_path: Path) -> None:
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain)
    toml = tmp_path / "rules.toml"
    toml.write_text('[inventory]\nbuffer = 2\n[[inventory.levels]]\nsku = "MUG-01"\ncap = 5\n')
    as_they_are = tmp_path / "rules.json"

    from_toml = terminal.data_of("rules", "standin", "--apply", str(toml))
    as_they_are.write_text(json.dumps(from_toml))
    terminal.read("rules", "standin", "--set", "inventory.buffer=9", "--set", "inventory.levels=[]")
    from_json = terminal.data_of("rules", "standin", "--apply", str(as_they_are))

    assert from_toml["inventory"]["buffer"] == 2
    assert from_toml["inventory"]["levels"][0]["cap"] == 5
    assert from_json == from_toml == terminal.data_of("rules", "standin")


def test_rules_that_cannot_be_are_refused_and_nothing_changes(
    terminal: Terminal, shop: RunningStandin, tmp_path: Path
) -> None:
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain)
    before = terminal.data_of("rules", "standin")
    broken = tmp_path / "rules.toml"
    broken.write_text("inventory = {")

    refusals = [
        terminal.refusal("rules", "standin", *words)
        for words in (
            ("--set", "inventory.buffer=2", "--set", "inventory.cap=-1"),
            ("--apply", str(broken)),
            ("--apply", str(tmp_path / "nowhere.json")),
            ("--set", "inventory.mode=delta"),
        )
    ]

    assert "inventory.cap cannot be -1" in refusals[0]
    assert "is not TOML" in refusals[1]
    assert "cannot be read: No such file" in refusals[2]
    assert "crossdock stock mode standin delta" in refusals[3]
    assert terminal.data_of("rules", "standin") == before
    assert "There is no connection nowhere" in terminal.refusal("rules", "nowhere")
