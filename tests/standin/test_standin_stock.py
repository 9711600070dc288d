from typing import Any

from tests.standin.standin_asking import SET, Shop, Variant, key
from tests.standin.standin_hooks import subscribe

from shopify_standin.receiving import Receiver
from shopify_standin.testing import RunningStandin


def setting(
    variant: Variant, place: str, quantity: int, name: str = "available", expected: int | None = None
) -> dict[str, Any]:
    row = {"inventoryItemId": variant.item, "locationId": place, "quantity": quantity, "changeFromQuantity": expected}
    return {"name": name, "reason": "correction", "quantities": [row]}


def test_an_order_moves_units_from_available_to_committed(shop: Shop) -> None:
    mug = shop.variant("MUG", default=10)

    shop.order((mug, 3))

    assert shop.stock(mug) == {"available": 7, "committed": 3, "on_hand": 10}


def test_shipping_takes_committed_units_off_the_shelf(shop: Shop) -> None:
    mug = shop.variant("MUG", default=10)
    order = shop.order((mug, 3))

    shop.fulfill(shop.fulfillment_orders(order)[0]["id"])

    assert shop.stock(mug) == {"available": 7, "committed": 0, "on_hand": 7}


def test_cancelling_with_restock_makes_the_units_available_again(shop: Shop) -> None:
    mug = shop.variant("MUG", default=10)
    order = shop.order((mug, 3))

    cancel = """mutation($id: ID!) { orderCancel(orderId: $id, reason: CUSTOMER, restock: true) {
      job { id done } orderCancelUserErrors { code } userErrors { message } } }"""
    job = shop.do(cancel, id=order)["job"]

    assert job["done"] is False
    assert shop.ask("query($id: ID!) { job(id: $id) { done } }", id=job["id"])["job"]["done"] is True
    assert shop.stock(mug) == {"available": 10, "committed": 0, "on_hand": 10}
    assert shop.fulfillment_orders(order)[0]["status"] == "CLOSED"


def test_cancelling_before_the_order_is_routed_lets_go_of_its_units_too(shop: Shop, standin: RunningStandin) -> None:
    standin.control("settings", fulfillment_order_delay=3600)
    mug = shop.variant("MUG", default=10)
    order = shop.order((mug, 3))

    cancel = """mutation($id: ID!) { orderCancel(orderId: $id, reason: CUSTOMER, restock: true) {
      job { id done } orderCancelUserErrors { code } userErrors { message } } }"""
    shop.do(cancel, id=order)
    standin.advance(3601)

    assert shop.stock(mug) == {"available": 10, "committed": 0, "on_hand": 10}
    assert shop.fulfillment_orders(order) == []


def test_bypassing_inventory_leaves_the_stock_alone(shop: Shop) -> None:
    mug = shop.variant("MUG", default=10)

    order = shop.order((mug, 3), behaviour="BYPASS")
    shop.fulfill(shop.fulfillment_orders(order)[0]["id"])

    assert shop.stock(mug) == {"available": 10, "committed": 0, "on_hand": 10}


def test_setting_on_hand_moves_available_by_the_difference(shop: Shop) -> None:
    mug = shop.variant("MUG", default=10)
    shop.order((mug, 4))

    group = shop.do(SET, input=setting(mug, shop.location(), 12, "on_hand", 10), key=key())["inventoryAdjustmentGroup"]

    assert group["changes"] == [{"name": "available", "delta": 2}, {"name": "on_hand", "delta": 2}]
    assert shop.stock(mug) == {"available": 8, "committed": 4, "on_hand": 12}


def test_a_stale_change_from_quantity_writes_nothing(shop: Shop) -> None:
    mug, cup, place = shop.variant("MUG", default=10), shop.variant("CUP", default=1), shop.location()
    good, stale = setting(cup, place, 5)["quantities"][0], setting(mug, place, 5, expected=9)["quantities"][0]

    errors = shop.errors(SET, input={**setting(mug, place, 5), "quantities": [good, stale]}, key=key())

    assert [(e["field"], e["code"]) for e in errors] == [
        (["input", "quantities", "1", "changeFromQuantity"], "CHANGE_FROM_QUANTITY_STALE")
    ]
    assert shop.stock(cup)["available"] == 1


