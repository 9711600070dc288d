"""The rules of the floor: what a step may do, and what no sequence of steps can do."""

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from crossdock.backends.builtin import steps
from crossdock.backends.builtin import stock as shelves
from crossdock.backends.builtin.steps import Label, SalesOrder, Sent, Step
from crossdock.backends.builtin.stock import Movement, Stock
from crossdock.kit.errors import Refused, UsageError
from crossdock.model.names import ItemCode, PackageId, Units, WarehouseCode
from crossdock.model.request import DeliveryEvent, DeliveryStatus, WorkState
from crossdock.testing.builders import MAIN, NOON, a_request, a_request_line

MUG, LAMP, SET = ItemCode("MUG"), ItemCode("LAMP"), ItemCode("SET")
PLENTY = {MUG: 100, LAMP: 100}
KITS = {SET: {MUG: 2, LAMP: 1}}


def accepted(mugs: int = 3, lamps: int = 1) -> SalesOrder:
    lines = [a_request_line("MUG", mugs, reference="mugs"), a_request_line("LAMP", lamps, reference="lamps")]
    return steps.accept(a_request(*lines, name="#1001"), "SO-000001", {}).order


def released(mugs: int = 3, lamps: int = 1) -> SalesOrder:
    return steps.release(accepted(mugs, lamps)).order


def packed(mugs: int = 3, lamps: int = 1) -> SalesOrder:
    picked = steps.pick(released(mugs, lamps), None, PLENTY).order
    return steps.pack(picked, None).order


def shipped_in_part() -> SalesOrder:
    picked = steps.pick(released(), {MUG: 1}, PLENTY).order
    boxed = steps.pack(picked, None).order
    return steps.ship(boxed, [Label(PackageId("SO-000001-1"))], NOON).order


def test_an_order_walks_from_accepted_to_shipped() -> None:
    picked = steps.pick(released(), None, PLENTY).order
    boxed = steps.pack(picked, [{"MUG": 3}, {"LAMP": 1}]).order
    first = steps.ship(boxed, [Label(PackageId("SO-000001-1"), "DHL", "T-1")], NOON).order
    second = steps.ship(first, [Label(PackageId("SO-000001-2"))], NOON).order

    states = [order.state for order in (accepted(), released(), picked, boxed, first, second)]
    assert states == ["not_released", "released", "picking", "packed", "packed", "shipped"]
    assert [parcel.contents for parcel in second.parcels] == [(("mugs", 3),), (("lamps", 1),)]
    assert (second.parcels[0].carrier, second.parcels[0].tracking_number) == ("DHL", "T-1")


def test_an_item_on_several_lines_is_filled_in_their_order() -> None:
    lines = [a_request_line("MUG", 2, reference="a"), a_request_line("MUG", 2, reference="b")]
    order = steps.release(steps.accept(a_request(*lines), "SO-000001", {}).order).order

    picked = steps.pick(order, {"MUG": 3}, PLENTY).order

    assert [line.picked for line in picked.lines] == [2, 1]


def test_short_shipping_the_rest_after_a_package_left_ends_the_order() -> None:
    step = steps.short_ship(shipped_in_part(), None)

    assert step.order.state is WorkState.SHIPPED
    assert [(line.shipped, line.short) for line in step.order.lines] == [(1, 2), (0, 1)]
    assert steps.reserved_units(step.order) == {}


def test_short_shipping_picked_units_puts_them_back_on_the_shelf() -> None:
    picked = steps.pick(released(), {MUG: 2}, PLENTY).order

    step = steps.short_ship(picked, {MUG: 3})

    assert [(movement.reserved, movement.picked) for movement in step.movements] == [(-3, -2)]


def test_cancelling_puts_everything_back_and_forgets_the_packages() -> None:
    step = steps.cancel(packed())

    assert (step.order.state, step.order.parcels) == (WorkState.CANCELLED, ())
    assert [(movement.item, movement.reserved, movement.packed) for movement in step.movements] == [
        (MUG, -3, -3),
        (LAMP, -1, -1),
    ]


def test_tracking_may_come_after_the_package_left() -> None:
    order = steps.track(shipped_in_part(), Label(PackageId("SO-000001-1"), "DPD", "T-9")).order

    assert (order.parcels[0].tracking_number, order.parcels[0].shipped_at) == ("T-9", NOON)


