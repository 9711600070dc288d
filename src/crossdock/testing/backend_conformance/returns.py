# ruff: noqa: D102 (a test's name is its sentence)
"""Returns: what is expected, what arrived, and what became of it."""

from collections import Counter
from dataclasses import replace

import pytest

from crossdock.kit.errors import Refused
from crossdock.model.capability import Capability
from crossdock.model.names import OrderId, PackageId
from crossdock.model.returning import Disposition, ReturnOrder, ReturnParcel, ReturnTracking
from crossdock.ports.backend import Backend
from crossdock.testing.backend_conformance.chapter import MUG, Chapter, changes_since
from crossdock.testing.builders import MAIN, a_request, a_request_line, a_return_line, a_return_request
from crossdock.testing.floor import Floor, Parcel


class Returns(Chapter):
    """Goods that come back are told by their order, announced or not."""

    async def test_an_announced_return_is_expected_and_moves_no_stock(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.RETURNS)
        order = await _left(backend, floor, 3)
        request = a_return_request(a_return_line("MUG", 2), order=order)

        made = await backend.announce_return(request)

        assert (made.key, made.order, made.announced, made.done, made.arrivals) == (request.key, order, True, False, ())
        assert made.reference
        assert await _returned(backend, order) == [made]
        assert (await backend.stock([MUG])).available[MUG, MAIN] == 7

    async def test_the_same_announcement_again_changes_nothing(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.RETURNS)
        order = await _left(backend, floor, 3)
        request = a_return_request(a_return_line("MUG", 2), order=order)
        first = await backend.announce_return(request)
        await floor.receive_return(request.key, {MUG: 1}, Disposition.SCRAP)

        again = [await backend.announce_return(request) for _ in range(3)]

        assert {one.reference for one in again} == {first.reference}
        assert [_units(one) for one in again] == [{Disposition.SCRAP: 1}] * 3
        assert len(await _returned(backend, order)) == 1

    async def test_only_restocked_units_are_for_sale_again(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.RETURNS)
        order = await _left(backend, floor, 4)
        request = a_return_request(a_return_line("MUG", 4), order=order)
        await backend.announce_return(request)

        for disposition in (Disposition.RESTOCK, Disposition.SCRAP, Disposition.REPAIR):
            await floor.receive_return(request.key, {MUG: 1}, disposition)
        await floor.close_return(request.key)

        (one,) = await _returned(backend, order)
        assert _units(one) == dict.fromkeys(Disposition, 1)
        assert {arrival.line for arrival in one.arrivals} == {request.lines[0].reference}
        assert one.done
        assert (await backend.stock([MUG])).available[MUG, MAIN] == 7

    async def test_units_that_wait_for_inspection_are_neither_done_nor_for_sale(
        self, backend: Backend, floor: Floor
    ) -> None:
        self._needs(Capability.RETURNS)
        order = await _left(backend, floor, 2)
        request = a_return_request(a_return_line("MUG", 2), order=order)
        await backend.announce_return(request)

        await floor.receive_return(request.key, {MUG: 2}, None)
        (arrived,) = await _returned(backend, order)
        before = (await backend.stock([MUG])).available[MUG, MAIN]
        await floor.inspect_return(request.key, {MUG: 1}, Disposition.RESTOCK)
        await floor.inspect_return(request.key, {MUG: 1}, Disposition.SCRAP)

        (inspected,) = await _returned(backend, order)
        assert (_units(arrived), arrived.done, before) == ({None: 2}, False, 8)
        assert _units(inspected) == {Disposition.RESTOCK: 1, Disposition.SCRAP: 1}
        assert inspected.done
        assert (await backend.stock([MUG])).available[MUG, MAIN] == 9

    async def test_a_return_that_is_called_off_is_expected_no_longer(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.RETURNS)
        order = await _left(backend, floor, 2)
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

        (one,) = await _returned(backend, request.order)
        assert (one.announced, one.done, _units(one)) == (False, True, {Disposition.RESTOCK: 1})
        assert [(arrival.line, arrival.item) for arrival in one.arrivals] == [(None, MUG)]
        assert (await backend.stock([MUG])).available[MUG, MAIN] == 9

    async def test_announcing_an_unknown_item_is_refused(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.RETURNS)
        order = await _left(backend, floor, 1)

        with pytest.raises(Refused, match=r"GHOST.*\."):
            await backend.announce_return(a_return_request(a_return_line("GHOST", 1), order=order))

        assert await _returned(backend, order) == []

    async def test_parcels_of_a_return_are_told_both_ways(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.RETURNS)
        order = await _left(backend, floor, 1)
        theirs = ReturnTracking("DHL", "BACK-1", "https://carrier.example/BACK-1", None)
        request = replace(a_return_request(a_return_line("MUG", 1), order=order), parcels=(theirs,))
        await backend.announce_return(request)

        await floor.track_return(request.key, PackageId("own"), ReturnTracking(number="BACK-2"))
        await floor.track_return(request.key, PackageId("own"), ReturnTracking(number="BACK-3"))
        again = await backend.announce_return(request)

        (one,) = await _returned(backend, order)
        assert one == again
        assert one.parcels == (ReturnParcel(PackageId("own"), ReturnTracking(number="BACK-3")),)

    async def test_orders_whose_returns_moved_are_among_the_changes(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.RETURNS)
        order = await _left(backend, floor, 1)
        request = a_return_request(a_return_line("MUG", 1), order=order)
        _, _, end = await changes_since(backend, None)

        await backend.announce_return(request)
        announced = await backend.changes(end)
        await floor.receive_return(request.key, {MUG: 1}, Disposition.SCRAP)
        received = await backend.changes(announced.cursor)

        assert (announced.returns, received.returns) == ((order,), (order,))


async def _left(backend: Backend, floor: Floor, units: int) -> OrderId:
    """Let an order for so many mugs leave, and return the shop's order."""
    request = a_request(a_request_line("MUG", units))
    await backend.submit(request)
    await floor.ship(request.key, [Parcel({request.lines[0].reference: units})])
    return request.order


async def _returned(backend: Backend, order: OrderId) -> list[ReturnOrder]:
    return list((await backend.return_orders([order])).get(order, ()))


def _units(one: ReturnOrder) -> dict[Disposition | None, int]:
    found: Counter[Disposition | None] = Counter()
    for arrival in one.arrivals:
        found[arrival.disposition] += arrival.units
    return dict(found)
