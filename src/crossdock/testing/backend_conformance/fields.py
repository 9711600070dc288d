# ruff: noqa: D102 (a test's name is its sentence)
"""The backend's own fields, which a shop's mappings fill."""

from dataclasses import replace

import pytest

from crossdock.model.capability import Capability
from crossdock.model.request import FulfillmentRequest
from crossdock.ports.backend import Backend
from crossdock.testing.backend_conformance.chapter import MUG, Chapter
from crossdock.testing.builders import a_request, a_request_line, a_value_for
from crossdock.testing.floor import Floor


class Fields(Chapter):
    """What a request says in them is booked as it was said."""

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