def test_goods_of_a_package_that_was_taken_back_are_on_the_shelf_and_still_reserved() -> None:
    step = steps.take_back(shipped_in_part(), PackageId("SO-000001-1"), NOON)

    assert [(one.item, one.reason, one.on_hand, one.reserved) for one in step.movements] == [(MUG, "take_back", 1, 1)]
    assert (step.order.state, step.order.lines[0].waiting) == (WorkState.RELEASED, 3)
    assert step.order.parcels[0].cancelled_at == NOON


def test_an_order_whose_package_is_back_can_be_cancelled_and_the_package_stays_on_record() -> None:
    step = steps.cancel(steps.take_back(shipped_in_part(), PackageId("SO-000001-1"), NOON).order)

    assert step.order.state is WorkState.CANCELLED
    assert [parcel.cancelled_at for parcel in step.order.parcels] == [NOON]


def test_what_happens_to_a_package_is_kept_with_its_time() -> None:
    order = steps.report(shipped_in_part(), PackageId("SO-000001-1"), DeliveryStatus.DELIVERED, NOON).order

    assert order.parcels[0].events == (DeliveryEvent(DeliveryStatus.DELIVERED, NOON),)


ANNEX = WarehouseCode("ANNEX")


def left_elsewhere() -> Step:
    return steps.ship_from(released(), ANNEX, {MUG: 2}, Sent("UPS", "1Z1"), {MUG: 2}, NOON)


def moved(step: Step) -> list[tuple[str, WarehouseCode, int, int]]:
    return [(one.item, one.warehouse, one.on_hand, one.reserved) for one in step.movements]


def test_goods_that_leave_from_elsewhere_are_off_that_shelf_and_no_longer_promised_here() -> None:
    step = left_elsewhere()

    (parcel,) = step.order.parcels
    assert (parcel.warehouse, parcel.contents, parcel.shipped_at) == (ANNEX, (("mugs", 2),), NOON)
    assert (parcel.carrier, parcel.tracking_number) == ("UPS", "1Z1")
    assert sorted(moved(step)) == [(MUG, ANNEX, -2, 0), (MUG, MAIN, 0, -2)]
    assert (step.order.state, step.order.lines[0].waiting) == (WorkState.PICKING, 1)


def test_of_a_kit_that_leaves_from_elsewhere_its_components_do() -> None:
    order = steps.accept(a_request(a_request_line("SET", 2, reference="sets")), "SO-000001", KITS).order

    step = steps.ship_from(steps.release(order).order, ANNEX, None, Sent(), PLENTY, NOON)

    assert sorted(one for one in moved(step) if one[1] == ANNEX) == [(LAMP, ANNEX, -2, 0), (MUG, ANNEX, -4, 0)]


def test_goods_that_left_from_elsewhere_go_back_to_that_shelf_and_stay_promised_here() -> None:
    step = steps.take_back(left_elsewhere().order, PackageId("SO-000001-1"), NOON)

    assert sorted(moved(step)) == [(MUG, ANNEX, 2, 0), (MUG, MAIN, 0, 2)]