def test_setting_what_is_set_already_changes_nothing_and_is_no_error(shop: Shop) -> None:
    mug = shop.variant("MUG", default=10)

    assert shop.do(SET, input=setting(mug, shop.location(), 10), key=key())["inventoryAdjustmentGroup"] is None


def test_wrong_names_reasons_places_and_repeats_are_told_by_their_path(shop: Shop) -> None:
    mug, place = shop.variant("MUG", default=10), shop.location()
    elsewhere = shop.another_location("Elsewhere")
    twice = {**setting(mug, place, 1), "quantities": setting(mug, place, 1)["quantities"] * 2}

    def codes(given: dict[str, Any]) -> list[tuple[str, str]]:
        return [(".".join(e["field"]), e["code"]) for e in shop.errors(SET, input=given, key=key())]

    assert codes(setting(mug, place, 1, "damaged")) == [("input.name", "INVALID_NAME")]
    assert codes({**setting(mug, place, 1), "reason": "because"}) == [("input.reason", "INVALID_REASON")]
    assert codes(setting(mug, elsewhere, 1)) == [("input.quantities.0.locationId", "ITEM_NOT_STOCKED_AT_LOCATION")]
    assert codes(setting(mug, place, -1, "on_hand")) == [("input.quantities.0.quantity", "INVALID_QUANTITY_NEGATIVE")]
    assert [code for _, code in codes(twice)] == ["NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR"] * 2


def test_since_2026_10_a_quantity_may_be_set_where_the_item_was_not_stocked(shop: Shop) -> None:
    mug, elsewhere = shop.variant("MUG", default=10), shop.another_location("Elsewhere")

    shop.do(SET, "2026-10", input=setting(mug, elsewhere, 6), key=key())

    assert shop.stock(mug)["available"] == 16


def test_activating_stocks_an_item_once(shop: Shop) -> None:
    mug, elsewhere = shop.variant("MUG", default=10), shop.another_location("Elsewhere")
    activate = """mutation($item: ID!, $place: ID!, $n: Int, $key: String!) {
      inventoryActivate(inventoryItemId: $item, locationId: $place, available: $n) @idempotent(key: $key) {
        inventoryLevel { id } userErrors { field message } } }"""

    shop.do(activate, item=mug.item, place=elsewhere, n=5, key=key())
    again = shop.errors(activate, item=mug.item, place=elsewhere, n=5, key=key())

    assert shop.stock(mug)["available"] == 15
    assert again[0]["message"] == (
        "Not allowed to set available quantity when the item is already active at the location."
    )


def test_customs_codes_by_country_are_kept_and_told(shop: Shop, receiver: Receiver) -> None:
    variant = shop.variant("A-1", default=1)
    subscribe(shop, receiver, "INVENTORY_ITEMS_UPDATE")
    update = """mutation($id: ID!, $input: InventoryItemInput!) { inventoryItemUpdate(id: $id, input: $input) {
      inventoryItem { harmonizedSystemCode countryHarmonizedSystemCodes(first: 5) {
        nodes { countryCode harmonizedSystemCode } } } userErrors { message } } }"""
    codes = [{"countryCode": "US", "harmonizedSystemCode": "6912000000"}]

    item = shop.do(
        update, id=variant.item, input={"harmonizedSystemCode": "691200", "countryHarmonizedSystemCodes": codes}
    )["inventoryItem"]

    _, told = receiver.next()
    assert item == {"harmonizedSystemCode": "691200", "countryHarmonizedSystemCodes": {"nodes": codes}}
    assert told["country_harmonized_system_codes"] == [{"country_code": "US", "harmonized_system_code": "6912000000"}]
