"""`crossdock orders set`, `replay`, `resend`, …: one order is put right, tried out and asked for again by command."""

import pytest
from tests.cli.terminal import Terminal, put_goods_on_sale
from tests.cli.test_mappings import take_order

from shopify_standin.testing import RunningStandin


@pytest.fixture
def order(terminal: Terminal, shop: RunningStandin) -> str:
    """The name of an order that is held, as it has no telephone and the connection demands one."""
    put_goods_on_sale(shop)
    terminal.read("warehouse", "add", "MAIN", "Main warehouse")
    for code in ("MUG", "LAMP"):
        terminal.read("warehouse", "items", "add", code, code)
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain, "--orders-from", "all")
    terminal.read("rules", "standin", "--set", "orders.required=phone")
    name = take_order(shop, tags=[], note="Ring twice")
    terminal.read("sync", "standin")
    return name


def test_what_is_missing_is_set_tried_out_and_done(terminal: Terminal, order: str) -> None:
    held = terminal.data_of("orders", "replay", order)
    terminal.read("orders", "set", order, "phone=+1 555 0100", "fields.priority=7", "--why", "They rang.")
    planned = terminal.data_of("orders", "replay", order)
    nothing_done = terminal.data_of("warehouse", "orders")
    terminal.read("orders", "replay", order, "--do")
    terminal.read("sync", "standin")

    assert held["plans"][0]["hold"]["cause"] == "field_missing"
    assert planned["plans"][0]["would"] == [f"Ask warehouse MAIN for {order}: 1 unit."]
    phone = {"title": "Phone", "before": None, "after": "+1 555 0100", "who": "set by hand"}
    assert phone in planned["requests"][0]["differs"]
    assert nothing_done == []
    said = terminal.data_of("orders", "show", order)["said"]
    by = {row["field"]: (row["value"], row["who"]) for row in said["requests"][0]["fields"]}
    assert by["phone"] == ("+1 555 0100", "set by hand")
    assert by["fields.priority"] == ("7", "set by hand")
    assert by["note"] == ("Ring twice", "Shopify")
    assert [one["override"]["why"] for one in said["set_by_hand"]] == ["They rang.", "They rang."]


def test_what_was_set_is_undone(terminal: Terminal, order: str) -> None:
    terminal.read("orders", "set", order, "phone=1", "--why", "They rang.")

    undone = terminal.data_of("orders", "unset", order, "phone")

    assert undone["fields"] == ["phone"]
    assert terminal.data_of("orders", "show", order)["said"]["set_by_hand"] == []
    assert "Nobody set Phone" in terminal.refusal("orders", "unset", order, "phone")


def test_a_held_order_is_let_go_and_then_asked_for_again_without_being_doubled(terminal: Terminal, order: str) -> None:
    assert "was asked for" in terminal.refusal("orders", "resend", order)
    terminal.read("orders", "release", order)
    terminal.read("sync", "standin")

    again = terminal.data_of("orders", "resend", order)
    terminal.read("sync", "standin")

    [sheet] = terminal.data_of("warehouse", "orders")
    assert (again["request"], again["reference"]) == (order, sheet["reference"])
    assert "as it says when asked" in terminal.read("orders", "show", order)


def test_what_says_nothing_is_refused(terminal: Terminal, order: str) -> None:
    assert "FIELD=VALUE" in terminal.refusal("orders", "set", order, "phone", "--why", "x")
    assert "looked at again" in terminal.read("orders", "retry", order)
