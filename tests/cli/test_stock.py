"""Stock is explained to whoever asks, what drifted is found, and what a person decides about it is done."""

import pytest
from tests.cli.terminal import Terminal, add_location, put_goods_on_sale

from shopify_standin.testing import RunningStandin

_ITEMS = "{ productVariants(first: 10) { nodes { sku inventoryItem { id } } } }"
_LEVEL = """
query Level($item: ID!) {
  inventoryItem(id: $item) { inventoryLevels(first: 5) { nodes { quantities(names: ["available"]) { quantity } } } }
}"""
_EDIT = """
mutation Edit($input: InventoryAdjustQuantitiesInput!) {
  inventoryAdjustQuantities(input: $input) @idempotent(key: "edit") { userErrors { field message } }
}"""
_PLACE = "{ locations(first: 1) { nodes { id } } }"


def item_of(shop: RunningStandin, sku: str) -> str:
    """Return the inventory item of a SKU."""
    nodes = shop.graphql(_ITEMS)["data"]["productVariants"]["nodes"]
    found: str = next(node["inventoryItem"]["id"] for node in nodes if node["sku"] == sku)
    return found


def for_sale(shop: RunningStandin, sku: str) -> int:
    """Return what the shop may sell of it."""
    answer = shop.graphql(_LEVEL, {"item": item_of(shop, sku)})
    [level] = answer["data"]["inventoryItem"]["inventoryLevels"]["nodes"]
    quantity: int = level["quantities"][0]["quantity"]
    return quantity


def edit_by_hand(shop: RunningStandin, sku: str, delta: int) -> None:
    """Change stock as a person in Shopify's admin does."""
    [place] = shop.graphql(_PLACE)["data"]["locations"]["nodes"]
    change = {"inventoryItemId": item_of(shop, sku), "locationId": place["id"], "delta": delta}
    change["changeFromQuantity"] = for_sale(shop, sku)
    answer = shop.graphql(_EDIT, {"input": {"reason": "correction", "name": "available", "changes": [change]}})
    assert answer["data"]["inventoryAdjustQuantities"]["userErrors"] == [], answer


_STOCK_IT = """
mutation StockIt($item: ID!, $location: ID!) {
  inventoryActivate(inventoryItemId: $item, locationId: $location) @idempotent(key: "stock it") {
    userErrors { field message }
  }
}"""


def stock_it_at(shop: RunningStandin, sku: str, location: str) -> None:
    """Let the shop stock an item at one more location."""
    answer = shop.graphql(_STOCK_IT, {"item": item_of(shop, sku), "location": location})
    assert answer["data"]["inventoryActivate"]["userErrors"] == [], answer


@pytest.fixture
def connected(terminal: Terminal, shop: RunningStandin) -> Terminal:
    """An installation whose warehouse has ten mugs and ten lamps, which the shop has, too."""
    put_goods_on_sale(shop)
    terminal.read("warehouse", "add", "MAIN", "Main warehouse")
    for code in ("MUG", "LAMP"):
        terminal.read("warehouse", "items", "add", code, code)
        terminal.read("warehouse", "receive", code, "MAIN", "10")
    terminal.add_store(shop)
    terminal.read("connect", shop.shop_domain, "--orders-from", "all")
    terminal.read("rules", "standin", "--set", "inventory.window=0s")
    terminal.read("sync", "standin", "--catalog")
    return terminal


def let_the_edit_be_found(terminal: Terminal, code: str) -> None:
    """Have one more unit arrive, so that the hub writes, and Shopify refuses for it holds something else."""
    terminal.read("warehouse", "receive", code, "MAIN", "1")
    sync_until_nothing_waits(terminal)


def sync_until_nothing_waits(terminal: Terminal) -> None:
    """Sync, and again for what was to be looked at once more in a moment."""
    terminal.read("sync", "standin")
    while terminal.data_of("connections")[0]["waiting"]:
        terminal.read("sync", "standin")


def test_the_whole_sum_behind_a_level_can_be_read(connected: Terminal, shop: RunningStandin) -> None:
    connected.read("rules", "standin", "--set", "inventory.buffer=2")
    connected.read("sync", "standin")

    shown = connected.read("stock", "show", "standin", "MUG")
    [level] = connected.data_of("stock", "show", "standin", item_of(shop, "MUG"))["levels"]

    assert "10 at the warehouse, 0 sold and not yet seen, 2 buffer: publish 8" in shown
    assert "nothing to publish: Shopify has what it should." in shown
    assert (level["believed"], level["publish"], level["backend"], level["unseen"], level["buffer"]) == (8, 8, 10, 0, 2)
    assert for_sale(shop, "MUG") == 8


def test_an_item_that_is_not_linked_is_not_explained(connected: Terminal) -> None:
    said = connected.refusal("stock", "show", "standin", "GHOST")

    assert "No linked item of standin has the code or SKU GHOST" in said


def test_levels_that_agree_are_no_drift(connected: Terminal) -> None:
    document = connected.data_of("stock", "drift", "standin")

    assert (document["levels"], document["differing"], document["listed"]) == (2, 0, [])
    assert "Every level is what it should be." in connected.read("stock", "drift", "standin")


def test_an_edit_in_shopify_is_found_before_the_hub_has_looked(connected: Terminal, shop: RunningStandin) -> None:
    edit_by_hand(shop, "MUG", 5)

    [level] = connected.data_of("stock", "drift", "standin")["listed"]

    assert (level["item"], level["shopify_has"], level["believed"], level["publish"]) == ("MUG", 15, 10, 10)
    assert level["finding"] == "5 units more than the hub knows of: sold or edited."


