from typing import Any

import pytest
from tests.standin.standin_asking import FULFILL, Shop

from shopify_standin.testing import RunningStandin

PART = """id status requestStatus supportedActions { action } assignedLocation { location { id } }
  fulfillmentHolds { id handle reason displayReason heldByRequestingApp }
  lineItems(first: 10) { nodes { id totalQuantity remainingQuantity lineItem { fulfillableQuantity } } }"""
READ = f"""query($id: ID!) {{ order(id: $id) {{
  displayFulfillmentStatus fulfillmentOrders(first: 10) {{ nodes {{ {PART} }} }} }} }}"""
HOLD = f"""mutation($id: ID!, $fulfillmentHold: FulfillmentOrderHoldInput!) {{
  fulfillmentOrderHold(id: $id, fulfillmentHold: $fulfillmentHold) {{ fulfillmentHold {{ id }}
    fulfillmentOrder {{ {PART} }} remainingFulfillmentOrder {{ {PART} }} userErrors {{ field message code }} }} }}"""
RELEASE = f"""mutation($id: ID!, $holdIds: [ID!], $externalId: String) {{
  fulfillmentOrderReleaseHold(id: $id, holdIds: $holdIds, externalId: $externalId) {{
    fulfillmentOrder {{ {PART} }} userErrors {{ field message code }} }} }}"""
MOVE = f"""mutation($id: ID!, $to: ID!, $lines: [FulfillmentOrderLineItemInput!]) {{
  fulfillmentOrderMove(id: $id, newLocationId: $to, fulfillmentOrderLineItems: $lines) {{
    movedFulfillmentOrder {{ {PART} }} originalFulfillmentOrder {{ {PART} }} remainingFulfillmentOrder {{ id }}
    userErrors {{ field message code }} }} }}"""
SPLIT = f"""mutation($splits: [FulfillmentOrderSplitInput!]!) {{
  fulfillmentOrderSplit(fulfillmentOrderSplits: $splits) {{
  fulfillmentOrderSplits {{ fulfillmentOrder {{ {PART} }} remainingFulfillmentOrder {{ {PART} }} }}
  userErrors {{ field message code }} }} }}"""
MERGE = f"""mutation($merges: [FulfillmentOrderMergeInput!]!) {{
  fulfillmentOrderMerge(fulfillmentOrderMergeInputs: $merges) {{
  fulfillmentOrderMerges {{ fulfillmentOrder {{ {PART} }} }}
  userErrors {{ field message code }} }} }}"""
CANCEL = f"""mutation($id: ID!) {{ fulfillmentOrderCancel(id: $id) {{ fulfillmentOrder {{ {PART} }}
  replacementFulfillmentOrder {{ {PART} }} userErrors {{ field message }} }} }}"""
SERVICE = """mutation($name: String!, $url: URL) { fulfillmentServiceCreate(name: $name, callbackUrl: $url,
  inventoryManagement: true, trackingSupport: true, requiresShippingMethod: true) {
  fulfillmentService { id handle location { id isFulfillmentService } } userErrors { field message } } }"""


def simply(name: str, arguments: str = "id: $id") -> str:
    """A mutation of one fulfillment order that shows it."""
    return f"""mutation($id: ID!) {{ {name}({arguments}) {{ fulfillmentOrder {{ {PART} }}
      userErrors {{ field message }} }} }}"""


def actions(part: dict[str, Any]) -> list[str]:
    return [entry["action"] for entry in part["supportedActions"]]


def units(part: dict[str, Any]) -> list[tuple[int, int]]:
    return [(line["totalQuantity"], line["remainingQuantity"]) for line in part["lineItems"]["nodes"]]


def lines(part: dict[str, Any], quantity: int) -> list[dict[str, Any]]:
    return [{"id": part["lineItems"]["nodes"][0]["id"], "quantity": quantity}]


def read(shop: Shop, order: str) -> tuple[str, list[dict[str, Any]]]:
    found = shop.ask(READ, id=order)["order"]
    return found["displayFulfillmentStatus"], found["fulfillmentOrders"]["nodes"]


@pytest.fixture
def order(shop: Shop) -> str:
    return shop.order((shop.variant("MUG", default=9), 3))


@pytest.fixture
def part(shop: Shop, order: str) -> dict[str, Any]:
    return read(shop, order)[1][0]


