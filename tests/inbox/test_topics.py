"""A webhook names the objects that deserve a look; what it says of them is never believed."""

import json

import pytest

from crossdock.inbox.topics import FOR_THE_HUB, HeardLevel, Reading, Subject, read
from crossdock.model.flow import Flow

RETURN = "gid://shopify/Return/1"
ORDER = "gid://shopify/Order/7"


def _fulfillment_order(number: int) -> str:
    return f"gid://shopify/FulfillmentOrder/{number}"


@pytest.mark.parametrize(
    ("topic", "payload", "flow", "keys"),
    [
        ("orders/create", {"id": 7, "admin_graphql_api_id": ORDER}, Flow.ORDERS, [ORDER]),
        ("orders/updated", {"id": 7}, Flow.ORDERS, [ORDER]),
        ("orders/delete", {"id": 7}, Flow.ORDERS, [ORDER]),
        ("orders/edited", {"order_edit": {"id": 1, "order_id": 7}}, Flow.ORDERS, [ORDER]),
        ("orders/risk_assessment_changed", {"order_id": 7}, Flow.ORDERS, [ORDER]),
        ("refunds/create", {"id": 1, "order_id": 7}, Flow.ORDERS, [ORDER]),
        ("order_transactions/create", {"id": 1, "order_id": 7}, Flow.ORDERS, [ORDER]),
        ("returns/request", {"id": 1, "order": {"id": 7, "admin_graphql_api_id": ORDER}}, Flow.RETURNS, [ORDER]),
        ("returns/close", {"id": 1, "order_id": 7}, Flow.RETURNS, [ORDER]),
        (
            "reverse_deliveries/attach_deliverable",
            {"id": 3, "return": {"id": 4}},
            Flow.RETURNS,
            ["gid://shopify/Return/4"],
        ),
        ("reverse_fulfillment_orders/dispose", {"id": 5}, Flow.RETURNS, ["gid://shopify/ReverseFulfillmentOrder/5"]),
        ("returns/update", {"admin_graphql_api_id": RETURN}, Flow.RETURNS, [RETURN]),
        ("fulfillments/create", {"id": 1, "order_id": 7}, Flow.FULFILLMENTS, [ORDER]),
        (
            "fulfillment_orders/order_routing_complete",
            {"fulfillment_order": {"id": _fulfillment_order(1), "status": "open"}},
            Flow.ORDERS,
            [_fulfillment_order(1)],
        ),
        (
            "fulfillment_holds/added",
            {"fulfillment_order": {"id": _fulfillment_order(1)}, "fulfillment_hold": {"id": 3}},
            Flow.ORDERS,
            [_fulfillment_order(1)],
        ),
        (
            "inventory_levels/update",
            {"inventory_item_id": 5, "location_id": 9, "available": 3},
            Flow.INVENTORY,
            ["gid://shopify/InventoryItem/5"],
        ),
        ("inventory_items/update", {"id": 5, "sku": "MUG"}, Flow.INVENTORY, ["gid://shopify/InventoryItem/5"]),
        ("products/update", {"id": 4}, Flow.CATALOG, ["gid://shopify/Product/4"]),
    ],
)
def test_each_topic_leads_to_its_object(topic: str, payload: object, flow: Flow, keys: list[str]) -> None:
    reading = read(topic, json.dumps(payload).encode())

    assert (reading.subjects, reading.note) == (tuple(Subject(flow, key) for key in keys), None)


def _level(**said: object) -> HeardLevel | None:
    body = {"inventory_item_id": 5, "location_id": 9, **said}
    return read("inventory_levels/update", json.dumps(body).encode()).level


def test_what_shopify_says_of_a_level_is_read_out() -> None:
    assert _level(available=3, updated_at="2026-07-01T08:00:00-04:00") == HeardLevel(
        "gid://shopify/InventoryItem/5", "gid://shopify/Location/9", 3, "2026-07-01T08:00:00-04:00"
    )


@pytest.mark.parametrize("available", [None, "3", True, 10**12])
def test_a_quantity_that_is_none_is_not_known(available: object) -> None:
    heard = _level(available=available, updated_at="yesterday")

    assert heard is not None
    assert (heard.available, heard.updated_at) == (None, None)


def test_a_level_that_is_not_named_whole_is_not_read() -> None:
    assert _level(location_id=None) is None


@pytest.mark.parametrize(
    ("topic", "payload", "numbers"),
    [
        (
            "fulfillment_orders/moved",
            {
                "original_fulfillment_order": {"id": _fulfillment_order(1), "assigned_location_id": 2},
                "moved_fulfillment_order": {"id": _fulfillment_order(2)},
            },
            {1, 2},
        ),
        (
            "fulfillment_orders/split",
            {
                "fulfillment_order": {"id": _fulfillment_order(1)},
                "remaining_fulfillment_order": {"id": _fulfillment_order(2)},
                "replacement_fulfillment_order": None,
            },
            {1, 2},
        ),
        (
            "fulfillment_orders/merged",
            {"fulfillment_order_merges": [{"fulfillment_order": {"id": _fulfillment_order(n)}} for n in (1, 2, 3)]},
            {1, 2, 3},
        ),
    ],
)
def test_a_move_split_or_merge_leads_to_every_fulfillment_order_it_names(
    topic: str, payload: object, numbers: set[int]
) -> None:
    reading = read(topic, json.dumps(payload).encode())

    assert {subject.key for subject in reading.subjects} == {_fulfillment_order(number) for number in numbers}


@pytest.mark.parametrize("topic", sorted(FOR_THE_HUB))
def test_what_the_hub_itself_takes_up_leads_to_no_look_and_is_no_oddity(topic: str) -> None:
    assert read(topic, b'{"id": 1}') == Reading(())


@pytest.mark.parametrize("topic", ["bulk_operations/finish", "brand/new", ""])
def test_a_topic_that_no_flow_follows_leads_nowhere_and_says_so(topic: str) -> None:
    reading = read(topic, b'{"id": 1}')

    assert (reading.subjects, reading.note) == ((), "no flow follows this topic")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"null", b"7", b"[1]", b"\xff\xfe", b"[" * 100_000, b"{}", b'{"id": null}', b'{"id": true}',
        b'{"id": 1.5}', b'{"id": "x"}', b'{"id": {"a": 1}}', b'{"id": -4}', b'{"id": ' + b"9" * 5000 + b"}",
        b'{"admin_graphql_api_id": "gid://shopify/Product/1"}', '{"id": "٣"}'.encode(),
    ],
)  # fmt: skip
def test_a_body_that_names_no_object_leads_nowhere_and_harms_nobody(body: bytes) -> None:
    reading = read("orders/create", body)

    assert reading.subjects == ()
    assert reading.note
