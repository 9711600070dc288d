"""With --json, stdout holds one JSON document and nothing else, whatever the command."""

import json

import pytest
from tests.cli.terminal import Terminal, put_goods_on_sale

from crossdock.model.flow import Flow
from shopify_standin.testing import RunningStandin

LISTS = [
    ("store", "list"),
    ("connections",),
    ("overview",),
    ("orders", "list"),
    ("holds",),
    ("doctor",),
    ("proof",),
    ("warehouse", "list"),
    ("warehouse", "items", "list"),
    ("warehouse", "kits", "list"),
    ("warehouse", "stock"),
    ("warehouse", "ledger", "MUG"),
    ("warehouse", "orders"),
]


def test_a_list_of_nothing_is_json_too(terminal: Terminal) -> None:
    documents = [terminal.data_of(*words) for words in LISTS]

    whole = {("doctor",), ("proof",), ("overview",)}
    assert [type(document) for document in documents] == [dict if words in whole else list for words in LISTS]


def test_every_command_that_acts_answers_in_json(terminal: Terminal, shop: RunningStandin) -> None:
    put_goods_on_sale(shop)
    data = terminal.data_of

    assert data("warehouse", "add", "MAIN", "Main warehouse") == {"code": "MAIN", "name": "Main warehouse"}
    assert data("warehouse", "add", "ANNEX", "Annex")["code"] == "ANNEX"
    assert data("warehouse", "items", "add", "MUG", "Enamel mug", "--barcode", "4001")["barcodes"] == ["4001"]
    assert data("warehouse", "items", "add", "LAMP", "Brass lamp")["sku"] == "LAMP"
    assert data("warehouse", "items", "add", "SET", "Gift set")["sku"] == "SET"
    assert data("warehouse", "kits", "set", "SET", "MUG=2", "LAMP=1")["components"] == {"MUG": 2, "LAMP": 1}
    assert data("warehouse", "kits", "drop", "SET")["components"] == {}
    assert data("warehouse", "receive", "LAMP", "MAIN", "30")[0]["available"] == 30
    assert data("warehouse", "receive", "MUG", "MAIN", "30")[0]["on_hand"] == 30
    assert data("warehouse", "count", "MUG", "MAIN", "28")[0]["on_hand"] == 28
    assert data("warehouse", "adjust", "MUG", "MAIN", "-1")[0]["on_hand"] == 27
    assert [one["on_hand"] for one in data("warehouse", "transfer", "MUG", "MAIN", "ANNEX", "7")] == [20, 7]
    assert [one["movement"]["reason"] for one in data("warehouse", "ledger", "MUG", "--limit", "1")] == ["transfer"]
    assert terminal.add_store(shop) == {
        "domain": shop.shop_domain,
        "name": "standin",
        "currency": "CAD",
        "plan": "Basic",
        "known": False,
    }
    assert data("connect", shop.shop_domain, "--orders-from", "all")["connection"]["id"] == "standin"
    assert data("map-location", "standin", "Shop location", "MAIN")["changed"] is True
    assert data("map-location", "standin", "Shop location", "ANNEX")["changed"] is True
    assert data("unmap-location", "standin", "Shop location", "ANNEX")["changed"] is True
    assert data("sync", "standin", "--stock", "--catalog")["changed_at_store"] == 2
    shop.buy(1)
    shop.advance(60)
    [planned] = data("plan", "standin", "orders")
    assert [step["step"] for step in planned["steps"]] == ["Send"]
    assert data("sync", "standin")["flows"]["orders"]["held"] == 0
    [order] = data("orders", "list", "--state", "at_warehouse", "--connection", "standin")
    assert data("sync", "standin", "--order", order["name"])["flows"]["orders"]["looked_at"] >= 1
    [asked] = data("warehouse", "orders", "--state", "not_released")
    assert data("warehouse", "order", asked["reference"])["order"]["name"] == order["name"]
    assert data("warehouse", "release", asked["reference"])["state"] == "released"
    assert data("warehouse", "pick", asked["reference"])["state"] == "picking"
    assert data("warehouse", "pack", asked["reference"])["state"] == "packed"
    assert data("warehouse", "ship", asked["reference"], "--tracking", "1Z1")["state"] == "shipped"
    package = f"{asked['reference']}-1"
    tracked = data("warehouse", "track", asked["reference"], package, "--carrier", "DHL", "--tracking", "JD1")
    assert tracked["parcels"][0]["tracking_number"] == "JD1"
    assert data("retry", "standin")["total"] == 0
    assert data("sync", "standin")["connection"] == "standin"
    assert data("reconcile", "standin")["differed"] == []
    assert {one["flow"] for one in data("proof")["flows"]} == {one.value for one in Flow}
    assert data("orders", "show", order["name"], "--calls")["exchanges"]
    assert data("connections")[0]["held"] == 0
    assert data("store", "pause", shop.shop_domain)["paused"] == "Paused by hand."
    assert data("store", "resume", shop.shop_domain)["paused"] is None


@pytest.mark.parametrize(
    ("words", "code"),
    [(("orders", "show", "#1"), 1), (("sync",), 2), (("ordres", "list"), 2)],
    ids=["no such order", "missing argument", "no such command"],
)
def test_an_error_is_json_too(terminal: Terminal, words: tuple[str, ...], code: int) -> None:
    screen = terminal.type(*words, "--json")

    assert screen.code == code
    assert json.loads(screen.out).keys() == {"error"}