def test_holding_some_units_splits_the_rest_off_and_releasing_brings_them_back(
    shop: Shop, order: str, part: dict[str, Any]
) -> None:
    given = {"reason": "OTHER", "handle": "first", "fulfillmentOrderLineItems": lines(part, 1)}
    made = shop.do(HOLD, id=part["id"], fulfillmentHold=given)

    assert (units(made["fulfillmentOrder"]), units(made["remainingFulfillmentOrder"])) == ([(1, 1)], [(2, 2)])
    assert actions(made["fulfillmentOrder"]) == ["RELEASE_HOLD", "HOLD", "MOVE"]
    assert made["fulfillmentOrder"]["lineItems"]["nodes"][0]["lineItem"] == {"fulfillableQuantity": 2}

    released = shop.do(RELEASE, id=part["id"], holdIds=[made["fulfillmentHold"]["id"]])["fulfillmentOrder"]

    _, parts = read(shop, order)
    assert (released["status"], units(released)) == ("OPEN", [(3, 3)])
    assert [(x["status"], units(x)) for x in parts] == [("OPEN", [(3, 3)]), ("CLOSED", [(0, 0)])]


def test_holds_stack_by_handle_and_the_order_waits_until_the_last_is_gone(
    shop: Shop, order: str, part: dict[str, Any]
) -> None:
    first = shop.do(HOLD, id=part["id"], fulfillmentHold={"reason": "AWAITING_RETURN_ITEMS", "handle": "a"})
    shop.do(HOLD, id=part["id"], fulfillmentHold={"reason": "OTHER", "handle": "b"})
    again = shop.errors(HOLD, id=part["id"], fulfillmentHold={"reason": "OTHER", "handle": "b"})
    some = {"reason": "OTHER", "handle": "c", "fulfillmentOrderLineItems": lines(part, 1)}
    not_splittable = shop.errors(HOLD, id=part["id"], fulfillmentHold=some)

    left = shop.do(RELEASE, id=part["id"], holdIds=[first["fulfillmentHold"]["id"]])["fulfillmentOrder"]

    assert (
        first["fulfillmentOrder"]["fulfillmentHolds"][0]["displayReason"] == "Exchange items awaiting return delivery"
    )
    assert [error["code"] for error in again] == ["DUPLICATE_FULFILLMENT_HOLD_HANDLE"]
    assert [error["code"] for error in not_splittable] == ["FULFILLMENT_ORDER_NOT_SPLITTABLE"]
    assert (left["status"], read(shop, order)[0]) == ("ON_HOLD", "ON_HOLD")
    assert shop.do(RELEASE, id=part["id"])["fulfillmentOrder"]["fulfillmentHolds"] == []


def test_a_hold_is_released_by_the_apps_own_name_for_it(shop: Shop, part: dict[str, Any]) -> None:
    for name in ("a", "b"):
        hold = {"reason": "OTHER", "handle": name, "externalId": f"wms-{name}"}
        shop.do(HOLD, id=part["id"], fulfillmentHold=hold)

    left = shop.do(RELEASE, id=part["id"], externalId="wms-a")["fulfillmentOrder"]

    assert (left["status"], len(left["fulfillmentHolds"])) == ("ON_HOLD", 1)
    assert shop.errors(RELEASE, id=part["id"], externalId="wms-a")[0]["field"] == ["externalId"]
    assert shop.do(RELEASE, id=part["id"], externalId="wms-b")["fulfillmentOrder"]["status"] == "OPEN"


def test_an_app_has_ten_holds_at_most_on_one_fulfillment_order(shop: Shop, part: dict[str, Any]) -> None:
    made = [
        shop.do(HOLD, id=part["id"], fulfillmentHold={"reason": "OTHER", "handle": f"h{number}"})["fulfillmentOrder"]
        for number in range(10)
    ]

    errors = shop.errors(HOLD, id=part["id"], fulfillmentHold={"reason": "OTHER", "handle": "one more"})

    assert [error["code"] for error in errors] == ["FULFILLMENT_ORDER_HOLD_LIMIT_REACHED"]
    assert (actions(made[8]), actions(made[9])) == (["RELEASE_HOLD", "HOLD", "MOVE"], ["RELEASE_HOLD", "MOVE"])


def test_moving_everything_keeps_the_id_and_takes_the_committed_units_along(shop: Shop) -> None:
    near, far = shop.location(), shop.another_location("Far")
    mug = shop.variant_at("MUG", {near: 5, far: 5})
    order = shop.order((mug, 3))
    part = read(shop, order)[1][0]

    made = shop.do(MOVE, id=part["id"], to=far)

    assert made["movedFulfillmentOrder"]["id"] == made["originalFulfillmentOrder"]["id"] == part["id"]
    assert made["remainingFulfillmentOrder"] is None
    assert made["movedFulfillmentOrder"]["assignedLocation"]["location"]["id"] == far
    shop.fulfill(part["id"])
    assert shop.stock(mug) == {"available": 7, "committed": 0, "on_hand": 7}


