# ruff: noqa: D102 (a test's name is its sentence)
"""People behind orders, who want to be forgotten."""

from crossdock.model.capability import Capability
from crossdock.model.names import RequestKey
from crossdock.ports.backend import Backend, PersonalData
from crossdock.testing.backend_conformance.chapter import MUG, Chapter
from crossdock.testing.builders import a_request, a_request_line
from crossdock.testing.floor import Floor, Parcel


class People(Chapter):
    """Names and addresses go, and what was shipped stays."""

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
