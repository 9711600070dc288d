from typing import Any

import pytest
from tests.standin.standin_asking import Shop, Variant, key

MOVE = """mutation($input: InventoryMoveQuantitiesInput!, $key: String!) {
  inventoryMoveQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { changes { name delta } } userErrors { field message code } } }"""
DEACTIVATE = "mutation($id: ID!) { inventoryDeactivate(inventoryLevelId: $id) { userErrors { field message } } }"
TOGGLE = """mutation($item: ID!, $updates: [InventoryBulkToggleActivationInput!]!) {
  inventoryBulkToggleActivation(inventoryItemId: $item, inventoryItemUpdates: $updates) {
    inventoryLevels { isActive location { id } } userErrors { field message code } } }"""
LEVELS = """query($id: ID!, $all: Boolean!) { inventoryItem(id: $id) {
  inventoryLevels(first: 10, includeInactive: $all) { nodes { id isActive canDeactivate location { id }
    quantities(names: ["available", "damaged", "on_hand"]) { name quantity } } } } }"""


def levels(shop: Shop, variant: Variant, *, inactive: bool = False) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shop.ask(LEVELS, id=variant.item, all=inactive)["inventoryItem"]["inventoryLevels"][
        "nodes"
    ]
    return found


def moved(variant: Variant, place: str, units: int, **to: Any) -> dict[str, Any]:
    start = {"name": "available", "locationId": place, "changeFromQuantity": None}
    end = {
        "name": "damaged",
        "locationId": place,
        "changeFromQuantity": None,
        "ledgerDocumentUri": "wms://count/1",
        **to,
    }
    row = {"inventoryItemId": variant.item, "quantity": units, "from": start, "to": end}
    return {"reason": "damaged", "referenceDocumentUri": "wms://count/1", "changes": [row]}


def test_moving_units_between_states_leaves_on_hand_as_it_was(shop: Shop) -> None:
    mug = shop.variant("MUG", default=5)

    made = shop.do(MOVE, input=moved(mug, shop.location(), 2), key=key())

    quantities = {row["name"]: row["quantity"] for row in levels(shop, mug)[0]["quantities"]}
    assert made["inventoryAdjustmentGroup"]["changes"] == [
        {"name": "available", "delta": -2},
        {"name": "damaged", "delta": 2},
    ]
    assert quantities == {"available": 3, "damaged": 2, "on_hand": 5}


@pytest.mark.parametrize(
    ("units", "to", "code"),
    [
        (-1, {}, "INVALID_QUANTITY_NEGATIVE"),
        (1, {"name": "available", "ledgerDocumentUri": None}, "SAME_QUANTITY_NAME"),
        (1, {"name": "committed"}, "INVALID_QUANTITY_NAME"),
        (1, {"ledgerDocumentUri": None}, "INVALID_QUANTITY_DOCUMENT"),
        (1, {"changeFromQuantity": 9}, "CHANGE_FROM_QUANTITY_STALE"),
    ],
)
def test_a_move_that_makes_no_sense_moves_nothing(shop: Shop, units: int, to: dict[str, Any], code: str) -> None:
    mug = shop.variant("MUG", default=5)

    errors = shop.errors(MOVE, input=moved(mug, shop.location(), units, **to), key=key())

    assert [error["code"] for error in errors] == [code]
    assert shop.stock(mug)["available"] == 5


def test_an_unstocked_level_keeps_its_id_and_units_out_of_sight(shop: Shop) -> None:
    near, far = shop.location(), shop.another_location("Zone far")
    mug = shop.variant_at("MUG", {near: 5, far: 2})
    level = next(x for x in levels(shop, mug) if x["location"]["id"] == far)

    assert shop.errors(DEACTIVATE, id=level["id"]) == []

    hidden = next(x for x in levels(shop, mug, inactive=True) if x["location"]["id"] == far)
    assert [x["location"]["id"] for x in levels(shop, mug)] == [near]
    assert (hidden["id"], hidden["isActive"], hidden["quantities"]) == (level["id"], False, level["quantities"])


def test_an_item_is_stocked_somewhere_and_what_is_promised_stays(shop: Shop) -> None:
    near, far = shop.location(), shop.another_location("Zone far")
    mug = shop.variant_at("MUG", {near: 5})
    only = levels(shop, mug)[0]
    shop.do(TOGGLE, item=mug.item, updates=[{"locationId": far, "activate": True}])
    shop.order((mug, 1))

    alone = shop.variant_at("LAMP", {near: 1})
    refused = shop.errors(DEACTIVATE, id=levels(shop, alone)[0]["id"])
    promised = shop.errors(TOGGLE, item=mug.item, updates=[{"locationId": near, "activate": False}])

    assert only["canDeactivate"] is False
    assert refused[0]["message"].endswith("because products need to be stocked at a minimum of 1 location.")
    assert [error["code"] for error in promised] == ["COMMITTED_INVENTORY_AT_LOCATION"]
    assert promised[0]["field"] == ["inventoryItemUpdates", "0", "locationId"]


def test_the_older_way_of_setting_on_hand_still_works(shop: Shop) -> None:
    mug = shop.variant("MUG", default=5)
    query = """mutation($input: InventorySetOnHandQuantitiesInput!, $key: String!) {
      inventorySetOnHandQuantities(input: $input) @idempotent(key: $key) {
        inventoryAdjustmentGroup { changes { name delta } } userErrors { field code } } }"""
    row = {"inventoryItemId": mug.item, "locationId": shop.location(), "quantity": 8, "changeFromQuantity": 5}

    made = shop.do(query, input={"reason": "correction", "setQuantities": [row]}, key=key())

    assert made["inventoryAdjustmentGroup"]["changes"] == [
        {"name": "available", "delta": 3},
        {"name": "on_hand", "delta": 3},
    ]