def back() -> SalesOrder:
    return steps.take_back(shipped_in_part(), PackageId("SO-000001-1"), NOON).order


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda: steps.take_back(packed(), PackageId("SO-000001-1"), NOON), "has not left yet"),
        (lambda: steps.take_back(back(), PackageId("SO-000001-1"), NOON), "was taken back. Pick, pack and ship"),
        (lambda: steps.track(back(), Label(PackageId("SO-000001-1"))), "was taken back"),
        (lambda: steps.release(released()), "cannot be released: it is released; pick it"),
        (lambda: steps.pick(accepted(), None, PLENTY), "cannot be picked: it is not released; release it"),
        (lambda: steps.pick(released(), None, {MUG: 2}), "3 MUG cannot be picked at MAIN, 2 are on the shelf"),
        (lambda: steps.pick(released(), {MUG: 4}, PLENTY), "4 of MUG cannot be taken, 3 are waiting"),
        (lambda: steps.pick(released(), {MUG: 0}, PLENTY), "0 of MUG cannot be taken"),
        (lambda: steps.pick(released(), {"CUP": 1}, PLENTY), "has no line CUP. Its items are: LAMP, MUG"),
        (lambda: steps.pick(packed(), None, PLENTY), "no units are waiting; ship it"),
        (lambda: steps.pack(released(), None), "no units are picked; pick it"),
        (lambda: steps.pack(released(), []), "no package was given"),
        (lambda: steps.ship(released(), [], NOON), "nothing is packed to ship. Pick and pack"),
        (lambda: steps.ship(packed(), [Label(PackageId("X"))], NOON), "has no package X. It has: SO-000001-1"),
        (
            lambda: steps.ship(shipped_in_part(), [Label(PackageId("SO-000001-1"))], NOON),
            "SO-000001-1 left already. Change its tracking",
        ),
        (lambda: steps.track(packed(), Label(PackageId("SO-000001-1"))), "has not left yet. Ship it with"),
        (
            lambda: steps.ship_from(accepted(), ANNEX, None, Sent(), PLENTY, NOON),
            "cannot be shipped: it is not released",
        ),
        (lambda: steps.ship_from(released(), MAIN, None, Sent(), PLENTY, NOON), "it is its own; pick, pack and ship"),
        (
            lambda: steps.ship_from(released(), ANNEX, {MUG: 2}, Sent(), {MUG: 1}, NOON),
            "2 MUG cannot leave from ANNEX, 1 are on the shelf there",
        ),
        (lambda: steps.short_ship(accepted(), None), "cannot be short-shipped: it is not released"),
        (lambda: steps.cancel(shipped_in_part()), "part of it has left; short-ship the rest instead"),
        (lambda: steps.cancel(steps.cancel(released()).order), "cannot be cancelled: it is cancelled; it is done"),
        (lambda: shelves.receive(MUG, MAIN, Units(0)), "0 units cannot be received"),
        (
            lambda: shelves.count(Stock(MUG, MAIN, on_hand=5, reserved=3, picked=2, packed=1), Units(2)),
            "MUG at MAIN cannot become 2: 5 are on hand, of which 3 are picked or packed",
        ),
        (
            lambda: shelves.transfer(Stock(MUG, MAIN, on_hand=5, picked=2), WarehouseCode("B"), Units(4)),
            "4 MUG cannot leave MAIN: 3 are on its shelf",
        ),
        (lambda: shelves.transfer(Stock(MUG, MAIN, on_hand=5), MAIN, Units(1)), "MUG is at MAIN already"),
    ],
)
def test_what_cannot_be_done_is_refused_with_what_can(act: Callable[[], object], sentence: str) -> None:
    with pytest.raises(UsageError) as refusal:
        act()

    assert sentence in str(refusal.value)
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize("units", [0, -1])
def test_a_request_for_less_than_one_unit_is_refused(units: int) -> None:
    with pytest.raises(Refused, match=r"#7: .* 1 unit or more"):
        steps.accept(a_request(a_request_line("MUG", units), name="#7"), "SO-000001", {})


def test_a_request_that_names_a_line_twice_is_refused() -> None:
    line = a_request_line("MUG", 1)

    with pytest.raises(Refused, match="each once"):
        steps.accept(a_request(line, line), "SO-000001", {})


def amended(order: SalesOrder, mugs: int, lamps: int = 1) -> Step | None:
    lines = [a_request_line("MUG", mugs, reference="mugs"), a_request_line("LAMP", lamps, reference="lamps")]
    return steps.amend(order, a_request(*lines, name="#1001"), {})


@pytest.mark.parametrize("order", [accepted(), released()], ids=lambda order: order.state)
def test_lines_change_until_somebody_picks_and_only_the_difference_is_reserved(order: SalesOrder) -> None:
    step = amended(order, mugs=5)

    assert step is not None
    assert [(line.item, line.ordered) for line in step.order.lines] == [(MUG, 5), (LAMP, 1)]
    assert [(movement.item, movement.reserved) for movement in step.movements] == [(MUG, 2)]


def test_particulars_change_while_it_is_picked_and_lines_do_not() -> None:
    picking = steps.pick(released(), {MUG: 1}, PLENTY).order

    assert amended(picking, mugs=3) == Step(picking)
    assert amended(picking, mugs=2) is None


def test_lines_do_not_change_once_units_were_given_up() -> None:
    assert amended(steps.short_ship(released(), {MUG: 1}).order, mugs=2) is None


@pytest.mark.parametrize("order", [packed(), shipped_in_part()], ids=["packed", "shipped in part"])
def test_what_is_packed_or_left_is_neither_amended_nor_stopped(order: SalesOrder) -> None:
    assert (amended(order, mugs=3), steps.stop(order)) == (None, None)


def test_an_order_moves_to_no_other_warehouse() -> None:
    lines = [a_request_line("MUG", 3, reference="mugs"), a_request_line("LAMP", 1, reference="lamps")]

    assert steps.amend(accepted(), a_request(*lines, warehouse="ANNEX"), {}) is None