def test_moving_some_units_makes_a_new_fulfillment_order(shop: Shop) -> None:
    near, far = shop.location(), shop.another_location("Far")
    order = shop.order((shop.variant_at("MUG", {near: 5, far: 5}), 3))
    part = read(shop, order)[1][0]

    made = shop.do(MOVE, id=part["id"], to=far, lines=lines(part, 1))

    assert made["remainingFulfillmentOrder"]["id"] == part["id"] != made["movedFulfillmentOrder"]["id"]
    assert [units(x) for x in read(shop, order)[1]] == [[(2, 2)], [(1, 1)]]


def test_a_location_that_never_stocked_the_goods_cannot_take_them(shop: Shop, part: dict[str, Any]) -> None:
    far = shop.another_location("Far")

    errors = shop.errors(MOVE, id=part["id"], to=far)

    candidates = """query($id: ID!) { fulfillmentOrder(id: $id) { locationsForMove(first: 5) { nodes {
      location { id } movable unavailableLineItemsCount { count } } } } }"""
    found = shop.ask(candidates, id=part["id"])["fulfillmentOrder"]["locationsForMove"]["nodes"]
    assert len(errors) == 1
    assert found == [{"location": {"id": far}, "movable": False, "unavailableLineItemsCount": {"count": 1}}]


def test_what_was_split_can_be_merged_again(shop: Shop, order: str, part: dict[str, Any]) -> None:
    splits = [{"fulfillmentOrderId": part["id"], "fulfillmentOrderLineItems": lines(part, 1)}]
    made = shop.do(SPLIT, splits=splits)["fulfillmentOrderSplits"][0]
    kept, other = made["fulfillmentOrder"], made["remainingFulfillmentOrder"]
    assert actions(kept) == ["CREATE_FULFILLMENT", "REPORT_PROGRESS", "MOVE", "HOLD", "SPLIT", "MERGE"]
    assert actions(other) == ["CREATE_FULFILLMENT", "REPORT_PROGRESS", "MOVE", "HOLD", "MERGE"]

    merges = [{"mergeIntents": [{"fulfillmentOrderId": x["id"]} for x in (kept, other)]}]
    merged = shop.do(MERGE, merges=merges)["fulfillmentOrderMerges"][0]["fulfillmentOrder"]

    assert (merged["id"], units(merged)) == (part["id"], [(3, 3)])
    assert [x["status"] for x in read(shop, order)[1]] == ["OPEN", "CLOSED"]


def test_a_batch_of_splits_happens_whole_or_not_at_all(shop: Shop, order: str, part: dict[str, Any]) -> None:
    good = {"fulfillmentOrderId": part["id"], "fulfillmentOrderLineItems": lines(part, 1)}
    bad = {"fulfillmentOrderId": part["id"], "fulfillmentOrderLineItems": lines(part, 9)}

    errors = shop.errors(SPLIT, splits=[good, bad])

    message = "Invalid fulfillment order line item quantity requested."
    assert errors == [{"field": None, "message": message, "code": None}]
    assert [units(x) for x in read(shop, order)[1]] == [[(3, 3)]]


def test_reported_progress_blocks_moves_and_cancellation_until_it_is_opened_again(
    shop: Shop, order: str, part: dict[str, Any]
) -> None:
    begun = shop.do(simply("fulfillmentOrderReportProgress"), id=part["id"])["fulfillmentOrder"]

    assert actions(begun) == ["CREATE_FULFILLMENT", "REPORT_PROGRESS", "HOLD", "MARK_AS_OPEN"]
    assert read(shop, order)[0] == "IN_PROGRESS"
    blocked = shop.errors(MOVE, id=part["id"], to=shop.another_location("Far"))
    assert [error["code"] for error in blocked] == ["CANNOT_MOVE_FULFILLMENT_ORDER_WITH_REPORTED_PROGRESS"]
    assert "progress reported" in shop.errors(CANCEL, id=part["id"])[0]["message"]

    opened = shop.do(simply("fulfillmentOrderOpen"), id=part["id"])["fulfillmentOrder"]
    assert (opened["status"], read(shop, order)[0]) == ("OPEN", "UNFULFILLED")
    again = shop.errors(simply("fulfillmentOrderOpen"), id=part["id"])
    assert again[0]["message"] == "Expected fulfillment order status to be valid but it was open."


def test_cancelling_closes_it_and_a_replacement_takes_its_lines(shop: Shop, part: dict[str, Any]) -> None:
    made = shop.do(CANCEL, id=part["id"])

    replacement = made["replacementFulfillmentOrder"]
    assert (made["fulfillmentOrder"]["status"], units(made["fulfillmentOrder"])) == ("CLOSED", [])
    assert (replacement["status"], units(replacement)) == ("OPEN", [(3, 3)])
    assert replacement["lineItems"]["nodes"][0]["id"] == part["lineItems"]["nodes"][0]["id"]
    assert "can't be canceled" in shop.errors(CANCEL, id=part["id"])[0]["message"]


