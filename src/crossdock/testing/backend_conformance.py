# ruff: noqa: D102 (a test's name is its sentence)
"""
What every backend must do, as tests that a backend's author runs against theirs.

Subclass `BackendConformance` in a test module, give it the fixtures `backend` and `floor`, and run pytest with
`asyncio_mode = auto`. `docs/how-to/write-a-backend.md` shows a whole example.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

import pytest

from crossdock.kit.errors import Refused
from crossdock.model.capability import Capability
from crossdock.model.names import Barcode, ItemCode, OrderId, PackageId, RequestKey, Sku, Units, WarehouseCode
from crossdock.model.request import DeliveryStatus, FulfillmentRequest, Package, WorkState
from crossdock.model.request_field import FieldSpec
from crossdock.model.returning import Disposition, ReturnOrder, ReturnParcel, ReturnTracking
from crossdock.ports.backend import Backend, Changes, ItemSearch, PersonalData, Warehouse
from crossdock.testing.books_conformance import BooksConformance
from crossdock.testing.builders import (
    MAIN,
    a_priced_request,
    a_request,
    a_request_line,
    a_return_line,
    a_return_request,
    a_value_for,
    an_address,
    an_item,
)
from crossdock.testing.floor import Booked, Floor, Parcel

SECOND = WarehouseCode("SECOND")
MUG, LAMP = ItemCode("MUG"), ItemCode("LAMP")
BATCH = 250
"""How many keys one call must take: the hub asks in pages of Shopify's largest size."""


