"""One order, told by Shopify, the hub and the warehouse: where the three differ, and where they only seem to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from crossdock.edge.reconcile.account import Account
from crossdock.edge.reconcile.compare import compare
from crossdock.model.connection import OrderRules
from crossdock.model.flow import Flow
from crossdock.model.names import FulfillmentId, LocationId, PackageId, RequestKey, Units
from crossdock.model.order import Order
from crossdock.model.request import Package, WorkOrder, WorkState
from crossdock.store.requests import Asked
from crossdock.testing.builders import (
    MAIN,
    NOON,
    a_fulfillment,
    a_fulfillment_order,
    a_fulfillment_order_line,
    a_line,
    a_package,
    a_work_order,
    an_order,
)

KEY = RequestKey("gid://shopify/FulfillmentOrder/1")
LINE = "gid://shopify/FulfillmentOrderLineItem/1"
LINE_ITEM = "gid://shopify/LineItem/1"
TWO = a_line(quantity=2)
TOLD = {PackageId("P-1"): FulfillmentId("gid://shopify/Fulfillment/1")}


def asked(reference: str | None = "SO-000001") -> Asked:
    location = LocationId("gid://shopify/Location/1")
    units = {a_fulfillment_order_line(TWO).id: Units(2)}
    return Asked(KEY, an_order().id, "#1001", MAIN, location, reference, None, units=units)


def sold(*, remaining: int = 2, **changes: object) -> Order:
    """Two units of one line, to ship from one place."""
    actions = ("CREATE_FULFILLMENT",) if remaining else ()
    fo = a_fulfillment_order(a_fulfillment_order_line(TWO, remaining=remaining), actions=actions)
    return replace(an_order(lines=[TWO], fulfillment_orders=[fo]), **changes)  # type: ignore[arg-type]  # a test's own


def at_work(*packages: Package, state: WorkState = WorkState.PICKING) -> dict[RequestKey, WorkOrder]:
    return {KEY: a_work_order(KEY, *packages, state=state)}


def an_account(order: Order | None = None, **changes: object) -> Account:
    """An order that both sides and the hub agree on: asked, at work, nothing left yet."""
    account = Account(
        id=an_order().id,
        order=order or sold(),
        seen_as_of=NOON,
        asked=[asked()],
        told={},
        work=at_work(),
        held=False,
        shipping_held=False,
        rules=OrderRules(),
    )
    return replace(account, **changes)  # type: ignore[arg-type]  # a test's own


def sentences(account: Account) -> Sequence[str]:
    return [one.sentence for one in compare(account)]


def shipped(*packages: Package) -> dict[RequestKey, WorkOrder]:
    return at_work(*packages, state=WorkState.SHIPPED)


PARCEL = a_package("P-1", (LINE, 2))
GONE = sold(remaining=0, fulfillments=(a_fulfillment((LINE_ITEM, 2)),))


@pytest.mark.parametrize(
    "account",
    [
        pytest.param(an_account(), id="at the warehouse"),
        pytest.param(an_account(GONE, told=TOLD, work=shipped(PARCEL)), id="shipped, and Shopify was told"),
        pytest.param(an_account(sold(financial_status="PENDING"), asked=[], work={}), id="not paid yet"),
        pytest.param(an_account(sold(fulfillment_orders=()), asked=[], work={}), id="not routed yet"),
        pytest.param(an_account(asked=[], work={}, held=True), id="held: its cause is told there"),
        pytest.param(
            an_account(sold(cancelled_at=NOON, remaining=0), work=at_work(state=WorkState.CANCELLED)),
            id="cancelled on both sides",
        ),
        pytest.param(
            an_account(asked=[], work={}, rules=OrderRules(placed_from=NOON + timedelta(days=1))),
            id="placed before the connection takes orders",
        ),
        pytest.param(
            an_account(sold(test=True), asked=[], work={}, rules=OrderRules(test_orders=False)), id="a test order"
        ),
        pytest.param(an_account(work=shipped(), order=sold(remaining=2)), id="short: the warehouse gave up on it"),
    ],
)
def test_they_agree(account: Account) -> None:
    assert compare(account) == []


def test_an_order_that_nobody_asked_for_is_named_with_its_units_and_its_place() -> None:
    (one,) = compare(an_account(asked=[], work={}))

    assert (one.flow, one.key, one.title) == (Flow.ORDERS, an_order().id, "#1001")
    assert one.sentence == "#1001 has 2 units to ship from Location 1, and no warehouse was asked."


def test_an_order_that_the_hub_never_saw_is_named() -> None:
    assert sentences(an_account(asked=[], work={}, seen_as_of=None)) == [
        "#1001 is on Shopify, and the hub has never looked at it. "
        "#1001 has 2 units to ship from Location 1, and no warehouse was asked."
    ]


def test_a_change_that_the_hub_has_not_seen_is_named_though_the_order_is_held() -> None:
    changed = sold(updated_at=NOON + timedelta(minutes=5))

    assert sentences(an_account(changed, held=True)) == [
        "#1001 changed on Shopify at 2026-07-01 12:05:00 UTC; the hub last saw it as of 2026-07-01 12:00:00."
    ]


def test_what_the_warehouse_has_lost_is_named() -> None:
    assert sentences(an_account(work={})) == [
        "The warehouse accepted #1001 as SO-000001, and does not know it any more."
    ]


def test_what_was_sent_and_never_arrived_is_named() -> None:
    assert sentences(an_account(work={}, asked=[asked(None)])) == [
        "#1001 was sent to the warehouse, which does not have it."
    ]


def test_what_only_the_warehouse_remembers_is_named() -> None:
    """As after the hub's database was restored from a backup."""
    assert sentences(an_account(asked=[])) == ["The warehouse has SO-000001 for #1001, of which the hub has no record."]


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (sold(cancelled_at=NOON, remaining=0), "the order is cancelled on Shopify"),
        (sold(fulfillment_orders=()), "Shopify waits for nothing more of it"),
        (None, "Shopify does not show the order any more"),
    ],
)
def test_what_the_warehouse_works_on_for_nothing_is_named(order: Order | None, why: str) -> None:
    account = replace(an_account(), order=order)

    assert sentences(account) == [f"The warehouse still has #1001 (SO-000001, picking), but {why}."]


