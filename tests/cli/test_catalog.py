"""Variants are looked through, suggested items and linked at the command line; what is held is put aside there, too."""

from pathlib import Path

import pytest
from tests.cli.terminal import Terminal, put_goods_on_sale

from shopify_standin.testing import RunningStandin


@pytest.fixture
def connected(terminal: Terminal, shop: RunningStandin) -> Terminal:
    """An installation whose warehouse has the shop's goods under codes that only a person can tell."""
    put_goods_on_sale(shop)
    terminal.read("warehouse", "add", "MAIN", "Main warehouse")
    terminal.read("warehouse", "items", "add", "4711", "Mug of enamel", "--sku", "mug_")
    terminal.read("warehouse", "items", "add", "4712", "Lamp (brass)", "--sku", "L-1")
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain, "--orders-from", "all")
    terminal.read("sync", "standin", "--catalog")
    return terminal


def linked(terminal: Terminal) -> dict[str, str]:
    """Each linked variant's title and item."""
    return {one["seen"]["title"]: one["item"] for one in terminal.data_of("catalog", "list", "standin")}


def unlinked(terminal: Terminal) -> dict[str, str]:
    """Each unlinked variant's SKU and id."""
    found = terminal.data_of("catalog", "list", "standin", "--show", "unlinked")
    return {one["seen"]["sku"]: one["seen"]["id"] for one in found}


def test_what_no_code_ties_is_suggested_and_linked_by_hand_for_good(connected: Terminal) -> None:
    suggested = connected.data_of("catalog", "suggest", "standin")
    variant = unlinked(connected)["LAMP"]

    said = connected.read("catalog", "link", "standin", variant.rsplit("/", 1)[-1], "4712")
    connected.read("sync", "standin", "--catalog")

    assert {one["variant"]["sku"]: one["suggestions"][0]["item"]["code"] for one in suggested} == {
        "MUG": "4711",
        "LAMP": "4712",
    }
    assert said == f"{variant} is item 4712 now. What waited for that is looked at again.\n"
    assert list(linked(connected).values()) == ["4712"]
    assert list(unlinked(connected)) == ["MUG"]


def test_only_what_is_sure_is_confirmed_at_once(connected: Terminal) -> None:
    done = connected.data_of("catalog", "confirm", "standin")

    assert [one["item"] for one in done] == ["4711"]
    assert list(linked(connected).values()) == ["4711"]


def test_a_list_is_imported_and_its_bad_rows_are_written_to_be_mended(connected: Terminal, tmp_path: Path) -> None:
    written, bad = tmp_path / "links.csv", tmp_path / "bad.csv"
    written.write_text("sku,item\nMUG,4711\nLAMP,NONE\n")

    checked = connected.data_of("catalog", "import", "standin", str(written), "--check")
    before = linked(connected)
    said = connected.read("catalog", "import", "standin", str(written), "--bad", str(bad))

    assert (checked["linked"], before) == (1, {})
    assert said.startswith("1 row linked, 0 as it was, 1 bad.")
    assert bad.read_text().splitlines()[1].startswith(',LAMP,NONE,"The backend has no item NONE.')
    assert list(linked(connected).values()) == ["4711"]


def test_what_cannot_be_linked_is_refused_with_a_sentence(connected: Terminal) -> None:
    mug = unlinked(connected)["MUG"]

    assert "The backend has no item GHOST." in connected.refusal("catalog", "link", "standin", mug, "GHOST")
    assert "cannot be read" in connected.refusal("catalog", "import", "standin", "/nowhere.csv")
    assert "Every code is one variant's." in connected.read("catalog", "duplicates")


def test_what_is_held_is_put_aside_and_taken_up_again(connected: Terminal) -> None:
    mug = unlinked(connected)["MUG"]
    connected.read("users", "add", "grace@example.com", "Grace", "--role", "operator", "--link")

    done = [
        connected.read("assign", "standin", "--to", "grace@example.com", "--key", mug),
        connected.read("snooze", "standin", "--for", "48h", "--cause", "item_missing"),
        connected.read("resolve", "standin", "--note", "Sold out.", "--key", mug),
    ]
    put_aside = [one["open"] for one in connected.data_of("holds")[0]["objects"]]
    connected.read("reopen", "standin", "--cause", "item_missing")

    assert done == [
        "1 held object is the task of grace@example.com.\n",
        "2 held objects are snoozed for 2 d.\n",
        "1 held object is resolved.\n",
    ]
    assert put_aside == [False, False]
    assert [one["open"] for one in connected.data_of("holds")[0]["objects"]] == [True, True]
    assert "one of --cause, --order and --key" in connected.refusal("reopen", "standin")
    assert "Nothing like that is held" in connected.refusal("reopen", "standin", "--key", "gid://x")


def test_stock_is_listed_with_its_sums_and_its_history(connected: Terminal) -> None:
    connected.read("catalog", "confirm", "standin")
    connected.read("warehouse", "receive", "4711", "MAIN", "10")
    connected.read("sync", "standin", "--stock")

    [item] = connected.data_of("stock", "list", "--connection", "standin")
    noted = connected.data_of("stock", "history", "standin", "4711")

    assert (item["item"], [one["decided"]["publish"] for one in item["levels"]]) == ("4711", [10])
    assert noted[0]["publish"] == 10
    assert connected.data_of("stock", "list", "--show", "below_zero") == []
