"""From where an order ships: what each step does, and what holds whatever the rules."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossdock.kit.errors import UsageError
from crossdock.model.names import ItemCode, LineItemId, LocationId, Units
from crossdock.model.nearness import distance
from crossdock.model.point import Point
from crossdock.model.route import Candidate, Destination, Facts, Routed, Wanted, destination_of
from crossdock.model.routing import route
from crossdock.model.routing_rules import By, Otherwise, Place, RoutingRules, RoutingStep
from crossdock.testing.builders import an_address

HAMBURG, LEIPZIG, WIEN = (LocationId(f"gid://shopify/Location/{number}") for number in (1, 2, 3))
NAMES = {HAMBURG: "Hamburg", LEIPZIG: "Leipzig", WIEN: "Wien"}
PLACES = {
    HAMBURG: Place(latitude=53.55, longitude=9.99, country="DE", zip="20095"),
    LEIPZIG: Place(latitude=51.34, longitude=12.37, country="DE", zip="04109"),
    WIEN: Place(latitude=48.21, longitude=16.37, country="AT", zip="1010"),
}
DRESDEN = Destination("DE", "04", Point(51.1, 13.7))
STOCK, NEAREST, CAPACITY = RoutingStep(By.STOCK), RoutingStep(By.NEAREST), RoutingStep(By.CAPACITY)
DIVIDE = RoutingStep(By.STOCK, split=True)


def wanted(line: str = "1", units: int = 1, item: str = "MUG", location: LocationId = HAMBURG) -> Wanted:
    return Wanted(LineItemId(f"gid://shopify/LineItem/{line}"), ItemCode(item), item, Units(units), location)


def candidate(location: LocationId, busy: int = 0, barred: str | None = None, **stock: int) -> Candidate:
    held = {ItemCode(item): Units(units) for item, units in stock.items()}
    return Candidate(location, NAMES[location], held, busy, barred)


def facts(*candidates: Candidate, wants: Sequence[Wanted] = (), tags: Sequence[str] = ()) -> Facts:
    return Facts(tuple(tags), DRESDEN, tuple(wants) or (wanted(),), candidates)


def rules(*steps: RoutingStep, otherwise: Otherwise = Otherwise.FOLLOW) -> RoutingRules:
    return RoutingRules(steps=steps, places=PLACES, otherwise=otherwise)


def given_to(routed: Routed) -> Mapping[str, int]:
    found = Counter[str]()
    for share in routed.shares:
        found[NAMES[share.location]] += share.units
    return found


ALL = (candidate(HAMBURG, MUG=9), candidate(LEIPZIG, MUG=9), candidate(WIEN, MUG=9))


# --- step by step -------------------------------------------------------------------------------------------------


def test_without_steps_it_stays_where_shopify_has_it() -> None:
    routed = route(facts(*ALL, wants=[wanted(location=LEIPZIG)]), rules())

    assert routed.sentence == "Leipzig: Otherwise alike: Shopify has it there."


def test_the_first_of_a_list_is_preferred() -> None:
    routed = route(facts(*ALL), rules(RoutingStep(By.PREFER, locations=(WIEN, LEIPZIG))))

    assert routed.sentence == "Wien: Preferred: Wien, Leipzig."


def test_only_who_has_everything_ships_and_the_reader_learns_what_the_others_lack() -> None:
    routed = route(facts(candidate(HAMBURG, MUG=1), candidate(LEIPZIG, MUG=2), wants=[wanted(units=2)]), rules(STOCK))

    assert routed.sentence == "Leipzig: Has everything: Leipzig (Hamburg lacks 1 MUG)."


def test_the_nearest_of_those_that_have_it_ships() -> None:
    stocked = (candidate(HAMBURG, MUG=1), candidate(WIEN), candidate(LEIPZIG, MUG=1))

    routed = route(facts(*stocked), rules(STOCK, NEAREST))

    assert routed.sentence == (
        "Leipzig: Has everything: Hamburg, Leipzig (Wien lacks 1 MUG). "
        "Nearest to DE-04: Leipzig (96 km), Hamburg (371 km)."
    )


def test_without_coordinates_country_and_zip_say_who_is_nearest() -> None:
    places = {location: replace(place, latitude=None, longitude=None) for location, place in PLACES.items()}

    routed = route(facts(*ALL), RoutingRules(steps=(NEAREST,), places=places))

    assert routed.sentence == "Leipzig: Nearest to DE-04, by country and zip: Leipzig."


def test_where_nothing_is_known_of_places_nearness_does_not_decide() -> None:
    routed = route(facts(*ALL), RoutingRules(steps=(NEAREST,)))

    assert routed.why[0] == "Who is nearest to DE-04 is not known."
    assert routed.places == ("Hamburg",)


@pytest.mark.parametrize(("outside", "place"), [(False, "Hamburg"), (True, "Wien")])
def test_a_country_may_have_locations_of_its_own(outside: bool, place: str) -> None:
    step = RoutingStep(By.COUNTRY, countries=("AT",), locations=(WIEN,), outside=outside)

    assert route(facts(*ALL), rules(step)).places == (place,)


def test_a_tag_may_have_locations_of_its_own() -> None:
    step = RoutingStep(By.TAG, tags=("express",), locations=(LEIPZIG,))

    routed = route(facts(*ALL, tags=["express", "gift"]), rules(step))

    assert routed.sentence == "Leipzig: Tagged express: Leipzig, not Hamburg, Wien."
    assert route(facts(*ALL, tags=["gift"]), rules(step)).places == ("Hamburg",)


def test_who_was_asked_for_its_capacity_is_left_out() -> None:
    full = RoutingRules(steps=(CAPACITY,), places={HAMBURG: Place(capacity=40)})

    routed = route(facts(candidate(HAMBURG, busy=40), candidate(LEIPZIG, busy=400)), full)

    assert routed.sentence == ("Leipzig: Has capacity left: Leipzig (Hamburg was asked for 40 of 40 in 24 hours).")


def test_a_step_that_leaves_nobody_is_passed_over() -> None:
    routed = route(facts(candidate(HAMBURG), candidate(LEIPZIG)), rules(STOCK, NEAREST))

    assert routed.places == ("Leipzig",)
    assert routed.why[0] == "Nobody has everything: Hamburg lacks 1 MUG, Leipzig lacks 1 MUG. So that did not decide."


def test_a_step_that_must_leave_somebody_leaves_it_to_shopify_or_a_person() -> None:
    must, nothing = replace(STOCK, must=True), facts(candidate(HAMBURG), candidate(LEIPZIG))

    followed = route(nothing, rules(must))
    held = route(nothing, rules(must, otherwise=Otherwise.HOLD))

    assert given_to(followed) == {"Hamburg": 1}
    assert held.shares == ()
    assert held.sentence == (
        "Nobody: Nobody has everything: Hamburg lacks 1 MUG, Leipzig lacks 1 MUG. Nobody is left to ship it."
    )


def test_who_is_out_of_the_question_is_named_with_the_reason() -> None:
    routed = route(facts(candidate(HAMBURG, barred="it refused it"), candidate(LEIPZIG)), rules())

    assert routed.sentence == "Leipzig: Out of the question: Hamburg (it refused it)."


# --- divided ------------------------------------------------------------------------------------------------------


def test_nothing_is_divided_while_one_has_everything() -> None:
    routed = route(facts(candidate(HAMBURG, MUG=1), candidate(WIEN, MUG=2), wants=[wanted(units=2)]), rules(DIVIDE))

    assert given_to(routed) == {"Wien": 2}


def test_an_order_is_divided_into_few_parts_where_the_rules_allow_it() -> None:
    stocked = (candidate(HAMBURG, MUG=1), candidate(LEIPZIG, MUG=3, LAMP=1), candidate(WIEN, MUG=1))

    routed = route(facts(*stocked, wants=[wanted(units=4), wanted("2", item="LAMP")]), rules(DIVIDE, NEAREST))

    assert given_to(routed) == {"Leipzig": 4, "Hamburg": 1}
    assert routed.sentence.startswith("Leipzig and Hamburg: Nobody has everything: Hamburg lacks 1 LAMP, 3 MUG, ")


def test_what_all_together_do_not_have_is_not_divided() -> None:
    routed = route(facts(candidate(HAMBURG, MUG=1), candidate(WIEN, MUG=1), wants=[wanted(units=3)]), rules(DIVIDE))

    assert given_to(routed) == {"Hamburg": 3}
    assert routed.why[1] == "All together do not have it either, so that did not decide."


# --- whatever the rules -------------------------------------------------------------------------------------------

locations = st.sampled_from([HAMBURG, LEIPZIG, WIEN])
steps = st.one_of(
    st.just(NEAREST),
    st.just(CAPACITY),
    st.builds(RoutingStep, st.just(By.STOCK), split=st.booleans(), must=st.booleans()),
    st.builds(RoutingStep, st.just(By.PREFER), st.lists(locations, min_size=1, unique=True).map(tuple)),
    st.builds(
        RoutingStep,
        st.just(By.COUNTRY),
        st.lists(locations, min_size=1, unique=True).map(tuple),
        st.sampled_from([("DE",), ("AT", "CH")]),
        outside=st.booleans(),
        must=st.booleans(),
    ),
)
all_rules = st.builds(
    RoutingRules,
    steps=st.lists(steps, max_size=4).map(tuple),
    places=st.just({**PLACES, WIEN: replace(PLACES[WIEN], capacity=3)}),
    otherwise=st.sampled_from(Otherwise),
)
stocks = st.dictionaries(st.sampled_from([ItemCode("MUG"), ItemCode("LAMP")]), st.integers(-1, 5).map(Units))
candidates = st.lists(
    st.builds(
        lambda location, stock, busy, barred: Candidate(location, NAMES[location], stock, busy, barred),
        locations,
        stocks,
        st.integers(0, 5),
        st.sampled_from([None, None, None, "it refused it"]),
    ),
    unique_by=lambda one: one.location,
).map(tuple)
wants = st.lists(
    st.builds(wanted, st.sampled_from("123"), st.integers(1, 4), st.sampled_from(["MUG", "LAMP"]), locations),
    min_size=1,
    max_size=3,
).map(tuple)
all_facts = st.builds(Facts, st.just(()), st.just(DRESDEN), wants, candidates)


@given(all_facts, all_rules)
def test_every_unit_ships_once_or_none_does(found: Facts, how: RoutingRules) -> None:
    routed = route(found, how)

    units = Counter[LineItemId]()
    for one in found.wanted:
        units[one.line] += one.units
    shared = Counter[LineItemId]()
    for share in routed.shares:
        shared[share.line] += share.units
        assert share.units > 0
    assert shared in (units, {})
    assert shared or how.otherwise is Otherwise.HOLD


@given(all_facts, all_rules, st.randoms())
def test_the_order_of_the_candidates_does_not_matter(found: Facts, how: RoutingRules, chance: Random) -> None:
    shuffled = list(found.candidates)
    chance.shuffle(shuffled)

    assert route(replace(found, candidates=tuple(shuffled)), how) == route(found, how)


@given(all_facts, st.booleans())
def test_where_stock_is_a_must_nobody_is_asked_for_more_than_it_has(found: Facts, split: bool) -> None:
    must = RoutingStep(By.STOCK, split=split, must=True)

    routed = route(found, RoutingRules(steps=(must,), otherwise=Otherwise.HOLD))

    items = {one.line: one.item for one in found.wanted}
    if len(items) < len(found.wanted):
        return  # one line with two items is none that Shopify makes
    stock = {one.location: one.stock for one in found.candidates}
    asked = Counter[tuple[LocationId, ItemCode]]()
    for share in routed.shares:
        asked[share.location, items[share.line]] += share.units
    assert all(units <= stock[location].get(item, 0) for (location, item), units in asked.items())


@given(all_facts, all_rules)
def test_nobody_out_of_the_question_is_chosen_but_by_following_shopify(found: Facts, how: RoutingRules) -> None:
    routed = route(found, replace(how, otherwise=Otherwise.HOLD))

    assert not {share.location for share in routed.shares} & found.rejected


# --- what is kept, and what is refused ----------------------------------------------------------------------------


def test_a_destination_names_a_region_and_no_household() -> None:
    near = destination_of(an_address(zip_code="04 109"), Point(51.34321, 12.37654))

    assert near == Destination("DE", "04", Point(51.3, 12.4))
    assert str(near) == "DE-04"


def test_distances_are_those_of_a_globe() -> None:
    assert distance(Point(53.55, 9.99), Point(48.14, 11.58)) == pytest.approx(612, abs=2)
    assert distance(Point(0, 179.5), Point(0, -179.5)) == pytest.approx(111, abs=1)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: RoutingStep(By.PREFER), "A step by prefer in routing.steps names no locations. Give it some."),
        (lambda: RoutingStep(By.NEAREST, must=True), "A step by nearest in routing.steps does not go by must. Leave"),
        (lambda: RoutingStep(By.COUNTRY, (WIEN,), ("at",)), "'at' is no country. Write two capital letters: DE."),
        (lambda: Place(latitude=3), "a place has a latitude and a longitude, or neither of them."),
        (lambda: Place(latitude=91, longitude=1), "nothing is at 91, 1. Give degrees, latitude first."),
        (lambda: Place(capacity=-1), "a capacity cannot be -1. Give 0 requests or more."),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_are_refused(make: object, sentence: str) -> None:
    assert callable(make)
    with pytest.raises(UsageError) as refused:
        make()
    assert sentence in str(refused.value)