def test_cancelling_what_is_partly_shipped_leaves_the_shipped_units_where_they_are(
    shop: Shop, order: str, part: dict[str, Any]
) -> None:
    rows = [{"fulfillmentOrderId": part["id"], "fulfillmentOrderLineItems": lines(part, 1)}]
    shop.do(FULFILL, fulfillment={"lineItemsByFulfillmentOrder": rows})

    made = shop.do(CANCEL, id=part["id"])

    assert (units(made["fulfillmentOrder"]), units(made["replacementFulfillmentOrder"])) == ([(1, 0)], [(2, 2)])
    assert read(shop, order)[0] == "PARTIALLY_FULFILLED"


def test_a_service_is_asked_accepts_and_gives_back(shop: Shop) -> None:
    near = shop.location()
    service = shop.do(SERVICE, name="Far Away 3PL", url=None)["fulfillmentService"]
    at_service = service["location"]["id"]
    mug = shop.variant_at("MUG", {near: 5, at_service: 5})
    order = shop.order((mug, 3))
    number = read(shop, order)[1][0]["id"]
    moved = shop.do(MOVE, id=number, to=at_service)["movedFulfillmentOrder"]
    submit = """mutation($id: ID!) { fulfillmentOrderSubmitFulfillmentRequest(id: $id, message: "Please") {
      submittedFulfillmentOrder { status requestStatus merchantRequests(first: 5) { nodes { kind message } } }
      userErrors { field message } } }"""
    asked = shop.do(submit, id=number)["submittedFulfillmentOrder"]
    accepted = shop.do(simply("fulfillmentOrderAcceptFulfillmentRequest"), id=number)["fulfillmentOrder"]
    wanted_back = shop.do(simply("fulfillmentOrderSubmitCancellationRequest"), id=number)["fulfillmentOrder"]
    waiting = read(shop, order)[1][0]
    back = shop.do(simply("fulfillmentOrderAcceptCancellationRequest"), id=number)["fulfillmentOrder"]

    assert (service["handle"], service["location"]["isFulfillmentService"]) == ("far-away-3pl", True)
    assert actions(moved) == ["REQUEST_FULFILLMENT", "CREATE_FULFILLMENT", "MOVE", "HOLD", "SPLIT"]
    assert (wanted_back["requestStatus"], waiting["requestStatus"]) == ("ACCEPTED", "CANCELLATION_REQUESTED")
    assert asked == {
        "status": "OPEN",
        "requestStatus": "SUBMITTED",
        "merchantRequests": {"nodes": [{"kind": "FULFILLMENT_REQUEST", "message": "Please"}]},
    }
    assert (accepted["status"], accepted["requestStatus"]) == ("IN_PROGRESS", "ACCEPTED")
    assert (back["status"], back["requestStatus"], units(back)) == ("CLOSED", "CANCELLATION_ACCEPTED", [(0, 0)])
    assert [(x["status"], units(x)) for x in read(shop, order)[1]] == [("CLOSED", [(0, 0)]), ("OPEN", [(3, 3)])]


def test_the_merchants_own_work_cannot_be_given_up_like_a_services(shop: Shop, part: dict[str, Any]) -> None:
    errors = shop.errors(simply("fulfillmentOrderClose"), id=part["id"])

    message = "The fulfillment order's assigned fulfillment service must be of api type"
    assert errors == [{"field": None, "message": message}]


def test_an_id_of_nothing_is_no_id(shop: Shop) -> None:
    error = shop.refused(simply("fulfillmentOrderOpen"), id="gid://shopify/FulfillmentOrder/0")

    assert error["message"] == "Invalid id: gid://shopify/FulfillmentOrder/0"
    assert error["extensions"]["code"] == "RESOURCE_NOT_FOUND"


def test_deadlines_may_be_set_on_what_is_closed(shop: Shop, standin: RunningStandin, part: dict[str, Any]) -> None:
    shop.do(CANCEL, id=part["id"])
    query = """mutation($ids: [ID!]!) { fulfillmentOrdersSetFulfillmentDeadline(
      fulfillmentOrderIds: $ids, fulfillmentDeadline: "2026-12-01T00:00:00Z") { success userErrors { message } } }"""

    assert shop.do(query, ids=[part["id"]])["success"] is True
    unknown = standin.graphql(query, {"ids": ["gid://shopify/FulfillmentOrder/1"]})["data"]
    assert unknown["fulfillmentOrdersSetFulfillmentDeadline"] == {
        "success": False,
        "userErrors": [{"message": "Fulfillment orders could not be found."}],
    }