def test_a_kit_that_stays_keeps_what_it_was_made_of_and_one_that_is_added_is_made_as_kits_are_now() -> None:
    line = a_request_line(SET, 1, reference="set")
    order = steps.accept(a_request(line), "SO-000001", KITS).order
    more = [a_request_line(SET, 2, reference="set"), a_request_line(SET, 1, reference="another")]

    step = steps.amend(order, a_request(*more), {SET: {MUG: 1}})

    assert step is not None
    assert [line.components for line in step.order.lines] == [{MUG: 2, LAMP: 1}, {MUG: 1}]
    assert {movement.item: movement.reserved for movement in step.movements} == {MUG: 3, LAMP: 1}


def test_stopping_a_pick_puts_everything_back() -> None:
    picking = steps.pick(released(), {MUG: 1}, PLENTY).order

    step = steps.stop(picking)

    assert step is not None
    assert step.order.state is WorkState.CANCELLED
    moved = [(movement.item, movement.reserved, movement.picked) for movement in step.movements]
    assert moved == [(MUG, -3, -1), (LAMP, -1, 0)]


few = st.integers(min_value=-1, max_value=4)
item = st.sampled_from([MUG, LAMP])
sold = st.sampled_from([MUG, LAMP, SET])
some_units = st.none() | st.dictionaries(sold, few, max_size=2)
which = st.integers(min_value=0, max_value=1)


