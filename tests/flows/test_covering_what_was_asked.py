"""What the backend has in hand is matched with what Shopify waits for, whatever was split, merged and moved since."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.flows.test_deciding_orders import HAMBURG, a_sight

from crossdock.flows.orders.covering import cover
from crossdock.flows.orders.sight import Sent, Sight, Work
from crossdock.model.names import FulfillmentOrderLineId, RequestKey, Units
from crossdock.model.order import Order
from crossdock.model.request import WorkState
from crossdock.testing.builders import a_fulfillment_order, a_fulfillment_order_line, a_line, a_location, an_order

BREMEN = a_location(2).id
PLACES = (HAMBURG, BREMEN)

# Per fulfillment order: how many units remain, what the backend was asked for (None: nothing), which place each names.
parts = st.lists(
    st.tuples(st.integers(0, 5), st.none() | st.integers(1, 5), st.integers(0, 1), st.integers(0, 1)),
    min_size=1,
    max_size=5,
)
Parts = list[tuple[int, int | None, int, int]]


def seen(found: Parts) -> tuple[Order, Sight]:
    """One order line over these fulfillment orders, as Shopify has it now and as the backend was asked before."""
    line = a_line(1, quantity=25)
    fos, sent = [], []
    for number, (remaining, asked, now, then) in enumerate(found, start=1):
        one = replace(
            a_fulfillment_order_line(line, remaining=remaining),
            id=FulfillmentOrderLineId(f"gid://shopify/FulfillmentOrderLineItem/{number}"),
        )
        fo = replace(a_fulfillment_order(one, number=number), location=PLACES[now])
        fos.append(fo)
        if asked is not None:
            work = Work(f"SO-{number}", WorkState.PICKING)
            key = RequestKey(fo.id)
            sent.append(Sent(key, f"#1-{number}", PLACES[then], work, True, asked={one.id: Units(asked)}))
    order = an_order(lines=[line], fulfillment_orders=fos)
    return order, a_sight(order, sent=sent)


@given(parts)
def test_every_unit_in_hand_is_wanted_by_its_own_or_lent_to_another_or_stray(found: Parts) -> None:
    order, sight = seen(found)

    covered = cover(sight, order)

    own = sum(min(asked, remaining) for remaining, asked, now, then in found if asked is not None and now == then)
    in_hand = sum(asked for _, asked, _, _ in found if asked is not None)
    assert covered.lent.total() == covered.taken.total()
    assert own + covered.lent.total() + covered.stray.total() == in_hand


@given(parts)
def test_nothing_is_covered_twice_or_from_elsewhere(found: Parts) -> None:
    order, sight = seen(found)

    covered = cover(sight, order)

    in_hand, waits = Counter[int](), Counter[int]()
    for remaining, asked, now, then in found:
        waits[now] += remaining
        in_hand[then] += asked or 0
    for fo, (remaining, asked, now, then) in zip(order.fulfillment_orders, found, strict=True):
        own = min(asked, remaining) if asked is not None and now == then else 0
        assert 0 <= covered.taken[fo.lines[0].id] <= remaining - own
    # At each place: what is still to be asked for, and what is in hand there, is never more than what is wanted.
    for place in (0, 1):
        taken = sum(
            covered.taken[fo.lines[0].id]
            for fo, (_, _, now, _) in zip(order.fulfillment_orders, found, strict=True)
            if now == place
        )
        assert taken <= min(in_hand[place], waits[place])


def test_a_line_that_a_split_takes_whole_is_still_its_requests() -> None:
    line = a_fulfillment_order_line(a_line(1, quantity=2), remaining=2)
    asked, made = a_fulfillment_order(number=1), a_fulfillment_order(line, number=2)
    order = an_order(lines=[a_line(1, quantity=2)], fulfillment_orders=[replace(asked, lines=()), made])
    key = RequestKey(asked.id)
    sent = Sent(key, "#1", HAMBURG, Work("SO-1", WorkState.PICKING), True, asked={line.id: Units(2)})

    covered = cover(a_sight(order, sent=[sent]), order)

    assert covered.lent == {(key, line.id): 2}
    assert covered.taken == {line.id: 2}
    assert not covered.stray
