# ruff: noqa: D102 (a test's name is its sentence)
"""Packages that have left: tracking that comes late, what their carriers say, and what is taken back."""

from dataclasses import replace

from crossdock.model.capability import Capability
from crossdock.model.names import RequestKey
from crossdock.model.request import DeliveryStatus, Package, WorkState
from crossdock.ports.backend import Backend
from crossdock.testing.backend_conformance.chapter import LAMP, MUG, Chapter, changes_since
from crossdock.testing.builders import MAIN, a_request, a_request_line
from crossdock.testing.floor import Floor, Parcel


class PackagesOnTheirWay(Chapter):
    """What becomes of a package is told of that package."""

    async def test_tracking_that_comes_late_is_the_packages_and_its_order_has_changed(
        self, backend: Backend, floor: Floor
    ) -> None:
        self._needs(Capability.LATE_TRACKING)
        key, package = await _shipped(backend, floor, 1)
        _, _, end = await changes_since(backend, None)

        await floor.track(key, package.id, "UPS", "T-2")

        (now,) = (await backend.work_orders([key]))[key].packages
        assert (now.id, now.contents, now.shipped_at) == (package.id, package.contents, package.shipped_at)
        assert (now.carrier, now.tracking_number) == ("UPS", "T-2")
        assert key in (await changes_since(backend, end))[0]

    async def test_a_package_that_was_taken_back_stays_listed_and_its_units_are_to_ship_again(
        self, backend: Backend, floor: Floor
    ) -> None:
        self._needs(Capability.CANCELLED_PACKAGES)
        key, package = await _shipped(backend, floor, 3)
        before = await backend.stock([MUG])
        _, _, end = await changes_since(backend, None)

        await floor.take_back(key, package.id)

        order, after = (await backend.work_orders([key]))[key], await backend.stock([MUG])
        assert [(one.id, one.cancelled, one.contents) for one in order.packages] == [
            (package.id, True, package.contents)
        ]
        assert order.state.may_still_ship
        assert after.available == before.available  # on the shelf again, and reserved again
        assert after.sequence > before.sequence
        assert key in (await changes_since(backend, end))[0]

    async def test_what_was_taken_back_leaves_again_in_another_package(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.CANCELLED_PACKAGES)
        key, package = await _shipped(backend, floor, 3)
        await floor.take_back(key, package.id)

        await floor.ship(key, [Parcel(dict(package.contents), tracking_number="T-2")])

        order = (await backend.work_orders([key]))[key]
        assert order.state is WorkState.SHIPPED
        assert [(one.cancelled, one.tracking_number) for one in order.packages] == [(True, "T-1"), (False, "T-2")]
        assert len({one.id for one in order.packages}) == 2

    async def test_an_order_whose_goods_all_came_back_can_be_stopped(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.CANCELLED_PACKAGES)
        self._needs(Capability.STOP)
        key, package = await _shipped(backend, floor, 3)
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
        key, package = await _shipped(backend, floor, 1)
        _, _, end = await changes_since(backend, None)

        await floor.report(key, package.id, DeliveryStatus.IN_TRANSIT)
        (first,) = (await backend.work_orders([key]))[key].packages
        await floor.report(key, package.id, DeliveryStatus.DELIVERED)

        (second,) = (await backend.work_orders([key]))[key].packages
        assert [event.status for event in second.events] == [DeliveryStatus.IN_TRANSIT, DeliveryStatus.DELIVERED]
        assert second.events[:1] == first.events
        assert key in (await changes_since(backend, end))[0]


async def _shipped(backend: Backend, floor: Floor, units: int) -> tuple[RequestKey, Package]:
    """Let an order for so many mugs leave in one package."""
    request = a_request(a_request_line("MUG", units))
    await backend.submit(request)
    await floor.ship(request.key, [Parcel({request.lines[0].reference: units}, tracking_number="T-1")])
    (package,) = (await backend.work_orders([request.key]))[request.key].packages
    return request.key, package