class AnyDayInTheWarehouse(RuleBasedStateMachine):
    """Any acts, in any order, sensible or not."""

    def __init__(self) -> None:
        super().__init__()
        self.orders: list[SalesOrder] = []
        self.ledger: list[Movement] = []
        self.stock = {MUG: Stock(MUG, MAIN), LAMP: Stock(LAMP, MAIN)}
        self._post((shelves.receive(MUG, MAIN, Units(5)), shelves.receive(LAMP, MAIN, Units(2))))

    @rule(item=item, units=few)
    def receive(self, item: ItemCode, units: int) -> None:
        self._try(lambda: (shelves.receive(item, MAIN, Units(units)),))

    @rule(item=item, units=few)
    def count(self, item: ItemCode, units: int) -> None:
        self._try(lambda: (shelves.count(self.stock[item], Units(units)),))

    @rule(item=item, units=few)
    def find_or_lose(self, item: ItemCode, units: int) -> None:
        self._try(lambda: (shelves.change(self.stock[item], units),))

    @rule(lines=st.lists(st.tuples(sold, st.integers(1, 4)), min_size=1, max_size=3))
    def order(self, lines: list[tuple[ItemCode, int]]) -> None:
        request = a_request(*(a_request_line(item, units) for item, units in lines))
        step = steps.accept(request, f"SO-{len(self.orders):06d}", KITS)
        self.orders.append(step.order)
        self._post(step.movements)

    @rule(which=which)
    def release(self, which: int) -> None:
        self._step(which, steps.release)

    @rule(which=which, units=some_units)
    def pick(self, which: int, units: dict[ItemCode, int] | None) -> None:
        on_shelf = {item: held.on_shelf for item, held in self.stock.items()}
        self._step(which, lambda order: steps.pick(order, units, on_shelf))

    @rule(which=which, boxes=st.none() | st.lists(some_units.filter(lambda units: units is not None), max_size=2))
    def pack(self, which: int, boxes: list[dict[ItemCode, int]] | None) -> None:
        self._step(which, lambda order: steps.pack(order, boxes))

    @rule(which=which, numbers=st.lists(st.integers(1, 3), max_size=2))
    def ship(self, which: int, numbers: list[int]) -> None:
        self._step(
            which,
            lambda order: steps.ship(order, [Label(PackageId(f"{order.reference}-{n}")) for n in numbers], NOON),
        )

    @rule(which=which, item=sold)
    def go_all_the_way_with_one(self, which: int, item: ItemCode) -> None:
        """A sensible run, so that chance need not find all four steps in a row."""
        self.release(which)
        self.pick(which, {item: 1})
        self.pack(which, None)
        self._step(
            which,
            lambda order: steps.ship(order, [Label(parcel.id) for parcel in order.parcels[-1:]], NOON),
        )

    @rule(which=which, item=sold, units=few)
    def pick_and_give_up(self, which: int, item: ItemCode, units: int) -> None:
        self.release(which)
        self.pick(which, {item: 1})
        self.short_ship(which, {item: units})

    @rule(which=which, units=some_units)
    def short_ship(self, which: int, units: dict[ItemCode, int] | None) -> None:
        self._step(which, lambda order: steps.short_ship(order, units))

    @rule(which=which, number=st.integers(1, 3))
    def take_back(self, which: int, number: int) -> None:
        self._step(which, lambda order: steps.take_back(order, PackageId(f"{order.reference}-{number}"), NOON))

    @rule(which=which)
    def cancel(self, which: int) -> None:
        self._step(which, steps.cancel)

    @rule(which=which, units=st.lists(st.integers(0, 4), min_size=3, max_size=3), added=st.none() | sold)
    def amend(self, which: int, units: list[int], added: ItemCode | None) -> None:
        def amended(order: SalesOrder) -> Step:
            lines = [
                a_request_line(line.item, number, reference=line.reference)
                for line, number in zip(order.lines, units, strict=False)
                if number
            ]
            request = a_request(*lines, *([] if added is None else [a_request_line(added, 1)]))
            return steps.amend(order, request, KITS) or Step(order)

        self._step(which, amended)

    @rule(which=which)
    def stop(self, which: int) -> None:
        self._step(which, lambda order: steps.stop(order) or Step(order))

    @invariant()
    def stock_is_the_sum_of_the_ledger(self) -> None:
        for item, held in self.stock.items():
            mine = [movement for movement in self.ledger if movement.item == item]
            assert held.on_hand == sum(movement.on_hand for movement in mine)
            assert held.reserved == sum(movement.reserved for movement in mine)
            assert held.picked == sum(movement.picked for movement in mine)
            assert held.packed == sum(movement.packed for movement in mine)

    @invariant()
    def nothing_is_handled_that_is_not_held(self) -> None:
        for held in self.stock.values():
            assert min(held.on_hand, held.reserved, held.picked, held.packed, held.on_shelf) >= 0

    @invariant()
    def stock_agrees_with_the_orders(self) -> None:
        reserved: Counter[ItemCode] = Counter()
        picked: Counter[ItemCode] = Counter()
        packed: Counter[ItemCode] = Counter()
        for order in self.orders:
            reserved.update(steps.reserved_units(order))
            for line in order.lines:
                for item, each in line.stocked.items():
                    picked[item] += line.picked * each
                    packed[item] += line.packed * each
        for item, held in self.stock.items():
            assert (held.reserved, held.picked, held.packed) == (reserved[item], picked[item], packed[item])

    @invariant()
    def never_more_leaves_than_was_ordered(self) -> None:
        for order in self.orders:
            left: Counter[str] = Counter()
            for parcel in order.parcels:
                if parcel.shipped_at is not None and parcel.cancelled_at is None:
                    left.update(dict(parcel.contents))
            for line in order.lines:
                assert line.shipped == left[line.reference]
                assert min(line.waiting, line.picked, line.packed, line.shipped, line.short) >= 0

    @invariant()
    def what_is_on_hand_came_in_and_has_not_left(self) -> None:
        for item, held in self.stock.items():
            came = sum(m.on_hand for m in self.ledger if m.item == item and m.reason in {"receive", "adjust"})
            lines = [line for order in self.orders for line in order.lines]
            left = sum(line.shipped * line.stocked.get(item, 0) for line in lines)
            assert held.on_hand == came - left

    @invariant()
    def an_order_is_shipped_when_nothing_is_open(self) -> None:
        for order in self.orders:
            if order.state is not WorkState.CANCELLED:
                assert (order.state is WorkState.SHIPPED) == (not any(line.open for line in order.lines))

    def _step(self, which: int, decide: Callable[[SalesOrder], Step]) -> None:
        if which >= len(self.orders):
            return

        def step() -> tuple[Movement, ...]:
            decided = decide(self.orders[which])
            self.orders[which] = decided.order
            return decided.movements

        self._try(step)

    def _try(self, act: Callable[[], tuple[Movement, ...]]) -> None:
        try:
            movements = act()
        except UsageError:
            return
        self._post(movements)

    def _post(self, movements: tuple[Movement, ...]) -> None:
        for movement in movements:
            self.ledger.append(movement)
            self.stock[movement.item] = self.stock[movement.item].after(movement)


TestAnyDayInTheWarehouse = AnyDayInTheWarehouse.TestCase
TestAnyDayInTheWarehouse.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