class BackendConformance(BooksConformance):
    """The promises of `crossdock.ports.backend.Backend`, one test each."""

    fields: ClassVar[tuple[FieldSpec, ...]] = ()
    """What the backend's manifest says; without any, tests of fields are skipped."""

    @pytest.fixture
    def backend(self) -> Backend:
        """Give an open backend in which nothing has happened. To be overridden, sync or async."""
        raise NotImplementedError

    @pytest.fixture
    def floor(self, backend: Backend) -> Floor:
        """Give the hands inside that backend. To be overridden, sync or async."""
        raise NotImplementedError

    @pytest.fixture(autouse=True)
    async def _ten_mugs_and_five_lamps(self, floor: Floor) -> None:
        await floor.add_warehouse(Warehouse(MAIN, "Main"))
        await floor.add_item(an_item("MUG", barcodes=["4006381333931"]))
        await floor.add_item(an_item("LAMP"))
        await floor.receive(MUG, MAIN, 10)
        await floor.receive(LAMP, MAIN, 5)

    # --- items and warehouses -------------------------------------------------------------------------------------

    async def test_warehouses_are_listed(self, backend: Backend) -> None:
        assert Warehouse(MAIN, "Main") in await backend.warehouses()

    async def test_items_are_found_by_sku_and_by_barcode(self, backend: Backend) -> None:
        found = await backend.find_items([Sku("LAMP"), Sku("NONE")], [Barcode("4006381333931")])

        assert {item.code for item in found} == {"MUG", "LAMP"}

    async def test_items_are_found_once_though_sku_and_barcode_both_match(self, backend: Backend) -> None:
        found = await backend.find_items([Sku("MUG")], [Barcode("4006381333931")])

        assert [item.code for item in found] == ["MUG"]

    async def test_a_sku_in_another_case_is_another_sku(self, backend: Backend, floor: Floor) -> None:
        await floor.add_item(an_item("SMALL", sku="mug"))

        assert [item.code for item in await backend.find_items([Sku("mug")], [])] == ["SMALL"]
        assert [item.code for item in await backend.find_items([Sku("MUG")], [])] == ["MUG"]
        assert list(await backend.find_items([Sku("Mug")], [])) == []

    async def test_items_that_share_a_sku_are_all_found(self, backend: Backend, floor: Floor) -> None:
        await floor.add_item(an_item("MUG-B", sku="MUG"))

        assert {item.code for item in await backend.find_items([Sku("MUG")], [])} == {"MUG", "MUG-B"}

    async def test_nothing_asked_for_finds_nothing(self, backend: Backend) -> None:
        assert list(await backend.find_items([], [])) == []

    async def test_a_person_who_has_to_choose_is_shown_items_by_words_of_their_titles(
        self, backend: Backend, floor: Floor
    ) -> None:
        if not isinstance(backend, ItemSearch):
            pytest.skip("this backend cannot be searched by a person")
        await floor.add_item(replace(an_item("BLUE"), title="Enamel mug, blue"))
        await floor.add_item(replace(an_item("RED"), title="Enamel mug (red)"))

        assert [item.code for item in await backend.items_like(["mug", "(red)", "enamel"], 9)][:2] == ["RED", "BLUE"]
        assert [item.code for item in await backend.items_like(["mug", "(red)", "enamel"], 1)] == ["RED"]
        assert list(await backend.items_like(["nowhere"], 9)) == []
        assert list(await backend.items_like([], 9)) == []

    async def test_items_are_shown_by_their_codes(self, backend: Backend) -> None:
        if not isinstance(backend, ItemSearch):
            pytest.skip("this backend cannot be searched by a person")

        assert [item.code for item in await backend.items([ItemCode("LAMP"), ItemCode("NONE")])] == ["LAMP"]

    # --- submitting -----------------------------------------------------------------------------------------------

    async def test_a_request_becomes_an_order_and_reserves_its_units(self, backend: Backend) -> None:
        request = a_request(a_request_line("MUG", 3), a_request_line("LAMP", 1))

        order = await backend.submit(request)

        assert (order.key, order.packages, order.short) == (request.key, (), ())
        assert order.reference
        assert order.state in {WorkState.NOT_RELEASED, WorkState.RELEASED}
        assert dict((await backend.stock([MUG, LAMP])).available) == {(MUG, MAIN): 7, (LAMP, MAIN): 4}

    async def test_the_same_key_again_returns_the_order_and_changes_nothing(self, backend: Backend) -> None:
        request = a_request(a_request_line("MUG", 3))
        first = await backend.submit(request)
        before = await backend.stock([MUG])

        again = [await backend.submit(request) for _ in range(3)]

        after = await backend.stock([MUG])
        assert again == [first] * 3
        assert (after.sequence, after.available) == (before.sequence, before.available)

    async def test_a_known_key_with_other_lines_changes_nothing(self, backend: Backend) -> None:
        first = await backend.submit(a_request(a_request_line("MUG", 3), key="one"))

        again = await backend.submit(a_request(a_request_line("LAMP", 5), key="one"))

        assert again == first
        assert dict((await backend.stock([MUG, LAMP])).available) == {(MUG, MAIN): 7, (LAMP, MAIN): 5}

    async def test_twenty_submits_of_one_key_at_once_make_one_order(self, backend: Backend) -> None:
        request = a_request(a_request_line("MUG", 2))

        orders = await asyncio.gather(*(backend.submit(request) for _ in range(20)))

        assert len({order.reference for order in orders}) == 1
        assert (await backend.stock([MUG])).available[MUG, MAIN] == 8

    @pytest.mark.parametrize("milliseconds", [0, 1, 5, 20, 100])
    async def test_a_submit_whose_answer_nobody_heard_and_its_repeat_make_one_order(
        self, backend: Backend, milliseconds: int
    ) -> None:
        request = a_request(a_request_line("MUG", 2))
        # The hub gave up on the answer, or was killed; nobody knows how far the question got.
        unheard = asyncio.create_task(backend.submit(request))
        await asyncio.sleep(milliseconds / 1000)
        unheard.cancel()
        await asyncio.gather(unheard, return_exceptions=True)

        orders = [await backend.submit(request) for _ in range(2)]

        assert len({order.reference for order in orders}) == 1
        assert (await backend.stock([MUG])).available[MUG, MAIN] == 8
        assert dict(await backend.work_orders([request.key])) == {request.key: orders[0]}

    async def test_other_keys_are_other_orders(self, backend: Backend) -> None:
        orders = await asyncio.gather(*(backend.submit(a_request(a_request_line("MUG", 1))) for _ in range(5)))

        assert len({order.reference for order in orders}) == 5
        assert (await backend.stock([MUG])).available[MUG, MAIN] == 5

    async def test_more_than_is_held_is_accepted_as_a_backorder(self, backend: Backend) -> None:
        await backend.submit(a_request(a_request_line("MUG", 12)))

        assert (await backend.stock([MUG])).available[MUG, MAIN] == -2

    async def test_two_lines_of_one_item_are_both_reserved(self, backend: Backend) -> None:
        await backend.submit(a_request(a_request_line("MUG", 1), a_request_line("MUG", 3)))

        assert (await backend.stock([MUG])).available[MUG, MAIN] == 6

    async def test_an_unknown_item_is_refused_by_name_and_leaves_nothing(self, backend: Backend) -> None:
        request = a_request(a_request_line("MUG", 1), a_request_line("GHOST", 1))
        before = await backend.stock([MUG])

        with pytest.raises(Refused, match=r"GHOST.*\."):
            await backend.submit(request)

        after = await backend.stock([MUG])
        assert await backend.work_orders([request.key]) == {}
        assert (after.sequence, after.available) == (before.sequence, before.available)

    async def test_an_unknown_warehouse_is_refused_by_name(self, backend: Backend) -> None:
        with pytest.raises(Refused, match=r"NOWHERE.*\."):
            await backend.submit(a_request(warehouse="NOWHERE"))

    async def test_a_refused_request_is_accepted_once_its_item_exists(self, backend: Backend, floor: Floor) -> None:
        request = a_request(a_request_line("LATE", 1))
        with pytest.raises(Refused):
            await backend.submit(request)

        await floor.add_item(an_item("LATE"))

        assert (await backend.submit(request)).key == request.key

    # --- stock ----------------------------------------------------------------------------------------------------

    async def test_only_the_items_asked_for_are_read(self, backend: Backend) -> None:
        assert dict((await backend.stock([LAMP])).available) == {(LAMP, MAIN): 5}
        assert dict((await backend.stock([ItemCode("GHOST")])).available) == {}

    async def test_the_sequence_grows_with_each_movement(self, backend: Backend, floor: Floor) -> None:
        first = await backend.stock([MUG])
        await floor.receive(LAMP, MAIN, 1)
        second = await backend.stock([MUG])
        await backend.submit(a_request(a_request_line("MUG", 1)))
        third = await backend.stock([MUG])

        assert first.sequence < second.sequence < third.sequence
        assert first.taken_at <= second.taken_at <= third.taken_at

    async def test_accepting_and_reserving_are_one_act_to_every_reading(self, backend: Backend) -> None:
        requests = [a_request(a_request_line("MUG", 1)) for _ in range(20)]
        keys = [request.key for request in requests]
        seen: list[tuple[int, int, int]] = []
        sequences: list[int] = []

        async def watch() -> None:
            while len(await backend.work_orders(keys)) < len(keys):
                before = len(await backend.work_orders(keys))
                reading = await backend.stock([MUG])
                after = len(await backend.work_orders(keys))
                seen.append((before, 10 - reading.available[MUG, MAIN], after))
                sequences.append(reading.sequence)
                await asyncio.sleep(0)

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(watch())
            for request in requests:
                tasks.create_task(backend.submit(request))

        assert [line for line in seen if not line[0] <= line[1] <= line[2]] == []
        assert sequences == sorted(sequences)
        assert (await backend.stock([MUG])).available[MUG, MAIN] == -10

    async def test_each_warehouse_has_its_own_stock(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.SEVERAL_WAREHOUSES)
        await floor.add_warehouse(Warehouse(SECOND, "Second"))
        await floor.receive(MUG, SECOND, 4)

        await backend.submit(a_request(a_request_line("MUG", 3), warehouse=SECOND))
        await backend.submit(a_request(a_request_line("LAMP", 1), warehouse=SECOND))

        assert {warehouse.code for warehouse in await backend.warehouses()} == {MAIN, SECOND}
        assert dict((await backend.stock([MUG, LAMP])).available) == {
            (MUG, MAIN): 10,
            (MUG, SECOND): 1,
            (LAMP, MAIN): 5,
            (LAMP, SECOND): -1,
        }

    # --- work and packages ----------------------------------------------------------------------------------------

    async def test_unknown_keys_are_left_out(self, backend: Backend) -> None:
        order = await backend.submit(a_request())

        assert await backend.work_orders([order.key, RequestKey("nobody's")]) == {order.key: order}
        assert await backend.work_orders([]) == {}

    async def test_a_package_names_its_contents_by_our_line_references(self, backend: Backend, floor: Floor) -> None:
        mugs, more_mugs = a_request_line("MUG", 1), a_request_line("MUG", 2)
        request = a_request(mugs, more_mugs)
        await backend.submit(request)

        await floor.ship(
            request.key, [Parcel({mugs.reference: 1, more_mugs.reference: 2}, carrier="DPD", tracking_number="T-1")]
        )

        order = (await backend.work_orders([request.key]))[request.key]
        (package,) = order.packages
        assert order.state is WorkState.SHIPPED
        assert dict(package.contents) == {mugs.reference: 1, more_mugs.reference: 2}
        assert (package.carrier, package.tracking_number) == ("DPD", "T-1")
        assert order.short == ()

    async def test_what_was_reserved_and_left_does_not_change_what_is_available(
        self, backend: Backend, floor: Floor
    ) -> None:
        request = a_request(a_request_line("MUG", 3))
        await backend.submit(request)
        before = await backend.stock([MUG])

        await floor.ship(request.key, [Parcel({request.lines[0].reference: 3})])

        after = await backend.stock([MUG])
        assert after.available == before.available
        assert after.sequence > before.sequence

    async def test_several_packages_share_the_lines_between_them(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.SEVERAL_PACKAGES)
        mugs, lamps = a_request_line("MUG", 3), a_request_line("LAMP", 1)
        request = a_request(mugs, lamps)
        await backend.submit(request)

        await floor.ship(request.key, [Parcel({mugs.reference: 1}, tracking_number="T-1")])
        halfway = (await backend.work_orders([request.key]))[request.key]
        await floor.ship(request.key, [Parcel({mugs.reference: 2, lamps.reference: 1}, tracking_number="T-2")])
        done = (await backend.work_orders([request.key]))[request.key]

        assert halfway.state is not WorkState.SHIPPED
        assert [dict(package.contents) for package in halfway.packages] == [{mugs.reference: 1}]
        assert done.state is WorkState.SHIPPED
        assert done.packages[0] == halfway.packages[0]
        assert dict(done.packages[1].contents) == {mugs.reference: 2, lamps.reference: 1}
        assert len({package.id for package in done.packages}) == 2

    async def test_package_ids_differ_between_orders(self, backend: Backend, floor: Floor) -> None:
        requests = [a_request(a_request_line("MUG", 1)) for _ in range(2)]
        for request in requests:
            await backend.submit(request)
            await floor.ship(request.key, [Parcel({request.lines[0].reference: 1})])

        orders = await backend.work_orders([request.key for request in requests])

        assert len({package.id for order in orders.values() for package in order.packages}) == 2

    async def test_tracking_that_comes_late_is_the_packages_and_its_order_has_changed(
        self, backend: Backend, floor: Floor
    ) -> None:
        self._needs(Capability.LATE_TRACKING)
        key, package = await self._shipped(backend, floor, 1)
        _, _, end = await self._follow(backend, None)

        await floor.track(key, package.id, "UPS", "T-2")

        (now,) = (await backend.work_orders([key]))[key].packages
        assert (now.id, now.contents, now.shipped_at) == (package.id, package.contents, package.shipped_at)
        assert (now.carrier, now.tracking_number) == ("UPS", "T-2")
        assert key in (await self._follow(backend, end))[0]

    async def test_a_package_that_was_taken_back_stays_listed_and_its_units_are_to_ship_again(
        self, backend: Backend, floor: Floor
    ) -> None:
        self._needs(Capability.CANCELLED_PACKAGES)
        key, package = await self._shipped(backend, floor, 3)
        before = await backend.stock([MUG])
        _, _, end = await self._follow(backend, None)

        await floor.take_back(key, package.id)

        order, after = (await backend.work_orders([key]))[key], await backend.stock([MUG])
        assert [(one.id, one.cancelled, one.contents) for one in order.packages] == [
            (package.id, True, package.contents)
        ]
        assert order.state.may_still_ship
        assert after.available == before.available  # on the shelf again, and reserved again
        assert after.sequence > before.sequence
        assert key in (await self._follow(backend, end))[0]

    async def test_what_was_taken_back_leaves_again_in_another_package(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.CANCELLED_PACKAGES)
        key, package = await self._shipped(backend, floor, 3)
        await floor.take_back(key, package.id)

        await floor.ship(key, [Parcel(dict(package.contents), tracking_number="T-2")])

        order = (await backend.work_orders([key]))[key]
        assert order.state is WorkState.SHIPPED
        assert [(one.cancelled, one.tracking_number) for one in order.packages] == [(True, "T-1"), (False, "T-2")]
        assert len({one.id for one in order.packages}) == 2

    async def test_an_order_whose_goods_all_came_back_can_be_stopped(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.CANCELLED_PACKAGES)
        self._needs(Capability.STOP)
        key, package = await self._shipped(backend, floor, 3)
        await floor.take_back(key, package.id)

        verdict = await backend.stop(key)

        assert (verdict.done, verdict.work.state) == (True, WorkState.CANCELLED)
        assert [(one.id, one.cancelled) for one in verdict.work.packages] == [(package.id, True)]
        assert (await backend.stock([MUG])).available[MUG, MAIN] == 10
        assert (await backend.work_orders([key]))[key] == verdict.work

    async def test_amending_an_order_whose_goods_came_back_is_all_or_nothing(
        self, backend: Backend, floor: Floor
    ) -> None:
        self._needs(Capability.CANCELLED_PACKAGES)
        self._needs(Capability.AMEND_LINES)
        request = a_request(a_request_line("MUG", 3))
        await backend.submit(request)
        await floor.ship(request.key, [Parcel({request.lines[0].reference: 3})])
        (package,) = (await backend.work_orders([request.key]))[request.key].packages
        await floor.take_back(request.key, package.id)

        verdict = await backend.amend(replace(request, lines=(a_request_line("LAMP", 2),)))

        assert [one.id for one in verdict.work.packages] == [package.id]
        left = {(MUG, MAIN): 10, (LAMP, MAIN): 3} if verdict.done else {(MUG, MAIN): 7, (LAMP, MAIN): 5}
        assert dict((await backend.stock([MUG, LAMP])).available) == left

    async def test_what_happened_on_the_way_is_told_in_order_and_keeps_its_time(
        self, backend: Backend, floor: Floor
    ) -> None:
        self._needs(Capability.DELIVERY_EVENTS)
        key, package = await self._shipped(backend, floor, 1)
        _, _, end = await self._follow(backend, None)

        await floor.report(key, package.id, DeliveryStatus.IN_TRANSIT)
        (first,) = (await backend.work_orders([key]))[key].packages
        await floor.report(key, package.id, DeliveryStatus.DELIVERED)

        (second,) = (await backend.work_orders([key]))[key].packages
        assert [event.status for event in second.events] == [DeliveryStatus.IN_TRANSIT, DeliveryStatus.DELIVERED]
        assert second.events[:1] == first.events
        assert key in (await self._follow(backend, end))[0]

    async def test_an_order_on_hold_says_why_and_goes_on_once_it_is_resumed(
        self, backend: Backend, floor: Floor
    ) -> None:
        self._needs(Capability.HOLDS)
        request = a_request(a_request_line("MUG", 1))
        before = await backend.submit(request)
        _, _, end = await self._follow(backend, None)

        await floor.hold(request.key, "The address is a hotel.")
        held = (await backend.work_orders([request.key]))[request.key]
        heard, _, end = await self._follow(backend, end)
        await floor.resume(request.key)
        after = (await backend.work_orders([request.key]))[request.key]

        assert (before.on_hold, held.on_hold, after.on_hold) == (None, "The address is a hotel.", None)
        assert (held.state, request.key in heard) == (before.state, True)
        assert request.key in (await self._follow(backend, end))[0]

    async def test_an_order_on_hold_is_stopped_like_any_other(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.HOLDS)
        self._needs(Capability.STOP)
        request = a_request(a_request_line("MUG", 1))
        await backend.submit(request)
        await floor.hold(request.key, "The address is a hotel.")

        verdict = await backend.stop(request.key)

        assert (verdict.done, verdict.work.state, verdict.work.on_hold) == (True, WorkState.CANCELLED, None)

    async def test_units_that_were_given_up_are_named_by_line_and_free_again(
        self, backend: Backend, floor: Floor
    ) -> None:
        self._needs(Capability.SHORT_SHIP)
        mugs, lamps = a_request_line("MUG", 3), a_request_line("LAMP", 2)
        request = a_request(mugs, lamps)
        await backend.submit(request)

        await floor.ship(request.key, [Parcel({mugs.reference: 1, lamps.reference: 2})])
        await floor.close_short(request.key)

        order = (await backend.work_orders([request.key]))[request.key]
        assert order.state is WorkState.SHIPPED
        assert order.short == ((mugs.reference, 2),)
        assert dict((await backend.stock([MUG, LAMP])).available) == {(MUG, MAIN): 9, (LAMP, MAIN): 3}

    async def test_submitting_an_order_that_left_returns_it_with_its_packages(
        self, backend: Backend, floor: Floor
    ) -> None:
        request = a_request(a_request_line("MUG", 1))
        await backend.submit(request)
        await floor.ship(request.key, [Parcel({request.lines[0].reference: 1})])

        again = await backend.submit(request)

        assert again == (await backend.work_orders([request.key]))[request.key]
        assert len(again.packages) == 1

    # --- money ----------------------------------------------------------------------------------------------------

    async def test_what_an_order_costs_and_what_to_collect_is_kept_to_the_cent(
        self, backend: Backend, floor: Floor
    ) -> None:
        self._needs(Capability.MONEY)
        request = a_priced_request(a_request_line("MUG", 3), a_request_line("LAMP", 1))

        await backend.submit(request)

        assert request.money is not None
        assert await floor.booked(request.key) == Booked(request.money.total, request.to_collect)

    async def test_what_an_amended_order_costs_takes_the_place_of_what_it_did(
        self, backend: Backend, floor: Floor
    ) -> None:
        self._needs(Capability.MONEY)
        self._needs(Capability.AMEND_LINES)
        before = a_priced_request(a_request_line("MUG", 3))
        after = replace(a_priced_request(replace(before.lines[0], units=Units(2))), key=before.key)
        await backend.submit(before)

        assert (await backend.amend(after)).done

        assert after.money is not None
        assert await floor.booked(before.key) == Booked(after.money.total, after.to_collect)

    async def test_other_prices_of_the_same_goods_take_the_place_of_what_they_were(
        self, backend: Backend, floor: Floor
    ) -> None:
        self._needs(Capability.MONEY)
        self._needs(Capability.AMEND_PARTICULARS)
        request = a_priced_request(a_request_line("MUG", 3), a_request_line("LAMP", 1))
        first = await backend.submit(request)
        before = await backend.stock([MUG, LAMP])
        cheaper = self._with_a_unit_less_to_pay(request)

        verdict = await backend.amend(cheaper)

        assert (verdict.done, verdict.work) == (True, first)
        assert cheaper.money is not None
        assert await floor.booked(request.key) == Booked(cheaper.money.total, request.to_collect)
        assert (await backend.stock([MUG, LAMP])).available == before.available

    def _with_a_unit_less_to_pay(self, request: FulfillmentRequest) -> FulfillmentRequest:
        """Return the same goods with one unit's price off the first line, and without the charge for shipping."""
        assert request.money is not None
        mugs, *others = request.money.lines
        off = replace(mugs, worth=replace(mugs.worth, discount=mugs.worth.unit_price))
        money = replace(request.money, lines=(off, *others), charges=())
        return replace(request, money=replace(money, order_total=money.total))

    # --- fields of the backend's own ------------------------------------------------------------------------------

    async def test_what_a_request_says_in_the_backends_own_fields_is_booked_with_its_type(
        self, backend: Backend, floor: Floor
    ) -> None:
        request = self._saying_everything()

        await backend.submit(request)

        booked = await floor.booked(request.key)
        assert booked.said == request.said
        assert booked.said_of_lines == {one.reference: one.said for one in request.lines if one.fields}

    async def test_an_amendment_that_says_less_takes_back_what_was_said(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.AMEND_PARTICULARS)
        request = self._saying_everything()
        await backend.submit(request)

        assert (await backend.amend(replace(request, fields=request.fields[:1]))).done

        assert (await floor.booked(request.key)).said == dict(list(request.said.items())[:1])

    async def test_what_a_line_says_changes_and_its_goods_stay_reserved(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.AMEND_PARTICULARS)
        request = self._saying_everything()
        if not request.lines[0].fields:
            pytest.skip("the backend names no fields for lines")
        await backend.submit(request)
        before = await backend.stock([MUG])

        assert (await backend.amend(replace(request, lines=(replace(request.lines[0], fields=()),)))).done

        assert (await floor.booked(request.key)).said_of_lines == {}
        assert (await backend.stock([MUG])).available == before.available

    def _saying_everything(self) -> FulfillmentRequest:
        """Return a request that says something in every field of the manifest."""
        if not self.fields:
            pytest.skip("the backend names no fields")
        of_line = tuple(a_value_for(one) for one in self.fields if one.of_line)
        line = replace(a_request_line("MUG", 1), fields=of_line)
        return replace(a_request(line), fields=tuple(a_value_for(one) for one in self.fields if not one.of_line))

    # --- amending and stopping ------------------------------------------------------------------------------------

    async def test_an_accepted_order_takes_on_other_particulars_and_keeps_its_reservations(
        self, backend: Backend
    ) -> None:
        self._needs(Capability.AMEND_PARTICULARS)
        request = a_request(a_request_line("MUG", 3))
        first = await backend.submit(request)
        before = await backend.stock([MUG])

        verdict = await backend.amend(replace(request, ship_to=an_address(city="Bremen"), note="Ring twice"))

        assert (verdict.done, verdict.work) == (True, first)
        assert (await backend.stock([MUG])).available == before.available

    async def test_lines_are_added_taken_away_and_changed_and_stock_follows(self, backend: Backend) -> None:
        self._needs(Capability.AMEND_LINES)
        mugs, lamps, more = a_request_line("MUG", 3), a_request_line("LAMP", 1), a_request_line("MUG", 2)
        request = a_request(mugs, lamps)
        await backend.submit(request)

        fewer = await backend.amend(replace(request, lines=(replace(mugs, units=Units(1)),)))
        after_fewer = dict((await backend.stock([MUG, LAMP])).available)
        added = await backend.amend(replace(request, lines=(replace(mugs, units=Units(4)), more)))

        assert (fewer.done, added.done) == (True, True)
        assert after_fewer == {(MUG, MAIN): 9, (LAMP, MAIN): 5}
        assert dict((await backend.stock([MUG, LAMP])).available) == {(MUG, MAIN): 4, (LAMP, MAIN): 5}

    async def test_an_amended_order_ships_what_it_says_now(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.AMEND_LINES)
        mugs, lamps = a_request_line("MUG", 3), a_request_line("LAMP", 1)
        request = a_request(mugs)
        await backend.submit(request)
        await backend.amend(replace(request, lines=(replace(mugs, units=Units(1)), lamps)))

        await floor.ship(request.key, [Parcel({mugs.reference: 1, lamps.reference: 1})])

        order = (await backend.work_orders([request.key]))[request.key]
        assert (order.state, order.short) == (WorkState.SHIPPED, ())
        assert dict((await backend.stock([MUG, LAMP])).available) == {(MUG, MAIN): 9, (LAMP, MAIN): 4}

    async def test_the_same_amendment_again_changes_nothing(self, backend: Backend) -> None:
        self._needs(Capability.AMEND_LINES)
        mugs = a_request_line("MUG", 3)
        request = a_request(mugs)
        await backend.submit(request)
        amended = replace(request, lines=(replace(mugs, units=Units(5)),))
        first = await backend.amend(amended)
        before = await backend.stock([MUG])

        again = [await backend.amend(amended) for _ in range(3)]

        after = await backend.stock([MUG])
        assert again == [first] * 3
        assert (after.sequence, after.available) == (before.sequence, before.available)

    async def test_an_amendment_that_was_done_is_still_done_after_the_order_left(
        self, backend: Backend, floor: Floor
    ) -> None:
        self._needs(Capability.AMEND_PARTICULARS)
        request = a_request(a_request_line("MUG", 1))
        await backend.submit(request)
        amended = replace(request, note="Ring twice")
        await backend.amend(amended)
        await floor.ship(request.key, [Parcel({request.lines[0].reference: 1})])

        verdict = await backend.amend(amended)

        assert (verdict.done, verdict.work.state) == (True, WorkState.SHIPPED)

    async def test_an_order_that_left_is_not_amended_and_stays_as_it_was(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.AMEND_PARTICULARS)
        request = a_request(a_request_line("MUG", 1))
        await backend.submit(request)
        await floor.ship(request.key, [Parcel({request.lines[0].reference: 1})])
        before = (await backend.work_orders([request.key]))[request.key]

        verdict = await backend.amend(replace(request, note="Too late"))

        assert (verdict.done, verdict.work) == (False, before)

    async def test_an_amendment_with_an_unknown_item_is_refused_and_changes_nothing(self, backend: Backend) -> None:
        self._needs(Capability.AMEND_LINES)
        request = a_request(a_request_line("MUG", 3))
        await backend.submit(request)
        before = await backend.stock([MUG])

        with pytest.raises(Refused, match=r"GHOST.*\."):
            await backend.amend(replace(request, lines=(*request.lines, a_request_line("GHOST", 1))))

        after = await backend.stock([MUG])
        assert (after.sequence, after.available) == (before.sequence, before.available)

    async def test_a_stopped_order_is_cancelled_and_gives_its_units_back(self, backend: Backend) -> None:
        self._needs(Capability.STOP)
        request = a_request(a_request_line("MUG", 3), a_request_line("LAMP", 1))
        await backend.submit(request)

        verdict = await backend.stop(request.key)

        assert (verdict.done, verdict.work.state) == (True, WorkState.CANCELLED)
        assert dict((await backend.stock([MUG, LAMP])).available) == {(MUG, MAIN): 10, (LAMP, MAIN): 5}
        assert (await backend.work_orders([request.key]))[request.key] == verdict.work

    async def test_stopping_again_changes_nothing(self, backend: Backend) -> None:
        self._needs(Capability.STOP)
        request = a_request(a_request_line("MUG", 3))
        await backend.submit(request)
        first = await backend.stop(request.key)
        before = await backend.stock([MUG])

        again = [await backend.stop(request.key) for _ in range(3)]

        after = await backend.stock([MUG])
        assert again == [first] * 3
        assert (after.sequence, after.available) == (before.sequence, before.available)

    async def test_an_order_that_left_is_not_stopped(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.STOP)
        request = a_request(a_request_line("MUG", 1))
        await backend.submit(request)
        await floor.ship(request.key, [Parcel({request.lines[0].reference: 1})])
        before = (await backend.work_orders([request.key]))[request.key]

        verdict = await backend.stop(request.key)

        assert (verdict.done, verdict.work) == (False, before)
        assert (await backend.stock([MUG])).available[MUG, MAIN] == 9

    async def test_a_stopped_order_is_neither_amended_nor_made_anew(self, backend: Backend) -> None:
        self._needs(Capability.STOP)
        self._needs(Capability.AMEND_PARTICULARS)
        request = a_request(a_request_line("MUG", 1))
        await backend.submit(request)
        stopped = (await backend.stop(request.key)).work

        verdict = await backend.amend(request)

        assert (verdict.done, verdict.work) == (False, stopped)
        assert await backend.submit(request) == stopped
        assert (await backend.stock([MUG])).available[MUG, MAIN] == 10

    async def test_what_was_never_accepted_is_neither_amended_nor_stopped(self, backend: Backend) -> None:
        self._needs(Capability.STOP)
        self._needs(Capability.AMEND_PARTICULARS)
        request = a_request(key="nobody's")

        with pytest.raises(Refused, match=r"nobody's.*\."):
            await backend.stop(request.key)
        with pytest.raises(Refused, match=r"nobody's.*\."):
            await backend.amend(request)

        assert await backend.work_orders([request.key]) == {}

    async def test_amended_and_stopped_orders_are_among_the_changes(self, backend: Backend) -> None:
        self._needs(Capability.STOP)
        self._needs(Capability.AMEND_PARTICULARS)
        request = a_request(a_request_line("MUG", 1))
        await backend.submit(request)
        _, _, submitted = await self._follow(backend, None)

        await backend.amend(replace(request, note="Ring twice"))
        amended, _, end = await self._follow(backend, submitted)
        await backend.stop(request.key)
        stopped, items, _ = await self._follow(backend, end)

        assert (amended, stopped) == ({request.key}, {request.key})
        assert MUG in items

    # --- returns --------------------------------------------------------------------------------------------------

    async def test_an_announced_return_is_expected_and_moves_no_stock(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.RETURNS)
        order = await self._left(backend, floor, 3)
        request = a_return_request(a_return_line("MUG", 2), order=order)

        made = await backend.announce_return(request)

        assert (made.key, made.order, made.announced, made.done, made.arrivals) == (request.key, order, True, False, ())
        assert made.reference
        assert await self._returned(backend, order) == [made]
        assert (await backend.stock([MUG])).available[MUG, MAIN] == 7

    async def test_the_same_announcement_again_changes_nothing(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.RETURNS)
        order = await self._left(backend, floor, 3)
        request = a_return_request(a_return_line("MUG", 2), order=order)
        first = await backend.announce_return(request)
        await floor.receive_return(request.key, {MUG: 1}, Disposition.SCRAP)

        again = [await backend.announce_return(request) for _ in range(3)]

        assert {one.reference for one in again} == {first.reference}
        assert [self._units(one) for one in again] == [{Disposition.SCRAP: 1}] * 3
        assert len(await self._returned(backend, order)) == 1

    async def test_only_restocked_units_are_for_sale_again(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.RETURNS)
        order = await self._left(backend, floor, 4)
        request = a_return_request(a_return_line("MUG", 4), order=order)
        await backend.announce_return(request)

        for disposition in (Disposition.RESTOCK, Disposition.SCRAP, Disposition.REPAIR):
            await floor.receive_return(request.key, {MUG: 1}, disposition)
        await floor.close_return(request.key)

        (one,) = await self._returned(backend, order)
        assert self._units(one) == dict.fromkeys(Disposition, 1)
        assert {arrival.line for arrival in one.arrivals} == {request.lines[0].reference}
        assert one.done
        assert (await backend.stock([MUG])).available[MUG, MAIN] == 7

    async def test_units_that_wait_for_inspection_are_neither_done_nor_for_sale(
        self, backend: Backend, floor: Floor
    ) -> None:
        self._needs(Capability.RETURNS)
        order = await self._left(backend, floor, 2)
        request = a_return_request(a_return_line("MUG", 2), order=order)
        await backend.announce_return(request)

        await floor.receive_return(request.key, {MUG: 2}, None)
        (arrived,) = await self._returned(backend, order)
        before = (await backend.stock([MUG])).available[MUG, MAIN]
        await floor.inspect_return(request.key, {MUG: 1}, Disposition.RESTOCK)
        await floor.inspect_return(request.key, {MUG: 1}, Disposition.SCRAP)

        (inspected,) = await self._returned(backend, order)
        assert (self._units(arrived), arrived.done, before) == ({None: 2}, False, 8)
        assert self._units(inspected) == {Disposition.RESTOCK: 1, Disposition.SCRAP: 1}
        assert inspected.done
        assert (await backend.stock([MUG])).available[MUG, MAIN] == 9

    async def test_a_return_that_is_called_off_is_expected_no_longer(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.RETURNS)
        order = await self._left(backend, floor, 2)
        request = a_return_request(a_return_line("MUG", 2), order=order)
        await backend.announce_return(request)

        called_off = await backend.announce_return(replace(request, lines=()))

        assert (called_off.done, called_off.arrivals) == (True, ())

    async def test_goods_that_nobody_announced_are_found_by_their_order(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.RETURNS)
        request = a_request(a_request_line("MUG", 2))
        await backend.submit(request)
        await floor.ship(request.key, [Parcel({request.lines[0].reference: 2})])

        await floor.receive_return(request.key, {MUG: 1}, Disposition.RESTOCK)

        (one,) = await self._returned(backend, request.order)
        assert (one.announced, one.done, self._units(one)) == (False, True, {Disposition.RESTOCK: 1})
        assert [(arrival.line, arrival.item) for arrival in one.arrivals] == [(None, MUG)]
        assert (await backend.stock([MUG])).available[MUG, MAIN] == 9

    async def test_announcing_an_unknown_item_is_refused(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.RETURNS)
        order = await self._left(backend, floor, 1)

        with pytest.raises(Refused, match=r"GHOST.*\."):
            await backend.announce_return(a_return_request(a_return_line("GHOST", 1), order=order))

        assert await self._returned(backend, order) == []

    async def test_parcels_of_a_return_are_told_both_ways(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.RETURNS)
        order = await self._left(backend, floor, 1)
        theirs = ReturnTracking("DHL", "BACK-1", "https://carrier.example/BACK-1", None)
        request = replace(a_return_request(a_return_line("MUG", 1), order=order), parcels=(theirs,))
        await backend.announce_return(request)

        await floor.track_return(request.key, PackageId("own"), ReturnTracking(number="BACK-2"))
        await floor.track_return(request.key, PackageId("own"), ReturnTracking(number="BACK-3"))
        again = await backend.announce_return(request)

        (one,) = await self._returned(backend, order)
        assert one == again
        assert one.parcels == (ReturnParcel(PackageId("own"), ReturnTracking(number="BACK-3")),)

    async def test_orders_whose_returns_moved_are_among_the_changes(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.RETURNS)
        order = await self._left(backend, floor, 1)
        request = a_return_request(a_return_line("MUG", 1), order=order)
        _, _, end = await self._follow(backend, None)

        await backend.announce_return(request)
        announced = await backend.changes(end)
        await floor.receive_return(request.key, {MUG: 1}, Disposition.SCRAP)
        received = await backend.changes(announced.cursor)

        assert (announced.returns, received.returns) == ((order,), (order,))

    async def _left(self, backend: Backend, floor: Floor, units: int) -> OrderId:
        """Let an order for so many mugs leave, and return the shop's order."""
        request = a_request(a_request_line("MUG", units))
        await backend.submit(request)
        await floor.ship(request.key, [Parcel({request.lines[0].reference: units})])
        return request.order

    async def _returned(self, backend: Backend, order: OrderId) -> list[ReturnOrder]:
        return list((await backend.return_orders([order])).get(order, ()))

    def _units(self, one: ReturnOrder) -> dict[Disposition | None, int]:
        found: Counter[Disposition | None] = Counter()
        for arrival in one.arrivals:
            found[arrival.disposition] += arrival.units
        return dict(found)

    # --- changes --------------------------------------------------------------------------------------------------

    async def test_changes_from_the_beginning_name_all_there_is(self, backend: Backend) -> None:
        order = await backend.submit(a_request())

        orders, items, _ = await self._follow(backend, None)

        assert orders == {order.key}
        assert items == {MUG, LAMP}

    async def test_changes_since_the_end_are_none_until_something_happens(self, backend: Backend, floor: Floor) -> None:
        request = a_request(a_request_line("MUG", 1))
        await backend.submit(request)
        _, _, end = await self._follow(backend, None)

        nothing = await backend.changes(end)
        await floor.receive(LAMP, MAIN, 1)
        received = await backend.changes(nothing.cursor)
        await floor.ship(request.key, [Parcel({request.lines[0].reference: 1})])
        shipped, _, _ = await self._follow(backend, received.cursor)

        assert (nothing.orders, nothing.items, nothing.more) == ((), (), False)
        assert LAMP in received.items
        assert request.key in shipped

    async def test_an_old_cursor_still_names_what_came_after_it(self, backend: Backend) -> None:
        _, _, end = await self._follow(backend, None)
        order = await backend.submit(a_request())

        once = await self._follow(backend, end)
        twice = await self._follow(backend, end)

        assert once == twice
        assert order.key in once[0]

    async def test_250_orders_are_followed_and_read_in_one_call(self, backend: Backend, floor: Floor) -> None:
        items = [an_item(f"ITEM-{number}") for number in range(BATCH)]
        for item in items:
            await floor.add_item(item)
        requests = [a_request(a_request_line(item.code, 1)) for item in items]
        for request in requests:
            await backend.submit(request)

        orders, touched, _ = await self._follow(backend, None)

        keys = {request.key for request in requests}
        assert set(await backend.work_orders([*keys])) == keys
        assert set((await backend.stock([item.code for item in items])).available.values()) == {-1}
        assert len(await backend.find_items([Sku(item.code) for item in items], [])) == BATCH
        assert orders == keys
        assert touched >= {item.code for item in items}

    async def test_following_changes_misses_nothing_that_writers_add_meanwhile(self, backend: Backend) -> None:
        requests = [a_request(a_request_line("MUG", 1)) for _ in range(40)]
        found: set[RequestKey] = set()
        done = asyncio.Event()

        async def follow() -> None:
            cursor: str | None = None
            while True:
                last = done.is_set()  # read before asking: what was done by then must be in this very round
                orders, _, cursor = await self._follow(backend, cursor)
                found.update(orders)
                if last:
                    return
                await asyncio.sleep(0)

        async def write(some: Sequence[FulfillmentRequest]) -> None:
            for request in some:
                await backend.submit(request)

        follower = asyncio.create_task(follow())
        await asyncio.gather(*(write(requests[start::4]) for start in range(4)))
        done.set()
        await follower

        assert found == {request.key for request in requests}

    # --- people ---------------------------------------------------------------------------------------------------

    async def test_people_behind_shipped_orders_are_forgotten_and_nothing_else_is(
        self, backend: Backend, floor: Floor
    ) -> None:
        people = self._with_people(backend)
        request = a_request(a_request_line("MUG", 3))
        await backend.submit(request)
        await floor.ship(request.key, [Parcel({request.lines[0].reference: 3})])
        before = await backend.work_orders([request.key]), (await backend.stock([MUG])).available
        known = await people.personal_data([request.key])

        left = [await people.redact([request.key]) for _ in range(2)]

        again = await backend.submit(request)
        assert "Kai 1" in str(known)
        assert [list(one) for one in left] == [[], []]
        assert not await people.personal_data([request.key])
        assert (await backend.work_orders([request.key]), (await backend.stock([MUG])).available) == before
        assert again == before[0][request.key]

    async def test_the_people_behind_an_order_that_may_still_leave_are_not_forgotten_yet(
        self, backend: Backend
    ) -> None:
        people = self._with_people(backend)
        request = a_request(a_request_line("MUG", 3))
        await backend.submit(request)

        left = await people.redact([request.key, RequestKey("unknown")])

        assert list(left) == [request.key]
        assert "Kai 1" in str(await people.personal_data([request.key]))

    def _with_people(self, backend: Backend) -> PersonalData:
        self._needs(Capability.REDACT)
        assert isinstance(backend, PersonalData)
        return backend

    async def _shipped(self, backend: Backend, floor: Floor, units: int) -> tuple[RequestKey, Package]:
        """Let an order for so many mugs leave in one package."""
        request = a_request(a_request_line("MUG", units))
        await backend.submit(request)
        await floor.ship(request.key, [Parcel({request.lines[0].reference: units}, tracking_number="T-1")])
        (package,) = (await backend.work_orders([request.key]))[request.key].packages
        return request.key, package

    async def _follow(self, backend: Backend, cursor: str | None) -> tuple[set[RequestKey], set[ItemCode], str]:
        """Read pages until there are no more; return the orders, the items, and the last cursor."""
        orders: set[RequestKey] = set()
        items: set[ItemCode] = set()
        while True:
            page: Changes = await backend.changes(cursor)
            orders.update(page.orders)
            items.update(page.items)
            cursor = page.cursor
            if not page.more:
                return orders, items, cursor
