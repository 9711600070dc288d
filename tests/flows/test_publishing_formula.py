"""publish = backend - unseen - buffer: over shared warehouses, with the rules' limits, and for kits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossdock.flows.inventory.apportion import apportion
from crossdock.flows.inventory.figure import Figure
from crossdock.flows.inventory.formula import Facts, Formula
from crossdock.model.connection import InventoryRules, LevelRule, Negative, Sharing
from crossdock.model.names import ItemCode, LocationId, Sku, WarehouseCode

MUG, LAMP, GIFT_SET, BREAKFAST = ItemCode("MUG"), ItemCode("LAMP"), ItemCode("GIFT-SET"), ItemCode("BREAKFAST")
HAMBURG, LEIPZIG, MUNICH = (LocationId(f"gid://shopify/Location/{number}") for number in (1, 2, 3))
NORTH, EAST, SOUTH = WarehouseCode("NORTH"), WarehouseCode("EAST"), WarehouseCode("SOUTH")

Map = Mapping[LocationId, tuple[WarehouseCode, ...]]
ONE_TO_ONE: Map = {HAMBURG: (NORTH,)}
ALL_FROM_NORTH: Map = {HAMBURG: (NORTH,), LEIPZIG: (NORTH,), MUNICH: (NORTH,)}


def figures_of(
    available: Mapping[WarehouseCode, int],
    unseen: Mapping[LocationId, int] | None = None,
    *,
    warehouses: Map = ONE_TO_ONE,
    rules: InventoryRules = InventoryRules(),  # noqa: B008 - frozen
) -> Mapping[LocationId, Figure]:
    return Formula(rules, warehouses).figures(MUG, Sku("MUG-01"), {MUG: Facts(available, unseen or {})})


def published(figures: Mapping[LocationId, Figure]) -> dict[LocationId, int]:
    return {location: figure.publish for location, figure in figures.items()}


def the_kit(rules: InventoryRules, facts: Mapping[ItemCode, Facts], warehouses: Map = ONE_TO_ONE) -> Figure:
    return Formula(rules, warehouses).figures(GIFT_SET, None, facts)[HAMBURG]


class TestOneLocation:
    def test_what_was_sold_and_is_not_seen_yet_and_the_buffer_are_kept_back(self) -> None:
        figure = figures_of({NORTH: 5}, {HAMBURG: 3})[HAMBURG]

        assert figure.sentence == "5 at the warehouse, 3 sold and not yet seen, 0 buffer: publish 2"

    def test_has_the_sum_of_its_warehouses(self) -> None:
        figure = figures_of({NORTH: 10, EAST: 5}, {HAMBURG: 1}, warehouses={HAMBURG: (NORTH, EAST)})[HAMBURG]

        assert figure.sentence == "15 at the warehouses, 1 sold and not yet seen, 0 buffer: publish 14"

    def test_sells_nothing_of_what_no_warehouse_ever_held(self) -> None:
        assert published(figures_of({})) == {HAMBURG: 0}

    def test_without_a_warehouse_has_no_figure(self) -> None:
        assert figures_of({NORTH: 5}, warehouses={HAMBURG: (), LEIPZIG: (NORTH,)}).keys() == {LEIPZIG}

    def test_a_warehouse_that_serves_no_location_counts_nowhere(self) -> None:
        assert published(figures_of({NORTH: 5, SOUTH: 90})) == {HAMBURG: 5}

    @given(backend=st.integers(-50, 50), unseen=st.integers(0, 50), buffer=st.integers(0, 10))
    def test_without_limits_publishes_backend_less_unseen_less_buffer(
        self, backend: int, unseen: int, buffer: int
    ) -> None:
        figure = figures_of({NORTH: backend}, {HAMBURG: unseen}, rules=InventoryRules(buffer=buffer))[HAMBURG]

        assert figure.publish == backend - unseen - buffer


class TestLimits:
    def test_a_cap_hides_how_much_there_is(self) -> None:
        figure = figures_of({NORTH: 500}, rules=InventoryRules(cap=20))[HAMBURG]

        assert figure.sentence == "500 at the warehouse, 0 sold and not yet seen, 0 buffer: publish 20 (capped at 20)"

    def test_less_than_nothing_is_shown_as_it_is_unless_the_rules_say_zero(self) -> None:
        shown = figures_of({NORTH: 1}, {HAMBURG: 3})[HAMBURG]
        hidden = figures_of({NORTH: 1}, {HAMBURG: 3}, rules=InventoryRules(negative=Negative.ZERO))[HAMBURG]

        assert shown.publish == -2
        assert hidden.sentence == (
            "1 at the warehouse, 3 sold and not yet seen, 0 buffer: publish 0 (never below zero)"
        )

    def test_the_narrowest_rule_with_a_word_on_it_wins(self) -> None:
        rules = InventoryRules(
            buffer=1,
            cap=50,
            levels=(
                LevelRule(location=LEIPZIG, buffer=2, negative=Negative.ZERO),
                LevelRule(sku=Sku("MUG-01"), buffer=3),
                LevelRule(sku=Sku("MUG-01"), location=LEIPZIG, cap=4),
                LevelRule(sku=Sku("OTHER"), buffer=9),
            ),
        )
        formula = Formula(rules, {HAMBURG: (NORTH,), LEIPZIG: (EAST,)})

        mug = formula.figures(MUG, Sku("MUG-01"), {MUG: Facts({NORTH: 90, EAST: 90})})
        lamp = formula.figures(LAMP, Sku("LAMP-01"), {LAMP: Facts({NORTH: 90, EAST: -5})})
        nameless = formula.figures(LAMP, None, {LAMP: Facts({NORTH: 3, EAST: 3})})

        assert (mug[HAMBURG].buffer, mug[HAMBURG].publish) == (3, 50)
        assert (mug[LEIPZIG].buffer, mug[LEIPZIG].publish) == (3, 4)
        assert (lamp[HAMBURG].buffer, lamp[LEIPZIG].buffer, lamp[LEIPZIG].publish) == (1, 2, 0)
        assert published(nameless) == {HAMBURG: 2, LEIPZIG: 1}


class TestSeveralLocationsOfOneWarehouse:
    def test_each_has_a_part_and_the_parts_are_all_that_there_is(self) -> None:
        figures = figures_of({NORTH: 11}, {HAMBURG: 1}, warehouses=ALL_FROM_NORTH)

        assert published(figures) == {HAMBURG: 4, LEIPZIG: 3, MUNICH: 3}
        assert figures[HAMBURG].sentence == (
            "11 at the warehouse, 1 sold and not yet seen, its part is 4, 0 buffer: publish 4"
        )
        assert figures[MUNICH].sentence == (
            "11 at the warehouse, 0 sold and not yet seen, 1 sold at other locations and not yet seen, its part is 3, "
            "0 buffer: publish 3"
        )

    def test_the_parts_are_as_big_as_their_weights(self) -> None:
        rules = InventoryRules(weights={HAMBURG: 3, MUNICH: 0})

        assert published(figures_of({NORTH: 8}, warehouses=ALL_FROM_NORTH, rules=rules)) == {
            HAMBURG: 6,
            LEIPZIG: 2,
            MUNICH: 0,
        }

    def test_each_keeps_its_own_buffer_back(self) -> None:
        rules = InventoryRules(buffer=1, weights={MUNICH: 0})

        figures = figures_of({NORTH: 8}, warehouses=ALL_FROM_NORTH, rules=rules)

        assert published(figures) == {HAMBURG: 3, LEIPZIG: 3, MUNICH: -1}

    def test_shared_stock_is_offered_whole_at_each(self) -> None:
        figures = figures_of(
            {NORTH: 8}, {LEIPZIG: 2}, warehouses=ALL_FROM_NORTH, rules=InventoryRules(sharing=Sharing.SHARE)
        )

        assert published(figures) == {HAMBURG: 6, LEIPZIG: 6, MUNICH: 6}
        assert figures[HAMBURG].sentence == (
            "8 at the warehouse, 0 sold and not yet seen, 2 sold at other locations and not yet seen, "
            "shared with 2 other locations, 0 buffer: publish 6"
        )

    def test_what_one_sold_beyond_its_part_is_taken_off_the_others(self) -> None:
        warehouses: Map = {HAMBURG: (NORTH,), LEIPZIG: (NORTH,)}

        assert published(figures_of({NORTH: 10}, {HAMBURG: 8}, warehouses=warehouses)) == {HAMBURG: 1, LEIPZIG: 1}

    def test_one_with_a_warehouse_of_its_own_has_that_and_its_part(self) -> None:
        warehouses: Map = {HAMBURG: (NORTH,), LEIPZIG: (NORTH, EAST)}

        assert published(figures_of({NORTH: 10, EAST: 4}, warehouses=warehouses)) == {HAMBURG: 5, LEIPZIG: 9}

    def test_until_it_is_seen_a_sale_is_off_every_warehouse_that_may_ship_it(self) -> None:
        warehouses: Map = {HAMBURG: (NORTH,), LEIPZIG: (NORTH, EAST)}

        figures = figures_of({NORTH: 2, EAST: 4}, {LEIPZIG: 2}, warehouses=warehouses)

        assert published(figures) == {HAMBURG: 0, LEIPZIG: 2}


LOCATIONS, WAREHOUSES = (HAMBURG, LEIPZIG, MUNICH), (NORTH, EAST, SOUTH)
some_warehouses = st.lists(st.sampled_from(WAREHOUSES), min_size=1, max_size=3, unique=True).map(tuple)
maps = st.dictionaries(st.sampled_from(LOCATIONS), some_warehouses, min_size=1)
availables = st.dictionaries(st.sampled_from(WAREHOUSES), st.integers(-20, 200))
unseens = st.dictionaries(st.sampled_from(LOCATIONS), st.integers(0, 60))
weights = st.dictionaries(st.sampled_from(LOCATIONS), st.integers(0, 7))


@given(warehouses=maps, available=availables, unseen=unseens, parts=weights)
def test_parts_are_never_more_than_the_warehouses_of_any_group_of_locations_hold(
    warehouses: Map,
    available: Mapping[WarehouseCode, int],
    unseen: Mapping[LocationId, int],
    parts: dict[LocationId, int],
) -> None:
    figures = figures_of(available, unseen, warehouses=warehouses, rules=InventoryRules(weights=parts))

    for group in _groups(tuple(warehouses)):
        reachable = {code for location in group for code in warehouses[location]}
        sold = sum(unseen.get(location, 0) for location in group)
        assert sum(figures[location].publish for location in group) <= (
            sum(available.get(code, 0) for code in reachable) - sold
        )


def _groups(locations: Sequence[LocationId]) -> list[list[LocationId]]:
    numbers = range(1, 2 ** len(locations))
    return [[one for bit, one in enumerate(locations) if number >> bit & 1] for number in numbers]


@given(warehouses=maps, available=availables, unseen=unseens, sharing=st.sampled_from(Sharing))
def test_no_location_is_offered_more_than_its_own_warehouses_hold_less_its_own_sales(
    warehouses: Map, available: Mapping[WarehouseCode, int], unseen: Mapping[LocationId, int], sharing: Sharing
) -> None:
    for location, figure in figures_of(
        available, unseen, warehouses=warehouses, rules=InventoryRules(sharing=sharing)
    ).items():
        assert figure.publish <= figure.backend - figure.unseen
        assert figure.backend == sum(available.get(code, 0) for code in warehouses[location])


@given(
    warehouses=maps,
    available=availables,
    unseen=unseens,
    rules=st.builds(InventoryRules, sharing=st.sampled_from(Sharing), weights=weights),
    more=st.tuples(st.sampled_from(WAREHOUSES), st.integers(1, 30)),
)
def test_more_at_a_warehouse_never_publishes_less_anywhere(
    warehouses: Map,
    available: dict[WarehouseCode, int],
    unseen: Mapping[LocationId, int],
    rules: InventoryRules,
    more: tuple[WarehouseCode, int],
) -> None:
    code, units = more
    grown = available | {code: available.get(code, 0) + units}

    before = published(figures_of(available, unseen, warehouses=warehouses, rules=rules))
    after = published(figures_of(grown, unseen, warehouses=warehouses, rules=rules))

    assert all(after[location] >= before[location] for location in before)


@given(warehouses=maps, available=availables, unseen=unseens)
def test_the_order_of_the_map_changes_nothing(
    warehouses: Map, available: Mapping[WarehouseCode, int], unseen: Mapping[LocationId, int]
) -> None:
    turned = {location: tuple(reversed(codes)) for location, codes in reversed(list(warehouses.items()))}

    assert published(figures_of(available, unseen, warehouses=turned)) == published(
        figures_of(available, unseen, warehouses=warehouses)
    )


@given(units=st.integers(0, 10_000), parts=weights.filter(lambda given: sum(given.values()) > 0))
def test_every_unit_is_given_out_once_and_nobody_is_far_from_its_share(
    units: int, parts: dict[LocationId, int]
) -> None:
    given_out = apportion(units, parts)

    assert sum(given_out.values()) == units
    for location, weight in parts.items():
        assert abs(given_out[location] - units * weight / sum(parts.values())) <= 1


class TestKits:
    RULES = InventoryRules(kits={GIFT_SET: {MUG: 2, LAMP: 1}})

    def test_there_are_as_many_as_the_scarcest_component_allows(self) -> None:
        figure = the_kit(self.RULES, {MUG: Facts({NORTH: 9}), LAMP: Facts({NORTH: 7})})

        assert figure.sentence == (
            "4 can be assembled (MUG is the scarcest), 0 sold and not yet seen, 0 buffer: publish 4"
        )

    def test_a_component_that_was_sold_by_itself_and_is_not_seen_yet_makes_fewer(self) -> None:
        figure = the_kit(self.RULES, {MUG: Facts({NORTH: 9}, {HAMBURG: 4}), LAMP: Facts({NORTH: 7})})

        assert figure.publish == 2

    def test_kits_sold_and_not_seen_yet_are_taken_off_once(self) -> None:
        facts = {MUG: Facts({NORTH: 8}), LAMP: Facts({NORTH: 7}), GIFT_SET: Facts({}, {HAMBURG: 1})}

        figure = the_kit(self.RULES, facts)

        assert figure.sentence == (
            "4 can be assembled (MUG is the scarcest), 1 sold and not yet seen, 0 buffer: publish 3"
        )

    def test_a_kit_sold_is_off_its_components_too(self) -> None:
        facts = {MUG: Facts({NORTH: 8}, {HAMBURG: 1}), GIFT_SET: Facts({}, {HAMBURG: 2})}

        figure = Formula(self.RULES, ONE_TO_ONE).figures(MUG, None, facts)[HAMBURG]

        assert figure.sentence == (
            "8 at the warehouse, 5 sold and not yet seen (4 of them in kits), 0 buffer: publish 3"
        )

    def test_another_kit_of_the_same_component_makes_fewer(self) -> None:
        rules = InventoryRules(kits={GIFT_SET: {MUG: 2}, BREAKFAST: {MUG: 3}})

        figure = the_kit(rules, {MUG: Facts({NORTH: 10}), BREAKFAST: Facts({}, {HAMBURG: 1})})

        assert figure.publish == 3

    def test_components_of_two_warehouses_do_not_make_one_kit(self) -> None:
        facts = {MUG: Facts({NORTH: 10, EAST: 1}), LAMP: Facts({EAST: 10})}

        assert the_kit(self.RULES, facts, {HAMBURG: (NORTH, EAST)}).publish == 0

    def test_facts_are_needed_of_components_and_of_the_kits_beside(self) -> None:
        rules = InventoryRules(kits={GIFT_SET: {MUG: 2, LAMP: 1}, BREAKFAST: {MUG: 1}})
        formula = Formula(rules, ONE_TO_ONE)

        assert formula.relatives(ItemCode("SPOON")) == {"SPOON"}
        assert formula.relatives(LAMP) == {LAMP, GIFT_SET}
        assert formula.relatives(MUG) == {MUG, GIFT_SET, BREAKFAST}
        assert formula.relatives(GIFT_SET) == {GIFT_SET, MUG, LAMP, BREAKFAST}

    @given(mugs=st.integers(0, 40), lamps=st.integers(0, 40), sold=st.tuples(*[st.integers(0, 9)] * 3))
    def test_selling_every_kit_that_is_published_leaves_no_component_short(
        self, mugs: int, lamps: int, sold: tuple[int, int, int]
    ) -> None:
        facts = {
            MUG: Facts({NORTH: mugs}, {HAMBURG: sold[0]}),
            LAMP: Facts({NORTH: lamps}, {HAMBURG: sold[1]}),
            GIFT_SET: Facts({}, {HAMBURG: sold[2]}),
        }
        kits = max(0, the_kit(self.RULES, facts).publish)
        then = facts | {GIFT_SET: replace(facts[GIFT_SET], unseen={HAMBURG: sold[2] + kits})}
        formula = Formula(self.RULES, ONE_TO_ONE)

        for component in (MUG, LAMP):
            assert kits == 0 or formula.figures(component, None, then)[HAMBURG].publish >= 0


@pytest.mark.parametrize("sharing", Sharing)
def test_a_deficit_shows_at_each_location(sharing: Sharing) -> None:
    figures = figures_of({NORTH: -3}, warehouses=ALL_FROM_NORTH, rules=InventoryRules(sharing=sharing))

    assert published(figures) == {HAMBURG: -3, LEIPZIG: -3, MUNICH: -3}