def test_many_levels_become_empty_only_once_a_person_approves(connected: Terminal, shop: RunningStandin) -> None:
    for name in ("items=0", "at_least=1", "share=0"):
        connected.read("rules", "standin", "--set", f"inventory.guard.{name}")
    for code in ("MUG", "LAMP"):
        connected.read("warehouse", "count", code, "MAIN", "0")
    connected.read("sync", "standin")
    held = connected.data_of("holds")
    before = for_sale(shop, "MUG")

    said = connected.read("stock", "approve", "standin", "--for", "30min")
    connected.read("sync", "standin")

    assert [group["cause"] for group in held] == ["mass_change"]
    assert before == 10
    assert (
        said == "For 30 min 0 s, pushes of standin may empty any number of levels. 2 held items are looked at again.\n"
    )
    assert (for_sale(shop, "MUG"), for_sale(shop, "LAMP")) == (0, 0)


def test_an_edit_that_is_accepted_stands(connected: Terminal, shop: RunningStandin) -> None:
    connected.read("rules", "standin", "--set", "inventory.drift=ask")
    edit_by_hand(shop, "MUG", 5)
    let_the_edit_be_found(connected, "MUG")
    [held] = connected.data_of("holds")

    said = connected.read("stock", "accept", "standin", "MUG")
    sync_until_nothing_waits(connected)

    assert held["cause"] == "stock_edited"
    assert said.startswith("MUG at ")
    assert said.endswith(": +5 edited in Shopify stand.\n")
    assert for_sale(shop, "MUG") == 16
    assert "+5 by hand in Shopify: 16" in connected.read("stock", "show", "standin", "MUG")
    assert connected.data_of("holds") == []


def test_an_edit_that_is_reverted_is_undone(connected: Terminal, shop: RunningStandin) -> None:
    connected.read("rules", "standin", "--set", "inventory.drift=ask")
    edit_by_hand(shop, "MUG", 5)
    let_the_edit_be_found(connected, "MUG")
    before = for_sale(shop, "MUG")

    [level] = connected.data_of("stock", "revert", "standin", "MUG")["levels"]
    sync_until_nothing_waits(connected)

    assert (before, level["units"]) == (15, 5)
    assert for_sale(shop, "MUG") == 11


def test_what_the_rules_revert_by_themselves_is_told_afterwards(connected: Terminal, shop: RunningStandin) -> None:
    edit_by_hand(shop, "MUG", 5)
    let_the_edit_be_found(connected, "MUG")

    document = connected.data_of("stock", "drift", "standin")

    assert [(one["units"], one["done"]) for one in document["found_before"]] == [
        (5, "5 more than expected; published anew")
    ]
    assert for_sale(shop, "MUG") == 11


def test_nothing_that_was_not_edited_can_be_accepted(connected: Terminal) -> None:
    assert "Nothing that the hub knows of was edited at MUG" in connected.refusal("stock", "accept", "standin", "MUG")
    assert "Nothing that the hub knows of was edited at MUG" in connected.refusal("stock", "revert", "standin", "MUG")


def test_two_locations_of_one_warehouse_have_a_part_of_its_stock_each(
    connected: Terminal, shop: RunningStandin
) -> None:
    stock_it_at(shop, "MUG", add_location(shop, "Annex"))

    mapped = connected.read("map-location", "standin", "Annex", "MAIN")
    connected.read("sync", "standin", "--stock")
    levels = connected.data_of("stock", "show", "standin", "MUG")["levels"]

    assert "MAIN serves 2 locations: each is offered a part of its stock" in mapped
    assert [level["believed"] for level in levels] == [5, 5]
    assert "10 at the warehouse, 0 sold and not yet seen, its part is 5" in levels[0]["explained"]


def test_the_mode_is_switched_after_a_look_at_what_differs(connected: Terminal, shop: RunningStandin) -> None:
    said = connected.read("stock", "mode", "standin", "delta", "--yes")
    again = connected.read("stock", "mode", "standin", "delta", "--yes")
    connected.read("warehouse", "receive", "MUG", "MAIN", "3")
    connected.read("sync", "standin")

    assert said.startswith("standin is now in delta mode: what the warehouse gains or loses is added")
    assert again.startswith("standin was already in delta mode")
    assert for_sale(shop, "MUG") == 13


def test_in_delta_mode_what_shopify_had_can_be_the_beginning(connected: Terminal, shop: RunningStandin) -> None:
    edit_by_hand(shop, "MUG", 5)

    asked = connected.refusal("stock", "mode", "standin", "delta", "--yes")
    switched = connected.data_of("stock", "mode", "standin", "delta", "--adopt", "--yes")
    connected.read("sync", "standin")
    connected.read("warehouse", "receive", "MUG", "MAIN", "3")
    connected.read("sync", "standin")

    assert "Say --repair to publish them first, or --adopt" in asked
    assert [one["item"] for one in switched["differed"]] == ["MUG"]
    assert for_sale(shop, "MUG") == 18


def test_in_absolute_mode_what_differs_is_published_anew(connected: Terminal, shop: RunningStandin) -> None:
    connected.read("stock", "mode", "standin", "delta", "--yes")
    edit_by_hand(shop, "MUG", 5)

    connected.read("stock", "mode", "standin", "absolute", "--yes")
    connected.read("sync", "standin")

    assert for_sale(shop, "MUG") == 10
    assert "--adopt is for delta mode" in connected.refusal("stock", "mode", "standin", "absolute", "--adopt")


def test_without_a_terminal_nothing_is_switched_unasked(connected: Terminal) -> None:
    assert "Say --yes to switch to delta mode" in connected.type("stock", "mode", "standin", "delta").err
