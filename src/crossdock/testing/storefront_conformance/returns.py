# ruff: noqa: D102 (a test's name is its sentence)
"""Returns: creating, processing and closing them, and the parcels on their way back."""

import pytest

from crossdock.kit.errors import HubError, TryAgain
from crossdock.model.catalog import Variant
from crossdock.model.names import Units
from crossdock.model.order import Order
from crossdock.model.returning import Disposal, Refund, Return, ReturnTracking
from crossdock.ports.storefront import Storefront
from crossdock.testing.storefront_conformance.chapter import Chapter, a_draft, level_of
from crossdock.testing.storefront_conformance.counter import Counter


class Returns(Chapter):
    """Units are returned, disposed of and refunded once."""

    async def test_a_created_return_is_open_and_carries_its_note(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        order = await _sent(storefront, counter, 3)
        (row,) = await storefront.returnable(order.id)

        id_ = await storefront.create_return(order.id, [(row.fulfillment_line, Units(2))], "RMA-000001")

        (made,) = (await storefront.returns([order.id]))[order.id]
        (line,), (way,) = made.lines, made.reverse_lines
        assert (made.id, made.order, made.status, made.exchanges) == (id_, order.id, "OPEN", ())
        assert (line.units, line.processed, line.note, line.line_item) == (2, 0, "RMA-000001", order.lines[0].id)
        assert (line.variant, line.sku) == (order.lines[0].variant, "CUP")
        assert (way.fulfillment_line, way.total, way.disposed) == (line.fulfillment_line, 2, ())
        assert [one.units for one in await storefront.returnable(order.id)] == [1]
        assert (await storefront.orders([order.id]))[order.id].return_status == "IN_PROGRESS"

    async def test_more_than_was_fulfilled_cannot_be_returned(self, storefront: Storefront, counter: Counter) -> None:
        order = await _sent(storefront, counter, 1)
        (row,) = await storefront.returnable(order.id)

        with pytest.raises(HubError):
            await storefront.create_return(order.id, [(row.fulfillment_line, Units(2))], "RMA-000001")

        assert await storefront.returns([order.id]) == {}

    async def test_only_restocked_units_become_available(self, storefront: Storefront, counter: Counter) -> None:
        mug = await counter.offer("MUG", 10)
        made = await _returned(storefront, await _sent(storefront, counter, 3, mug))
        (way,) = made.reverse_lines
        before = await level_of(storefront, mug)

        await storefront.dispose([Disposal(way.id, "RESTOCKED", Units(1), await counter.location())])
        await storefront.dispose([Disposal(way.id, "NOT_RESTOCKED", Units(1), None)])
        with pytest.raises(HubError):
            await storefront.dispose([Disposal(way.id, "MISSING", Units(2), None)])

        (after,) = (await storefront.returns([made.order]))[made.order]
        (told,) = (line.disposed for line in after.reverse_lines)
        assert (await level_of(storefront, mug)).available == before.available + 1
        assert [(one.type, one.units) for one in told] == [("RESTOCKED", 1), ("NOT_RESTOCKED", 1)]

    async def test_units_are_processed_and_refunded_once(self, storefront: Storefront, counter: Counter) -> None:
        made = await _returned(storefront, await _sent(storefront, counter, 3))
        lines = [(made.lines[0].id, Units(2))]
        refund = await storefront.suggested_outcome(made.id, lines, shipping=False)

        assert isinstance(refund, Refund)
        await storefront.process_return(made.id, lines, refund, shipping=False)
        with pytest.raises(HubError):
            await storefront.process_return(made.id, lines, refund, shipping=False)

        (after,) = (await storefront.returns([made.order]))[made.order]
        assert [refund.amount.amount, *(part.amount for _, part in refund.payments)] == [20, 20]
        assert (after.status, after.lines[0].processed) == ("OPEN", 2)

    async def test_a_parcel_on_its_way_back_is_told_and_told_anew(
        self, storefront: Storefront, counter: Counter
    ) -> None:
        made = await _returned(storefront, await _sent(storefront, counter, 2))
        place = "https://carrier.example/follow/BACK-2"

        await storefront.create_reverse_delivery(made.reverse_lines[0].order, ReturnTracking(number="BACK-1"))
        (first,) = (await storefront.returns([made.order]))[made.order][0].deliveries
        for _ in range(2):
            await storefront.track_reverse_delivery(first.id, ReturnTracking(number="BACK-2", url=place))

        (after,) = (await storefront.returns([made.order]))[made.order][0].deliveries
        assert (first.order, first.tracking.number) == (made.reverse_lines[0].order, "BACK-1")
        assert (after.id, after.tracking.number, after.tracking.url) == (first.id, "BACK-2", place)

    async def test_closing_a_return_again_changes_nothing(self, storefront: Storefront, counter: Counter) -> None:
        made = await _returned(storefront, await _sent(storefront, counter, 1))

        for _ in range(2):
            await storefront.close_return(made.id)

        (after,) = (await storefront.returns([made.order]))[made.order]
        assert after.status == "CLOSED"

    async def test_only_what_was_requested_is_approved(self, storefront: Storefront, counter: Counter) -> None:
        made = await _returned(storefront, await _sent(storefront, counter, 1))

        with pytest.raises(TryAgain):
            await storefront.approve_return(made.id)


async def _sent(storefront: Storefront, counter: Counter, units: int, variant: Variant | None = None) -> Order:
    """An order of which everything was fulfilled."""
    id_ = await counter.buy(variant or await counter.offer("CUP", 10), units)
    order = (await storefront.orders([id_]))[id_]
    await storefront.create_fulfillment(a_draft(order, units, "T-1"))
    return order


async def _returned(storefront: Storefront, order: Order) -> Return:
    """A return of everything that was fulfilled."""
    rows = await storefront.returnable(order.id)
    await storefront.create_return(order.id, [(row.fulfillment_line, row.units) for row in rows], "RMA-000001")
    (made,) = (await storefront.returns([order.id]))[order.id]
    return made
