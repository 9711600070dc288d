"""How many units Shopify may sell."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from crossdock.flows.inventory.decide import decide
from crossdock.flows.inventory.sight import Sight
from crossdock.model.connection import InventoryRules
from crossdock.model.names import InventoryItemId, ItemCode, LocationId, Units, WarehouseCode
from crossdock.model.stock import InventoryLevel, SetAvailable

MUG = InventoryItemId("gid://shopify/InventoryItem/1")
HAMBURG, LEIPZIG = LocationId("gid://shopify/Location/1"), LocationId("gid://shopify/Location/2")
NORTH, EAST = WarehouseCode("NORTH"), WarehouseCode("EAST")


def a_level(available: int, committed: int = 0, location: LocationId = HAMBURG) -> InventoryLevel:
    return InventoryLevel(MUG, location, Units(available), Units(committed))


def a_sight(
    *levels: InventoryLevel,
    item: ItemCode | None = ItemCode("MUG"),  # noqa: B008 - a NewType's call returns its argument, an immutable str
    backend: Mapping[WarehouseCode, int] | None = None,
    seen: Mapping[LocationId, int] | None = None,
    buffer: int = 0,
    warehouses: Mapping[LocationId, tuple[WarehouseCode, ...]] | None = None,
) -> Sight:
    return Sight(
        id=MUG,
        item=item,
        levels=levels,
        available={place: Units(units) for place, units in (backend or {}).items()},
        seen={place: Units(units) for place, units in (seen or {}).items()},
        sequence=1,
        warehouses={HAMBURG: (NORTH,)} if warehouses is None else warehouses,
        rules=InventoryRules(buffer=buffer),
    )


def writes(sight: Sight) -> list[SetAvailable]:
    return [step.write for step in decide(sight).steps]


def test_what_the_warehouse_may_promise_is_published_over_what_shopify_holds() -> None:
    assert writes(a_sight(a_level(3), backend={NORTH: 10})) == [SetAvailable(MUG, HAMBURG, Units(10), Units(3))]


def test_a_level_that_is_right_is_not_written() -> None:
    plan = decide(a_sight(a_level(10), backend={NORTH: 10}))

    assert plan.steps == ()
    assert "publish 10 (Shopify has 10)" in plan.notes[0]


def test_units_sold_and_not_yet_seen_at_the_warehouse_are_taken_off() -> None:
    assert writes(a_sight(a_level(10, committed=4), backend={NORTH: 10}, seen={HAMBURG: 1}))[0].quantity == 7


def test_units_that_the_warehouse_has_seen_are_not_taken_off_twice() -> None:
    assert writes(a_sight(a_level(10, committed=4), backend={NORTH: 6}, seen={HAMBURG: 4}))[0].quantity == 6


def test_having_seen_more_than_shopify_counts_adds_nothing() -> None:
    assert writes(a_sight(a_level(10, committed=1), backend={NORTH: 6}, seen={HAMBURG: 4}))[0].quantity == 6


def test_the_buffer_is_kept_back_at_every_level() -> None:
    sight = a_sight(
        a_level(0),
        a_level(0, location=LEIPZIG),
        backend={NORTH: 10, EAST: 5},
        buffer=2,
        warehouses={HAMBURG: (NORTH,), LEIPZIG: (EAST,)},
    )

    assert [(write.location, write.quantity) for write in writes(sight)] == [(HAMBURG, 8), (LEIPZIG, 3)]


def test_a_location_that_several_warehouses_serve_has_their_sum() -> None:
    sight = a_sight(a_level(0), backend={NORTH: 10, EAST: 5}, warehouses={HAMBURG: (NORTH, EAST)})

    assert writes(sight)[0].quantity == 15


def test_a_location_that_no_warehouse_serves_is_left_alone() -> None:
    assert writes(a_sight(a_level(3, location=LEIPZIG), backend={NORTH: 10})) == []


def test_an_item_that_the_warehouse_never_held_is_sold_out() -> None:
    assert writes(a_sight(a_level(3)))[0].quantity == 0


def test_more_promised_than_there_is_shows_as_less_than_nothing() -> None:
    assert writes(a_sight(a_level(0), backend={NORTH: -2}))[0].quantity == -2


def test_an_item_that_is_not_linked_is_left_alone() -> None:
    plan = decide(a_sight(a_level(3), item=None))

    assert (plan.steps, plan.rest, plan.notes) == ((), None, ("It is not linked to an item.",))


def test_the_sum_can_be_read() -> None:
    (step,) = decide(a_sight(a_level(9, committed=3), backend={NORTH: 10}, seen={HAMBURG: 1}, buffer=1)).steps

    assert step.sentence == (
        f"{HAMBURG}: 10 at the warehouse, 2 sold and not yet seen there, 1 buffer: publish 7 (Shopify has 9)."
    )


@given(
    available=st.integers(-20, 20),
    committed=st.integers(0, 20),
    seen=st.integers(0, 20),
    backend=st.integers(-20, 20),
    buffer=st.integers(0, 5),
)
def test_what_is_published_is_never_more_than_the_warehouse_has_less_unseen_and_buffer(
    available: int, committed: int, seen: int, backend: int, buffer: int
) -> None:
    sight = a_sight(a_level(available, committed), backend={NORTH: backend}, seen={HAMBURG: seen}, buffer=buffer)

    result = {write.location: write.quantity for write in writes(sight)}.get(HAMBURG, available)

    assert result <= backend - (committed - seen) - buffer
    assert result <= backend - buffer


@given(committed=st.integers(0, 20), seen=st.integers(0, 20), more=st.integers(1, 5))
def test_a_sale_more_never_publishes_more(committed: int, seen: int, more: int) -> None:
    def published(sold: int) -> int:
        return writes(a_sight(a_level(1000, sold), backend={NORTH: 10}, seen={HAMBURG: seen}))[0].quantity

    assert published(committed + more) <= published(committed)


@given(available=st.integers(-5, 30), committed=st.integers(0, 5), backend=st.integers(-5, 30))
def test_once_written_nothing_is_left_to_write(available: int, committed: int, backend: int) -> None:
    for write in writes(a_sight(a_level(available, committed), backend={NORTH: backend})):
        available = write.quantity

    assert writes(a_sight(a_level(available, committed), backend={NORTH: backend})) == []
