"""Which packages Shopify is told of, and which it knows already."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossdock.flows.fulfillments.decide import decide
from crossdock.flows.fulfillments.sight import Known, Sight
from crossdock.flows.fulfillments.steps import Adopt, Create, FulfillmentStep, Relocate
from crossdock.model.cause import Cause, Hold
from crossdock.model.connection import FulfillmentRules
from crossdock.model.names import (
    FulfillmentId,
    FulfillmentOrderId,
    FulfillmentOrderLineId,
    LocationId,
    OrderId,
    PackageId,
    Units,
    WarehouseCode,
)
from crossdock.model.order import Fulfillment, Order
from crossdock.model.plan import Plan, Wait
from crossdock.model.relocation import Move
from crossdock.model.request import Package, Tracking, WorkState
from crossdock.model.telling import Told
from crossdock.testing.builders import (
    a_fulfillment,
    a_fulfillment_order,
    a_fulfillment_order_line,
    a_line,
    a_package,
    a_work_order,
    an_order,
)

KEY = "gid://shopify/FulfillmentOrder/1001"
MUGS, LAMPS = "gid://shopify/FulfillmentOrderLineItem/1", "gid://shopify/FulfillmentOrderLineItem/2"
MUG_LINE, LAMP_LINE = "gid://shopify/LineItem/1", "gid://shopify/LineItem/2"


def three_mugs_and_a_lamp(
    *, mugs_left: int = 3, lamps_left: int = 1, fulfillments: Sequence[Fulfillment] = (), closed: bool = False
) -> Order:
    mugs, lamp = a_line(1, quantity=3), a_line(2, sku="LAMP", variant=2)
    part = a_fulfillment_order(
        a_fulfillment_order_line(mugs, remaining=mugs_left),
        a_fulfillment_order_line(lamp, remaining=lamps_left),
        number=1001,
        status="CLOSED" if closed else "OPEN",
        actions=[] if closed else ["CREATE_FULFILLMENT"],
    )
    return an_order(lines=[mugs, lamp], fulfillment_orders=[part], fulfillments=fulfillments)


def a_sight(
    order: Order | None, *packages: Package, told: Sequence[Told] = (), rules: FulfillmentRules | None = None
) -> Sight:
    work = Known(a_work_order(KEY, *packages, state=WorkState.PACKED), "#1001", WorkState.PACKED)
    return Sight(
        id=OrderId("gid://shopify/Order/1001"),
        order=order,
        work=[work],
        told=told,
        hold=None,
        rules=rules or FulfillmentRules(),
    )


def lost(package: str, tracking_number: str | None = "T-1") -> Told:
    return Told(PackageId(package), Tracking("DHL", tracking_number), None, settled=False)


def told(package: str, fulfillment: int, tracking_number: str = "T-1") -> Told:
    tracking = Tracking("DHL", tracking_number)
    return Told(PackageId(package), tracking, FulfillmentId(f"gid://shopify/Fulfillment/{fulfillment}"))


def created(plan: Plan[FulfillmentStep]) -> list[Create]:
    return [step for step in plan.steps if isinstance(step, Create)]


def adopted(plan: Plan[FulfillmentStep]) -> dict[str, str]:
    return {step.package.id: step.fulfillment for step in plan.steps if isinstance(step, Adopt)}


def held(plan: Plan[FulfillmentStep]) -> Hold:
    assert isinstance(plan.rest, Hold)
    return plan.rest


# --- telling ------------------------------------------------------------------------------------------------------


def test_a_package_that_left_is_told_with_its_actual_units() -> None:
    plan = decide(a_sight(three_mugs_and_a_lamp(), a_package("P-1", (MUGS, 2), (LAMPS, 1))))

    (create,) = created(plan)
    assert create.lines == ((KEY, MUGS, 2), (KEY, LAMPS, 1))
    assert (create.key, create.notify_customer, plan.rest) == (KEY, False, None)
    assert create.sentence == "Tell Shopify of package P-1: 3 units, 00340434161094000001."


def test_the_customer_is_written_to_where_the_rules_say_so() -> None:
    sight = a_sight(three_mugs_and_a_lamp(), a_package("P-1", (MUGS, 1)), rules=FulfillmentRules(notify_customer=True))

    assert [create.notify_customer for create in created(decide(sight))] == [True]


def test_several_packages_are_told_one_by_one() -> None:
    parcels = [a_package("P-1", (MUGS, 1)), a_package("P-2", (MUGS, 2), (LAMPS, 1), tracking_number="T-2")]

    plan = decide(a_sight(three_mugs_and_a_lamp(), *parcels))

    assert [create.package.id for create in created(plan)] == ["P-1", "P-2"]
    assert plan.rest is None


def test_a_line_that_a_package_names_twice_is_told_once_with_both_units() -> None:
    (create,) = created(decide(a_sight(three_mugs_and_a_lamp(), a_package("P-1", (MUGS, 1), (MUGS, 2)))))

    assert create.lines == ((KEY, MUGS, 3),)


def test_a_package_that_was_told_is_done() -> None:
    plan = decide(
        a_sight(three_mugs_and_a_lamp(), a_package("P-1", (MUGS, 1), tracking_number="T-1"), told=[told("P-1", 1)])
    )

    assert (plan.steps, plan.rest) == ((), None)


def test_an_order_that_shopify_does_not_show_is_left_alone() -> None:
    plan = decide(a_sight(None, a_package("P-1", (MUGS, 1))))

    assert (plan.steps, plan.rest) == ((), None)
    assert "does not show it" in plan.notes[0]


def test_an_order_of_which_nothing_left_has_nothing_to_tell() -> None:
    plan = decide(a_sight(None))

    assert (plan.steps, plan.rest, plan.title) == ((), None, "#1001")
    assert "does not show it" not in plan.notes[0]


# --- finding before creating --------------------------------------------------------------------------------------


def test_a_telling_whose_answer_was_lost_is_found_by_contents_and_tracking() -> None:
    there = a_fulfillment((MUG_LINE, 2), number=7, tracking_numbers=["T-1"])
    order = three_mugs_and_a_lamp(mugs_left=1, fulfillments=[there])

    plan = decide(a_sight(order, a_package("P-1", (MUGS, 2), tracking_number="T-1"), told=[lost("P-1")]))

    assert (adopted(plan), created(plan), plan.rest) == ({"P-1": there.id}, [], None)


def test_a_line_that_was_split_is_found_by_all_its_parts() -> None:
    there = a_fulfillment((MUG_LINE, 2), (LAMP_LINE, 1), (MUG_LINE, 1), number=7, tracking_numbers=["T-1"])
    order = three_mugs_and_a_lamp(mugs_left=0, lamps_left=0, fulfillments=[there], closed=True)
    package = a_package("P-1", (MUGS, 3), (LAMPS, 1), tracking_number="T-1")

    plan = decide(a_sight(order, package, told=[lost("P-1")]))

    assert (adopted(plan), plan.rest) == ({"P-1": there.id}, None)


def test_a_fulfillment_that_somebody_made_by_hand_is_found_by_contents_and_tracking() -> None:
    there = a_fulfillment((MUG_LINE, 2), number=7, tracking_numbers=["T-1"])
    order = three_mugs_and_a_lamp(mugs_left=1, fulfillments=[there])

    plan = decide(a_sight(order, a_package("P-1", (MUGS, 2), tracking_number="T-1")))

    assert adopted(plan) == {"P-1": there.id}


def test_a_lost_telling_without_tracking_is_found_by_its_contents() -> None:
    there = a_fulfillment((MUG_LINE, 2), number=7)
    order = three_mugs_and_a_lamp(mugs_left=1, fulfillments=[there])

    plan = decide(a_sight(order, a_package("P-1", (MUGS, 2), tracking_number=None), told=[lost("P-1", None)]))

    assert adopted(plan) == {"P-1": there.id}


def test_a_lost_telling_is_found_though_its_tracking_number_came_only_later() -> None:
    there = a_fulfillment((MUG_LINE, 2), number=7)
    order = three_mugs_and_a_lamp(mugs_left=1, fulfillments=[there])

    plan = decide(a_sight(order, a_package("P-1", (MUGS, 2), tracking_number="T-1"), told=[lost("P-1", None)]))

    assert adopted(plan) == {"P-1": there.id}


def test_contents_alone_are_not_enough_for_a_package_that_was_never_tried() -> None:
    there = a_fulfillment((MUG_LINE, 1), number=7)
    order = three_mugs_and_a_lamp(mugs_left=2, fulfillments=[there])

    plan = decide(a_sight(order, a_package("P-1", (MUGS, 1), tracking_number=None)))

    assert (adopted(plan), len(created(plan))) == ({}, 1)


def test_the_same_contents_under_another_tracking_number_are_another_package() -> None:
    there = a_fulfillment((MUG_LINE, 1), number=7, tracking_numbers=["T-1"])
    order = three_mugs_and_a_lamp(mugs_left=2, fulfillments=[there])

    plan = decide(a_sight(order, a_package("P-2", (MUGS, 1), tracking_number="T-2"), told=[lost("P-2", "T-2")]))

    assert (adopted(plan), [create.package.id for create in created(plan)]) == ({}, ["P-2"])


def test_the_same_tracking_number_on_other_contents_is_another_package() -> None:
    there = a_fulfillment((MUG_LINE, 1), number=7, tracking_numbers=["T-1"])
    order = three_mugs_and_a_lamp(mugs_left=2, fulfillments=[there])

    plan = decide(a_sight(order, a_package("P-2", (MUGS, 2), tracking_number="T-1")))

    assert (adopted(plan), [create.package.id for create in created(plan)]) == ({}, ["P-2"])


def test_two_alike_packages_do_not_share_one_fulfillment() -> None:
    there = a_fulfillment((MUG_LINE, 1), number=7, tracking_numbers=["T-1"])
    order = three_mugs_and_a_lamp(mugs_left=2, fulfillments=[there])
    alike = [a_package(name, (MUGS, 1), tracking_number="T-1") for name in ("P-1", "P-2")]

    plan = decide(a_sight(order, *alike, told=[lost("P-1")]))

    assert (adopted(plan), [create.package.id for create in created(plan)]) == ({"P-1": there.id}, ["P-2"])


def test_a_fulfillment_that_stands_for_one_package_is_not_taken_for_another() -> None:
    there = a_fulfillment((MUG_LINE, 1), number=7, tracking_numbers=["T-1"])
    order = three_mugs_and_a_lamp(mugs_left=2, fulfillments=[there])
    alike = [a_package(name, (MUGS, 1), tracking_number="T-1") for name in ("P-1", "P-2")]

    plan = decide(a_sight(order, *alike, told=[told("P-1", 7), lost("P-2")]))

    assert (adopted(plan), [create.package.id for create in created(plan)]) == ({}, ["P-2"])


def test_a_cancelled_fulfillment_stands_for_nothing() -> None:
    there = a_fulfillment((MUG_LINE, 1), number=7, status="CANCELLED", tracking_numbers=["T-1"])
    order = three_mugs_and_a_lamp(fulfillments=[there])

    plan = decide(a_sight(order, a_package("P-1", (MUGS, 1), tracking_number="T-1"), told=[lost("P-1")]))

    assert (adopted(plan), len(created(plan))) == ({}, 1)


def test_a_lost_telling_is_found_though_it_closed_the_fulfillment_order() -> None:
    there = a_fulfillment((MUG_LINE, 3), (LAMP_LINE, 1), number=7, tracking_numbers=["T-1"])
    order = three_mugs_and_a_lamp(mugs_left=0, lamps_left=0, closed=True, fulfillments=[there])
    package = a_package("P-1", (MUGS, 3), (LAMPS, 1), tracking_number="T-1")

    plan = decide(a_sight(order, package, told=[lost("P-1")]))

    assert (adopted(plan), plan.rest) == ({"P-1": there.id}, None)


# --- what does not fit --------------------------------------------------------------------------------------------


def test_a_package_with_more_than_shopify_has_left_is_held_and_its_sister_is_told() -> None:
    parcels = [a_package("P-1", (MUGS, 2)), a_package("P-2", (MUGS, 2), tracking_number="T-2")]

    plan = decide(a_sight(three_mugs_and_a_lamp(), *parcels))

    assert [create.package.id for create in created(plan)] == ["P-1"]
    assert held(plan).cause is Cause.PACKAGE_UNMATCHED
    assert held(plan).detail == "#1001, package P-2: it holds 2 of “Line 1”, Shopify has 1 left to fulfill."


@pytest.mark.parametrize(
    ("package", "why"),
    [
        (a_package("P-1"), "reports it empty"),
        (a_package("P-1", (MUGS, 0)), "reports it empty"),
        (a_package("P-1", ("gid://shopify/FulfillmentOrderLineItem/99", 1)), "no longer part of"),
    ],
)
def test_a_package_that_makes_no_sense_is_held(package: Package, why: str) -> None:
    plan = decide(a_sight(three_mugs_and_a_lamp(), package))

    assert (plan.steps, held(plan).cause) == ((), Cause.PACKAGE_UNMATCHED)
    assert why in held(plan).detail


def test_a_package_for_a_closed_fulfillment_order_is_held() -> None:
    plan = decide(a_sight(three_mugs_and_a_lamp(closed=True), a_package("P-1", (MUGS, 1))))

    assert (plan.steps, held(plan).cause) == ((), Cause.PACKAGE_UNMATCHED)
    assert "closed" in held(plan).detail


def test_a_package_across_two_locations_is_held() -> None:
    mugs, lamp = a_line(1), a_line(2, variant=2)
    parts = [
        a_fulfillment_order(a_fulfillment_order_line(line), number=number, location=number)
        for line, number in ((mugs, 1), (lamp, 2))
    ]
    order = an_order(lines=[mugs, lamp], fulfillment_orders=parts)

    plan = decide(a_sight(order, a_package("P-1", (MUGS, 1), (LAMPS, 1))))

    assert (plan.steps, held(plan).cause) == ((), Cause.PACKAGE_UNMATCHED)
    assert "several Shopify locations" in held(plan).detail


# --- from elsewhere -----------------------------------------------------------------------------------------------

HERE, THERE = LocationId("gid://shopify/Location/1"), LocationId("gid://shopify/Location/2")
MAPPED = {HERE: (WarehouseCode("MAIN"),), THERE: (WarehouseCode("NORTH"),)}
OPEN = ["CREATE_FULFILLMENT", "MOVE"]
OTHER = "gid://shopify/FulfillmentOrder/1002"


def mugs_here_and_there(here: int = 2, there: int = 2) -> Order:
    """The same mugs of one order, at two locations."""
    mugs = a_line(1, quantity=here + there)
    lines = [
        replace(a_fulfillment_order_line(mugs), total=Units(units), remaining=Units(units)) for units in (here, there)
    ]
    lines[1] = replace(lines[1], id=FulfillmentOrderLineId(LAMPS))
    parts = [
        a_fulfillment_order(line, number=number, location=location, actions=OPEN)
        for line, number, location in ((lines[0], 1001, 1), (lines[1], 1002, 2))
    ]
    return an_order(lines=[mugs], fulfillment_orders=parts)


def seen(order: Order, *work: Known) -> Sight:
    return Sight(id=order.id, order=order, work=work, told=(), hold=None, rules=FulfillmentRules(), warehouses=MAPPED)


def asked(key: str, line: str, units: int, warehouse: str, location: LocationId, *left: Package) -> Known:
    """A request for so many mugs, of which these packages left."""
    work = a_work_order(key, *left, state=WorkState.PICKING)
    wanted = {FulfillmentOrderLineId(line): Units(units)}
    return Known(work, "#1001", work.state, asked=wanted, warehouse=WarehouseCode(warehouse), location=location)


def relocated(plan: Plan[FulfillmentStep]) -> list[Move]:
    return [step.move for step in plan.steps if isinstance(step, Relocate)]


def from_north(*contents: tuple[str, int]) -> Package:
    return replace(a_package("P-1", *contents), warehouse=WarehouseCode("NORTH"))


def test_units_that_another_request_is_to_ship_do_not_stand_for_what_left_from_its_warehouse() -> None:
    order = mugs_here_and_there()
    ours = asked(KEY, MUGS, 2, "MAIN", HERE, from_north((MUGS, 1)))
    theirs = asked(OTHER, LAMPS, 2, "NORTH", THERE)

    plan = decide(seen(order, ours, theirs))

    assert relocated(plan) == [Move(FulfillmentOrderId(KEY), THERE, ((FulfillmentOrderLineId(MUGS), Units(1)),))]
    assert created(plan) == []
    assert isinstance(plan.rest, Wait)


def test_units_that_nobody_else_is_to_ship_are_told_from_where_they_are() -> None:
    order = mugs_here_and_there()

    (create,) = created(decide(seen(order, asked(KEY, MUGS, 2, "MAIN", HERE, from_north((MUGS, 2))))))

    assert create.lines == ((OTHER, LAMPS, 2),)


def test_goods_of_several_locations_in_one_package_come_together_before_they_are_told() -> None:
    order = mugs_here_and_there()
    package = from_north((MUGS, 2), (LAMPS, 2))

    plan = decide(seen(order, asked(KEY, MUGS, 2, "MAIN", HERE, package)))

    assert relocated(plan) == [Move(FulfillmentOrderId(KEY), THERE, None)]


def test_one_package_of_several_fulfillment_orders_of_one_location_is_one_fulfillment() -> None:
    order = mugs_here_and_there()
    parts = tuple(replace(part, location=THERE) for part in order.fulfillment_orders)
    package = from_north((MUGS, 2), (LAMPS, 2))

    (create,) = created(
        decide(seen(replace(order, fulfillment_orders=parts), asked(OTHER, LAMPS, 2, "NORTH", THERE, package)))
    )

    assert create.lines == ((KEY, MUGS, 2), (OTHER, LAMPS, 2))


def test_nothing_moves_for_a_package_that_does_not_fit_anywhere() -> None:
    order = mugs_here_and_there(here=1, there=1)

    plan = decide(seen(order, asked(KEY, MUGS, 3, "MAIN", HERE, from_north((MUGS, 3)))))

    assert (plan.steps, held(plan).cause) == ((), Cause.PACKAGE_UNMATCHED)


def test_the_warehouse_that_was_asked_ships_for_the_location_that_it_was_asked_for_whatever_the_map_says_now() -> None:
    order = mugs_here_and_there(here=2)
    package = replace(a_package("P-1", (MUGS, 2)), warehouse=WarehouseCode("OLD"))

    plan = decide(seen(order, asked(KEY, MUGS, 2, "OLD", HERE, package)))

    assert [create.lines for create in created(plan)] == [((KEY, MUGS, 2),)]


@given(
    parcels=st.lists(st.tuples(st.integers(1, 3), st.integers(0, 3), st.sampled_from(["MAIN", "NORTH"])), max_size=4),
    here=st.integers(0, 4),
    there=st.integers(0, 4),
)
def test_what_moves_and_what_is_told_is_never_more_than_there_is(
    parcels: list[tuple[int, int, str]], here: int, there: int
) -> None:
    order = mugs_here_and_there(here, there)
    packages = [
        replace(a_package(f"P-{number}", (MUGS, mugs), (LAMPS, more)), warehouse=WarehouseCode(warehouse))
        for number, (mugs, more, warehouse) in enumerate(parcels)
    ]

    plan = decide(seen(order, asked(KEY, MUGS, here, "MAIN", HERE, *packages)))

    spent = Counter[str]()
    for create in created(plan):
        spent.update({line: units for _, line, units in create.lines})
    for move in relocated(plan):
        part = next(part for part in order.fulfillment_orders if part.id == move.fulfillment_order)
        spent.update(dict(move.lines) if move.lines is not None else {one.id: one.remaining for one in part.lines})
    assert spent[MUGS] <= here
    assert spent[LAMPS] <= there
    assert len(relocated(plan)) <= 1
    assert all(isinstance(step, Create) for step in plan.steps[:-1])


CONTENTS = st.lists(st.tuples(st.sampled_from([MUGS, LAMPS]), st.integers(0, 3)), max_size=3)


@given(
    parcels=st.lists(CONTENTS, max_size=5),
    mugs_left=st.integers(0, 3),
    lamps_left=st.integers(0, 1),
    tried=st.sets(st.integers(0, 4)),
)
def test_shopify_is_never_told_of_more_than_it_has_left(
    parcels: list[list[tuple[str, int]]], mugs_left: int, lamps_left: int, tried: set[int]
) -> None:
    order = three_mugs_and_a_lamp(mugs_left=mugs_left, lamps_left=lamps_left)
    packages = [a_package(f"P-{number}", *contents) for number, contents in enumerate(parcels)]

    plan = decide(a_sight(order, *packages, told=[lost(f"P-{number}") for number in tried]))

    told_of: Counter[str] = Counter()
    for create in created(plan):
        assert all(units > 0 for *_, units in create.lines)
        for _, line, units in create.lines:
            told_of[line] += units
    assert told_of[MUGS] <= mugs_left
    assert told_of[LAMPS] <= lamps_left
    assert (plan.rest is None) == (len(plan.steps) == len(packages))
