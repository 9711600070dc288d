# ruff: noqa: D102 (a test's name is its sentence)
"""Work orders and packages, up to when they leave."""

from crossdock.model.capability import Capability
from crossdock.model.names import RequestKey
from crossdock.model.request import WorkState
from crossdock.ports.backend import Backend
from crossdock.testing.backend_conformance.chapter import LAMP, MUG, Chapter
from crossdock.testing.builders import MAIN, a_request, a_request_line
from crossdock.testing.floor import Floor, Parcel


class Shipping(Chapter):
    """What left is told by our line references, whoever packed it."""

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
