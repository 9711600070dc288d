# ruff: noqa: D102 (a test's name is its sentence)
"""What an order costs, and what is to be collected for it."""

from dataclasses import replace

from crossdock.model.capability import Capability
from crossdock.model.names import Units
from crossdock.model.request import FulfillmentRequest
from crossdock.ports.backend import Backend
from crossdock.testing.backend_conformance.chapter import LAMP, MUG, Chapter
from crossdock.testing.builders import a_priced_request, a_request_line
from crossdock.testing.floor import Booked, Floor


class Prices(Chapter):
    """The books have what the customer pays, to the cent."""

    async def test_what_an_order_costs_and_what_to_collect_is_kept_to_the_cent(
        self, backend: Backend, floor: Floor
    ) -> None:
        self._needs(Capability.MONEY)
        request = a_priced_request(a_request_line("MUG", 3), a_request_line("LAMP", 1))

        await backend.submit(request)

        assert request.money is not None
        assert await floor.booked(request.key) == Booked(request.money.total, request.to_collect)

    async def test_what_an_amended_order_costs_takes_the_place_of_what_it_did(
        self, backend: Backend, floor: Floor
    ) -> None:
        self._needs(Capability.MONEY)
        self._needs(Capability.AMEND_LINES)
        before = a_priced_request(a_request_line("MUG", 3))
        after = replace(a_priced_request(replace(before.lines[0], units=Units(2))), key=before.key)
        await backend.submit(before)

        assert (await backend.amend(after)).done

        assert after.money is not None
        assert await floor.booked(before.key) == Booked(after.money.total, after.to_collect)

    async def test_other_prices_of_the_same_goods_take_the_place_of_what_they_were(
        self, backend: Backend, floor: Floor
    ) -> None:
        self._needs(Capability.MONEY)
        self._needs(Capability.AMEND_PARTICULARS)
        request = a_priced_request(a_request_line("MUG", 3), a_request_line("LAMP", 1))
        first = await backend.submit(request)
        before = await backend.stock([MUG, LAMP])
        cheaper = _with_a_unit_less_to_pay(request)

        verdict = await backend.amend(cheaper)

        assert (verdict.done, verdict.work) == (True, first)
        assert cheaper.money is not None
        assert await floor.booked(request.key) == Booked(cheaper.money.total, request.to_collect)
        assert (await backend.stock([MUG, LAMP])).available == before.available


def _with_a_unit_less_to_pay(request: FulfillmentRequest) -> FulfillmentRequest:
    """Return the same goods with one unit's price off the first line, and without the charge for shipping."""
    assert request.money is not None
    mugs, *others = request.money.lines
    off = replace(mugs, worth=replace(mugs.worth, discount=mugs.worth.unit_price))
    money = replace(request.money, lines=(off, *others), charges=())
    return replace(request, money=replace(money, order_total=money.total))
