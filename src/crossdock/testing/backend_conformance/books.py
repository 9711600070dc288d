# ruff: noqa: D102 (a test's name is its sentence)
"""Money that went back: refunds that are told to the books, and refunds that the books ask for."""

from dataclasses import replace
from decimal import Decimal

import pytest

from crossdock.kit.errors import Refused
from crossdock.model.capability import Capability
from crossdock.model.credit import RefundAnswer
from crossdock.model.names import OrderId, RefundId, RefundKey, RequestKey
from crossdock.ports.backend import Backend, Credits, RefundRequests
from crossdock.testing.backend_conformance.chapter import Chapter
from crossdock.testing.builders import a_request, a_request_line
from crossdock.testing.credit_builders import a_credit
from crossdock.testing.floor import Floor
from crossdock.testing.money_builders import a_request_money, an_amount

MADE = RefundAnswer(made=True, refund=RefundId("gid://shopify/Refund/1"), said="12.50 EUR went back.")
DECLINED = RefundAnswer(made=False, refund=None, said="A person has declined it.")


class Books(Chapter):
    """A backend whose manifest says neither `CREDITS` nor `REFUND_REQUESTS` passes by skipping these."""

    async def test_a_refund_is_booked_as_it_was_told(self, backend: Backend, floor: Floor) -> None:
        document = a_credit(
            "12.50", currency="JPY", shipping=an_amount("4.90", 790), adjustment=an_amount("-2.40", -390)
        )

        reference = await self._books(backend).credit(document)

        assert reference
        assert await floor.credited(document.key) == document

    async def test_the_same_refund_again_is_the_same_document(self, backend: Backend, floor: Floor) -> None:
        books, document = self._books(backend), a_credit()
        first = await books.credit(document)

        again = [await books.credit(one) for one in (document, replace(document, name="#1-C9"))]

        assert again == [first, first]
        assert await floor.credited(document.key) == document

    async def test_each_refund_of_an_order_is_a_document_of_its_own(self, backend: Backend, floor: Floor) -> None:
        books, first = self._books(backend), a_credit("1.00")
        second = replace(a_credit("2.00"), order=first.order)

        references = {await books.credit(first), await books.credit(second)}

        assert len(references) == 2
        assert [await floor.credited(one.key) for one in (first, second)] == [first, second]

    async def test_a_refund_that_is_asked_for_is_among_the_changes(self, backend: Backend, floor: Floor) -> None:
        desk = self._desk(backend)
        order = await _accepted_order(backend)
        end = (await backend.changes(None)).cursor

        key = await floor.ask_refund(order[0], Decimal("12.50"), "Dented")

        changes = await backend.changes(end)
        (asked,) = (await desk.refund_requests([order[1]]))[order[1]]
        assert (changes.refunds, changes.orders) == ((order[1],), ())
        assert (asked.key, asked.order, asked.reason, asked.answered) == (key, order[1], "Dented", False)
        assert (asked.amount.amount, asked.amount.currency) == (Decimal("12.50"), "EUR")

    async def test_the_first_answer_to_a_refund_that_was_asked_for_stays(self, backend: Backend, floor: Floor) -> None:
        desk = self._desk(backend)
        order = await _accepted_order(backend)
        key = await floor.ask_refund(order[0], Decimal(1), "")

        for answer in (MADE, MADE, DECLINED):
            await desk.answer_refund_request(key, answer)

        (asked,) = (await desk.refund_requests([order[1]]))[order[1]]
        assert (asked.key, asked.answered) == (key, True)

    async def test_each_refund_that_is_asked_for_has_a_name_of_its_own(self, backend: Backend, floor: Floor) -> None:
        desk = self._desk(backend)
        order = await _accepted_order(backend)
        keys = [await floor.ask_refund(order[0], Decimal(1), "") for _ in range(2)]

        await desk.answer_refund_request(keys[0], DECLINED)

        found = (await desk.refund_requests([order[1]]))[order[1]]
        assert [(one.key, one.answered) for one in found] == [(keys[0], True), (keys[1], False)]

    async def test_an_answer_to_what_nobody_asked_is_refused(self, backend: Backend) -> None:
        with pytest.raises(Refused, match=r"NOBODY-1.*\."):
            await self._desk(backend).answer_refund_request(RefundKey("NOBODY-1"), DECLINED)

    async def test_orders_for_which_no_refund_is_asked_are_left_out(self, backend: Backend) -> None:
        order = await _accepted_order(backend)

        assert await self._desk(backend).refund_requests([order[1]]) == {}

    def _books(self, backend: Backend) -> Credits:
        self._needs(Capability.CREDITS)
        assert isinstance(backend, Credits)
        return backend

    def _desk(self, backend: Backend) -> RefundRequests:
        self._needs(Capability.REFUND_REQUESTS)
        assert isinstance(backend, RefundRequests)
        return backend


async def _accepted_order(backend: Backend) -> tuple[RequestKey, OrderId]:
    line = a_request_line("MUG", 1)
    request = replace(a_request(line), money=a_request_money(line))
    await backend.submit(request)
    return request.key, request.order
