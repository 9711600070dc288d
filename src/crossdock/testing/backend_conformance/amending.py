# ruff: noqa: D102 (a test's name is its sentence)
"""Changing an order that was accepted."""

from dataclasses import replace

import pytest

from crossdock.kit.errors import Refused
from crossdock.model.capability import Capability
from crossdock.model.names import Units
from crossdock.model.request import WorkState
from crossdock.ports.backend import Backend
from crossdock.testing.backend_conformance.chapter import LAMP, MUG, Chapter
from crossdock.testing.builders import MAIN, a_request, a_request_line, an_address
from crossdock.testing.floor import Floor, Parcel


class Amending(Chapter):
    """An amendment is done as a whole or not at all."""

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
