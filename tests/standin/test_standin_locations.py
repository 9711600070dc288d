from typing import Any

import pytest
from tests.standin.standin_asking import Shop, key

EDIT = """mutation($id: ID!, $input: LocationEditInput!) { locationEdit(id: $id, input: $input) {
  location { name fulfillsOnlineOrders address { city zip } } userErrors { field message code } } }"""
SHOWN = "location { isActive hasActiveInventory deletable }"
DEACTIVATE = f"""mutation($id: ID!, $to: ID, $key: String!) {{
  locationDeactivate(locationId: $id, destinationLocationId: $to) @idempotent(key: $key) {{
    {SHOWN} locationDeactivateUserErrors {{ field message code }} }} }}"""
ACTIVATE = f"""mutation($id: ID!, $key: String!) {{ locationActivate(locationId: $id) @idempotent(key: $key) {{
    {SHOWN} locationActivateUserErrors {{ field message code }} }} }}"""
DELETE = """mutation($id: ID!) { locationDelete(locationId: $id) {
  deletedLocationId locationDeleteUserErrors { field message code } } }"""
NOWHERE = "gid://shopify/Location/999"


def run(shop: Shop, query: str, **variables: Any) -> dict[str, Any]:
    payload: dict[str, Any] = next(iter(shop.ask(query, **variables).values()))
    return payload


def deactivation_code(shop: Shop, place: str, to: str | None = None) -> str:
    errors = run(shop, DEACTIVATE, id=place, to=to, key=key())["locationDeactivateUserErrors"]
    assert len(errors) == 1
    return str(errors[0]["code"])


def test_editing_changes_only_what_is_given(shop: Shop) -> None:
    place = shop.another_location("Far")
    shop.do(EDIT, id=place, input={"address": {"city": "Ottawa", "zip": "K1A"}})

    made = shop.do(EDIT, id=place, input={"name": "Further", "address": {"city": "Kanata"}})["location"]

    assert made == {"name": "Further", "fulfillsOnlineOrders": True, "address": {"city": "Kanata", "zip": "K1A"}}


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"name": "Shop location"}, ["input", "name"], "TAKEN"),
        ({"name": "N" * 101}, ["input", "name"], "TOO_LONG"),
        ({"address": {"city": "A" * 256}}, ["input", "address", "city"], "TOO_LONG"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_path(
    shop: Shop, given: dict[str, Any], field: list[str], code: str
) -> None:
    errors = shop.errors(EDIT, id=shop.another_location("Far"), input=given)

    assert [(error["field"], error["code"]) for error in errors] == [(field, code)]


def test_a_location_with_goods_needs_a_destination_which_then_has_them(shop: Shop) -> None:
    near, far = shop.location(), shop.another_location("Zone far")
    mug = shop.variant_at("MUG", {near: 2, far: 7})
    assert deactivation_code(shop, far) == "HAS_ACTIVE_INVENTORY_ERROR"

    closed = run(shop, DEACTIVATE, id=far, to=near, key=key())

    levels = """query($id: ID!) { inventoryItem(id: $id) { inventoryLevels(first: 5) { nodes {
      location { id } quantities(names: ["available"]) { quantity } } } } }"""
    found = shop.ask(levels, id=mug.item)["inventoryItem"]["inventoryLevels"]["nodes"]
    assert closed["location"] == {"isActive": False, "hasActiveInventory": False, "deletable": True}
    assert found == [{"location": {"id": near}, "quantities": [{"quantity": 9}]}]


def test_a_location_with_work_needs_a_destination_which_then_does_it(shop: Shop) -> None:
    near, far = shop.location(), shop.another_location("Zone far")
    order = shop.order((shop.variant_at("MUG", {far: 0, near: 0}, policy="CONTINUE"), 1), behaviour="BYPASS")
    part = shop.fulfillment_orders(order)[0]
    assigned = part["assignedLocation"]["location"]["id"]
    if assigned == near:
        move = """mutation($id: ID!, $to: ID!) { fulfillmentOrderMove(id: $id, newLocationId: $to) {
          movedFulfillmentOrder { id } userErrors { message } } }"""
        shop.do(move, id=part["id"], to=far)
    assert deactivation_code(shop, far) == "HAS_FULFILLMENT_ORDERS_ERROR"

    run(shop, DEACTIVATE, id=far, to=near, key=key())

    assert shop.fulfillment_orders(order)[0]["assignedLocation"]["location"]["id"] == near


def test_the_reasons_against_closing_are_told_by_code(shop: Shop) -> None:
    first, far = shop.location(), shop.another_location("Zone far")

    assert deactivation_code(shop, NOWHERE) == "LOCATION_NOT_FOUND"
    assert deactivation_code(shop, first) == "PERMANENTLY_BLOCKED_FROM_DEACTIVATION_ERROR"
    assert deactivation_code(shop, far, far) == "DESTINATION_LOCATION_IS_THE_SAME_LOCATION"
    assert deactivation_code(shop, far, NOWHERE) == "DESTINATION_LOCATION_NOT_FOUND_OR_INACTIVE"


def test_the_last_location_for_online_orders_stays(shop: Shop) -> None:
    first, far = shop.location(), shop.another_location("Zone far")
    shop.do(EDIT, id=first, input={"fulfillsOnlineOrders": False})

    errors = shop.errors(EDIT, id=far, input={"fulfillsOnlineOrders": False})

    assert [error["code"] for error in errors] == ["CANNOT_DISABLE_ONLINE_ORDER_FULFILLMENT"]
    assert deactivation_code(shop, far) == "CANNOT_DISABLE_ONLINE_ORDER_FULFILLMENT"


def test_a_closed_location_can_be_opened_again_or_deleted_for_good(shop: Shop) -> None:
    place = shop.another_location("Far")
    early = run(shop, DELETE, id=place)
    run(shop, DEACTIVATE, id=place, key=key())
    reopened = run(shop, ACTIVATE, id=place, key=key())
    run(shop, DEACTIVATE, id=place, key=key())

    deleted = run(shop, DELETE, id=place)

    assert [error["code"] for error in early["locationDeleteUserErrors"]] == ["LOCATION_IS_ACTIVE"]
    assert reopened["location"]["isActive"] is True
    assert deleted == {"deletedLocationId": place, "locationDeleteUserErrors": []}
    gone = run(shop, ACTIVATE, id=place, key=key())
    assert gone["locationActivateUserErrors"][0]["code"] == "LOCATION_NOT_FOUND"


def test_pickup_can_be_offered_at_a_location(shop: Shop) -> None:
    enable = """mutation($given: DeliveryLocationLocalPickupEnableInput!) {
      locationLocalPickupEnable(localPickupSettings: $given) {
        localPickupSettings { pickupTime instructions } userErrors { code } } }"""
    place = shop.location()
    settings = {"pickupTime": "ONE_HOUR", "instructions": "Ring twice"}

    shop.do(enable, given={"locationId": place, **settings})

    query = "query($id: ID!) { location(id: $id) { localPickupSettingsV2 { pickupTime instructions } } }"
    assert shop.ask(query, id=place)["location"]["localPickupSettingsV2"] == settings
    unknown = shop.errors(enable, given={"locationId": NOWHERE, **settings})
    assert unknown == [{"code": "ACTIVE_LOCATION_NOT_FOUND"}]
