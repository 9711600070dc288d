# ruff: noqa: D102 (a test's name is its sentence)
"""Orders with which nobody goes on for the time being."""

from crossdock.model.capability import Capability
from crossdock.model.request import WorkState
from crossdock.ports.backend import Backend
from crossdock.testing.backend_conformance.chapter import Chapter, changes_since
from crossdock.testing.builders import a_request, a_request_line
from crossdock.testing.floor import Floor


class Holds(Chapter):
    """A hold says why, and keeps nothing from being stopped."""

    async def test_an_order_on_hold_says_why_and_goes_on_once_it_is_resumed(
        self, backend: Backend, floor: Floor
    ) -> None:
        self._needs(Capability.HOLDS)
        request = a_request(a_request_line("MUG", 1))
        before = await backend.submit(request)
        _, _, end = await changes_since(backend, None)

        await floor.hold(request.key, "The address is a hotel.")
        held = (await backend.work_orders([request.key]))[request.key]
        heard, _, end = await changes_since(backend, end)
        await floor.resume(request.key)
        after = (await backend.work_orders([request.key]))[request.key]

        assert (before.on_hold, held.on_hold, after.on_hold) == (None, "The address is a hotel.", None)
        assert (held.state, request.key in heard) == (before.state, True)
        assert request.key in (await changes_since(backend, end))[0]

    async def test_an_order_on_hold_is_stopped_like_any_other(self, backend: Backend, floor: Floor) -> None:
        self._needs(Capability.HOLDS)
        self._needs(Capability.STOP)
        request = a_request(a_request_line("MUG", 1))
        await backend.submit(request)
        await floor.hold(request.key, "The address is a hotel.")

        verdict = await backend.stop(request.key)

        assert (verdict.done, verdict.work.state, verdict.work.on_hold) == (True, WorkState.CANCELLED, None)
