"""What a look at an order learns of its wants, and what that means to the stock."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from crossdock.model.commitment import Commitment, Learned
from crossdock.model.commitment import learned as learned_since
from crossdock.model.ledger import News
from crossdock.model.names import FulfillmentOrderId, FulfillmentOrderLineId, LocationId, Units
from crossdock.model.order import Fulfillment, Order
from crossdock.testing.builders import (
    NOON,
    a_fulfillment,
    a_fulfillment_order,
    a_fulfillment_order_line,
    a_line,
    a_variant,
    an_order,
)

MUG = a_variant(1).inventory_item
HAMBURG, LEIPZIG = LocationId("gid://shopify/Location/1"), LocationId("gid://shopify/Location/2")

LINE = a_line(1, sku="MUG", quantity=5, variant=1)
WANTED = a_fulfillment_order_line(LINE)


def an_order_for(
    remaining: int = 5, total: int = 5, location: int = 1, fulfilled: int = 0, status: str = "OPEN"
) -> Order:
    line = replace(WANTED, total=Units(total), remaining=Units(remaining))
    fo = replace(a_fulfillment_order(line, number=1, location=location), status=status)
    fulfillments: Sequence[Fulfillment] = [a_fulfillment((LINE.id, fulfilled))] if fulfilled else []
    return an_order(number=1, lines=[LINE], fulfillment_orders=[fo], fulfillments=fulfillments)


def learned(known: Sequence[Commitment], order: Order | None) -> Learned:
    """What is learned where beliefs are a day old and the order was placed since."""
    return learned_since(known, order, NOON - timedelta(days=1))


def wants(order: Order) -> Sequence[Commitment]:
    """What is on record once an order was looked at."""
    return learned((), order).wanted


def test_an_order_that_was_never_seen_is_a_sale_at_the_time_it_was_placed() -> None:
    order = an_order_for()

    new = learned((), order)

    assert new.news == ((News.SOLD, MUG, HAMBURG, 5),)
    assert (new.placed_at, new.items) == (order.created_at, [MUG])
    assert [(one.total, one.remaining) for one in new.wanted] == [(5, 5)]


def test_an_order_of_which_a_part_has_left_before_it_is_seen_is_a_sale_and_a_shipment() -> None:
    new = learned((), an_order_for(remaining=3, fulfilled=2))

    assert {kind for kind, *_ in new.news} == {News.SOLD, News.FULFILLED}


def test_an_order_that_is_done_with_before_it_is_seen_is_a_sale_and_a_shipment_too() -> None:
    new = learned((), an_order_for(remaining=0, fulfilled=5, status="CLOSED"))

    assert new.news == ((News.FULFILLED, MUG, HAMBURG, 5), (News.SOLD, MUG, HAMBURG, 5))
    assert not learned(new.wanted, an_order_for(remaining=0, fulfilled=5, status="CLOSED"))


def test_an_order_that_was_done_with_before_anything_was_believed_is_no_news() -> None:
    old = an_order_for(remaining=0, fulfilled=5, status="CLOSED")

    assert not learned_since((), old, old.updated_at + timedelta(days=1))
    assert learned_since((), an_order_for(), old.created_at + timedelta(days=1))


def test_an_order_that_was_placed_before_anything_was_believed_and_ended_since_is_news() -> None:
    ended = replace(an_order_for(remaining=0, fulfilled=5, status="CLOSED"), updated_at=NOON)

    assert learned_since((), ended, NOON - timedelta(hours=1))
    assert learned_since((), ended, NOON + timedelta(seconds=9)), "the clocks may differ"


@pytest.mark.parametrize("total", [0, 3])
def test_an_order_of_which_units_were_taken_back_before_it_is_seen_is_a_change(total: int) -> None:
    """The level may have been read before that: then these units are in what it says is committed."""
    assert {kind for kind, *_ in learned((), an_order_for(remaining=total, total=total)).news} == {News.CHANGED}


def test_an_order_that_is_as_it_was_is_no_news() -> None:
    assert not learned(wants(an_order_for()), an_order_for())


def test_fewer_units_left_is_a_shipment_where_fulfillments_account_for_them() -> None:
    new = learned(wants(an_order_for()), an_order_for(remaining=2, fulfilled=3))

    assert new.news == ((News.FULFILLED, MUG, HAMBURG, 3),)


def test_fewer_units_left_without_a_fulfillment_is_a_change() -> None:
    new = learned(wants(an_order_for()), an_order_for(remaining=0, status="CLOSED"))

    assert new.news == ((News.CHANGED, MUG, HAMBURG, None),)


def test_an_edited_quantity_is_a_change() -> None:
    new = learned(wants(an_order_for()), an_order_for(remaining=4, total=4))

    assert new.news == ((News.CHANGED, MUG, HAMBURG, None),)


def test_a_move_is_a_change_at_both_locations() -> None:
    new = learned(wants(an_order_for()), an_order_for(location=2))

    assert {(kind, location) for kind, _, location, _ in new.news} == {
        (News.CHANGED, HAMBURG),
        (News.CHANGED, LEIPZIG),
    }


def test_a_split_is_a_change_and_no_second_sale() -> None:
    first = an_order_for(total=3, remaining=3)
    other = replace(
        WANTED,
        id=FulfillmentOrderLineId("gid://shopify/FulfillmentOrderLineItem/99"),
        total=Units(2),
        remaining=Units(2),
    )
    part = replace(
        a_fulfillment_order(other, number=2, location=1), id=FulfillmentOrderId("gid://shopify/FulfillmentOrder/2")
    )

    new = learned(wants(an_order_for()), replace(first, fulfillment_orders=(*first.fulfillment_orders, part)))

    assert {kind for kind, *_ in new.news} == {News.CHANGED}


def test_an_order_that_shopify_shows_no_more_wants_nothing() -> None:
    new = learned(wants(an_order_for()), None)

    assert new.news == ((News.CHANGED, MUG, HAMBURG, None),)
    assert new.gone == (WANTED.id,)
