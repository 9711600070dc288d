# ruff: noqa: D102 (a test's name is its sentence)
"""Cancelling an order that was accepted."""

from dataclasses import replace

import pytest

from crossdock.kit.errors import Refused
from crossdock.model.capability import Capability
from crossdock.model.request import WorkState
from crossdock.ports.backend import Backend
from crossdock.testing.backend_conformance.chapter import LAMP, MUG, Chapter, changes_since
from crossdock.testing.builders import MAIN, a_request, a_request_line
from crossdock.testing.floor import Floor, Parcel


class Stopping(Chapter):
    """What is stopped gives its units back, and what has left is not stopped."""

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
        _, _, submitted = await changes_since(backend, None)

        await backend.amend(replace(request, note="Ring twice"))
        amended, _, end = await changes_since(backend, submitted)
        await backend.stop(request.key)
        stopped, items, _ = await changes_since(backend, end)

        assert (amended, stopped) == ({request.key}, {request.key})
        assert MUG in items