def test_a_package_of_which_shopify_was_not_told_is_the_shipping_flows() -> None:
    (one,) = compare(an_account(work=shipped(PARCEL)))

    assert one.flow is Flow.FULFILLMENTS
    assert one.sentence == "Package P-1 of #1001 left with 2 units, and Shopify was not told."


def test_a_fulfillment_that_was_cancelled_or_deleted_on_shopify_is_named() -> None:
    cancelled = sold(fulfillments=(a_fulfillment((LINE_ITEM, 2), status="CANCELLED"),))
    gone = sold(fulfillments=())

    assert sentences(an_account(cancelled, told=TOLD, work=shipped(PARCEL))) == [
        "On Shopify, #1001-F1 was cancelled; its package P-1 left all the same."
    ]
    assert sentences(an_account(gone, told=TOLD, work=shipped(PARCEL))) == [
        "Shopify no longer has the fulfillment of package P-1 of #1001."
    ]


def test_units_that_shopify_has_as_fulfilled_and_that_never_left_are_counted() -> None:
    by_hand = sold(remaining=1, fulfillments=(a_fulfillment((LINE_ITEM, 1)),))

    assert sentences(an_account(by_hand)) == [
        "Shopify has 1 unit of #1001 as fulfilled that left the warehouse in no package."
    ]


def test_a_package_told_twice_is_seen_by_its_units() -> None:
    twice = sold(remaining=0, fulfillments=(a_fulfillment((LINE_ITEM, 2)), a_fulfillment((LINE_ITEM, 2), number=2)))

    assert sentences(an_account(twice, told=TOLD, work=shipped(PARCEL))) == [
        "Shopify has 2 units of #1001 as fulfilled that left the warehouse in no package."
    ]


def test_what_another_place_shipped_is_not_ours_to_explain() -> None:
    mine = a_fulfillment_order(a_fulfillment_order_line(TWO, total=1))
    theirs = a_fulfillment_order(
        replace(a_fulfillment_order_line(TWO, total=1, remaining=0), id=LINE.replace("/1", "/2")),  # type: ignore[arg-type]  # a plain id
        number=2,
        location=2,
        actions=(),
    )
    order = sold(fulfillment_orders=(mine, theirs), fulfillments=(a_fulfillment((LINE_ITEM, 1)),))

    assert compare(an_account(order)) == []


def test_held_shipping_is_explained_by_its_hold() -> None:
    assert compare(an_account(work=shipped(PARCEL), shipping_held=True)) == []
