"""Who changed what: every command that changes something leaves an entry in the transaction of the change."""

import os
import pwd

import psycopg
import pytest
from tests.cli.terminal import SECRET, Terminal, put_goods_on_sale

from shopify_standin.testing import RunningStandin


@pytest.fixture
def set_up(terminal: Terminal, shop: RunningStandin) -> Terminal:
    """A shop that is tied to a warehouse, with a held order."""
    put_goods_on_sale(shop)
    terminal.read("warehouse", "add", "MAIN", "Main warehouse")
    terminal.read("warehouse", "items", "add", "MUG", "Enamel mug")
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain, "--orders-from", "all")
    return terminal


def test_every_change_of_a_days_work_is_in_the_trail_with_who_made_it(set_up: Terminal, shop: RunningStandin) -> None:
    set_up.read("rules", "standin", "--set", "inventory.buffer=2")
    set_up.read("unmap-location", "standin", "Shop location", "MAIN")
    set_up.read("map-location", "standin", "Shop location", "MAIN")
    set_up.read("store", "pause", shop.shop_domain, "--reason", "Stocktaking.")
    set_up.read("store", "resume", shop.shop_domain)
    set_up.read("stock", "approve", "standin", "--for", "30min")
    set_up.add_store(shop)
    set_up.type("reconcile", "standin", "--repair")
    set_up.read("secrets", "rotate")

    trail = list(reversed(set_up.data_of("audit")))

    assert [one["deed"] for one in trail] == [
        "store added",
        "connection added",
        "rules changed",
        "location unmapped",
        "location mapped",
        "store paused",
        "store resumed",
        "pushes approved",
        "credentials changed",
        "asked for a repair",
        "secrets sealed anew",
    ]
    me = pwd.getpwuid(os.getuid()).pw_name
    assert {(one["actor"]["name"], one["actor"]["face"]) for one in trail} == {(me, "cli")}


def test_a_change_of_the_rules_is_told_rule_by_rule(set_up: Terminal) -> None:
    set_up.read("rules", "standin", "--set", "inventory.buffer=2")
    set_up.read("rules", "standin", "--set", "inventory.buffer=2")

    [entry] = set_up.data_of("audit", "--about", "rules")

    assert (entry["object"], entry["before"], entry["after"]) == (
        "standin",
        {"inventory.buffer": 0},
        {"inventory.buffer": 2},
    )


def test_a_change_that_fails_leaves_no_entry(set_up: Terminal, shop: RunningStandin) -> None:
    before = set_up.data_of("audit")

    set_up.refusal("connect", shop.shop_domain)
    set_up.refusal("rules", "nowhere", "--set", "inventory.buffer=2")
    set_up.refusal("store", "pause", "nowhere.myshopify.com")
    set_up.refusal("stock", "approve", "nowhere")

    assert set_up.data_of("audit") == before


def test_no_secret_reaches_the_trail(set_up: Terminal, shop: RunningStandin, database_url: str) -> None:
    set_up.add_store(shop)
    with psycopg.connect(database_url) as connection:
        kept = str(connection.execute("SELECT row_to_json(audit)::text FROM audit").fetchall())

    assert "credentials changed" in kept
    assert SECRET not in kept
    assert shop.token not in kept


def test_it_can_be_narrowed_to_somebody_or_to_something(set_up: Terminal) -> None:
    assert len(set_up.data_of("audit", "--limit", "1")) == 1
    assert [one["deed"] for one in set_up.data_of("audit", "--about", "CONNECTION")] == ["connection added"]
    assert set_up.data_of("audit", "--by", "nobody of that name") == []
    assert set_up.data_of("audit", "--by", "%") == []
