import pytest
from tests.standin.standin_asking import SET, Shop, key

from shopify_standin.house.cost import row_weight
from shopify_standin.testing import RunningStandin

BARE_SET = """mutation($input: InventorySetQuantitiesInput!) { inventorySetQuantities(input: $input) {
  userErrors { message } } }"""


@pytest.mark.parametrize(("rows", "weight"), [(1, 1), (3, 2), (10, 4), (50, 7), (100, 9), (250, 11)])
def test_page_sizes_weigh_by_their_logarithm(rows: int, weight: int) -> None:
    assert row_weight(rows) == weight


def test_a_query_above_a_thousand_points_is_not_run(shop: Shop) -> None:
    deep = """{ orders(first: 250) { nodes { fulfillmentOrders(first: 250) { nodes { lineItems(first: 250) {
      nodes { lineItem { id } } } } } } } }"""

    error = shop.refused(deep)

    assert error["extensions"]["code"] == "MAX_COST_EXCEEDED"
    assert error["extensions"]["cost"] > error["extensions"]["maxCost"] == 1000


def test_an_empty_bucket_throttles_and_time_fills_it(standin: RunningStandin) -> None:
    dear = """{ orders(first: 250) { nodes { lineItems(first: 250) { nodes { product { id } variant { id } } }
      fulfillmentOrders(first: 10) { nodes { id } } } } }"""
    asked = standin.graphql(dear)["extensions"]["cost"]["requestedQueryCost"]
    standin.world.buckets[standin.standin.client_id].level = asked - 1
    standin.world.buckets[standin.standin.client_id].rate = 0.001

    throttled = standin.graphql(dear)
    standin.world.buckets[standin.standin.client_id].rate = 100
    standin.advance(10)
    later = standin.graphql(dear)

    assert throttled["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert throttled["extensions"]["cost"]["actualQueryCost"] is None
    assert "data" not in throttled
    assert "data" in later


def test_more_than_250_entries_in_a_list_are_refused(shop: Shop) -> None:
    row = {
        "inventoryItemId": "gid://shopify/InventoryItem/1",
        "locationId": shop.location(),
        "quantity": 1,
        "changeFromQuantity": None,
    }
    given = {"name": "available", "reason": "correction", "quantities": [row] * 251}

    assert shop.refused(SET, input=given, key=key())["extensions"]["code"] == "MAX_INPUT_SIZE_EXCEEDED"


def test_a_mutation_that_needs_a_key_is_refused_without(shop: Shop) -> None:
    given = {"name": "available", "reason": "correction", "quantities": []}

    error = shop.refused(BARE_SET, input=given)

    assert error["message"] == "The @idempotent directive is required for this mutation but was not provided."
    assert error["extensions"]["code"] == "BAD_REQUEST"
    assert error["path"] == ["inventorySetQuantities"]


def test_change_from_quantity_may_be_null_but_not_left_out(shop: Shop) -> None:
    mug = shop.variant("MUG", default=3)
    row = {"inventoryItemId": mug.item, "locationId": shop.location(), "quantity": 1}
    given = {"name": "available", "reason": "correction", "quantities": [row]}

    error = shop.refused(SET, input=given, key=key())

    assert error["extensions"]["code"] == "INVALID_FIELD_ARGUMENTS"
    assert error["message"] == "InventoryQuantityInput must include the following argument: changeFromQuantity."


def test_a_key_used_again_changes_nothing_twice_and_other_arguments_are_refused(shop: Shop) -> None:
    mug, place, same = shop.variant("MUG", default=3), shop.location(), key()
    adjust = """mutation($input: InventoryAdjustQuantitiesInput!, $key: String!) {
      inventoryAdjustQuantities(input: $input) @idempotent(key: $key) {
        inventoryAdjustmentGroup { id } userErrors { code } } }"""
    row = {"inventoryItemId": mug.item, "locationId": place, "delta": 2, "changeFromQuantity": None}
    given = {"name": "available", "reason": "received", "changes": [row]}

    first = shop.do(adjust, input=given, key=same)
    again = shop.do(adjust, input=given, key=same)
    other = shop.errors(adjust, input={**given, "reason": "correction"}, key=same)

    assert first == again
    assert shop.stock(mug)["available"] == 5
    assert other == [{"code": "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"}]


def test_a_key_is_forgotten_after_a_day(shop: Shop, standin: RunningStandin) -> None:
    mug, place, same = shop.variant("MUG", default=3), shop.location(), key()
    row = {"inventoryItemId": mug.item, "locationId": place, "quantity": 9, "changeFromQuantity": None}
    shop.do(SET, input={"name": "available", "reason": "correction", "quantities": [row]}, key=same)

    standin.advance(24 * 3600 + 1)
    row = {**row, "quantity": 4}
    shop.do(SET, input={"name": "available", "reason": "correction", "quantities": [row]}, key=same)

    assert shop.stock(mug)["available"] == 4
