# ruff: noqa: D102 (a test's name is its sentence)
"""Submitting requests: one order per key, however often it is asked for."""

import asyncio

import pytest

from crossdock.kit.errors import Refused
from crossdock.model.request import WorkState
from crossdock.ports.backend import Backend
from crossdock.testing.backend_conformance.chapter import LAMP, MUG, Chapter
from crossdock.testing.builders import MAIN, a_request, a_request_line, an_item
from crossdock.testing.floor import Floor


class Submitting(Chapter):
    """A key makes one order, and a request that cannot be one makes none."""

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
