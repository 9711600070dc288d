"""What is written of one item's stock, when it is read first, and what waits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossdock.flows.inventory.decide import Decision, Push, decide, must_read
from crossdock.flows.inventory.formula import Facts, Formula
from crossdock.flows.inventory.guard import Lately, guarded
from crossdock.flows.inventory.sight import Sight
from crossdock.model.cause import Cause, Hold
from crossdock.model.connection import InventoryRules, MassChange, OnDrift, StockMode
from crossdock.model.ledger import BELIEVED_FOR, AtBackend, Ledger, LevelNews, News, Trust
from crossdock.model.names import InventoryItemId, ItemCode, LocationId, Sku, Units, WarehouseCode
from crossdock.model.plan import Wait
from crossdock.testing.builders import NOON

MUG, ITEM = InventoryItemId("gid://shopify/InventoryItem/1"), ItemCode("MUG")
HAMBURG, LEIPZIG = LocationId("gid://shopify/Location/1"), LocationId("gid://shopify/Location/2")
NORTH, EAST = WarehouseCode("NORTH"), WarehouseCode("EAST")
AT_ONCE = InventoryRules(window=timedelta())
ONE_TO_ONE = {HAMBURG: (NORTH,)}
NOTHING_THERE = AtBackend()


def a_ledger(
    believed: int = 3, committed: int = 0, trust: Trust = Trust.EXACT, location: LocationId = HAMBURG
) -> Ledger:
    read = NOON - timedelta(minutes=5)
    return Ledger(
        item=MUG,
        location=location,
        believed=Units(believed),
        committed=Units(committed),
        trust=trust,
        read_from=read,
        read_to=read,
    )


def a_sight(
    *ledgers: Ledger,
    item: ItemCode | None = ITEM,
    backend: Mapping[WarehouseCode, int] | None = None,
    at_backend: AtBackend = NOTHING_THERE,
    news: Sequence[LevelNews] = (),
) -> Sight:
    """A sight of mugs; the backend has 10 at NORTH unless it is said what it has."""
    unseen = {ledger.location: max(0, ledger.committed - at_backend.seen) for ledger in ledgers}
    return Sight(
        id=MUG,
        item=item,
        sku=Sku("MUG"),
        now=NOON,
        ledgers={ledger.location: ledger for ledger in ledgers},
        kept={},
        news=news,
        at_backend={HAMBURG: at_backend},
        facts={ITEM: Facts({NORTH: 10} if backend is None else backend, unseen)},
        family={ITEM: MUG},
        sequence=1,
        places={HAMBURG: "Hamburg"},
    )


def decided(
    sight: Sight,
    rules: InventoryRules = AT_ONCE,
    warehouses: Mapping[LocationId, tuple[WarehouseCode, ...]] | None = None,
) -> Decision:
    return decide(sight, Formula(rules, warehouses or ONE_TO_ONE), rules)


def needs_reading(sight: Sight, rules: InventoryRules = AT_ONCE) -> bool:
    return must_read(sight, Formula(rules, ONE_TO_ONE), rules)


def targets(decision: Decision) -> list[tuple[LocationId, int]]:
    return [(push.ledger.location, push.target) for push in decision.plan.steps]


def kept(decision: Decision) -> Ledger:
    (account,) = decision.accounts
    return account.ledger


def test_what_the_warehouse_may_promise_is_published_over_what_shopify_is_believed_to_hold() -> None:
    (push,) = decided(a_sight(a_ledger(believed=3))).plan.steps

    assert (push.target, push.ledger.believed, push.mode) == (10, 3, StockMode.ABSOLUTE)


def test_a_level_that_is_right_is_not_written() -> None:
    plan = decided(a_sight(a_ledger(believed=10))).plan

    assert plan.steps == ()
    assert "publish 10 (Shopify has 10)" in plan.notes[0]


def test_units_sold_and_not_yet_seen_at_the_warehouse_are_taken_off() -> None:
    sight = a_sight(a_ledger(committed=4), at_backend=AtBackend(seen=Units(1)))

    assert targets(decided(sight)) == [(HAMBURG, 7)]


def doubtful(ledger: Ledger, units: int) -> Sight:
    """The warehouse has 10, and may have got so many of them back from an order."""
    sight = a_sight(ledger, at_backend=AtBackend(seen=Units(4)))
    return replace(sight, cautious={ITEM: Facts({NORTH: 10}, {HAMBURG: units})})


def test_what_the_warehouse_may_have_given_up_is_not_offered_before_that_is_known() -> None:
    decision = decided(doubtful(a_ledger(believed=2, committed=4), 3))

    assert targets(decision) == [(HAMBURG, 7)]
    assert isinstance(decision.plan.rest, Wait)
    assert "7 until it is known whether the warehouse gave up 3" in decision.accounts[0].decided.explained


def test_nobody_looks_again_and_again_at_a_doubt_that_a_person_is_to_end() -> None:
    sight = replace(doubtful(a_ledger(believed=7, committed=4), 3), settles=False)

    assert (targets(decided(sight)), decided(sight).plan.rest) == ([], None)


@pytest.mark.parametrize("believed", [7, 9, 10])
def test_what_is_offered_already_is_not_taken_back_for_a_doubt(believed: int) -> None:
    decision = decided(doubtful(a_ledger(believed=believed, committed=4), 3))

    assert targets(decision) == []


def test_a_level_that_is_too_high_whatever_the_warehouse_gave_up_is_lowered_at_once() -> None:
    assert targets(decided(doubtful(a_ledger(believed=12, committed=4), 3))) == [(HAMBURG, 10)]


def test_in_delta_mode_what_may_have_been_given_up_is_added_once_it_is_known() -> None:
    rules = replace(AT_ONCE, mode=StockMode.DELTA)
    ledger = replace(a_ledger(believed=1, committed=4), supplied=4, accepted=4)

    (push,) = decided(doubtful(ledger, 3), rules).plan.steps

    assert (push.units, push.supplied) == (7, 11)


def test_a_location_that_no_warehouse_serves_is_kept_and_left_alone() -> None:
    decision = decided(a_sight(a_ledger(location=LEIPZIG)))

    assert (decision.plan.steps, kept(decision).location) == ((), LEIPZIG)


def test_an_item_that_is_not_linked_is_left_alone() -> None:
    sight = a_sight(item=None)

    plan = decided(sight).plan

    assert not needs_reading(sight)
    assert (plan.steps, plan.rest, plan.notes) == ((), None, ("It is not linked to an item.",))


def test_the_sum_can_be_read() -> None:
    sight = a_sight(a_ledger(believed=9, committed=3), at_backend=AtBackend(seen=Units(1)))

    (push,) = decided(sight, replace(AT_ONCE, buffer=1)).plan.steps

    assert push.sentence == (
        "Hamburg: 10 at the warehouse, 2 sold and not yet seen, 1 buffer: publish 7 (Shopify has 9)."
    )


# --- when Shopify is read first ------------------------------------------------------------------------------------


def test_what_was_never_read_is_read() -> None:
    assert needs_reading(a_sight())


def test_an_exact_belief_needs_no_reading_whatever_is_to_be_written() -> None:
    assert not needs_reading(a_sight(a_ledger(believed=3)))


@pytest.mark.parametrize("trust", [Trust.FULFILLED, Trust.DOUBTED, Trust.LOST])
def test_a_belief_that_may_be_wrong_is_read_even_where_nothing_is_to_be_written(trust: Trust) -> None:
    assert needs_reading(a_sight(a_ledger(believed=10, trust=trust)))


def test_a_write_whose_end_is_not_known_is_read() -> None:
    assert needs_reading(a_sight(replace(a_ledger(believed=10), push="a key", pushing=10)))


def test_a_belief_is_compared_once_a_day() -> None:
    old = replace(a_ledger(believed=10), read_to=NOON - BELIEVED_FOR - timedelta(seconds=1))

    assert needs_reading(a_sight(old))


def test_a_location_that_is_new_to_the_item_is_read() -> None:
    connected = LevelNews(1, MUG, LEIPZIG, News.HEARD, None, None)

    assert needs_reading(a_sight(a_ledger(believed=10), news=[connected]))


# --- what a reading that does not add up allows --------------------------------------------------------------------


THEN = NOON - timedelta(minutes=5)
NOT_KNOWN = AtBackend(wanted=Units(1), seen=Units(1), known_to=THEN - timedelta(minutes=1))
KNOWN = AtBackend(wanted=Units(1), seen=Units(1), known_to=THEN)


def an_odd_ledger(believed: int, suspect: int | None = None) -> Ledger:
    return replace(a_ledger(believed, committed=1), unproven=THEN, suspect=suspect)


def test_what_does_not_add_up_is_lowered_at_once() -> None:
    assert targets(decided(a_sight(an_odd_ledger(believed=12), at_backend=NOT_KNOWN))) == [(HAMBURG, 10)]


def test_what_does_not_add_up_is_not_raised_before_its_orders_are_looked_at_again() -> None:
    decision = decided(a_sight(an_odd_ledger(believed=8), at_backend=NOT_KNOWN))

    assert decision.plan.steps == ()
    assert isinstance(decision.plan.rest, Wait)
    assert "before the orders are looked at again" in decision.plan.rest.why
    assert decision.to_know == THEN


@pytest.mark.parametrize("there", [KNOWN, AtBackend()])
def test_once_its_orders_are_known_it_is_raised(there: AtBackend) -> None:
    decision = decided(a_sight(an_odd_ledger(believed=2), at_backend=there))

    assert [target > 2 for _, target in targets(decision)] == [True]
    assert (kept(decision).unproven, decision.to_know) == (None, None)


def test_one_location_that_does_not_add_up_lets_none_be_raised() -> None:
    both = {HAMBURG: (NORTH,), LEIPZIG: (EAST,)}
    sight = a_sight(
        an_odd_ledger(believed=9),
        a_ledger(believed=1, location=LEIPZIG),
        backend={NORTH: 10, EAST: 5},
        at_backend=NOT_KNOWN,
    )

    assert targets(decided(sight, warehouses=both)) == []


def test_what_does_not_add_up_of_a_component_lets_no_kit_be_raised() -> None:
    sight = a_sight(a_ledger(believed=1))

    assert targets(decided(sight)) == [(HAMBURG, 10)]
    assert targets(decided(replace(sight, relatives_clear=False))) == []


# --- edits by hand -------------------------------------------------------------------------------------------------


def edited(rule: OnDrift, units: int = 3, backend: int = 10) -> Decision:
    """Shopify has so many more than 10, which were expected, and its orders are known; the backend may have moved."""
    ledger = replace(an_odd_ledger(10 + units, suspect=units), supplied=10)
    return decided(a_sight(ledger, at_backend=KNOWN, backend={NORTH: backend}), replace(AT_ONCE, drift=rule))


def test_an_edit_is_undone_by_publishing_again() -> None:
    decision = edited(OnDrift.REVERT)

    assert [one.done for one in decision.drift] == ["3 more than expected; published anew"]
    assert targets(decision) == [(HAMBURG, 10)]
    assert (kept(decision).suspect, kept(decision).kept) == (None, 0)


@pytest.mark.parametrize("drift", OnDrift)
def test_nobody_is_accused_of_an_edit_while_orders_may_be_on_their_way(drift: OnDrift) -> None:
    sold = replace(an_odd_ledger(5, suspect=-2), committed=Units(3), unproven=NOON - timedelta(minutes=1))

    soon = decided(a_sight(sold, at_backend=KNOWN), replace(AT_ONCE, drift=drift))
    in_vain = decided(
        a_sight(replace(sold, unproven=NOON - timedelta(minutes=11)), at_backend=KNOWN), replace(AT_ONCE, drift=drift)
    )

    assert (soon.drift, targets(soon), kept(soon).suspect) == ([], [], -2)
    assert in_vain.drift or isinstance(in_vain.plan.rest, Hold)


def test_an_edit_may_stand() -> None:
    decision = edited(OnDrift.ACCEPT)

    (account,) = decision.accounts
    assert account.ledger.kept == 3
    assert decision.plan.steps == ()


def test_an_edit_stands_until_the_warehouses_own_stock_moves() -> None:
    standing = replace(a_ledger(believed=13), kept=3, supplied=10)

    unmoved = decided(a_sight(standing))
    sold = decided(a_sight(replace(standing, believed=Units(12), committed=Units(1))))
    received = decided(a_sight(standing, backend={NORTH: 11}))

    assert (targets(unmoved), targets(sold)) == ([], [])
    assert "publish 10, +3 by hand in Shopify: 13" in unmoved.plan.notes[0]
    assert targets(received) == [(HAMBURG, 11)]


def test_an_edit_may_wait_for_a_person() -> None:
    decision = edited(OnDrift.ASK)

    assert isinstance(decision.plan.rest, Hold)
    assert decision.plan.rest.cause is Cause.STOCK_EDITED
    assert decision.plan.steps == ()
    assert kept(decision).suspect == 3


@pytest.mark.parametrize(("units", "backend", "left"), [(3, 8, 11), (-3, 8, 5), (1, 11, None), (-3, 12, None)])
def test_what_the_warehouse_loses_is_off_sale_while_a_person_is_asked(
    units: int, backend: int, left: int | None
) -> None:
    decision = edited(OnDrift.ASK, units, backend)

    assert targets(decision) == ([] if left is None else [(HAMBURG, left)])
    assert isinstance(decision.plan.rest, Hold)
    assert kept(decision).suspect == units


# --- waiting -------------------------------------------------------------------------------------------------------


def published_a_moment_ago(believed: int = 3) -> Ledger:
    return replace(a_ledger(believed=believed), written_at=NOON - timedelta(seconds=10))


def test_within_its_window_a_level_is_not_written_again() -> None:
    plan = decided(a_sight(published_a_moment_ago()), InventoryRules()).plan

    assert plan.steps == ()
    assert isinstance(plan.rest, Wait)
    assert plan.rest.after == timedelta(seconds=20)


def test_what_is_sold_out_does_not_wait() -> None:
    assert targets(decided(a_sight(published_a_moment_ago(), backend={NORTH: 0}), InventoryRules())) == [(HAMBURG, 0)]


@pytest.mark.parametrize(
    ("believed", "committed", "wanted", "reads"),
    [(3, 2, 2, True), (3, 0, 2, True), (3, 2, 0, True), (3, 0, 0, False), (12, 2, 2, False), (8, 2, 2, False)],
)
def test_a_raise_beside_open_orders_rests_on_a_reading(
    believed: int, committed: int, wanted: int, *, reads: bool
) -> None:
    ledger = a_ledger(believed=believed, committed=committed)
    sight = a_sight(ledger, at_backend=AtBackend(wanted=Units(wanted)))

    assert needs_reading(sight) is reads


def test_an_addition_needs_no_reading() -> None:
    ledger = replace(a_ledger(believed=4, committed=2), supplied=8, accepted=2)

    assert not needs_reading(a_sight(ledger, at_backend=AtBackend(seen=Units(2))), DELTA)


def test_what_shopify_is_just_being_told_of_is_not_taken_off_sale() -> None:
    sight = a_sight(a_ledger(believed=10, committed=4), at_backend=AtBackend(telling=Units(4)))

    plan = decided(sight).plan

    assert (plan.steps, isinstance(plan.rest, Wait)) == ((), True)


# --- delta mode ----------------------------------------------------------------------------------------------------

DELTA = InventoryRules(mode=StockMode.DELTA, window=timedelta())


def test_what_the_warehouse_gained_is_added_whatever_shopify_holds() -> None:
    ledger = replace(a_ledger(believed=4, trust=Trust.FULFILLED), supplied=8, accepted=1)

    (push,) = decided(a_sight(ledger), DELTA).plan.steps

    # 10 at the warehouse and 1 taken on by it, where Shopify was told of 8.
    assert (push.mode, push.units, push.supplied) == (StockMode.DELTA, 3, 11)


def test_an_order_that_the_warehouse_takes_on_adds_nothing() -> None:
    ledger = replace(a_ledger(believed=4), supplied=10, accepted=3)

    assert targets(decided(a_sight(ledger, backend={NORTH: 7}), DELTA)) == []


def test_in_delta_mode_what_somebody_else_did_is_told_and_left() -> None:
    ledger = replace(an_odd_ledger(13, suspect=3), supplied=10)

    decision = decided(a_sight(ledger, at_backend=KNOWN), DELTA)

    assert [one.done for one in decision.drift] == ["3 more than expected; left, for this level is only added to"]
    assert (decision.plan.steps, kept(decision).supplied) == ((), 10)


def test_additions_begin_from_a_level_that_was_set_once() -> None:
    (push,) = decided(a_sight(a_ledger(believed=4)), DELTA).plan.steps

    assert (push.mode, push.target, push.supplied) == (StockMode.ABSOLUTE, 10, 10)
    assert push.ledger.supplied is None


def test_additions_do_not_begin_while_the_warehouse_may_have_taken_units_on_that_nobody_counts() -> None:
    sight = replace(a_sight(a_ledger(believed=4)), in_between=frozenset({(MUG, HAMBURG)}))

    (push,) = decided(sight, DELTA).plan.steps

    assert (push.mode, push.target, push.supplied) == (StockMode.ABSOLUTE, 10, None)


# --- too much at once ----------------------------------------------------------------------------------------------


def test_a_push_that_would_empty_too_much_is_held_and_the_rest_goes_on() -> None:
    emptied = [decided(a_sight(a_ledger(believed=3), backend={NORTH: 0})) for _ in range(3)]
    lowered = decided(a_sight(a_ledger(believed=13)))
    rule = MassChange(items=2)

    held = guarded([*emptied, lowered], Lately(emptied=0, stocked=100, approved=False), rule)

    causes = [one.plan.rest.cause if isinstance(one.plan.rest, Hold) else None for one in held]
    assert causes == [Cause.MASS_CHANGE, Cause.MASS_CHANGE, Cause.MASS_CHANGE, None]
    assert [len(one.plan.steps) for one in held] == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("lately", "held"),
    [
        (Lately(emptied=2, stocked=100, approved=False), True),
        (Lately(emptied=1, stocked=100, approved=False), False),
        (Lately(emptied=2, stocked=100, approved=True), False),
    ],
)
def test_what_was_emptied_within_the_hour_counts_until_a_person_approves(lately: Lately, *, held: bool) -> None:
    emptied = decided(a_sight(a_ledger(believed=3), backend={NORTH: 0}))

    (after,) = guarded([emptied], lately, MassChange(items=2))

    assert isinstance(after.plan.rest, Hold) is held


# --- whatever the numbers ------------------------------------------------------------------------------------------


@given(
    believed=st.integers(-20, 20),
    committed=st.integers(0, 20),
    seen=st.integers(0, 20),
    backend=st.integers(-20, 20),
    buffer=st.integers(0, 5),
    trust=st.sampled_from(Trust),
)
def test_nothing_is_raised_above_what_the_warehouse_has_less_unseen_and_buffer(
    believed: int, committed: int, seen: int, backend: int, buffer: int, trust: Trust
) -> None:
    sight = a_sight(
        a_ledger(believed, committed, trust), backend={NORTH: backend}, at_backend=AtBackend(seen=Units(seen))
    )

    pushes: Sequence[Push] = decided(sight, replace(AT_ONCE, buffer=buffer)).plan.steps

    for push in pushes:
        assert push.target <= backend - max(0, committed - seen) - buffer
        assert push.target < believed or trust is Trust.EXACT


@given(believed=st.integers(-5, 30), committed=st.integers(0, 5), backend=st.integers(-5, 30))
def test_once_written_nothing_is_left_to_write(believed: int, committed: int, backend: int) -> None:
    ledger = a_ledger(believed, committed)
    for push in decided(a_sight(ledger, backend={NORTH: backend})).plan.steps:
        ledger = replace(push.ledger, believed=push.target, supplied=push.supplied)

    assert decided(a_sight(ledger, backend={NORTH: backend})).plan.steps == ()
